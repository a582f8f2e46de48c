"""The profiled deviance of a linear mixed model with one grouping: from the cross-products of each group alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Numbers = NDArray[Any]
"""Real, or complex for a derivative by the complex step."""
Criterion = Literal["REML", "ML"]

STEP = 1e-30
"""Imaginary step: the derivative is exact to rounding, because nothing is subtracted (Squire & Trapp 1998)."""


def factor(theta: Numbers) -> Numbers:
    """The relative covariance factor Λ: θ itself, or lower triangular from three numbers, column by column."""
    if len(theta) == 1:
        return theta.reshape(1, 1)
    a, b, c = theta
    return np.array([[a, 0 * b], [b, c]])


def _log_det(matrix: Numbers) -> Any:
    sign, logarithm = np.linalg.slogdet(matrix)
    return logarithm + (1j * np.angle(sign) if np.iscomplexobj(matrix) else 0.0)


@dataclass(frozen=True, slots=True, eq=False)
class MixedDeviance:
    """y = Xβ + Z b + ε, b ~ N(0, σ² Λ Λᵀ) per group: −2 log-likelihood (or REML criterion) with β and σ at their best.

    Bates, D., Mächler, M., Bolker, B. & Walker, S. (2015). Fitting linear mixed-effects models using lme4. Journal of
    Statistical Software 67(1), eqs 34 and 42; computed from sums over groups, so that it does not depend on n.

    Attributes
    ----------
    n : int
    zz, zx, zy : arrays, shape (G, q, q), (G, q, p), (G, q)
        Cross-products within each group.
    xx, xy, yy : arrays, shape (p, p), (p,), and float
        Over all rows; y is what least squares leaves, so that little cancels.
    criterion : {"REML", "ML"}
    """

    n: int
    zz: Array
    zx: Array
    zy: Array
    xx: Array
    xy: Array
    yy: float
    criterion: Criterion

    @classmethod
    def of(cls, X: Array, Z: Array, y: Array, labels: NDArray[np.int64], criterion: Criterion) -> MixedDeviance:
        groups, q, p = int(labels.max()) + 1, Z.shape[1], X.shape[1]
        zz, zx, zy = np.zeros((groups, q, q)), np.zeros((groups, q, p)), np.zeros((groups, q))
        np.add.at(zz, labels, Z[:, :, None] * Z[:, None, :])
        np.add.at(zx, labels, Z[:, :, None] * X[:, None, :])
        np.add.at(zy, labels, Z * y[:, None])
        return cls(len(y), zz, zx, zy, X.T @ X, X.T @ y, float(y @ y), criterion)

    def parts(self, theta: Numbers) -> tuple[Any, Numbers, Numbers, Any]:
        """Σ log|ΛᵀZᵀZΛ + I|, XᵀV⁻¹X, β, and the penalised residual sum of squares, V in units of σ²."""
        L = factor(theta)
        M = L.T @ self.zz @ L + np.eye(len(L))
        # Multiplied by Λᵀ from the left: what is taken off the cross-products of X and y.
        a, b = L.T @ self.zx, np.einsum("qr,gq->gr", L, self.zy)
        solved = np.linalg.solve(M, np.concatenate([a, b[:, :, None]], axis=2))
        xvx = self.xx - np.einsum("gqp,gqr->pr", a, solved[:, :, :-1])
        xvy = self.xy - np.einsum("gqp,gq->p", a, solved[:, :, -1])
        yvy = self.yy - np.einsum("gq,gq->", b, solved[:, :, -1])
        beta = np.linalg.solve(xvx, xvy)
        return _log_det(M).sum(), xvx, beta, yvy - beta @ xvy

    @property
    def df(self) -> int:
        """Rows, less those that REML spends on the fixed effects."""
        return self.n - (len(self.xx) if self.criterion == "REML" else 0)

    def profiled(self, theta: Numbers) -> Any:
        """The deviance at the best β and σ."""
        log_det, xvx, _, rest = self.parts(theta)
        fixed = _log_det(xvx) if self.criterion == "REML" else 0.0
        return log_det + fixed + self.df * (1 + np.log(2 * np.pi * rest / self.df))

    def full(self, parameters: Numbers) -> Any:
        """The deviance at the best β, in θ and σ."""
        log_det, xvx, _, rest = self.parts(parameters[:-1])
        variance = parameters[-1] ** 2
        fixed = _log_det(xvx) if self.criterion == "REML" else 0.0
        return log_det + fixed + self.df * np.log(2 * np.pi * variance) + rest / variance

    def covariance(self, parameters: Numbers) -> Numbers:
        """Of β, in θ and σ."""
        found: Numbers = parameters[-1] ** 2 * np.linalg.inv(self.parts(parameters[:-1])[1])
        return found


def gradient(function: Any, at: Array) -> Array:
    """Derivatives of a function of real numbers, along the last axis, by the complex step."""
    slopes = [np.imag(function(at + 1j * STEP * unit)) / STEP for unit in np.eye(len(at))]
    return np.stack(slopes, axis=-1).astype(float)


def hessian(function: Any, at: Array) -> Array:
    """Second derivatives: central differences of the exact first ones, extrapolated to a step of nought."""

    def differences(scale: float) -> Array:
        steps = scale * np.maximum(np.abs(at), 0.1)
        columns = [
            (gradient(function, at + step * unit) - gradient(function, at - step * unit)) / (2 * step)
            for step, unit in zip(steps, np.eye(len(at)), strict=True)
        ]
        return np.stack(columns, axis=-1)

    found = (4 * differences(5e-4) - differences(1e-3)) / 3
    symmetric: Array = (found + found.T) / 2
    return symmetric
