"""A fit as probabilities: of every category, or of the one mean, at any values of the predictors, with their slopes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from clustergov.analysis.models.beta import BetaFit
from clustergov.analysis.models.cumulative import Link, cut_designs, density, distribution
from clustergov.analysis.models.logit import LogitFit
from clustergov.analysis.models.ordinal import OrdinalFit
from clustergov.analysis.models.partial_proportional_odds import PartialFit

Array = NDArray[np.float64]
Fit = OrdinalFit | PartialFit | LogitFit | BetaFit


@dataclass(frozen=True, slots=True, eq=False)
class Surface:
    """P(Y ≤ j) = F(cut_j), cut_j linear in the parameters; a model of a mean is one with a single cut.

    Attributes
    ----------
    link : {"logit", "probit"}
    terms : tuple of str
    free : array of bool, shape (k,)
        Predictors with a coefficient at every threshold.
    parameters, covariance : array, shape (P,) and (P, P)
        Thresholds, common coefficients, free ones.
    categories : tuple of float, length J
    shown : tuple of int
        Places of the categories that are reported: all, or the upper one of a mean.
    """

    link: Link
    terms: tuple[str, ...]
    free: NDArray[np.bool_]
    parameters: Array
    covariance: Array
    categories: tuple[float, ...]
    shown: tuple[int, ...]

    def _designs(self, X: Array) -> Array:
        return cut_designs(X, len(self.categories), self.free)

    def probabilities(self, rows: pd.DataFrame) -> tuple[Array, Array]:
        """Probabilities (J, n) and their derivatives in the parameters (J, n, P)."""
        designs = self._designs(rows[list(self.terms)].to_numpy(dtype=float))
        cuts = designs @ self.parameters
        n = cuts.shape[1]
        p = np.diff(np.vstack([np.zeros(n), distribution(cuts, self.link), np.ones(n)]), axis=0)
        return p, _between(density(cuts, self.link)[0][:, :, None] * designs)

    def mean_derivative(self, rows: pd.DataFrame, term: str) -> tuple[Array, Array]:
        """The mean over rows of ∂p/∂x of one predictor (J,), and its derivative in the parameters (J, P)."""
        designs = self._designs(rows[list(self.terms)].to_numpy(dtype=float))
        unit = np.zeros((2, len(self.terms)))
        unit[1, self.terms.index(term)] = 1
        step = np.diff(self._designs(unit), axis=1)[:, 0]
        f, slope = density(designs @ self.parameters, self.link)
        by = step @ self.parameters
        change = f.mean(axis=1) * by
        bend = np.einsum("jn,jnp->jp", slope, designs) / len(rows) * by[:, None] + f.mean(axis=1)[:, None] * step
        return _between(change), _between(bend)


def _between(cumulative: Array) -> Array:
    """From P(Y ≤ j) to P(Y = j), along the first axis, of derivatives: 0 at both ends."""
    edge = np.zeros((1, *cumulative.shape[1:]))
    return np.diff(np.concatenate([edge, cumulative, edge]), axis=0)


def surface(fit: Fit) -> Surface:
    """The probabilities of a fit."""
    if isinstance(fit, PartialFit):
        free = np.array([False] * len(fit.terms) + [True] * len(fit.free))
        shown = tuple(range(len(fit.categories)))
        return Surface(fit.link, fit.terms + fit.free, free, fit.parameters, fit.covariance, fit.categories, shown)
    k = len(fit.terms)
    none = np.zeros(k, dtype=bool)
    if isinstance(fit, OrdinalFit):
        turn = np.r_[k : len(fit.covariance), :k]
        parameters = np.concatenate([fit.thresholds, fit.estimates])
        shown = tuple(range(len(fit.categories)))
        return Surface(fit.link, fit.terms, none, parameters, fit.covariance[np.ix_(turn, turn)], fit.categories, shown)
    # P(upper) = F(constant + xβ) is a single cut at θ = −constant.
    sign = np.diag([-1.0, *np.ones(k)])
    turn = np.r_[k, :k]
    covariance = sign @ fit.covariance[np.ix_(turn, turn)] @ sign
    categories = fit.categories if isinstance(fit, LogitFit) and fit.categories else (np.nan, np.nan)
    return Surface("logit", fit.terms, none, np.append(-fit.constant, fit.estimates), covariance, categories, (1,))
