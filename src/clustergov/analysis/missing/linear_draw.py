"""The Bayesian linear model of one column, of all chains at once: fitted, drawn, and imputed from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class LinearPosterior:
    """Least squares in each of m chains.

    Attributes
    ----------
    coefficients : array, shape (m, q)
    root : array, shape (m, q, q)
        R with R R' = (X'X)⁻¹, the inverse of the transposed Cholesky factor of X'X.
    fitted : array, shape (m, n)
    residual : array, shape (m,)
        Sum of squares.
    df : int
        n − q, at least 1.
    """

    coefficients: Array
    root: Array
    fitted: Array
    residual: Array
    df: int

    @classmethod
    def of(cls, X: Array, y: Array) -> LinearPosterior:
        """Fit `y` (n,) on `X` (m, n, q), whose columns do not determine each other and are on comparable scales."""
        inverse = np.linalg.inv(np.linalg.cholesky(X.transpose(0, 2, 1) @ X))
        root = inverse.transpose(0, 2, 1)
        coefficients = (root @ (inverse @ (y @ X)[:, :, None]))[:, :, 0]
        fitted = (X @ coefficients[:, :, None])[:, :, 0]
        return cls(coefficients, root, fitted, ((y - fitted) ** 2).sum(axis=1), max(len(y) - X.shape[2], 1))

    def drawn(self, chi2: Array, normal: Array) -> tuple[Array, Array]:
        """β* = β + σ* R z and σ* = √(RSS / χ²), given the random numbers χ² (m,) on `df` degrees and z (m, q).

        Rubin, D. B. (1987). Multiple Imputation for Nonresponse in Surveys, p. 167; van Buuren, S. (2018). Flexible
        Imputation of Missing Data, 2nd ed., algorithm 3.1.
        """
        sigma = np.sqrt(self.residual / chi2)
        return self.coefficients + sigma[:, None] * (self.root @ normal[:, :, None])[:, :, 0], sigma

    def draw(self, rng: np.random.Generator) -> tuple[Array, Array]:
        """One draw from the posterior per chain: β* (m, q), σ* (m,)."""
        m, q = self.coefficients.shape
        return self.drawn(rng.chisquare(self.df, size=(m,)), rng.standard_normal((m, q)))


def impute_normal(X: Array, y: Array, wanted: Array, rng: np.random.Generator) -> Array:
    """Values (m, w) for the rows `wanted` (m, w, q): x β* + σ* e."""
    beta, sigma = LinearPosterior.of(X, y).draw(rng)
    expected = (wanted @ beta[:, :, None])[:, :, 0]
    return np.asarray(expected + sigma[:, None] * rng.standard_normal(expected.shape))
