"""The cumulative link model of an ordered outcome: proportional odds (logit) or ordered probit, by maximum likelihood."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.special import expit, ndtr, ndtri

from clustergov.analysis.interval import Interval
from clustergov.analysis.models.design import FitError, design, enumeration
from clustergov.language import Text, both, number, say

Link = Literal["logit", "probit"]
Array = NDArray[np.float64]

MOST_STEPS = 100
SPARSE = 5
"""A category with fewer answers than this is told as a caution."""
SUSPECT = 25.0
"""|linear predictor| past which, or steps past 12, separation is looked for: it never gets there otherwise."""


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
    data = design(outcome, predictors, constants=max(int(outcome.nunique()) - 1, 1))
    categories, place = np.unique(data.outcome, return_inverse=True)
    J, k = len(categories), len(data.terms)
    counts = np.bincount(place, minlength=J)
    centre, spread = data.matrix.mean(axis=0), data.matrix.std(axis=0)
    rows = _Rows.of((data.matrix - centre) / spread, place, J, link)
    phi, value, steps, settled = _maximise(rows, counts)
    if not settled or steps > 12 or np.abs(rows.matrix @ phi[J - 1 :]).max() > SUSPECT:
        _refuse_separation(rows, data.terms)
    if not settled:
        raise FitError("not converged", iterations=steps)
    # Back from standardised predictors: β = b / s and θ = t + Σ b m / s, a linear map of the parameters.
    back = np.zeros((k + J - 1, J - 1 + k))
    back[:k, J - 1 :] = np.diag(1 / spread)
    back[k:, : J - 1] = np.eye(J - 1)
    back[k:, J - 1 :] = centre / spread
    covariance = back @ np.linalg.inv(rows.information(phi)) @ back.T
    parameters, errors = back @ phi, np.sqrt(np.diag(covariance))
    return OrdinalFit(
        outcome=str(outcome.name), link=link, terms=data.terms,
        estimates=parameters[:k], standard_errors=errors[:k],
        thresholds=parameters[k:], threshold_errors=errors[k:], covariance=covariance,
        categories=tuple(map(float, categories)), counts=tuple(map(int, counts)), n=data.n, lost=data.lost,
        log_likelihood=value, iterations=steps, converged=settled, cautions=_cautions(categories, counts, k),
    )  # fmt: skip


def _cautions(categories: Array, counts: NDArray[np.int64], k: int) -> tuple[Text, ...]:
    n, parameters = int(counts.sum()), k + len(counts) - 1
    sparse = tuple(number(float(category), "en", 0) for category in categories[counts < SPARSE])
    cautions = []
    if sparse:
        cautions.append(both("models.caution.sparse", least=SPARSE, categories=enumeration(sparse)))
    if n < 10 * parameters:
        cautions.append(both("models.caution.events", n=n, parameters=parameters))
    return tuple(cautions)


@dataclass(frozen=True, slots=True, eq=False)
class _Rows:
    """The likelihood of φ = (θ_1 … θ_{J−1}, b): each row lies between two cuts, θ_{y−1} − xb and θ_y − xb.

    `upper` and `lower` (n, J − 1 + k) are the derivatives of these cuts in φ; zero where the cut is infinite.
    """

    matrix: Array
    place: NDArray[np.int64]
    upper: Array
    lower: Array
    J: int
    link: Link

    @classmethod
    def of(cls, X: Array, place: NDArray[np.int64], J: int, link: Link) -> _Rows:
        cuts = np.eye(J)[place]
        top, bottom = place < J - 1, place > 0
        upper = np.hstack([cuts[:, :-1], -X]) * top[:, None]
        lower = np.hstack([cuts[:, 1:], -X]) * bottom[:, None]
        return cls(X, place, upper, lower, J, link)

    def _cuts(self, phi: Array) -> tuple[Array, Array]:
        u, v = self.upper @ phi, self.lower @ phi
        u[self.place == self.J - 1] = np.inf
        v[self.place == 0] = -np.inf
        return u, v

    def probability(self, u: Array, v: Array) -> Array:
        """F(u) − F(v), on the side of zero where it does not cancel."""
        F = expit if self.link == "logit" else ndtr
        flip = v > 0
        difference: Array = np.where(flip, F(-v) - F(-u), F(u) - F(v))
        return difference

    def density(self, t: Array) -> tuple[Array, Array]:
        """f and its derivative; both 0 at ±∞."""
        finite = np.where(np.isfinite(t), t, 0.0)
        if self.link == "logit":
            f = expit(finite) * expit(-finite)
            slope = f * (expit(-finite) - expit(finite))
        else:
            f = np.exp(-(finite**2) / 2) / np.sqrt(2 * np.pi)
            slope = -finite * f
        return np.where(np.isfinite(t), f, 0.0), np.where(np.isfinite(t), slope, 0.0)

    def value(self, phi: Array) -> float:
        if (np.diff(phi[: self.J - 1]) <= 0).any():
            return -np.inf
        p = self.probability(*self._cuts(phi))
        return float(np.log(p).sum()) if (p > 0).all() else -np.inf

    def slopes(self, phi: Array) -> tuple[Array, Array]:
        """Gradient of the log-likelihood, and the observed information (minus its Hessian)."""
        u, v = self._cuts(phi)
        p = self.probability(u, v)
        (f_u, d_u), (f_v, d_v) = self.density(u), self.density(v)
        scores = (f_u / p)[:, None] * self.upper - (f_v / p)[:, None] * self.lower
        hessian = (self.upper.T * (d_u / p)) @ self.upper - (self.lower.T * (d_v / p)) @ self.lower
        return scores.sum(axis=0), scores.T @ scores - hessian

    def information(self, phi: Array) -> Array:
        return self.slopes(phi)[1]


def _maximise(rows: _Rows, counts: NDArray[np.int64]) -> tuple[Array, float, int, bool]:
    """Newton–Raphson from the marginal thresholds; the log-likelihood is concave, a step is halved until it rises."""
    below = np.cumsum(counts)[:-1] / counts.sum()
    start = np.log(below / (1 - below)) if rows.link == "logit" else ndtri(below)
    phi = np.concatenate([start, np.zeros(rows.matrix.shape[1])])
    value = rows.value(phi)
    for step in range(1, MOST_STEPS + 1):
        gradient, information = rows.slopes(phi)
        try:
            direction = np.linalg.solve(information, gradient)
        except np.linalg.LinAlgError:
            return phi, value, step, False
        # Newton decrement: twice the rise that is left, in units of log-likelihood.
        if not np.isfinite(direction).all():
            return phi, value, step, False
        settled = bool(gradient @ direction < 1e-18 * max(1.0, abs(value)) or np.abs(direction).max() < 1e-11)
        length = 1.0
        while (reached := rows.value(phi + length * direction)) < value - 1e-9 * abs(value) and length > 1e-10:
            length /= 2
        phi, value = phi + length * direction, reached
        if settled:
            return phi, value, step, True
    return phi, value, MOST_STEPS, False


def _refuse_separation(rows: _Rows, terms: tuple[str, ...]) -> None:
    """Look for a direction along which every row's cuts only move apart: then the likelihood has no maximum.

    Albert, A. & Anderson, J. A. (1984). Biometrika 71(1), 1–10, carried over to two cuts per row; found by linear
    programming.
    """
    conditions = np.unique(np.vstack([rows.upper, -rows.lower]), axis=0)
    found = linprog(-conditions.sum(axis=0), A_ub=-conditions, b_ub=np.zeros(len(conditions)), bounds=(-1, 1))
    if found.fun is not None and found.x is not None and -found.fun > 1e-6:
        moving = np.abs(found.x[rows.J - 1 :]) > 1e-7
        blamed = tuple(term for term, moves in zip(terms, moving, strict=True) if moves)
        raise FitError("separation", terms=blamed)
