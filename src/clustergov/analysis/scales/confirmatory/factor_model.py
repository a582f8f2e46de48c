"""A confirmatory factor model fitted to responses: by maximum likelihood, robustly (MLR), or for ordinal items (WLSMV)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from clustergov.analysis.scales.confirmatory.cautions import cautions, refuse_unidentified
from clustergov.analysis.scales.confirmatory.diagonal_weighted import Adjusted, DiagonallyWeighted
from clustergov.analysis.scales.confirmatory.failure import ModelError
from clustergov.analysis.scales.confirmatory.fit_indices import Closeness, Test, closeness, srmr
from clustergov.analysis.scales.confirmatory.implied import Structure
from clustergov.analysis.scales.confirmatory.maximum_likelihood import MaximumLikelihood
from clustergov.analysis.scales.confirmatory.minimise import Minimum, minimise
from clustergov.analysis.scales.confirmatory.model_syntax import Term, read_model
from clustergov.analysis.scales.confirmatory.ordinal_moments import categories, ordinal_moments
from clustergov.analysis.scales.confirmatory.parameter_table import ParameterTable, parameter_table, variables
from clustergov.analysis.scales.confirmatory.sample_moments import Sample, moments, sample
from clustergov.analysis.scales.confirmatory.solution import Solution
from clustergov.analysis.scales.confirmatory.starting_values import starting_values
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
    cautions : tuple of Text
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
    cautions: tuple[Text, ...]
    model: tuple[Term, ...]

    @property
    def items(self) -> tuple[str, ...]:
        return self.table.items

    @property
    def factors(self) -> tuple[str, ...]:
        return self.table.factors

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
        test, found = self.judged, self.indices
        key = "fit" if test.df else "saturated"
        told = say(f"confirmatory.{key}", language, estimator=self.estimator, n=self.n, lost=self.lost,
                   items=len(self.items), factors=len(self.factors), chi=test.chi_square, df=test.df, p=test.p,
                   cfi=found.cfi, tli=found.tli, rmsea=found.rmsea, low=found.rmsea_low, high=found.rmsea_high,
                   srmr=self.srmr)  # fmt: skip
        return " ".join([told, *(caution.to(language) for caution in self.cautions)])


def factor_model(
    model: str | Sequence[Term], values: pd.DataFrame, *, estimator: Estimator = "ML", group: pd.Series[str] | None = None,
    equal: Sequence[str] = (), std_lv: bool = False, parameterization: Parameterization = "delta", means: bool = False,
    file: str = "",
) -> FactorModel:  # fmt: skip
    """Fit a model in lavaan's syntax, with the defaults of ``lavaan::cfa``, on the rows that answered every item.

    Parameters
    ----------
    values : DataFrame
        With a numeric column per item; under WLSMV each different value is a category and only their order counts.
    group : Series of labels with the index of `values`, or None
        All parameters are free in each group unless `equal` says otherwise.
    equal : of "loadings", "intercepts", "thresholds", "means", "residuals", "lv.variances", "lv.covariances"
    std_lv : bool
        Factor variances 1 instead of first loadings 1.
    parameterization : {"delta", "theta"}
        WLSMV: scales, or residual variances of y* as parameters.
    means : bool
        Model the means also where nothing asks for it; without restriction it changes no other number than their own.

    Raises
    ------
    InputError
        The model cannot be read.
    ModelError
        It cannot be fitted: the failure is named.
    """
    terms = read_model(model, file=file) if isinstance(model, str) else tuple(model)
    items, _ = variables(terms)
    data = sample(values, items, group)
    if group is not None and len(data.groups) == 1:
        raise ModelError("one group", terms=data.groups, n=data.n)
    theta = parameterization == "theta"
    thresholds = {item: len(found) - 1 for item, found in categories(data).items()} if estimator == "WLSMV" else {}
    table = parameter_table(
        terms, thresholds=thresholds, groups=len(data.groups), means=means, std_lv=std_lv,
        equal=equal, theta=theta, file=file,
    )  # fmt: skip
    df = _degrees(table, data)
    if estimator == "WLSMV":
        return _by_least_squares(terms, table, data, df, theta)
    return _by_likelihood(terms, table, data, df, estimator)


def _degrees(table: ParameterTable, data: Sample) -> int:
    """Degrees of freedom; refuses a model with more parameters than there is to know, or than there are rows."""
    p, t = len(table.items), sum(table.thresholds.values())
    known = (p * (p - 1) // 2 + t) if t else p * (p + 1) // 2 + (p if table.means else 0)
    df = known * table.groups - table.size
    if df < 0:
        raise ModelError("negative df", parameters=table.size, known=known * table.groups)
    for name, rows in zip(data.groups, data.rows, strict=True):
        own = len({q.free for q in table.parameters if q.free >= 0 and q.group == data.groups.index(name)})
        own -= t + (p if table.means and not t else 0)
        if len(rows) <= max(own, p):
            raise ModelError("few rows", terms=(name,) if name else (), n=len(rows), needed=max(own, p) + 1,
                             where=f" ({name})" if name else "")  # fmt: skip
    return df


def _settled(found: Minimum) -> Minimum:
    if not found.converged:
        raise ModelError("not converged", steps=found.steps)
    return found


def _by_likelihood(
    terms: tuple[Term, ...], table: ParameterTable, data: Sample, df: int, estimator: Estimator
) -> FactorModel:
    groups = moments(data)
    fit = MaximumLikelihood(Structure.of(table), groups)
    start = starting_values(table, [g.covariance for g in groups], [g.mean for g in groups])
    refuse_unidentified(table, fit.expected(_shaken(start)), data.groups)
    found = _settled(minimise(fit, start, exact=fit.hessian))
    free, n, G = found.free, data.n, len(groups)
    test, baseline = Test(n * found.value, df), Test(*fit.baseline())
    scaled = baseline_scaled = adjusted = robust = None
    trace = 0.0
    if estimator == "ML":
        covariance = np.linalg.inv(fit.expected(free)) / n
    else:
        bread = np.linalg.inv(fit.observed(free))
        middle: Array = sum(
            (w * m for w, m in zip(fit.weights, fit.first_order(free), strict=True)), np.zeros_like(bread)
        )
        covariance = bread @ middle @ bread / n
        saturated = fit.saturated_trace()
        trace = saturated - float((middle * bread.T).sum())
        baseline_factor = (saturated - fit.independent_trace()) / baseline.df
        factor = trace / df if df else 1.0
        scaled = Test(test.chi_square / factor, df, factor)
        baseline_scaled = Test(baseline.chi_square / baseline_factor, baseline.df, baseline_factor)
        adjusted = closeness(scaled, baseline_scaled, n=n, groups=G, of_rmsea=(test.chi_square, trace))
        robust = closeness(test, baseline, n=n, groups=G, factor=factor, baseline_factor=baseline_factor,
                           of_interval=scaled.chi_square)  # fmt: skip
    value = fit.log_likelihood(found.value)
    residuals = []
    for g, own in enumerate(groups):
        at = fit.structure.matrices(free, g)
        sd = np.sqrt(np.diag(own.covariance))
        gaps = (own.covariance - at.covariance) / np.outer(sd, sd)
        residuals.append((gaps, (own.mean - at.means) / sd if table.means else np.empty(0)))
    return _model(
        terms, table, data, estimator, "delta", Solution.of(fit.structure, free, None), free, covariance, test, scaled,
        baseline, baseline_scaled, closeness(test, baseline, n=n, groups=G), adjusted, robust,
        srmr(residuals, fit.weights), value, trace, found.steps,
    )  # fmt: skip


def _by_least_squares(
    terms: tuple[Term, ...], table: ParameterTable, data: Sample, df: int, theta: bool
) -> FactorModel:
    groups = ordinal_moments(data)
    fit = DiagonallyWeighted(Structure.of(table), groups, theta)
    start = starting_values(
        table,
        [g.correlations for g in groups],
        [np.zeros(len(table.items)) for _ in groups],
        [g.thresholds for g in groups],
    )
    refuse_unidentified(table, fit.information(_shaken(start)), data.groups)
    found = _settled(minimise(fit, start))
    free, n, G = found.free, data.n, len(groups)
    of_model, of_baseline = fit.statistic(free, df), fit.baseline()
    test, baseline = Test(of_model.statistic, df), Test(of_baseline.statistic, of_baseline.df)
    scaled = _adjusted(of_model) if df else test
    baseline_scaled = _adjusted(of_baseline)
    residuals = []
    for g, own in enumerate(groups):
        implied = np.zeros_like(own.correlations)
        implied[np.triu_indices(len(implied), 1)] = fit.implied(free, g)[len(own.thresholds) :]
        residuals.append((np.triu(own.correlations, 1).T - implied.T, np.empty(0)))
    return _model(
        terms, table, data, "WLSMV", "theta" if theta else "delta",
        Solution.of(fit.structure, free, lambda at: fit.scales(at)), free, fit.covariance(free), test, scaled, baseline,
        baseline_scaled, closeness(test, baseline, n=n, groups=G), closeness(scaled, baseline_scaled, n=n, groups=G), None,
        srmr(residuals, fit.shares), None, of_model.trace, found.steps,
    )  # fmt: skip


def _shaken(start: Array) -> Array:
    """A point in general position: at the start itself, zero covariances may hide or feign what cannot be told."""
    shaken: Array = start + 0.05 * np.cos(1.7 * np.arange(len(start)))
    return shaken


def _adjusted(found: Adjusted) -> Test:
    return Test(found.scaled, found.df, found.factor, found.shift)


def _model(
    terms: tuple[Term, ...], table: ParameterTable, data: Sample, estimator: Estimator, parameterization: Parameterization,
    solution: Solution, free: Array, covariance: Array, test: Test, scaled: Test | None, baseline: Test,
    baseline_scaled: Test | None, plain: Closeness, adjusted: Closeness | None, robust: Closeness | None, residual: float,
    log_likelihood: float | None, trace: float, steps: int,
) -> FactorModel:  # fmt: skip
    deviations = np.sqrt(np.maximum(np.diag(covariance), 0.0))
    place = np.array([p.free for p in table.parameters])
    errors = np.where(place >= 0, deviations[place], 0.0)
    q = table.size
    return FactorModel(
        estimator, parameterization, table, solution.estimates, errors, solution.standardized, covariance, free, data.groups,
        tuple(len(rows) for rows in data.rows), data.n, data.lost, test, scaled, baseline, baseline_scaled, plain, adjusted,
        robust, residual, log_likelihood, None if log_likelihood is None else 2 * q - 2 * log_likelihood,
        None if log_likelihood is None else float(np.log(data.n)) * q - 2 * log_likelihood,
        solution.r_squared(data.groups), trace, steps, cautions(table, solution, data, covariance), terms,
    )  # fmt: skip
