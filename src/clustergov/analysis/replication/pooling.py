"""Several estimates of one effect pooled: random effects, with Hartung–Knapp's interval and a prediction interval."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq
from scipy.special import ndtri, stdtr, stdtrit

from clustergov.analysis.interval import Interval
from clustergov.language import say
from clustergov.problems import InputError, Problem

Array = NDArray[np.float64]
Method = Literal["REML", "PM"]
"""REML: restricted maximum likelihood. PM: Paule and Mandel's, where Q equals its expectation."""


@dataclass(frozen=True, slots=True)
class Pooled:
    """A random-effects mean.

    Attributes
    ----------
    estimate, standard_error : float
        With Hartung and Knapp's error (not below the fixed-effect one: see `pool`).
    interval : Interval
        t with k − 1 degrees of freedom.
    prediction : Interval or None
        Where the effect of a further study like these lies; None with fewer than three.
    p : float
        Two-sided, of no effect.
    tau2 : float
        Variance of effects between studies.
    i2 : float
        Share of all variation that is between studies.
    q, q_p : float
        Cochran's Q of no variation, and its p.
    k : int
    weights : tuple of float
        In the order given, adding up to 1.
    method : {"REML", "PM"}
    """

    estimate: float
    standard_error: float
    interval: Interval
    prediction: Interval | None
    p: float
    tau2: float
    i2: float
    q: float
    q_p: float
    k: int
    weights: tuple[float, ...]
    method: Method

    def frame(self) -> pd.DataFrame:
        """One row: estimate, standard_error, low, high, level, prediction_low, prediction_high, p, tau2, i2, q, q_p, k."""
        ahead = self.prediction or Interval(np.nan, np.nan)
        row = {"estimate": self.estimate, "standard_error": self.standard_error, "low": self.interval.low,
               "high": self.interval.high, "level": self.interval.level, "prediction_low": ahead.low,
               "prediction_high": ahead.high, "p": self.p, "tau2": self.tau2, "i2": self.i2, "q": self.q,
               "q_p": self.q_p, "k": self.k}  # fmt: skip
        return pd.DataFrame([row])

    def sentence(self, language: str) -> str:
        key = "replication.pooled.ahead" if self.prediction else "replication.pooled.plain"
        ahead = self.prediction or Interval(0, 0)
        return say(key, language, k=self.k, estimate=self.estimate, low=self.interval.low, high=self.interval.high,
                   level=self.interval.level, ahead_low=ahead.low, ahead_high=ahead.high, i2=self.i2)  # fmt: skip


def pool(
    estimates: ArrayLike, errors: ArrayLike, *, method: Method = "REML", level: float = 0.95, adhoc: bool = False
) -> Pooled:
    """Pool estimates of one effect on one scale.

    Parameters
    ----------
    estimates, errors : array of shape (k,)
        On a scale on which they are about normal (log odds, not odds); standard errors.
    adhoc : bool
        Never take an error below that of fixed effects: with few waves that happen to agree Hartung and Knapp's can be
        far too small (Röver, Knapp & Friede 2015, BMC Medical Research Methodology 15, 99).

    Notes
    -----
    Hartung, J. & Knapp, G. (2001), Statistics in Medicine 20, 3875–3889; Paule, R. C. & Mandel, J. (1982), Journal of
    Research of the National Bureau of Standards 87, 377–385; prediction interval with k − 1 degrees of freedom, as
    metafor has it under Hartung and Knapp (Higgins, Thompson & Spiegelhalter 2009 take k − 2).

    Raises
    ------
    InputError
        Fewer than two estimates, numbers that are not finite, errors that are not above 0.
    """
    y, v = _checked(estimates, errors)
    k = len(y)
    tau2 = _paule_mandel(y, v) if method == "PM" else _reml(y, v)
    weights = 1 / (v + tau2)
    mean = float(weights @ y / weights.sum())
    scatter = float(weights @ (y - mean) ** 2) / (k - 1)
    error = float(np.sqrt((max(scatter, 1.0) if adhoc else scatter) / weights.sum()))
    t = float(stdtrit(k - 1, 0.5 + level / 2))
    ahead = t * float(np.sqrt(error**2 + tau2))
    q = _q(y, v, 0.0)
    typical = _typical(v)
    return Pooled(
        mean, error, Interval(mean - t * error, mean + t * error, level),
        Interval(mean - ahead, mean + ahead, level) if k > 2 else None,
        float(2 * stdtr(k - 1, -abs(mean) / error)) if error > 0 else (0.0 if mean else 1.0),
        tau2, tau2 / (tau2 + typical), q, _upper_chi2(q, k - 1), k, tuple(weights / weights.sum()), method,
    )  # fmt: skip


