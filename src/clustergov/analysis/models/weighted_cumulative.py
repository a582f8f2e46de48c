"""Many cumulative link models at once: the same rows under many sets of observation weights, by batched Newton steps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from clustergov.analysis.models.cumulative import Link, density, distribution

Array = NDArray[np.float64]

MOST_STEPS = 40
MOST_HALVINGS = 30


@dataclass(frozen=True, slots=True, eq=False)
class WeightedCumulative:
    """The weighted log-likelihoods of φ = (θ_1 … θ_{J−1}, b), rows in order of their category.

    Attributes
    ----------
    X : array, shape (n, k)
    squares : array, shape (n, k(k + 1)/2)
        The products of every two predictors, upper triangle.
    ends : array of int, shape (J + 1,)
        Rows ends[j] to ends[j + 1] are of category j.
    link : {"logit", "probit"}
    """

    X: Array
    squares: Array
    ends: NDArray[np.int64]
    link: Link

    @classmethod
    def of(cls, X: Array, counts: NDArray[np.int64], link: Link) -> WeightedCumulative:
        """From rows that are sorted by category."""
        left, right = np.triu_indices(X.shape[1])
        return cls(X, X[:, left] * X[:, right], np.concatenate([[0], np.cumsum(counts)]), link)

    def _cuts(self, phi: Array) -> tuple[Array, Array]:
        """The cut above and the cut below every row, (R, n) each."""
        J = len(self.ends) - 1
        edges = np.full((len(phi), J + 1), np.inf)
        edges[:, 0], edges[:, 1:-1] = -np.inf, phi[:, : J - 1]
        eta = phi[:, J - 1 :] @ self.X.T
        sizes = np.diff(self.ends)
        return np.repeat(edges[:, 1:], sizes, axis=1) - eta, np.repeat(edges[:, :-1], sizes, axis=1) - eta

    def _probability(self, u: Array, v: Array) -> Array:
        # On the side of zero where the difference does not cancel.
        flip = v > 0
        a, b = np.where(flip, -v, u), np.where(flip, -u, v)
        return distribution(a, self.link) - distribution(b, self.link)

    def values(self, phi: Array, weights: Array) -> Array:
        """Log-likelihoods (R,); −∞ where a row that counts has no probability."""
        p = self._probability(*self._cuts(phi))
        with np.errstate(divide="ignore", invalid="ignore"):
            parts = np.where(weights > 0, weights * np.log(p), 0.0)
        return np.where(np.isnan(parts).any(axis=1), -np.inf, parts.sum(axis=1))

    def slopes(self, phi: Array, weights: Array) -> tuple[Array, Array]:
        """Gradients (R, P) and observed informations (R, P, P)."""
        u, v = self._cuts(phi)
        p = self._probability(u, v)
        (f_u, d_u), (f_v, d_v) = density(u, self.link), density(v, self.link)
        share = np.divide(weights, p, out=np.zeros_like(p), where=weights > 0)
        # First derivatives of w log p in the cut above (g_u) and below (−g_v), and minus the second ones.
        g_u, g_v = share * f_u, share * f_v
        over = np.divide(1.0, p, out=np.zeros_like(p), where=weights > 0)
        h_uu, h_vv, h_uv = g_u * f_u * over - share * d_u, g_v * f_v * over + share * d_v, -g_u * f_v * over
        return self._gradient(g_u, g_v), self._information(h_uu, h_vv, h_uv)

    def _sums(self, cells: Array) -> Array:
        """Sums over the rows of each category, (R, J)."""
        return np.add.reduceat(cells, self.ends[:-1], axis=1)

    def _gradient(self, g_u: Array, g_v: Array) -> Array:
        thresholds = self._sums(g_u)[:, :-1] - self._sums(g_v)[:, 1:]
        return np.hstack([thresholds, -(g_u - g_v) @ self.X])

    def _information(self, h_uu: Array, h_vv: Array, h_uv: Array) -> Array:
        J, (R, k) = len(self.ends) - 1, (len(h_uu), self.X.shape[1])
        cuts = J - 1
        information = np.zeros((R, cuts + k, cuts + k))
        at = np.arange(cuts)
        information[:, at, at] = self._sums(h_uu)[:, :-1] + self._sums(h_vv)[:, 1:]
        between = self._sums(h_uv)[:, 1:-1]
        information[:, at[:-1], at[1:]] = information[:, at[1:], at[:-1]] = between
        upper, lower = h_uu + h_uv, h_vv + h_uv
        for j in range(cuts):
            above, below = slice(*self.ends[j : j + 2]), slice(*self.ends[j + 1 : j + 3])
            block = -(upper[:, above] @ self.X[above] + lower[:, below] @ self.X[below])
            information[:, j, cuts:] = information[:, cuts:, j] = block
        left, right = np.triu_indices(k)
        products = (upper + lower) @ self.squares
        information[:, cuts + left, cuts + right] = information[:, cuts + right, cuts + left] = products
        return information

    def maximise(self, start: Array, weights: Array) -> tuple[Array, NDArray[np.bool_]]:
        """Newton–Raphson of all replicates together from one start; those that came to rest drop out.

        Returns
        -------
        tuple of (array (R, P), array of bool (R,))
            Parameters, and which came to rest.
        """
        phi = np.repeat(start[None], len(weights), axis=0)
        settled = np.zeros(len(weights), dtype=bool)
        value = self.values(phi, weights)
        open_ = np.arange(len(weights))
        for _ in range(MOST_STEPS):
            gradient, information = self.slopes(phi[open_], weights[open_])
            direction = _solved(information, gradient)
            found = np.isfinite(direction).all(axis=1)
            open_, gradient, direction = open_[found], gradient[found], direction[found]
            rise = (gradient * direction).sum(axis=1)
            last = (rise < 1e-18 * np.maximum(1.0, np.abs(value[open_]))) | (np.abs(direction).max(axis=1) < 1e-11)
            phi[open_], value[open_] = self._ascended(phi[open_], value[open_], direction, weights[open_])
            settled[open_[last]] = True
            open_ = open_[~last]
            if not len(open_):
                break
        return phi, settled

    def _ascended(self, phi: Array, value: Array, direction: Array, weights: Array) -> tuple[Array, Array]:
        """A whole step where the log-likelihood rises, halved until it does elsewhere."""
        moved = phi + direction
        reached = self.values(moved, weights)
        low = np.flatnonzero(~(reached >= value - 1e-9 * np.abs(value)))
        length = 1.0
        for _ in range(MOST_HALVINGS):
            if not len(low):
                break
            length /= 2
            moved[low] = phi[low] + length * direction[low]
            reached[low] = self.values(moved[low], weights[low])
            low = low[~(reached[low] >= value[low] - 1e-9 * np.abs(value[low]))]
        return moved, reached


def _solved(information: Array, gradient: Array) -> Array:
    """Solutions of every system; NaN where one is singular."""
    try:
        found = np.asarray(np.linalg.solve(information, gradient[:, :, None])[:, :, 0], dtype=np.float64)
    except np.linalg.LinAlgError:
        found = np.full_like(gradient, np.nan)
        for row, (matrix, right) in enumerate(zip(information, gradient, strict=True)):
            try:
                found[row] = np.linalg.solve(matrix, right)
            except np.linalg.LinAlgError:
                continue
    return found
