"""Fitting a confirmatory factor model: by maximum likelihood (ML), robustly (MLR), or for ordinal items (WLSMV)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from clustergov.analysis.scales.confirmatory.cautions import improper, refuse_unidentified, rough, unchosen
from clustergov.analysis.scales.confirmatory.diagonal_weighted import Adjusted, DiagonallyWeighted
from clustergov.analysis.scales.confirmatory.factor_model import Estimator, FactorModel, Parameterization
from clustergov.analysis.scales.confirmatory.failure import ModelError
from clustergov.analysis.scales.confirmatory.fit_indices import Closeness, Test, closeness, srmr
from clustergov.analysis.scales.confirmatory.implied import Structure
from clustergov.analysis.scales.confirmatory.maximum_likelihood import MaximumLikelihood
from clustergov.analysis.scales.confirmatory.minimise import Minimum, minimise
from clustergov.analysis.scales.confirmatory.model_syntax import Term, read_model
from clustergov.analysis.scales.confirmatory.ordinal_moments import OrdinalMoments, categories, ordinal_moments
from clustergov.analysis.scales.confirmatory.parameter_table import ParameterTable, parameter_table, variables
from clustergov.analysis.scales.confirmatory.sample_moments import Moments, Sample, moments, sample
from clustergov.analysis.scales.confirmatory.solution import Solution
from clustergov.analysis.scales.confirmatory.starting_values import starting_values, units

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """What the rows tell a model's items; computed once for all the models of these items.

    Attributes
    ----------
    data : Sample
    estimator : {"ML", "MLR", "WLSMV"}
    continuous : tuple of Moments, one per group; empty under WLSMV
    ordinal : tuple of OrdinalMoments, one per group; empty otherwise
    thresholds : mapping of item to their number; empty for continuous items
    """

    data: Sample
    estimator: Estimator
    continuous: tuple[Moments, ...] = ()
    ordinal: tuple[OrdinalMoments, ...] = ()
    thresholds: dict[str, int] = field(default_factory=dict)


def prepare(
    terms: Sequence[Term], values: pd.DataFrame, *, estimator: Estimator, group: pd.Series[str] | None = None
) -> Prepared:
    """Moments of the model's items on the rows that answered all of them.

    Raises
    ------
    ModelError
        Something about the items or groups stands in the way; it is named.
    """
    items, _ = variables(terms)
    if len(items) < 2:
        raise ModelError("one item", terms=items)
    data = sample(values, items, group)
    if group is not None and len(data.groups) == 1:
        raise ModelError("one group", terms=data.groups, n=data.n)
    if estimator != "WLSMV":
        return Prepared(data, estimator, continuous=moments(data))
    thresholds = {item: len(found) - 1 for item, found in categories(data).items()}
    return Prepared(data, estimator, ordinal=ordinal_moments(data), thresholds=thresholds)


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
    prepared = prepare(terms, values, estimator=estimator, group=group)
    return fitted(
        terms, prepared, equal=equal, std_lv=std_lv, parameterization=parameterization, means=means, file=file
    )


def fitted(
    terms: Sequence[Term], prepared: Prepared, *, equal: Sequence[str] = (), std_lv: bool = False,
    parameterization: Parameterization = "delta", means: bool = False, stepwise: bool = False, file: str = "",
) -> FactorModel:  # fmt: skip
    """Fit a model to prepared moments; see `factor_model` and, for `stepwise`, `parameter_table`."""
    theta = parameterization == "theta"
    data = prepared.data
    table = parameter_table(
        terms, thresholds=prepared.thresholds, groups=len(data.groups), means=means, std_lv=std_lv, equal=equal, theta=theta,
        stepwise=stepwise, file=file,
    )  # fmt: skip
    df = _degrees(table, data)
    try:
        if prepared.ordinal:
            return _by_least_squares(tuple(terms), table, prepared, df, theta)
        return _by_likelihood(tuple(terms), table, prepared, df)
    except np.linalg.LinAlgError:
        raise ModelError("no inverse", terms=table.factors) from None


def discrepancy(model: FactorModel, prepared: Prepared) -> DiagonallyWeighted:
    """What WLSMV made small, for what is computed from it afterwards."""
    return DiagonallyWeighted(Structure.of(model.table), prepared.ordinal, model.parameterization == "theta")


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


def _by_likelihood(terms: tuple[Term, ...], table: ParameterTable, prepared: Prepared, df: int) -> FactorModel:
    data, groups, estimator = prepared.data, prepared.continuous, prepared.estimator
    fit = MaximumLikelihood(Structure.of(table), groups)
    start = starting_values(table, [g.covariance for g in groups], [g.mean for g in groups])
    refuse_unidentified(table, fit.expected(_shaken(table, start)), data.groups)
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
    terms: tuple[Term, ...], table: ParameterTable, prepared: Prepared, df: int, theta: bool
) -> FactorModel:
    data, groups = prepared.data, prepared.ordinal
    fit = DiagonallyWeighted(Structure.of(table), groups, theta)
    start = starting_values(
        table,
        [g.correlations for g in groups],
        [np.zeros(len(table.items)) for _ in groups],
        [g.thresholds for g in groups],
    )
    refuse_unidentified(table, fit.information(_shaken(table, start)), data.groups)
    found = _settled(minimise(fit, start))
    free, G = found.free, len(groups)
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
        baseline_scaled, closeness(test, baseline, n=fit.rows, groups=G), closeness(scaled, baseline_scaled, n=fit.rows, groups=G), None,
        srmr(residuals, fit.shares), None, of_model.trace, found.steps,
    )  # fmt: skip


def _shaken(table: ParameterTable, start: Array) -> Array:
    """A point in general position: at the start itself, zero covariances may hide or feign what cannot be told.

    Every parameter moves in its own unit, so that the answer does not depend on those of the items.
    """
    shaken: Array = start + 0.05 * np.cos(1.7 * np.arange(len(start))) * units(table, start)
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
        solution.r_squared(data.groups), trace, steps, improper(table, solution, data.groups),
        (*rough(table, data), *(unchosen(data) if estimator == "WLSMV" else ())), terms,
    )  # fmt: skip
