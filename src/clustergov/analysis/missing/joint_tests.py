"""Several coefficients of m completed tables at once: the pooled Wald test and the pooling of test statistics."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import fdtrc

from clustergov.analysis.missing.pooling import Pooled
from clustergov.problems import InputError, Problem

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class JointTest:
    """F on `df` and `df_residual` degrees of freedom; `riv` is the mean relative increase in variance."""

    F: float
    df: int
    df_residual: float
    riv: float

    @property
    def p(self) -> float:
        return float(fdtrc(self.df, self.df_residual, self.F))


def wald_test(pooled: Pooled, terms: Sequence[str] | None = None) -> JointTest:
    """D1: that all of these coefficients are 0.

    Li, K. H., Raghunathan, T. E. & Rubin, D. B. (1991). Large-sample significance levels from multiply imputed data using
    moment-based statistics and an F reference distribution. JASA 86(416), 1065–1073, eq. 1.16–1.19; for finite degrees
    of freedom of the complete data Reiter, J. P. (2007). Small-sample degrees of freedom for multi-component significance
    tests with multiple imputation for missing data. Biometrika 94(2), 502–508.

    Raises
    ------
    InputError
        No term, or more than four of which the complete data leave no degrees of freedom.
    """
    chosen = [pooled.terms.index(term) for term in (pooled.terms if terms is None else terms)]
    k, m = len(chosen), pooled.m
    if not k:
        raise InputError(Problem("no-terms", "expected terms to test, found none.", "Name at least one."))
    square = np.ix_(chosen, chosen)
    within, between, estimates = pooled.within[square], pooled.between[square], pooled.estimates[chosen]
    riv = (1 + 1 / m) * float(np.trace(np.linalg.solve(within, between))) / k
    F = float(estimates @ np.linalg.solve(within, estimates)) / (k * (1 + riv))
    return JointTest(F, k, _df(k, m, riv, pooled.df_complete), riv)


def _df(k: int, m: int, r: float, complete: float) -> float:
    t = k * (m - 1)
    if r <= 0:
        return np.inf if np.isinf(complete) else complete * (complete + 1) / (complete + 3)
    if np.isinf(complete):
        return 4 + (t - 4) * (1 + (1 - 2 / t) / r) ** 2 if t > 4 else t * (1 + 1 / k) * (1 + 1 / r) ** 2 / 2
    if t <= 4:
        message = f"expected more than {4 // k + 1} imputations for a test of {k} coefficients, found {m}."
        raise InputError(Problem("imputations", message, "Impute more often: 20 times."))
    return _reiter(t, r, complete)


def _reiter(t: int, r: float, complete: float) -> float:
    """Reiter (2007), eq. 10."""
    a = r * t / (t - 2)
    star = (complete + 1) / (complete + 3) * complete
    c0, c1, c2 = 1 / (t - 4), star - 2 * (1 + a), star - 4 * (1 + a)
    z = (
        1 / c2
        + c0 * (a**2 * c1 / ((1 + a) ** 2 * c2))
        + c0 * (8 * a**2 * c1 / ((1 + a) * c2**2) + 4 * a**2 / ((1 + a) * c2))
        + c0 * (4 * a**2 / (c2 * c1) + 16 * a**2 * c1 / c2**3)
        + c0 * (8 * a**2 / c2**2)
    )
    return 4 + 1 / z


def pooled_statistics(statistics: Sequence[float], df: int) -> JointTest:
    """D2: one test from the m χ² statistics alone, where covariances are not at hand.

    Li, K. H., Meng, X. L., Raghunathan, T. E. & Rubin, D. B. (1991). Significance levels from repeated p-values with
    multiply-imputed data. Statistica Sinica 1, 65–92, eq. 2.1–2.3.

    Raises
    ------
    InputError
        Fewer than two statistics, or one that is negative or not finite.
    """
    values = np.asarray(statistics, dtype=np.float64)
    m = len(values)
    if m < 2 or not np.isfinite(values).all() or (values < 0).any():
        raise InputError(Problem("imputations", "expected two χ² statistics or more, none negative.", "Correct them."))
    r = (1 + 1 / m) * float(np.sqrt(values).var(ddof=1))
    F = (float(values.mean()) / df - (m + 1) / (m - 1) * r) / (1 + r)
    residual = np.inf if r == 0 else df ** (-3 / m) * (m - 1) * (1 + 1 / r) ** 2
    return JointTest(F, df, residual, r)
