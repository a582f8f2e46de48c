"""Kendall's tau under no association: its exact distribution, its variance with ties, and the bounds of that variance."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

EXACT_BELOW = 50
"""n under which R's cor.test uses the exact distribution without ties; the same is done here."""

UNTIED, BINARY = 0, 2
"""Number of categories: 0 stands for as many as there are respondents, no two alike."""


@cache
def inversions(n: int) -> NDArray[np.float64]:
    """Probability of each number of discordant pairs, 0 to n(n−1)/2, among equally likely orders of n.

    The distribution of a sum of independent uniform numbers on 0…k−1, k = 1…n (Kendall & Gibbons 1990, Rank Correlation
    Methods, 5th ed., §5.2).
    """
    found = np.ones(1)
    for k in range(2, n + 1):
        longer = np.cumsum(np.concatenate([found, np.zeros(k - 1)]))
        longer[k:] -= longer[:-k].copy()
        found = longer / k
    return found


def exact_p(concordant: int, n: int) -> float:
    """Two-sided p of a number of concordant pairs among n untied respondents, as cor.test(exact = TRUE) gives it."""
    chance = inversions(n)
    middle = n * (n - 1) / 4
    tail = chance[: concordant + 1].sum() if concordant <= middle else chance[concordant:].sum()
    return float(min(1.0, 2 * tail))


def null_variance(n: int, first: Sequence[int] = (), second: Sequence[int] = ()) -> float:
    """Variance of tau-b under no association, given how many respondents share each value; () for no ties.

    Kendall & Gibbons (1990), §5.10 (variance of the score with ties in both), divided by tau-b's denominator.

    Raises
    ------
    ValueError
        n is below 2, or a variable takes one value only.
    """
    pairs = n * (n - 1) / 2
    t, u = (np.asarray(sizes, dtype=float) for sizes in (first, second))
    left, right = (pairs - (sizes * (sizes - 1)).sum() / 2 for sizes in (t, u))
    if n < 2 or min(left, right) <= 0:
        raise ValueError("tau-b needs two respondents, and two values of each variable")
    triples = n * (n - 1) * (2 * n + 5)
    score = (triples - sum((s * (s - 1) * (2 * s + 5)).sum() for s in (t, u))) / 18
    if n > 2:
        score += np.prod([(s * (s - 1) * (s - 2)).sum() for s in (t, u)]) / (9 * n * (n - 1) * (n - 2))
    score += np.prod([(s * (s - 1)).sum() for s in (t, u)]) / (2 * n * (n - 1))
    return float(score / (left * right))


def even(n: int, categories: int) -> tuple[int, ...]:
    """n respondents spread over categories as evenly as they go; () for no ties."""
    if categories == UNTIED or categories >= n:
        return ()
    return tuple(n // categories + (place < n % categories) for place in range(categories))


def variance_bounds(n: int, categories: tuple[int, int] = (UNTIED, UNTIED)) -> tuple[float, float]:
    """Least and largest null variance of tau-b at n, when all that is known of ties is the number of categories.

    With shares p of its values, a variable multiplies the variance without ties, 4/(9n) for large n, by
    (1 − Σp³)/(1 − Σp²). Joining two values with shares a and b adds 3ab(1 − a − b) ≥ 0 to Σ(3/2 p² − p³), which is 1/2
    when two values are left, whatever their shares. So the factor is at most 3/2, with two values; it is 1 without ties,
    and 1 + 1/k with k equal shares, the least that k values can have. Two by two values give 1/(n − 1) exactly.
    """
    least = null_variance(n, even(n, categories[0]), even(n, categories[1]))
    return least, max(least, 1 / (n - 1))


def normal_p(tau: float, variance: float) -> float:
    """Two-sided p by the normal distribution, without continuity correction."""
    return float(2 * ndtr(-abs(tau) / math.sqrt(variance)))


def p_range(low: float, high: float, n: int, categories: tuple[int, int] = (UNTIED, UNTIED)) -> tuple[float, float]:
    """Smallest and largest two-sided p of a tau between low and high at n.

    Over everything that ties leave open; with few respondents and no ties also over the exact distribution.
    """
    nearest = 0.0 if low <= 0 <= high else min(abs(low), abs(high))
    least, most = variance_bounds(n, categories)
    farthest = max(abs(low), abs(high))
    ends = [normal_p(farthest, least), normal_p(nearest, most)]
    if n < EXACT_BELOW and categories == (UNTIED, UNTIED):
        pairs = n * (n - 1) // 2
        first, last = math.ceil((low + 1) / 2 * pairs - 1e-9), math.floor((high + 1) / 2 * pairs + 1e-9)
        ends += [exact_p(count, n) for count in range(max(first, 0), min(last, pairs) + 1)]
    return min(ends), max(ends)
