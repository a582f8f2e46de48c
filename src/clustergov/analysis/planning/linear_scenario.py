"""Simulated samples for the linear model: one slope is planted and tested."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtr

from clustergov.analysis.inference.policy import policy
from clustergov.analysis.planning.predictor_draws import PredictorDraws
from clustergov.analysis.sweet_spot.robust_lines import robust_fits

Errors = Literal["HC3", "equal variance", "policy"]
"""HC3 and t; equal variance: the classical t test, for comparison with formulas; policy: what the policy of inference
chooses for the design, which is then one for all draws of a task, because choosing takes seconds."""


@dataclass(frozen=True, slots=True, eq=False)
class LinearScenario:
    """y = effect · x₁ + e, x₁ with standard deviation 1, e normal with standard deviation 1; others have no effect.

    For one slope the effects of the other predictors do not matter, only how they go together with x₁.
    """

    predictors: PredictorDraws
    errors: Errors = "HC3"
    alpha: float = 0.05

    unit = "linear"

    @property
    def least(self) -> int:
        """Smallest n that can be fitted."""
        return self.predictors.k + 3

    def found(self, n: int, effect: float, draws: int, rng: np.random.Generator) -> NDArray[np.float64]:
        """1 where the effect is found in its direction, 0 where not, NaN where nothing could be fitted."""
        if self.errors == "policy":
            return self._by_policy(n, effect, draws, rng)
        x = self.predictors.draw(rng, draws, n)
        y = effect * x[:, :, 0] + rng.standard_normal((draws, n))
        X = np.concatenate([np.ones((draws, n, 1)), x], axis=2)
        fits = robust_fits(X, y)
        if self.errors == "HC3":
            p, b = fits.p(1), fits.estimates[:, 1]
        else:
            inverse = np.linalg.inv(X.swapaxes(1, 2) @ X)[:, 1, 1]
            b = fits.estimates[:, 1]
            p = 2 * stdtr(fits.df, -np.abs(b) / np.sqrt(inverse * (fits.residuals**2).sum(axis=1) / fits.df))
        return told(p, b, effect, self.alpha)

    def _by_policy(self, n: int, effect: float, draws: int, rng: np.random.Generator) -> NDArray[np.float64]:
        x = self.predictors.draw(rng, 1, n)[0]
        Y = effect * x[:, :1] + rng.standard_normal((n, draws))
        fits = policy(x, [f"x{at}" for at in range(1, x.shape[1] + 1)], level=1 - self.alpha).of(Y, intervals=False)
        return np.nan_to_num(told(fits.p[0], fits.estimates[0], effect, self.alpha))


def told(p: NDArray[np.float64], estimate: NDArray[np.float64], effect: float, alpha: float) -> NDArray[np.float64]:
    """A two-sided test that holds; where an effect is planted it must also point its way."""
    found = (p < alpha) & ((estimate * np.sign(effect) > 0) | (effect == 0))
    return np.where(np.isfinite(p), found.astype(float), np.nan)
