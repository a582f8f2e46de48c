"""Codings of a table of one's own: a column per coder, a row per coding, or a row per marked stretch of a text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd

from clustergov.casestudies.agreement.continuum import Segment
from clustergov.casestudies.agreement.ratings import MISSING, Ratings, ratings
from clustergov.problems import InputError, Problem
from clustergov.survey.table import RawTable, read_table

Form = Literal["wide", "long", "segments"]

NAMES = {
    "unit": ("unit", "units", "item", "items", "subject", "subjects", "passage", "id", "eenheid", "passage id", ""),
    "coder": ("coder", "coders", "rater", "raters", "observer", "annotator", "codeur", "beoordelaar"),
    "code": ("code", "codes", "concept", "value", "label", "category", "rating", "waarde"),
    "start": ("start", "begin", "start position", "van"),
    "end": ("end", "stop", "end position", "tot"),
    "document": ("document", "file", "source", "text", "bron"),
    "length": ("length", "document length", "lengte"),
}
"""Headings by which columns are known, in lower case."""

NOTHING = ("NA", "NaN", "*", ".")
"""Cells that stand for a missing rating in tables of other software."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Names of columns, where they are not the usual ones, and how a table lies.

    Attributes
    ----------
    unit, coder, code : str
    coders : {"", "columns", "rows"}
        Where the coders of a wide table stand; empty: by its headings and shape.
    length : int
        Of the text of a table of stretches; 0: from a column `length`.
    unread : bool
        A coder without a row for a unit did not read it; otherwise saw nothing in it. Only where a unit can have several
        codes.
    categories : tuple of str
        All values in their order; empty: those that occur, numbers by size and names by the alphabet.
    """

    unit: str = ""
    coder: str = ""
    code: str = ""
    coders: str = ""
    length: int = 0
    unread: bool = False
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class MarkedText:
    """The stretches of one document; `length_known` is False where the text is taken to end with the last stretch."""

    document: str
    length: int
    coders: tuple[str, ...]
    segments: tuple[Segment, ...]
    length_known: bool


@dataclass(frozen=True, eq=False)
class CodedTable:
    """A table of codings.

    Attributes
    ----------
    file : str
    form : {"wide", "long", "segments"}
    ratings : Ratings or None
        One value per unit and coder; None where a unit has several codes, or stretches were marked.
    by_code : dict
        Code → absent or present per unit and coder; empty for stretches.
    sets : tuple
        Per unit: coder → codes; empty unless units have several codes.
    texts : tuple of MarkedText
    transposed : bool
        Coders stood in the rows.
    nothing : int
        Cells that held one of `NOTHING` and were read as missing.
    ordered : bool
        The order of the categories was told.
    """

    file: str
    form: Form
    ratings: Ratings | None
    by_code: dict[str, Ratings]
    sets: tuple[dict[str, frozenset[str]], ...] = ()
    texts: tuple[MarkedText, ...] = ()
    transposed: bool = False
    nothing: int = 0
    ordered: bool = False

    @property
    def coders(self) -> tuple[str, ...]:
        if self.texts:
            return tuple(sorted({coder for text in self.texts for coder in text.coders}))
        return self.ratings.coders if self.ratings else next(iter(self.by_code.values())).coders

    @property
    def units(self) -> int:
        if self.texts:
            return len(self.texts)
        return len((self.ratings or next(iter(self.by_code.values()))).units)


def read_codings(path: Path | str, columns: Columns | None = None) -> CodedTable:
    """Read a table of codings, and tell which form it has.

    Raises
    ------
    InputError
        No table; a named column that is not there; a wide table of which nobody can tell whether coders stand in rows or
        columns; a rating given twice; offsets that are no numbers.
    """
    columns = columns or Columns()
    try:
        table = read_table(path)
    except InputError as error:
        raise InputError([_of_codings(problem) for problem in error.problems]) from None
    file = str(path)
    found = {what: _column(table, what, getattr(columns, what, "") or "", file) for what in NAMES if what != "length"}
    if found["start"] and found["end"] and found["coder"]:
        return _segments(table, found, columns, file)
    nothing = int(table.rows.isin(NOTHING).to_numpy().sum())
    if found["coder"] and found["code"] and found["unit"] is not None:
        return replace(_long(table, found, columns, file), nothing=nothing)
    return replace(_wide(table, found["unit"], columns, file), nothing=nothing)


def _of_codings(problem: Problem) -> Problem:
    """What is wrong with a table without rows, for somebody who has codings and no respondents."""
    if problem.rule not in ("no-rows", "empty-file"):
        return problem
    found = "headings only" if problem.rule == "no-rows" else "an empty file"
    return replace(problem, message=f"expected a table of codings with a row for each unit or coding, found {found}.",
                   fix="Export the codings again.")  # fmt: skip


def _column(table: RawTable, what: str, named: object, file: str) -> str | None:
    """The heading of a column; None when there is none."""
    wanted = named if isinstance(named, str) else ""
    if wanted:
        if wanted not in table.headers:
            raise InputError(
                Problem("missing-column", f"expected a column “{wanted}”, found: {', '.join(table.headers)}.",
                        "Name one of the columns of the table.", file=file)
            )  # fmt: skip
        return wanted
    return next((heading for heading in table.headers if heading.strip().lower() in NAMES[what]), None)


def _wide(table: RawTable, unit: str | None, columns: Columns, file: str) -> CodedTable:
    frame = table.rows.map(lambda cell: _cell(cell, table.decimal))
    first = table.headers[0].strip().lower()
    rows = columns.coders == "rows" or (not columns.coders and first in NAMES["coder"])
    index = table.headers[0] if rows and (first in NAMES["coder"] or first in NAMES["unit"]) else unit
    if index is not None:
        frame = frame.set_index(index)
    elif rows:
        frame.index = pd.Index([f"row {line}" for line in frame.index])
    if frame.shape[1] == 0:
        raise InputError(
            Problem("no-coders", f"expected a column per coder, found only “{index}”.",
                    "Give each coder a column, or each coding a row with unit, coder and code.", file=file)
        )  # fmt: skip
    if not columns.coders and not rows and frame.shape[1] >= max(4, frame.shape[0]):
        raise InputError(
            Problem("coders-unclear", f"found {frame.shape[0]} rows and {frame.shape[1]} columns: it cannot be told "
                    "where the coders stand.", "Say --coders rows or --coders columns.", file=file)
        )  # fmt: skip
    frame = frame.T if rows else frame
    again = [str(name) for name in frame.index[frame.index.duplicated()].unique()]
    if again:
        raise InputError(
            Problem("unit-twice", f"expected each unit in one row, found {', '.join(again[:5])} more than once.",
                    "Remove or rename what is repeated, or give each coding a row with unit, coder and code.", file=file)
        )  # fmt: skip
    read = ratings(frame, categories=columns.categories, file=file)
    return CodedTable(file, "wide", read, by_category(read), transposed=rows, ordered=bool(columns.categories))


def by_category(read: Ratings) -> dict[str, Ratings]:
    """Each category against all others; empty for two categories, where that would say the same twice."""
    if len(read.categories) < 3 or len(read.categories) > 50:
        return {}
    return {
        f"{category:g}" if isinstance(category, float) else category: Ratings(
            np.where(read.codes == MISSING, MISSING, (read.codes == place).astype(np.int64)), (0.0, 1.0), read.coders,
            read.units,
        )
        for place, category in enumerate(read.categories)
    }  # fmt: skip


def _cell(cell: object, decimal: str) -> str | None:
    """A cell as a rating; a number with a decimal comma is written with a point."""
    if not isinstance(cell, str) or not cell.strip() or cell.strip() in NOTHING:
        return None
    if decimal == "," and cell.replace(",", "", 1).strip("-").isdigit():
        return cell.replace(",", ".")
    return cell.strip()


def _long(table: RawTable, found: dict[str, str | None], columns: Columns, file: str) -> CodedTable:
    rows = table.rows[[str(found["unit"]), str(found["coder"]), str(found["code"])]]
    rows = rows.set_axis(["unit", "coder", "code"], axis=1).map(lambda cell: _cell(cell, table.decimal))
    _complete(rows, ["unit", "coder"], file)
    rows = rows.drop_duplicates()  # a row that stands twice says one thing once
    given = rows.dropna(subset=["code"])
    units = tuple(dict.fromkeys(rows["unit"]))
    coders = tuple(sorted(set(rows["coder"])))
    if not given.duplicated(["unit", "coder"]).any():
        wide = given.pivot(index="unit", columns="coder", values="code").reindex(index=units, columns=coders)
        read = ratings(wide, categories=columns.categories, file=file)
        return CodedTable(file, "long", read, by_category(read), ordered=bool(columns.categories))
    return _several(rows, units, coders, columns, file)


def _several(
    rows: pd.DataFrame, units: Sequence[str], coders: Sequence[str], columns: Columns, file: str
) -> CodedTable:
    """Units with several codes: each code absent or present, and the sets of codes."""
    listed: dict[tuple[str, str], set[str]] = {}
    for unit, coder, code in rows.itertuples(index=False):
        listed.setdefault((unit, coder), set()).update([code] if isinstance(code, str) else [])
    sets = tuple(
        {
            coder: frozenset(listed.get((unit, coder), set()))
            for coder in coders
            if (unit, coder) in listed or not columns.unread
        }
        for unit in units
    )
    by_code = {
        str(code): Ratings(
            np.array([[MISSING if coder not in row else int(code in row[coder]) for coder in coders] for row in sets]),
            (0.0, 1.0), tuple(coders), tuple(units),
        )
        for code in sorted(set(rows["code"].dropna()))
    }  # fmt: skip
    return CodedTable(file, "long", None, by_code, sets)


def _complete(rows: pd.DataFrame, wanted: Sequence[str], file: str) -> None:
    problems = [
        Problem("empty-cell", f"expected a {name}, found an empty cell.", "Fill it in.", file=file, line=int(str(line)))
        for name in wanted
        for line in rows.index[rows[name].isna()]
    ]
    if problems:
        raise InputError(problems)


def _segments(table: RawTable, found: dict[str, str | None], columns: Columns, file: str) -> CodedTable:
    rows = pd.DataFrame(
        {
            what: table.rows[heading] if (heading := found[what]) else ""
            for what in ("document", "coder", "start", "end", "code")
        }
    )
    length = _column(table, "length", "", file)
    rows["length"] = table.rows[length] if length else None
    _complete(rows, ["coder"], file)
    rows["start"], rows["end"] = _offsets(rows["start"], "start", file), _offsets(rows["end"], "end", file)
    coders = tuple(sorted(set(rows["coder"])))
    texts = tuple(
        _text(str(document), part, coders, columns, file) for document, part in rows.groupby("document", dropna=False)
    )
    return CodedTable(file, "segments", None, {}, texts=texts)


def _offsets(column: pd.Series, name: str, file: str) -> pd.Series:
    numbers = pd.to_numeric(column, errors="coerce")
    wrong = column.index[numbers.isna() | (numbers != np.floor(numbers))]
    if len(wrong):
        raise InputError(
            Problem("passage-offsets", f"expected a whole number for {name}, found “{column[line]}”.",
                    "Offsets count code points from 0; the end is exclusive.", file=file, line=int(str(line)))
            for line in wrong
        )  # fmt: skip
    return numbers.astype(int)


def _text(document: str, part: pd.DataFrame, coders: tuple[str, ...], columns: Columns, file: str) -> MarkedText:
    given = pd.to_numeric(part["length"], errors="coerce").dropna()
    length = columns.length or (int(given.max()) if len(given) else 0)
    cells = part[["coder", "start", "end", "code"]].to_dict("records")
    segments = tuple(
        Segment(
            str(row["coder"]), int(row["start"]), int(row["end"]), row["code"] if isinstance(row["code"], str) else ""
        )
        for row in cells
    )
    return MarkedText(document, length or max(s.end for s in segments), coders, segments, bool(length))
