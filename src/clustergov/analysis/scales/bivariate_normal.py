"""The standard bivariate normal distribution: probabilities and densities of whole arrays at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, owens_t

Array = NDArray[np.float64]

FAR = 38.0
"""Stands for infinity: the normal distribution beyond it is 0 or 1 in double precision."""


def bivariate_cumulative(h: Array, k: Array, rho: Array) -> Array:
    """P(X ≤ h, Y ≤ k) of standard normal X and Y with correlation rho; the three broadcast, h and k may be infinite.

    Owen, D. B. (1956). Tables for computing bivariate normal probabilities. Annals of Mathematical Statistics 27(4),
    1075–1090, eq. 2.1, with T of Patefield & Tandy (2000) from SciPy. Absolute error about 1e-16, for |rho| < 1.
    """
    # Adding zero turns −0 into 0, whose quotient has the sign that T needs.
    h, k, rho = np.broadcast_arrays(np.clip(h, -FAR, FAR) + 0.0, np.clip(k, -FAR, FAR) + 0.0, rho)
    root = np.sqrt((1 - rho) * (1 + rho))
    with np.errstate(divide="ignore", invalid="ignore"):
        a, b = (k / h - rho) / root, (h / k - rho) / root
    split = (h * k < 0) | ((h * k == 0) & (h + k < 0))
    value = (ndtr(h) + ndtr(k) - split) / 2 - owens_t(h, a) - owens_t(k, b)
    centre = (h == 0) & (k == 0)
    return np.where(centre, 0.25 + np.arcsin(rho) / (2 * np.pi), value)


def bivariate_density(h: Array, k: Array, rho: Array) -> Array:
    """Density at (h, k); also the derivative of the probability in rho (Plackett 1954, Biometrika 41, 351–360)."""
    h, k = np.clip(h, -FAR, FAR), np.clip(k, -FAR, FAR)
    rest = (1 - rho) * (1 + rho)
    density: Array = np.exp(-(h * h - 2 * rho * h * k + k * k) / (2 * rest)) / (2 * np.pi * np.sqrt(rest))
    return density


def bivariate_density_slope(h: Array, k: Array, rho: Array) -> Array:
    """Derivative of the density in rho, divided by the density."""
    h, k = np.clip(h, -FAR, FAR), np.clip(k, -FAR, FAR)
    rest = (1 - rho) * (1 + rho)
    slope: Array = rho / rest + (h * k * (1 + rho * rho) - rho * (h * h + k * k)) / rest**2
    return slope


def cell_probabilities(r: Array, cuts_first: Array, cuts_second: Array) -> Array:
    """Probability of every cell, shape (P, J, J), of correlations r (P,) at thresholds (P, J − 1)."""
    P, cuts = cuts_first.shape
    corners = np.zeros((P, cuts + 2, cuts + 2))
    corners[:, 1:-1, 1:-1] = bivariate_cumulative(cuts_first[:, :, None], cuts_second[:, None, :], r[:, None, None])
    corners[:, -1, 1:-1] = ndtr(cuts_second)
    corners[:, 1:-1, -1] = ndtr(cuts_first)
    corners[:, -1, -1] = 1
    return np.diff(np.diff(corners, axis=1), axis=2)


def cell_slopes(at_corners: Array) -> Array:
    """Of a function at the inner corners (P, J − 1, J − 1), zero on the outer ones, its difference over each cell."""
    return np.diff(np.diff(np.pad(at_corners, ((0, 0), (1, 1), (1, 1))), axis=1), axis=2)
