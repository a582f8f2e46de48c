"""Simulated samples for a difference between two kinds of organisations in countries: tested as the policy of inference does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from clustergov.analysis.inference.policy import policy
from clustergov.analysis.planning.linear_scenario import told
from clustergov.analysis.planning.refusal import PowerError

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class GroupScenario:
    """y = effect · group + u(country) + e, Var u + Var e = 1: effect in standard deviations of the outcome.

    Attributes
    ----------
    share : float
        Part of the organisations (of the countries, when `by` is "country") in the group.
    countries : tuple of float
        Their shares of the organisations.
    correlation : float
        Of two organisations of one country, Var u.
    by : {"organisation", "country"}
        Whether organisations of one country can differ in their group, or a country is in it as a whole.
    """

    countries: tuple[float, ...]
    correlation: float = 0.05
    share: float = 0.5
    by: Literal["organisation", "country"] = "organisation"
    alpha: float = 0.05

    unit = "groups"

    def __post_init__(self) -> None:
        if len(self.countries) < 3 or min(self.countries) <= 0:
            raise PowerError("countries", countries=len(self.countries))
        if not 0 <= self.correlation < 1 or not 0 < self.share < 1:
            raise PowerError("correlation", correlation=self.correlation)

    @property
    def least(self) -> int:
        return 2 * len(self.countries)

    def sizes(self, n: int) -> NDArray[np.intp]:
        """Organisations per country: at least one each, the rest by largest remainders."""
        shares = np.array(self.countries) / sum(self.countries)
        exact = 1 + (n - len(shares)) * shares
        sizes = np.floor(exact).astype(np.intp)
        sizes[np.argsort(sizes - exact, kind="stable")[: n - int(sizes.sum())]] += 1
        return sizes

    def design(self, n: int) -> tuple[NDArray[np.intp], Array]:
        """Country and group of every organisation: every country has its part of the group, as near as whole ones go."""
        sizes = self.sizes(n)
        country = np.repeat(np.arange(len(sizes)), sizes)
        if self.by == "country":
            # The k-th country is in the group where the running total of the share passes a whole number.
            passed = np.floor(np.arange(1, len(sizes) + 1) * self.share + 0.5)
            return country, np.diff(passed, prepend=0.0)[country]
        passed = np.floor(np.arange(1, n + 1) * self.share + 0.5)
        return country, np.diff(passed, prepend=0.0)

    def found(self, n: int, effect: float, draws: int, rng: np.random.Generator) -> Array:
        country, group = self.design(n)
        if not np.ptp(group):
            raise PowerError("correlation", correlation=self.share)
        between = rng.standard_normal((len(self.countries), draws))[country]
        within = rng.standard_normal((n, draws))
        Y = effect * group[:, None] + np.sqrt(self.correlation) * between + np.sqrt(1 - self.correlation) * within
        fits = policy(group[:, None], ["group"], country, level=1 - self.alpha).of(Y, intervals=False)
        # Where no method keeps its level there is no test, and so nothing is ever found.
        return np.nan_to_num(told(fits.p[0], fits.estimates[0], effect, self.alpha))
