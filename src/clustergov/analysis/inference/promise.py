"""How often a test rejects under a true null: computed from the design, before any outcome is seen.

The statistic of a sandwich is b² / Σ s_g². With normal errors of a known working model, coefficient and group scores are
jointly normal, so the share of rejections at critical value c is P(b² − c² Σ s_g² > 0), a quadratic form with one positive
eigenvalue, and that probability is one smooth integral.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.special import stdtr, stdtrit

from clustergov.analysis.inference.regressors import Array
from clustergov.analysis.inference.sandwich import Moments, Sandwich, Working, joint

FAVOURED = 9.0
"""Variance of the one half of the rows over that of the other in the least favourable working models; own choice: three
times the standard deviation, on answers from 1 to 5 about the most that two groups can differ."""

TOGETHER = 0.2
"""Correlation within groups in the working models that have one; own choice, high for respondents of one country."""

_ANGLES, _SHARES = np.polynomial.legendre.leggauss(64)
_SECANTS = 1 / np.cos((_ANGLES + 1) * np.pi / 4) ** 2
_SHARES = _SHARES / 2


def working_models(partialled: Array, grouped: bool) -> tuple[Working, ...]:
    """What may be true of the errors: equal variances, or nine times larger where the regressor is high, or where low.

    With groups each of these also with what rows of a group share, and with slopes that differ between groups.

    Parameters
    ----------
    partialled : array, shape (n,)
        The regressor without what the others explain of it.
    """
    high = partialled > 0
    variances = (None, np.where(high, FAVOURED, 1.0), np.where(high, 1.0, FAVOURED))
    if not grouped:
        return tuple(Working(each) for each in variances)
    slope = partialled / np.sqrt(np.mean(partialled**2))
    shared = ((0.0, None), (TOGETHER, None), (TOGETHER, slope))
    return tuple(Working(each, correlation, load) for each in variances for correlation, load in shared)


def rejected(covariance: Array, critical: float) -> float:
    """P(b² > c² Σ s_g²) for jointly normal (b, s_1 … s_G) with this covariance, shape (G + 1, G + 1).

    With eigenvalues λ_0 > 0 ≥ λ_i of the form, P = (2/π) ∫ Π (1 + |λ_i| / (λ_0 cos² φ))^(−1/2) dφ over 0 … π/2: write
    P(χ²₁ > q) as (2/π) ∫ exp(−q / (2 cos² φ)) dφ (Craig, J. W. (1991). A new, simple and exact result for calculating
    the probability of error for two-dimensional signal constellations. IEEE MILCOM, 571–575) and take the mean over q.
    """
    values, vectors = np.linalg.eigh(covariance)
    root = vectors * np.sqrt(np.maximum(values, 0))
    signs = np.r_[1.0, np.full(len(covariance) - 1, -(critical**2))]
    form = np.linalg.eigvalsh(root.T @ (signs[:, None] * root))
    if form[-1] <= 0:
        return 0.0
    ratios = np.maximum(-form[:-1], 0) / form[-1]
    return float(_SHARES @ np.exp(-0.5 * np.log1p(np.multiply.outer(_SECANTS, ratios)).sum(axis=1)))


def worst(sandwich: Sandwich, j: int, models: Sequence[Working], df: float, level: float) -> float:
    """The largest share of rejections over the working models of t with `df` at 1 − `level`; exact for normal errors."""
    return worst_of([joint(sandwich, j, model) for model in models], df, level)


def worst_of(covariances: Sequence[Array], df: float, level: float) -> float:
    """The same from covariances of coefficient and group scores."""
    critical = float(stdtrit(df, 0.5 + level / 2))
    return max(rejected(covariance, critical) for covariance in covariances)


def worst_by_moments(found: Sequence[Moments], df: float, level: float) -> float:
    """The same by Satterthwaite's approximation, which is enough where degrees of freedom are many."""
    critical = float(stdtrit(df, 0.5 + level / 2))
    return max(float(2 * stdtr(max(each.df, 1e-3), -critical * np.sqrt(each.ratio))) for each in found)


def lowered(covariances: Sequence[Array], df: float, level: float, promise: float) -> float:
    """The largest degrees of freedom, at most `df`, with which no working model is rejected more often than `promise`.

    0 when not even half a degree does it.
    """
    low, high = 0.5, df
    if worst_of(covariances, low, level) > promise:
        return 0.0
    for _ in range(30):
        middle = (low + high) / 2
        low, high = (middle, high) if worst_of(covariances, middle, level) <= promise else (low, middle)
    return low
