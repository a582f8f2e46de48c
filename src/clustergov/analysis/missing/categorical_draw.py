"""Bayesian logit and cumulative logit models of one column, of all chains at once, and values drawn from them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from clustergov.analysis.missing.augmentation import augmented

Array = NDArray[np.float64]
Places = NDArray[np.intp]

MOST_STEPS = 40
SETTLED = 1e-8
"""Newton stops when no parameter moves by more: far below the posterior's spread, from which is drawn."""
MOST_REDRAWS = 20


@dataclass(frozen=True, slots=True, eq=False)
class CumulativeRows:
    """Rows of known category under P(Y ≤ j) = F(θ_j − xβ), F logistic, in m chains; J = 2 is the logit model.

    Attributes
    ----------
    X : array, shape (m, n, p)
    places : array of int, shape (n,)
        Category of each row, 0 … J − 1, the same in every chain.
    weights : array, shape (n,)
    J : int
    """

    X: Array
    places: Places
    weights: Array
    J: int

    @classmethod
    def of(cls, X: Array, places: Places, J: int) -> CumulativeRows:
        """The rows with those that keep the maximum finite (see `augmented`)."""
        rows, added, weight = augmented(X, J)
        return cls(
            np.concatenate([X, rows], axis=1), np.concatenate([places, added]),
            np.concatenate([np.ones(len(places)), np.full(len(added), weight)]), J,
        )  # fmt: skip

    def start(self) -> Array:
        """Thresholds of the marginal distribution, no association: shape (m, J − 1 + p)."""
        share = np.bincount(self.places, self.weights, minlength=self.J).cumsum()[:-1] / self.weights.sum()
        phi = np.zeros((len(self.X), self.J - 1 + self.X.shape[2]))
        phi[:, : self.J - 1] = np.log(share / (1 - share))
        return phi

    def value(self, phi: Array) -> Array:
        """Weighted log-likelihood per chain; −∞ where thresholds are out of order."""
        upper, lower = self._tails(phi)
        with np.errstate(divide="ignore", invalid="ignore"):
            found = np.log(self._between(upper, lower)) @ self.weights
        ordered = (np.diff(phi[:, : self.J - 1], axis=1) > 0).all(axis=1)
        return np.where(ordered & np.isfinite(found), found, -np.inf)

    def _tails(self, phi: Array) -> tuple[Array, Array]:
        """θ_y − xβ and θ_{y−1} − xβ, infinite at the ends."""
        eta = (self.X @ phi[:, self.J - 1 :, None])[:, :, 0]
        ends = np.full((len(phi), 1), np.inf)
        cuts = np.concatenate([-ends, phi[:, : self.J - 1], ends], axis=1)
        return cuts[:, self.places + 1] - eta, cuts[:, self.places] - eta

    @staticmethod
    def _between(upper: Array, lower: Array) -> Array:
        """F(u) − F(v), on the side of zero where it does not cancel."""
        flip = lower > 0
        return expit(np.where(flip, -lower, upper)) - expit(np.where(flip, -upper, lower))

    def slopes(self, phi: Array) -> tuple[Array, Array]:
        """Gradient (m, k) of the log-likelihood, and the observed information (m, k, k)."""
        upper, lower = self._tails(phi)
        p, w, cuts = self._between(upper, lower), self.weights, self.J - 1
        F_u, F_v = expit(upper), expit(lower)
        f_u, f_v = F_u * expit(-upper), F_v * expit(-lower)
        a, b = f_u / p, -f_v / p
        aa, bb, ab = f_u * (1 - 2 * F_u) / p - a * a, -f_v * (1 - 2 * F_v) / p - b * b, -a * b
        X, X_t = self.X, self.X.transpose(0, 2, 1)
        member = np.eye(self.J)[self.places] * w[:, None]
        top, bottom = member[:, :cuts], member[:, 1:]
        gradient = np.concatenate([a @ top + b @ bottom, -(X_t @ ((a + b) * w)[:, :, None])[:, :, 0]], axis=1)
        k = cuts + X.shape[2]
        information = np.zeros((len(phi), k, k))
        at = np.arange(cuts)
        information[:, at, at] = -(aa @ top + bb @ bottom)
        if cuts > 1:
            between = -(ab @ member[:, 1:cuts])
            information[:, at[1:], at[:-1]] = information[:, at[:-1], at[1:]] = between
        cross = ((aa + ab)[:, :, None] * top + (bb + ab)[:, :, None] * bottom).transpose(0, 2, 1) @ X
        information[:, :cuts, cuts:], information[:, cuts:, :cuts] = cross, cross.transpose(0, 2, 1)
        information[:, cuts:, cuts:] = X_t @ (-((aa + 2 * ab + bb) * w)[:, :, None] * X)
        return gradient, information


def mode(rows: CumulativeRows, start: Array | None = None) -> tuple[Array, Array]:
    """Maximum of the weighted likelihood (m, k) and the information there, by Newton with halved steps."""
    phi = rows.start() if start is None else start
    value = rows.value(phi)
    for _ in range(MOST_STEPS):
        gradient, information = rows.slopes(phi)
        move: Array = np.asarray(np.linalg.solve(information, gradient[:, :, None])[:, :, 0], dtype=np.float64)
        if np.abs(move).max() < SETTLED:
            break
        phi, value = _climb(rows, phi, value, move)
    return phi, rows.slopes(phi)[1]


def _climb(rows: CumulativeRows, phi: Array, value: Array, move: Array) -> tuple[Array, Array]:
    """One step per chain, halved where the likelihood would fall; it is concave, so a short enough step rises."""
    length = np.ones((len(phi), 1))
    for _ in range(30):
        there = phi + length * move
        reached = rows.value(there)
        falls = reached < value - 1e-9 * np.abs(value)
        if not falls.any():
            break
        length[falls] /= 2
    return there, reached


def drawn(phi: Array, information: Array, cuts: int, rng: np.random.Generator) -> Array:
    """φ* ~ N(φ, I⁻¹) per chain, its thresholds in order.

    A draw whose thresholds are not in order describes no distribution; it is taken again, at last sorted.
    """
    root = np.linalg.inv(np.linalg.cholesky(information)).transpose(0, 2, 1)
    found = phi + (root @ rng.standard_normal(phi.shape)[:, :, None])[:, :, 0]
    for _ in range(MOST_REDRAWS):
        crossed = (np.diff(found[:, :cuts], axis=1) <= 0).any(axis=1)
        if not crossed.any():
            return found
        again = phi + (root @ rng.standard_normal(phi.shape)[:, :, None])[:, :, 0]
        found[crossed] = again[crossed]
    found[:, :cuts] = np.sort(found[:, :cuts], axis=1)
    return found


def impute_categories(
    X: Array, places: Places, wanted: Array, J: int, rng: np.random.Generator, start: Array | None = None
) -> tuple[Places, Array]:
    """Categories (m, w) for the rows `wanted` (m, w, p), and the mode (m, k) from which a next fit may start.

    A draw from the approximate posterior of the cumulative logit model, then a category from its probabilities (White,
    Royston & Wood 2011, Statistics in Medicine 30, 377–399, §2.4; mice's ``polr`` leaves the first of the two out, which
    makes imputations too much alike).
    """
    rows = CumulativeRows.of(X, places, J)
    phi, information = mode(rows, start)
    star = drawn(phi, information, J - 1, rng)
    eta = (wanted @ star[:, J - 1 :, None])[:, :, 0]
    below = expit(star[:, None, : J - 1] - eta[:, :, None])
    return np.asarray((rng.random(eta.shape)[:, :, None] > below).sum(axis=2), dtype=np.intp), phi
