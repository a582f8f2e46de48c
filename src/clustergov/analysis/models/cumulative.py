"""The likelihood of cumulative link models: each row lies between two cuts, which are linear in the parameters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.special import expit, ndtr, ndtri

Link = Literal["logit", "probit"]
Array = NDArray[np.float64]

MOST_STEPS = 100


def distribution(t: Array, link: Link) -> Array:
    """F: the logistic or the normal distribution."""
    found: Array = expit(t) if link == "logit" else ndtr(t)
    return found


def density(t: Array, link: Link) -> tuple[Array, Array]:
    """f and its derivative; both 0 at ±∞."""
    finite = np.where(np.isfinite(t), t, 0.0)
    if link == "logit":
        f = expit(finite) * expit(-finite)
        slope = f * (expit(-finite) - expit(finite))
    else:
        f = np.exp(-(finite**2) / 2) / np.sqrt(2 * np.pi)
        slope = -finite * f
    return np.where(np.isfinite(t), f, 0.0), np.where(np.isfinite(t), slope, 0.0)


def cut_designs(X: Array, J: int, free: NDArray[np.bool_] | None = None) -> Array:
    """The cuts θ_j − xβ_j as matrices.

    Parameters
    ----------
    X : array, shape (n, k)
    J : int
        Categories.
    free : array of bool, shape (k,), optional
        Predictors with a coefficient at every threshold of its own; none without it.

    Returns
    -------
    array, shape (J − 1, n, P)
        Cut j of every row is ``designs[j] @ φ`` with φ = (θ_1 … θ_{J−1}; the common coefficients; the free ones, all of
        threshold 1 first).
    """
    free = np.zeros(X.shape[1], dtype=bool) if free is None else free
    common, own = X[:, ~free], X[:, free]
    n, a, b = len(X), common.shape[1], own.shape[1]
    designs = np.zeros((J - 1, n, J - 1 + a + (J - 1) * b))
    for j, design in enumerate(designs):
        design[:, j] = 1
        design[:, J - 1 : J - 1 + a] = -common
        start = J - 1 + a + j * b
        design[:, start : start + b] = -own
    return designs


@dataclass(frozen=True, slots=True, eq=False)
class Cumulative:
    """The log-likelihood of φ, concave where every row has a positive probability.

    Attributes
    ----------
    place : array of int, shape (n,)
        The category of each row, counted from 0.
    upper, lower : array, shape (n, P)
        Derivatives of the cuts above and below each row in φ; zero where the cut is infinite.
    J : int
    """

    place: NDArray[np.int64]
    upper: Array
    lower: Array
    J: int
    link: Link

    @classmethod
    def of(cls, designs: Array, place: NDArray[np.int64], link: Link) -> Cumulative:
        J, rows = len(designs) + 1, np.arange(len(place))
        upper = designs[np.minimum(place, J - 2), rows] * (place < J - 1)[:, None]
        lower = designs[np.maximum(place - 1, 0), rows] * (place > 0)[:, None]
        return cls(place, upper, lower, J, link)

    def cuts(self, phi: Array) -> tuple[Array, Array]:
        u, v = self.upper @ phi, self.lower @ phi
        u[self.place == self.J - 1] = np.inf
        v[self.place == 0] = -np.inf
        return u, v

    def probability(self, u: Array, v: Array) -> Array:
        """F(u) − F(v), on the side of zero where it does not cancel."""
        flip = v > 0
        difference: Array = np.where(
            flip, distribution(-v, self.link) - distribution(-u, self.link),
            distribution(u, self.link) - distribution(v, self.link),
        )  # fmt: skip
        return difference

    def value(self, phi: Array) -> float:
        p = self.probability(*self.cuts(phi))
        return float(np.log(p).sum()) if (p > 0).all() else -np.inf

    def scores(self, phi: Array) -> Array:
        """The gradient of each row's log-likelihood, shape (n, P)."""
        u, v = self.cuts(phi)
        p = self.probability(u, v)
        above, below = density(u, self.link)[0], density(v, self.link)[0]
        found: Array = (above / p)[:, None] * self.upper - (below / p)[:, None] * self.lower
        return found

    def slopes(self, phi: Array) -> tuple[Array, Array]:
        """Gradient of the log-likelihood, and the observed information (minus its Hessian)."""
        u, v = self.cuts(phi)
        p = self.probability(u, v)
        (f_u, d_u), (f_v, d_v) = density(u, self.link), density(v, self.link)
        scores = (f_u / p)[:, None] * self.upper - (f_v / p)[:, None] * self.lower
        hessian = (self.upper.T * (d_u / p)) @ self.upper - (self.lower.T * (d_v / p)) @ self.lower
        return scores.sum(axis=0), scores.T @ scores - hessian

    def information(self, phi: Array) -> Array:
        return self.slopes(phi)[1]

    def maximise(self, phi: Array) -> tuple[Array, float, int, bool]:
        """Newton–Raphson from φ; the log-likelihood is concave, a step is halved until it rises.

        Returns
        -------
        tuple of (array, float, int, bool)
            Parameters, log-likelihood, steps, and whether they came to rest.
        """
        value = self.value(phi)
        for step in range(1, MOST_STEPS + 1):
            gradient, information = self.slopes(phi)
            try:
                direction = np.linalg.solve(information, gradient)
            except np.linalg.LinAlgError:
                return phi, value, step, False
            if not np.isfinite(direction).all():
                return phi, value, step, False
            # Newton decrement: twice the rise that is left, in units of log-likelihood.
            settled = bool(gradient @ direction < 1e-18 * max(1.0, abs(value)) or np.abs(direction).max() < 1e-11)
            length = 1.0
            while (reached := self.value(phi + length * direction)) < value - 1e-9 * abs(value) and length > 1e-10:
                length /= 2
            phi, value = phi + length * direction, reached
            if settled:
                return phi, value, step, True
        return phi, value, MOST_STEPS, False

    def escape(self) -> Array | None:
        """A direction along which every row's cuts only move apart, if there is one: then there is no maximum.

        Albert, A. & Anderson, J. A. (1984). Biometrika 71(1), 1–10, carried over to two cuts per row; found by linear
        programming.
        """
        conditions = np.unique(np.vstack([self.upper, -self.lower]), axis=0)
        found = linprog(-conditions.sum(axis=0), A_ub=-conditions, b_ub=np.zeros(len(conditions)), bounds=(-1, 1))
        if found.fun is not None and found.x is not None and -found.fun > 1e-6:
            direction: Array = np.asarray(found.x)
            return direction
        return None


def marginal_thresholds(counts: NDArray[np.int64], link: Link) -> Array:
    """Thresholds of a model without predictors: where to start."""
    below = np.cumsum(counts)[:-1] / counts.sum()
    found: Array = np.log(below / (1 - below)) if link == "logit" else ndtri(below)
    return found
