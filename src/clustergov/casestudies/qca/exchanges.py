"""More covers from known ones: choices exchanged for others that cover the rows they alone covered."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from itertools import combinations

import numpy as np

from clustergov.casestudies.qca.chart import Flags

Cover = tuple[int, ...]

FEW = 100
"""Covers below which two choices at a time are exchanged as well, which costs seconds."""


def exchanged(chart: Flags, known: Iterable[Cover], most: int) -> list[Cover]:
    """Covers of the same size that exchanges reach, breadth first, with the known ones; each once, at most `most`.

    Where a full search is out of reach, this bounds the number of smallest covers from below, and every cover found is one.

    Parameters
    ----------
    chart : ndarray of bool, shape (choices, rows)
    known : iterable of tuple of int
        Smallest covers, ascending.
    """
    found = dict.fromkeys(known)
    first = next(iter(found))
    _spread(chart, found, list(found), most)
    if len(found) < min(FEW, most):
        new = [one for one in _by_two(chart, first) if one not in found][: most - len(found)]
        found.update(dict.fromkeys(new))
        _spread(chart, found, list(found), most)
    return list(found)


def _spread(chart: Flags, found: dict[Cover, None], start: Iterable[Cover], most: int) -> None:
    waiting = deque(start)
    while waiting and len(found) < most:
        for one in _by_one(chart, waiting.popleft()):
            if one not in found and len(found) < most:
                found[one] = None
                waiting.append(one)


def _by_one(chart: Flags, cover: Cover) -> Iterator[Cover]:
    times = chart[list(cover)].sum(axis=0)
    for choice in cover:
        alone = chart[choice] & (times == 1)
        for other in np.flatnonzero(chart[:, alone].all(axis=1)).tolist():
            if other not in cover:
                yield _changed(cover, {choice}, {other})


def _by_two(chart: Flags, cover: Cover) -> Iterator[Cover]:
    times = chart[list(cover)].sum(axis=0)
    for pair in combinations(cover, 2):
        alone = (times > 0) & (times == chart[list(pair)].sum(axis=0))
        missing = ~chart[:, alone]
        rarest = missing.sum(axis=0).argmax()
        firsts = np.flatnonzero(~missing[:, rarest])
        both_miss = missing[firsts].astype(np.float32) @ missing.T.astype(np.float32)
        for one, other in np.argwhere(both_miss == 0).tolist():
            new = {int(firsts[one]), other}
            if len(new) == 2 and not new & set(cover):
                yield _changed(cover, set(pair), new)


def _changed(cover: Cover, old: set[int], new: set[int]) -> Cover:
    return tuple(sorted((set(cover) - old) | new))
