"""The mean share by country with partial pooling: in how many countries it is the named one, and how well that is known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar

from clustergov.analysis.interval import Interval
from clustergov.analysis.sweet_spot.refusal import SweetSpotError
from clustergov.survey.disclosure import suppress

Array = NDArray[np.float64]

DRAWS = 4000
"""From the distribution of the countries' means given the data."""
WIDEST = 5.0
"""Largest ratio of the standard deviation between countries to that within; further means are not pooled at all."""
STEPS = 400
"""Points between 0 and WIDEST at which the ratio's likelihood is looked at."""


@dataclass(frozen=True, slots=True, eq=False)
class CountryShares:
    """Country means under y = μ + u + e, u between countries and e within, both normal.

    Attributes
    ----------
    mean : float
        μ, by generalised least squares at the REML estimates.
    between, within : float
        Standard deviations of u and e, by restricted maximum likelihood. A `between` of 0 says that the countries tell no
        difference; that they do not differ is more than the data say.
    countries : DataFrame
        Those that may be named. Index country; columns n, plain (its own mean), pooled (the shrunken mean, μ + û), error (its root mean squared
        error, that of μ included, at the REML estimates), low, high, chance (that the country's mean lies within value ±
        margin); the last three from the draws, which carry the uncertainty of the two variances too.
    inside : float
        Expected number of countries whose mean lies within value ± margin.
    inside_interval : Interval
    most : float
        Chance that in more than half of the countries the mean lies within value ± margin.
    number, organisations : int
        Countries and organisations in the data.
    hidden : int
        Countries that are pooled and counted, and stand nowhere: those with fewer than `shown_from` organisations, and
        others from which these could be worked out.
    value, margin, seed, shown_from
    """

    mean: float
    between: float
    within: float
    countries: pd.DataFrame
    inside: float
    inside_interval: Interval
    most: float
    number: int
    organisations: int
    hidden: int
    value: float
    margin: float
    seed: int
    shown_from: int

    def listed(self) -> pd.DataFrame:
        """The countries, the most organisations first."""
        return self.countries.sort_values(["n", "pooled"], ascending=[False, True], kind="stable")


@dataclass(frozen=True, slots=True, eq=False)
class _Groups:
    """What the likelihood needs of G countries: sizes and means, and the sum of squares within them."""

    sizes: Array
    means: Array
    squares: float

    @property
    def n(self) -> float:
        return float(self.sizes.sum())

    def at(self, ratio: Array) -> tuple[Array, Array, Array, Array]:
        """Weights, μ̂, Σ weights and total squares at each ratio of variances, σ_u² / σ_e² (any shape, then countries)."""
        weights = self.sizes / (1 + ratio[..., None] * self.sizes)
        total = weights.sum(axis=-1)
        mean = (weights * self.means).sum(axis=-1) / total
        squares = self.squares + (weights * (self.means - mean[..., None]) ** 2).sum(axis=-1)
        return weights, mean, total, squares

    def restricted(self, ratio: Array) -> Array:
        """Restricted log-likelihood at each ratio of variances with σ_e² at its best, up to a constant.

        Searle, S. R., Casella, G. & McCulloch, C. E. (1992). Variance Components, §3.8 and §6.6.
        """
        _, _, total, squares = self.at(ratio)
        spread = np.log1p(ratio[..., None] * self.sizes).sum(axis=-1)
        found: Array = -0.5 * ((self.n - 1) * np.log(squares) + spread + np.log(total))
        return found


