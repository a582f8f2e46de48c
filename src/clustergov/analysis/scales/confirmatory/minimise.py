"""Finding the least discrepancy: Gauss–Newton (Fisher scoring) steps, damped where they do not help."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

MOST_STEPS = 500

NEAR = 1e-5
"""Gain of a step from which on the exact Hessian is worth its time."""


class Discrepancy(Protocol):
    """What is made small: half its Hessian is approximated by a matrix that is never indefinite."""

    def value(self, free: Array) -> float:
        """The discrepancy; infinite where the model implies what cannot be."""

    def step(self, free: Array) -> tuple[Array, Array]:
        """Gradient, and the (expected) Hessian."""


@dataclass(frozen=True, slots=True, eq=False)
class Minimum:
    """Where the search ended."""

    free: Array
    value: float
    steps: int
    converged: bool


def minimise(
    discrepancy: Discrepancy, start: Array, *, exact: Callable[[Array], Array] | None = None, tolerance: float = 1e-20
) -> Minimum:
    """Levenberg–Marquardt from `start` until what another step could gain is below `tolerance`.

    Marquardt, D. W. (1963). An algorithm for least-squares estimation of nonlinear parameters. JSIAM 11(2), 431–441.

    Parameters
    ----------
    exact : callable or None
        The Hessian itself, taken near the minimum, where Newton's method needs a few steps only.
    """
    free, value = start, discrepancy.value(start)
    damping, idle, near = 1e-4, 0, False
    for step in range(1, MOST_STEPS + 1):
        gradient, hessian = discrepancy.step(free)
        if near and exact is not None:
            hessian = exact(free)
        scale = np.maximum(np.diag(hessian), 1e-12)
        while True:
            direction = _solve(hessian + damping * np.diag(scale), -gradient)
            reached = discrepancy.value(free + direction)
            if reached <= value + 1e-15 * max(1.0, abs(value)) or damping > 1e12:
                break
            damping = max(damping, 1e-8) * 8
        gain = float(-gradient @ direction)
        if damping > 1e12:
            return Minimum(free, value, step, gain < 1e-12)
        free, value = free + direction, min(value, reached)
        damping = 0.0 if damping < 1e-9 else damping / 10
        near = near or abs(gain) < NEAR
        idle = idle + 1 if abs(gain) < tolerance else 0
        if idle and np.abs(direction).max() < 1e-9 * max(1.0, np.abs(free).max()):
            return Minimum(free, value, step, True)
    return Minimum(free, value, MOST_STEPS, False)


def _solve(matrix: Array, vector: Array) -> Array:
    try:
        return np.asarray(np.linalg.solve(matrix, vector), dtype=np.float64)
    except np.linalg.LinAlgError:
        return np.asarray(np.linalg.lstsq(matrix, vector, rcond=None)[0], dtype=np.float64)
