"""The wrong way, shown as such: performance against the distance from the named share, and against a band around it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from clustergov.analysis.interval import Interval
from clustergov.analysis.sweet_spot.robust_lines import RobustFits, beside, robust_fits

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Nearness:
    """What a test of nearness would say. It confuses an optimum with anything that rises or falls towards it.

    Attributes
    ----------
    distance : float
        Slope per unit of distance; below 0: nearer organisations do better.
    distance_interval : Interval
    distance_p : float
    distance_confirms, band_confirms : bool
        Whether the naive test would “confirm” the rule at 5 %.
    band : float
        Difference between organisations within the margin and others.
    band_interval : Interval
    band_p : float
    """

    distance: float
    distance_interval: Interval
    distance_p: float
    distance_confirms: bool
    band: float
    band_interval: Interval
    band_p: float
    band_confirms: bool


def distance_fits(x: Array, y: Array, optimum: float, controls: Array | None = None) -> RobustFits:
    """Many regressions on |x − optimum|, coefficient 1; shapes (B, n)."""
    return robust_fits(beside(np.stack([np.ones_like(x), np.abs(x - optimum)], axis=2), controls), y)


def band_fits(x: Array, y: Array, optimum: float, margin: float, controls: Array | None = None) -> RobustFits:
    """Many regressions on being within the margin, coefficient 1; shapes (B, n)."""
    near = (np.abs(x - optimum) <= margin).astype(float)
    return robust_fits(beside(np.stack([np.ones_like(x), near], axis=2), controls), y)


def nearness(
    x: Array, y: Array, optimum: float, margin: float, controls: Array | None = None, *, level: float = 0.95
) -> Nearness:
    """Both naive tests of one data set; NaN where nobody, or everybody, is within the margin."""
    far = distance_fits(x[None], y[None], optimum, controls)
    near = band_fits(x[None], y[None], optimum, margin, controls)
    slope, difference = float(far.estimates[0, 1]), float(near.estimates[0, 1])
    far_p, near_p = float(far.p(1)[0]), float(near.p(1)[0])
    return Nearness(
        slope, far.interval(1, level), far_p, slope < 0 and far_p < 0.05,
        difference, near.interval(1, level), near_p, difference > 0 and near_p < 0.05,
    )  # fmt: skip
