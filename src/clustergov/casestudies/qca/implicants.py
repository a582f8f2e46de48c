"""Prime implicants, exactly and fast: per row, the largest sets of conditions that may be left out.

Leaving out the conditions T of a positive row gives an implicant unless some forbidden configuration differs from the
row in conditions of T only. The sets T that must not be left out are therefore those which contain the difference of
some forbidden configuration: one pass per condition over the 2^k sets finds them all (a superset closure), 64 sets to
a machine word. The prime implicants of the row are the largest sets outside. The work is k·2^k/64 per row, whatever
the number of cubes, and levels of multi-value conditions need nothing extra: an implicant has the row's own level or
leaves the condition out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Levels = NDArray[np.int64]
Words = NDArray[np.uint64]
Flags = NDArray[np.bool_]

MOST_CONDITIONS = 20
"""Beyond, 2^k sets per row take seconds and hundreds of megabytes; no number of cases carries so many conditions."""

_WORD = 6
"""A machine word holds the sets of six conditions."""
_WITHOUT = tuple(
    np.uint64(mask)
    for mask in (0x5555555555555555, 0x3333333333333333, 0x0F0F0F0F0F0F0F0F,
                 0x00FF00FF00FF00FF, 0x0000FFFF0000FFFF, 0x00000000FFFFFFFF)
)  # fmt: skip
"""Which of the 64 sets in a word lack condition 0, 1, … 5."""
_AT_ONCE = 1 << 22
"""Sets looked at together: enough to make small tables one operation, little enough for the cache."""


@dataclass(frozen=True, slots=True, eq=False)
class PrimeImplicants:
    """Every prime implicant that covers at least one positive row.

    Attributes
    ----------
    levels : ndarray of int, shape (implicants, k)
        The level of each condition, −1 where it is left out; sorted, present before absent, conditions from the left.
    covers : ndarray of uint64, shape (implicants, ceil(rows / 64))
        The chart: bit r of word w says that the implicant covers positive row 64·w + r.
    """

    levels: Levels
    covers: Words

    def chart(self, rows: int) -> Flags:
        """The chart as flags, shape (implicants, rows)."""
        octets = self.covers.view(np.uint8).reshape(len(self.covers), -1)
        return np.unpackbits(octets, axis=1, count=rows, bitorder="little").astype(bool)


def prime_implicants(positive: Levels, sizes: Levels, *, forbidden: Levels) -> PrimeImplicants:
    """Prime implicants when everything but `forbidden` may be covered (the remainders are don't-cares).

    Parameters
    ----------
    positive : ndarray of int, shape (rows, k)
        Configurations to be covered.
    sizes : ndarray of int, shape (k,)
        Levels per condition.
    forbidden : ndarray of int, shape (any, k)
        Configurations that no implicant may cover.
    """
    return _gather(positive, sizes, lambda differences: differences.any_of(forbidden))


def closed_prime_implicants(positive: Levels, sizes: Levels, *, allowed: Levels) -> PrimeImplicants:
    """Prime implicants when nothing but `allowed`, which holds every positive row, may be covered.

    Configurations that differ from a row in exactly the conditions D number Π (levels − 1) over D; as soon as fewer of
    them are allowed, one is forbidden. So the forbidden configurations need not be listed.
    """
    return _gather(positive, sizes, lambda differences: differences.not_all_of(allowed))


class _Differences:
    """In which conditions configurations differ from each of some rows, as bit masks; condition 0 is bit 0."""

    def __init__(self, rows: Levels, sizes: Levels) -> None:
        self.rows, self.sizes = rows, sizes
        self.sets = 1 << len(sizes)
        self.bits = (1 << np.arange(len(sizes))).astype(np.int64)

    def any_of(self, others: Levels) -> Flags:
        """Flags, shape (rows, 2^k): some configuration differs in exactly these conditions."""
        found = np.zeros((len(self.rows), self.sets), dtype=bool)
        for place, masks in enumerate(self._masks(others)):
            found[place, masks] = True
        return found

    def not_all_of(self, others: Levels) -> Flags:
        """Flags, shape (rows, 2^k): not every configuration that differs in exactly these conditions is there."""
        possible = np.ones(1, dtype=np.int64)
        for size in self.sizes:
            possible = np.concatenate([possible, possible * (size - 1)])
        return np.array([np.bincount(masks, minlength=self.sets) < possible for masks in self._masks(others)])

    def _masks(self, others: Levels) -> Iterator[Levels]:
        if (self.sizes == 2).all():
            codes = others @ self.bits
            yield from (codes ^ code for code in self.rows @ self.bits)
        else:
            yield from ((others != row) @ self.bits for row in self.rows)


def _gather(positive: Levels, sizes: Levels, blocked: Callable[[_Differences], Flags]) -> PrimeImplicants:
    step = max(1, _AT_ONCE >> len(sizes))
    keys, rows = [], []
    for start in range(0, len(positive), step):
        part = positive[start : start + step]
        row, left_out = _largest(blocked(_Differences(part, sizes)), len(sizes))
        keys.append(_keys(part[row], left_out, sizes))
        rows.append(row + start)
    every_key, every_row = np.concatenate(keys), np.concatenate(rows)
    found, which = np.unique(every_key, return_inverse=True)
    covers = np.zeros((len(found), -(-len(positive) // 64)), dtype=np.uint64)
    ends = np.searchsorted(every_row, np.arange(len(positive) + 1))
    for place in range(len(positive)):
        covers[which[ends[place] : ends[place + 1]], place // 64] |= np.uint64(1) << np.uint64(place % 64)
    return PrimeImplicants(_levels(found, sizes), covers)


def _largest(blocked: Flags, k: int) -> tuple[Levels, Levels]:
    """Rows and masks of the largest sets, by inclusion, that contain no blocked set."""
    words = _closed(_packed(blocked, k), k)
    good = ~words
    if k < _WORD:
        good &= np.uint64((1 << (1 << k)) - 1)
    larger = np.zeros_like(good)
    for place in range(min(k, _WORD)):
        larger |= (good >> np.uint64(1 << place)) & _WITHOUT[place]
    for place in range(_WORD, k):
        shape = (len(good), -1, 2, 1 << (place - _WORD))
        larger.reshape(shape)[:, :, 0] |= good.reshape(shape)[:, :, 1]
    good &= ~larger
    row, word = np.nonzero(good)
    bits = np.unpackbits(good[row, word].view(np.uint8).reshape(-1, 8), axis=1, bitorder="little")
    which, bit = np.nonzero(bits)
    return row[which], word[which] * 64 + bit


def _packed(flags: Flags, k: int) -> Words:
    if k < _WORD:
        flags = np.pad(flags, ((0, 0), (0, 64 - (1 << k))))
    return np.packbits(flags, axis=1, bitorder="little").view(np.uint64)


def _closed(words: Words, k: int) -> Words:
    """Every set that contains a flagged one, in place."""
    for place in range(min(k, _WORD)):
        words |= (words & _WITHOUT[place]) << np.uint64(1 << place)
    for place in range(_WORD, k):
        pairs = words.reshape(len(words), -1, 2, 1 << (place - _WORD))
        pairs[:, :, 1] |= pairs[:, :, 0]
    return words


def _keys(rows: Levels, left_out: Levels, sizes: Levels) -> Levels:
    """One number per implicant, in the order in which implicants are listed: the set first, absent conditions last."""
    keys = np.zeros(len(rows), dtype=np.int64)
    for place, size in enumerate(sizes):
        digit = np.where((left_out >> place) & 1, size, size - 1 - rows[:, place])
        keys = keys * (size + 1) + digit
    return keys


def _levels(keys: Levels, sizes: Levels) -> Levels:
    levels = np.empty((len(keys), len(sizes)), dtype=np.int64)
    for place in reversed(range(len(sizes))):
        keys, digit = np.divmod(keys, sizes[place] + 1)
        levels[:, place] = sizes[place] - 1 - digit
    return levels
