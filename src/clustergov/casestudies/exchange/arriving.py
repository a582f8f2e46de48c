"""Files of other software taken into a folder of case studies: rehearsed in a copy, read back, and only then handed over."""

from __future__ import annotations

import shutil
import tempfile
import uuid
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from clustergov.casestudies.codebook_writing import to_text as codebook_text
from clustergov.casestudies.coding.action import Head
from clustergov.casestudies.coding.coding import Coding
from clustergov.casestudies.coding.sheet import Change, Sheet, as_json
from clustergov.casestudies.coding.standing import Draft
from clustergov.casestudies.coding.store import Store, file_name, open_stores
from clustergov.casestudies.corpus import Corpus, read_corpus
from clustergov.casestudies.documents.document import DocumentList
from clustergov.casestudies.documents.document_writing import to_text as documents_text
from clustergov.casestudies.documents.pseudonyms import FILE as PSEUDONYMS
from clustergov.casestudies.documents.pseudonyms import Pseudonyms, read_pseudonyms
from clustergov.casestudies.exchange.codebook_exchange import read_codebook
from clustergov.casestudies.exchange.intake import Arrival, NewDocument
from clustergov.casestudies.exchange.inward import take_in
from clustergov.casestudies.exchange.package import LARGEST
from clustergov.casestudies.exchange.project_reading import read_project
from clustergov.casestudies.exchange.pseudonymising import pseudonymised, without_names
from clustergov.casestudies.exchange.refi import Project
from clustergov.casestudies.exchange.safe_xml import local, parse_xml
from clustergov.casestudies.exchange.sidecar import NAME, Sidecar, read_sidecar
from clustergov.casestudies.plain_file import dump, given, remark_of
from clustergov.instruments.exchange import Notes, read_content
from clustergov.language import Text
from clustergov.problems import InputError, Problem
from clustergov.yaml_file import read as read_yaml


@dataclass(frozen=True, slots=True)
class Arrived:
    """A file of other software as a folder of case studies holds it.

    Attributes
    ----------
    files : dict
        Path in the folder → content, of every file that is new or changed.
    before : dict
        What stood in the place of these files when they were read; None: nothing.
    corpus : Corpus
        The whole folder, read back.
    notes : tuple of Problem
        Everything that was left out, repaired or doubted.
    documents, codings, concepts, cases : int
        How many are new.
    """

    files: dict[str, bytes]
    before: dict[str, bytes | None]
    corpus: Corpus
    notes: tuple[Problem, ...]
    documents: int
    codings: int
    concepts: int
    cases: int


def read_foreign(path: Path, notes: Notes) -> Project:
    """Read a .qdpx, .qdc or .qde, told by its content.

    Raises
    ------
    InputError
        It is missing, damaged, dangerous, or none of these.
    """
    wanted = "a REFI-QDA project (.qdpx) or codebook (.qdc)"
    content = read_content(path, wanted=wanted, largest=LARGEST)
    if content[:2] == b"PK":
        return read_project(content, str(path), notes)
    if local(parse_xml(content, wanted=wanted, file=str(path))).lower() == "codebook":
        return read_codebook(content, str(path), notes)
    return read_project(content, str(path), notes)


def arrive(path: Path, folder: Path | None, *, language: str, case: str = "") -> Arrived:
    """Take a file in; nothing is written where the study stands.

    Parameters
    ----------
    folder : Path or None
        The case studies that it comes into; None: a new folder.
    language : str
        Of what the file says in its own words.
    case : str
        The case for texts that the file puts in none.

    Raises
    ------
    InputError
        The file cannot be read, or the case studies have mistakes of their own.
    """
    notes = Notes(str(path))
    corpus = read_corpus(folder) if folder is not None else None
    pseudonyms = read_pseudonyms(folder / PSEUDONYMS) if folder is not None else Pseudonyms()
    project = pseudonymised(read_foreign(path, notes), pseudonyms, notes)
    with tempfile.TemporaryDirectory() as place:
        copy = Path(place) / "casestudies"
        if folder is not None:
            # The list of real names stays where it is.
            shutil.copytree(folder, copy, symlinks=True, ignore=shutil.ignore_patterns(PSEUDONYMS))
            sidecar = read_sidecar(folder, corpus.codebook.codebook if corpus else "")
        else:
            copy.mkdir()
            sidecar = Sidecar("")
        before = _contents(copy)
        arrival = take_in(project, corpus, sidecar, notes, language=language, stem=path.stem, case=case)
        _write(arrival, copy, corpus, sidecar)
        after = _contents(copy)
        held = _read_back(copy, path)
    files = {name: content for name, content in after.items() if before.get(name) != content}
    return Arrived(
        files=files,
        before={name: before.get(name) for name in files},
        corpus=held,
        notes=_counted(without_names(note, pseudonyms) for note in notes.all()),
        documents=len(arrival.documents),
        codings=len(arrival.codings),
        concepts=len(arrival.codebook.concepts) - (len(corpus.codebook.concepts) if corpus else 0),
        cases=len(arrival.cases),
    )


