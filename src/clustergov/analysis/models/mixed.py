"""Linear mixed models with one grouping: a random intercept, and a random slope if asked for, by REML or ML."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import stdtr, stdtrit

from clustergov.analysis.interval import Interval
from clustergov.analysis.models.design import FitError, design
from clustergov.analysis.models.mixed_deviance import Criterion, MixedDeviance, factor, gradient, hessian
from clustergov.analysis.models.mixed_optimum import is_singular, optimum, profile_ends
from clustergov.analysis.models.wald import CONSTANT
from clustergov.language import Text, both, say

Array = NDArray[np.float64]

FEW_GROUPS = 10
"""Groups below which the spread between them is told to be badly known: own choice."""


@dataclass(frozen=True, slots=True, eq=False)
class MixedFit:
    """y = constant + xβ + b_group (+ b'_group · slope) + ε.

    Attributes
    ----------
    outcome, group : str
    slope : str
        The predictor whose slope differs by group; empty for a random intercept alone.
    criterion : {"REML", "ML"}
    terms : tuple of str, length k
    estimates, standard_errors, df : array, shape (k,)
        Degrees of freedom of t by Satterthwaite's approximation, as Kuznetsova, A., Brockhoff, P. B. & Christensen,
        R. H. B. (2017). lmerTest package. Journal of Statistical Software 82(13), section 2.
    constant, constant_error, constant_df : float
    covariance : array, shape (k + 1, k + 1)
        Predictors first, then the constant.
    sigma : float
        Standard deviation of ε, in units of the outcome.
    between : array, shape (q, q)
        Covariance of the group effects: intercept, slope.
    icc : float or None
        Share of the variance that lies between groups; None with a random slope, where it depends on the predictor, and
        where the fit is singular, where the estimate of 0 is the edge of what is possible and no finding.
    icc_interval : Interval or None
        By the profile of the deviance, 95 %; also of a singular fit.
    singular : bool
        Some variance between groups is estimated at its edge.
    deviance : float
        −2 log-likelihood, or the REML criterion.
    n, lost, groups : int
    sizes : tuple of (int, int)
        Rows of the smallest and the largest group.
    cautions : tuple of Text
    """

    outcome: str
    group: str
    slope: str
    criterion: Criterion
    terms: tuple[str, ...]
    estimates: Array
    standard_errors: Array
    df: Array
    constant: float
    constant_error: float
    constant_df: float
    covariance: Array
    sigma: float
    between: Array
    icc: float | None
    icc_interval: Interval | None
    singular: bool
    deviance: float
    n: int
    lost: int
    groups: int
    sizes: tuple[int, int]
    cautions: tuple[Text, ...]

    def interval(self, term: str, level: float = 0.95) -> Interval:
        """t interval of one predictor's coefficient."""
        at = self.terms.index(term)
        reach = float(stdtrit(self.df[at], 0.5 + level / 2)) * float(self.standard_errors[at])
        return Interval(float(self.estimates[at]) - reach, float(self.estimates[at]) + reach, level)

    def p(self, term: str) -> float:
        """Two-sided p-value of one predictor."""
        at = self.terms.index(term)
        return float(2 * stdtr(self.df[at], -abs(self.estimates[at] / self.standard_errors[at])))

    def frame(self, level: float = 0.95) -> pd.DataFrame:
        """One row per predictor and one for the constant: term, kind, estimate, standard_error, df, low, high, p."""
        estimate = np.append(self.estimates, self.constant)
        error, df = np.append(self.standard_errors, self.constant_error), np.append(self.df, self.constant_df)
        reach = stdtrit(df, 0.5 + level / 2) * error
        return pd.DataFrame(
            {
                "term": [*self.terms, CONSTANT], "kind": ["predictor"] * len(self.terms) + ["constant"],
                "estimate": estimate, "standard_error": error, "df": df, "low": estimate - reach, "high": estimate + reach,
                "p": 2 * stdtr(df, -np.abs(estimate / error)),
            }
        )  # fmt: skip

    def sentence(self, language: str, level: float = 0.95) -> str:
        """The fit in words: n, groups, every predictor with its interval, how much lies between groups, cautions."""
        sentences = [say("mixed.fit", language, outcome=self.outcome, group=self.group, groups=self.groups, n=self.n,
                         lost=self.lost, criterion=self.criterion)]  # fmt: skip
        for at, term in enumerate(self.terms):
            interval = self.interval(term, level)
            sentences.append(say("mixed.coefficient", language, term=term, estimate=float(self.estimates[at]), level=level,
                                 low=interval.low, high=interval.high, df=float(self.df[at]), p=self.p(term)))  # fmt: skip
        if self.icc is not None and self.icc_interval is not None:
            sentences.append(say("mixed.icc", language, group=self.group, icc=self.icc, low=self.icc_interval.low,
                                 high=self.icc_interval.high))  # fmt: skip
        elif self.slope and not self.singular:
            deviations = np.sqrt(np.diag(self.between))
            sentences.append(say("mixed.slope", language, slope=self.slope, intercept=float(deviations[0]),
                                 slopes=float(deviations[1]), sigma=self.sigma,
                                 correlation=float(self.between[0, 1] / deviations.prod())))  # fmt: skip
        return " ".join(sentences + [caution.to(language) for caution in self.cautions])


def mixed_model(
    outcome: pd.Series[float],
    predictors: pd.DataFrame,
    groups: pd.Series[str],
    *,
    slope: str = "",
    criterion: Criterion = "REML",
) -> MixedFit:
    """Fit a linear model whose intercept, and whose slope of one predictor if asked for, differ by group.

    Parameters
    ----------
    groups : Series of labels, one index with the outcome
        A row without a label is left out and counted.

    Raises
    ------
    FitError
        With the reason: one group, groups of one row each, a slope that no group can tell, an unknown name, and whatever
        `design` refuses. A variance at its edge is no error: see `MixedFit.singular`.
    """
    if slope and slope not in predictors.columns:
        raise FitError("unknown term", terms=(slope,))
    name = str(groups.name)
    data = design(outcome.mask(groups.isna()), predictors, constants=3 + 2 * bool(slope))
    whole = outcome.notna() & groups.notna() & predictors.notna().all(axis=1)
    labels, n, k = pd.factorize(groups[whole])[0], data.n, len(data.terms)
    sizes = np.bincount(labels)
    _refuse_groups(sizes, n, name)
    centre, spread = data.matrix.mean(axis=0), data.matrix.std(axis=0)
    X = np.column_stack([(data.matrix - centre) / spread, np.ones(n)])
    Z, unit = np.ones((n, 1)), np.ones(1)
    if slope:
        at = data.terms.index(slope)
        _refuse_slope(data.matrix[:, at], labels, slope)
        Z, unit = np.column_stack([Z, data.matrix[:, at] / spread[at]]), np.array([1.0, 1 / spread[at]])
    first = np.linalg.lstsq(X, data.outcome, rcond=None)[0]
    if np.ptp(data.outcome - X @ first) < 1e-9 * np.ptp(data.outcome):
        raise FitError("nothing left", term=str(outcome.name))
    deviance = MixedDeviance.of(X, Z, data.outcome - X @ first, labels, criterion)
    theta = optimum(deviance)
    _, _, beta, rest = deviance.parts(theta)
    sigma = float(np.sqrt(rest / deviance.df))
    back = np.eye(k + 1)
    back[:k, :k], back[k, :k] = np.diag(1 / spread), -centre / spread
    parameters = np.append(theta, sigma)
    covariance: Array = np.asarray(back @ deviance.covariance(parameters) @ back.T, dtype=np.float64)
    estimates, errors = back @ (first + beta), np.sqrt(np.diag(covariance))
    singular = is_singular(theta)
    df = _satterthwaite(deviance, parameters, back, singular)
    root = unit[:, None] * factor(theta) * sigma
    # The REML criterion of the predictors as they came, not of the standardised ones.
    units = 2 * float(np.log(spread).sum()) if criterion == "REML" else 0.0
    icc, ends = _icc(deviance, theta, singular) if not slope else (None, None)
    return MixedFit(
        str(outcome.name), name, slope, criterion, data.terms, estimates[:k], errors[:k], df[:k], float(estimates[k]),
        float(errors[k]), float(df[k]), covariance, sigma, root @ root.T, icc, ends, singular,
        float(deviance.profiled(theta)) + units, n, data.lost, len(sizes), (int(sizes.min()), int(sizes.max())),
        _cautions(name, len(sizes), singular, slope, ends),
    )  # fmt: skip


def _refuse_groups(sizes: NDArray[np.int64], n: int, name: str) -> None:
    if len(sizes) == 1:
        raise FitError("one group", term=name, groups=1)
    if sizes.max() == 1:
        raise FitError("groups as rows", term=name, groups=len(sizes), n=n)


def _refuse_slope(column: Array, labels: NDArray[np.int64], slope: str) -> None:
    if pd.Series(column).groupby(labels).nunique().max() == 1:
        raise FitError("random slope", terms=(slope,), term=slope)


def _satterthwaite(deviance: MixedDeviance, parameters: Array, back: Array, singular: bool) -> Array:
    """2 v² / (gᵀ A g) of every coefficient: v its variance, g the slope of v in (θ, σ), A the covariance of those.

    At the edge only the directions in which the deviance is curved upwards are used, as lmerTest does; with the only
    variance at 0 that leaves σ, and so the residual degrees of freedom.
    """

    def variances(at: NDArray[np.float64]) -> NDArray[np.float64]:
        found: NDArray[np.float64] = np.einsum("ij,jk,ik->i", back, deviance.covariance(at), back)
        return found

    variance, slopes = variances(parameters), gradient(variances, parameters)
    if singular and len(parameters) == 2:
        return np.full(len(variance), float(deviance.df))
    values, vectors = np.linalg.eigh(hessian(deviance.full, parameters))
    kept = values > 1e-8 * values.max()
    spread = 2 * (vectors[:, kept] / values[kept]) @ vectors[:, kept].T
    df: Array = 2 * variance**2 / np.einsum("ij,jk,ik->i", slopes, spread, slopes)
    return df


def _icc(deviance: MixedDeviance, theta: Array, singular: bool) -> tuple[float | None, Interval]:
    """θ² / (1 + θ²), and its interval from that of θ."""
    low, high = profile_ends(deviance, theta)
    interval = Interval(low**2 / (1 + low**2), 1.0 if np.isinf(high) else high**2 / (1 + high**2))
    return (None if singular else float(theta[0] ** 2 / (1 + theta[0] ** 2))), interval


def _cautions(name: str, groups: int, singular: bool, slope: str, ends: Interval | None) -> tuple[Text, ...]:
    cautions = []
    if singular and ends is not None:
        cautions.append(both("mixed.singular.intercept", group=name, high=ends.high))
    elif singular:
        cautions.append(both("mixed.singular.slope", group=name, slope=slope))
    if groups < FEW_GROUPS:
        cautions.append(both("mixed.few", groups=groups))
    return tuple(cautions)
