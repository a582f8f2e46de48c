"""A fixed design prepared once: whatever outcome it meets, its coefficients and residuals are products of matrices."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Codes = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Regressors:
    """A design of full column rank.

    Attributes
    ----------
    matrix : array, shape (n, k)
        X, with the constant among its columns if there is one.
    weights : array, shape (n,), or None
        Those of weighted least squares; None is ones.
    solver : array, shape (k, n)
        (X'WX)⁻¹X'W: the coefficients are solver @ y.
    bread : array, shape (k, k)
        (X'WX)⁻¹.
    leverage : array, shape (n,)
        Diagonal of X @ solver.
    """

    matrix: Array
    weights: Array | None
    solver: Array
    bread: Array
    leverage: Array

    @property
    def n(self) -> int:
        return int(self.matrix.shape[0])

    @property
    def k(self) -> int:
        return int(self.matrix.shape[1])

    def coefficients(self, Y: Array) -> Array:
        """Coefficients (k, m) of outcomes (n, m), or (k,) of one outcome (n,)."""
        return self.solver @ Y

    def residuals(self, Y: Array) -> Array:
        """What the design leaves of outcomes (n, m) or (n,)."""
        return Y - self.matrix @ (self.solver @ Y)

    def follows(self, y: Array) -> bool:
        """Whether the design gives one outcome (n,) exactly, so that nothing is left to judge uncertainty by."""
        return bool(np.linalg.norm(self.residuals(y)) <= 1e-12 * np.linalg.norm(y - y.mean()))


def regressors(X: Array, weights: Array | None = None) -> Regressors:
    """Prepare the design X, shape (n, k), by QR of the weighted columns.

    Raises
    ------
    ValueError
        X has not full column rank; `analysis.models.design` says so in words a user understands.
    """
    root = np.ones(len(X)) if weights is None else np.sqrt(weights)
    Q, R = np.linalg.qr(root[:, None] * X)
    diagonal = np.abs(np.diag(R))
    if X.shape[0] < X.shape[1] or diagonal.min() <= 1e-13 * np.linalg.norm(R, axis=0).max():
        raise ValueError("the design has not full column rank")
    inverse = np.linalg.solve(R, np.eye(len(R)))
    return Regressors(X, weights, (inverse @ Q.T) * root, inverse @ inverse.T, (Q**2).sum(axis=1))


def coded(labels: NDArray[np.generic]) -> tuple[Codes, int]:
    """Group labels as 0 … G − 1, and G."""
    values, codes = np.unique(labels, return_inverse=True)
    return codes.astype(np.intp).ravel(), len(values)


def group_sums(values: Array, codes: Codes, groups: int) -> Array:
    """Sums of rows (n, m) per group, shape (groups, m)."""
    order = np.argsort(codes, kind="stable")
    starts = np.searchsorted(codes[order], np.arange(groups))
    return np.add.reduceat(values[order], starts, axis=0)
