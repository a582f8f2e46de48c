"""Diagonally weighted least squares for ordinal items: discrepancy, robust errors, mean- and variance-adjusted statistic."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from clustergov.analysis.scales.confirmatory.implied import Matrices, Structure
from clustergov.analysis.scales.confirmatory.ordinal_moments import OrdinalMoments

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Adjusted:
    """A statistic moved and stretched to the mean and variance of χ².

    scaled = a · statistic + shift. Asparouhov, T. & Muthén, B. (2010). Simple second order chi-square correction. Mplus
    technical appendix, eq. 8.
    """

    statistic: float
    df: int
    trace: float
    trace_of_square: float

    @property
    def factor(self) -> float:
        """1 / a."""
        return float(np.sqrt(self.trace_of_square / self.df))

    @property
    def shift(self) -> float:
        return self.df - self.trace / self.factor

    @property
    def scaled(self) -> float:
        return self.statistic / self.factor + self.shift


@dataclass(frozen=True, slots=True, eq=False)
class DiagonallyWeighted:
    """The discrepancy F = Σ_g v_g (s − σ)ᵀ W (s − σ), W = diag(Γ)⁻¹, v_g = (n_g − 1) / n; n F is the statistic.

    Muthén, B., du Toit, S. H. C. & Spisic, D. (1997). Robust inference using weighted least squares and quadratic
    estimating equations in latent variable modeling with categorical and continuous outcomes; n_g − 1 as in lavaan.

    Attributes
    ----------
    structure : Structure
    groups : tuple of OrdinalMoments
    theta : bool
        Residual variances are parameters and scales follow; otherwise (delta) the other way round.
    """

    structure: Structure
    groups: tuple[OrdinalMoments, ...]
    theta: bool = False

    @property
    def n(self) -> int:
        return sum(group.n for group in self.groups)

    @property
    def rows(self) -> int:
        """n less one for each group: what errors and RMSEA are divided by, as in lavaan."""
        return self.n - len(self.groups)

    @property
    def shares(self) -> Array:
        return np.array([group.n for group in self.groups]) / self.n

    @property
    def _factors(self) -> Array:
        return np.array([group.n - 1 for group in self.groups]) / self.n

    def scales(self, at: Matrices) -> Array:
        """δ: one over the standard deviation of y*."""
        if not self.theta:
            return np.asarray(at.scale, dtype=float)
        with np.errstate(invalid="ignore"):
            return np.asarray(1 / np.sqrt(np.diag(at.covariance)), dtype=float)

    def implied(self, free: Array, group: int) -> Array:
        """Thresholds and correlations that the model implies."""
        at = self.structure.matrices(free, group)
        delta, owner = self.scales(at), self.structure.owner
        i, j = np.triu_indices(len(delta), 1)
        thresholds = delta[owner] * (at.threshold - at.means[owner])
        return np.concatenate([thresholds, (at.covariance * np.outer(delta, delta))[i, j]])

    def by_group(self, free: Array) -> Array:
        found = []
        for g, sample in enumerate(self.groups):
            gap = sample.statistics - self.implied(free, g)
            found.append(float(gap**2 @ sample.weights) if np.isfinite(gap).all() else np.inf)
        return np.array(found)

    def value(self, free: Array) -> float:
        return float(self._factors @ self.by_group(free))

    def step(self, free: Array) -> tuple[Array, Array]:
        gradient, hessian = np.zeros(len(free)), np.zeros((len(free), len(free)))
        for g, (sample, factor) in enumerate(zip(self.groups, self._factors, strict=True)):
            J = self.jacobian(free, g)
            weighted = J * sample.weights[:, None]
            gradient -= 2 * factor * weighted.T @ (sample.statistics - self.implied(free, g))
            hessian += 2 * factor * weighted.T @ J
        return gradient, hessian

    def jacobian(self, free: Array, group: int) -> Array:
        """∂(thresholds, correlations) in the free parameters, shape (t + P, q)."""
        at = self.structure.matrices(free, group)
        k, u, w, d = self.structure.slopes(at, group)
        owner, delta = self.structure.owner, self.scales(at)
        i, j = np.triu_indices(len(delta), 1)
        # Under theta δ = Σ_ii^−½ moves with every parameter that moves a variance, ∂Σ_ii = 2 u_i w_i.
        moved = self._through(at, delta, -d, -(delta**3) * u * w if self.theta else np.zeros_like(u))
        moved[:, len(owner) :] += (u[:, i] * w[:, j] + w[:, i] * u[:, j]) * (delta[i] * delta[j])
        numbers, blocks = [k], [moved]
        places = self.structure.groups[group].places
        thresholds = places["threshold"][places["threshold"][:, 2] >= 0]
        block = np.zeros((len(thresholds), len(owner) + len(i)))
        block[np.arange(len(thresholds)), thresholds[:, 0]] = delta[owner[thresholds[:, 0]]]
        numbers.append(thresholds[:, 2])
        blocks.append(block)
        if not self.theta:
            scaled = places["scale"][places["scale"][:, 2] >= 0]
            unit = np.eye(len(delta))[scaled[:, 0]]
            numbers.append(scaled[:, 2])
            blocks.append(self._through(at, delta, np.zeros_like(unit), unit))
        J = np.zeros((len(free), len(owner) + len(i)))
        np.add.at(J, np.concatenate(numbers), np.concatenate(blocks))
        return J.T

    def _through(self, at: Matrices, delta: Array, less_mean: Array, of_delta: Array) -> Array:
        """What moves through the mean of y* and through δ, shape (rows, t + P)."""
        owner = self.structure.owner
        i, j = np.triu_indices(len(delta), 1)
        distance = at.threshold - at.means[owner]
        thresholds = less_mean[:, owner] * delta[owner] + of_delta[:, owner] * distance
        correlations = at.covariance[i, j] * (of_delta[:, i] * delta[j] + of_delta[:, j] * delta[i])
        return np.hstack([thresholds, correlations])

    def information(self, free: Array) -> Array:
        """Σ_g (n_g / n) ∂ᵀ W ∂."""
        total = np.zeros((len(free), len(free)))
        for g, (sample, share) in enumerate(zip(self.groups, self.shares, strict=True)):
            J = self.jacobian(free, g)
            total += share * (J * sample.weights[:, None]).T @ J
        return total

    def covariance(self, free: Array) -> Array:
        """Robust covariance of the estimates: E⁻¹ (Σ_g (n_g / n) ∂ᵀ W Γ W ∂) E⁻¹ / (n − G)."""
        middle = np.zeros((len(free), len(free)))
        for g, (sample, share) in enumerate(zip(self.groups, self.shares, strict=True)):
            weighted = self.jacobian(free, g) * sample.weights[:, None]
            middle += share * weighted.T @ sample.gamma @ weighted
        bread = np.linalg.inv(self.information(free))
        covariance: Array = bread @ middle @ bread / self.rows
        return covariance

    def statistic(self, free: Array, df: int) -> Adjusted:
        """n F, and the traces of UΓ and (UΓ)² that its adjustment needs, over all groups jointly.

        U has the blocks f_g W_g [g = h] − f_g W_g J_g E⁻¹ J_hᵀ W_h f_h with f_g = n_g / n, and Γ the blocks Γ_g / f_g;
        blocks of two different groups meet in E⁻¹ only, so that q × q matrices do for them.
        """
        bread = np.asarray(np.linalg.inv(self.information(free)), dtype=np.float64)
        trace = square = 0.0
        middles: list[Array] = []
        for g, (sample, share) in enumerate(zip(self.groups, self.shares, strict=True)):
            weighted = self.jacobian(free, g) * sample.weights[:, None]
            UG = sample.weights[:, None] * sample.gamma - share * weighted @ (bread @ (weighted.T @ sample.gamma))
            trace += float(np.trace(UG))
            square += float((UG * UG.T).sum())
            middles.append(share * bread @ weighted.T @ sample.gamma @ weighted)
        square += sum(2 * float(np.trace(a @ b)) for a, b in combinations(middles, 2))
        return Adjusted(self.n * self.value(free), df, trace, square)

    def baseline(self) -> Adjusted:
        """The model of thresholds and no correlations."""
        statistic, trace, square = 0.0, 0.0, 0.0
        for sample in self.groups:
            t = len(sample.thresholds)
            weights, gamma = sample.weights[t:], sample.gamma[t:, t:]
            statistic += (sample.n - 1) * float(sample.statistics[t:] ** 2 @ weights)
            UG = weights[:, None] * gamma
            trace += float(np.trace(UG))
            square += float((UG * UG.T).sum())
        p = len(self.structure.table.items)
        return Adjusted(statistic, len(self.groups) * p * (p - 1) // 2, trace, square)
