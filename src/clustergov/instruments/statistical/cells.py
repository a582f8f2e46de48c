"""The cells of a data file for a statistical package: codes as numbers, dates as real dates, blanks with their reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from clustergov.instruments.exchange import Notes, listed
from clustergov.instruments.questionnaire import Questionnaire
from clustergov.instruments.statistical.blank_codes import REASONS
from clustergov.instruments.statistical.columns import Column, columns, one_line
from clustergov.instruments.statistical.names import Naming
from clustergov.language import LANGUAGES, say
from clustergov.problems import InputError, Problem

if TYPE_CHECKING:
    import pandas as pd

_LARGEST = 8.9e307
"""Of the numbers that Stata can hold."""


@dataclass(frozen=True, slots=True)
class Table:
    """Answers and what a file says about them, by the names that the package allows.

    Attributes
    ----------
    columns : tuple of Column
    frame : DataFrame
        Codes, one column per variable of the questionnaire, by their own names.
    own : dict of str to Series
        Columns of the file's own, after the others: who answered, and whether the answers are simulated.
    labels : dict of str to str
        Of every column, uncut.
    own_values : dict of str to dict of int to str
        Value labels of the file's own columns.
    title : str
        Of the questionnaire, on one line, uncut.
    """

    columns: tuple[Column, ...]
    frame: pd.DataFrame
    own: Mapping[str, pd.Series]
    labels: Mapping[str, str]
    own_values: Mapping[str, Mapping[int, str]]
    title: str

    @property
    def texts(self) -> tuple[str, ...]:
        """The columns that hold text."""
        return (*(each.name for each in self.columns if each.textual), next(iter(self.own)))

    def numeric(self, columns: tuple[Column, ...], *, since: datetime, unit: float) -> pd.DataFrame:
        """Numbers instead of codes, with the reasons among them; dates in units of so many seconds; texts as they are.

        Raises
        ------
        InputError
            Some codes are not listed, or dates are none: every such variable.
        """
        import pandas as pd

        cells = {each.name: _cells(each, self.frame[each.variable.name], since, unit) for each in columns}
        problems = [
            problem
            for each in columns
            for problem in _strange(each, self.frame[each.variable.name], cells[each.name])
        ]  # fmt: skip
        if problems:
            raise InputError(problems, summary="The answers do not fit the questionnaire:")
        return pd.DataFrame({**cells, **self.own}, index=self.frame.index).reset_index(drop=True)


def table_of(
    questionnaire: Questionnaire,
    frame: pd.DataFrame | None,
    language: str,
    naming: Naming,
    notes: Notes,
    *,
    synthetic: bool,
) -> Table:
    """Gather what a file holds; without a frame, no rows."""
    import pandas as pd

    words = language if language in LANGUAGES else "en"
    wanted = [variable.name for variable in questionnaire.variables]
    names = naming.names([*wanted, "respondent", "synthetic"])
    found = columns(questionnaire, language, names[: len(wanted)], notes)
    if frame is None:
        frame = pd.DataFrame({name: pd.Series([], dtype="object") for name in wanted})
    who, simulated = names[-2:]
    own = {who: pd.Series([str(each) for each in frame.index], index=frame.index, dtype="object")}
    labels = {each.name: each.label for each in found} | {who: say("archive.respondent", words)}
    values = {}
    if synthetic:
        own[simulated] = pd.Series(1.0, index=frame.index)
        labels[simulated] = say("archive.synthetic", words)
        values[simulated] = {1: say("archive.synthetic", words)}
    title = one_line(questionnaire.title.to(language))
    if synthetic:
        words = language if language in LANGUAGES else "en"
        title = f"{say('archive.synthetic_title', words)} {title}"
    return Table(found, frame.reindex(columns=wanted), own, labels, values, title)


def _cells(column: Column, cells: pd.Series, since: datetime, unit: float) -> pd.Series:
    import pandas as pd

    kind = column.variable.kind
    if column.textual:
        # Both formats end a text at a null character.
        texts = ["" if not isinstance(cell, str) or cell in _BLANK else cell.replace("\0", "") for cell in cells]
        return pd.Series(texts, index=cells.index, dtype="object")
    if kind == "number":
        numbers = pd.to_numeric(cells, errors="coerce").astype("float64")
        return numbers.mask(numbers.abs() > _LARGEST)
    if kind == "date":
        return cells.map(lambda cell: _BLANK.get(cell, _elapsed(cell, since, unit))).astype("float64")
    return cells.map({**_BLANK, **column.numbers}).astype("float64")


_BLANK = {str(code): float(code) for code in REASONS}


def _elapsed(cell: object, since: datetime, unit: float) -> float:
    """Time from `since` to a date of ISO 8601; NaN where it is none."""
    try:
        moment = datetime.fromisoformat(str(cell))
    except ValueError:
        return float("nan")
    return (moment.replace(tzinfo=None) - since).total_seconds() / unit


def _strange(column: Column, cells: pd.Series, numbers: pd.Series) -> Iterator[Problem]:
    """Answers for which there is no number."""
    if column.textual:
        return
    kind = column.variable.kind
    strange = [str(cell) for cell in cells[numbers.isna() & cells.notna()].unique() if cell != ""]
    if not strange:
        return
    expected = {"number": "numbers", "date": "dates such as 2026-03-01"}.get(kind, "codes that its scale lists")
    rule = {"number": "not-a-number", "date": "not-a-date"}.get(kind, "unknown-code")
    message = f"expected {expected}, found {listed(strange)}."
    yield Problem(rule, message, "Correct them, or leave them blank.", place=column.variable.name)
