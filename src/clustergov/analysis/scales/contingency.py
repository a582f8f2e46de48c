"""Two-way tables of all pairs of ordinal items at once, and what is done with their empty cells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

Array = NDArray[np.float64]
Codes = NDArray[np.int64]

ZeroCells = Literal["none", "half", "half-2x2"]
"""What happens to a cell without answers before a correlation is estimated.

none
    Nothing. A two-by-two table with an empty cell then gives −1 or 1.
half
    It counts half an answer, and the pair's thresholds come from the table so filled, over the number of real answers:
    what ``psych::polychoric(global = FALSE, correct = .5)`` does. The sum of the table is no longer n.
half-2x2
    In a table of two by two with one empty cell, half an answer moves so that the margins stay; larger tables stay as
    they are: what lavaan does by default.
"""
ZERO_CELLS: tuple[ZeroCells, ...] = get_args(ZeroCells)


@dataclass(frozen=True, slots=True, eq=False)
class PairTables:
    """Tables of the P = k (k − 1) / 2 pairs of items, in the order 1–2, 1–3, …, 2–3, ….

    Attributes
    ----------
    first, second : int array, shape (P,)
        Which items.
    counts : array, shape (P, J, J)
        Answers by category of the first (rows) and of the second item; J is the largest number of categories, cells
        past an item's own stay 0.
    used : array, shape (P, J, J)
        The counts after the choice at empty cells.
    cuts_first, cuts_second : array, shape (P, J − 1)
        Thresholds of the two items; infinite past an item's own.
    empty : bool array, shape (P,)
        Whether a cell of two categories that both occur is empty.
    """

    first: Codes
    second: Codes
    counts: Array
    used: Array
    cuts_first: Array
    cuts_second: Array
    empty: NDArray[np.bool_]


def thresholds_of(codes: Codes, categories: NDArray[np.int64]) -> Array:
    """Cut points of a standard normal variable at the cumulative shares of each item.

    Parameters
    ----------
    codes : int array, shape (n, k)
        Category, from 0; −1 where missing.
    categories : int array, shape (k,)

    Returns
    -------
    array, shape (k, J − 1)
        Infinite past an item's own J_i − 1.
    """
    J = int(categories.max())
    counts = np.stack([np.bincount(column[column >= 0], minlength=J) for column in codes.T]).astype(float)
    below = np.cumsum(counts, axis=1)[:, :-1] / counts.sum(axis=1, keepdims=True)
    own = np.arange(1, J)[None, :] < categories[:, None]
    return np.where(own, ndtri(np.where(own, below, 0.5)), np.inf)


def pair_tables(codes: Codes, categories: NDArray[np.int64], zero_cells: ZeroCells) -> PairTables:
    """Count all pairs by one product of indicator matrices, so that a missing answer counts nowhere."""
    n, k = codes.shape
    J = int(categories.max())
    chosen = np.zeros((n, k, J))
    rows, columns = np.nonzero(codes >= 0)
    chosen[rows, columns, codes[rows, columns]] = 1
    flat = chosen.reshape(n, k * J)
    all_counts = (flat.T @ flat).reshape(k, J, k, J)
    first, second = np.triu_indices(k, 1)
    counts = all_counts[first, :, second, :]
    both_occur = (counts.sum(axis=2) > 0)[:, :, None] & (counts.sum(axis=1) > 0)[:, None, :]
    empty = (counts == 0) & both_occur
    cuts = thresholds_of(codes, categories)
    used, a, b = counts, cuts[first], cuts[second]
    if zero_cells == "half":
        used = np.where(empty, 0.5, counts)
        changed = empty.any(axis=(1, 2))
        a = np.where(changed[:, None], _own_cuts(used.sum(axis=2), counts, a), a)
        b = np.where(changed[:, None], _own_cuts(used.sum(axis=1), counts, b), b)
    elif zero_cells == "half-2x2":
        used = _margins_kept(counts, empty, (categories[first] == 2) & (categories[second] == 2))
    return PairTables(first, second, counts, used, a, b, empty.any(axis=(1, 2)))


def _own_cuts(margin: Array, counts: Array, cuts: Array) -> Array:
    """Thresholds of a filled table over the number of its real answers."""
    below = np.cumsum(margin, axis=1)[:, :-1] / counts.sum(axis=(1, 2))[:, None]
    inside = np.isfinite(cuts)
    return np.where(inside, ndtri(np.where(inside, np.clip(below, 0, 1), 0.5)), cuts)


def _margins_kept(counts: Array, empty: NDArray[np.bool_], two_by_two: NDArray[np.bool_]) -> Array:
    corner = empty[:, :2, :2]
    one = two_by_two & (corner.sum(axis=(1, 2)) == 1)
    diagonal = corner[:, 0, 0] | corner[:, 1, 1]
    used = counts.copy()
    shift = np.array([[0.5, -0.5], [-0.5, 0.5]])
    used[one, :2, :2] += np.where(diagonal[one], 1.0, -1.0)[:, None, None] * shift
    return used
