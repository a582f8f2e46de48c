"""The corpus: codebook, cases, documents and codings of one study, read together and checked against each other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path
from typing import TypeVar

from clustergov.casestudies import case as case_file
from clustergov.casestudies import codebook as codebook_file
from clustergov.casestudies.attribute import Attribute, attribute_problems, read_attributes
from clustergov.casestudies.case import Case, Statement
from clustergov.casestudies.codebook import Codebook
from clustergov.casestudies.codebook_rules import cautions as codebook_cautions
from clustergov.casestudies.coding.checking import coder_problems, outdated_decisions, same_sheet_twice, sheet_problems
from clustergov.casestudies.coding.coding import CONSENSUS, Coding
from clustergov.casestudies.coding.rounds import ONLY, Round, read_rounds
from clustergov.casestudies.coding.sheet import CASE
from clustergov.casestudies.coding.store import Store, open_stores
from clustergov.casestudies.documents import document as document_file
from clustergov.casestudies.documents.document import Document
from clustergov.problems import InputError, Problem

Value = TypeVar("Value")
Resolved = tuple[str, str, int, str, str, str]
"""A coding whose place a decision has taken: case, document, round, coder, where and concept."""


@dataclass(frozen=True)
class Corpus:
    """Everything the case studies hold.

    Attributes
    ----------
    codebook : Codebook
    cases : tuple of Case
        In alphabetical order of their folders, contrasts last.
    documents : tuple of Document
        The researcher's own; a shipped study has none.
    codings : tuple of Coding
        Of every case, document, coder and round, the coder `consensus` among them; also what is not settled yet.
    attributes : tuple of Attribute
        Declared of cases and documents.
    rounds : tuple of Round
        In order of their numbers; one, open to all, where none are declared.
    resolved : frozenset
        Codings whose place a decision of the coders together has taken.
    cautions : tuple of Problem
        What is no mistake but should be known, such as a line of a journal that was cut off.
    made : mapping
        Case, document, round, coder, where and concept → when the coding got its present form, UTC; as far as a journal
        tells; empty while a study is open for coding.
    """

    codebook: Codebook
    cases: tuple[Case, ...]
    documents: tuple[Document, ...]
    codings: tuple[Coding, ...]
    attributes: tuple[Attribute, ...] = ()
    rounds: tuple[Round, ...] = (ONLY,)
    resolved: frozenset[Resolved] = frozenset()
    cautions: tuple[Problem, ...] = ()
    made: Mapping[Resolved, str] = field(default_factory=dict)

    @cached_property
    def by_case(self) -> dict[str, Case]:
        return {case.case: case for case in self.cases}

    @cached_property
    def _by_code(self) -> dict[tuple[str, str], Document]:
        return {(document.case, document.code): document for document in self.documents}

    def document(self, case: str, code: str) -> Document:
        return self._by_code[case, code]

    def statement(self, coding: Coding) -> Statement | None:
        """The statement or paragraph that a coding is about; None for a passage of a document."""
        return None if coding.passage is not None else self.by_case[coding.case].units[coding.document][coding.at]

    @cached_property
    def coders(self) -> tuple[str, ...]:
        """Everybody who coded; the consensus is nobody."""
        return tuple(sorted({coding.coder for coding in self.codings} - {CONSENSUS}))

    @cached_property
    def counted(self) -> tuple[Coding, ...]:
        """The codings that count: every coder's, but where coders decided together their decision in the place of them.

        Codings of a round that a later round replaces for their document do not count.
        """
        together = {
            (coding.case, coding.document, coding.round, coding.key)
            for coding in self.codings
            if coding.coder == CONSENSUS
        }
        return tuple(coding for coding in self.codings if self._counts(coding, together))

    def _counts(self, coding: Coding, together: set[tuple[str, str, int, tuple[str, str]]]) -> bool:
        if any(coding.round in one.replaces and one.holds(coding.case, coding.document) for one in self.rounds):
            return False
        if coding.coder == CONSENSUS:
            return True
        place = coding.case, coding.document, coding.round
        return (*place, coding.key) not in together and (*place, coding.coder, *coding.key) not in self.resolved

    @cached_property
    def coded_passages(self) -> int:
        """Statements, paragraphs and passages to which at least one concept was given."""
        return len({coding.place for coding in self.counted})


def read_corpus(folder: Path | str) -> Corpus:
    """Read ``codebook.yml`` and every case folder (``case.yml``, ``documents.yml``, ``codings/*.yml``) in `folder`.

    Raises
    ------
    InputError
        With every mistake in every file.
    """
    corpus, stores = read_with_stores(folder, "")
    made: dict[Resolved, str] = {}
    for store in stores:
        sheet = store.read().sheet
        place = sheet.case, sheet.document, sheet.round, sheet.coder
        made |= {(*place, *key): time for key, time in store.past().times.items() if key in sheet.codings}
    return replace(corpus, made=made)


def read_with_stores(folder: Path | str, session: str) -> tuple[Corpus, tuple[Store, ...]]:
    """The same, with the sheets on disk, for a program that goes on to code.

    Parameters
    ----------
    session : str
        The name of this run of the program in journals.

    Raises
    ------
    InputError
        With every mistake in every file.
    """
    folder = Path(folder)
    problems: list[Problem] = []
    codebook = _try(partial(codebook_file.read, folder / "codebook.yml"), problems)
    languages = codebook.languages if codebook else ()
    attributes = _attributes(folder / "attributes.yml", languages, problems)
    cases: list[Case] = []
    documents: list[Document] = []
    stores: list[Store] = []
    rounds = _try(partial(read_rounds, folder / "rounds.yml"), problems)
    folders = _case_folders(folder)
    if not folders:
        problems.append(
            Problem("no-cases", "expected at least one folder with a case.yml, found none.",
                    "Make a folder per case.", file=str(folder))
        )  # fmt: skip
    for place in folders:
        case = _try(partial(case_file.read, place / "case.yml", languages=languages), problems)
        own = _documents(place, problems)
        files, mistakes = open_stores(place, session)
        problems += mistakes
        stores += files
        if own is not None:
            documents += own
            for index, document in enumerate(own):
                problems += attribute_problems(document.attributes, "document", attributes, place / "documents.yml",
                                               ("documents", index, "attributes"))  # fmt: skip
        problems += same_sheet_twice(files)
        if case is not None:
            cases.append(case)
            problems += attribute_problems(case.attributes, "case", attributes, place / "case.yml", ("attributes",))
            problems += _case_problems(case, place, own)
            if codebook is not None and own is not None:
                for file in files:
                    problems += sheet_problems(file.read(), case, own, codebook)
    if rounds is not None:
        problems += coder_problems(stores, rounds)
        problems += _unknown_places(folder / "rounds.yml", rounds, cases, documents)
    if problems or codebook is None or rounds is None:
        raise InputError(problems)
    cases.sort(key=lambda case: case.contrast)
    corpus = Corpus(codebook, tuple(cases), tuple(documents), (), attributes, rounds)
    return _with_codings(corpus, stores), tuple(stores)


def _with_codings(corpus: Corpus, stores: list[Store]) -> Corpus:
    standing = [store.read() for store in stores]
    sheets = [one.sheet for one in standing]
    return replace(
        corpus,
        codings=tuple(coding for sheet in sheets for coding in sheet.codings.values()),
        resolved=frozenset(
            (sheet.case, sheet.document, sheet.round, coder, where, concept)
            for sheet in sheets
            for entry in sheet.resolutions.values()
            for coder, where, concept, _ in entry.about
        ),
        cautions=(
            *codebook_cautions(corpus.codebook, "codebook.yml"),
            *(each for one in standing for each in one.cautions),
            *outdated_decisions(standing),
        ),
    )


def _unknown_places(
    path: Path, rounds: tuple[Round, ...], cases: list[Case], documents: list[Document]
) -> Iterator[Problem]:
    known = {case.case for case in cases}
    known |= {f"{case.case}/{name}" for case in cases for name in case.units}
    known |= {f"{document.case}/{document.code}" for document in documents}
    for one in rounds:
        for place in one.documents:
            if place not in known:
                yield Problem(
                    "unknown-document", f"round {one.number} names “{place}”, which is no case and no document.",
                    "Write a case, or case/document.", file=str(path), place=f"rounds.{one.code}.documents",
                )  # fmt: skip


def _attributes(path: Path, languages: tuple[str, ...], problems: list[Problem]) -> tuple[Attribute, ...]:
    if not path.exists():
        return ()
    return _try(partial(read_attributes, path, languages=languages), problems) or ()


def _case_folders(folder: Path) -> list[Path]:
    """Folders that hold anything of a case, so that one without its case.yml is told and not passed over."""
    parts = ("case.yml", "documents.yml", "codings")
    return sorted({path.parent for part in parts for path in folder.glob(f"*/{part}")})


def _try(read: Callable[[], Value], problems: list[Problem]) -> Value | None:
    try:
        return read()
    except InputError as error:
        problems += error.problems
        return None


def _documents(place: Path, problems: list[Problem]) -> tuple[Document, ...] | None:
    path = place / "documents.yml"
    if not path.exists():
        return ()
    return _try(partial(document_file.read, path, case=place.name), problems)


def _case_problems(case: Case, place: Path, documents: tuple[Document, ...] | None) -> Iterator[Problem]:
    path = str(place / "case.yml")
    if case.case != place.name:
        yield Problem(
            "case-folder", f"the case is called “{case.case}”, its folder “{place.name}”.",
            "Give both the same name.", file=path, place="case",
        )  # fmt: skip
    for code in (*case.units, *(document.code for document in documents or ())):
        if code == CASE:
            yield Problem(
                "reserved-code", f"no note or document can be called “{CASE}”.",
                "That name stands for memos about the whole case; choose another.", file=path, place="notes",
            )  # fmt: skip
    for document in documents or ():
        if document.code in case.units:
            yield Problem(
                "duplicate-code", f"“{document.code}” is a note of the case and a document.",
                "Give each its own code.", file=path, place="notes",
            )  # fmt: skip
