"""Average marginal effects: how the probability of each answer changes with a predictor, averaged over respondents."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit, ndtr, ndtri

from clustergov.analysis.interval import Interval
from clustergov.analysis.models.response_surface import Fit, Surface, surface
from clustergov.language import say

Array = NDArray[np.float64]
Kind = Literal["derivative", "difference"]


@dataclass(frozen=True, slots=True)
class Effect:
    """The average marginal effect of one predictor on one category.

    Attributes
    ----------
    term : str
    kind : {"derivative", "difference"}
        Per unit of a numeric predictor; between the two values of a predictor that has two.
    category : float
        NaN where the model is of a mean, as of a share.
    estimate, standard_error : float
        In probability (or share), so 0.01 is a percentage point; the error by the delta method.
    low_value, high_value : float
        Of a difference, the two values; NaN otherwise.
    """

    term: str
    kind: Kind
    category: float
    estimate: float
    standard_error: float
    low_value: float = np.nan
    high_value: float = np.nan

    def interval(self, level: float = 0.95) -> Interval:
        reach = float(ndtri(0.5 + level / 2)) * self.standard_error
        return Interval(self.estimate - reach, self.estimate + reach, level)


@dataclass(frozen=True, slots=True, eq=False)
class MarginalEffects:
    """The average marginal effects of a fit.

    Attributes
    ----------
    outcome : str
    effects : tuple of Effect
        By predictor, then by category.
    n : int
        Rows averaged over: those of the fit.
    """

    outcome: str
    effects: tuple[Effect, ...]
    n: int

    def frame(self, level: float = 0.95) -> pd.DataFrame:
        """One row per predictor and category: term, kind, category, estimate, standard_error, low, high, p, n."""
        rows = []
        for effect in self.effects:
            interval = effect.interval(level)
            p = float(2 * ndtr(-abs(effect.estimate / effect.standard_error))) if effect.standard_error > 0 else np.nan
            rows.append(
                {
                    "term": effect.term, "kind": effect.kind, "category": effect.category, "estimate": effect.estimate,
                    "standard_error": effect.standard_error, "low": interval.low, "high": interval.high, "p": p,
                    "n": self.n,
                }
            )  # fmt: skip
        return pd.DataFrame(rows)

    def highest(self) -> tuple[Effect, ...]:
        """Of each predictor, the effect on the highest category."""
        return tuple({effect.term: effect for effect in self.effects}.values())

    def sentence(self, language: str, level: float = 0.95) -> str:
        """One sentence per predictor, for the highest category."""
        return " ".join(
            say(f"marginal_effects.{effect.kind}.{'mean' if np.isnan(effect.category) else 'category'}", language,
                term=effect.term, outcome=self.outcome, category=f"{effect.category:g}", n=self.n, level=level,
                estimate=100 * effect.estimate, low=100 * effect.interval(level).low,
                high=100 * effect.interval(level).high, low_value=f"{effect.low_value:g}",
                high_value=f"{effect.high_value:g}")
            for effect in self.highest()
        )  # fmt: skip


def marginal_effects(
    fit: Fit, outcome: pd.Series[float], predictors: pd.DataFrame, *, factors: Sequence[Sequence[str]] = ()
) -> MarginalEffects:
    """Average over the rows of a fit the change of each category's probability (or of the mean) with each predictor.

    A predictor with two values: the difference between them, all else as it is. Any other: the derivative. Standard
    errors by the delta method from the fit's covariance. Wooldridge, J. M. (2010). Econometric Analysis of Cross Section
    and Panel Data, 2nd ed., p. 577 (binary) and pp. 656–657 (ordered).

    Parameters
    ----------
    outcome, predictors
        What the fit was made of; the rows with a missing value are left out as they were there.
    factors : sequence of sequence of str
        Indicators of one predictor with several levels: each is set to 1 against 0 with the others of its factor at 0.

    Raises
    ------
    ValueError
        These are not the rows of the fit: a mistake of the caller.
    """
    whole = outcome.notna() & predictors.notna().all(axis=1)
    rows = predictors.loc[whole].astype(float)
    if len(rows) != fit.n or set(rows.columns) != set(fit.terms) | set(getattr(fit, "free", ())):
        raise ValueError("outcome and predictors must be those of the fit")
    found = surface(fit)
    others = {name: [other for other in factor if other != name] for factor in factors for name in factor}
    effects = tuple(
        effect for term in rows.columns for effect in _effects(found, rows, str(term), others.get(term, []))
    )
    return MarginalEffects(fit.outcome, effects, fit.n)


def _effects(found: Surface, rows: pd.DataFrame, term: str, others: Sequence[str]) -> Iterator[Effect]:
    values = np.unique(rows[term])
    kind: Kind = "difference" if len(values) == 2 else "derivative"
    if kind == "difference":
        cleared = rows.assign(**dict.fromkeys(others, 0.0))
        high, high_slope = found.probabilities(cleared.assign(**{term: values[1]}))
        low, low_slope = found.probabilities(cleared.assign(**{term: values[0]}))
        change, slope = (high - low).mean(axis=1), (high_slope - low_slope).mean(axis=1)
    else:
        change, slope = found.mean_derivative(rows, term)
    errors = np.sqrt(np.einsum("jp,pq,jq->j", slope, found.covariance, slope))
    ends = (float(values[0]), float(values[1])) if kind == "difference" else (np.nan, np.nan)
    for place in found.shown:
        yield Effect(term, kind, found.categories[place], float(change[place]), float(errors[place]), *ends)


def predictions(fit: Fit, at: pd.DataFrame, *, level: float = 0.95) -> pd.DataFrame:
    """The probability of each category (or the mean) at given values of the predictors, with intervals.

    Parameters
    ----------
    at : DataFrame
        One row per combination of values, one column per predictor of the fit.

    Returns
    -------
    DataFrame
        Columns row (the label of the row of `at`), category, probability, standard_error (delta method), low, high. The
        interval is made on the scale of log odds, so that it stays between 0 and 1. Where a partial proportional odds
        model gives a category no positive probability, its interval is missing.
    """
    found = surface(fit)
    p, slope = found.probabilities(at.astype(float))
    error = np.sqrt(np.einsum("jnp,pq,jnq->jn", slope, found.covariance, slope))
    inside = (p > 0) & (p < 1)
    safe = np.where(inside, p, 0.5)
    reach = np.where(inside, float(ndtri(0.5 + level / 2)) * error / (safe * (1 - safe)), np.nan)
    centre = np.log(safe / (1 - safe))
    tables = [
        pd.DataFrame({"row": at.index, "category": found.categories[j], "probability": p[j], "standard_error": error[j],
                      "low": expit(centre[j] - reach[j]), "high": expit(centre[j] + reach[j])})
        for j in found.shown
    ]  # fmt: skip
    order = np.argsort(np.tile(np.arange(len(at)), len(tables)), kind="stable")
    return pd.concat(tables, ignore_index=True).iloc[order].reset_index(drop=True)
