"""The rows of stored raw exports: every response once, as it was told last; complete wins over partial."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from clustergov.problems import InputError, Problem
from clustergov.survey.collection.raw_store import RawStore
from clustergov.survey.delimited import read_delimited

ID = "id"
TOKEN = "token"
OURS = "clustergov "
QUESTION = " (question)"


@dataclass(frozen=True, slots=True)
class RawRow:
    """One response as the software gave it.

    Attributes
    ----------
    id : str
    cells : tuple of str or None
        None for a bare cell; "" for an empty text between quotation marks (a box that was seen and left unticked).
    places : mapping of str to int
        Heading → position in `cells`; shared by all rows of an export.
    masked : bool
        As in `RawExport`.
    """

    id: str
    cells: tuple[str | None, ...]
    places: Mapping[str, int]
    masked: bool

    def cell(self, heading: str) -> str | None:
        place = self.places.get(heading)
        return None if place is None else self.cells[place]


@dataclass(slots=True)
class RawRows:
    """Responses by their id, in the order in which they were first told.

    Attributes
    ----------
    complete, partial : dict of str to RawRow
        No id is in both.
    deleted : list of str
        Ids that the software had and has no more; they are in neither.
    """

    complete: dict[str, RawRow] = field(default_factory=dict)
    partial: dict[str, RawRow] = field(default_factory=dict)
    deleted: list[str] = field(default_factory=list)

    @property
    def headings(self) -> set[str]:
        rows = (*self.complete.values(), *self.partial.values())
        tables = {id(row.places): row.places for row in rows}
        return {heading for places in tables.values() for heading in places}


def gather(store: RawStore) -> RawRows:
    """Lay the exports of a store over each other.

    Exports of complete responses add up, a later row taking the place of an earlier one with the same id. Of partial
    responses only the last export counts, since it has them all, and in it only who has not submitted meanwhile.

    Raises
    ------
    InputError
        A file is gone, altered, or no export.
    """
    rows = RawRows()
    entries = store.entries()
    last_partial = max((place for place, entry in enumerate(entries) if entry.kind == "partial"), default=-1)
    for place, entry in enumerate(entries):
        if entry.kind == "partial" and place != last_partial:
            continue
        content = store.read(entry)
        found = read_rows(content, masked=entry.masked, file=store.folder / entry.file)
        if entry.kind == "partial":
            rows.partial = {row.id: row for row in found}
            continue
        rows.complete |= {row.id: row for row in found}
        for number in entry.deleted:
            if rows.complete.pop(number, None) is not None:
                rows.deleted.append(number)
    rows.partial = {number: row for number, row in rows.partial.items() if number not in rows.complete}
    return rows


def read_rows(content: bytes, *, masked: bool, file: Path) -> Iterator[RawRow]:
    """The rows of one export.

    Raises
    ------
    InputError
        It is no table with a column of ids.
    """
    records = [cells for _, cells in read_delimited(content, file).records if any(cell is not None for cell in cells)]
    if not records:
        return
    headings = [heading or "" for heading in records[0]]
    places = _places(headings)
    if ID not in places:
        raise _no_export(file, f"no column “{ID}” among {len(headings)}")
    for cells in records[1:]:
        number = cells[places[ID]] if len(cells) == len(headings) else None
        if not number:
            raise _no_export(file, f"a row of {len(cells)} cells under {len(headings)} headings, or one without id")
        yield RawRow(number, cells, places, masked)


def _places(headings: list[str]) -> dict[str, int]:
    """Heading → position; of a name that the software and a question share, the question's with `QUESTION` behind it.

    LimeSurvey writes such a name twice, its own column first; our service writes `OURS` before its own.
    """
    places: dict[str, int] = {}
    for place, heading in enumerate(headings):
        if heading.startswith(OURS):
            name = heading.removeprefix(OURS)
            if name in places:
                places[name + QUESTION] = places[name]
            places[name] = place
        else:
            places[heading + QUESTION if heading in places else heading] = place
    return places


def _no_export(file: Path, found: str) -> InputError:
    return InputError(
        Problem("raw-export", f"expected a table of responses with an id in every row, found {found}.",
                "Fetch again; if it stays so, look at the export in the survey software.", file=str(file))
    )  # fmt: skip
