"""What giving out a file of responses would disclose: how many can be told apart, by what, and what would help."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd

from clustergov.instruments.questionnaire import Questionnaire, Variable
from clustergov.problems import InputError, Problem
from clustergov.survey.frame.frame import SamplingFrame
from clustergov.survey.privacy.anonymity import (
    Anonymity,
    Contribution,
    Diversity,
    Population,
    against,
    anonymity,
    codes,
    contributions,
    diversity,
)
from clustergov.survey.privacy.coarsening import Suggestion, ladder, suggest
from clustergov.survey.privacy.small_cells import SmallCells, small_cells, tables
from clustergov.survey.responses import Responses


@dataclass(frozen=True, slots=True)
class DisclosureReport:
    """What was found.

    Attributes
    ----------
    k : int
        The smallest class or cell that is wanted.
    synthetic : bool
        Of made-up respondents every count may be shown.
    quasi_identifiers : tuple of str
    anonymity : Anonymity
    contributions : tuple of Contribution
    suggestions : tuple of Suggestion
        None where everybody is hidden already.
    diversity : tuple of Diversity
    population : Population or None
    tables : int
        One-way and two-way tables that were looked at.
    small_cells : tuple of SmallCells
    """

    k: int
    synthetic: bool
    quasi_identifiers: tuple[str, ...]
    anonymity: Anonymity
    contributions: tuple[Contribution, ...]
    suggestions: tuple[Suggestion, ...]
    diversity: tuple[Diversity, ...]
    population: Population | None
    tables: int
    small_cells: tuple[SmallCells, ...]

    @property
    def holds(self) -> bool:
        """Whether the file is k-anonymous."""
        return self.anonymity.smallest >= self.k

    def shown(self, respondents: int) -> str:
        """A number of respondents as it may be shown: of real ones no count from 1 to k − 1."""
        hidden = not self.synthetic and 0 < respondents < self.k
        return f"1–{self.k - 1}" if hidden else str(respondents)

    def plain(self) -> dict[str, Any]:
        """Everything as plain data, with counts as they may be shown."""

        def safe(values: Mapping[str, Any], *counts: str) -> dict[str, Any]:
            return {name: self._safe(value) if name in counts else value for name, value in values.items()}

        population = self.population
        return {
            "k": self.k,
            "synthetic": self.synthetic,
            "quasi-identifiers": list(self.quasi_identifiers),
            "k-anonymous": self.holds,
            "anonymity": safe(asdict(self.anonymity), "n", "under", "unique"),
            "contributions": [safe(asdict(each), "unique_without", "under_without") for each in self.contributions],
            "suggestions": [asdict(each) for each in self.suggestions],
            "diversity": [safe(asdict(each), "known") for each in self.diversity],
            "population": None if population is None else safe(asdict(population), "unique", "under", "absent"),
            "tables": self.tables,
            "small cells": [safe(asdict(each), "respondents") for each in self.small_cells],
        }

    def _safe(self, count: int) -> int | str:
        told = self.shown(count)
        return int(told) if told.isdigit() else told


def disclosure_report(
    responses: Responses,
    quasi_identifiers: Sequence[str],
    *,
    k: int = 5,
    sensitive: Sequence[str] = (),
    frame: SamplingFrame | None = None,
    columns: Mapping[str, str] | None = None,
) -> DisclosureReport:
    """Look at responses as somebody would who knows the quasi-identifiers of everybody.

    Parameters
    ----------
    quasi_identifiers : sequence of str
        Variables that others may know of a respondent; the code of a question stands for all its variables.
    sensitive : sequence of str
        Variables that nobody should learn of somebody.
    frame : SamplingFrame, optional
        Everybody who could have answered.
    columns : mapping of str to str
        Quasi-identifier → column of the frame, where it is called otherwise there.

    Raises
    ------
    InputError
        There are no such variables or columns, or a variable is named as both.
    """
    chosen = _variables(responses.questionnaire, quasi_identifiers, "quasi-identifiers")
    kept = _variables(responses.questionnaire, sensitive, "sensitive") if sensitive else []
    _refuse_both(chosen, kept)
    answers = _answers(responses)
    names = [variable.name for variable in chosen]
    own = [codes(answers[name]) for name in names]
    found = anonymity(own, responses.n, k)
    ladders = [ladder(_column(responses, variable, answers), variable, k) for variable in chosen]
    spread = [v.name for v in responses.questionnaire.variables if v.kind in ("choice", "tick") or v.name in names]
    return DisclosureReport(
        k=k,
        synthetic=responses.synthetic,
        quasi_identifiers=tuple(names),
        anonymity=found,
        contributions=contributions(own, names, k),
        suggestions=suggest(ladders, k) if found.smallest < k else (),
        diversity=tuple(diversity(own, answers[variable.name]) for variable in kept),
        population=None if frame is None else _population(answers, names, frame, columns or {}, k),
        tables=tables(len(spread)),
        small_cells=small_cells(answers[spread], k),
    )


def _variables(questionnaire: Questionnaire, names: Collection[str], place: str) -> list[Variable]:
    known = questionnaire.by_name
    found = {name: (known[name],) if name in known else questionnaire.of(name) for name in names}
    unknown = [name for name, variables in found.items() if not variables]
    if unknown or not found:
        told = f"found “{', '.join(unknown)}”" if unknown else "found none"
        raise InputError(
            Problem("unknown-variable", f"expected variables of the questionnaire, {told}.",
                    f"It has, among others: {', '.join(list(questionnaire.by_name)[:8])}.", place=f"--{place}")
        )  # fmt: skip
    return list(dict.fromkeys(variable for variables in found.values() for variable in variables))


def _refuse_both(chosen: Sequence[Variable], kept: Sequence[Variable]) -> None:
    if both := [variable.name for variable in chosen if variable in kept]:
        raise InputError(
            Problem("variable-twice", f"“{', '.join(both)}” cannot be known to others and be a secret.", "Choose one.")
        )


def _answers(responses: Responses) -> pd.DataFrame:
    """Every substantive answer as text; others are blank."""
    told = {}
    for name in responses.frame.columns:
        column = responses.frame[name]
        written = column.map(
            lambda value: f"{value:.12g}" if isinstance(value, float) else str(value), na_action="ignore"
        )
        told[str(name)] = written.astype("object").where(column.notna(), None)
    return pd.DataFrame(told, index=responses.frame.index)


def _column(responses: Responses, variable: Variable, answers: pd.DataFrame) -> pd.Series:
    return responses.frame[variable.name] if variable.kind == "number" else answers[variable.name]


def _population(
    answers: pd.DataFrame, names: Sequence[str], frame: SamplingFrame, columns: Mapping[str, str], k: int
) -> Population:
    own = {name: columns.get(name, name) for name in names}
    if missing := [column for column in own.values() if column not in frame.members]:
        raise InputError(
            Problem("unknown-column", f"expected the columns {', '.join(missing)} in the frame, found {', '.join(frame.variables)}.",
                    "Say which column it is: --match VARIABLE=COLUMN.", file=frame.file)
        )  # fmt: skip
    members = pd.DataFrame({name: frame.members.loc[frame.eligible, column] for name, column in own.items()})
    # Upper and lower case are one: the frame says NL where the questionnaire has nl.
    fold = [table.map(lambda cell: str(cell).casefold(), na_action="ignore") for table in (answers[list(own)], members)]
    return against(fold[0], fold[1], k)
