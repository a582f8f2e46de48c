"""A document as it is shown: its paragraphs, where each begins in the text, and what it is called."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from clustergov.casestudies.case import Statement
from clustergov.casestudies.documents.document import Document
from clustergov.casestudies.documents.location import Layout, Location

LONGEST = 6_000
"""Code points of one block: a text without a blank line is cut at its lines, so that the browser can draw it in parts."""

BETWEEN = 2
"""Code points that are counted between two units of a note: they are shown one under the other."""


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph.

    Attributes
    ----------
    start : int
        Code point of the normalised text; for a unit, of the units written one under the other.
    text : str
        With the line ends inside it.
    label : str
        What the reader sees beside it: a number, or its place in the original.
    at : str
        Code of the statement or paragraph; empty in a document.
    """

    start: int
    text: str
    label: str
    at: str = ""

    @property
    def end(self) -> int:
        return self.start + len(self.text)


def of_document(document: Document, language: str) -> tuple[Block, ...]:
    """The paragraphs of a document: everything but the blanks between them, each with its place."""
    layout = Layout(document.text, document.pages, document.paragraphs)
    spans = _spans(document.text, layout.paragraphs)
    return tuple(
        Block(start, document.text[start:end], layout.locate(start).text(language)) for start, end in spans
    )  # fmt: skip


def of_units(units: dict[str, Statement], language: str) -> tuple[Block, ...]:
    """The statements of a case or the paragraphs of a note, which are coded whole."""
    blocks: list[Block] = []
    start = 0
    for number, (code, unit) in enumerate(units.items(), 1):
        text = unit.text.to(language)
        label = f"{Location(None, number, number).text(language)} [{unit.mark}]"
        blocks.append(Block(start, text, label, code))
        start += len(text) + BETWEEN
    return tuple(blocks)


def _spans(text: str, starts: tuple[int, ...]) -> Iterator[tuple[int, int]]:
    for start, end in pairwise((*starts, len(text))):
        part = text[start:end]
        yield from _cut(text, start + len(part) - len(part.lstrip()), start + len(part.rstrip()))


def _cut(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A block, or several where it is too long; never one of blanks only."""
    while end - start > LONGEST:
        line = text.rfind("\n", start, start + LONGEST)
        word = text.rfind(" ", start, start + LONGEST)
        cut = line if line > start else word if word > start else start + LONGEST - 1
        if text[start : cut + 1].strip():
            yield start, cut + 1
        start = cut + 1
    if text[start:end].strip():
        yield start, end