def _counted(notes: Iterable[Problem]) -> tuple[Problem, ...]:
    """Each note once, and how often it would have stood there."""
    return tuple(
        note if number == 1 else replace(note, message=f"{note.message} ({number} times)")
        for note, number in Counter(notes).items()
    )


def _contents(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def _read_back(copy: Path, path: Path) -> Corpus:
    try:
        return read_corpus(copy)
    except InputError as error:
        # The copy is gone when this is read: say which file of the study it would have been.
        problems = [
            replace(
                each,
                file=str(path),
                place=f"{Path(each.file).relative_to(copy) if each.file else ''} {each.place}".strip(),
            )
            for each in error.problems
        ]
        summary = f"{path} does not make case studies that hold; nothing was written."
        raise InputError(problems, summary=summary) from None


def _write(arrival: Arrival, folder: Path, corpus: Corpus | None, sidecar: Sidecar) -> None:
    codebook = folder / "codebook.yml"
    if corpus is None or arrival.codebook != corpus.codebook:
        _put(codebook, codebook_text(arrival.codebook, remark=remark_of(codebook)))
    for case in arrival.cases:
        _put(folder / case.case / "case.yml", dump(given(case)))
    for name in dict.fromkeys(document.case for document in arrival.documents):
        _documents(folder / name, [document for document in arrival.documents if document.case == name])
    if arrival.rounds:
        path = folder / "rounds.yml"
        _put(path, dump({"rounds": [given(each) for each in arrival.rounds]}, remark=remark_of(path)))
    sheets: dict[Head, list[Coding]] = {head: [] for head in arrival.memos}
    for coding in arrival.codings:
        sheets.setdefault(Head(coding.case, coding.document, coding.coder, coding.round), []).append(coding)
    session = uuid.uuid4().hex[:12]
    for name in dict.fromkeys(head.case for head in sheets):
        stores = {store.head: store for store in open_stores(folder / name, session)[0]}
        for head in (each for each in sheets if each.case == name):
            _sheet(folder, head, sheets[head], arrival.memos.get(head), stores.get(head))
    sidecar.study = sidecar.study or arrival.codebook.codebook
    sidecar.add(arrival.known)
    if sidecar.known:
        _put(folder / NAME, sidecar.text())


def _put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


def _documents(folder: Path, fresh: list[NewDocument]) -> None:
    path = folder / "documents.yml"
    there = read_yaml(path, DocumentList)[0].documents if path.is_file() else ()
    _put(path, documents_text([*there, *(document.entry for document in fresh)], remark=remark_of(path)))
    for document in fresh:
        _put(folder / document.entry.file, document.text)


def _sheet(folder: Path, head: Head, codings: list[Coding], memo: Text | None, store: Store | None) -> None:
    """Put codings, and a memo where there is none, on a sheet."""

    def make(sheet: Sheet) -> tuple[Change, ...]:
        changes = [Change("coding", each.key, sheet.value("coding", each.key), as_json(each)) for each in codings]
        if memo and not sheet.memo:
            changes.append(Change("memo", (), None, dict(memo)))
        return tuple(changes)

    if store is None:
        sheet = Sheet(head.case, head.document, head.coder, head.round)
        for change in make(sheet):
            sheet.apply(change)
        _put(folder / head.case / "codings" / file_name(head.document, head.coder, head.round), sheet.text())
    elif make(store.read().sheet):
        # In the journal of the sheet, so that it can be undone, and settled, so that the file tells all of it.
        store.act(head.coder, "code", lambda standing: Draft(make(standing.sheet)))
        store.settle()
