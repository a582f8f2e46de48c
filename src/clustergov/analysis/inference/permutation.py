"""Permutation tests: what the statistic would have been under other assignments of the same values.

Janssen, A. (1997). Statistics & Probability Letters 36, 9–21, and Chung, E. & Romano, J. P. (2013). Annals of Statistics 41,
484–507: a studentised statistic keeps the level in large samples under unequal variances too, and exactly when rows are
exchangeable. Freedman, D. & Lane, D. (1983). Journal of Business & Economic Statistics 1, 292–298: residuals of the model
without the coefficient are permuted; studentised by DiCiccio, C. J. & Romano, J. P. (2017). JASA 112, 1211–1220.
"""

from __future__ import annotations

from itertools import combinations, permutations
from math import comb, factorial

import numpy as np
from numpy.typing import NDArray

from clustergov.analysis.inference.cluster_robust import cluster_robust
from clustergov.analysis.inference.heteroskedasticity import heteroskedastic
from clustergov.analysis.inference.regressors import Array, Codes, Regressors, regressors

ENUMERATED = 13_000
"""Assignments up to which all are tried: two arms of eight have 12,870."""

_TIE = 1 - 1e-10


def assignments(treated: int, n: int, draws: int, rng: np.random.Generator, given: NDArray[np.bool_]) -> Array:
    """Which rows are treated, one assignment a row, `given` first: all of them when few, else `draws` at random."""
    if comb(n, treated) <= ENUMERATED:
        places = np.array(list(combinations(range(n), treated)))
        all_of_them = np.zeros((len(places), n))
        np.put_along_axis(all_of_them, places, 1.0, axis=1)
        at = int(np.flatnonzero((all_of_them == given).all(axis=1))[0])
        return np.roll(all_of_them, -at, axis=0)
    drawn = rng.permuted(np.tile(given.astype(float), (draws, 1)), axis=1)
    return np.vstack([given.astype(float), drawn])


def two_arms(Y: Array, treated: NDArray[np.bool_], tried: Array, null: Array) -> Array:
    """Two-sided p of a difference of means being `null` (m,) by Welch's statistic under the assignments `tried`."""
    x = treated.astype(float)
    moved = Y - x[:, None] * null
    n1 = float(x.sum())
    n0 = len(x) - n1
    sums, squares = tried @ moved, tried @ moved**2
    others, other_squares = moved.sum(axis=0) - sums, (moved**2).sum(axis=0) - squares
    spread = (squares - sums**2 / n1) / (n1 * (n1 - 1)) + (other_squares - others**2 / n0) / (n0 * (n0 - 1))
    # Arms of one repeated value each have no spread: the difference, unless it is zero too, is then infinitely far out.
    difference = (sums / n1 - others / n0) ** 2
    scale = (moved**2).mean(axis=0) + 1e-300
    statistic = difference / np.maximum(spread, 1e-14 * scale)
    shares: Array = (statistic >= statistic[0] * _TIE).mean(axis=0)
    return shares


def two_arms_interval(
    Y: Array, treated: NDArray[np.bool_], tried: Array, estimates: Array, errors: Array, level: float
) -> tuple[Array, Array]:
    """The differences that the test does not reject, for each outcome; infinite where it never rejects."""

    def end(step: Array) -> Array:
        near, far = np.zeros(len(step)), np.full(len(step), 64.0)
        unbounded = two_arms(Y, treated, tried, estimates + far * step) > 1 - level
        for _ in range(40):
            middle = (near + far) / 2
            kept = two_arms(Y, treated, tried, estimates + middle * step) > 1 - level
            near, far = np.where(kept, middle, near), np.where(kept, far, middle)
        return np.where(unbounded, np.sign(step) * np.inf, estimates + near * step)

    return end(-errors), end(errors)


def freedman_lane(design: Regressors, j: int, Y: Array, draws: int, rng: np.random.Generator) -> Array:
    """Two-sided p (m,) of coefficient j being 0: residuals of the model without it permuted, the statistic b² / HC3.

    Every permutation once when there are no more than `draws` of them; otherwise `draws` at random and the data.
    """
    n = design.n
    reduced = regressors(np.delete(design.matrix, j, axis=1), design.weights)
    residuals = reduced.residuals(Y)
    if n <= 7 and factorial(n) <= draws + 1:
        orders = np.array(list(permutations(range(n))))
    else:
        orders = np.vstack([np.arange(n), rng.permuted(np.tile(np.arange(n), (draws, 1)), axis=1)])
    s, c = heteroskedastic(design, "HC3").scores[j], design.solver[j]

    def statistic(values: Array) -> Array:
        found: Array = (c @ values) ** 2 / np.maximum(s**2 @ design.residuals(values) ** 2, 1e-300)
        return found

    seen = statistic(residuals)
    count = sum((statistic(residuals[order]) >= seen * _TIE).astype(float) for order in orders)
    return np.asarray(count / len(orders), dtype=float)


def between_groups(
    design: Regressors, j: int, codes: Codes, groups: int, Y: Array, draws: int, rng: np.random.Generator
) -> Array:
    """Two-sided p (m,) of a coefficient whose regressor is constant within groups: its values dealt out anew to groups.

    The statistic is b² over its CR0 variance. Exact when groups are exchangeable given the other regressors.
    """
    first = np.array([np.flatnonzero(codes == g)[0] for g in range(groups)])
    values = design.matrix[first, j]
    if factorial(groups) <= draws:
        dealt = np.unique(np.array(list(permutations(values))), axis=0)
    else:
        dealt = np.vstack([values, rng.permuted(np.tile(values, (draws, 1)), axis=1)])
    tried = []
    for each in dealt:
        X = design.matrix.copy()
        X[:, j] = each[codes]
        again = regressors(X, design.weights)
        variance = cluster_robust(again, codes, groups, "CR0").variances(again.residuals(Y))[j]
        tried.append(again.coefficients(Y)[j] ** 2 / np.maximum(variance, 1e-300))
    statistic = np.array(tried)
    at = int(np.flatnonzero((dealt == values).all(axis=1))[0])
    shares: Array = (statistic >= statistic[at] * _TIE).mean(axis=0)
    return shares
