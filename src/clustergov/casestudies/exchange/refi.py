"""What a REFI-QDA project holds, whoever wrote it: users, codes, variables, cases, texts with coded selections, notes.

Texts are normalised (no byte-order mark, lines end in LF) and offsets count their code points, the end exclusive.
Everything refers to everything else by GUID, in lower case and without braces; an empty string stands for nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

VariableKind = Literal["Text", "Boolean", "Integer", "Float", "Date", "DateTime"]


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who coded."""

    guid: str
    name: str


@dataclass(frozen=True, slots=True)
class Code:
    """A code; `parent` is the GUID of the code under which it stands.

    Attributes
    ----------
    codable : bool
        False: a folder of codes.
    notes : tuple of str
        GUIDs of the notes on it.
    """

    guid: str
    name: str
    codable: bool = True
    colour: str = ""
    description: str = ""
    parent: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Variable:
    """An attribute of cases or sources."""

    guid: str
    name: str
    kind: VariableKind = "Text"


@dataclass(frozen=True, slots=True)
class Value:
    """What a variable (by GUID) is for a case or source, as it is written in the file."""

    variable: str
    text: str


@dataclass(frozen=True, slots=True)
class CodeUse:
    """One code given by one user at one time (as the file writes it, in UTC)."""

    guid: str
    code: str
    user: str = ""
    time: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Selection:
    """A stretch of a text with the codes given to it."""

    guid: str
    start: int
    end: int
    name: str = ""
    description: str = ""
    user: str = ""
    time: str = ""
    uses: tuple[CodeUse, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TextSource:
    """A text.

    Attributes
    ----------
    uses : tuple of CodeUse
        Codes given to the source as a whole.
    """

    guid: str
    name: str
    text: str
    description: str = ""
    user: str = ""
    time: str = ""
    selections: tuple[Selection, ...] = ()
    uses: tuple[CodeUse, ...] = ()
    notes: tuple[str, ...] = ()
    values: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True)
class CaseEntry:
    """A case: what it is called, and which sources, selections and codes belong to it."""

    guid: str
    name: str = ""
    description: str = ""
    codes: tuple[str, ...] = ()
    values: tuple[Value, ...] = ()
    sources: tuple[str, ...] = ()
    selections: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MemoNote:
    """A note (memo)."""

    guid: str
    name: str
    text: str
    user: str = ""
    time: str = ""


@dataclass(frozen=True, slots=True)
class MemberSet:
    """A set of codes, sources or notes."""

    guid: str
    name: str
    description: str = ""
    codes: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """Two things that belong together, and in which direction."""

    guid: str
    origin: str
    target: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Project:
    """A whole project.

    Attributes
    ----------
    origin : str
        The program that wrote it, and its version.
    codes : tuple of Code
        Each after the one under which it stands.
    notes : tuple of str
        GUIDs of the notes on the project itself.
    """

    name: str
    origin: str = ""
    description: str = ""
    users: tuple[User, ...] = ()
    codes: tuple[Code, ...] = ()
    variables: tuple[Variable, ...] = ()
    cases: tuple[CaseEntry, ...] = ()
    sources: tuple[TextSource, ...] = ()
    memos: tuple[MemoNote, ...] = ()
    sets: tuple[MemberSet, ...] = ()
    links: tuple[Link, ...] = ()
    notes: tuple[str, ...] = ()
