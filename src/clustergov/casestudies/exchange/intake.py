"""What taking in a project starts from: the project, the study that it comes into, and where losses are noted."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from clustergov.casestudies.case import Case
from clustergov.casestudies.codebook import Codebook
from clustergov.casestudies.coding.coding import Coding
from clustergov.casestudies.coding.rounds import Round
from clustergov.casestudies.corpus import Corpus
from clustergov.casestudies.documents.document import DocumentEntry
from clustergov.casestudies.exchange import describing
from clustergov.casestudies.exchange.labelled import Lines, first
from clustergov.casestudies.exchange.refi import MemoNote, Project
from clustergov.casestudies.exchange.sheet_memos import Memos
from clustergov.casestudies.exchange.sidecar import Known, Sidecar
from clustergov.instruments.exchange import Notes


@dataclass
class Intake:
    """The start.

    Attributes
    ----------
    corpus : Corpus or None
        Of the study that the project comes into; None: a new one.
    sidecar : Sidecar
        Of that study; empty for a new one.
    language : str
        Of what the file says in words of its own.
    stem : str
        Name of the file, for what has no name.
    case : str
        Code of the case for texts that the file puts in none; empty: found or made.
    """

    project: Project
    corpus: Corpus | None
    sidecar: Sidecar
    notes: Notes
    language: str
    stem: str
    case: str = ""
    used: set[str] = field(default_factory=set)

    @cached_property
    def lines(self) -> Lines:
        """What one of our own exports says of the whole."""
        return describing.lines_of(self.project.description, describing.PROJECT)

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """Those in which every text of the study must stand."""
        if self.corpus is not None:
            return self.corpus.codebook.languages
        named = tuple(each for each in first(self.lines, "languages").split(", ") if each)
        return named or (self.language,)

    @cached_property
    def memos(self) -> dict[str, MemoNote]:
        """Notes by GUID; of two with one GUID the first."""
        return {memo.guid: memo for memo in reversed(self.project.memos)}

    @cached_property
    def origin(self) -> str:
        """The program that wrote the file, in words."""
        return " ".join(self.project.origin.split())[:100] or "a program that does not give its name"

    def memo(self, *guids: str) -> list[str]:
        """The texts of these notes, which are thereby not lost."""
        found = [self.memos[guid] for guid in dict.fromkeys(guids) if guid in self.memos]
        self.used.update(memo.guid for memo in found)
        return [memo.text.strip() for memo in found if memo.text.strip()]


@dataclass(frozen=True, slots=True)
class NewDocument:
    """A document that comes in: its entry in the list of its case, and its text."""

    case: str
    entry: DocumentEntry
    text: str


@dataclass(frozen=True, slots=True)
class Arrival:
    """What comes in, by the codes of the study.

    Attributes
    ----------
    codebook : Codebook
        With the concepts that were there.
    cases : tuple of Case
        New ones only.
    codings : tuple of Coding
        New ones only.
    memos : mapping
        About whole documents and cases; new ones only.
    rounds : tuple of Round
        All of them, where a round is new; else empty.
    known : tuple of Known
        For the table of GUIDs.
    """

    codebook: Codebook
    cases: tuple[Case, ...]
    documents: tuple[NewDocument, ...]
    codings: tuple[Coding, ...]
    memos: Memos
    rounds: tuple[Round, ...]
    known: tuple[Known, ...]
