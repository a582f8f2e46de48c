"""Linear and logit models of a sampled population: weighted estimates, errors by Taylor linearisation, t on design df."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from scipy.special import expit

from clustergov.analysis.models.design import Design, FitError, design
from clustergov.analysis.models.ordinal import cumulative_logit
from clustergov.analysis.models.wald import Wald
from clustergov.analysis.sampling.linearisation import linearised
from clustergov.analysis.sampling.sample import Array, Lonely, Sample, sample_of
from clustergov.language import Text, both, say
from clustergov.problems import InputError, Problem

MOST_STEPS = 60
SETTLED = 1e-14
"""Newton stops when no linear predictor moves by more than this share; R's default of 1e-8 on the deviance keeps 6 digits."""

Family = Literal["linear", "logit"]
Population = float | Mapping[str, float] | pd.Series


@dataclass(frozen=True, slots=True, eq=False)
class DesignedFit(Wald):
    """A model of the population from which the rows were drawn.

    Attributes
    ----------
    family : {"linear", "logit"}
    terms : tuple of str, length k
        Predictors; the constant stands apart.
    estimates, standard_errors : array, shape (k,)
        Units of the outcome, or log odds, per unit of the predictor.
    constant, constant_error : float
    covariance : array, shape (k + 1, k + 1)
        Predictors first, then the constant.
    df : int
        Of t: units drawn less strata, plus 1, less parameters (``degf(design) + 1 − p`` of svyglm).
    n, lost : int
        Rows used, and rows left out because a value is missing.
    units, strata : int
        Units that were drawn, rows where there are no clusters, and strata.
    cautions : tuple of Text
        Rows of weight 0, strata with one unit, rows that stand twice.
    """

    family: Family
    outcome: str
    terms: tuple[str, ...]
    estimates: Array
    standard_errors: Array
    constant: float
    constant_error: float
    covariance: Array
    df: int
    n: int
    lost: int
    units: int
    strata: int
    cautions: tuple[Text, ...]

    def sentence(self, language: str, level: float = 0.95) -> str:
        """The fit in words: n, rows lost, the design, every predictor with its interval, and the cautions."""
        sentences = [say(f"sampling.{self.family}", language, n=self.n, lost=self.lost, units=self.units,
                         strata=self.strata, df=self.df)]  # fmt: skip
        odds = self.family == "logit"
        for term, estimate in zip(self.terms, self.estimates, strict=True):
            interval = self.interval(term, level)
            ends = [float(estimate), interval.low, interval.high]
            with np.errstate(over="ignore"):  # a tiny unit has huge odds ratios, written as ∞
                value, low, high = (float(np.exp(end)) for end in ends) if odds else ends
            sentences.append(say(f"models.ordinal.{'odds' if odds else 'coefficient'}", language, term=term,
                                 estimate=value, level=level, low=low, high=high, p=self.p(term)))  # fmt: skip
        return " ".join(sentences + [caution.to(language) for caution in self.cautions])


def designed_linear(
    outcome: pd.Series[float],
    predictors: pd.DataFrame,
    *,
    weights: pd.Series[float] | None = None,
    strata: pd.Series[str] | None = None,
    population: Population | None = None,
    clusters: pd.Series[str] | None = None,
    lonely: Lonely = "adjust",
    domain: pd.Series[bool] | None = None,
    sample: Sample | None = None,
) -> DesignedFit:
    """Weighted least squares with linearised errors, as ``svyglm(…, family = gaussian)`` of the complete rows.

    A row with a missing value counts as not having been reached, as everywhere in this toolkit: the design is that of the
    rows used. Those outside a `domain` stay in the design and add nothing.

    Parameters
    ----------
    weights, strata, population, clusters, lonely
        See `sample_of`; or all of them at once as `sample`.
    domain : Series of bool, optional
        The part of the population that is asked about.

    Raises
    ------
    InputError
        The sampling design is not right (see `sample_of`), or has fewer degrees of freedom than the model parameters.
    FitError
        The model cannot be fitted (see `design`).
    """
    drawn = sample or sample_of(outcome.index, weights=weights, strata=strata, population=population, clusters=clusters,
                                lonely=lonely)  # fmt: skip
    return _fit("linear", outcome, predictors, drawn, domain)


def designed_logit(
    outcome: pd.Series[float],
    predictors: pd.DataFrame,
    *,
    weights: pd.Series[float] | None = None,
    strata: pd.Series[str] | None = None,
    population: Population | None = None,
    clusters: pd.Series[str] | None = None,
    lonely: Lonely = "adjust",
    domain: pd.Series[bool] | None = None,
    sample: Sample | None = None,
) -> DesignedFit:
    """The logit model of an outcome of 0 and 1, as ``svyglm(…, family = quasibinomial)``; the rest as `designed_linear`.

    Raises
    ------
    InputError
        As `designed_linear`; and an outcome that is not 0 or 1.
    FitError
        As `designed_linear`; and separation.
    """
    drawn = sample or sample_of(outcome.index, weights=weights, strata=strata, population=population, clusters=clusters,
                                lonely=lonely)  # fmt: skip
    return _fit("logit", outcome, predictors, drawn, domain)


