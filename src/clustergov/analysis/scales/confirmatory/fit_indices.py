"""How far a model is from what was seen: χ², CFI, TLI, RMSEA with its interval, SRMR, AIC and BIC."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import chdtrc, chndtr

Array = NDArray[np.float64]

CLOSE = 0.05
"""RMSEA that the test of close fit takes as its bound (Browne & Cudeck 1993)."""


@dataclass(frozen=True, slots=True)
class Test:
    """A χ² test of a model, or of a baseline.

    Attributes
    ----------
    chi_square : float
    df : int
    factor : float
        What the statistic was divided by; 1 when it is not scaled.
    shift : float
        What was added to it then.
    """

    chi_square: float
    df: int
    factor: float = 1.0
    shift: float = 0.0

    @property
    def p(self) -> float:
        """1 for a saturated model, which nothing can contradict."""
        return float(chdtrc(self.df, max(self.chi_square, 0.0))) if self.df else 1.0


@dataclass(frozen=True, slots=True)
class Closeness:
    """Indices of one test: plain, scaled or robust.

    CFI: Bentler, P. M. (1990). Psychological Bulletin 107, 238–246. TLI: Tucker, L. R. & Lewis, C. (1973). Psychometrika
    38, 1–10. RMSEA: Steiger, J. H. & Lind, J. C. (1980); its interval and the test of close fit: Browne, M. W. & Cudeck,
    R. (1993). Alternative ways of assessing model fit; over G groups times √G (Steiger 1998).

    Attributes
    ----------
    cfi, tli, rmsea : float
    rmsea_low, rmsea_high : float
        90 % interval.
    p_close : float
        Of RMSEA at most 0.05.
    """

    cfi: float
    tli: float
    rmsea: float
    rmsea_low: float
    rmsea_high: float
    p_close: float


def closeness(
    test: Test, baseline: Test, *, n: int, groups: int, factor: float = 1.0, baseline_factor: float = 1.0,
    of_rmsea: tuple[float, float] | None = None, of_interval: float | None = None,
) -> Closeness:  # fmt: skip
    """Indices from χ² and its degrees of freedom.

    Parameters
    ----------
    factor, baseline_factor : float
        Scaling factors c, where the indices are to estimate what normal data would give: c · df is expected of χ² then.
        Brosseau-Liard, P. E. & Savalei, V. (2014). Multivariate Behavioral Research 49, 460–470, eq. 9; RMSEA:
        Brosseau-Liard, Savalei & Li (2012). Multivariate Behavioral Research 47, 904–930.
    of_rmsea : (float, float) or None
        χ² and df for RMSEA where they differ.
    of_interval : float or None
        χ² of the interval where it differs, which `factor` then stretches.
    """
    excess = test.chi_square - factor * test.df
    baseline_excess = baseline.chi_square - baseline_factor * baseline.df
    worst = max(baseline_excess, excess, 0.0)
    cfi = 1.0 if worst == 0 else 1 - max(excess, 0.0) / worst
    bottom = baseline_excess * test.df
    tli = 1 - excess * baseline.df / bottom if test.df and bottom else 1.0
    chi_square, df = of_rmsea or (test.chi_square, float(test.df))
    rmsea = float(np.sqrt(max(chi_square / n / df - factor / n, 0.0) * groups)) if df > 0 else 0.0
    inner = chi_square if of_interval is None else of_interval
    low, high, p = (0.0, 0.0, 1.0) if df <= 0 else _interval(inner, df, n, groups, factor)
    return Closeness(cfi, tli, rmsea, low, high, p)


def _interval(chi_square: float, df: float, n: int, groups: int, factor: float) -> tuple[float, float, float]:
    stretch = factor * groups / (n * df)
    low, high = (np.sqrt(stretch * _noncentrality(chi_square, df, share)) for share in (0.95, 0.05))
    return float(low), float(high), 1 - float(chndtr(chi_square, df, CLOSE**2 / stretch))


def _noncentrality(chi_square: float, df: float, share: float) -> float:
    """The noncentrality at which χ² is exceeded with probability 1 − `share`; 0 where none is so small."""

    def gap(value: float) -> float:
        return float(chndtr(chi_square, df, value)) - share

    if gap(0.0) < 0:
        return 0.0
    top = max(chi_square, 10.0)
    while gap(top) > 0:
        top *= 2
    return float(brentq(gap, 0.0, top, xtol=1e-12, rtol=1e-14))


def srmr(residuals: list[tuple[Array, Array]], shares: Array) -> float:
    """Standardised root mean square residual, Bentler, P. M. (1995), groups weighted by their size.

    Parameters
    ----------
    residuals : list of (array (p, p), array (p,) or empty)
        Per group: covariance residuals over the observed standard deviations, and those of the means.
    """
    total = 0.0
    for (gaps, means), share in zip(residuals, shares, strict=True):
        lower = gaps[np.tril_indices(len(gaps))]
        total += share * float(np.sqrt(((lower**2).sum() + (means**2).sum()) / (len(lower) + len(means))))
    return total
