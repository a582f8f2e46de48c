"""Which elements changed their place among others that stayed."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence


def moved(old: Sequence[str], new: Sequence[str]) -> list[str]:
    """The fewest elements that, taken out, leave the common ones in the same order; in the new order.

    The others are a longest increasing subsequence of the old places (Fredman, 1975, Discrete Mathematics 11, 29–35).
    """
    place = {name: order for order, name in enumerate(old)}
    common = [name for name in new if name in place]
    ends: list[int] = []
    last: list[int] = []
    before: list[int | None] = []
    for order, name in enumerate(common):
        at = bisect_left(ends, place[name])
        before.append(last[at - 1] if at else None)
        ends[at : at + 1] = [place[name]]
        last[at : at + 1] = [order]
    kept: set[int] = set()
    step: int | None = last[-1] if last else None
    while step is not None:
        kept.add(step)
        step = before[step]
    return [name for order, name in enumerate(common) if order not in kept]
