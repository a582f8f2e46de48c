"""The corpus: codebook, cases, documents and codings of one study, read together and checked against each other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import TypeVar

from clustergov.casestudies import case as case_file
from clustergov.casestudies import codebook as codebook_file
from clustergov.casestudies.attribute import Attribute, attribute_problems, read_attributes
from clustergov.casestudies.case import Case, Statement
from clustergov.casestudies.codebook import Codebook
from clustergov.casestudies.coding import coding as coding_file
from clustergov.casestudies.coding.coding import Coding
from clustergov.casestudies.documents import document as document_file
from clustergov.casestudies.documents.document import Document
from clustergov.casestudies.documents.passage import find, line_and_column
from clustergov.problems import InputError, Problem
from clustergov.yaml_file import Positions

Value = TypeVar("Value")
FileOfCodings = tuple[tuple[Coding, ...], Positions]


@dataclass(frozen=True)
class Corpus:
    """Everything the case studies hold.

    Attributes
    ----------
    codebook : Codebook
    cases : tuple of Case
        In alphabetical order of their folders.
    documents : tuple of Document
        The researcher's own; a shipped study has none.
    codings : tuple of Coding
        Of every case, document and coder.
    attributes : tuple of Attribute
        Declared of cases and documents.
    """

    codebook: Codebook
    cases: tuple[Case, ...]
    documents: tuple[Document, ...]
    codings: tuple[Coding, ...]
    attributes: tuple[Attribute, ...] = ()

    @cached_property
    def by_case(self) -> dict[str, Case]:
        return {case.case: case for case in self.cases}

    def document(self, case: str, code: str) -> Document:
        return next(found for found in self.documents if (found.case, found.code) == (case, code))

    def statement(self, coding: Coding) -> Statement | None:
        """The statement or paragraph that a coding is about; None for a passage of a document."""
        return None if coding.passage is not None else self.by_case[coding.case].units[coding.document][coding.at]

    @cached_property
    def coders(self) -> tuple[str, ...]:
        return tuple(sorted({coding.coder for coding in self.codings}))

    @cached_property
    def coded_passages(self) -> int:
        """Statements, paragraphs and passages to which at least one concept was given."""
        return len({coding.place for coding in self.codings})


def read_corpus(folder: Path | str) -> Corpus:
    """Read ``codebook.yml`` and every case folder (``case.yml``, ``documents.yml``, ``codings/*.yml``) in `folder`.

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
    codings: list[Coding] = []
    folders = _case_folders(folder)
    if not folders:
        problems.append(
            Problem("no-cases", "expected at least one folder with a case.yml, found none.",
                    "Make a folder per case.", file=str(folder))
        )  # fmt: skip
    for place in folders:
        case = _try(partial(case_file.read, place / "case.yml", languages=languages), problems)
        own = _documents(place, problems)
        files = _codings(place, problems)
        if own is not None:
            documents += own
            for index, document in enumerate(own):
                problems += attribute_problems(document.attributes, "document", attributes, place / "documents.yml",
                                               ("documents", index, "attributes"))  # fmt: skip
        codings += [coding for file, _ in files for coding in file]
        problems += _same_file_twice(files)
        if case is not None:
            cases.append(case)
            problems += attribute_problems(case.attributes, "case", attributes, place / "case.yml", ("attributes",))
            problems += _case_problems(case, place, own)
            if codebook is not None and own is not None:
                for file in files:
                    problems += _coding_problems(*file, case, own, codebook)
    if problems or codebook is None:
        raise InputError(problems)
    return Corpus(codebook, tuple(cases), tuple(documents), tuple(codings), attributes)


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


def _codings(place: Path, problems: list[Problem]) -> list[FileOfCodings]:
    files = []
    for path in sorted((place / "codings").glob("*.y*ml")):
        file = _try(partial(coding_file.read, path, case=place.name), problems)
        if file is not None:
            files.append(file)
    return files


def _case_problems(case: Case, place: Path, documents: tuple[Document, ...] | None) -> Iterator[Problem]:
    path = str(place / "case.yml")
    if case.case != place.name:
        yield Problem(
            "case-folder", f"the case is called “{case.case}”, its folder “{place.name}”.",
            "Give both the same name.", file=path, place="case",
        )  # fmt: skip
    for document in documents or ():
        if document.code in case.units:
            yield Problem(
                "duplicate-code", f"“{document.code}” is a note of the case and a document.",
                "Give each its own code.", file=path, place="notes",
            )  # fmt: skip


def _same_file_twice(files: list[FileOfCodings]) -> Iterator[Problem]:
    seen: dict[tuple[str, str], str] = {}
    for codings, positions in files:
        if not codings:
            continue
        key = codings[0].document, codings[0].coder
        if key in seen:
            yield positions.problem(
                ("document",), "codings-twice",
                f"the codings of “{key[0]}” by “{key[1]}” stand in {Path(seen[key]).name} already.",
                "Keep one file per document and coder.",
            )  # fmt: skip
        seen.setdefault(key, positions.file)


def _coding_problems(
    codings: tuple[Coding, ...], positions: Positions, case: Case, documents: tuple[Document, ...], codebook: Codebook
) -> Iterator[Problem]:
    seen = set()
    for index, coding in enumerate(codings):
        if coding.concept not in codebook.by_code:
            yield positions.problem(
                ("codings", index, "concept"), "unknown-concept",
                f"the concept “{coding.concept}” is not in the codebook.",
                f"Expected one of: {', '.join(codebook.codes)}.",
            )  # fmt: skip
        elif not codebook.by_code[coding.concept].codable:
            yield positions.problem(
                ("codings", index, "concept"), "folder-coded", f"“{coding.concept}” is a folder, which orders concepts.",
                "Give a concept that stands in it, or make it codable in the codebook.",
            )  # fmt: skip
        if (coding.place, coding.concept) in seen:
            yield positions.problem(
                ("codings", index), "coding-twice",
                f"“{coding.concept}” is coded twice in the same place by one coder.", "Remove one.",
            )  # fmt: skip
        seen.add((coding.place, coding.concept))
        if coding.passage is None:
            yield from _unit_problems(coding, index, positions, case, documents)
        else:
            yield from _passage_problems(coding, index, positions, documents)


def _unit_problems(
    coding: Coding, index: int, positions: Positions, case: Case, documents: tuple[Document, ...]
) -> Iterator[Problem]:
    own = {document.code for document in documents}
    if coding.document in own:
        yield positions.problem(
            ("codings", index), "coding-place", f"“{coding.document}” is a document: expected offsets, found `at`.",
            "Give start, end and exact.",
        )  # fmt: skip
    elif coding.document not in case.units:
        yield _unknown_document(coding, positions, [*case.units, *own])
    elif coding.at not in case.units[coding.document]:
        yield positions.problem(
            ("codings", index, "at"), "unknown-passage",
            f"“{coding.document}” of the case “{case.case}” holds nothing with the code “{coding.at}”.",
            "Check the code, or the document that this file names.",
        )  # fmt: skip


def _passage_problems(
    coding: Coding, index: int, positions: Positions, documents: tuple[Document, ...]
) -> Iterator[Problem]:
    document = next((found for found in documents if found.code == coding.document), None)
    if document is None or coding.passage is None:
        yield _unknown_document(coding, positions, [found.code for found in documents])
        return
    found = find(coding.passage, document.text)
    place = ("codings", index, "start")
    if found.status == "moved" and found.start is not None:
        line, column = line_and_column(document.text, found.start)
        yield positions.problem(
            place, "passage-moved",
            f"the passage does not stand at {coding.passage.start}–{coding.passage.end} of “{document.code}”; "
            f"it is now at {found.start}–{found.end} (line {line}, column {column}).",
            "Write the new offsets, or anchor the codings of this document again.",
        )  # fmt: skip
    elif found.status == "lost":
        yield positions.problem(place, "passage-lost", _LOST[found.reason].format(document=document.code),
                                "Look the passage up in the document and code it again.")  # fmt: skip


_LOST = {
    "": "the passage was not found in “{document}”.",
    "changed": "the passage was not found in “{document}”: its text is gone or was changed.",
    "ambiguous": "the passage occurs more than once in “{document}” and its surroundings do not tell which is meant.",
    "elsewhere": "the words of the passage occur in “{document}”, but among other words than when they were coded.",
}


def _unknown_document(coding: Coding, positions: Positions, known: list[str]) -> Problem:
    return positions.problem(
        ("document",), "unknown-document", f"the case has no document “{coding.document}”.",
        f"Expected one of: {', '.join(known) or '(none)'}.",
    )  # fmt: skip
