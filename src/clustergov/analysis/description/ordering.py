"""Which of several items, answered by the same persons on one scale, is placed above which: paired dominance."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy import stats
from scipy.special import ndtri

from clustergov.analysis.interval import Interval
from clustergov.language import say

Comparison = Literal["each", "average"]
"""each: every item of one set above every item of the other. average: the one set above the other on average."""


@dataclass(frozen=True, slots=True)
class Dominance:
    """How much more often the first of two answers is the higher one than the second, within persons.

    Cliff, N. (1993). Dominance statistics: ordinal analyses to answer ordinal questions. Psychological Bulletin 114,
    494–509 (d within pairs). The interval is that of a difference of matched proportions with half an observation added
    to each cell: Agresti, A. & Min, Y. (2005). Simple improved confidence intervals for comparing matched proportions.
    Statistics in Medicine 24, 729–740; unlike Wald's it does not shrink to a point when all persons agree.

    Attributes
    ----------
    dominance : float
        P(first > second) − P(first < second), in [−1, 1].
    interval : Interval
    first_higher, second_higher, ties : int
        Persons.
    p : float
        Two-sided exact sign test, ties left out.
    n, lost : int
        Persons who answered both; persons who did not.
    """

    dominance: float
    interval: Interval
    first_higher: int
    second_higher: int
    ties: int
    p: float
    n: int
    lost: int

    def frame(self) -> pd.DataFrame:
        """One row: dominance, low, high, level, first_higher, second_higher, ties, p, n, lost."""
        return pd.DataFrame(
            {
                "dominance": [self.dominance], "low": [self.interval.low], "high": [self.interval.high],
                "level": [self.interval.level], "first_higher": [self.first_higher],
                "second_higher": [self.second_higher], "ties": [self.ties], "p": [self.p], "n": [self.n],
                "lost": [self.lost],
            }
        )  # fmt: skip

    def sentence(self, language: str) -> str:
        return say("claims.dominance", language, dominance=self.dominance, low=self.interval.low,
                   high=self.interval.high, level=self.interval.level, n=self.n)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ordering:
    """One set of items against another.

    Attributes
    ----------
    dominance : float
        compare = "each": of the pair of items with the smallest dominance; it is the smallest of several estimates and
        therefore errs to the low side. compare = "average": mean of all pairs.
    interval : Interval
        each: from the smallest lower bound of all pairs at `level` to the smallest upper bound at the level that holds
        for all m pairs together, 1 − (1 − level) / m. That every pair is above zero may be concluded when each is
        (intersection–union test: Berger 1982, Technometrics 24, 295–300), so the lower bound needs no correction; that
        some pair is below zero may be concluded from the worst of m, so the upper bound needs one. average: Student's t
        of the persons' own means.
    p : float
        each: twice the largest one-sided p of the pairs' sign tests, at most 1. average: two-sided t test.
    n, lost : int
        Persons of the pair with the fewest; persons lost there.
    compare : {"each", "average"}
    weakest : tuple of int
        Columns (in the upper set, in the lower set) of the pair with the smallest dominance.
    pairs : tuple of Dominance
        Every upper item against every lower one, upper items slowest.
    """

    dominance: float
    interval: Interval
    p: float
    n: int
    lost: int
    compare: Comparison
    weakest: tuple[int, int]
    pairs: tuple[Dominance, ...]

    def frame(self) -> pd.DataFrame:
        """One row per pair: the columns of `Dominance.frame`, after `pair` (from 1)."""
        table = pd.concat([pair.frame() for pair in self.pairs], ignore_index=True)
        table.insert(0, "pair", range(1, len(table) + 1))
        return table

    def sentence(self, language: str) -> str:
        return say(f"claims.ordering.{self.compare}", language, dominance=self.dominance, low=self.interval.low,
                   high=self.interval.high, level=self.interval.level, n=self.n, pairs=len(self.pairs))  # fmt: skip


def dominance(first: ArrayLike, second: ArrayLike, *, level: float = 0.95) -> Dominance:
    """Compare two answers of the same persons on one ordered scale; persons without both are left out and counted.

    Raises
    ------
    ValueError
        Nobody answered both.
    """
    x, y = np.asarray(first, dtype=float), np.asarray(second, dtype=float)
    difference = (x - y)[np.isfinite(x) & np.isfinite(y)]
    n = len(difference)
    if not n:
        raise ValueError("nobody answered both items")
    higher, lower = int((difference > 0).sum()), int((difference < 0).sum())
    p = float(stats.binomtest(higher, higher + lower).pvalue) if higher + lower else 1.0
    interval = matched_difference(higher, lower, n, level=level)
    return Dominance((higher - lower) / n, interval, higher, lower, n - higher - lower, p, n, len(x) - n)


def matched_difference(higher: int, lower: int, n: int, *, level: float = 0.95) -> Interval:
    """Agresti and Min's interval of (higher − lower) / n for matched pairs, cut at −1 and 1."""
    b, c, N = higher + 0.5, lower + 0.5, n + 2
    centre = (b - c) / N
    reach = float(ndtri(0.5 + level / 2)) * float(np.sqrt(b + c - (b - c) ** 2 / N)) / N
    return Interval(max(centre - reach, -1.0), min(centre + reach, 1.0), level)


