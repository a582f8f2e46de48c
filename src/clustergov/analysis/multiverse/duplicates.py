"""Universes that say the same thing twice: a fork that does nothing there must not count as robustness."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

Array = NDArray[np.float64]
Places = NDArray[np.int64]

NEAR = 1e-3
"""Share of the error: neighbours whose estimates and errors differ by less say the same."""
DIGITS = 10


def same_as(estimate: Array, error: Array, n: Places, options: Places, preregistered: int) -> Places:
    """For each universe the one that stands for it, itself where it stands for itself; −1 where it has no estimate.

    Two universes are one when estimate, error and n are equal to ten digits; or when they differ in one option only, on
    the same n up to one per cent, and estimate and error differ by less than a thousandth of the error. Numbers that
    happen to be near each other elsewhere in the multiverse are two.
    """
    m = len(estimate)
    pairs = np.concatenate([_equal(estimate, error, n), _neighbours(estimate, error, n, options)])
    links = coo_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(m, m))
    group = connected_components(links, directed=False)[1]
    stands = np.full(group.max(initial=-1) + 1, m)
    np.minimum.at(stands, group, np.arange(m))
    stands[group[preregistered]] = preregistered
    return np.where(np.isfinite(estimate), stands[group], -1)


def _equal(estimate: Array, error: Array, n: Places) -> Places:
    good = np.flatnonzero(np.isfinite(estimate))
    table = np.column_stack([_digits(estimate[good]), _digits(error[good]), n[good]])
    order = np.lexsort(table.T)
    same = (np.diff(table[order], axis=0) == 0).all(axis=1)
    return np.column_stack([good[order[:-1][same]], good[order[1:][same]]]).reshape(-1, 2)


def _digits(values: Array) -> Array:
    size = np.floor(np.log10(np.maximum(np.abs(values), 1e-300)))
    return np.round(values / 10.0**size, DIGITS - 1) * 10.0**size


def _neighbours(estimate: Array, error: Array, n: Places, options: Places) -> Places:
    """Pairs that differ in one fork; the universes are the full factorial in order."""
    sizes = options.max(axis=0) + 1
    place = np.arange(len(estimate)).reshape(sizes)
    found = [np.empty((0, 2), dtype=np.int64)]
    for fork, size in enumerate(sizes):
        for one in range(size):
            for other in range(one + 1, size):
                a, b = place.take(one, axis=fork).ravel(), place.take(other, axis=fork).ravel()
                least = NEAR * np.minimum(error[a], error[b])
                near = (np.abs(estimate[a] - estimate[b]) < least) & (np.abs(error[a] - error[b]) < least)
                near &= np.abs(n[a] - n[b]) <= 0.01 * np.maximum(n[a], n[b])
                found.append(np.column_stack([a[near], b[near]]))
    return np.concatenate(found)
