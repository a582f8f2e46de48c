"""Power where a formula is exact or usual: the F test of linear predictors, t tests, correlations, equivalence of a mean."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.polynomial.legendre import leggauss
from scipy import stats
from scipy.optimize import brentq
from scipy.special import ndtr

from clustergov.analysis.planning.refusal import PowerError


def f2_power(n: int, predictors: int, f2: float, *, tested: int = 1, alpha: float = 0.05) -> float:
    """Power of the F test that `tested` of `predictors` coefficients are 0, errors normal with equal variance.

    λ = f² (u + v + 1), u = tested, v = n − predictors − 1: Cohen, J. (1988). Statistical Power Analysis for the Behavioral
    Sciences, 2nd ed., §9.3; R: ``pwr.f2.test(u, v, f2)``. With all predictors tested λ = f² n. Exact for predictors as
    they are; for predictors that are drawn it is so on average only nearly.
    """
    u, v = tested, n - predictors - 1
    if v < 1:
        raise PowerError("too few", n=n, parameters=predictors + 1)
    return float(stats.ncf.sf(stats.f.isf(alpha, u, v), u, v, f2 * (u + v + 1))) if f2 > 0 else alpha


def slope_power(n: int, predictors: int, beta: float, *, alpha: float = 0.05) -> float:
    """Power of the two-sided t test of one slope, `beta` residual standard deviations per standard deviation.

    Noncentral t with n − predictors − 1 degrees of freedom and noncentrality β √n: exact where the predictor, given the
    others, has mean square 1 in the sample.
    """
    df = n - predictors - 1
    if df < 1:
        raise PowerError("too few", n=n, parameters=predictors + 1)
    return _two_sided_t(beta * np.sqrt(n), df, alpha)


def difference_power(n1: int, n2: int, d: float, *, alpha: float = 0.05) -> float:
    """Power of the two-sample t test for a difference of d standard deviations; R: ``pwr.t2n.test``."""
    if min(n1, n2) < 2:
        raise PowerError("too few", n=min(n1, n2), parameters=1)
    return _two_sided_t(d * np.sqrt(n1 * n2 / (n1 + n2)), n1 + n2 - 2, alpha)


def _two_sided_t(noncentrality: float, df: float, alpha: float) -> float:
    cut = stats.t.isf(alpha / 2, df)
    return float(stats.nct.sf(cut, df, noncentrality) + stats.nct.cdf(-cut, df, noncentrality))


def correlation_power(n: int, r: float, *, alpha: float = 0.05) -> float:
    """Power of the two-sided test of a correlation by Fisher's z with its bias term; R: ``pwr.r.test``.

    Cohen (1988), §3.5 and eq. 12.3.3: z = artanh(r) + r / (2(n − 1)), against the critical r of t with n − 2.
    """
    if n < 4:
        raise PowerError("too few", n=n, parameters=2)
    cut = stats.t.isf(alpha / 2, n - 2)
    critical = np.arctanh(np.sqrt(cut**2 / (cut**2 + n - 2)))
    z = np.arctanh(abs(r)) + abs(r) / (2 * (n - 1))
    return float(ndtr((z - critical) * np.sqrt(n - 3)) + ndtr((-z - critical) * np.sqrt(n - 3)))


def equivalence_power(n: int, margin: float, sd: float, *, away: float = 0, alpha: float = 0.05) -> float:
    """Chance that two one-sided t tests place a normal mean within ± margin when it is `away` from the named value.

    Exact, by integrating over the sample variance: Phillips, K. F. (1990). Power of the two one-sided tests procedure in
    bioequivalence. Journal of Pharmacokinetics and Biopharmaceutics 18, 137–144, for one sample.
    """
    if n < 3:
        raise PowerError("too few", n=n, parameters=2)
    df, error = n - 1, sd / np.sqrt(n)
    cut = stats.t.isf(alpha, df)
    # Only where the estimated error leaves room between the two cuts can both tests hold.
    most = margin / (cut * error)
    nodes, weights = leggauss(200)
    q = most * (nodes + 1) / 2
    room = margin / error - cut * q
    chance = ndtr(room - away / error) - ndtr(-room - away / error)
    density = 2 * q * df * stats.chi2.pdf(df * q**2, df)
    return float(np.clip((weights * chance * density).sum() * most / 2, 0, 1))


def effect_for(power: Callable[[float], float], *, target: float = 0.8, most: float = 10.0) -> float:
    """The smallest effect above 0 whose power reaches the target.

    Raises
    ------
    PowerError
        Not even the largest effect does.
    """
    # From below: far beyond its reach the noncentral t distribution of scipy is no longer a number.
    high = most / 1024
    while power(high) < target:
        high *= 2
        if high > most:
            raise PowerError("out of reach", target=target, most=most)
    return float(brentq(lambda effect: power(effect) - target, 1e-9, high, xtol=1e-12))


def n_for(power: Callable[[int], float], *, target: float = 0.8, least: int = 4, most: int = 1_000_000) -> int:
    """The smallest n whose power reaches the target, for a power that rises with n.

    Raises
    ------
    PowerError
        Not even the largest n does.
    """
    low, high = least, least
    while power(high) < target:
        low, high = high, 2 * high
        if high > most:
            raise PowerError("out of reach", target=target, most=most)
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if power(middle) >= target else (middle + 1, high)
    return high
