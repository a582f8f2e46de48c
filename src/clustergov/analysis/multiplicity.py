"""Several tests in one family: adjusted p-values (Holm, Benjamini–Hochberg, –Yekutieli) and levels of their intervals."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

Correction = Literal["holm", "benjamini-hochberg", "benjamini-yekutieli"]
"""holm: at most a share alpha of all families has any false finding. benjamini-hochberg: of the findings of a family at
most a share alpha is false, on average, when its tests are independent or positively dependent; benjamini-yekutieli: the
same under any dependence."""


def adjusted(p: ArrayLike, correction: Correction) -> NDArray[np.float64]:
    """p-values of one family under one correction; NaN stays NaN and is no member of the family."""
    if correction == "holm":
        return holm(p)
    return benjamini_hochberg(p) if correction == "benjamini-hochberg" else benjamini_yekutieli(p)


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


def benjamini_hochberg(p: ArrayLike) -> NDArray[np.float64]:
    """Step-up p-values that control the false discovery rate under independence or positive dependence.

    Benjamini, Y. & Hochberg, Y. (1995). Controlling the false discovery rate. Journal of the Royal Statistical Society,
    Series B 57, 289–300.
    """
    return _stepped_up(p, lambda m: 1.0)


def benjamini_yekutieli(p: ArrayLike) -> NDArray[np.float64]:
    """Step-up p-values that control the false discovery rate under any dependence.

    Benjamini, Y. & Yekutieli, D. (2001). The control of the false discovery rate in multiple testing under dependency.
    Annals of Statistics 29, 1165–1188, theorem 1.3.
    """
    return _stepped_up(p, lambda m: float(np.sum(1 / np.arange(1, m + 1))))


def _stepped_up(p: ArrayLike, factor: Callable[[int], float]) -> NDArray[np.float64]:
    given = np.asarray(p, dtype=float)
    found = np.full(given.shape, np.nan)
    known = np.flatnonzero(~np.isnan(given))
    m = len(known)
    if m:
        order = known[np.argsort(-given[known])]
        stepped = factor(m) * m / np.arange(m, 0, -1) * given[order]
        found[order] = np.minimum(np.minimum.accumulate(stepped), 1.0)
    return found


def false_coverage_level(alpha: float, m: int, selected: int) -> float:
    """Level at which, of the intervals of the `selected` of m parameters, a share alpha misses on average at most.

    For parameters selected by Benjamini–Hochberg at alpha. Benjamini, Y. & Yekutieli, D. (2005). False discovery
    rate–adjusted multiple confidence intervals for selected parameters. Journal of the American Statistical Association
    100, 71–81, definition 1. Verdicts do not use it: they also look at parameters that were not selected.

    Raises
    ------
    ValueError
        `selected` is not from 1 to m.
    """
    if not 1 <= selected <= m:
        raise ValueError(f"of {m} parameters, 1 to {m} can be selected, not {selected}")
    return 1 - selected * alpha / m


def simultaneous_level(alpha: float, m: int) -> float:
    """Level at which m intervals hold together with probability of at least 1 − alpha (Bonferroni)."""
    if m < 1:
        raise ValueError("a family has at least one member")
    return 1 - alpha / m
