"""A list of people becomes two files: the frame, which knows pseudonyms, and the key file, which knows who they are."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from clustergov.problems import InputError, Problem, missing_file
from clustergov.survey.formula_cells import as_it_was, harmless
from clustergov.survey.frame.headings import ID, known_column
from clustergov.survey.privacy.identity import Identity, Row
from clustergov.survey.privacy.key_file import Entry, KeyFile
from clustergov.survey.privacy.personal import Column, email_column, judge, name_columns
from clustergov.survey.privacy.pseudonym import new_pseudonyms
from clustergov.survey.table import read_table


@dataclass(frozen=True, slots=True)
class People:
    """A list of people as it was handed over.

    Attributes
    ----------
    file : str
    headings : tuple of str
    rows : tuple of (int, mapping of str to str)
        Number of the row in the file, and its cells by heading, without surrounding blanks.
    """

    file: str
    headings: tuple[str, ...]
    rows: tuple[tuple[int, Row], ...]

    def cells(self, heading: str) -> list[str]:
        return [row[heading] for _, row in self.rows]


@dataclass(frozen=True, slots=True)
class Sealed:
    """A list in two parts.

    Attributes
    ----------
    key_file : KeyFile
    headings : tuple of str
        Of the frame; the first is ``pseudonym``.
    rows : tuple of tuple of str
        Of the frame, in the order of the pseudonyms: the order of the list would give everybody away.
    columns : tuple of Column
        What became of each column of the list, and why.
    added, known : int
        How many of the list got a pseudonym, and how many had one.
    email, name : tuple of str
        The columns that an invitation is addressed with.
    """

    key_file: KeyFile
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    columns: tuple[Column, ...]
    added: int
    known: int
    email: tuple[str, ...]
    name: tuple[str, ...]

    def content(self) -> bytes:
        """The frame as CSV."""
        import pandas as pd

        from clustergov.survey.writing import csv_of

        cells = [[harmless(cell) for cell in row] for row in self.rows]
        return csv_of(pd.DataFrame(cells, columns=list(self.headings), dtype="str"))


def read_people(path: Path | str) -> People:
    """Read a list of people, or a frame, from CSV, TSV or Excel.

    Raises
    ------
    InputError
        There is no such file, or it is no table.
    """
    if not Path(path).is_file():
        raise missing_file(path, wanted="a list of people (.csv, .tsv or .xlsx)")
    table = read_table(path)
    headings = tuple(header for header in table.headers if header)
    columns = {header: table.rows.iloc[:, place] for place, header in enumerate(table.headers) if header}
    bare = {header: [as_it_was(str(cell)).strip() for cell in column.fillna("")] for header, column in columns.items()}
    numbers = [int(str(number)) for number in table.rows.index]
    rows = [(number, {header: bare[header][place] for header in headings}) for place, number in enumerate(numbers)]
    return People(str(path), headings, tuple(rows))


def columns_of(people: People, *, keep: Collection[str] = (), leave_out: Collection[str] = ()) -> tuple[Column, ...]:
    """Where each column goes.

    Parameters
    ----------
    keep : collection of str
        Headings in doubt that belong in the frame.
    leave_out : collection of str
        Headings that nobody needs: they go nowhere.

    Raises
    ------
    InputError
        A heading is not there, is named in both, or is personal beyond doubt and was to be kept in the frame.
    """
    problems = [
        Problem("unknown-column", f"the list has no column “{name}”.", f"It has: {', '.join(people.headings)}.", file=people.file)
        for name in (*keep, *leave_out) if name not in people.headings
    ]  # fmt: skip
    problems += [
        Problem("column-twice", f"“{name}” cannot both be kept and left out.", "Choose one.", file=people.file)
        for name in keep if name in leave_out
    ]  # fmt: skip
    judged = [judge(heading, people.cells(heading)) for heading in people.headings]
    problems += [
        Problem("personal-column", f"“{column.heading}” cannot stand in the frame: {column.reason}.",
                "Leave it to the key file; if it is not personal, rename it in the list.", file=people.file)
        for column in judged if column.heading in keep and column.certain
    ]  # fmt: skip
    if problems:
        raise InputError(problems)
    return tuple(_decided(column, keep, leave_out) for column in judged)


def seal(
    people: People,
    key_file: KeyFile,
    *,
    frame: People | None = None,
    keep: Collection[str] = (),
    leave_out: Collection[str] = (),
) -> Sealed:
    """Part a list into frame and key file.

    Who is in the key file already keeps their pseudonym: known by it where the list has a column of pseudonyms, else by
    e-mail address, else by everything personal. Whoever is not in this list stays in both files.

    Parameters
    ----------
    people : People
    key_file : KeyFile
        As it stands; empty for a new one.
    frame : People, optional
        The frame as it stands; its further columns (such as dispositions) are kept.

    Raises
    ------
    InputError
        Somebody stands twice, a row names nobody, an e-mail address or a pseudonym is none, or `columns_of` refuses.
    """
    columns = columns_of(people, keep=keep, leave_out=leave_out)
    private = [column.heading for column in columns if column.place == "key"]
    public = [column.heading for column in columns if column.place == "frame"]
    # A column of pseudonyms (the list was written from an earlier frame) tells who is who and is not kept twice.
    written = next((name for name in private if name.casefold() in (ID, "pseudoniem")), "")
    personal = [name for name in private if name != written]
    address = email_column({name: people.cells(name) for name in personal})
    naming = tuple(name for name in name_columns(personal) if name != address)
    certain = [column.heading for column in columns if column.certain and column.heading in personal]
    identity = Identity(key_file, written=written, address=address, naming=certain or personal)
    problems = [*_nobody(people, personal), *identity.problems(people.rows, people.file)]
    if problems:
        raise InputError(problems)
    found = [(row, identity.pseudonym(row)) for _, row in people.rows]
    fresh = iter(new_pseudonyms(sum(not known for _, known in found), key_file.pseudonyms))
    named = [(known or next(fresh), row) for row, known in found]
    language = next((name for name in public if known_column(name) == "language"), "")
    entries, earlier = [], {entry.pseudonym: entry for entry in key_file.entries}
    for pseudonym, row in named:
        before = earlier.get(pseudonym, Entry(pseudonym))
        cells = {**before.cells, **{name: row[name] for name in personal if row[name]}}
        email = row[address] if address else ""
        name = " ".join(row[part] for part in naming if row[part])
        spoken = row[language] if language else ""
        entries.append(Entry(pseudonym, cells, email or before.email, name or before.name, spoken or before.language))
    headings, rows = _frame(frame, public, named)
    added = sum(not known for _, known in found)
    return Sealed(
        key_file.with_entries(entries), headings, rows, columns, added, len(found) - added,
        (address,) if address else (), naming,
    )  # fmt: skip


def _decided(column: Column, keep: Collection[str], leave_out: Collection[str]) -> Column:
    if column.heading in leave_out:
        return Column(column.heading, "nowhere", "you said that nobody needs it")
    if column.heading in keep and column.place == "key":
        return Column(column.heading, "frame", "you said that it is not personal")
    return column


def _nobody(people: People, personal: list[str]) -> Iterator[Problem]:
    if not personal:
        yield Problem("no-personal-column", "expected at least one column that tells who somebody is, found none.",
                      "Seal the list that has names or e-mail addresses.", file=people.file)  # fmt: skip
        return
    for number, row in people.rows:
        if not any(row[name] for name in personal):
            yield Problem("nobody", "this row does not tell who it is about.", "Fill in a name or an e-mail address.",
                          file=people.file, place=f"row {number}")  # fmt: skip


def _frame(
    frame: People | None, public: list[str], named: list[tuple[str, Row]]
) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """The frame: what stood there, with the rows of the list in it."""
    own = next((name for name in (frame.headings if frame else ()) if known_column(name) == ID), ID)
    if frame is not None and own not in frame.headings:
        raise InputError(
            Problem("no-frame", "expected a frame with a column “pseudonym”, found another table.",
                    "Name another file with --out.", file=frame.file)
        )  # fmt: skip
    earlier = [name for name in (frame.headings if frame else ()) if name != own]
    headings = (*earlier, *(name for name in public if name not in earlier))
    rows = {row[own]: dict(row) for _, row in frame.rows} if frame else {}
    for pseudonym, row in named:
        rows[pseudonym] = rows.get(pseudonym, {}) | {name: row[name] for name in public}
    cells = [(name, *(rows[name].get(heading, "") for heading in headings)) for name in sorted(rows)]
    return (ID, *headings), tuple(cells)
