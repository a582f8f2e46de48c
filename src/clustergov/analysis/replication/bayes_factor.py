"""Replication Bayes factors: how much better the original's effect predicts the new data than no effect does."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.polynomial.legendre import leggauss
from numpy.typing import NDArray
from scipy.special import gammaln, hyp2f1
from scipy.stats import nct
from scipy.stats import t as student

Array = NDArray[np.float64]
MEDIUM = math.sqrt(2) / 2
"""Scale of the Cauchy prior that BayesFactor calls medium."""


def by_normal(original: float, original_error: float, new: float, new_error: float) -> float:
    """Of the new estimate under the original's posterior, N(original, error²), against no effect.

    For any effect with a standard error. Ly, A., Etz, A., Marsman, M. & Wagenmakers, E.-J. (2019). Replication Bayes
    factors from evidence updating. Behavior Research Methods 51, 2498–2508, with a flat prior before the original and a
    normal likelihood; Verhagen, J. & Wagenmakers, E.-J. (2014), Journal of Experimental Psychology: General 143,
    1457–1475, eq. (7).

    Raises
    ------
    ValueError
        An error is not above 0.
    """
    if not (original_error > 0 and new_error > 0):
        raise ValueError(f"errors above 0 are needed, not {original_error} and {new_error}")
    total = original_error**2 + new_error**2
    logged = 0.5 * math.log(new_error**2 / total) + 0.5 * (new / new_error) ** 2 - 0.5 * (new - original) ** 2 / total
    return math.exp(min(logged, 700.0))


def jzs(ts: Sequence[float], ns: Sequence[tuple[int, int | None]], *, scale: float = MEDIUM) -> float:
    """Bayes factor of an effect against none in one or several t-tests of one standardised effect.

    The effect has a Cauchy prior. Rouder, J. N. & Morey, R. D. (2011). A Bayes factor meta-analysis of Bem's ESP claim.
    Psychonomic Bulletin & Review 18, 682–689.

    Parameters
    ----------
    ts : sequence of float
    ns : sequence of (int, int or None)
        Sizes of both groups; (n, None) for one sample.
    """
    if len(ts) != len(ns) or not len(ts) or not np.isfinite(ts).all() or not scale > 0:
        raise ValueError("finite t values, each with its n, and a scale above 0 are needed")
    designs = [_design(n) for n in ns]
    information = sum(size * df / (df + value**2) for value, (size, df) in zip(ts, designs, strict=True))
    peak = sum(value * math.sqrt(size) * df / (df + value**2) for value, (size, df) in zip(ts, designs, strict=True))
    delta, weights = _around(peak / information, 1 / math.sqrt(information))
    logged = -np.log(math.pi * scale * (1 + (delta / scale) ** 2))
    for value, (size, df) in zip(ts, designs, strict=True):
        logged = logged + nct.logpdf(value, df, delta * math.sqrt(size)) - student.logpdf(value, df)
    top = float(logged.max())
    return float(math.exp(top) * (weights @ np.exp(logged - top)))


def replication_t(
    original: float, original_n: tuple[int, int | None], new: float, new_n: tuple[int, int | None], *,
    scale: float = MEDIUM,
) -> float:  # fmt: skip
    """Replication Bayes factor of two t-tests by evidence updating: of both together over that of the original."""
    return jzs([original, new], [original_n, new_n], scale=scale) / jzs([original], [original_n], scale=scale)


def correlation(rs: Sequence[float], ns: Sequence[int], *, kappa: float = 1.0) -> float:
    """Bayes factor of a correlation against none in one or several samples; stretched beta prior, 1: uniform.

    Ly, A., Verhagen, J. & Wagenmakers, E.-J. (2016). Harold Jeffreys's default Bayes factor hypothesis tests. Journal of
    Mathematical Psychology 72, 19–32, eq. (36)–(41): the exact reduced likelihood of r.
    """
    if any(not -1 < r < 1 for r in rs) or any(n < 4 for n in ns):
        raise ValueError("correlations inside −1 to 1 and n of at least 4 are needed")
    # On Fisher's scale the likelihood is about normal around the mean of the samples, with error 1/√Σ(n − 3).
    sizes = np.array(ns, dtype=float) - 3
    z, weights = _around(float(sizes @ np.arctanh(rs) / sizes.sum()), float(1 / math.sqrt(sizes.sum())))
    rho = np.clip(np.tanh(z), -1 + 1e-15, 1 - 1e-15)
    jacobian = np.maximum(1 - rho**2, 1e-300)
    logged = np.sum([_reduced(rho, r, n) for r, n in zip(rs, ns, strict=True)], axis=0) + _stretched(rho, kappa)
    top = logged.max()
    return float(np.exp(top) * (weights * jacobian) @ np.exp(logged - top))


def replication_r(original: float, original_n: int, new: float, new_n: int, *, kappa: float = 1.0) -> float:
    """Replication Bayes factor of two correlations by evidence updating.

    Wagenmakers, E.-J., Verhagen, J. & Ly, A. (2016). How to quantify the evidence for the absence of a correlation.
    Behavior Research Methods 48, 413–426, for the use of the original's posterior as a prior.
    """
    both = correlation([original, new], [original_n, new_n], kappa=kappa)
    return both / correlation([original], [original_n], kappa=kappa)


def _design(n: tuple[int, int | None]) -> tuple[float, float]:
    """Effective size and degrees of freedom."""
    one, two = n
    if one < 2 or (two is not None and two < 2):
        raise ValueError("t-tests need at least two respondents in each group")
    return (float(one), one - 1.0) if two is None else (one * two / (one + two), one + two - 2.0)


REACH = 40
"""Errors on each side that are integrated over: a likelihood falls there to e^−800 of its peak."""


def _around(middle: float, error: float) -> tuple[Array, Array]:
    """Nodes and weights of Gauss–Legendre in pieces around a peak, densest in the middle."""
    edges = middle + error * np.array([-REACH, -12, -7, -4, -2, 0, 2, 4, 7, 12, REACH])
    nodes, weights = leggauss(24)
    half = np.diff(edges)[:, None] / 2
    points = (edges[:-1, None] + half * (nodes + 1)).ravel()
    return points, (half * weights).ravel()


def _reduced(rho: Array, r: float, n: int) -> Array:
    """Log of the likelihood of rho given r, over that of rho = 0."""
    terms = 0.5 * (n - 1) * np.log1p(-(rho**2)) + (1.5 - n) * np.log1p(-rho * r)
    scaled: Array = np.log(hyp2f1(0.5, 0.5, n - 0.5, (1 + rho * r) / 2))
    return terms + scaled - math.log(float(hyp2f1(0.5, 0.5, n - 0.5, 0.5)))


def _stretched(rho: Array, kappa: float) -> Array:
    """Log density of 2 · Beta(1/kappa, 1/kappa) − 1."""
    a = 1 / kappa
    constant = gammaln(2 * a) - 2 * gammaln(a) + (1 - 2 * a) * math.log(2)
    logged: Array = constant + (a - 1) * np.log1p(-(rho**2))
    return logged
