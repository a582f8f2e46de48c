"""Several coefficients tested at once with few groups: the approximate Hotelling's T² of a cluster-robust covariance.

Pustejovsky, J. E. & Tipton, E. (2018). Small-sample methods for cluster-robust variance estimation and hypothesis testing
in fixed effects models. Journal of Business & Economic Statistics 36(4), 672–683, eq. 13–16 (AHT, with the degrees of
freedom of Zhang 2012, "HTZ" in clubSandwich).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import fdtrc

from clustergov.analysis.inference.regressors import Array
from clustergov.analysis.inference.sandwich import Sandwich


@dataclass(frozen=True, slots=True)
class WaldTest:
    """All contrasts zero.

    Attributes
    ----------
    statistic : float
        F.
    numerator, denominator : float
        Degrees of freedom; a denominator of 0 or less means that there are too few groups for so many contrasts.
    p : float or None
        None when the denominator is not above 0.
    """

    statistic: float
    numerator: int
    denominator: float
    p: float | None


def wald(sandwich: Sandwich, contrasts: Array, y: Array) -> WaldTest:
    """Test contrasts (q, k) @ coefficients = 0 for one outcome (n,), errors equal and independent as working model."""
    design = sandwich.design
    q = len(contrasts)
    estimates = contrasts @ design.coefficients(y)
    covariance = contrasts @ sandwich.covariance(design.residuals(y)) @ contrasts.T
    squared = float(estimates @ np.linalg.solve(covariance, estimates))
    P = _cross_moments(sandwich, contrasts)
    values, vectors = np.linalg.eigh(np.trace(P, axis1=2, axis2=3))
    half = (vectors / np.sqrt(values)) @ vectors.T
    B = np.einsum("ai,ijgh,bj->abgh", half, P, half, optimize=True)
    own = B[np.arange(q), np.arange(q)]
    spread = np.einsum("abgh,bagh->ab", B, B) + np.einsum("agh,bgh->ab", own, own)
    freedom = q * (q + 1) / float(spread.sum())
    denominator = freedom - q + 1
    statistic = max(denominator, 0.0) / freedom * squared / q
    p = float(fdtrc(q, denominator, statistic)) if denominator > 0 else None
    return WaldTest(statistic, q, denominator, p)


def _cross_moments(sandwich: Sandwich, contrasts: Array) -> Array:
    """Covariances of the group scores of each pair of contrasts, shape (q, q, groups, groups), up to the error variance."""
    X, C = sandwich.design.matrix, sandwich.design.solver
    rows = contrasts @ sandwich.scores
    n, G = sandwich.design.n, sandwich.groups
    codes = np.arange(n) if sandwich.codes is None else sandwich.codes
    spread = np.zeros((len(rows), G, n))
    spread[:, codes, np.arange(n)] = rows
    left = spread - (spread @ X) @ C
    moments: Array = np.einsum("agn,bhn->abgh", left, left, optimize=True)
    return moments
