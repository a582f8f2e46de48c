"""The least profiled deviance of a mixed model, to the last digits, and how far the deviance lets θ go."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq, minimize
from scipy.special import chdtri

from clustergov.analysis.models.mixed_deviance import MixedDeviance, gradient, hessian

Array = NDArray[np.float64]

EDGE = 1e-4
"""A standard deviation between groups below this share of σ is at its edge (as lme4's isSingular)."""
MOST = 1e3
"""θ past which the variance within groups is taken to vanish."""
STARTS = ((1.0, 0.0, 1.0), (0.3, 0.0, 0.3), (1.0, -0.5, 0.3), (0.1, 0.05, 1.0))


def is_singular(theta: Array) -> bool:
    return bool(theta[0] < EDGE or (len(theta) == 3 and theta[2] < EDGE))


def optimum(deviance: MixedDeviance) -> Array:
    """θ at the least profiled deviance; exactly 0 at the edge of a random intercept."""
    return _one(deviance) if deviance.zz.shape[1] == 1 else _three(deviance)


def _slope(deviance: MixedDeviance, theta: float) -> float:
    return float(gradient(deviance.profiled, np.array([theta]))[0])


def _one(deviance: MixedDeviance) -> Array:
    """The best of a grid, then the root of the exact derivative beside it."""
    grid = np.concatenate([[0.0], np.geomspace(EDGE, MOST, 141)])
    values = np.array([float(deviance.profiled(np.array([theta]))) for theta in grid])
    best = int(values.argmin())
    if best == 0 or (best == 1 and _slope(deviance, EDGE) > 0):
        return np.zeros(1)
    low, high = grid[best - 1] or EDGE, grid[min(best + 1, len(grid) - 1)]
    if _slope(deviance, low) >= 0 or _slope(deviance, high) <= 0:
        return np.array([grid[best]])
    return np.array([brentq(lambda theta: _slope(deviance, theta), low, high, xtol=1e-15, rtol=1e-14)])


def _three(deviance: MixedDeviance) -> Array:
    """Bounded quasi-Newton from several starts, then Newton's steps on the exact derivative if the best is inside."""
    found = [_descended(deviance, np.array(start)) for start in STARTS]
    theta = min(found, key=lambda one: one[0])[1]
    for _ in range(8):
        if is_singular(theta):
            break
        step = np.linalg.solve(hessian(deviance.profiled, theta), gradient(deviance.profiled, theta))
        moved = theta - step
        if is_singular(moved) or deviance.profiled(moved) > deviance.profiled(theta) + 1e-9:
            break
        theta = moved
        if np.abs(step).max() < 1e-13:
            break
    return theta


def _descended(deviance: MixedDeviance, start: Array) -> tuple[float, Array]:
    def value(theta: Array) -> float:
        return float(deviance.profiled(theta))

    def slope(theta: Array) -> Array:
        return gradient(deviance.profiled, theta)

    found = minimize(value, start, jac=slope, method="L-BFGS-B", bounds=[(0, None), (None, None), (0, None)],
                     options={"ftol": 1e-15, "gtol": 1e-10, "maxiter": 500})  # fmt: skip
    return float(found.fun), np.asarray(found.x, dtype=np.float64)


def profile_ends(deviance: MixedDeviance, theta: Array, level: float = 0.95) -> tuple[float, float]:
    """Of one θ: where the profiled deviance has risen by the quantile of χ² with one degree of freedom."""
    allowed = float(deviance.profiled(theta)) + float(chdtri(1, 1 - level))

    def above(value: float) -> float:
        return float(deviance.profiled(np.array([value]))) - allowed

    low = 0.0 if above(0.0) <= 0 else float(brentq(above, 0.0, float(theta[0]), xtol=1e-14))
    high = max(float(theta[0]), 0.1)
    while above(high) < 0:
        high *= 2
        if high > MOST:
            return low, np.inf
    return low, float(brentq(above, max(float(theta[0]), 0.0), high, xtol=1e-14))
