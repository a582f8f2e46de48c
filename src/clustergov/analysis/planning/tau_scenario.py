"""Simulated samples for Kendall's tau-b of two ordered answers: a tau is planted and tested."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from clustergov.analysis.planning.linear_scenario import told
from clustergov.analysis.planning.refusal import PowerError
from clustergov.survey.synthetic.copula import cells, latent_correlation
from clustergov.survey.synthetic.marginals import Marginal

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class TauScenario:
    """Two normal variables are cut into categories with these shares, and correlated such that tau-b is the effect."""

    first: tuple[float, ...] = (0.2, 0.2, 0.2, 0.2, 0.2)
    second: tuple[float, ...] = (0.2, 0.2, 0.2, 0.2, 0.2)
    alpha: float = 0.05

    unit = "tau"
    least = 5

    def __post_init__(self) -> None:
        for shares in (self.first, self.second):
            if len(shares) < 2 or min(shares) <= 0 or abs(sum(shares) - 1) > 1e-6:
                raise PowerError("constant outcome")

    def probabilities(self, tau: float) -> Array:
        """Of every pair of categories.

        Raises
        ------
        PowerError
            Categories with these shares cannot have such a tau.
        """
        one, other = (
            Marginal(name, tuple(map(float, range(len(shares)))), np.arange(len(shares), dtype=float),
                     np.array(shares) / sum(shares), ordered=True)
            for name, shares in (("first", self.first), ("second", self.second))
        )  # fmt: skip
        try:
            found: Array = np.clip(cells(one, other, latent_correlation(tau, one, other)), 0, None)
        except ValueError:
            raise PowerError("tau out of reach", tau=tau) from None
        found /= found.sum()
        return found

    def found(self, n: int, effect: float, draws: int, rng: np.random.Generator) -> Array:
        p = self.probabilities(effect)
        tables = rng.multinomial(n, p.ravel(), size=draws).reshape(draws, *p.shape).astype(float)
        tau, error = tau_b_of_tables(tables)
        with np.errstate(divide="ignore", invalid="ignore"):
            return told(2 * ndtr(-np.abs(tau) / error), tau, effect, self.alpha)


def tau_b_of_tables(tables: Array) -> tuple[Array, Array]:
    """tau-b and its error under tau = 0 (ASE0 of Brown & Benedetti 1977) of many tables (B, r, c); NaN where constant."""
    n = tables.sum(axis=(1, 2))
    rows, columns = tables.sum(axis=2), tables.sum(axis=1)
    w = np.sqrt((n**2 - (rows**2).sum(axis=1)) * (n**2 - (columns**2).sum(axis=1)))
    w = np.where(w > 0, w, np.nan)
    below = np.zeros((len(tables), tables.shape[1] + 1, tables.shape[2] + 1))
    below[:, 1:, 1:] = tables.cumsum(axis=1).cumsum(axis=2)
    left = below[:, :-1, :-1] - (below[:, -1:, :-1] - below[:, 1:, :-1])
    right = below[:, :-1, -1:] - below[:, :-1, 1:]
    upper = below[:, -1:, -1:] - below[:, 1:, -1:] - below[:, -1:, 1:] + below[:, 1:, 1:]
    d = left - right + upper
    both = (tables * d).sum(axis=(1, 2))
    variance = 4 / w**2 * ((tables * d**2).sum(axis=(1, 2)) - both**2 / n)
    return both / w, np.sqrt(np.maximum(variance, 0))
