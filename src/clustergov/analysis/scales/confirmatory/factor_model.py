"""A fitted confirmatory factor model: estimates with their errors, tests and indices of fit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from clustergov.analysis.scales.confirmatory.fit_indices import Closeness, Test
from clustergov.analysis.scales.confirmatory.model_syntax import Term
from clustergov.analysis.scales.confirmatory.parameter_table import ParameterTable
from clustergov.language import Text, say

Array = NDArray[np.float64]
Estimator = Literal["ML", "MLR", "WLSMV"]
Parameterization = Literal["delta", "theta"]


@dataclass(frozen=True, slots=True, eq=False)
class FactorModel:
    """A fitted measurement model.

    Attributes
    ----------
    estimator : {"ML", "MLR", "WLSMV"}
        ML: standard errors from expected information. MLR: the same estimates, Huber–White standard errors from observed
        information and the Yuan–Bentler statistic in its Mplus variant (Yuan, K.-H. & Bentler, P. M. (2000). Sociological
        Methodology 30, 165–200). WLSMV: diagonally weighted least squares on polychoric correlations, robust standard
        errors, statistic adjusted to mean and variance.
    parameterization : {"delta", "theta"}
        Of ordinal items.
    table : ParameterTable
    estimates, standard_errors : array, one per row of the table
        0 errors where fixed.
    standardized : array
        Items and factors in standard deviations (lavaan's std.all).
    covariance : array, shape (q, q)
        Of the free parameters.
    free : array, shape (q,)
    items, factors, groups : tuple of str
    sizes : tuple of int
        Rows per group.
    n, lost : int
        Rows used, and rows left out because an item or the group is missing.
    test : Test
        Unscaled.
    scaled : Test or None
        Yuan–Bentler or scaled and shifted; None under ML.
    baseline, baseline_scaled : Test
        Of items without correlations.
    plain : Closeness
    adjusted : Closeness or None
        From the scaled statistics: what WLSMV is read by.
    robust : Closeness or None
        MLR: what normal data would give (Brosseau-Liard & Savalei).
    srmr : float
    log_likelihood, aic, bic : float or None
        None under WLSMV, which has no likelihood.
    r_squared : frame with columns group, item, r_squared
    trace : float
        tr UΓ; 0 under ML.
    steps : int
    improper, rough : tuple of Text
        Cautions: estimates that cannot be; too few rows for tests and errors to be exact.
    model : tuple of Term
        The model as read.
    """

    estimator: Estimator
    parameterization: Parameterization
    table: ParameterTable
    estimates: Array
    standard_errors: Array
    standardized: Array
    covariance: Array
    free: Array
    groups: tuple[str, ...]
    sizes: tuple[int, ...]
    n: int
    lost: int
    test: Test
    scaled: Test | None
    baseline: Test
    baseline_scaled: Test | None
    plain: Closeness
    adjusted: Closeness | None
    robust: Closeness | None
    srmr: float
    log_likelihood: float | None
    aic: float | None
    bic: float | None
    r_squared: pd.DataFrame
    trace: float
    steps: int
    improper: tuple[Text, ...]
    rough: tuple[Text, ...]
    model: tuple[Term, ...]

    @property
    def items(self) -> tuple[str, ...]:
        return self.table.items

    @property
    def factors(self) -> tuple[str, ...]:
        return self.table.factors

    @property
    def cautions(self) -> tuple[Text, ...]:
        return (*self.improper, *self.rough)

    @property
    def judged(self) -> Test:
        """The test that belongs to the estimator."""
        return self.scaled or self.test

    @property
    def indices(self) -> Closeness:
        """The indices that belong to the estimator: robust for MLR, from the scaled statistic for WLSMV."""
        return self.robust or self.adjusted or self.plain

    def frame(self, level: float = 0.95) -> pd.DataFrame:
        """One row per parameter: lhs, op, rhs, group, label, free, estimate, standard_error, z, p, low, high, standardized.

        z, p and the interval are missing where a parameter is fixed.
        """
        reach = float(ndtri(0.5 + level / 2)) * self.standard_errors
        with np.errstate(divide="ignore", invalid="ignore"):
            z = np.where(self.standard_errors > 0, self.estimates / self.standard_errors, np.nan)
        fixed = np.isnan(z)
        table = self.table.frame().drop(columns="value")
        table["group"] = [self.groups[g - 1] for g in table["group"]]
        return table.assign(
            estimate=self.estimates, standard_error=np.where(fixed, np.nan, self.standard_errors), z=z,
            p=2 * ndtr(-np.abs(z)), low=np.where(fixed, np.nan, self.estimates - reach),
            high=np.where(fixed, np.nan, self.estimates + reach), standardized=self.standardized,
        )  # fmt: skip

    def fit_frame(self) -> pd.DataFrame:
        """One row per kind of statistic (plain, scaled, robust): chi_square, df, p, factor, cfi, tli, rmsea and its interval."""
        rows = [("plain", self.test, self.plain)]
        if self.scaled and self.adjusted:
            rows.append(("scaled", self.scaled, self.adjusted))
        if self.scaled and self.robust:
            rows.append(("robust", self.scaled, self.robust))
        return pd.DataFrame(
            [(kind, t.chi_square, t.df, t.p, t.factor, c.cfi, c.tli, c.rmsea, c.rmsea_low, c.rmsea_high, c.p_close)
             for kind, t, c in rows],
            columns=["kind", "chi_square", "df", "p", "factor", "cfi", "tli", "rmsea", "rmsea_low", "rmsea_high", "p_close"],
        )  # fmt: skip

    def sentence(self, language: str) -> str:
        """n, χ² and the indices with their interval, then the cautions; no verdict by a threshold."""
        return " ".join([self.told(language), *(caution.to(language) for caution in self.cautions)])

    def told(self, language: str) -> str:
        """The sentence without the cautions."""
        test, found = self.judged, self.indices
        key = "fit" if test.df else "saturated"
        return say(f"confirmatory.{key}", language, estimator=self.estimator, n=self.n, lost=self.lost,
                   items=len(self.items), factors=len(self.factors), chi=test.chi_square, df=test.df, p=test.p,
                   cfi=found.cfi, tli=found.tli, rmsea=found.rmsea, low=found.rmsea_low, high=found.rmsea_high,
                   srmr=self.srmr)  # fmt: skip
