"""Which counts of respondents may stand beside each other, so that no small one follows from two that are shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from clustergov.casestudies.qca.calibrated_table import Array

Members = frozenset[int]


@dataclass(frozen=True, slots=True)
class Told:
    """What of a formula may be told beside all others: how many are in it, and how many of these lack the outcome."""

    inside: bool
    outcome: bool


def told_together(
    memberships: Mapping[str, Array], y: Array, rows: Sequence[tuple[Members, Members | None]], minimum: int | None
) -> dict[str, Told]:
    """Go through formulas from the largest on, and leave out what would give a small count away.

    Of two counts of which one is part of the other the rest follows; of two that make up a third, what they have in
    common; of one and the rows of the truth table in it, what the rows that are not shown hold.

    Parameters
    ----------
    memberships : mapping of str to ndarray, shape (cases,)
        Formula → membership.
    y : ndarray, shape (cases,)
        Membership in the outcome.
    rows : sequence of (members, deviant or None)
        Rows of the truth table that are shown, with the cases outside the outcome where their number is shown.
    minimum : int or None
        Smallest count that is shown; None: everything is.
    """
    if minimum is None:
        return dict.fromkeys(memberships, Told(True, True))
    kept: tuple[list[Members], list[Members], list[Members]] = ([], [], [])
    parts = (
        [members for members, _ in rows],
        [members - deviant for members, deviant in rows if deviant is not None],
        [deviant for _, deviant in rows if deviant is not None],
    )
    found = {}
    for name, x in sorted(memberships.items(), key=lambda item: (-int((item[1] > 0.5).sum()), item[0])):
        sets = (_members(x > 0.5), _members((x > 0.5) & (y > 0.5)), _members((x > 0.5) & (y < 0.5)))
        safe = [
            all(rest == 0 or rest >= minimum for rest in _follows(one, others, part))
            for one, others, part in zip(sets, kept, parts, strict=True)
        ]
        found[name] = Told(safe[0], all(safe))
        for one, others, shown in zip(sets, kept, (safe[0], all(safe), all(safe)), strict=True):
            if shown:
                others.append(one)
    return found


def _follows(one: Members, others: Sequence[Members], parts: Sequence[Members]) -> Iterator[int]:
    """Counts that can be worked out when that of `one` is shown beside those of others and of disjoint parts."""
    for other in others:
        if one <= other or other <= one:
            yield len(one ^ other)
        if one | other in others:
            yield len(one & other)
    inside = [part for part in parts if part <= one]
    if inside:
        yield len(one.difference(*inside))


def _members(inside: np.ndarray) -> Members:
    return frozenset(np.flatnonzero(inside).tolist())
