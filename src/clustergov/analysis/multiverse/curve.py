"""One curve: universes whose estimates have one unit, each counted once, and what they say together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from clustergov.analysis.multiverse.joint import Joint

Array = NDArray[np.float64]
Places = NDArray[np.int64]

Region = Literal["far above", "above", "negligible", "inconclusive", "below", "far below"]
"""Where an interval lies. far above: wholly past the smallest effect that matters; above: wholly past zero; negligible:
wholly between the smallest effects on both sides; inconclusive: none of these."""
REGIONS: tuple[Region, ...] = get_args(Region)


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """Universes of one unit.

    Attributes
    ----------
    unit : str
    members : array of int
        Universes with an estimate, those wrong in hindsight and duplicates among them.
    counted : array of int
        Those that count: not wrong in hindsight, each once.
    median, lowest, highest : float
        Of the counted estimates.
    regions : mapping of Region to float
        Shares of the counted universes.
    joint : Joint or None
        None where nothing was permuted.
    alone, whole : mapping of str to float
        By fork: its share of the variance of the estimates that are not wrong in hindsight, alone and with its part in
        interactions; the latter sum to 1.
    """

    unit: str
    members: Places
    counted: Places
    median: float
    lowest: float
    highest: float
    regions: dict[Region, float]
    joint: Joint | None
    alone: dict[str, float]
    whole: dict[str, float]


def region(low: Array, high: Array, smallest: float) -> NDArray[np.str_]:
    """Each interval's `Region`."""
    inside = (low > -smallest) & (high < smallest)
    found: NDArray[np.str_] = np.select(
        [low >= smallest, high <= -smallest, inside, low > 0, high < 0],
        ["far above", "far below", "negligible", "above", "below"],
        "inconclusive",
    )
    return found
