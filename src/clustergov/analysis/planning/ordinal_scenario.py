"""Simulated samples for an ordered outcome: one log odds ratio is planted and tested by the cumulative logit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import expit, logit

from clustergov.analysis.models.design import FitError
from clustergov.analysis.models.ordinal import cumulative_logit
from clustergov.analysis.planning.linear_scenario import told
from clustergov.analysis.planning.predictor_draws import PredictorDraws
from clustergov.analysis.planning.refusal import PowerError

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class OrdinalScenario:
    """P(Y ≤ j) = expit(θ_j − effect · x₁): effect is the log odds ratio of a higher answer per standard deviation.

    Attributes
    ----------
    shares : tuple of float
        Of the categories over all organisations, whatever the effect: thresholds move with it.
    """

    predictors: PredictorDraws
    shares: tuple[float, ...] = (0.2, 0.2, 0.2, 0.2, 0.2)
    alpha: float = 0.05

    unit = "ordinal"

    def __post_init__(self) -> None:
        if len(self.shares) < 2 or min(self.shares) <= 0 or abs(sum(self.shares) - 1) > 1e-6:
            raise PowerError("constant outcome")

    @property
    def least(self) -> int:
        return self.predictors.k + len(self.shares) + 2

    def thresholds(self, effect: float) -> Array:
        """θ at which the categories have their shares, x₁ as it is drawn (normal by 40 nodes, or the data's rows)."""
        if self.predictors.rows is None:
            nodes, weights = np.polynomial.hermite_e.hermegauss(40)
            weights = weights / weights.sum()
        else:
            nodes = self.predictors.rows[:, 0]
            weights = np.full(len(nodes), 1 / len(nodes))
        below = np.cumsum(self.shares)[:-1]
        reach = abs(effect) * float(np.abs(nodes).max()) + 1
        return np.array([
            brentq(lambda cut, p=p: weights @ expit(cut - effect * nodes) - p, logit(p) - reach, logit(p) + reach)
            for p in below
        ])  # fmt: skip

    def found(self, n: int, effect: float, draws: int, rng: np.random.Generator) -> Array:
        x = self.predictors.draw(rng, draws, n)
        y = np.searchsorted(self.thresholds(effect), effect * x[:, :, 0] + rng.logistic(size=(draws, n))).astype(float)
        return np.array([self._one(x[at], y[at], effect) for at in range(draws)])

    def _one(self, x: Array, y: Array, effect: float) -> float:
        names = [f"x{number}" for number in range(1, x.shape[1] + 1)]
        try:
            fit = cumulative_logit(pd.Series(y, name="y"), pd.DataFrame(x, columns=names))
        except FitError:
            return float("nan")
        return float(told(np.array([fit.p("x1")]), fit.estimates[:1], effect, self.alpha)[0])
