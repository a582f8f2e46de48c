"""The columns that software adds to the answers: id, submission, last page, and our own mark of synthetic responses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal, get_args

import pandas as pd

from clustergov.instruments.questionnaire import Questionnaire
from clustergov.problems import InputError, Problem
from clustergov.survey.formula_cells import as_it_was
from clustergov.survey.headings import SYSTEM
from clustergov.survey.responses import ColumnMatch
from clustergov.survey.table import RawTable

Role = Literal["id", "submitdate", "lastpage", "complete", "synthetic"]

_OURS: tuple[Role, ...] = ("complete", "synthetic")
_PREFIX = "clustergov "
"""Before our own headings where a variable bears the same name."""

_TRUE = {"yes", "ja", "y", "true", "1"}
_FALSE = {"no", "nee", "n", "false", "0"}


SYNTHETIC_NAME = "synthetic-"
"""How the name of a respondent begins whom a simulation of any questionnaire made up."""


def own_heading(role: Role, questionnaire: Questionnaire) -> str:
    """The heading under which this toolkit writes a column of its own."""
    return f"{_PREFIX}{role}" if role in questionnaire.by_name else role


def own_columns(matches: Sequence[ColumnMatch], questionnaire: Questionnaire) -> tuple[ColumnMatch, ...]:
    """The matches, with the columns that this toolkit writes itself recognised too."""
    headings = {own_heading(role, questionnaire): role for role in get_args(Role)}
    return tuple(
        replace(match, match="system", variable="", question="", item="", reason=SYSTEM.get(role, role))
        if (role := headings.get(match.column, "")) and (role in _OURS or role != match.column)
        else match
        for match in matches
    )


def _column(table: RawTable, matches: Sequence[ColumnMatch], role: Role) -> pd.Series[str] | None:
    for match in matches:
        if match.match == "system" and match.reason == SYSTEM.get(role, role):
            return table.rows.iloc[:, match.position - 1].str.strip()
    return None


def respondent_ids(table: RawTable, matches: Sequence[ColumnMatch]) -> tuple[pd.Index, list[str]]:
    """Ids that are unique: those of the survey's id column if they are all there, else the rows as numbered from 1.

    Returns
    -------
    ids : Index of str
    raw : list of str
        What the id column holds, to be checked for doubles; empty when there is no such column.
    """
    column = _column(table, matches, "id")
    raw = [] if column is None else [as_it_was(str(value)) for value in column.fillna("")]
    if column is not None and column.notna().all() and column.is_unique and (column != "").all():
        return pd.Index(raw, dtype="str", name="id"), raw
    return pd.Index([str(place) for place in range(1, len(table.rows) + 1)], dtype="str", name="id"), raw


def synthetic_mark(table: RawTable, matches: Sequence[ColumnMatch], path: Path) -> Literal["synthetic", "real"]:
    """Whether every row is marked synthetic, or none.

    Raises
    ------
    InputError
        Some rows are and others are not: synthetic and real responses are never mixed.
    """
    named = _named_synthetic(table, matches)
    column = _column(table, matches, "synthetic")
    if column is None and not named.any():
        return "real"
    # A simulated respondent's name says so as well: leaving out the column does not make the row a real one.
    marked = (
        (pd.Series("", index=table.rows.index) if column is None else column.fillna(""))
        .str.casefold()
        .mask(named, "yes")
    )
    if marked.isin(_TRUE).all():
        return "synthetic"
    strange = marked[~marked.isin({*_TRUE, *_FALSE, ""})]
    if not marked.isin(_TRUE).any() and strange.empty:
        return "real"
    found = f"{int(marked.isin(_TRUE).sum())} of {len(marked)} rows are marked synthetic"
    found += "" if strange.empty else f", {len(strange)} say neither yes nor no"
    raise InputError(
        Problem("mixed-origin", f"expected synthetic responses or real ones and no mix: {found}.",
                "Take the rows apart; a simulated row never becomes real by losing its mark.",
                file=str(path), place="column synthetic")
    )  # fmt: skip


def _named_synthetic(table: RawTable, matches: Sequence[ColumnMatch]) -> pd.Series[bool]:
    """Rows whose respondent has a name that simulations give."""
    column = _column(table, matches, "id")
    if column is None:
        return pd.Series(False, index=table.rows.index)
    return column.fillna("").map(lambda name: as_it_was(str(name)).startswith(SYNTHETIC_NAME)).astype(bool)


def submission(
    table: RawTable, matches: Sequence[ColumnMatch], questionnaire: Questionnaire
) -> tuple[pd.Series[bool] | None, pd.Series[float] | None]:
    """Who submitted, and the last section that was shown to each; None where the file does not tell.

    LimeSurvey counts pages, and a page is a section only when it shows one group at a time: the last page is used
    only where those who submitted ended on as many pages as there are sections.
    """
    told = _column(table, matches, "complete")
    submitted = _column(table, matches, "submitdate")
    page = _column(table, matches, "lastpage")
    last_page = None if page is None else pd.to_numeric(page, errors="coerce").astype("float64")
    if told is not None:
        return told.fillna("").str.casefold().isin(_TRUE), last_page
    if submitted is None:
        return None, None
    complete = submitted.notna() & (submitted != "")
    by_section = last_page is not None and last_page[complete].max() == len(questionnaire.sections)
    return complete, last_page if by_section else None
