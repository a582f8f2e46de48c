"""By what a person is known in the files of a study, and the rows of tables that are theirs."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from clustergov.survey.delimited import pieces
from clustergov.survey.formula_cells import as_it_was
from clustergov.survey.privacy.pseudonym import is_pseudonym

Kind = Literal["raw", "numbered", "people"]

_IDS = frozenset({"id", "pseudonym", "pseudoniem", "respondent", "response", "responseid"})
_PEOPLE = re.compile(r"(frame|people|links|sample|steekproef|personen)", re.IGNORECASE)
_TOKEN = re.compile(r"[A-Za-z0-9~_-]{15,}")
"""What in a personal link can be its token: LimeSurvey's have 15 signs or more, ours 26."""
_OWN = 8
"""Characters from which an identifier is so much this person's that it is looked for in every cell."""


@dataclass(frozen=True, slots=True)
class Traces:
    """What leads to a person.

    Attributes
    ----------
    pseudonym : str
        Empty where the person is known by a response alone.
    responses, tokens : frozenset of str
        Ids of their responses in the survey software, and their personal access codes.
    """

    pseudonym: str = ""
    responses: frozenset[str] = frozenset()
    tokens: frozenset[str] = frozenset()

    def with_(self, *, responses: Iterable[str] = (), tokens: Iterable[str] = ()) -> Traces:
        """With further ids and codes."""
        return replace(
            self,
            responses=self.responses | {each for each in responses if each},
            tokens=self.tokens | {each for each in tokens if each},
        )

    @property
    def unmistakable(self) -> frozenset[str]:
        """Those that mean this person wherever they stand; the number 17 does not, nor a pseudonym such as p1."""
        long = {each for each in (*self.responses, *self.tokens) if len(each) >= _OWN and not each.isdigit()}
        return frozenset(long | ({self.pseudonym} if is_pseudonym(self.pseudonym) else set()))

    def own(self, row: Mapping[str, str], kind: Kind, others: Collection[str] = ()) -> bool:
        """Whether a row of a table is this person's.

        Parameters
        ----------
        row : mapping of heading to cell
        kind : {"raw", "numbered", "people"}
        others : collection of str
            Pseudonyms of other people, which may look like the number of a response.
        """
        if any(cell in self.unmistakable for cell in row.values()):
            return True
        if any(token in cell for token in self.tokens & self.unmistakable for cell in row.values()):
            return True
        if row.get("token") in self.tokens:
            return True
        ids = {cell for heading, cell in row.items() if heading.casefold() in _IDS and cell}
        if kind == "raw":
            return row.get("id") in self.responses
        if self.pseudonym and self.pseudonym in ids:
            return True
        numbers = self.responses - set(others)
        return kind == "numbered" and bool(ids & {*numbers, *(f"response-{each}" for each in self.responses)})


@dataclass(frozen=True, slots=True)
class Parted:
    """A table without a person's rows.

    Attributes
    ----------
    content : bytes
        Every other row as it was, byte for byte.
    removed : tuple of mapping of heading to cell
    rows : int
        That are left.
    """

    content: bytes
    removed: tuple[Mapping[str, str], ...] = field(repr=False)
    rows: int


def kind_of(path: Path, headings: Collection[str], *, raw: bool = False) -> Kind:
    """How a table knows people.

    An export of the software does by its own numbers; a frame or a list of people by pseudonym; what is made of
    responses by pseudonym, or by such a number where none is known.
    """
    if raw:
        return "raw"
    named = {heading.casefold() for heading in headings} & {"pseudonym", "pseudoniem"}
    return "people" if named or _PEOPLE.match(path.name) else "numbered"


def rows_of(content: bytes, path: Path) -> list[tuple[bytes, Mapping[str, str] | None]]:
    """The pieces of a delimited table, and what each says by heading; None for headings and what is no row.

    Raises
    ------
    InputError
        It is no table.
    """
    headings: list[str] = []
    found: list[tuple[bytes, Mapping[str, str] | None]] = []
    for piece, cells in pieces(content, path):
        row = None
        if cells and headings:
            row = {heading: as_it_was(cell or "") for heading, cell in zip(headings, cells, strict=False)}
        elif cells:
            headings = [(heading or "").strip() for heading in cells]
        found.append((piece, row))
    return found


def part(content: bytes, path: Path, traces: Traces, *, raw: bool = False, others: Collection[str] = ()) -> Parted:
    """Take a person's rows out of a delimited table.

    Parameters
    ----------
    raw : bool
        Whether it is an export of survey software.
    others : collection of str
        Pseudonyms of other people.

    Raises
    ------
    InputError
        It is no table.
    """
    kept, removed, rows = [], [], 0
    for piece, row in rows_of(content, path):
        if row is not None and traces.own(row, kind_of(path, row, raw=raw), others):
            removed.append(row)
            continue
        rows += row is not None
        kept.append(piece)
    return Parted(b"".join(kept), tuple(removed), rows)


def tokens_in(row: Mapping[str, str]) -> set[str]:
    """Access codes in a row: those of a column “token”, and what in a personal link can be one."""
    found = {cell for heading, cell in row.items() if heading.casefold() == "token" and cell}
    links = [cell for heading, cell in row.items() if heading.casefold() in ("link", "url") or "://" in cell]
    return found | {each for link in links for each in _TOKEN.findall(link.partition("://")[2].partition("/")[2])}
