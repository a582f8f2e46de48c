"""Testing a stricter model against a wider one: by difference of χ², as each estimator needs it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import null_space

from clustergov.analysis.scales.confirmatory.factor_model import FactorModel
from clustergov.analysis.scales.confirmatory.fit_indices import Test
from clustergov.analysis.scales.confirmatory.fitting import Prepared, discrepancy
from clustergov.language import Text, both

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Difference:
    """A stricter model against a wider one.

    Attributes
    ----------
    test : Test or None
        None where no test exists: the models have the same df, or the scaling factor is not positive.
    cfi, rmsea : float
        Of the stricter model minus those of the wider one, in the indices that belong to the estimator.
    reason : Text or None
        Why there is no test.
    """

    test: Test | None
    cfi: float
    rmsea: float
    reason: Text | None = None


def difference(wide: FactorModel, strict: FactorModel, prepared: Prepared) -> Difference:
    """Test that the restrictions of `strict` hold, given those of `wide`.

    ML: the difference of χ². MLR: Satorra, A. & Bentler, P. M. (2001). A scaled difference chi-square test statistic.
    Psychometrika 66, 507–514. WLSMV: Satorra, A. (2000). Scaled and adjusted restricted tests in multi-sample analysis of
    moment structures; mean and variance adjusted and shifted, as ``lavaan::lavTestLRT`` has it.
    """
    cfi, rmsea = strict.indices.cfi - wide.indices.cfi, strict.indices.rmsea - wide.indices.rmsea
    df, gap = strict.test.df - wide.test.df, strict.test.chi_square - wide.test.chi_square
    if df < 1:
        return Difference(None, cfi, rmsea, both("confirmatory.no test.same df"))
    if wide.estimator == "ML":
        return Difference(Test(gap, df), cfi, rmsea)
    if wide.estimator == "MLR":
        factors = [(m.test.df, m.scaled.factor if m.scaled and m.test.df else 1.0) for m in (wide, strict)]
        factor = (factors[1][0] * factors[1][1] - factors[0][0] * factors[0][1]) / df
        if factor <= 0:
            return Difference(None, cfi, rmsea, both("confirmatory.no test.factor", factor=factor))
        return Difference(Test(gap / factor, df, factor), cfi, rmsea)
    return Difference(_adjusted(wide, strict, prepared, gap, df), cfi, rmsea)


def _adjusted(wide: FactorModel, strict: FactorModel, prepared: Prepared, gap: float, df: int) -> Test:
    """Satorra's test with the restrictions read off the two models' Jacobians."""
    one, other = discrepancy(wide, prepared), discrepancy(strict, prepared)
    groups = range(len(prepared.ordinal))
    inner = np.vstack([one.jacobian(wide.free, g) for g in groups])
    outer = np.vstack([other.jacobian(strict.free, g) for g in groups])
    # Directions of the wide model that the strict one can take; A is what it cannot.
    Q, R = np.linalg.qr(inner)
    A = null_space(np.linalg.solve(R, Q.T @ outer).T).T
    bread = np.linalg.inv(one.information(wide.free))
    across = A @ bread
    X = across.T @ np.linalg.pinv(across @ A.T) @ across
    middle = np.zeros_like(bread)
    for g, (own, share) in enumerate(zip(prepared.ordinal, one.shares, strict=True)):
        weighted = one.jacobian(wide.free, g) * own.weights[:, None]
        middle += share * weighted.T @ own.gamma @ weighted
    XM = X @ middle
    trace, square = float(np.trace(XM)), float((XM * XM.T).sum())
    a = np.sqrt(df / square)
    shift = df - a * trace
    return Test(float(gap * a + shift), df, float(1 / a), float(shift))
