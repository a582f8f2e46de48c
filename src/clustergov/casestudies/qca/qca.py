"""A whole qualitative comparative analysis: necessity first, then the truth table and its three solutions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from clustergov.casestudies.qca.calibrated_table import CalibratedTable
from clustergov.casestudies.qca.covers import Which
from clustergov.casestudies.qca.expression import Expression, SetLiteral
from clustergov.casestudies.qca.fewest import Effort
from clustergov.casestudies.qca.minimisation import Minimisation, minimise
from clustergov.casestudies.qca.set_relations import NecessaryRelation, necessary_sets, single_conditions
from clustergov.casestudies.qca.solution import Solution
from clustergov.casestudies.qca.truth_table import CutOffs, TruthTable
from clustergov.casestudies.qca.truth_table_building import LEAST_CASES, truth_table
from clustergov.language import Text, both, say

NECESSITY = 0.9
"""Inclusion from which a condition is called necessary; the field's usual figure (Schneider & Wagemann 2012, p. 143)."""


@dataclass(frozen=True, slots=True, eq=False)
class Qca:
    """One outcome analysed.

    Attributes
    ----------
    conditions_alone : tuple of NecessaryRelation
        Every condition and its complement.
    necessary : tuple of NecessaryRelation
        What reaches the inclusion asked of a necessary set.
    truth_table : TruthTable
    minimisation : Minimisation
    """

    conditions_alone: tuple[NecessaryRelation, ...]
    necessary: tuple[NecessaryRelation, ...]
    truth_table: TruthTable
    minimisation: Minimisation

    @property
    def solutions(self) -> tuple[Solution, ...]:
        """Conservative, parsimonious, and the intermediate ones."""
        found = self.minimisation
        return (found.conservative, found.parsimonious, *found.intermediate)

    @property
    def cautions(self) -> tuple[Text, ...]:
        """What must be kept in mind, of the table and of the solutions."""
        return (*self.truth_table.cautions, *_solution_cautions(self.minimisation))

    def frame(self) -> pd.DataFrame:
        """One row per term of each listed model, and one for the model itself (term empty)."""
        rows = [row for solution in self.solutions for row in _rows(solution)]
        names = ("solution", "pair", "model", "term", "inclS", "PRI", "covS", "covU", "cases")
        return pd.DataFrame(rows, columns=list(names))

    def sentence(self, language: str) -> str:
        """What was found, with numbers; no verdict."""
        table, found = self.truth_table, self.minimisation
        positive = sum(row.out == "1" for row in table.rows)
        shown = found.intermediate[0]
        parts = [
            say("qca.sentence.table", language, cases=len(table.table.cases), conditions=len(table.conditions),
                observed=len(table.rows), configurations=table.configurations, positive=positive,
                outcome=str(table.outcome)),
            say("qca.sentence.model", language, kind=both(f"qca.kind.{shown.kind}"), model=str(shown.models[0]),
                outcome=str(table.outcome), inclusion=shown.models[0].fit.inclusion, pri=shown.models[0].fit.pri,
                coverage=shown.models[0].fit.coverage),
            model_count(found.parsimonious, language),
        ]  # fmt: skip
        return " ".join(parts)


def qca(
    table: CalibratedTable,
    outcome: SetLiteral,
    conditions: Sequence[str],
    cut_offs: CutOffs | None = None,
    expectations: Sequence[SetLiteral] = (),
    *,
    exclude: Sequence[Expression] = (),
    half: bool = False,
    least_cases: int = LEAST_CASES,
    necessity: float = NECESSITY,
    ron: float = 0.0,
    which: Which = "fewest",
    effort: Effort | None = None,
) -> Qca:
    """Analyse one outcome; see `truth_table`, `minimise` and `necessary_sets`.

    Raises
    ------
    InputError
        The data or the truth table cannot carry the analysis; the message says why and what to do.
    """
    found = truth_table(table, outcome, conditions, cut_offs, exclude=exclude, half=half, least_cases=least_cases)
    return analyse(found, expectations, necessity=necessity, ron=ron, which=which, effort=effort)


def analyse(
    found: TruthTable,
    expectations: Sequence[SetLiteral] = (),
    *,
    necessity: float = NECESSITY,
    ron: float = 0.0,
    which: Which = "fewest",
    effort: Effort | None = None,
) -> Qca:
    """Analyse a truth table that has been built; see `qca`.

    Raises
    ------
    InputError
        It cannot be minimised: nothing to explain, nothing to compare, contradictions everywhere.
    """
    conditions = [one.name for one in found.conditions]
    return Qca(
        single_conditions(found.table, found.outcome, conditions),
        necessary_sets(found.table, found.outcome, conditions, inclusion=necessity, ron=ron),
        found,
        minimise(found, expectations, which=which, effort=effort),
    )


def model_count(solution: Solution, language: str) -> str:
    """How many models a solution has, and how certain that is."""
    kind, terms = both(f"qca.kind.{solution.kind}"), len(solution.models[0].terms)
    if not solution.exact and not solution.shortest:
        return say("qca.models.irredundant", language, kind=kind, n=solution.count)
    if not solution.exact:
        key = "bound" if solution.least_terms == terms else "open"
        return say(f"qca.models.{key}", language, kind=kind, n=solution.count, terms=terms, least=solution.least_terms)
    listed = len(solution.models)
    key = "one" if solution.count == 1 else "all" if solution.count == listed else "many"
    return say(f"qca.models.{key}", language, kind=kind, n=solution.count, listed=listed)


def _rows(solution: Solution) -> list[list[Any]]:
    pair = "" if solution.pair is None else f"C{solution.pair[0]}P{solution.pair[1]}"
    rows: list[list[Any]] = []
    for number, model in enumerate(solution.models, 1):
        for term in model.terms:
            fit = term.fit
            rows.append([solution.kind, pair, number, str(term.term), fit.inclusion, fit.pri, fit.coverage,
                         fit.unique_coverage, ", ".join(term.cases)])  # fmt: skip
        whole = model.fit
        rows.append([solution.kind, pair, number, "", whole.inclusion, whole.pri, whole.coverage, None, ""])
    return rows


def _solution_cautions(found: Minimisation) -> list[Text]:
    told = []
    if found.parsimonious.count > 1 or not found.parsimonious.exact:
        told.append(both("qca.caution.ambiguous"))
    if found.pairs > len(found.intermediate):
        told.append(both("qca.caution.pairs", shown=len(found.intermediate), pairs=found.pairs))
    if not found.expectations:
        told.append(both("qca.caution.no_expectations"))
    return told
