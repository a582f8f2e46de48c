"""What the coding page shows and is told: codings with identifiers, steps taken back, progress, and what a search finds."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Literal
from urllib.parse import quote, unquote

from clustergov.casestudies.coding.coding import Coding, Polarity
from clustergov.language import Text
from clustergov.problems import InputError, Problem


class Keep(Enum):
    """Stands for a value that is left as it is."""

    KEEP = "keep"


KEEP = Keep.KEEP


@dataclass(frozen=True, slots=True)
class Held:
    """A coding and how it is called.

    Attributes
    ----------
    id : str
        Made of round, case, document, coder, place and concept, so that it is the same tomorrow.
    """

    id: str
    coding: Coding

    @classmethod
    def of(cls, coding: Coding) -> Held:
        # Numbers and a hyphen need no quoting; 20,000 passages share a few names.
        where = coding.where if coding.passage is not None else _quoted(coding.where)
        around = _quoted(coding.case), _quoted(coding.document), _quoted(coding.coder), where, _quoted(coding.concept)
        return cls(f"{coding.round}/{'/'.join(around)}", coding)


@lru_cache(maxsize=4096)
def _quoted(part: str) -> str:
    return quote(part, safe="")


@dataclass(frozen=True, slots=True)
class Name:
    """What the identifier of a coding is made of."""

    round: int
    case: str
    document: str
    coder: str
    where: str
    concept: str

    @classmethod
    def read(cls, identifier: str) -> Name:
        """Take an identifier apart.

        Raises
        ------
        InputError
            It is none.
        """
        parts = [unquote(part) for part in identifier.split("/")]
        if len(parts) != 6 or not parts[0].isdecimal():
            raise InputError(
                Problem("unknown-coding", "expected the identifier of a coding, found something else.",
                        "Load the document again.", place=identifier[:80])
            )  # fmt: skip
        return cls(int(parts[0]), *parts[1:])


@dataclass(frozen=True, slots=True)
class Step:
    """What was undone or redone.

    Attributes
    ----------
    verb : str
        The action that was undone or redone: code, remove, change, memo, done, open, resolve, reopen.
    held : tuple of Held
        The codings that it touched, as they are now, or as they were where they are gone now.
    """

    verb: str
    held: tuple[Held, ...]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one coder is with one document.

    Attributes
    ----------
    kind : {"statements", "note", "document"}
    units : int
        Statements or paragraphs; 0 for a document, whose passages are chosen by the coder.
    coded_units : int
        Those with at least one coding.
    characters : int
        Of a document's text; 0 otherwise.
    codings : int
        By this coder.
    done : bool
    done_by : tuple of str
        Every coder who is done with it.
    all_done : bool
        Whether every coder of the round is.
    """

    case: str
    document: str
    kind: Literal["statements", "note", "document"]
    title: Text
    units: int
    coded_units: int
    characters: int
    codings: int
    done: bool
    done_by: tuple[str, ...]
    all_done: bool


@dataclass(frozen=True, slots=True)
class Hit:
    """One place that a search found.

    Attributes
    ----------
    kind : {"text", "coding", "memo"}
        Words of a document or unit; a coding by its concept's code or name; a memo.
    at : str
        Code of the unit; empty for a document.
    start, end : int or None
        Code points of the document's text; within the text of a unit for kind text.
    language : str
        In which the words stand.
    shown : str
        The words with some of their surroundings.
    held : Held or None
        For a coding, and for a memo on one.
    """

    case: str
    document: str
    kind: Literal["text", "coding", "memo"]
    at: str = ""
    start: int | None = None
    end: int | None = None
    language: str = ""
    shown: str = ""
    held: Held | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """A coding that coders agree on although none of them had it so."""

    concept: str
    polarity: Polarity | None = None
    at: str = ""
    start: int | None = None
    end: int | None = None
    memo: Text | None = None
