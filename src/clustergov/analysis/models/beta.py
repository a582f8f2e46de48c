"""Beta regression of a share strictly between 0 and 1: logit of the mean, one precision, by maximum likelihood."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import digamma, expit, gammaln, ndtr, ndtri, polygamma

from clustergov.analysis.interval import Interval
from clustergov.analysis.models.design import FitError, design
from clustergov.analysis.models.logit import refuse_outside_shares
from clustergov.analysis.models.wald import CONSTANT
from clustergov.language import Text, both, say

Array = NDArray[np.float64]

PRECISION = "(precision)"
MOST_STEPS = 200


@dataclass(frozen=True, slots=True, eq=False)
class BetaFit:
    """Y ~ Beta(μφ, (1 − μ)φ), log odds of μ = constant + xβ.

    Ferrari, S. & Cribari-Neto, F. (2004). Beta regression for modelling rates and proportions. Journal of Applied
    Statistics 31(7), 799–815, eqs 3–5 and the expected information of section 2.

    Attributes
    ----------
    outcome : str
    terms : tuple of str, length k
    estimates, standard_errors : array, shape (k,)
        Log odds of the mean per unit of the predictor.
    constant, constant_error : float
    precision, precision_error : float
        φ: the variance is μ(1 − μ) / (1 + φ).
    covariance : array, shape (k + 1, k + 1)
        Predictors first, then the constant.
    n, lost : int
    log_likelihood : float
    cautions : tuple of Text
    """

    outcome: str
    terms: tuple[str, ...]
    estimates: Array
    standard_errors: Array
    constant: float
    constant_error: float
    precision: float
    precision_error: float
    covariance: Array
    n: int
    lost: int
    log_likelihood: float
    cautions: tuple[Text, ...]

    def interval(self, term: str, level: float = 0.95) -> Interval:
        """Wald interval of one predictor, in log odds of the mean."""
        at = self.terms.index(term)
        reach = float(ndtri(0.5 + level / 2)) * float(self.standard_errors[at])
        return Interval(float(self.estimates[at]) - reach, float(self.estimates[at]) + reach, level)

    def p(self, term: str) -> float:
        at = self.terms.index(term)
        return float(2 * ndtr(-abs(self.estimates[at] / self.standard_errors[at])))

    def frame(self, level: float = 0.95) -> pd.DataFrame:
        """One row per predictor, for the constant and the precision: term, kind, estimate, standard_error, low, high, p.

        The precision has no p: that it is 0 is no hypothesis.
        """
        estimate = np.array([*self.estimates, self.constant, self.precision])
        error = np.array([*self.standard_errors, self.constant_error, self.precision_error])
        reach = float(ndtri(0.5 + level / 2)) * error
        p = 2 * ndtr(-np.abs(estimate / error))
        p[-1] = np.nan
        return pd.DataFrame(
            {
                "term": [*self.terms, CONSTANT, PRECISION],
                "kind": ["predictor"] * len(self.terms) + ["constant", "precision"],
                "estimate": estimate, "standard_error": error, "low": estimate - reach, "high": estimate + reach, "p": p,
            }
        )  # fmt: skip

    def sentence(self, language: str, level: float = 0.95) -> str:
        """The fit in words: n, rows lost, every predictor with its interval, and the cautions."""
        sentences = [say("beta.fit", language, outcome=self.outcome, n=self.n, lost=self.lost, phi=self.precision)]
        for term, estimate in zip(self.terms, self.estimates, strict=True):
            interval = self.interval(term, level)
            sentences.append(say("models.ordinal.odds", language, term=term, estimate=float(np.exp(estimate)), level=level,
                                 low=float(np.exp(interval.low)), high=float(np.exp(interval.high)), p=self.p(term)))  # fmt: skip
        return " ".join(sentences + [caution.to(language) for caution in self.cautions])


def beta_regression(outcome: pd.Series[float], predictors: pd.DataFrame) -> BetaFit:
    """Fit the mean of a share that is never exactly 0 or 1.

    Raises
    ------
    FitError
        With the reason: shares of exactly 0 or 1 (and what to do), values outside 0 to 1, a model that leaves nothing
        unexplained, and whatever `design` refuses.
    """
    data = design(outcome, predictors, constants=2)
    y, n, k = data.outcome, data.n, len(data.terms)
    refuse_outside_shares(y, str(outcome.name))
    if (at_edge := (y == 0) | (y == 1)).any():
        zeros = int((y == 0).sum())
        raise FitError("zeros and ones", term=str(outcome.name), zeros=zeros, ones=int(at_edge.sum()) - zeros)
    centre, spread = data.matrix.mean(axis=0), data.matrix.std(axis=0)
    X = np.column_stack([(data.matrix - centre) / spread, np.ones(n)])
    parameters, value = _maximise(X, y)
    inverse = np.linalg.inv(_slopes(X, y, parameters, expected=True)[1])
    # Back from standardised predictors, and from log φ.
    phi = float(np.exp(parameters[-1]))
    back = np.eye(k + 2)
    back[:k, :k], back[k, :k], back[-1, -1] = np.diag(1 / spread), -centre / spread, phi
    covariance: Array = np.asarray(back @ inverse @ back.T, dtype=np.float64)
    estimates, errors = (back @ parameters)[:-1], np.sqrt(np.diag(covariance))
    few = (both("models.caution.events", n=n, parameters=k + 2),) if n < 10 * (k + 2) else ()
    return BetaFit(
        str(outcome.name), data.terms, estimates[:k], errors[:k], float(estimates[k]), float(errors[k]), phi,
        float(errors[-1]), covariance[:-1, :-1], n, data.lost, value, few,
    )  # fmt: skip


def _value(X: Array, y: Array, parameters: Array) -> float:
    mean, phi = expit(X @ parameters[:-1]), np.exp(parameters[-1])
    if not np.isfinite(phi) or phi == 0 or (mean <= 0).any() or (mean >= 1).any():
        return -np.inf
    a, b = mean * phi, (1 - mean) * phi
    return float((gammaln(phi) - gammaln(a) - gammaln(b) + (a - 1) * np.log(y) + (b - 1) * np.log1p(-y)).sum())


def _slopes(X: Array, y: Array, parameters: Array, *, expected: bool) -> tuple[Array, Array]:
    """Gradient in (b, log φ), and the expected or the observed information."""
    mean, phi = expit(X @ parameters[:-1]), float(np.exp(parameters[-1]))
    a, b = mean * phi, (1 - mean) * phi
    gap = np.log(y) - np.log1p(-y) - digamma(a) + digamma(b)
    rest = mean * gap + np.log1p(-y) - digamma(b) + digamma(phi)
    steep = mean * (1 - mean)
    gradient = np.append(phi * X.T @ (steep * gap), phi * rest.sum())
    first, second = polygamma(1, a), polygamma(1, b)
    weight = phi**2 * steep**2 * (first + second)
    cross = phi**2 * steep * (mean * first - (1 - mean) * second)
    last = phi**2 * (mean**2 * first + (1 - mean) ** 2 * second - polygamma(1, phi)).sum()
    if not expected:
        weight = weight - phi * gap * steep * (1 - 2 * mean)
        cross = cross - phi * steep * gap
        last = last - phi * rest.sum()
    information = np.empty((len(parameters), len(parameters)))
    information[:-1, :-1] = (X.T * weight) @ X
    information[-1, :-1] = information[:-1, -1] = X.T @ cross
    information[-1, -1] = last
    return gradient, information


def _maximise(X: Array, y: Array) -> tuple[Array, float]:
    """Newton's steps from least squares on log odds; scoring steps where the surface is not yet concave.

    Raises
    ------
    FitError
        No rest: the shares are (nearly) determined by the predictors, so that φ runs to infinity, or nothing is told.
    """
    odds = np.log(y) - np.log1p(-y)
    b = np.linalg.lstsq(X, odds, rcond=None)[0]
    mean, left = expit(X @ b), odds - X @ b
    variance = left @ left / max(len(y) - X.shape[1], 1) * (mean * (1 - mean)) ** 2
    phi = float(np.mean(mean * (1 - mean) / np.maximum(variance, 1e-12)) - 1)
    parameters = np.append(b, np.log(max(phi, 0.5)))
    value = _value(X, y, parameters)
    for step in range(1, MOST_STEPS + 1):
        gradient, information = _slopes(X, y, parameters, expected=False)
        if not _positive(information):
            gradient, information = _slopes(X, y, parameters, expected=True)
        direction = np.linalg.solve(information, gradient) if _positive(information) else np.full(len(gradient), np.nan)
        if not np.isfinite(direction).all() or parameters[-1] > 25:
            raise FitError("not converged", iterations=step)
        settled = bool(gradient @ direction < 1e-18 * max(1.0, abs(value)) or np.abs(direction).max() < 1e-11)
        length = 1.0
        while (reached := _value(X, y, parameters + length * direction)) < value - 1e-9 * abs(value) and length > 1e-10:
            length /= 2
        parameters, value = parameters + length * direction, reached
        if settled:
            return parameters, value
    raise FitError("not converged", iterations=MOST_STEPS)


def _positive(information: Array) -> bool:
    return bool(np.isfinite(information).all() and np.linalg.eigvalsh(information)[0] > 0)
