"""The wild cluster restricted bootstrap: residuals of the model without the coefficient, their signs drawn per group.

Cameron, A. C., Gelbach, J. B. & Miller, D. L. (2008). Bootstrap-based improvements for inference with clustered errors.
Review of Economics and Statistics 90(3), 414–427; Davidson, R. & Flachaire, E. (2008). The wild bootstrap, tamed at last.
Journal of Econometrics 146, 162–169 (independent rows: every row its own group); Webb, M. D. (2023). Reworking wild
bootstrap-based inference for clustered errors. Canadian Journal of Economics 56(3), 839–858 (six points).

Everything a draw needs is a sum per group, so a draw costs groups × coefficients whatever n is. The statistic is b² over
its CR0 variance; a factor that does not depend on the draw, such as CR1S's, makes no difference.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np

from clustergov.analysis.inference.regressors import Array, Codes, Regressors, group_sums, regressors

FEW_FOR_SIGNS = 8
"""Groups below which two signs give too few different draws, so that Webb's six points are drawn instead."""

_WEBB = np.sqrt(np.array([1.5, 1.0, 0.5]))
_TIE = 1 - 1e-10
_WORTH = 4_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Signs:
    """Factors of the groups, one row per draw; the first row is ones, the data as they are.

    Attributes
    ----------
    factors : array, shape (draws, groups)
    enumerated : bool
        Every assignment of signs, up to turning all of them, once: the p-value is without error of simulation.
    """

    factors: Array
    enumerated: bool


def signs(groups: int, draws: int, rng: np.random.Generator) -> Signs:
    """Rademacher's signs, all of them when at most `draws`; Webb's six points with fewer than eight groups."""
    if groups < FEW_FOR_SIGNS:
        points = np.concatenate([_WEBB, -_WEBB])
        return Signs(np.vstack([np.ones(groups), rng.choice(points, size=(draws, groups))]), False)
    if 2.0 ** (groups - 1) <= draws + 1:
        return Signs(all_signs(groups), True)
    return Signs(np.vstack([np.ones(groups), rng.choice([-1.0, 1.0], size=(draws, groups))]), False)


def all_signs(groups: int) -> Array:
    """Every assignment with the first group's sign held, shape (2^(groups − 1), groups); ones first."""
    rest = np.array(list(product((1.0, -1.0), repeat=groups - 1))).reshape(-1, groups - 1)
    return np.column_stack([np.ones(len(rest)), rest])


@dataclass(frozen=True, slots=True, eq=False)
class Restricted:
    """Sums per group of the outcomes' residuals without the regressor (in front) and of the regressor's own (behind).

    Attributes
    ----------
    coefficient, score : array, shape (groups, m + 1)
        Σ c_i u_i and, the same here, the part of the group score before the refit.
    solved : array, shape (groups, m + 1, k)
        Σ C_i u_i.
    touched : array, shape (groups, k)
        Σ c_i x_i.
    """

    coefficient: Array
    solved: Array
    touched: Array

    @property
    def outcomes(self) -> int:
        return int(self.coefficient.shape[1]) - 1


def restricted(design: Regressors, j: int, codes: Codes, groups: int, Y: Array) -> Restricted:
    """What the bootstrap of coefficient j needs of outcomes Y, shape (n, m)."""
    other = np.delete(design.matrix, j, axis=1)
    both = np.column_stack([Y, design.matrix[:, j]])
    U = regressors(other, design.weights).residuals(both) if other.shape[1] else both
    C = design.solver
    solved = np.stack([group_sums(row[:, None] * U, codes, groups) for row in C], axis=-1)
    return Restricted(solved[:, :, j], solved, group_sums(C[j][:, None] * design.matrix, codes, groups))


@dataclass(frozen=True, slots=True, eq=False)
class _Curves:
    """The statistic of every draw as a function of the null: b and the group scores are linear in it, b² and V quadratic.

    Attributes
    ----------
    b : array, shape (draws, m)
        Coefficient of a draw when the null is 0; `slope` (draws, 1) times the null comes off it.
    constant, linear : array, shape (draws, m)
    square : array, shape (draws, 1)
        V = constant − 2 linear · null + square · null².
    """

    b: Array
    slope: Array
    constant: Array
    linear: Array
    square: Array

    def p(self, null: Array) -> Array:
        """Two-sided p, shape (m,)."""
        variance = self.constant + null * (self.square * null - 2 * self.linear)
        numerator = (self.b - self.slope * null) ** 2
        # An outcome that fits the null exactly has no residuals left: every draw ties with the data, p = 1.
        least = 1e-14 * self.constant.max(axis=0)
        statistic = np.divide(numerator, variance, out=np.zeros_like(variance), where=variance > least)
        shares: Array = (statistic >= statistic[0] * _TIE).mean(axis=0)
        return shares


def _curves(sums: Restricted, drawn: Signs, which: slice) -> _Curves:
    V = drawn.factors

    def scores(a: Array, solved: Array) -> Array:
        """Group scores of each draw after the refit, shape (draws, m, groups)."""
        refit = np.tensordot(V, solved, axes=(1, 0)) @ sums.touched.T
        return V[:, None, :] * a.T[None] - refit

    own = scores(sums.coefficient[:, :-1][:, which], sums.solved[:, :-1][:, which])
    regressor = scores(sums.coefficient[:, -1:], sums.solved[:, -1:])
    return _Curves(
        V @ sums.coefficient[:, :-1][:, which],
        V @ sums.coefficient[:, -1:],
        np.einsum("bmg,bmg->bm", own, own),
        np.einsum("bmg,bg->bm", own, regressor[:, 0]),
        np.einsum("bmg,bmg->bm", regressor, regressor),
    )


def _slices(sums: Restricted, drawn: Signs) -> Iterator[slice]:
    width = max(1, _WORTH // (drawn.factors.size * 2))
    return (slice(i, i + width) for i in range(0, sums.outcomes, width))


def p_values(sums: Restricted, drawn: Signs, null: Array) -> Array:
    """Two-sided p of the coefficient being `null`, shape (m,), for each outcome."""
    return np.concatenate([_curves(sums, drawn, which).p(null[which]) for which in _slices(sums, drawn)])


def interval(sums: Restricted, drawn: Signs, estimates: Array, errors: Array, level: float) -> tuple[Array, Array]:
    """The values that the test does not reject: ends for each outcome, infinite where the test never rejects."""
    ends = []
    for which in _slices(sums, drawn):
        curves = _curves(sums, drawn, which)
        ends.append([_end(curves, estimates[which], sign * errors[which], level) for sign in (-1, 1)])
    low, high = (np.concatenate(each) for each in zip(*ends, strict=True))
    return low, high


def _end(curves: _Curves, estimates: Array, step: Array, level: float) -> Array:
    near, far = np.zeros(len(estimates)), np.full(len(estimates), 4.0)
    for _ in range(10):
        kept = curves.p(estimates + far * step) > 1 - level
        if not kept.any():
            break
        near, far = np.where(kept, far, near), np.where(kept, 2 * far, far)
    unbounded = curves.p(estimates + far * step) > 1 - level
    for _ in range(28):
        middle = (near + far) / 2
        kept = curves.p(estimates + middle * step) > 1 - level
        near, far = np.where(kept, middle, near), np.where(kept, far, middle)
    return np.where(unbounded, np.sign(step) * np.inf, estimates + near * step)
