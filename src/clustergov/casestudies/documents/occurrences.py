"""Where a few words stand in a long text, asked thousands of times."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import islice

import numpy as np

GRAM = 8
"""Code points that are looked up at once; a shorter part is looked for from the beginning."""

_LONG = 50_000
"""Code points from which on an index is worth its making."""

_FIRST = 20
"""Questions about a long text that are answered without an index: whoever asks so few does not want to wait for it."""

_RARE = 8

_MULTIPLIER = 0x9E3779B97F4A7C15
_MODULUS = 1 << 64


def occurrences(part: str, text: str, *, most: int | None = None) -> list[int]:
    """Every offset at which `part` stands in `text`, ascending, overlapping ones too; at most `most` of them.

    Nothing stands anywhere: of an empty part there is no offset.
    """
    if not part:
        return []
    index = _index(text) if len(part) >= GRAM and len(text) >= _LONG else None
    return list(islice(_found(part, text) if index is None else index.places(part), most))


def _found(part: str, text: str) -> Iterator[int]:
    start = text.find(part)
    while start >= 0:
        yield start
        start = text.find(part, start + 1)


class _Asked:
    """A long text and how often it was asked about; indexed when that pays."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.questions = 0
        self.index: _Index | None = None


class _Index:
    """Every offset of a text beside a number made of the eight code points that stand there, sorted.

    Both are kept in one integer: the number in its upper bits, the offset in its lower ones. Different code points may
    make one number, so what is found is compared with the text itself.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._offsets = (1 << len(text).bit_length()) - 1
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.uint64)
        size = len(codes) - GRAM + 1
        numbers = np.zeros(size, dtype=np.uint64)
        for place in range(GRAM):
            numbers += codes[place : place + size]
            numbers *= np.uint64(_MULTIPLIER)  # overflow is meant: the remainder of 2**64
        numbers &= np.uint64(~self._offsets % _MODULUS)
        numbers |= np.arange(size, dtype=np.uint64)
        numbers.sort()
        self._numbers = numbers

    def places(self, part: str) -> Iterator[int]:
        """By the first eight code points of it that are rare, of its beginning, end and middle; else by the rarest."""
        last = len(part) - GRAM
        chosen: tuple[list[int], int] | None = None
        for at in (0, last, last // 2):
            found = self._numbers_of(part[at : at + GRAM])
            if chosen is None or len(found) < len(chosen[0]):
                chosen = found, at
            if len(found) <= _RARE:
                break
        numbers, at = chosen or ([], 0)
        for number in numbers:
            start = (number & self._offsets) - at
            if start >= 0 and self._text.startswith(part, start):
                yield start

    def _numbers_of(self, gram: str) -> list[int]:
        number = 0
        for character in gram:
            number = (number + ord(character)) * _MULTIPLIER % _MODULUS
        low = int(self._numbers.searchsorted(np.uint64(number & ~self._offsets)))
        most = number | self._offsets
        few: list[int] = self._numbers[low : low + _RARE + 1].tolist()
        if len(few) <= _RARE or few[-1] > most:
            return [one for one in few if one <= most]
        return list(self._numbers[low : int(self._numbers.searchsorted(np.uint64(most), side="right"))].tolist())


@lru_cache(maxsize=2)
def _asked(text: str) -> _Asked:
    return _Asked(text)


def _index(text: str) -> _Index | None:
    asked = _asked(text)
    asked.questions += 1
    if asked.index is None and asked.questions > _FIRST:
        asked.index = _Index(text)
    return asked.index
