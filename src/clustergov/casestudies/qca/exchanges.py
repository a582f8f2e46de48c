"""More covers from known ones: a choice exchanged for another that covers the rows it alone covered."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

import numpy as np

from clustergov.casestudies.qca.chart import Flags

Cover = tuple[int, ...]


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
    waiting = deque(found)
    counts = chart.astype(np.int64)
    while waiting and len(found) < most:
        cover = waiting.popleft()
        times = counts[list(cover)].sum(axis=0)
        for place, choice in enumerate(cover):
            alone = chart[choice] & (times == 1)
            for other in np.flatnonzero(chart[:, alone].all(axis=1)).tolist():
                one = tuple(sorted((*cover[:place], other, *cover[place + 1 :])))
                if one not in found and other not in cover and len(found) < most:
                    found[one] = None
                    waiting.append(one)
    return list(found)
