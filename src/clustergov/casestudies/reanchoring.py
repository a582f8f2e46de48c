"""Codings after transcripts were edited: which stand where they stood, which moved, which words changed, which are lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from clustergov.casestudies.coding.coding import Coding, Key
from clustergov.casestudies.coding.consensus import followed
from clustergov.casestudies.coding.desk import new_session
from clustergov.casestudies.coding.sheet import Change, as_json
from clustergov.casestudies.coding.standing import Draft, Standing
from clustergov.casestudies.coding.store import Store, open_stores
from clustergov.casestudies.documents.adding import page_entries
from clustergov.casestudies.documents.document import DocumentEntry, PageEntry, read_list, read_text
from clustergov.casestudies.documents.document_writing import write
from clustergov.casestudies.documents.location import Layout, Location
from clustergov.casestudies.documents.passage import anchor, digest
from clustergov.casestudies.documents.placing import Placed, place
from clustergov.language import say
from clustergov.problems import InputError, Problem

COLUMNS = (
    "case", "document", "coder", "round", "concept", "status", "reason", "start", "end", "new_start", "new_end", "place",
    "words", "new_words",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reanchoring:
    """One coding and where it stands in the text as it is now.

    Attributes
    ----------
    coding : Coding
        As it was.
    placed : Placed
    location : Location or None
        In the text as it is now; None when lost.
    words, new_words : str
        What was coded and what stands there now, where these differ or the coding is lost; empty otherwise, and where
        the speaker did not agree to be quoted.
    """

    coding: Coding
    placed: Placed
    location: Location | None
    words: str = ""
    new_words: str = ""


@dataclass(frozen=True)
class ReanchoringReport:
    """Every passage of a study, looked up again.

    Attributes
    ----------
    found : tuple of Reanchoring
        By case, document, coder and place.
    documents : tuple of (str, str)
        Case and code of documents whose text is not the one that was listed.
    """

    found: tuple[Reanchoring, ...]
    documents: tuple[tuple[str, str], ...]

    @property
    def counts(self) -> Counter[str]:
        """How many are same, moved, changed and lost."""
        return Counter(each.placed.status for each in self.found)

    def frame(self) -> pd.DataFrame:
        """One row per coding of a passage."""
        rows = [_row(each) for each in self.found]
        frame = pd.DataFrame(rows, columns=list(COLUMNS))
        numbers = ("round", "start", "end", "new_start", "new_end")
        return frame.astype({name: "Int64" if name in numbers else "str" for name in COLUMNS})

    def sentence(self, language: str) -> str:
        counts = self.counts
        return say("documents.reanchoring.summary", language, n=len(self.found), documents=len(self.documents),
                   **{status: counts[status] for status in ("same", "moved", "changed", "lost")})  # fmt: skip


def reanchoring(folder: Path | str, *, write_it: bool = False) -> ReanchoringReport:
    """Look up every coded passage in the text of its document as it is now.

    Parameters
    ----------
    folder : Path
        Of the case studies.
    write_it : bool
        Store the new places: of each coder's codings as one action in the journal, then settled in their file; after
        them hash and pages in ``documents.yml``. Lost codings stay as they were, so that a person can look for them.

    Raises
    ------
    InputError
        A document, a list of documents or a file of codings cannot be read; nothing was then written.
    """
    folder = Path(folder)
    found: list[Reanchoring] = []
    documents: list[tuple[str, str]] = []
    work: list[tuple[Store, list[Reanchoring], str]] = []
    lists: list[tuple[Path, tuple[DocumentEntry, ...], dict[str, str]]] = []
    problems: list[Problem] = []
    for path in sorted(folder.glob("*/documents.yml")):
        try:
            entries, texts = _texts(path)
        except InputError as error:
            problems += error.problems
            continue
        documents += [(path.parent.name, entry.code) for entry in entries if _differs(entry, texts[entry.code])]
        lists.append((path, entries, texts))
        stores, mistakes = open_stores(path.parent, new_session())
        problems += mistakes
        for store in stores:
            entry = next((entry for entry in entries if entry.code == store.head.document), None)
            if entry is not None:
                looked = _looked_up(store, entry, texts[entry.code])
                found += looked
                work.append((store, looked, texts[entry.code]))
    if problems:
        raise InputError(problems)
    if write_it:
        moves = _moves(work)
        for store, looked, text in work:
            _write_codings(store, looked, text, moves)
        for path, entries, texts in lists:
            _write_list(path, entries, texts)
    return ReanchoringReport(tuple(sorted(found, key=_order)), tuple(documents))


def _texts(path: Path) -> tuple[tuple[DocumentEntry, ...], dict[str, str]]:
    listed, _ = read_list(path)
    problems: list[Problem] = []
    texts: dict[str, str] = {}
    for entry in listed.documents:
        try:
            texts[entry.code] = read_text(path.parent / entry.file)
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return listed.documents, texts


def _differs(entry: DocumentEntry, text: str) -> bool:
    return bool(entry.sha256) and entry.sha256 != digest(text)


def _looked_up(store: Store, entry: DocumentEntry, text: str) -> list[Reanchoring]:
    """Every passage of a sheet; of two that would come to stand in one place with one concept the second is lost."""
    codings = sorted(store.read().sheet.codings.values(), key=lambda coding: coding.order)
    layout = Layout(text, tuple(page.start for page in _pages(entry, text)), entry.paragraphs)
    placed = [(coding, place(coding.passage, text)) for coding in codings if coding.passage is not None]
    taken = {coding.key for coding, where in placed if where.status == "lost"}
    looked = []
    for coding, where in placed:
        if where.status != "lost":
            key = (f"{where.start}-{where.end}", coding.concept)
            if key in taken:
                where = Placed("lost", reason="taken")
            taken.add(key)
        looked.append(_reanchoring(coding, where, layout, shown=entry.consent != "not given"))
    return looked


def _reanchoring(coding: Coding, where: Placed, layout: Layout, *, shown: bool) -> Reanchoring:
    location = None if where.start is None else layout.locate(where.start)
    if coding.passage is None or where.status in ("same", "moved") or not shown:
        return Reanchoring(coding, where, location)
    return Reanchoring(coding, where, location, coding.passage.exact, layout.text[where.start or 0 : where.end or 0])


def _moves(work: Iterable[tuple[Store, list[Reanchoring], str]]) -> dict[tuple[object, ...], str]:
    """Case, document, round, coder, where and concept of every coding that was found → where it stands now."""
    return {
        (*store.head.sheet, each.coding.coder, *each.coding.key): f"{each.placed.start}-{each.placed.end}"
        for store, looked, _ in work
        for each in looked
        if each.placed.start is not None
    }


def _write_codings(
    store: Store, looked: Iterable[Reanchoring], text: str, moves: Mapping[tuple[object, ...], str]
) -> None:
    def move(coder: str, where: str, concept: str) -> Key:
        return moves.get((*store.head.sheet, coder, where, concept), where), concept

    def draft(standing: Standing) -> Draft:
        before, after = [], []
        for each in looked:
            old, where = standing.sheet.codings.get(each.coding.key), each.placed
            if old is None or where.start is None or where.end is None:
                continue
            new = replace(old, passage=anchor(text, where.start, where.end, document=old.document))
            if as_json(new) != as_json(old):
                before.append(Change("coding", old.key, as_json(old), None))
                after.append(Change("coding", new.key, None, as_json(new)))
        # First all are taken up, then all are put down: one may come to stand where another stood.
        # What coders decided together speaks of places too.
        return Draft((*before, *after, *followed(standing.sheet, move)))

    if draft(store.read()).changes:
        store.act(store.head.coder, "reanchor", draft)
        store.settle()


def _write_list(path: Path, entries: tuple[DocumentEntry, ...], texts: dict[str, str]) -> None:
    fresh = [
        entry.model_copy(update={"sha256": digest(texts[entry.code]), "pages": _pages(entry, texts[entry.code])})
        if _differs(entry, texts[entry.code]) else entry
        for entry in entries
    ]  # fmt: skip
    if tuple(fresh) != entries:
        write(fresh, path)


def _pages(entry: DocumentEntry, text: str) -> tuple[PageEntry, ...]:
    """The pages of a document, each looked for by its first words near where it began; one that is gone is left where it was."""
    if not entry.pages or not _differs(entry, text):
        return entry.pages
    starts: list[int] = []
    shift = 0
    for page in entry.pages:
        wanted = page.start + shift
        places = [
            i
            for i in (text.find(page.opens, max(0, wanted)), text.rfind(page.opens, 0, wanted + len(page.opens)))
            if i >= 0
        ]
        start = min(places, key=lambda at: abs(at - wanted), default=wanted) if page.opens else wanted
        start = max(starts[-1] if starts else 0, min(start, len(text)))
        shift = start - page.start
        starts.append(start)
    return page_entries(text, tuple(starts))


def _order(each: Reanchoring) -> tuple[str, str, str, int, tuple[int, int, str, str]]:
    coding = each.coding
    return coding.case, coding.document, coding.coder, coding.round, coding.order


def _row(each: Reanchoring) -> dict[str, object]:
    coding, passage = each.coding, each.coding.passage
    assert passage is not None
    return {
        "case": coding.case, "document": coding.document, "coder": coding.coder, "round": coding.round,
        "concept": coding.concept, "status": each.placed.status, "reason": each.placed.reason,
        "start": passage.start, "end": passage.end, "new_start": each.placed.start, "new_end": each.placed.end,
        "place": each.location.text("en") if each.location else "", "words": each.words, "new_words": each.new_words,
    }  # fmt: skip
