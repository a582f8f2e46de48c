"""Whether there are organisations on both sides of a named share, without whom nothing can be said about an optimum."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Side = Literal["below", "above"]

LEAST_SIDE = 10
"""Organisations on each side of the named share (ours, D): a line through fewer says nothing."""
LEAST_BEYOND = 5
"""Organisations beyond the margin on each side (ours, D)."""


@dataclass(frozen=True, slots=True)
class Support:
    """How many organisations lie where.

    Attributes
    ----------
    below, above : int
        Strictly below and above the named share.
    far_below, far_above : int
        Below optimum − margin and above optimum + margin.
    within : int
        Within the margin, ends included. Counts are None where they are hidden.
    values : int
        Different shares.
    leverage : float
        Largest leverage in the quadratic; 1 means that one organisation alone decides.
    missing : tuple of {"below", "above"}
        Sides with too few.
    """

    below: int | None
    above: int | None
    far_below: int | None
    far_above: int | None
    within: int | None
    values: int
    leverage: float
    missing: tuple[Side, ...]

    def hidden(self, minimum: int) -> Support:
        """Without its counts where one of them, or the difference of two, is small: the others and n would give it away."""
        counts = (self.below, self.above, self.far_below, self.far_above, self.within)
        below, above, far_below, far_above, within = (count or 0 for count in counts)
        near_below, near_above = below - far_below, above - far_above
        cells = (far_below, near_below, within - near_below - near_above, near_above, far_above)
        if all(count == 0 or count >= minimum for count in (*cells, within)):
            return self
        return replace(self, below=None, above=None, far_below=None, far_above=None, within=None)


def support(
    x: Array, optimum: float, margin: float, *, leverage: float = float("nan"), least_side: int = LEAST_SIDE,
    least_beyond: int = LEAST_BEYOND,
) -> Support:  # fmt: skip
    """Count the organisations of one data set."""
    below, above = int((x < optimum).sum()), int((x > optimum).sum())
    far_below, far_above = int((x < optimum - margin).sum()), int((x > optimum + margin).sum())
    sides: list[Side] = []
    if below < least_side or far_below < least_beyond:
        sides.append("below")
    if above < least_side or far_above < least_beyond:
        sides.append("above")
    return Support(
        below, above, far_below, far_above, len(x) - far_below - far_above, len(np.unique(x)), leverage, tuple(sides)
    )
