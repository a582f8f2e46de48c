"""One result from m analyses: Rubin's rules, with the degrees of freedom of Barnard and Rubin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import stdtr, stdtrit

from clustergov.analysis.interval import Interval
from clustergov.language import say
from clustergov.problems import InputError, Problem

Array = NDArray[np.float64]


class Fit(Protocol):
    """What is needed of an analysis: terms, their estimates, and a covariance in which they stand first."""

    @property
    def terms(self) -> tuple[str, ...]: ...
    @property
    def estimates(self) -> Array: ...
    @property
    def covariance(self) -> Array: ...
    @property
    def n(self) -> int: ...


@dataclass(frozen=True, slots=True, eq=False)
class Pooled:
    """k estimates of m completed tables as one.

    Rubin, D. B. (1987). Multiple Imputation for Nonresponse in Surveys, §3.1; Barnard, J. & Rubin, D. B. (1999).
    Small-sample degrees of freedom with multiple imputation. Biometrika 86(4), 948–955, eq. 3–5.

    Attributes
    ----------
    terms : tuple of str, length k
    estimates : array, shape (k,)
        Means over the tables.
    within, between : array, shape (k, k)
        Mean covariance of the estimates, and covariance of the estimates over the tables.
    df_complete : float
        Degrees of freedom that the analysis of a table without missing values would have; infinite for large samples.
    m : int
    n : int
        Rows of each analysis; 0 when not told.
    """

    terms: tuple[str, ...]
    estimates: Array
    within: Array
    between: Array
    df_complete: float
    m: int
    n: int = 0

    @property
    def covariance(self) -> Array:
        """T = Ū + (1 + 1/m) B."""
        return np.asarray(self.within + (1 + 1 / self.m) * self.between)

    @property
    def standard_errors(self) -> Array:
        return np.sqrt(np.diag(self.covariance))

    @property
    def riv(self) -> Array:
        """Relative increase in variance due to nonresponse, (1 + 1/m) B / Ū."""
        return np.asarray((1 + 1 / self.m) * np.diag(self.between) / np.diag(self.within))

    @property
    def lambdas(self) -> Array:
        """Share of the variance that is due to nonresponse, (1 + 1/m) B / T."""
        return np.asarray((1 + 1 / self.m) * np.diag(self.between) / np.diag(self.covariance))

    @property
    def df(self) -> Array:
        """Of t. Without nonresponse those of the complete data, which mice approaches by counting at least λ = 0.0001."""
        share, complete = self.lambdas, self.df_complete
        with np.errstate(divide="ignore"):
            old = (self.m - 1) / share**2
        if np.isinf(complete):
            return old
        observed = (complete + 1) / (complete + 3) * complete * (1 - share)
        return np.asarray(1 / (1 / old + 1 / observed))

    @property
    def fmi(self) -> Array:
        """Fraction of missing information, (r + 2/(df + 3)) / (r + 1)."""
        return np.asarray((self.riv + 2 / (self.df + 3)) / (self.riv + 1))

    def interval(self, term: str, level: float = 0.95) -> Interval:
        """Interval of one estimate from t with its own degrees of freedom."""
        at = self.terms.index(term)
        reach = float(stdtrit(self.df[at], 0.5 + level / 2)) * float(self.standard_errors[at])
        return Interval(float(self.estimates[at]) - reach, float(self.estimates[at]) + reach, level)

    def p(self, term: str) -> float:
        """Two-sided p-value of one estimate."""
        at = self.terms.index(term)
        return float(2 * stdtr(self.df[at], -abs(self.estimates[at] / self.standard_errors[at])))

    def frame(self, level: float = 0.95) -> pd.DataFrame:
        """One row per term: term, estimate, standard_error, low, high, p, df, riv, lambda, fmi."""
        intervals = [self.interval(term, level) for term in self.terms]
        return pd.DataFrame(
            {
                "term": self.terms, "estimate": self.estimates, "standard_error": self.standard_errors,
                "low": [interval.low for interval in intervals], "high": [interval.high for interval in intervals],
                "p": [self.p(term) for term in self.terms], "df": self.df, "riv": self.riv, "lambda": self.lambdas,
                "fmi": self.fmi,
            }
        )  # fmt: skip

    def sentence(self, language: str, level: float = 0.95) -> str:
        """n and number of tables, then each estimate with its interval and its fraction of missing information."""
        sentences = [say("missing.pooled", language, n=self.n, m=self.m)]
        for row in self.frame(level).to_dict("records"):
            sentences.append(say("missing.estimate", language, term=row["term"], estimate=row["estimate"], level=level,
                                 low=row["low"], high=row["high"], fmi=row["fmi"]))  # fmt: skip
        return " ".join(sentences)


def pool(
    terms: Sequence[str], estimates: Array, covariances: Array, *, df_complete: float = np.inf, n: int = 0
) -> Pooled:
    """Combine the estimates of m completed tables.

    Parameters
    ----------
    estimates : array, shape (m, k)
    covariances : array, shape (m, k, k), or (m, k) for variances alone
    df_complete : float
        See `Pooled`.

    Raises
    ------
    InputError
        Fewer than two tables, an estimate or variance that is not finite, a variance that is not above 0.
    """
    estimates, covariances = np.asarray(estimates, dtype=np.float64), np.asarray(covariances, dtype=np.float64)
    if covariances.ndim == 2:
        covariances = covariances[:, :, None] * np.eye(estimates.shape[1])
    m = len(estimates)
    if m < 2:
        message = f"expected estimates of two completed tables or more, found {m}."
        raise InputError(Problem("imputations", message, "Impute more often: 20 times."))
    finite = np.isfinite(estimates).all() and np.isfinite(covariances).all()
    if not finite or (np.diagonal(covariances, axis1=1, axis2=2) <= 0).any():
        message = "expected finite estimates with variances above 0 from every completed table."
        raise InputError(Problem("not-finite", message, "Look at the fit of each table by itself."))
    between = np.atleast_2d(np.cov(estimates, rowvar=False))
    return Pooled(tuple(terms), estimates.mean(axis=0), covariances.mean(axis=0), between, df_complete, m, n)


def pool_fits(fits: Sequence[Fit], *, df_complete: float | None = None) -> Pooled:
    """Combine fits of one model on m completed tables; the constant and thresholds stay out.

    Without `df_complete` it is what the fits say of their own (`df`), else their rows less their parameters.

    Raises
    ------
    InputError
        See `pool`.
    ValueError
        The fits have other terms: they are not of one model.
    """
    if any(fit.terms != fits[0].terms for fit in fits):
        raise ValueError("fits of one model have the same terms")
    k = len(fits[0].terms) if fits else 0
    if df_complete is None:
        df_complete = min((float(getattr(fit, "df", fit.n - len(fit.covariance))) for fit in fits), default=np.inf)
    return pool(
        fits[0].terms if fits else (), np.array([fit.estimates for fit in fits]),
        np.array([fit.covariance[:k, :k] for fit in fits]), df_complete=df_complete,
        n=min((fit.n for fit in fits), default=0),
    )  # fmt: skip
