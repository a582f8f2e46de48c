"""Pairs of organisations that are alike (or unlike) in what drives the outcome: the best set of pairs, not a greedy one."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_matrix

Array = NDArray[np.float64]


def best_pairs(cost: Array, allowed: NDArray[np.bool_], count: int, prefer: Array) -> tuple[tuple[int, int], ...]:
    """The `count` pairs without a common member whose cost adds up to the least.

    Parameters
    ----------
    cost : array, shape (n, n)
        Symmetric.
    allowed : array of bool, shape (n, n)
        Symmetric: which pairs may be chosen.
    count : int
    prefer : array, shape (n, n)
        Among sets of pairs of one least cost, the one with the highest sum of this is taken.

    Returns
    -------
    tuple of (int, int)
        Cheapest first, the smaller index first in each; fewer than `count` only when there are not so many.
    """
    first, second = _promising(cost, allowed, count)
    for wanted in range(count, 0, -1):
        chosen = _solve(first, second, len(cost), wanted, cost[first, second], prefer[first, second])
        if chosen is not None:
            pairs = [(int(first[at]), int(second[at])) for at in chosen]
            return tuple(sorted(pairs, key=lambda pair: (float(cost[pair]), -float(prefer[pair]))))
    return ()


def _promising(cost: Array, allowed: NDArray[np.bool_], count: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The pairs that a best set can be made of.

    Let a best set hold (u, v). Its other pairs have 2 (count − 1) members, so among the 2 count − 1 cheapest partners of u
    there is one that is free; were v not among them (ties included), changing to that one would be no dearer.
    """
    order = np.where(allowed, cost, np.inf)
    place = min(2 * count - 2, len(cost) - 1)
    limit = np.partition(order, place, axis=1)[:, place]
    kept = allowed & (order <= limit[:, None] + 1e-12) & np.isfinite(order)
    kept &= kept.T
    upper = np.triu(kept, 1)
    first, second = np.nonzero(upper)
    return first, second


def _solve(
    first: NDArray[np.intp], second: NDArray[np.intp], n: int, count: int, cost: Array, prefer: Array
) -> NDArray[np.intp] | None:
    """Places of the chosen pairs, or None when there are not `count` disjoint ones."""
    m = len(first)
    if m < count:
        return None
    at = np.arange(m)
    members = csr_matrix((np.ones(2 * m), (np.concatenate([first, second]), np.concatenate([at, at]))), shape=(n, m))
    rules = [LinearConstraint(members, -np.inf, 1), LinearConstraint(np.ones((1, m)), count, count)]
    whole, box = np.ones(m, dtype=np.int64), Bounds(0, 1)
    found = milp(cost, constraints=rules, bounds=box, integrality=whole)
    if found.x is None:
        return None
    least = LinearConstraint(cost[None], -np.inf, float(found.fun) + 1e-9 * max(1.0, abs(float(found.fun))))
    liked = milp(-prefer, constraints=[*rules, least], bounds=box, integrality=whole)
    chosen: NDArray[np.intp] = np.flatnonzero((found.x if liked.x is None else liked.x) > 0.5)
    return chosen
