"""The least number of implicants that cover a chart, proven by linear and integer programming."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csr_array

from clustergov.casestudies.qca.chart import Flags, Places

SLACK = 1e-6
"""Rounding of the linear programme's prices."""


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is tried before a bound is given in place of an answer; counted in steps, so that it does not depend
    on the machine.

    Attributes
    ----------
    steps : int
        Choices looked at while covers are counted.
    nodes : int
        Branches of the integer programme that proves the least number of terms.
    listed : int
        Models listed one by one.
    """

    steps: int = 20_000
    nodes: int = 2_000
    listed: int = 1_000

    def shared(self, among: float) -> Effort:
        """The effort for one of so many that share it."""
        return Effort(*(ceil(whole / among) for whole in (self.steps, self.nodes, self.listed)))


@dataclass(frozen=True, slots=True, eq=False)
class Bound:
    """The least number of choices of a block.

    Attributes
    ----------
    least : int
        Proven lower bound; the answer when ``len(cover)`` equals it.
    cover : tuple of int
        The smallest cover known.
    prices : ndarray of float, shape (rows,)
        What a row costs in the linear programme: no choice covers rows worth more than 1, so that rows worth more
        than s cannot be covered by s choices.
    """

    least: int
    cover: tuple[int, ...]
    prices: NDArray[np.float64]


def fewest(chart: Flags, effort: Effort) -> Bound:
    """Bound the number of choices that cover every row, from both sides."""
    strongest = _undominated(chart)
    rows = csr_array(chart[strongest].T.astype(float))
    cost = np.ones(len(strongest))
    # The stubs of scipy know no sparse constraints here.
    relaxed = linprog(cost, A_ub=-rows, b_ub=-np.ones(rows.shape[0]), bounds=(0, None))  # type: ignore[call-overload]
    prices = np.maximum(-relaxed.ineqlin.marginals, 0.0)
    prices /= max(1.0, float((chart @ prices).max()))
    least = ceil(prices.sum() - SLACK)
    cover = _greedy(chart, strongest)
    if len(cover) > least:
        done = milp(cost, constraints=LinearConstraint(rows, 1, np.inf), integrality=np.ones(len(cost), dtype=int),
                    bounds=Bounds(0, 1), options={"node_limit": effort.nodes})  # fmt: skip
        if done.x is not None and round(done.fun) <= len(cover):
            cover = tuple(strongest[done.x > 0.5].tolist())
        if done.mip_dual_bound is not None:
            least = max(least, min(len(cover), ceil(done.mip_dual_bound - SLACK)))
    return Bound(least, cover, prices)


def _undominated(chart: Flags) -> Places:
    """Choices whose rows no other choice covers all of, and more."""
    counts = chart.astype(np.float32)
    sizes = counts.sum(axis=1)
    kept = np.ones(len(chart), dtype=bool)
    for start in range(0, len(chart), 1024):
        shared = counts[start : start + 1024] @ counts.T
        part = sizes[start : start + 1024, None]
        kept[start : start + 1024] = ~((shared == part) & (sizes[None, :] > part)).any(axis=1)
    return np.flatnonzero(kept)


def _greedy(chart: Flags, choices: Places) -> tuple[int, ...]:
    open_rows, cover = np.ones(chart.shape[1], dtype=bool), []
    while open_rows.any():
        best = choices[chart[choices][:, open_rows].sum(axis=1).argmax()]
        cover.append(int(best))
        open_rows &= ~chart[best]
    return tuple(sorted(cover))
