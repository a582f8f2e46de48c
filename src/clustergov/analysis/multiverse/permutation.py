"""Every specification fitted again on permuted residuals: the whole multiverse as it would be without any effect."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from clustergov.analysis.multiverse.block import Block, Piece, sum_of_squares

Array = NDArray[np.float64]
Places = NDArray[np.int64]

MOST_CELLS = 60_000
"""Numbers of one array of permuted residuals: permutations are done together as long as it stays smaller."""


FEWEST_ALIKE = 10
"""Respondents who are in the same samples are permuted among themselves when there are so many of them."""


def exchangeable(samples: Sequence[Places], total: int) -> Places:
    """Who is permuted with whom: a number per respondent, the same for those who change places; shape (total,).

    Two universes of which one leaves out a few respondents have nearly the same estimate. They keep that under
    permutation when those left out stay among themselves; permuted with all, their estimates part further than in the
    data, medians over the curve vary less, and the joint test rejects too often. Patterns of samples that fewer than
    `FEWEST_ALIKE` respondents have are taken together.

    Parameters
    ----------
    samples : sequence of array of int
        Places of the respondents of each sample.
    """
    inside = np.zeros((total, len(samples)), dtype=bool)
    for number, rows in enumerate(samples):
        inside[rows, number] = True
    _, pattern, counts = np.unique(inside, axis=0, return_inverse=True, return_counts=True)
    pattern = pattern.reshape(-1)
    return np.where(counts[pattern] >= FEWEST_ALIKE, pattern + 1, 0)


def draw_orders(alike: Places, first: int, count: int, seed: int) -> Places:
    """Permutations `first` to `first + count` of respondents, within `exchangeable` ones, each from a seed of its own.

    Returns
    -------
    array of int, shape (count, len(alike))
    """
    members = [np.flatnonzero(alike == one) for one in np.unique(alike)]
    orders = np.tile(np.arange(len(alike), dtype=np.int64), (count, 1))
    for order, number in zip(orders, range(first, first + count), strict=True):
        rng = np.random.default_rng([seed, number])
        for own in members:
            order[own] = own[rng.permutation(len(own))]
    return orders


def within(rows: Places, orders: Places) -> Places:
    """The permutations that those of all respondents make of some rows; (count, len(rows)), places among the rows.

    Each row goes where the permutation of all leads it, followed on until it is back among the rows. That is again a
    uniform permutation, and where few rows are missing it is almost the same one: specifications on nearly the same
    respondents stay as alike under permutation as they are in the data.
    """
    place = np.full(orders.shape[1], -1)
    place[rows] = np.arange(len(rows))
    found = orders[:, rows]
    while (outside := place[found] < 0).any():
        draw, at = np.nonzero(outside)
        found[draw, at] = orders[draw, found[draw, at]]
    return place[found]


def refit(block: Block, prepared: Iterable[Piece], orders: Places) -> tuple[Array, Array]:
    """Slopes and errors of every specification after each permutation; two arrays (count, m), in units of the fits.

    Freedman, D. & Lane, D. (1983). A nonstochastic interpretation of reported significance levels. JBES 1(4), 292–298:
    the residuals of the outcome after the covariates are permuted, added to what the covariates explain, and the whole
    model is fitted again. Each specification is thus put under its own null hypothesis, all by one permutation.
    Residuals vary less than the errors that they stand for, the less the more covariates there are: they are enlarged
    until their variance is the unbiased one of the errors. Without that, medians as far out as observed would be too
    rare: with 12 covariates at n = 60, 8 % of samples without any effect would have p ≤ 5 %.

    Parameters
    ----------
    prepared : pieces of the block
    orders : array of int, shape (count, n)
        Permutations of the block's rows.
    """
    slopes = np.full((len(orders), len(block.outcome)), np.nan)
    errors = slopes.copy()
    for piece in prepared:
        good = piece.refusal == ""
        unit = np.where(good, piece.unit * _enlarged(block, piece), np.nan)
        at_once = max(1, MOST_CELLS // max(piece.scores.size, 1))
        for start in range(0, len(orders), at_once):
            part = slice(start, start + at_once)
            slope, error = _permuted(piece, orders[part])
            slopes[part, piece.places] = slope * unit
            errors[part, piece.places] = error * unit
    return slopes, errors


def _enlarged(block: Block, piece: Piece) -> Array:
    """What residuals are multiplied by, (m,): permuted, they are as if drawn with n − 1 degrees of freedom, not n − 1 − k."""
    rest = len(block.rows) - 1 - block.covariates[piece.places].sum(axis=1)
    found: Array = np.sqrt((len(block.rows) - 1) / np.maximum(rest, 1))
    return found


def _permuted(piece: Piece, orders: Places) -> tuple[Array, Array]:
    """The design does not change: its leverages and residuals are kept, and only the permuted part is projected.

    With P the permutation and e the reduced residuals Vw (V the shared columns), all products V'Pe are (V'PV)w: one
    small matrix per permutation serves every specification.
    """
    shuffled = piece.basis[orders]
    products = (piece.basis.T @ shuffled) @ piece.outcome
    slope = np.einsum("qm,bqm->bm", piece.focal, products) / piece.length
    explained = (piece.inverse @ products.transpose(2, 1, 0)).transpose(2, 1, 0)
    residual = shuffled @ piece.outcome
    residual -= piece.basis @ (explained + slope[:, None, :] * piece.focal)
    residual *= piece.scores
    return slope, np.sqrt(sum_of_squares(residual, piece))


def every_order(n: int) -> Places:
    """All n! permutations of n rows, the identity first."""
    from itertools import permutations

    return np.array(list(permutations(range(n))), dtype=np.int64)


def share_as_extreme(observed: float, permuted: Iterable[float]) -> float:
    """p-value: the share of permutations, the observed order among them, whose statistic is at least as large."""
    values = np.asarray(list(permuted), dtype=float)
    # Statistics that are equal but for rounding are ties, and ties count.
    ties = 1e-9 * max(abs(observed), 1e-12)
    return float((1 + (values >= observed - ties).sum()) / (1 + len(values)))