def _fit(
    family: Family, outcome: pd.Series[float], predictors: pd.DataFrame, drawn: Sample, domain: pd.Series[bool] | None
) -> DesignedFit:
    y, X = outcome.loc[drawn.index], predictors.loc[drawn.index]
    inside = np.ones(drawn.n, dtype=bool) if domain is None else domain.loc[drawn.index].to_numpy(dtype=bool)
    whole = ~(y.isna() | X.isna().any(axis=1)).to_numpy()
    data = design(y[inside], X[inside])
    if family == "logit":
        _refuse_other_than_binary(data, y[inside & whole], X[inside & whole])
    sample, kept = drawn.rows(whole), inside[whole]
    units, strata = sample.units(kept)
    df = units - strata - len(data.terms)
    if df < 1:
        told = f"expected more than {len(data.terms) + strata} units drawn, for {len(data.terms) + 1} parameters and "
        raise InputError(Problem("few-units", f"{told}{strata} strata, found {units}.", "Take fewer predictors."))
    beta, influence = _solve(family, data, sample.weights[kept])
    whole_influence = np.zeros((sample.n, len(beta)))
    whole_influence[kept] = influence
    covariance = linearised(whole_influence, sample)
    errors = np.sqrt(np.diag(covariance))
    return DesignedFit(
        family, str(outcome.name), data.terms, beta[:-1], errors[:-1], float(beta[-1]), float(errors[-1]), covariance,
        df, data.n, data.lost, units, strata, _cautions(sample, data),
    )  # fmt: skip


def _refuse_other_than_binary(data: Design, outcome: pd.Series[float], predictors: pd.DataFrame) -> None:
    if not np.isin(data.outcome, (0.0, 1.0)).all():
        raise InputError(Problem("not-binary", f"expected 0 and 1 in {outcome.name}, found other values.",
                                 "Recode the outcome, or take a linear model."))  # fmt: skip
    # Separation does not depend on weights above 0: the unweighted model finds it and names the predictors.
    cumulative_logit(outcome, predictors)


def _solve(family: Family, data: Design, weights: Array) -> tuple[Array, Array]:
    """Coefficients, predictors first and the constant last, and each row's influence on them (n, k + 1)."""
    k = len(data.terms)
    centre, spread = data.matrix.mean(axis=0), data.matrix.std(axis=0)
    X = np.column_stack([(data.matrix - centre) / spread, np.ones(data.n)])
    w = weights / weights.mean()
    beta, curvature, residual = _newton(family, X, data.outcome, w)
    influence = (w * residual)[:, None] * X @ np.linalg.inv((X.T * curvature) @ X)
    # Back from standardised predictors: b = β / s, constant = β₀ − Σ β m / s.
    back = np.eye(k + 1)
    back[:k, :k] = np.diag(1 / spread)
    back[k, :k] = -centre / spread
    return back @ beta, influence @ back.T


def _newton(family: Family, X: Array, y: Array, w: Array) -> tuple[Array, Array, Array]:
    """Weighted maximum likelihood: coefficients, weight of each row in the information, residuals."""
    if family == "linear":
        root = np.sqrt(w)
        beta: Array = np.asarray(np.linalg.lstsq(X * root[:, None], y * root, rcond=None)[0], dtype=np.float64)
        return beta, w, y - X @ beta
    beta = np.zeros(X.shape[1], dtype=np.float64)
    beta[-1] = np.log(w @ y / (w @ (1 - y)))
    for _ in range(MOST_STEPS):
        eta = X @ beta
        p = expit(eta)
        curvature = w * p * expit(-eta)
        move = np.linalg.solve((X.T * curvature) @ X, X.T @ (w * (y - p)))
        # A full step may overshoot under uneven weights; no row moves by more than 5 log odds at once.
        beta = beta + move * min(1.0, 5.0 / max(float(np.abs(X @ move).max()), 1e-300))
        if np.abs(X @ move).max() <= SETTLED * max(1.0, float(np.abs(eta).max())) * 10:
            p = expit(X @ beta)
            return beta, w * p * (1 - p), y - p
        if not np.isfinite(beta).all():
            break
    raise FitError("not converged", iterations=MOST_STEPS)


def _cautions(sample: Sample, data: Design) -> tuple[Text, ...]:
    cautions = list(sample.cautions)
    if single := sample.single():
        cautions.append(both(f"sampling.caution.lonely.{sample.lonely}", strata=", ".join(single)))
    rows = np.column_stack([data.outcome, data.matrix])
    twice = data.n - len(np.unique(rows, axis=0))
    # Answers in few classes coincide by chance; rows that agree in a dozen columns hardly do.
    if twice and rows.shape[1] >= 8:
        cautions.append(both("sampling.caution.twice", n=twice, columns=rows.shape[1]))
    return tuple(cautions)
