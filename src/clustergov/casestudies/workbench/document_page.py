"""What the script of the coding page is given of one document: paragraphs, codes, and the codings that may be seen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from clustergov.casestudies.case import STATEMENTS, Case
from clustergov.casestudies.codebook import Codebook, Concept
from clustergov.casestudies.coding.workbench import Held, Workbench
from clustergov.casestudies.documents.document import Document
from clustergov.casestudies.workbench.blocks import Block, of_document, of_units
from clustergov.casestudies.workbench.seat import Seat
from clustergov.casestudies.workbench.wording import script_words, word
from clustergov.problems import InputError, Problem

COLOURS = ("#2b6cb0", "#b7410e", "#2f7d32", "#8e44ad", "#9a6a00", "#00798c", "#c2185b", "#5d4037", "#455a64", "#6b7a00")
"""For codes without a colour of their own; each is told from white and from black at a ratio of 3 or more."""

Row = tuple[str, int, int, int, str | None, str | None, str, bool]
"""A coding for the script: id, start, end, number of its code, polarity, memo, coder, whether it is one's own."""


@dataclass(frozen=True, slots=True)
class Opened:
    """One document as a coder sees it.

    Attributes
    ----------
    document : Document or None
        None for the statements of a case and for a note, whose paragraphs are coded whole.
    """

    case: Case
    code: str
    title: str
    document: Document | None
    blocks: tuple[Block, ...]

    @property
    def whole(self) -> bool:
        return self.document is None

    def span(self, held: Held) -> tuple[int, int]:
        """Where a coding stands on the page."""
        if held.coding.passage is not None:
            return held.coding.passage.start, held.coding.passage.end
        block = next(block for block in self.blocks if block.at == held.coding.at)
        return block.start, block.end


class Opening:
    """Documents cut into their paragraphs, each once: a text does not change while the workbench is open."""

    def __init__(self, bench: Workbench) -> None:
        self._bench = bench
        self._opened: dict[tuple[str, str, str], Opened] = {}

    def __call__(self, case: str, document: str, language: str) -> Opened:
        """The document with that code; see `open_document`."""
        key = case, document, language
        if key not in self._opened:
            self._opened[key] = open_document(self._bench, *key)
        return self._opened[key]


def open_document(bench: Workbench, case: str, code: str, language: str) -> Opened:
    """The document with that code.

    Raises
    ------
    InputError
        The case, or the document in it, is not there.
    """
    found = bench.corpus.by_case.get(case)
    if found is None:
        raise _unknown("case", case, list(bench.corpus.by_case))
    if code in found.units:
        title = word("statements", language)
        if code != STATEMENTS:
            title = next(note.title.to(language) for note in found.notes if note.code == code)
        return Opened(found, code, title, None, of_units(found.units[code], language))
    documents = {each.code: each for each in bench.corpus.documents if each.case == case}
    if code not in documents:
        raise _unknown("document", code, [*found.units, *documents])
    document = documents[code]
    return Opened(found, code, document.title.to(language), document, of_document(document, language))


def _unknown(what: str, code: str, known: list[str]) -> InputError:
    return InputError(
        Problem(f"unknown-{what}", f"there is no {what} “{code}”.", f"Expected one of: {', '.join(known) or '(none)'}.")
    )


def rows(opened: Opened, held: Iterable[Held], codebook: Codebook, coder: str, language: str) -> list[Row]:
    """Codings for the script, in the order in which they came."""
    numbers = {concept.code: number for number, concept in enumerate(ordered(codebook))}
    spans = {block.at: (block.start, block.end) for block in opened.blocks if block.at}
    found: list[Row] = []
    for each in held:
        coding = each.coding
        number = numbers.get(coding.concept)
        passage = coding.passage
        span = spans.get(coding.at) if passage is None else (passage.start, passage.end)
        if number is None or span is None:
            continue
        memo = coding.memo.to(language) if coding.memo else None
        found.append((each.id, *span, number, coding.polarity, memo, coding.coder, coding.coder == coder))
    return found


def ordered(codebook: Codebook) -> list[Concept]:
    """The concepts as the palette lists them: each under its parent."""
    return [concept for _, concept in codebook.tree()]


def codes(codebook: Codebook, language: str) -> list[dict[str, Any]]:
    """The palette for the script."""
    found = []
    for number, (level, concept) in enumerate(codebook.tree()):
        above = [concept.code, *codebook.ancestors(concept.code)]
        found.append(
            {
                "code": concept.code,
                "name": concept.name.to(language),
                "path": codebook.path(concept.code, language),
                "level": level,
                "line": above,
                "codable": concept.codable,
                "colour": concept.colour or COLOURS[number % len(COLOURS)],
                "about": _about(concept, language),
            }
        )
    return found


def _about(concept: Concept, language: str) -> dict[str, str]:
    parts = {
        "definition": concept.definition.to(language),
        "include": concept.include.to(language),
        "exclude": concept.exclude.to(language),
        "example": " / ".join(example.to(language) for example in concept.examples),
    }
    return {part: text for part, text in parts.items() if text}


def closed_because(bench: Workbench, seat: Seat, opened: Opened) -> str:
    """Why nothing can be coded here: the key of the sentence that says so; empty when it can."""
    if bench.is_closed(seat.round):
        return "closed"
    found = next(each for each in bench.rounds if each.number == seat.round)
    return "" if found.holds(opened.case.case, opened.code) else "other_round"


def note(bench: Workbench, seat: Seat, opened: Opened) -> str:
    """The coder's own memo about the document, in the language of the page."""
    memo = bench.memo(seat.coder, seat.round, opened.case.case, opened.code)
    return memo.get(seat.language, "") if memo else ""


def data(bench: Workbench, seat: Seat, opened: Opened, *, revision: int) -> dict[str, Any]:
    """Everything that the script shows of a document, in one answer."""
    codebook = bench.corpus.codebook
    where = opened.case.case, opened.code
    held = bench.codings(*where, coder=seat.coder, round=seat.round)
    return {
        "language": opened.document.language if opened.document else seat.language,
        "whole": opened.whole,
        "closed": closed_because(bench, seat, opened),
        "done": bench.is_done(seat.coder, seat.round, *where),
        "note": note(bench, seat, opened),
        "revision": revision,
        "blocks": [(block.start, block.text, block.label, block.at) for block in opened.blocks],
        "codes": codes(codebook, seat.language),
        "codings": rows(opened, held, codebook, seat.coder, seat.language),
        "words": script_words(seat.language),
    }
