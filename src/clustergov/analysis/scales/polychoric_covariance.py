"""Asymptotic covariance of thresholds and polychoric correlations: influence of every respondent on every estimate."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from clustergov.analysis.scales.bivariate_normal import FAR, bivariate_density, cell_probabilities, cell_slopes
from clustergov.analysis.scales.contingency import Codes, PairTables, pair_tables, thresholds_of

Array = NDArray[np.float64]


def asymptotic_covariance(codes: Codes, correlations: Array) -> Array:
    """Covariance of the estimates, shape (T + P, T + P): thresholds item by item, then correlations 1–2, 1–3, …, 2–3, ….

    Muthén, B. (1984). A general structural equation model with dichotomous, ordered categorical, and continuous latent
    variable indicators. Psychometrika 49(1), 115–132, eq. 21–24, with sums over respondents in place of expectations.
    n times this matrix is what weighted least squares calls Γ.

    Parameters
    ----------
    codes : int array, shape (n, k)
        Category from 0, −1 where missing, as in `Polychoric.codes`.
    correlations : array, shape (k, k)
    """
    sizes = codes.max(axis=0) + 1
    tables = pair_tables(codes, sizes, "none")
    r = correlations[tables.first, tables.second]
    casewise = influences(codes, sizes, thresholds_of(codes, sizes), r, tables)
    covariance: Array = casewise.T @ casewise
    return covariance


def influences(codes: Codes, sizes: NDArray[np.int64], cuts: Array, r: Array, tables: PairTables) -> Array:
    """What each respondent adds to each estimate, shape (n, T + P); the sum of products is the covariance.

    Parameters
    ----------
    sizes : int array, shape (k,)
        Categories of each item.
    cuts : array, shape (k, J − 1)
        Thresholds, infinite past an item's own.
    r : array, shape (P,)
    tables : PairTables
    """
    own = np.arange(cuts.shape[1])[None, :] < (sizes - 1)[:, None]
    scores = _threshold_scores(codes, cuts)[:, own.ravel()]
    at = np.concatenate([[0], np.cumsum(sizes - 1)])
    of_thresholds = np.empty_like(scores)
    for start, stop in pairwise(at):
        block = scores[:, start:stop]
        of_thresholds[:, start:stop] = np.linalg.solve(block.T @ block, block.T).T
    a, b = cuts[tables.first], cuts[tables.second]
    p = cell_probabilities(r, a, b)
    density = cell_slopes(bivariate_density(a[:, :, None], b[:, None, :], r[:, None, None]))
    safe = np.where(p > 1e-14, p, np.inf)
    slope = density / safe
    J = slope.shape[1]
    i, j = codes[:, tables.first], codes[:, tables.second]
    asked = (i >= 0) & (j >= 0)
    flat = np.arange(len(r)) * (J * J) + np.where(asked, i * J + j, 0)
    of_pairs = np.where(asked, slope.ravel()[flat], 0.0)
    weight = tables.counts * slope / safe
    cross = np.zeros((len(r), len(sizes), J - 1))
    pair = np.arange(len(r))
    cross[pair, tables.first] = _crossed(weight, a, b, r)
    cross[pair, tables.second] = _crossed(weight.transpose(0, 2, 1), b, a, r)
    A21 = cross.reshape(len(r), -1)[:, own.ravel()]
    information = (of_pairs**2).sum(axis=0)
    rest = of_pairs - of_thresholds @ A21.T
    of_correlations = np.divide(rest, information, out=np.zeros_like(rest), where=information > 0)
    return np.hstack([of_thresholds, of_correlations])


def _threshold_scores(codes: Codes, cuts: Array) -> Array:
    """Slopes of each respondent's log-likelihood of one item in its thresholds, shape (n, k (J − 1)); 0 where missing."""
    k, m = cuts.shape
    density = np.where(np.isfinite(cuts), np.exp(-(np.clip(cuts, -FAR, FAR) ** 2) / 2) / np.sqrt(2 * np.pi), 0)
    below = np.hstack([np.zeros((k, 1)), ndtr(cuts), np.ones((k, 1))])
    p = np.diff(below, axis=1)
    table = np.zeros((k, m + 2, m))  # the last row is for a missing answer: −1
    place = np.arange(m)
    safe = np.where(p > 0, p, np.inf)
    table[:, place, place] = density / safe[:, :-1]
    table[:, place + 1, place] = -density / safe[:, 1:]
    scores: Array = table[np.arange(k)[None, :], codes].reshape(len(codes), k * m)
    return scores


def _crossed(weight: Array, cuts: Array, other: Array, r: Array) -> Array:
    """Sum over respondents of the slope in the correlation times that in the thresholds of one of the two items, (P, J − 1).

    A threshold moves probability between two neighbouring rows of the table, in each column by the normal density at
    the threshold times the conditional probability of the column.
    """
    root = np.sqrt((1 - r) * (1 + r))[:, None, None]
    bounded = np.clip(cuts, -FAR, FAR)[:, :, None]
    ends = np.pad(other, ((0, 0), (1, 1)), constant_values=((0, 0), (-np.inf, np.inf)))[:, None, :]
    column = np.diff(ndtr((ends - r[:, None, None] * bounded) / root), axis=2)
    density = np.where(np.isfinite(cuts), np.exp(-(bounded[:, :, 0] ** 2) / 2) / np.sqrt(2 * np.pi), 0)
    moved: Array = density * (column * (weight[:, :-1] - weight[:, 1:])).sum(axis=2)
    return moved
