"""How much of the spread of the estimates each fork makes: variance split fairly among forks, to the last part."""

from __future__ import annotations

from math import comb

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

MOST_FORKS = 14
"""Forks with two or more options: every set of them is looked at once."""


def shares(estimates: Array, options: NDArray[np.int64]) -> tuple[Array, Array]:
    """Each fork's share of the variance of the estimates, alone and with its part in what forks do together.

    On a full factorial the variance falls apart exactly into main effects and interactions (analysis of variance); each
    interaction is divided equally among its forks, which is Shapley's value. Where universes are missing, the value of
    a set of forks is the variance of the means over its cells, and Shapley's value is taken of that; it is the same
    on a full factorial. Owen, A. B. (2014). Sobol' indices and Shapley value. SIAM/ASA JUQ 2, 245–251, theorem 1.

    Parameters
    ----------
    estimates : array, shape (m,)
    options : array of int, shape (m, forks)
        Which option of each fork a universe has; at most `MOST_FORKS` forks.

    Returns
    -------
    alone, whole : array, shape (forks,)
        Main effects; and Shapley's shares, which sum to 1. All 0 where the estimates do not differ.
    """
    forks = options.shape[1]
    explained = _explained(estimates, options)
    total = explained[-1]
    if total <= 1e-24 * max(float((estimates**2).mean()), 1e-300):
        return np.zeros(forks), np.zeros(forks)
    sets = np.arange(1 << forks)
    size = np.array([int(one).bit_count() for one in sets])
    whole = np.empty(forks)
    for fork in range(forks):
        without = sets[(sets >> fork) & 1 == 0]
        weight = np.array([1 / (forks * comb(forks - 1, int(s))) for s in size[without]])
        whole[fork] = weight @ (explained[without | (1 << fork)] - explained[without])
    return explained[1 << np.arange(forks)] / total, whole / total


def _explained(estimates: Array, options: NDArray[np.int64]) -> Array:
    """Variance of the cell means for every set of forks, the empty set first; shape (2^forks,)."""
    forks = options.shape[1]
    if forks > MOST_FORKS:
        raise ValueError(f"at most {MOST_FORKS} forks, found {forks}")
    sizes = tuple(options.max(axis=0) + 1)
    sums, counts = np.zeros(sizes), np.zeros(sizes)
    cell = tuple(options.T)
    np.add.at(sums, cell, estimates - estimates.mean())
    np.add.at(counts, cell, 1.0)
    found = np.zeros(1 << forks)

    def descend(fork: int, sums: Array, counts: Array, chosen: int) -> None:
        """Decide fork by fork, from the last, whether cells are told apart by it."""
        if fork < 0:
            filled = counts > 0
            found[chosen] = (sums[filled] ** 2 / counts[filled]).sum() / len(estimates)
            return
        descend(fork - 1, sums, counts, chosen | (1 << fork))
        descend(fork - 1, sums.sum(axis=fork), counts.sum(axis=fork), chosen)

    descend(forks - 1, sums, counts, 0)
    found[0] = 0.0
    return found
