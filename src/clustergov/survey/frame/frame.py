"""The sampling frame: who could have been asked, known by pseudonym, with what is known of them beforehand."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd

from clustergov.problems import InputError, Problem
from clustergov.survey.formula_cells import as_it_was
from clustergov.survey.frame.disposition import Disposition, disposition, unknown_disposition
from clustergov.survey.frame.headings import ID, known_column, personal_cell, personal_heading
from clustergov.survey.table import RawTable, read_table, spreadsheet_column

UNKNOWN = "unknown"
"""The category of members for whom the frame leaves a cell blank."""

EARLIEST, LATEST = 1500, 2100
"""Years that `founded` may hold."""

_SEAL = "Run `clustergov survey seal FRAME.csv` first: it keeps names and addresses in an encrypted key file."
_LANGUAGE = re.compile(r"[a-z]{2}(-[A-Za-z-]{2,20})?")


@dataclass(frozen=True)
class SamplingFrame:
    """Everybody who could have been asked, once each.

    Attributes
    ----------
    file : str
        Name of the file without its folder.
    members : DataFrame of str, one row per member
        Index: pseudonym, unique. Columns: country, region, sector, founded, language, stratum and others, as far as
        the file has them; blank cells are missing.
    dispositions : Series of str
        Class of `Disposition` per member, "" where the file tells none.
    weights : Series of float or None
        Base weights (the inverse of the chance to be asked) where the file has a column of them.
    unlinked : mapping of str to Disposition
        What became of questionnaires of which it is not known which member opened them.
    """

    file: str
    members: pd.DataFrame
    dispositions: pd.Series[str]
    weights: pd.Series[float] | None = None
    unlinked: Mapping[str, Disposition] = field(default_factory=dict)

    def noted(self, dispositions: Mapping[str, Disposition]) -> SamplingFrame:
        """The frame with what fieldwork noted of some members over what it held of them itself."""
        codes, unlinked = self.dispositions.copy(), dict(self.unlinked)
        for member, code in dispositions.items():
            if member in codes.index:
                codes[member] = code
            else:
                unlinked[member] = code
        return replace(self, dispositions=codes, unlinked=unlinked)

    @property
    def eligible(self) -> pd.Index:
        """Pseudonyms of members that are not known to be ineligible: the population."""
        return self.members.index[(self.dispositions != "NE").to_numpy()]

    @property
    def variables(self) -> tuple[str, ...]:
        """Columns whose categories can be compared."""
        return tuple(str(name) for name in self.members.columns)

    def categories(self, variable: str) -> pd.Series[str]:
        """The category of every eligible member: years as decades, blanks as `UNKNOWN`.

        Raises
        ------
        InputError
            The frame has no such column.
        """
        if variable not in self.members:
            raise InputError(
                Problem("unknown-variable", f"expected a column “{variable}” in the frame, found {', '.join(self.variables)}.",
                        "Name one of these.", file=self.file)
            )  # fmt: skip
        column = self.members.loc[self.eligible, variable].astype("str")
        if variable == "founded":
            column = column.map(lambda year: f"{year[:3]}0–{year[:3]}9", na_action="ignore").astype("str")
        found: pd.Series[str] = column.fillna(UNKNOWN)
        return found


def read_frame(path: Path | str) -> SamplingFrame:
    """Read a sampling frame from CSV, TSV or Excel (as `read_table` reads them).

    Raises
    ------
    InputError
        With every mistake, each with its row and column: pseudonyms missing or twice, personal columns or cells, years,
        languages, dispositions or weights that are none.
    """
    path = Path(path)
    table = read_table(path)
    problems = [*_columns(table, path)]
    if problems:
        # A file with names in it is not read any further: nothing of it shall appear in a message.
        raise InputError(problems)
    cells = _cells(table)
    problems = [*_members(cells, path), *_values(cells, path), *_personal_cells(cells, path)]
    if problems:
        raise InputError(problems, summary=f"{len(problems)} mistake{'s' * (len(problems) != 1)} in the frame:")
    members = cells.set_index(pd.Index(cells[ID], dtype="str", name="id")).drop(columns=ID)
    codes = members.pop("disposition") if "disposition" in members else pd.Series("", index=members.index, dtype="str")
    weights = members.pop("weight").str.replace(",", ".").astype(float) if "weight" in members else None
    classes = codes.map(lambda written: disposition(written) or "", na_action="ignore").fillna("").astype("str")
    return SamplingFrame(path.name, members, classes, weights)


def _columns(table: RawTable, path: Path) -> Iterator[Problem]:
    names = [known_column(header) or header for header in table.headers]
    for place, header in enumerate(table.headers, start=1):
        where = f"column {spreadsheet_column(place)} (“{header}”)"
        if personal_heading(header) and not known_column(header):
            yield Problem("personal-column", "a frame holds pseudonyms, and this column announces personal data.",
                          _SEAL, file=str(path), place=where)  # fmt: skip
        elif header and names.count(names[place - 1]) > 1 and place > names.index(names[place - 1]) + 1:
            yield Problem("duplicate-heading", f"expected “{names[place - 1]}” once, found a second column for it.",
                          "Keep one.", file=str(path), place=where)  # fmt: skip
    if ID not in names:
        yield Problem("missing-column", f"expected a column “{ID}” (or “id”), found none.",
                      "Give every member a pseudonym; `clustergov survey seal` makes them.",
                      file=str(path), place="headings")  # fmt: skip


def _cells(table: RawTable) -> pd.DataFrame:
    """Cells without surrounding blanks, under our own names; empty ones missing."""
    columns = {
        known_column(header) or header: table.rows.iloc[:, place]
        for place, header in enumerate(table.headers)
        if header
    }
    bare = pd.DataFrame(
        {name: column.map(as_it_was, na_action="ignore").str.strip() for name, column in columns.items()}
    )
    return bare.mask(bare == "").astype("str")


def _place(row: object, name: str) -> str:
    return f"row {row}, {name}"


def _members(cells: pd.DataFrame, path: Path) -> Iterator[Problem]:
    counts = Counter(cells[ID].dropna())
    for row, member in cells[ID].items():
        if pd.isna(member):
            yield Problem("missing-id", "expected a pseudonym, found nothing.", "Fill it in, or remove the row.",
                          file=str(path), place=_place(row, ID))  # fmt: skip
        elif counts[member] > 1:
            yield Problem("duplicate-id", f"expected every pseudonym once, found “{str(member)[:40]}” {counts[member]} times.",
                          "Keep one row per member.", file=str(path), place=_place(row, ID))  # fmt: skip


def _values(cells: pd.DataFrame, path: Path) -> Iterator[Problem]:
    checks = {
        "founded": (_is_year, f"a year between {EARLIEST} and {LATEST}", "Write four digits, or leave it blank."),
        "language": (lambda cell: bool(_LANGUAGE.fullmatch(cell)), "a language such as nl or en", "Write its code."),
        "weight": (_is_weight, "a weight above 0", "Write a number, such as 1.5."),
    }
    for name, (holds, wanted, fix) in checks.items():
        for row, cell in (cells[name] if name in cells else pd.Series(dtype="str")).items():
            if pd.isna(cell) and name == "weight":
                yield Problem(name, f"expected {wanted}, found nothing.", fix, file=str(path), place=_place(row, name))
            elif pd.notna(cell) and not holds(str(cell)):
                yield Problem(name, f"expected {wanted}, found “{str(cell)[:40]}”.", fix,
                              file=str(path), place=_place(row, name))  # fmt: skip
    if "disposition" in cells:
        for row, cell in cells["disposition"].dropna().items():
            if disposition(str(cell)) is None:
                yield unknown_disposition(str(cell), file=str(path), place=_place(row, "disposition"))


def _is_year(cell: str) -> bool:
    return bool(re.fullmatch(r"\d{4}", cell)) and EARLIEST <= int(cell) <= LATEST


def _is_weight(cell: str) -> bool:
    return bool(re.fullmatch(r"\d{1,9}([.,]\d{1,15})?", cell)) and float(cell.replace(",", ".")) > 0


def _personal_cells(cells: pd.DataFrame, path: Path) -> Iterator[Problem]:
    """Cells that hold an address whatever their heading says; they are not repeated in the message."""
    for name in cells.columns:
        for row, cell in cells[name].dropna().items():
            if what := personal_cell(str(cell)):
                yield Problem("personal-cell", f"a frame holds pseudonyms, and this cell holds {what}.", _SEAL,
                              file=str(path), place=_place(row, str(name)))  # fmt: skip
