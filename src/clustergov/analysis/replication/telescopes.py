"""Small telescopes: the effect that the original study would have detected one time in three.

Simonsohn, U. (2015). Small telescopes: detectability and the evaluation of replication results. Psychological Science
26, 559–569. A new estimate that is significantly smaller says that the original was too small to tell, not that there
is nothing.
"""

from __future__ import annotations

import math

import numpy as np
from scipy.optimize import brentq
from scipy.special import nctdtr, ndtr, ndtri, stdtrit

THIRD = 1 / 3


def detectable(error: float, *, power: float = THIRD, alpha: float = 0.05) -> float:
    """Effect that a two-sided normal test at alpha with this error detects with this power, both tails counted."""
    z = float(ndtri(1 - alpha / 2))
    return error * _solve(lambda ncp: float(ndtr(ncp - z) + ndtr(-ncp - z)), power)


def detectable_d(n: float, *, other: float | None = None, power: float = THIRD, alpha: float = 0.05) -> float:
    """Cohen's d that a two-sided t-test detects with this power, by the noncentral t distribution.

    Parameters
    ----------
    n : float
        Respondents of one sample (or pairs); with `other`, of the first of two groups.
    """
    df = n - 1 if other is None else n + other - 2
    size = math.sqrt(n if other is None else n * other / (n + other))
    t = float(stdtrit(df, 1 - alpha / 2))
    return _solve(lambda ncp: float(1 - nctdtr(df, ncp, t) + nctdtr(df, ncp, -t)), power) / size


def detectable_r(n: int, *, power: float = THIRD, alpha: float = 0.05) -> float:
    """Correlation that a two-sided test detects with this power: Fisher's z with its bias, as pwr.r.test has it.

    Cohen, J. (1988), p. 546; only the tail of the effect is counted there, and both are here.
    """
    t = float(stdtrit(n - 2, 1 - alpha / 2))
    critical = math.atanh(t / math.hypot(t, math.sqrt(n - 2)))

    def reached(r: float) -> float:
        shift = math.atanh(r) + r / (2 * (n - 1))
        return float(ndtr((shift - critical) * math.sqrt(n - 3)) + ndtr((-shift - critical) * math.sqrt(n - 3)))

    return float(brentq(lambda r: reached(r) - power, 0.0, 1 - 1e-12, xtol=1e-15, rtol=1e-14))


def smaller_p(estimate: float, error: float, limit: float) -> float:
    """One-sided p that an effect in the original's direction is smaller than the limit."""
    return float(ndtr((estimate - limit) / error))


def _solve(power_at: object, power: float) -> float:
    assert callable(power_at)
    top = 1.0
    while power_at(top) < power:
        top *= 2
    return float(brentq(lambda ncp: power_at(ncp) - power, 0.0, top, xtol=1e-15, rtol=4 * np.finfo(float).eps))
