"""How a program counted: the reading of its offsets under which most selections hold the words in their names.

The standard counts Unicode code points of the plain text file. Programs differ in what they did with a byte-order mark,
with line ends of two characters (CRLF) and with characters beyond 16 bits, and its wording leaves open whether the end
belongs to the selection. Each reading is tried; the first of the best is taken.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product

from clustergov.casestudies.documents.passage import normalise

BOM = "\ufeff"
_BLANKS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff\ufffd]")
LONG_NAME = 30
"""A name of so many characters may be the beginning of a longer selection."""


@dataclass(frozen=True, slots=True)
class Counting:
    """One way to count.

    Attributes
    ----------
    bom : bool
        The byte-order mark counts as a character.
    crlf : int
        Characters for which a CRLF counts: 1 or 2.
    utf16 : bool
        UTF-16 units are counted, two for a character beyond 16 bits.
    inclusive : bool
        The end is the last character of the selection.
    """

    bom: bool = False
    crlf: int = 1
    utf16: bool = False
    inclusive: bool = False

    def words(self, raw: str) -> str:
        """The reading in words, as far as it matters to this text."""
        parts = ["the byte-order mark counted" if self.bom else "the byte-order mark not counted"] * raw.startswith(BOM)
        if "\r\n" in raw:
            parts.append(f"CRLF counted as {'one character' if self.crlf == 1 else 'two characters'}")
        if self.utf16:
            parts.append("UTF-16 units counted instead of code points")
        if self.inclusive:
            parts.append("the end taken as the last character")
        return ", ".join(parts) or "code points, the end exclusive"


@dataclass(frozen=True, slots=True)
class Mark:
    """Offsets as they stand in a file, and the name beside them."""

    start: int
    end: int
    name: str = ""


@dataclass(frozen=True, slots=True)
class Placed:
    """A text and where its marks stand in it.

    Attributes
    ----------
    text : str
        Normalised.
    places : tuple of (int, int)
        As counted in `text`; not yet held against its length.
    split : int
        Marks that began or ended inside a character (in half of it, as UTF-16 counts); widened to the whole one.
    named, agreeing, second : int
        Marks with a name; those that hold it under `counting`, and under the best other one.
    """

    text: str
    places: tuple[tuple[int, int], ...]
    counting: Counting
    split: int
    named: int
    agreeing: int
    second: int


def place_marks(raw: str, marks: Sequence[Mark], *, crlf: int = 2) -> Placed:
    """Place marks in a text that was decoded and not changed otherwise.

    Parameters
    ----------
    crlf : {1, 2}
        As what a CRLF counts where names do not tell.
    """
    tried = [_Tried(raw, marks, counting) for counting in _countings(raw, crlf)]
    best = max(tried, key=lambda each: each.score)
    if best.agreeing < best.named:
        tried += [_Tried(raw, marks, replace(each.counting, inclusive=True)) for each in tried]
        best = max(tried, key=lambda each: each.score)
    second = max((each.agreeing for each in tried if each is not best), default=0)
    return Placed(
        best.text, tuple(best.places), best.counting, best.split, best.named, best.agreeing, second
    )  # fmt: skip


def agrees(name: str, words: str) -> int:
    """2 when a name is these words or a long beginning of them, line ends aside; 1 when only blanks at the ends differ."""
    name, words = _BLANKS.sub(" ", name.replace("\r\n", "\n")), _BLANKS.sub(" ", words)
    shown = name.removesuffix("…").removesuffix("...")
    if name == words or ((shown != name or len(shown) >= LONG_NAME) and words.startswith(shown)):
        return 2
    bare, whole = shown.strip(), words.strip()
    return int(bool(bare) and (bare == whole or (len(bare) >= LONG_NAME and whole.startswith(bare))))


def _countings(raw: str, crlf: int) -> Iterator[Counting]:
    boms = (False, True) if raw.startswith(BOM) else (False,)
    crlfs = (crlf, 3 - crlf) if "\r\n" in raw else (1,)
    units = (False, True) if any(ord(character) > 0xFFFF for character in raw) else (False,)
    for utf16, two, bom in product(units, crlfs, boms):
        yield Counting(bom=bom, crlf=two, utf16=utf16)


class _Tried:
    """One reading, tried."""

    def __init__(self, raw: str, marks: Sequence[Mark], counting: Counting) -> None:
        base = raw.removeprefix(BOM)
        self.counting, self.text, self.split = counting, normalise(raw), 0
        # Where CRLF counts as one character, the text was counted as we keep it.
        counted = base if counting.crlf == 2 else self.text
        self._pairs = [match.start() for match in re.finditer("\r\n", counted)]
        self._wide = _wide(counted) if counting.utf16 else []
        self.places = [self._place(mark) for mark in marks]
        named = [(mark.name, place) for mark, place in zip(marks, self.places, strict=True) if mark.name.strip()]
        found = [agrees(name, self.text[max(0, start) : max(0, end)]) for name, (start, end) in named]
        self.named, self.agreeing = len(named), sum(map(bool, found))
        outside = sum(not 0 <= start <= end <= len(self.text) for start, end in self.places)
        self.score = (sum(found), -outside)

    def _place(self, mark: Mark) -> tuple[int, int]:
        start, halved = self._point(mark.start)
        end, cut = self._point(mark.end + self.counting.inclusive)
        self.split += halved or cut
        return start, end + cut

    def _point(self, offset: int) -> tuple[int, bool]:
        """An offset in the normalised text, and whether it stood inside a character."""
        offset -= self.counting.bom
        before = bisect_left(self._wide, offset)
        halved = before > 0 and self._wide[before - 1] == offset - 1
        offset -= before
        return offset - bisect_left(self._pairs, offset), halved


def _wide(text: str) -> list[int]:
    """Where, in UTF-16 units, each character beyond 16 bits begins."""
    starts, extra = [], 0
    for index, character in enumerate(text):
        if ord(character) > 0xFFFF:
            starts.append(index + extra)
            extra += 1
    return starts
