"""The cumulative link model of an ordered outcome: proportional odds (logit) or ordered probit, by maximum likelihood."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from clustergov.analysis.interval import Interval
from clustergov.analysis.models.cumulative import Link
from clustergov.analysis.models.design import enumeration
from clustergov.analysis.models.ordered_rows import OrderedRows
from clustergov.language import Text, both, number, say

Array = NDArray[np.float64]

SPARSE = 5
"""A category with fewer answers than this is told as a caution."""


@dataclass(frozen=True, slots=True, eq=False)
class OrdinalFit:
    """A cumulative link model: P(Y ≤ j) = F(θ_j − xβ), so that a positive β goes with higher answers.

    McCullagh, P. (1980). Regression models for ordinal data. JRSS B 42(2), 109–142, eq. 1.2 and 2.

    Attributes
    ----------
    outcome : str
    link : {"logit", "probit"}
    terms : tuple of str, length k
    estimates, standard_errors : array, shape (k,)
        β: log odds per unit of the predictor under the logit link; the errors from the observed information.
    thresholds, threshold_errors : array, shape (J − 1,)
        θ themselves, increasing, not log increments.
    covariance : array, shape (k + J − 1, k + J − 1)
        Predictors first, then thresholds.
    categories : tuple of float, length J
        Values of the outcome that occur in the rows used, ascending.
    counts : tuple of int, length J
        Rows per category.
    n, lost : int
        Rows used, and rows left out because a value is missing.
    log_likelihood : float
    iterations : int
        Newton steps.
    converged : bool
        Always true of a returned fit: one that does not settle is a `FitError`.
    cautions : tuple of Text
        What a reader must know: sparse categories, few rows per parameter.
    """

    outcome: str
    link: Link
    terms: tuple[str, ...]
    estimates: Array
    standard_errors: Array
    thresholds: Array
    threshold_errors: Array
    covariance: Array
    categories: tuple[float, ...]
    counts: tuple[int, ...]
    n: int
    lost: int
    log_likelihood: float
    iterations: int
    converged: bool
    cautions: tuple[Text, ...]

    def interval(self, term: str, level: float = 0.95) -> Interval:
        """Wald interval of one predictor, in log odds (probits under the probit link)."""
        at = self.terms.index(term)
        reach = float(ndtri(0.5 + level / 2)) * float(self.standard_errors[at])
        return Interval(float(self.estimates[at]) - reach, float(self.estimates[at]) + reach, level)

    def p(self, term: str) -> float:
        """Two-sided Wald p-value of one predictor."""
        at = self.terms.index(term)
        return float(2 * ndtr(-abs(self.estimates[at] / self.standard_errors[at])))

    def frame(self, level: float = 0.95) -> pd.DataFrame:
        """One row per predictor and per threshold: term, kind, estimate, standard_error, low, high, p."""
        names = [f"{low:g}|{high:g}" for low, high in zip(self.categories, self.categories[1:], strict=False)]
        estimate = np.concatenate([self.estimates, self.thresholds])
        error = np.concatenate([self.standard_errors, self.threshold_errors])
        reach = float(ndtri(0.5 + level / 2)) * error
        return pd.DataFrame(
            {
                "term": [*self.terms, *names],
                "kind": ["predictor"] * len(self.terms) + ["threshold"] * len(names),
                "estimate": estimate,
                "standard_error": error,
                "low": estimate - reach,
                "high": estimate + reach,
                "p": 2 * ndtr(-np.abs(estimate / error)),
            }
        )

    def sentence(self, language: str, level: float = 0.95) -> str:
        """The fit in words: n, rows lost, every predictor with its interval, and the cautions."""
        sentences = [say("models.ordinal.fit", language, link=self.link, n=self.n, lost=self.lost)]
        turn = np.exp if self.link == "logit" else np.asarray
        kind = "odds" if self.link == "logit" else "coefficient"
        for term, estimate in zip(self.terms, self.estimates, strict=True):
            interval = self.interval(term, level)
            low, high = turn(interval.low), turn(interval.high)
            sentences.append(say(f"models.ordinal.{kind}", language, term=term, estimate=float(turn(estimate)),
                                 level=level, low=float(low), high=float(high), p=self.p(term)))  # fmt: skip
        return " ".join(sentences + [caution.to(language) for caution in self.cautions])


def cumulative_logit(outcome: pd.Series[float], predictors: pd.DataFrame, *, link: Link = "logit") -> OrdinalFit:
    """Fit P(Y ≤ j) = F(θ_j − xβ) by Newton–Raphson on the complete rows.

    Parameters
    ----------
    outcome : Series of float
        Ordered categories as numbers; only their order counts.
    predictors : DataFrame of numbers, one index with the outcome
    link : {"logit", "probit"}
        F: the logistic or the normal distribution.

    Raises
    ------
    FitError
        With the reason, when a finite estimate does not exist or cannot be told: no variance, collinear predictors, a
        composition, too few rows, separation.
    """
    rows = OrderedRows.of(outcome, predictors)
    k, cuts = len(rows.terms), rows.J - 1
    likelihood, phi, value, steps = rows.maximum(link)
    # Predictors before thresholds, as the fit has them.
    back = np.roll(rows.back(), k, axis=0)
    covariance = back @ np.linalg.inv(likelihood.information(phi)) @ back.T
    parameters, errors = back @ phi, np.sqrt(np.diag(covariance))
    return OrdinalFit(
        outcome=rows.outcome, link=link, terms=rows.terms,
        estimates=parameters[:k], standard_errors=errors[:k],
        thresholds=parameters[k:], threshold_errors=errors[k:], covariance=covariance,
        categories=tuple(map(float, rows.categories)), counts=tuple(map(int, rows.counts)), n=rows.n, lost=rows.lost,
        log_likelihood=value, iterations=steps, converged=True,
        cautions=cautions_of(rows.categories, rows.counts, k + cuts),
    )  # fmt: skip


def cautions_of(categories: Array, counts: NDArray[np.int64], parameters: int) -> tuple[Text, ...]:
    """Sparse categories, and few rows for each parameter."""
    n = int(counts.sum())
    sparse = tuple(number(float(category), "en", 0) for category in categories[counts < SPARSE])
    cautions = []
    if sparse:
        cautions.append(both("models.caution.sparse", least=SPARSE, categories=enumeration(sparse)))
    if n < 10 * parameters:
        cautions.append(both("models.caution.events", n=n, parameters=parameters))
    return tuple(cautions)
