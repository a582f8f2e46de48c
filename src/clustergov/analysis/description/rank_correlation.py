"""Kendall's tau-b: the rank correlation of two ordered answers, with its asymptotic interval and test."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr, ndtri, stdtrit

from clustergov.analysis.interval import Interval
from clustergov.language import say

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class RankCorrelation:
    """Kendall's tau-b in one sample.

    Brown, M. B. & Benedetti, J. K. (1977). Sampling behavior of tests for correlation in two-way contingency tables.
    Journal of the American Statistical Association 72, 309–315. The interval uses the error under multinomial sampling
    (their ASE1), the test the error under tau = 0 (their ASE0); near 0.05 the two may therefore disagree.

    Attributes
    ----------
    tau : float
        In [−1, 1]; positive when higher answers go together.
    standard_error, null_error : float
        ASE1 and ASE0.
    interval : Interval
        tau ± z · ASE1, cut at −1 and 1.
    p : float
        Two-sided, from tau / ASE0.
    n, lost : int
        Pairs used; pairs left out because one or both values are missing.
    """

    tau: float
    standard_error: float
    null_error: float
    interval: Interval
    p: float
    n: int
    lost: int

    def transformed(self, level: float) -> Interval:
        """The interval on Fisher's scale, by t with n − 2 degrees of freedom: what claims rest on.

        The plain one misses a tau of 0 in 6.2 % of samples of 60 (8 by 5 classes), this one in 5.2 %: near the ends of
        its range tau's own error shrinks with it, and the error is estimated. Of tau on Fisher's scale: Fieller, E. C.,
        Hartley, H. O. & Pearson, E. S. (1957), Biometrika 44, 470–481; Bonett, D. G. & Wright, T. A. (2000),
        Psychometrika 65, 23–28.
        """
        if self.n < 3 or not abs(self.tau) < 1:
            return Interval(self.interval.low, self.interval.high, level)
        reach = float(stdtrit(self.n - 2, 0.5 + level / 2)) * self.standard_error / (1 - self.tau**2)
        middle = np.arctanh(self.tau)
        return Interval(float(np.tanh(middle - reach)), float(np.tanh(middle + reach)), level)

    def frame(self) -> pd.DataFrame:
        """One row: tau, standard_error, null_error, low, high, level, p, n, lost."""
        return pd.DataFrame(
            {
                "tau": [self.tau], "standard_error": [self.standard_error], "null_error": [self.null_error],
                "low": [self.interval.low], "high": [self.interval.high], "level": [self.interval.level],
                "p": [self.p], "n": [self.n], "lost": [self.lost],
            }
        )  # fmt: skip

    def sentence(self, language: str) -> str:
        return say("claims.tau", language, tau=self.tau, low=self.interval.low, high=self.interval.high,
                   level=self.interval.level, p=self.p, n=self.n)  # fmt: skip


def kendall_tau_b(first: ArrayLike, second: ArrayLike, *, level: float = 0.95) -> RankCorrelation:
    """Rank correlation of two ordered variables; pairs with a missing value are left out and counted.

    A variable of two values, such as a tick, is allowed: tau-b then is the tie-corrected shift between two groups.

    Raises
    ------
    ValueError
        The variables differ in length, or one of them takes fewer than two values among the pairs used.
    """
    x, y = np.asarray(first, dtype=float), np.asarray(second, dtype=float)
    if x.shape != y.shape or x.ndim != 1:
        raise ValueError(f"two variables of one length are needed, not {x.shape} and {y.shape}")
    used = np.isfinite(x) & np.isfinite(y)
    counts = cross_table(x[used], y[used])
    if min(counts.shape) < 2:
        raise ValueError("a variable without variance has no rank correlation")
    tau, error, null_error = _brown_benedetti(counts)
    reach = float(ndtri(0.5 + level / 2)) * error
    interval = Interval(max(tau - reach, -1.0), min(tau + reach, 1.0), level)
    p = float(2 * ndtr(-abs(tau) / null_error)) if null_error > 0 else (0.0 if tau else 1.0)
    n = int(used.sum())
    return RankCorrelation(tau, error, null_error, interval, p, n, len(x) - n)


def cross_table(x: Array, y: Array) -> Array:
    """Counts of each pair of values, both in ascending order; shape (values of x, values of y)."""
    rows, row = np.unique(x, return_inverse=True)
    columns, column = np.unique(y, return_inverse=True)
    counts = np.zeros((len(rows), len(columns)))
    np.add.at(counts, (row, column), 1.0)
    return counts


def _brown_benedetti(counts: Array) -> tuple[float, float, float]:
    """tau-b, ASE1 and ASE0 of a table; letters as in the FREQ procedure of SAS, where P and Q count each pair twice."""
    n = counts.sum()
    rows, columns = counts.sum(axis=1), counts.sum(axis=0)
    w_r, w_c = n**2 - (rows**2).sum(), n**2 - (columns**2).sum()
    w = np.sqrt(w_r * w_c)
    d = _concordant_minus_discordant(counts)
    tau = (counts * d).sum() / w
    v = rows[:, None] * w_c + columns[None, :] * w_r
    # Divided before they are squared: at n = 20,000 the powers of n would lose digits.
    spread = (2 * d / w + tau * v / w**2) ** 2
    variance = (counts * spread).sum() - n**3 * tau**2 * ((w_r + w_c) / w**2) ** 2
    null_variance = 4 / w**2 * ((counts * d**2).sum() - (counts * d).sum() ** 2 / n)
    return float(np.clip(tau, -1, 1)), float(np.sqrt(max(variance, 0.0))), float(np.sqrt(max(null_variance, 0.0)))


def _concordant_minus_discordant(counts: Array) -> Array:
    """Per cell, observations in concordant cells less those in discordant cells."""
    below = np.zeros((counts.shape[0] + 1, counts.shape[1] + 1))
    below[1:, 1:] = counts.cumsum(axis=0).cumsum(axis=1)
    # below[i, j]: observations in rows before i and columns before j.
    lower_left, lower_right = below[:-1, :-1], below[:-1, -1:] - below[:-1, 1:]
    upper_left = below[-1:, :-1] - below[1:, :-1]
    upper_right = below[-1, -1] - below[1:, -1:] - below[-1:, 1:] + below[1:, 1:]
    difference: Array = lower_left + upper_right - lower_right - upper_left
    return difference
