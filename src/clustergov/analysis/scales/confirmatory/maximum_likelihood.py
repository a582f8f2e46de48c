"""Normal-theory maximum likelihood of a factor model: discrepancy, information, robust errors and scaled statistic."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from clustergov.analysis.scales.confirmatory.implied import Integers, Matrices, Real, Structure
from clustergov.analysis.scales.confirmatory.sample_moments import Moments

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class MaximumLikelihood:
    """The discrepancy F = Σ_g w_g [ln|Σ| − ln|S| + tr SΣ⁻¹ − p + (m − μ)ᵀ Σ⁻¹ (m − μ)], w_g = n_g / n.

    Jöreskog, K. G. (1967). Some contributions to maximum likelihood factor analysis. Psychometrika 32, 443–482, eq. 11,
    with means and groups (Sörbom, D. (1974). BJMSP 27, 229–239). n F is the likelihood ratio statistic.
    """

    structure: Structure
    groups: tuple[Moments, ...]

    @property
    def n(self) -> int:
        return sum(group.n for group in self.groups)

    @property
    def weights(self) -> Array:
        return np.array([group.n for group in self.groups]) / self.n

    def by_group(self, free: Array) -> Array:
        """F of every group, infinite where Σ is not positive definite."""
        found = []
        for g, sample in enumerate(self.groups):
            at = self.structure.matrices(free, g)
            try:
                root = np.linalg.cholesky(at.covariance)
            except np.linalg.LinAlgError:
                return np.full(len(self.groups), np.inf)
            inverse = np.linalg.inv(root)
            log_determinant = 2 * np.log(np.diag(root)).sum()
            gap = inverse @ self._gap(sample, at)
            trace = ((inverse @ sample.covariance) * inverse).sum()
            found.append(log_determinant - sample.log_determinant + trace - len(root) + gap @ gap)
        return np.array(found, dtype=float)

    def value(self, free: Array) -> float:
        return float(self.weights @ self.by_group(free))

    def _gap(self, sample: Moments, at: Matrices) -> Real:
        return sample.mean - at.means if self.structure.table.means else np.zeros(len(sample.mean))

    def gradient(self, free: Real) -> Real:
        """∂F; analytic, and exact for complex arguments too, whose imaginary parts then carry second derivatives."""
        total = np.zeros(len(free), dtype=free.dtype)
        for g, (sample, weight) in enumerate(zip(self.groups, self.weights, strict=True)):
            at = self.structure.matrices(free, g)
            k, u, w, d = self.structure.slopes(at, g)
            omega, gap = np.linalg.inv(at.covariance), self._gap(sample, at)
            residual = omega - omega @ (sample.covariance + np.outer(gap, gap)) @ omega
            rows = 2 * ((u @ residual) * w).sum(axis=1) - 2 * d @ (omega @ gap)
            np.add.at(total, k, weight * rows)
        return total

    def step(self, free: Array) -> tuple[Array, Array]:
        return self.gradient(free), 2 * self.expected(free)

    def expected(self, free: Array) -> Array:
        """Fisher's information of one observation."""
        q = len(free)
        total = np.zeros((q, q))
        for g, weight in enumerate(self.weights):
            at = self.structure.matrices(free, g)
            omega = np.linalg.inv(at.covariance)
            rows = self.structure.slopes(at, g)
            total += weight * _gathered(rows[0], _information(omega, *rows[1:]), q)
        return total

    def observed(self, free: Array) -> Array:
        """Observed information of one observation, half the Hessian of F."""
        return self.hessian(free) / 2

    def hessian(self, free: Array) -> Array:
        """The Hessian of F, by complex steps on the exact gradient.

        Squire, W. & Trapp, G. (1998). Using complex variables to estimate derivatives of real functions. SIAM Review
        40(1), 110–112: no difference is taken, so nothing cancels.
        """
        q, small = len(free), 1e-30
        hessian = np.empty((q, q))
        for k in range(q):
            moved = free.astype(complex)
            moved[k] += 1j * small
            hessian[:, k] = self.gradient(moved).imag / small
        return (hessian + hessian.T) / 2

    def scores(self, free: Array, group: int) -> Array:
        """Derivative of each row's log-likelihood, shape (n_g, q)."""
        at = self.structure.matrices(free, group)
        k, u, w, d = self.structure.slopes(at, group)
        omega = np.linalg.inv(at.covariance)
        sample = self.groups[group]
        Z = (sample.rows - (at.means if self.structure.table.means else sample.mean)) @ omega
        rows = (Z @ u.T) * (Z @ w.T) - ((u @ omega) * w).sum(axis=1) + Z @ d.T
        own = np.zeros((len(free), len(Z)))
        np.add.at(own, k, rows.T)
        return own.T

    def first_order(self, free: Array) -> list[Array]:
        """Mean outer product of the rows' scores in every group."""
        return [scores.T @ scores / len(scores) for scores in (self.scores(free, g) for g in range(len(self.groups)))]

    @property
    def _no_means(self) -> float:
        """Parameters for the means that are not there."""
        return 0.0 if self.structure.table.means else float(len(self.groups) * len(self.structure.table.items))

    def saturated_trace(self) -> float:
        """tr of (information⁻¹ × outer product of scores) under no restriction, over all groups.

        With q_i the squared Mahalanobis distance of row i this is (mean q² + p) / 2 in each group, p less without means.
        """
        total = -self._no_means
        for group in self.groups:
            gap = group.rows - group.mean
            distance = np.einsum("ij,ij->i", gap @ np.linalg.inv(group.covariance), gap)
            total += float((distance**2).mean() + len(group.mean)) / 2
        return total

    def independent_trace(self) -> float:
        """The same under the baseline model of items without covariances."""
        total = -self._no_means
        for group in self.groups:
            z = (group.rows - group.mean) / np.sqrt(np.diag(group.covariance))
            total += float(((z**4).mean(axis=0) + 1).sum()) / 2
        return total

    def baseline(self) -> tuple[float, int]:
        """χ² and df of the model of items without covariances."""
        p = len(self.structure.table.items)
        gaps = [g.n * (np.log(np.diag(g.covariance)).sum() - g.log_determinant) for g in self.groups]
        return float(sum(gaps)), len(self.groups) * p * (p - 1) // 2

    def log_likelihood(self, value: float) -> float:
        """Of the model at discrepancy `value`."""
        p = len(self.structure.table.items)
        saturated = -sum(g.n / 2 * (p * np.log(2 * np.pi) + g.log_determinant + p) for g in self.groups)
        return float(saturated - self.n * value / 2)


def _information(omega: Array, u: Array, w: Array, d: Array) -> Array:
    """½ tr(Ω ∂Σ_k Ω ∂Σ_l) + ∂μ_kᵀ Ω ∂μ_l for ∂Σ = u wᵀ + w uᵀ."""
    ou, ow = u @ omega, w @ omega
    found: Array = (ou @ u.T) * (ow @ w.T) + (ou @ w.T) * (ow @ u.T) + (d @ omega) @ d.T
    return found


def _gathered(k: Integers, rows: Array, q: int) -> Array:
    """Add up rows and columns of the same free parameter."""
    selection = np.zeros((q, len(k)))
    selection[k, np.arange(len(k))] = 1.0
    gathered: Array = selection @ rows @ selection.T
    return gathered
