"""What an analysis is asked of: a study, its responses, or any plain table; numbers and labels by column name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from clustergov.problems import InputError, Problem

if TYPE_CHECKING:
    from clustergov.instruments.questionnaire import Questionnaire
    from clustergov.study.plan import Plan
    from clustergov.survey.responses import Responses
    from clustergov.survey.table import RawTable

MISSING = ("", "NA", "NaN", "nan")
"""Cells of a plain table that are no answer."""

MOST_TOLD = 5
"""Rows that a message names."""


@dataclass(frozen=True, eq=False)
class Data:
    """A table to analyse.

    Attributes
    ----------
    file : str
        As the user named it.
    table : DataFrame
        Columns that hold numbers alone are float64, NaN where missing; others are `str`. Index: the respondent's id, or
        the row as a spreadsheet shows it. Of responses to a questionnaire: every variable (ordered choices as their
        position in the scale, ticks 1 or 0, unordered choices as codes) and the score of every construct.
    synthetic : bool
        The answers were simulated.
    responses : Responses or None
        None for a plain table.
    plan : Plan or None
        Of a study, what it declares.
    """

    file: str
    table: pd.DataFrame
    synthetic: bool = False
    responses: Responses | None = None
    plan: Plan | None = None

    def numbers(self, names: Sequence[str], *, option: str) -> pd.DataFrame:
        """Columns as numbers, in the order asked.

        Raises
        ------
        InputError
            A column is not there, stands twice, holds text, holds no number at all, or an infinite one.
        """
        problems = self._absent(names, option)
        for name in dict.fromkeys(names):
            if name in self.table:
                problems += self._not_numbers(name, option)
        if problems:
            raise InputError(problems)
        return self.table[list(names)].astype(float)

    def labels(self, name: str, *, option: str) -> pd.Series[str]:
        """One column as labels of groups; missing stays missing.

        Raises
        ------
        InputError
            The column is not there, or has no label at all.
        """
        problems = self._absent([name], option)
        if not problems and self.table[name].isna().all():
            problems = [self._problem("all-missing", f"expected groups in {name}, found no value.", option)]
        if problems:
            raise InputError(problems)
        column = self.table[name]
        if pd.api.types.is_float_dtype(column.dtype):
            return column.map(lambda value: f"{value:g}", na_action="ignore").astype("str")
        return column.astype("str")

    def _problem(self, rule: str, message: str, option: str, fix: str = "") -> Problem:
        return Problem(rule, message, fix or f"Correct {option}, or the file.", file=self.file, place=option)

    def _absent(self, names: Sequence[str], option: str) -> list[Problem]:
        if not names:
            return [self._problem("no-columns", "expected names of columns, found none.", option)]
        there = ", ".join(map(str, self.table.columns[:12])) + (", …" if self.table.shape[1] > 12 else "")
        problems = [
            self._problem("unknown-column", f"expected a column named {name}, found {there}.", option)
            for name in dict.fromkeys(names)
            if name not in self.table
        ]
        twice = sorted({name for name in names if names.count(name) > 1})
        problems += [
            self._problem("twice", f"{name} is named twice.", option, f"Name it once in {option}.") for name in twice
        ]
        return problems

    def _not_numbers(self, name: str, option: str) -> list[Problem]:
        column = self.table[name]
        if column.isna().all():
            return [self._problem("all-missing", f"expected numbers in {name}, found no value.", option)]
        if not pd.api.types.is_float_dtype(column.dtype):
            words = column[pd.to_numeric(column, errors="coerce").isna() & column.notna()]
            told = ", ".join(f"“{word}” (row {row})" for row, word in words.iloc[:MOST_TOLD].items())
            more = ", …" if len(words) > MOST_TOLD else ""
            return [
                self._problem(
                    "not-numeric", f"expected numbers in {name}, found {told or 'codes without order'}{more}.", option
                )
            ]
        infinite = column.index[np.isinf(column)]
        if len(infinite):
            told = ", ".join(map(str, infinite[:MOST_TOLD])) + (", …" if len(infinite) > MOST_TOLD else "")
            fix = "Correct these cells, or leave them empty if the value is not known."
            return [
                self._problem(
                    "infinite", f"expected finite numbers in {name}, found infinite ones in row {told}.", option, fix
                )
            ]
        return []


def read_data(data: Path, questionnaire: Path | None = None) -> Data:
    """Read a study (folder or study.yml), responses to a questionnaire, or any plain CSV, TSV or Excel table.

    Raises
    ------
    InputError
        With every mistake of the input.
    """
    if data.is_dir() or data.suffix in (".yml", ".yaml"):
        return _of_study(data, questionnaire)
    from clustergov.survey.table import read_table

    if questionnaire is None:
        return Data(str(data), _plain(read_table(data)))
    from clustergov.instruments.check import read_questionnaire
    from clustergov.survey.reading import read_responses

    return _of_responses(read_responses(data, read_questionnaire(questionnaire), strict=False), str(data))


def _of_study(folder: Path, questionnaire: Path | None) -> Data:
    from clustergov.study.analyse import draw
    from clustergov.study.plan import check_study

    if questionnaire is not None:
        raise InputError(
            Problem(
                "questionnaire", "a study names its own questionnaire.", "Leave --questionnaire out.", file=str(folder)
            )
        )
    plan = check_study(folder)
    drawn = draw(plan)
    responses = drawn.responses if drawn else plan.responses
    if responses is None:  # a plan that passed has one of the two
        raise AssertionError
    return _of_responses(responses, str(folder), plan)


def _of_responses(responses: Responses, file: str, plan: Plan | None = None) -> Data:
    asked = responses.questionnaire
    columns = {name: _column(responses, name) for name in responses.frame.columns}
    columns |= _scores(responses, asked)
    return Data(file, pd.DataFrame(columns, index=responses.frame.index), responses.synthetic, responses, plan)


def _column(responses: Responses, name: str) -> pd.Series[float] | pd.Series[str]:
    try:
        return responses.values(name)
    except TypeError:
        return responses.frame[name]


def _scores(responses: Responses, asked: Questionnaire) -> dict[str, pd.Series[float]]:
    from clustergov.instruments.scoring import score

    found = {}
    for construct in asked.constructs:
        if construct.code in asked.by_name or not set(construct.items) <= set(responses.frame.columns):
            continue
        try:
            values = {name: responses.values(name) for name in construct.items}
        except TypeError:
            continue
        found[construct.code] = pd.Series(score(construct, asked, values), index=responses.frame.index)
    return found


def _plain(table: RawTable) -> pd.DataFrame:
    return pd.DataFrame({name: _parsed(table.rows[name], table.decimal) for name in table.headers if name})


def _parsed(cells: pd.Series[str], decimal: str) -> pd.Series[float] | pd.Series[str]:
    bare = cells.str.strip()
    bare = bare.mask(bare.isin(MISSING))
    written = bare.str.replace(",", ".") if decimal == "," else bare
    numbers = pd.to_numeric(written, errors="coerce").astype(float)
    return numbers if numbers.notna().eq(bare.notna()).all() else bare