def fixed(estimates: ArrayLike, errors: ArrayLike, *, level: float = 0.95) -> tuple[float, float, Interval]:
    """Mean, error and interval with one effect in all studies (inverse variances, normal)."""
    y, v = _checked(estimates, errors)
    mean, error = float((y / v).sum() / (1 / v).sum()), float(np.sqrt(1 / (1 / v).sum()))
    reach = float(ndtri(0.5 + level / 2)) * error
    return mean, error, Interval(mean - reach, mean + reach, level)


def _checked(estimates: ArrayLike, errors: ArrayLike) -> tuple[Array, Array]:
    y, s = np.array(estimates, dtype=float), np.array(errors, dtype=float)
    if y.ndim != 1 or y.shape != s.shape or len(y) < 2:
        raise InputError(Problem("one-wave", f"expected at least two estimates, each with its error; found {y.size} and "
                                 f"{s.size}.", "Pool needs a second wave: name its result."))  # fmt: skip
    if not np.isfinite(y).all() or not np.isfinite(s).all():
        raise InputError(Problem("not-finite", "expected finite estimates and errors.", "Leave the others out."))
    if (s <= 0).any():
        raise InputError(Problem("zero-error", f"expected standard errors above 0, found {s.min():g}.",
                                 "An estimate without error cannot be weighed: leave it out, or correct it."))  # fmt: skip
    return y, s**2


def _q(y: Array, v: Array, tau2: float) -> float:
    weights = 1 / (v + tau2)
    return float(weights @ (y - weights @ y / weights.sum()) ** 2)


def _upper_chi2(value: float, df: int) -> float:
    from scipy.special import chdtrc

    return float(chdtrc(df, value))


def _typical(v: Array) -> float:
    """Higgins and Thompson's typical sampling variance (2002, Statistics in Medicine 21, 1539–1558, eq. 9)."""
    weights = 1 / v
    return float((len(v) - 1) * weights.sum() / (weights.sum() ** 2 - (weights**2).sum()))


def _paule_mandel(y: Array, v: Array) -> float:
    k = len(y)
    if _q(y, v, 0.0) <= k - 1:
        return 0.0
    return _root(lambda tau2: _q(y, v, tau2) - (k - 1), y)


def _reml(y: Array, v: Array) -> float:
    """The largest restricted likelihood: at 0, or where its derivative vanishes."""
    top = float(np.ptp(y)) ** 2 + 1e-300
    grid = np.concatenate([[0.0], np.geomspace(top * 1e-8, top * 4, 200)])
    scores = np.array([_score(y, v, tau2) for tau2 in grid])
    downs = np.flatnonzero((scores[:-1] > 0) & (scores[1:] <= 0))
    found = [float(brentq(lambda t: _score(y, v, t), grid[i], grid[i + 1], xtol=1e-18, rtol=1e-14)) for i in downs]
    return max([0.0, *found], key=lambda tau2: _restricted(y, v, tau2))


def _score(y: Array, v: Array, tau2: float) -> float:
    """Derivative of twice the restricted log likelihood (Viechtbauer 2005, eq. 19)."""
    w = 1 / (v + tau2)
    mean = w @ y / w.sum()
    return float((w**2) @ (y - mean) ** 2 - w.sum() + (w**2).sum() / w.sum())


def _restricted(y: Array, v: Array, tau2: float) -> float:
    w = 1 / (v + tau2)
    return float(0.5 * np.log(w).sum() - 0.5 * np.log(w.sum()) - 0.5 * _q(y, v, tau2))


def _root(function: object, y: Array) -> float:
    assert callable(function)
    top = float(np.ptp(y)) ** 2 + 1.0
    while function(top) > 0:
        top *= 4
    return float(brentq(function, 0.0, top, xtol=1e-18, rtol=1e-14))