def ordering(upper: ArrayLike, lower: ArrayLike, *, level: float = 0.95, compare: Comparison = "each") -> Ordering:
    """Compare one set of items with another, answered by the same persons on one ordered scale.

    Parameters
    ----------
    upper, lower : array, shapes (n, a) and (n, b)
        Answers to the items that are said to be higher, and lower; NaN where missing.

    Raises
    ------
    ValueError
        A pair has no person who answered both; for the average, fewer than two persons answered all items or their
        means do not vary.
    """
    U, L = np.asarray(upper, dtype=float), np.asarray(lower, dtype=float)
    columns = list(product(range(U.shape[1]), range(L.shape[1])))
    pairs = tuple(dominance(U[:, i], L[:, j], level=level) for i, j in columns)
    weakest = columns[int(np.argmin([pair.dominance for pair in pairs]))]
    if compare == "average":
        return _average(U, L, level, pairs, weakest)
    joint = 1 - (1 - level) / len(pairs)
    highs = [matched_difference(pair.first_higher, pair.second_higher, pair.n, level=joint).high for pair in pairs]
    interval = Interval(min(pair.interval.low for pair in pairs), min(highs), level)
    one_sided = max(_sign_test(pair) for pair in pairs)
    least = min(pairs, key=lambda pair: pair.n)
    return Ordering(min(pair.dominance for pair in pairs), interval, min(1.0, 2 * one_sided), least.n, least.lost,
                    compare, weakest, pairs)  # fmt: skip


def _sign_test(pair: Dominance) -> float:
    decided = pair.first_higher + pair.second_higher
    return float(stats.binomtest(pair.first_higher, decided, alternative="greater").pvalue) if decided else 1.0


def _average(
    U: NDArray[np.float64], L: NDArray[np.float64], level: float, pairs: tuple[Dominance, ...], weakest: tuple[int, int]
) -> Ordering:
    complete = np.isfinite(U).all(axis=1) & np.isfinite(L).all(axis=1)
    signs = np.sign(U[complete][:, :, None] - L[complete][:, None, :]).mean(axis=(1, 2))
    n = len(signs)
    if n < 2 or not signs.std():
        raise ValueError("the average needs at least two persons who answered all items and differ")
    mean, error = float(signs.mean()), float(signs.std(ddof=1) / np.sqrt(n))
    reach = float(stats.t.ppf(0.5 + level / 2, n - 1)) * error
    interval = Interval(max(mean - reach, -1.0), min(mean + reach, 1.0), level)
    p = float(2 * stats.t.sf(abs(mean) / error, n - 1))
    return Ordering(mean, interval, p, n, len(U) - n, "average", weakest, pairs)
