"""Common factors of correlation matrices, by least squares (minres) or maximum likelihood; many matrices at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

Method = Literal["minres", "ml"]
METHODS: tuple[Method, ...] = get_args(Method)

LEAST_UNIQUENESS = 0.005
"""Bound of a uniqueness: there an item is (nearly) explained whole, a Heywood case. The bound of R's factanal."""

_Slopes = Callable[[Array, Array, int], tuple[Array, Array, Array]]

MOST_STEPS = 200
SETTLED = 1e-11


@dataclass(frozen=True, slots=True, eq=False)
class Extraction:
    """Unrotated factors of B matrices.

    Attributes
    ----------
    loadings : array, shape (B, k, m)
        Factors in descending order of their eigenvalue; signs so that each column has a positive sum.
    uniquenesses : array, shape (B, k)
    converged : bool array, shape (B,)
    """

    loadings: Array
    uniquenesses: Array
    converged: NDArray[np.bool_]


def extract(R: Array, factors: int, method: Method) -> Extraction:
    """Minimise the discrepancy over the uniquenesses by Newton's method with exact second derivatives.

    minres: half the sum of squared residuals (Harman, H. H. & Jones, W. H. 1966, Psychometrika 31, 351–368); at an inner
    minimum the diagonal fits exactly. ml: Jöreskog, K. G. (1967). Some contributions to maximum likelihood factor
    analysis. Psychometrika 32(4), 443–482, in the logarithms of the uniquenesses.

    Parameters
    ----------
    R : array, shape (B, k, k)
        Correlation matrices; positive definite for ml.
    factors : int
    method : {"minres", "ml"}
    """
    B, k, _ = R.shape
    smc = 1 / np.diagonal(np.linalg.pinv(R, hermitian=True), axis1=1, axis2=2)
    psi = np.clip(smc * (1 - factors / (2 * k)) if method == "ml" else smc, LEAST_UNIQUENESS * 2, 1)
    least = np.log(LEAST_UNIQUENESS) if method == "ml" else LEAST_UNIQUENESS
    x = np.log(psi) if method == "ml" else psi
    slopes = _ml if method == "ml" else _minres
    value, gradient, hessian = slopes(R, x, factors)
    converged, active = np.zeros(B, dtype=bool), np.arange(B)
    for _ in range(MOST_STEPS):
        free = ~((x[active] <= least + 1e-12) & (gradient > 0))
        step = _step(np.where(free, gradient, 0), hessian, free)
        done = np.abs(step).max(axis=1) < SETTLED
        converged[active[done]] = True
        active, step, gradient, hessian = active[~done], step[~done], gradient[~done], hessian[~done]
        if not len(active):
            break
        x[active], value[active], gradient, hessian = _searched(
            R[active], x[active], step, value[active], factors, slopes, least
        )
    psi = np.exp(x) if method == "ml" else x
    return Extraction(_loadings(R, psi, factors, method), psi, converged)


def _step(gradient: Array, hessian: Array, free: NDArray[np.bool_]) -> Array:
    """Newton's direction among the free uniquenesses, with the curvature made positive."""
    among = free[:, :, None] & free[:, None, :]
    kept = np.where(among, hessian, 0) + np.eye(hessian.shape[1]) * ~free[:, :, None]
    values, vectors = np.linalg.eigh(kept)
    values = np.maximum(np.abs(values), 1e-6 * np.abs(values).max(axis=1, keepdims=True))
    turned = np.einsum("bij,bi->bj", vectors, gradient) / values
    step: Array = -np.einsum("bij,bj->bi", vectors, turned)
    longest: Array = np.abs(step).max(axis=1, keepdims=True)
    shortened: Array = step * np.minimum(1, 2 / np.maximum(longest, 1e-300))
    return shortened


def _searched(
    R: Array, x: Array, step: Array, value: Array, factors: int, slopes: _Slopes, least: float
) -> tuple[Array, Array, Array, Array]:
    """Halve the step of each matrix until its discrepancy no longer rises."""
    length = np.ones((len(x), 1))
    for _ in range(30):
        tried = np.maximum(x + length * step, least)
        reached, gradient, hessian = slopes(R, tried, factors)
        worse = ~(reached <= value + 1e-13 * np.maximum(1, np.abs(value)))
        if not worse.any():
            break
        length = np.where(worse[:, None], length / 2, length)
    return tried, reached, gradient, hessian


def _minres(R: Array, psi: Array, factors: int) -> tuple[Array, Array, Array]:
    """Half the sum of the squared eigenvalues that are left out, its slope and curvature in the uniquenesses."""
    values, vectors = np.linalg.eigh(R - psi[:, :, None] * np.eye(R.shape[1]))
    cut = R.shape[1] - factors
    small, large, kept, rest = values[:, :cut], values[:, cut:], vectors[:, :, cut:], vectors[:, :, :cut]
    negative = np.minimum(large, 0)  # a factor cannot have a negative share: it is left out as well
    value = ((small**2).sum(axis=1) + (negative**2).sum(axis=1)) / 2
    gradient = -np.einsum("bim,bm->bi", rest**2, small)
    inner = np.einsum("bim,bjm->bij", rest, rest) ** 2
    ratio = small[:, :, None] / np.minimum(small[:, :, None] - large[:, None, :], -1e-9)
    products = np.einsum("bim,bin->bimn", rest, kept)
    hessian = inner + 2 * np.einsum("bimn,bmn,bjmn->bij", products, ratio, products, optimize=True)
    return value, gradient, hessian


def _ml(R: Array, x: Array, factors: int) -> tuple[Array, Array, Array]:
    """Σ (θ − log θ − 1) over the eigenvalues of Ψ^−½ R Ψ^−½ left out, its slope and curvature in log Ψ."""
    scale = np.exp(-x / 2)
    values, vectors = np.linalg.eigh(R * scale[:, :, None] * scale[:, None, :])
    cut = R.shape[1] - factors
    small, large, kept, rest = values[:, :cut], values[:, cut:], vectors[:, :, cut:], vectors[:, :, :cut]
    small = np.maximum(small, 1e-12)
    value = (small - np.log(small) - 1).sum(axis=1)
    gradient = np.einsum("bim,bm->bi", rest**2, 1 - small)
    weighted = np.einsum("bim,bm,bjm->bij", rest, small, rest)
    inner = weighted * np.einsum("bim,bjm->bij", rest, rest)
    ratio = (1 - small[:, :, None]) * (small[:, :, None] + large[:, None, :])
    ratio /= np.maximum(large[:, None, :] - small[:, :, None], 1e-9)
    products = np.einsum("bim,bin->bimn", rest, kept)
    hessian = inner + np.einsum("bimn,bmn,bjmn->bij", products, ratio, products, optimize=True)
    return value, gradient, hessian


def _loadings(R: Array, psi: Array, factors: int, method: Method) -> Array:
    if method == "ml":
        root = np.sqrt(psi)
        values, vectors = np.linalg.eigh(R / (root[:, :, None] * root[:, None, :]))
        values, vectors = values[:, ::-1][:, :factors] - 1, vectors[:, :, ::-1][:, :, :factors] * root[:, :, None]
    else:
        values, vectors = np.linalg.eigh(R - psi[:, :, None] * np.eye(R.shape[1]))
        values, vectors = values[:, ::-1][:, :factors], vectors[:, :, ::-1][:, :, :factors]
    loadings = vectors * np.sqrt(np.maximum(values, 0))[:, None, :]
    sign = np.where(loadings.sum(axis=1) < 0, -1.0, 1.0)
    signed: Array = loadings * sign[:, None, :]
    return signed
