"""What a command asks of whatever collects answers, a LimeSurvey server or our own service: the same verbs and values."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from clustergov.survey.collection.fieldwork import Fieldwork


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody to be invited.

    Attributes
    ----------
    pseudonym : str
        By which answers are known; the only thing here that is not personal.
    email, name, language : str
    """

    pseudonym: str
    email: str
    name: str = ""
    language: str = ""

    def __repr__(self) -> str:
        return f"Person({self.pseudonym!r})"


@dataclass(frozen=True, slots=True)
class Invited:
    """What became of invitations.

    Attributes
    ----------
    sent : tuple of str
        Pseudonyms whose message the server sent.
    links : tuple of (Person, str)
        Personal links that somebody else has to send; empty when the server sends them.
    failed : tuple of (str, str)
        Pseudonym, and why (without the address).
    """

    sent: tuple[str, ...] = ()
    links: tuple[tuple[Person, str], ...] = ()
    failed: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Status:
    """Where a survey stands.

    Attributes
    ----------
    title, address : str
    state : {"not active", "open", "closed"}
    complete, partial : int
        Submitted responses, and those begun and not submitted.
    invited, reminded, opened, completed : int or None
        Invitations; None where there are none or the software does not tell.
    """

    title: str
    address: str
    state: Literal["not active", "open", "closed"]
    complete: int
    partial: int
    invited: int | None = None
    reminded: int | None = None
    opened: int | None = None
    completed: int | None = None


@dataclass(frozen=True, slots=True)
class RawExport:
    """Rows of a survey as the software gave them, byte for byte.

    Attributes
    ----------
    content : bytes
        CSV with expression names (``code_item``) as headings and codes as answers.
    kind : {"complete", "partial"}
    taken : datetime
        In UTC.
    rows : int
    deleted : tuple of str
        Ids of complete responses that were fetched before and that the software no longer has.
    masked : bool
        Texts that a spreadsheet would run as a formula carry an apostrophe (`formula_cells.harmless`).
    """

    content: bytes
    kind: Literal["complete", "partial"]
    taken: datetime.datetime
    rows: int
    deleted: tuple[str, ...] = ()
    masked: bool = False


class Collector(Protocol):
    """A survey in the field."""

    def status(self) -> Status: ...

    def invite(self, people: Sequence[Person], fieldwork: Fieldwork) -> Invited: ...

    def remind(self, fieldwork: Fieldwork) -> Invited: ...

    def fetch(self, *, have: Collection[str] = ()) -> tuple[RawExport, ...]:
        """All partial responses, then the complete ones; those whose ids are in `have` may be left out.

        Not “those after the last id”: a response has its number from when it was begun, and whoever finishes late would
        be lost. Partial ones are taken first, so that who submits meanwhile is in one export at least.
        """
        ...

    def pseudonyms(self) -> dict[str, str]:
        """The software's token (or response id) of each row that belongs to an invited person, to its pseudonym."""
        ...

    def close(self) -> None: ...
