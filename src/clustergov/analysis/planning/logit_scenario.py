"""Simulated samples for yes or no, and for shares: one log odds ratio is planted and tested by the logit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import expit, ndtr

from clustergov.analysis.planning.linear_scenario import told
from clustergov.analysis.planning.predictor_draws import PredictorDraws
from clustergov.analysis.planning.refusal import PowerError

Array = NDArray[np.float64]

MOST_STEPS = 25
SEPARATED = 15.0
"""|linear predictor| past which a fit is on its way to infinity."""


@dataclass(frozen=True, slots=True, eq=False)
class LogitScenario:
    """P(Y = 1) = expit(c + effect · x₁), or a share of that mean: effect is a log odds ratio per standard deviation.

    Attributes
    ----------
    share : float
        Mean of the outcome over all organisations, whatever the effect.
    precision : float
        0: yes or no, tested by Wald's test of maximum likelihood. Above 0: shares from a beta distribution with variance
        m (1 − m) / (1 + precision), tested by the sandwich of quasi-likelihood (Papke, L. E. & Wooldridge, J. M. (1996).
        Journal of Applied Econometrics 11, 619–632) with n / (n − k).
    """

    predictors: PredictorDraws
    share: float = 0.5
    precision: float = 0.0
    alpha: float = 0.05

    def __post_init__(self) -> None:
        if not 0 < self.share < 1 or self.precision < 0:
            raise PowerError("constant outcome")

    @property
    def unit(self) -> str:
        return "fractional" if self.precision else "binomial"

    @property
    def least(self) -> int:
        return self.predictors.k + 3

    def constant(self, effect: float) -> float:
        """c at which the mean of the outcome is `share`."""
        if self.predictors.rows is None:
            nodes, weights = np.polynomial.hermite_e.hermegauss(40)
            weights = weights / weights.sum()
        else:
            nodes = self.predictors.rows[:, 0]
            weights = np.full(len(nodes), 1 / len(nodes))
        reach = abs(effect) * float(np.abs(nodes).max()) + 40
        return float(brentq(lambda c: weights @ expit(c + effect * nodes) - self.share, -reach, reach))

    def found(self, n: int, effect: float, draws: int, rng: np.random.Generator) -> Array:
        x = self.predictors.draw(rng, draws, n)
        mean = expit(self.constant(effect) + effect * x[:, :, 0])
        if self.precision:
            y = rng.beta(mean * self.precision, (1 - mean) * self.precision)
        else:
            y = (rng.random((draws, n)) < mean).astype(float)
        X = np.concatenate([np.ones((draws, n, 1)), x], axis=2)
        b, error = logit_fits(X, y, robust=self.precision > 0)
        return told(2 * ndtr(-np.abs(b[:, 1]) / error[:, 1]), b[:, 1], effect, self.alpha)


def logit_fits(X: Array, y: Array, *, robust: bool) -> tuple[Array, Array]:
    """Coefficients and errors of many logit models by Newton's method; NaN where there is no finite maximum.

    Parameters
    ----------
    X : array, shape (B, n, k)
        With the constant.
    y : array, shape (B, n)
        In [0, 1].
    robust : bool
        The sandwich n / (n − k) · A⁻¹ B A⁻¹ in place of A⁻¹.
    """
    draws, n, k = X.shape
    b = np.zeros((draws, k))
    told = y.std(axis=1) > 0
    inverse = np.tile(np.eye(k), (draws, 1, 1))
    step = np.full(draws, np.inf)
    p = np.full((draws, n), 0.5)
    for _ in range(MOST_STEPS):
        eta = (X @ b[:, :, None])[:, :, 0]
        told &= np.abs(eta).max(axis=1) < SEPARATED
        eta = np.where(told[:, None], eta, 0.0)
        p = expit(eta)
        information = (X * (p * (1 - p))[:, :, None]).swapaxes(1, 2) @ X
        told &= np.linalg.eigvalsh(information)[:, 0] > 1e-9 * n
        inverse = np.linalg.inv(np.where(told[:, None, None], information, np.eye(k)))
        change = (inverse @ (X.swapaxes(1, 2) @ (y - p)[:, :, None]))[:, :, 0]
        b = np.where(told[:, None], b + change, 0.0)
        step = np.abs(change).max(axis=1)
        if (step[told] < 1e-9).all():
            break
    told &= step < 1e-6
    covariance = inverse
    if robust:
        scores = X * (y - p)[:, :, None]
        covariance = inverse @ (scores.swapaxes(1, 2) @ scores) @ inverse * n / (n - k)
    error = np.sqrt(np.diagonal(covariance, axis1=1, axis2=2))
    return np.where(told[:, None], b, np.nan), np.where(told[:, None], error, np.nan)
