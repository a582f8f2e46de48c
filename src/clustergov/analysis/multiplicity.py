"""Several tests in one family: Holm's p-values and Bonferroni's simultaneous level."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray


def holm(p: ArrayLike) -> NDArray[np.float64]:
    """Step-down p-values that control the family-wise error; NaN stays NaN and does not count in the family.

    Holm, S. (1979). A simple sequentially rejective multiple test procedure. Scandinavian Journal of Statistics 6,
    65–70.
    """
    given = np.asarray(p, dtype=float)
    adjusted = np.full(given.shape, np.nan)
    known = np.flatnonzero(~np.isnan(given))
    if len(known):
        # Four lines of our own: statsmodels' function collects garbage on every call, which takes a tenth of a second.
        order = known[np.argsort(given[known])]
        stepped = given[order] * np.arange(len(order), 0, -1)
        adjusted[order] = np.minimum(np.maximum.accumulate(stepped), 1.0)
    return adjusted


def simultaneous_level(alpha: float, m: int) -> float:
    """Level at which m intervals hold together with probability of at least 1 − alpha (Bonferroni)."""
    if m < 1:
        raise ValueError("a family has at least one member")
    return 1 - alpha / m