def country_shares(
    share: pd.Series[float], country: pd.Series[str], *, value: float, margin: float, seed: int = 1,
    level: float = 0.95, minimum: int | None = None,
) -> CountryShares:  # fmt: skip
    """Pool the countries as far as they are alike.

    Draws of the variances come from their restricted likelihood (flat for the ratio of the standard deviations from 0 to
    5, 1/σ for σ_e), those of the means from the normal distribution given the variances: Gelman, A. et al. (2013).
    Bayesian Data Analysis, 3rd ed., §5.4 and §15.

    Parameters
    ----------
    share, country : one index; rows without one of the two are left out
    minimum : int or None
        Countries of fewer are counted and not listed.

    Raises
    ------
    SweetSpotError
        One country, no country with two organisations, or shares that do not vary within countries.
    """
    whole = share.notna() & country.notna()
    table = pd.DataFrame({"share": share[whole].astype(float), "country": country[whole].astype(str)})
    grouped = table.groupby("country")["share"]
    sizes, means = grouped.size(), grouped.mean()
    squares = float(((table["share"] - table["country"].map(means)) ** 2).sum())
    if len(sizes) < 2:
        raise SweetSpotError("one country", n=len(table))
    if len(table) <= len(sizes) or squares <= 1e-12 * max(float((table["share"] ** 2).sum()), 1e-300):
        raise SweetSpotError("countries", n=len(table), countries=len(sizes))
    groups = _Groups(np.asarray(sizes, dtype=np.float64), np.asarray(means, dtype=np.float64), squares)
    ratio = _best(groups)
    weights, mean, total, left = groups.at(np.array(ratio))
    variance = float(left) / (groups.n - 1)
    pull = ratio * weights
    # Prediction error of μ̂ + û: the part not told by the country itself, and what μ̂ adds to it.
    error = np.sqrt(variance * (ratio * (1 - pull) + (1 - pull) ** 2 / float(total)))
    drawn = _drawn(groups, np.random.default_rng(seed))
    within = np.abs(drawn - value) < margin
    ends = np.quantile(drawn, [0.5 - level / 2, 0.5 + level / 2], axis=0)
    counts = within.sum(axis=1)
    low, high = np.quantile(counts, [0.5 - level / 2, 0.5 + level / 2])
    frame = pd.DataFrame(
        {"n": sizes, "plain": means, "pooled": float(mean) + pull * (groups.means - float(mean)), "error": error,
         "low": ends[0], "high": ends[1], "chance": within.mean(axis=0)}
    )  # fmt: skip
    named = np.ones(len(frame), bool) if minimum is None else suppress(sizes, minimum).notna().to_numpy()
    return CountryShares(
        float(mean), float(np.sqrt(ratio * variance)), float(np.sqrt(variance)), frame[named], float(counts.mean()),
        Interval(float(low), float(high), level), float((counts > len(sizes) / 2).mean()), len(sizes), len(table),
        int((~named).sum()), value, margin, seed, minimum or 1,
    )  # fmt: skip


def _best(groups: _Groups) -> float:
    """The ratio of variances at which the restricted likelihood is highest; 0 when it falls from there."""
    grid = np.linspace(0, WIDEST, STEPS + 1) ** 2
    best = int(groups.restricted(grid).argmax())
    low, high = float(np.sqrt(grid[max(best - 1, 0)])), float(np.sqrt(grid[min(best + 1, STEPS)]))
    found = minimize_scalar(
        lambda root: -float(groups.restricted(np.array(root**2))), bounds=(low, high), method="bounded",
        options={"xatol": 1e-10},
    )  # fmt: skip
    root = float(found.x)
    better = groups.restricted(np.array([root**2, 0.0]))
    return root**2 if better[0] > better[1] else 0.0


def _drawn(groups: _Groups, rng: np.random.Generator) -> Array:
    """Means of the countries given the data, shape (DRAWS, G)."""
    roots = np.linspace(0, WIDEST, STEPS + 1)
    density = np.exp(groups.restricted(roots**2) - groups.restricted(roots**2).max())
    below = np.concatenate([[0.0], np.cumsum((density[1:] + density[:-1]) / 2)])
    ratio = np.interp(rng.random(DRAWS), below / below[-1], roots) ** 2
    weights, mean, total, squares = groups.at(ratio)
    variance = squares / rng.chisquare(groups.n - 1, DRAWS)
    centre = mean + np.sqrt(variance / total) * rng.standard_normal(DRAWS)
    pull = ratio[:, None] * weights
    spread = np.sqrt(variance[:, None] * ratio[:, None] * (1 - pull))
    return centre[:, None] + pull * (groups.means - centre[:, None]) + spread * rng.standard_normal(pull.shape)
