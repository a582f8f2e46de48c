"""Where a passage stands as a reader would look it up: page, paragraph and line instead of an offset."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from clustergov.language import say

Unit = Literal["blocks", "lines"]
"""What a paragraph is in a text: a block between blank lines, or every line that is not blank."""

_BLANK = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")
_LINE = re.compile(r"^[^\S\n]*\S.*$", re.MULTILINE)
_SENTENCE_ENDS = (".", "!", "?", "…", ":", ";", "”", "’", '"', "'", ")", "]")


@dataclass(frozen=True, slots=True)
class Location:
    """A place in a document, each number counted from 1.

    Attributes
    ----------
    page : int or None
        None where the document has no fixed pages.
    paragraph : int
        On its page, or in the document where there are no pages.
    line : int
        Of the stored text, as an editor shows it.
    """

    page: int | None
    paragraph: int
    line: int

    def text(self, language: str) -> str:
        """As a reader sees it: ``p. 3, ¶ 2``."""
        if self.page is None:
            return say("documents.location.paragraph", language, paragraph=str(self.paragraph))
        return say("documents.location.page", language, page=str(self.page), paragraph=str(self.paragraph))


class Layout:
    """Pages, paragraphs and lines of one normalised text.

    Parameters
    ----------
    text : str
    pages : tuple of int
        Offset at which each page begins; empty without pages.
    unit : {"", "blocks", "lines"}
        Empty: as `paragraph_unit` finds.
    """

    def __init__(self, text: str, pages: tuple[int, ...] = (), unit: Unit | Literal[""] = "") -> None:
        self.text = text
        self.pages = pages
        self.unit: Unit = unit or paragraph_unit(text)

    @cached_property
    def paragraphs(self) -> tuple[int, ...]:
        """The offset at which each paragraph begins, without the blanks before it; a page begins one of its own."""
        if self.unit == "lines":
            starts = [match.end() - len(match.group().lstrip()) for match in _LINE.finditer(self.text)]
        else:
            starts = [0, *(match.end() for match in _BLANK.finditer(self.text))]
        inside = {start for start in starts if start < len(self.text)}
        return tuple(sorted(inside | {page for page in self.pages if page < len(self.text)}))

    def locate(self, offset: int) -> Location:
        """The place of an offset (code points of the normalised text); beyond the text counts as its end."""
        offset = max(0, min(offset, len(self.text)))
        line = bisect_right(self._lines, offset)
        paragraph = max(1, bisect_right(self.paragraphs, offset))
        if not self.pages:
            return Location(None, paragraph, line)
        page = max(1, bisect_right(self.pages, offset))
        return Location(page, paragraph - bisect_right(self.paragraphs, self.pages[page - 1] - 1), line)

    @cached_property
    def _lines(self) -> list[int]:
        return [0, *(match.end() for match in re.finditer("\n", self.text))]


def paragraph_unit(text: str) -> Unit:
    """What paragraphs are in a text that does not say.

    Lines that are wrapped break off in the middle of a sentence; turns of a transcript, one a line, end where a sentence
    ends. Blocks between blank lines are paragraphs unless most lines within them end a sentence.
    """
    within = [line for block in _BLANK.split(text) for line in block.strip("\n").split("\n")[:-1] if line.strip()]
    ending = sum(line.rstrip().endswith(_SENTENCE_ENDS) for line in within)
    return "lines" if within and ending > len(within) / 2 else "blocks"
