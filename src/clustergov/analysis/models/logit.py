"""Logit models of a probability: of one of two answers (binomial), or of a share between 0 and 1 (fractional)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.special import expit, xlogy

from clustergov.analysis.models.design import Design, FitError, design
from clustergov.analysis.models.wald import Wald
from clustergov.language import Text, both, say

Array = NDArray[np.float64]
Errors = Literal["information", "robust", "cluster-robust"]
"""Of the standard errors: the inverse information; the sandwich; the sandwich with sums over groups."""

MOST_STEPS = 100
SUSPECT = 25.0
FEW_GROUPS = 40
"""Groups below which cluster-robust errors of a logit are told to be too small (Cameron & Miller 2015, p. 319)."""


@dataclass(frozen=True, slots=True, eq=False)
class LogitFit(Wald):
    """log odds of the mean = constant + xβ, by (quasi-)maximum likelihood.

    Attributes
    ----------
    family : {"binomial", "fractional"}
        Fractional: Papke, L. E. & Wooldridge, J. M. (1996). Econometric methods for fractional response variables.
        Journal of Applied Econometrics 11(6), 619–632, eqs 4, 5 and 9.
    outcome : str
    terms : tuple of str, length k
    estimates, standard_errors : array, shape (k,)
        Log odds per unit of the predictor.
    constant, constant_error : float
    covariance : array, shape (k + 1, k + 1)
        Predictors first, then the constant.
    errors : {"information", "robust", "cluster-robust"}
        Robust: n / (n − k − 1) times the sandwich; cluster-robust: G / (G − 1) · (n − 1) / (n − k − 1) times it.
    df : float
        Of the t distribution: infinite, or groups less one.
    categories : tuple of float
        Binomial: the two values of the outcome, the modelled one last; empty for shares.
    n, lost : int
        Rows used, and rows left out because a value is missing.
    groups : int or None
    log_likelihood : float
    cautions : tuple of Text
    """

    family: Literal["binomial", "fractional"]
    outcome: str
    terms: tuple[str, ...]
    estimates: Array
    standard_errors: Array
    constant: float
    constant_error: float
    covariance: Array
    errors: Errors
    df: float
    categories: tuple[float, ...]
    n: int
    lost: int
    groups: int | None
    log_likelihood: float
    cautions: tuple[Text, ...]

    def sentence(self, language: str, level: float = 0.95) -> str:
        """The fit in words: n, rows lost, every predictor with its interval, and the cautions."""
        upper = f"{self.categories[1]:g}" if self.categories else ""
        sentences = [say(f"logit.{self.family}", language, outcome=self.outcome, upper=upper, n=self.n, lost=self.lost,
                         groups=self.groups or 0)]  # fmt: skip
        if self.errors != "information":
            sentences.append(say(f"logit.errors.{self.errors}", language, groups=self.groups or 0))
        for term, estimate in zip(self.terms, self.estimates, strict=True):
            interval = self.interval(term, level)
            sentences.append(say("models.ordinal.odds", language, term=term, estimate=float(np.exp(estimate)), level=level,
                                 low=float(np.exp(interval.low)), high=float(np.exp(interval.high)), p=self.p(term)))  # fmt: skip
        return " ".join(sentences + [caution.to(language) for caution in self.cautions])


def binomial_logit(
    outcome: pd.Series[float], predictors: pd.DataFrame, *, groups: pd.Series[str] | None = None
) -> LogitFit:
    """Fit the probability of the higher of two values.

    Parameters
    ----------
    groups : Series, one index with the outcome, optional
        Rows of one group may depend on each other: cluster-robust errors with t on groups less one.

    Raises
    ------
    FitError
        With the reason: not two values, separation, and whatever `design` refuses.
    """
    data, labels = _rows(outcome, predictors, groups)
    values = np.unique(data.outcome)
    if len(values) != 2:
        raise FitError("not two values", term=str(outcome.name), values=len(values))
    y = (data.outcome == values[1]).astype(float)
    return _fitted(data, y, "binomial", str(outcome.name), labels, (float(values[0]), float(values[1])))


def fractional_logit(
    outcome: pd.Series[float], predictors: pd.DataFrame, *, groups: pd.Series[str] | None = None
) -> LogitFit:
    """Fit the mean of a share, 0 and 1 included, by quasi-maximum likelihood with robust errors.

    Parameters
    ----------
    groups : Series, one index with the outcome, optional
        Cluster-robust instead.

    Raises
    ------
    FitError
        With the reason: values outside 0 to 1, separation, and whatever `design` refuses.
    """
    data, labels = _rows(outcome, predictors, groups)
    refuse_outside_shares(data.outcome, str(outcome.name))
    return _fitted(data, data.outcome, "fractional", str(outcome.name), labels, ())


def refuse_outside_shares(y: Array, name: str) -> None:
    if y.min() < 0 or y.max() > 1:
        raise FitError("outside shares", term=name, low=float(y.min()), high=float(y.max()))


def _rows(
    outcome: pd.Series[float], predictors: pd.DataFrame, groups: pd.Series[str] | None
) -> tuple[Design, NDArray[np.int64] | None]:
    """The complete rows, and the group of each; a row without a group is not complete."""
    if groups is None:
        return design(outcome, predictors), None
    data = design(outcome.mask(groups.isna()), predictors)
    whole = outcome.notna() & groups.notna() & predictors.notna().all(axis=1)
    labels = pd.factorize(groups[whole])[0]
    if labels.max() == 0:
        raise FitError("one group", term=str(groups.name), groups=1)
    return data, labels


def _fitted(
    data: Design, y: Array, family: Literal["binomial", "fractional"], name: str,
    labels: NDArray[np.int64] | None, categories: tuple[float, ...],
) -> LogitFit:  # fmt: skip
    n, k = data.matrix.shape
    centre, spread = data.matrix.mean(axis=0), data.matrix.std(axis=0)
    X = np.column_stack([(data.matrix - centre) / spread, np.ones(n)])
    parameters, steps, settled = newton(X, y)
    if not settled or steps > 12 or np.abs(X @ parameters).max() > SUSPECT:
        _refuse_separation(X, y, data.terms)
    if not settled:
        raise FitError("not converged", iterations=steps)
    mean = expit(X @ parameters)
    back = np.eye(k + 1)
    back[:k, :k], back[k, :k] = np.diag(1 / spread), -centre / spread
    errors: Errors = "information" if family == "binomial" else "robust"
    errors = errors if labels is None else "cluster-robust"
    covariance = back @ _covariance(X, y, mean, errors, labels) @ back.T
    parameters, deviations = back @ parameters, np.sqrt(np.diag(covariance))
    groups = None if labels is None else int(labels.max()) + 1
    return LogitFit(
        family, name, data.terms, parameters[:k], deviations[:k], float(parameters[k]), float(deviations[k]), covariance,
        errors, np.inf if groups is None else groups - 1, categories, n, data.lost, groups,
        float((xlogy(y, mean) + xlogy(1 - y, 1 - mean)).sum()), _cautions(y, k, family, groups),
    )  # fmt: skip


def newton(X: Array, y: Array) -> tuple[Array, int, bool]:
    """Maximise Σ y log μ + (1 − y) log(1 − μ), μ = F(Xb): concave, so a step is halved until it rises."""

    def value(b: Array) -> float:
        eta = X @ b
        return float((y * eta - np.logaddexp(0, eta)).sum())

    b = np.zeros(X.shape[1])
    reached = value(b)
    for step in range(1, MOST_STEPS + 1):
        mean = expit(X @ b)
        gradient = X.T @ (y - mean)
        try:
            direction = np.linalg.solve((X.T * (mean * (1 - mean))) @ X, gradient)
        except np.linalg.LinAlgError:
            return b, step, False
        if not np.isfinite(direction).all():
            return b, step, False
        settled = bool(gradient @ direction < 1e-18 * max(1.0, abs(reached)) or np.abs(direction).max() < 1e-11)
        length = 1.0
        while (next_value := value(b + length * direction)) < reached - 1e-9 * abs(reached) and length > 1e-10:
            length /= 2
        b, reached = b + length * direction, next_value
        if settled:
            return b, step, True
    return b, MOST_STEPS, False


def _covariance(X: Array, y: Array, mean: Array, errors: Errors, labels: NDArray[np.int64] | None) -> Array:
    bread: Array = np.asarray(np.linalg.inv((X.T * (mean * (1 - mean))) @ X), dtype=np.float64)
    if errors == "information":
        return bread
    n, parameters = X.shape
    scores, scale = X * (y - mean)[:, None], n / (n - parameters)
    if labels is not None:
        groups = int(labels.max()) + 1
        sums = np.zeros((groups, parameters))
        np.add.at(sums, labels, scores)
        scores, scale = sums, groups / (groups - 1) * (n - 1) / (n - parameters)
    covariance: Array = scale * bread @ (scores.T @ scores) @ bread
    return covariance


def _refuse_separation(X: Array, y: Array, terms: tuple[str, ...]) -> None:
    """Look for a direction along which no row loses: towards 1 where y > 0, towards 0 where y < 1 (see `Cumulative`)."""
    conditions = np.unique(np.vstack([X[y > 0], -X[y < 1]]), axis=0)
    found = linprog(-conditions.sum(axis=0), A_ub=-conditions, b_ub=np.zeros(len(conditions)), bounds=(-1, 1))
    if found.fun is not None and found.x is not None and -found.fun > 1e-6:
        moving = np.abs(found.x[:-1]) > 1e-7
        raise FitError("separation", terms=tuple(term for term, moves in zip(terms, moving, strict=True) if moves))


def _cautions(y: Array, k: int, family: str, groups: int | None) -> tuple[Text, ...]:
    cautions = []
    rarer = int(min(y.sum(), (1 - y).sum()))
    if family == "binomial" and rarer < 10 * k:
        cautions.append(both("logit.caution.events", rarer=rarer, k=k))
    if groups is not None and groups < FEW_GROUPS:
        cautions.append(both("logit.caution.groups", groups=groups))
    return tuple(cautions)
