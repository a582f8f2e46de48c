"""The forms of claims that verdicts are calibrated on: what is drawn, and what may be true of it."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import expit, logit, ndtr

from clustergov.analysis.claims.calibration import Sampler, Setting
from clustergov.analysis.claims.calibration_draws import Draws, dominances, log_odds, means, shares, taus
from clustergov.analysis.claims.claim import Measure, Part, Published
from clustergov.analysis.claims.verdicts import Form, SmallestEffects
from clustergov.language import Text
from clustergov.survey.synthetic.copula import cells, latent_correlation
from clustergov.survey.synthetic.marginals import Marginal

Array = NDArray[np.float64]

STAFF = (0.06, 0.14, 0.18, 0.14, 0.10, 0.08, 0.16, 0.14)
RATINGS = (0.04, 0.11, 0.27, 0.40, 0.18)
"""Shares of the answers in draws: eight classes of staff, five answers on performance; as lopsided as such answers are."""
LATENT = 0.5
"""Correlation of the latent outcomes of one family, given the driver: one informant rates them all."""
SHARES = np.arange(11) / 10
CHUNK = 1_000_000
"""Latent numbers drawn at a time."""


def settings(smallest: SmallestEffects) -> tuple[Setting, ...]:
    """Every form, with truths at none, half, as published, reversed, and the smallest effect of interest."""
    tau, share, ordering = smallest.tau, smallest.share, smallest.ordering
    odds = math.log(smallest.odds_ratio)
    published = (("none", 0.0), ("half of published", 0.085), ("as published", 0.17), ("reversed", -0.17))
    effect = (*published, ("smallest of interest", tau))
    ratio = (("none", 0.0), ("half of published", math.log(2) / 2), ("as published", math.log(2)),
             ("reversed", -math.log(2)), ("smallest of interest", odds))  # fmt: skip
    past = (("none", 0.5), ("half of published", 0.695), ("as published", 0.89), ("reversed", 0.11),
            ("smallest of interest", 0.5 + share))  # fmt: skip
    bound = (("none", 0.8), ("as published", 0.9), ("reversed", 0.7), ("smallest of interest", 0.8 + share))
    value = (("as published", 0.6), ("half the margin off", 0.6 + 0.005 + share / 2),
             ("smallest of interest", 0.605 + share), ("twice the margin off", 0.6 + 2 * (share + 0.005)))  # fmt: skip
    half = (("as published", 0.5), ("half the margin off", 0.5 + (0.05 + share) / 2),
            ("smallest of interest", 0.55 + share), ("twice the margin off", 0.5 + 2 * (0.05 + share)))  # fmt: skip
    order = (("none", 0.0), ("half of a clear order", 0.15), ("a clear order", 0.3), ("reversed", -0.3),
             ("smallest of interest", ordering))  # fmt: skip
    alike = (
        ("none", 0.0),
        ("half the margin off", odds / 2),
        ("smallest of interest", odds),
        ("twice the margin off", 2 * odds),
    )
    return (
        Setting("tau", "Kendall's tau-b of 8 by 5 classes; published 0.17", _part("effect", "tau", (0.165, 0.175)), 1,
                effect, _taus(1)),
        Setting("tau, 4 parts", "the same, four outcomes of one driver", _part("effect", "tau", (0.165, 0.175)), 4, effect,
                _taus(4)),
        Setting("odds ratio", "cumulative logit, two groups, five answers; published 2.0",
                _part("effect", "odds ratio", (1.95, 2.05)), 1, ratio, _log_odds(1)),
        Setting("threshold", "a share past 50%; published 89%", _part("threshold", "share", (0.885, 0.895), 0.5), 1, past,
                _shares),
        Setting("bound", "a share past 80%; published “more than 80%”", _part("threshold", "share", (0.8, 1), 0.8), 1, bound,
                _shares),
        Setting("mean share", "mean public share; published 60%", _part("value", "mean share", (0.595, 0.605)), 1, value,
                _means),
        Setting("share", "a share; published “half”", _part("value", "share", (0.45, 0.55)), 1, half, _shares),
        Setting("order", "dominance of one item over another; no figure", _part("order", "ordering"), 1, order, _orders),
        Setting("no difference", "odds ratio of two equal groups, five answers", _part("no difference", "odds ratio"), 1,
                alike, _log_odds(1)),
        Setting("no difference, 7 parts", "the same, seven outcomes", _part("no difference", "odds ratio"), 7, alike,
                _log_odds(7)),
    )  # fmt: skip


def _part(
    form: Form, measure: Measure, ends: tuple[float, float] | None = None, threshold: float | None = None
) -> Part:
    label = Text({"nl": "simulatie", "en": "simulation"})
    figure = Published(figure=label, low=ends[0], high=ends[1], mark="D") if ends else None
    return Part(id="0", label=label, form=form, measure=measure, threshold=threshold, published=figure)


def _marginal(name: str, probabilities: Sequence[float]) -> Marginal:
    places = np.arange(1.0, len(probabilities) + 1)
    return Marginal(name, tuple(map(str, range(len(probabilities)))), places, np.array(probabilities), True)


def _taus(family: int) -> Sampler:
    driver, outcome = _marginal("staff", STAFF), _marginal("rating", RATINGS)

    def sample(value: float, n: int, draws: int, rng: np.random.Generator) -> list[Draws]:
        rho = latent_correlation(value, driver, outcome)
        if family == 1:
            probabilities = np.maximum(cells(driver, outcome, rho), 0).ravel()
            counts = rng.multinomial(n, probabilities / probabilities.sum(), size=draws)
            return [taus(counts.reshape(draws, len(STAFF), len(RATINGS)))]
        found = np.concatenate([_tables(rho, size, family, n, rng) for size in _chunks(draws, n * (family + 2))])
        return [taus(found[:, part]) for part in range(family)]

    def _tables(rho: float, draws: int, parts: int, n: int, rng: np.random.Generator) -> NDArray[np.int64]:
        z, common = rng.standard_normal((draws, n)), rng.standard_normal((draws, n))
        row = np.searchsorted(driver.thresholds(), z) * len(RATINGS)
        tables = np.empty((draws, parts, len(STAFF), len(RATINGS)), dtype=np.int64)
        for part in range(parts):
            rest = math.sqrt(LATENT) * common + math.sqrt(1 - LATENT) * rng.standard_normal((draws, n))
            column = np.searchsorted(outcome.thresholds(), rho * z + math.sqrt(1 - rho**2) * rest)
            tables[:, part] = _counted(row + column, len(STAFF) * len(RATINGS)).reshape(draws, len(STAFF), -1)
        return tables

    return sample


def _log_odds(family: int) -> Sampler:
    """Two groups; outcomes of one family share a part of each respondent's latent number."""
    cuts = logit(np.cumsum(RATINGS)[:-1])

    def sample(value: float, n: int, draws: int, rng: np.random.Generator) -> list[Draws]:
        groups = np.array([n - n // 2, n // 2])
        if family == 1:
            tables = [rng.multinomial(size, _shifted(cuts, shift), size=draws)
                      for size, shift in zip(groups, (0.0, value), strict=True)]  # fmt: skip
            return [log_odds(np.stack(tables, axis=1))]
        found = np.concatenate([_tables(value, size, n, rng) for size in _chunks(draws, n * (family + 1))])
        return [log_odds(found[:, part]) for part in range(family)]

    def _tables(value: float, draws: int, n: int, rng: np.random.Generator) -> NDArray[np.int64]:
        group = (np.arange(n) >= n - n // 2).astype(int)
        common = rng.standard_normal((draws, n))
        tables = np.empty((draws, family, 2, len(RATINGS)), dtype=np.int64)
        # A normal copula between outcomes, each of which is logistic by itself: the log odds ratio is exactly `value`.
        levels = [_shifted(cuts, shift).cumsum()[:-1] for shift in (0.0, value)]
        for part in range(family):
            latent = ndtr(math.sqrt(LATENT) * common + math.sqrt(1 - LATENT) * rng.standard_normal((draws, n)))
            column = np.where(group == 0, np.searchsorted(levels[0], latent), np.searchsorted(levels[1], latent))
            tables[:, part] = _counted(group * len(RATINGS) + column, 2 * len(RATINGS)).reshape(draws, 2, -1)
        return tables

    return sample


def _shifted(cuts: Array, shift: float) -> Array:
    """Probabilities of the answers in a group whose log odds of a higher one are `shift` more."""
    found: Array = np.diff(np.concatenate([[0.0], expit(cuts - shift), [1.0]]))
    return found


def _shares(value: float, n: int, draws: int, rng: np.random.Generator) -> list[Draws]:
    return [shares(rng.binomial(n, value, size=draws), n)]


def _means(value: float, n: int, draws: int, rng: np.random.Generator) -> list[Draws]:
    """Budgets' shares in tenths, piled up at both ends as they are, tilted to the mean."""
    shape = np.array([0.10, 0.04, 0.05, 0.06, 0.07, 0.09, 0.10, 0.11, 0.12, 0.10, 0.16])

    def tilted(slope: float) -> Array:
        weights: Array = shape * np.exp(slope * SHARES)
        total: Array = weights / weights.sum()
        return total

    slope = brentq(lambda each: float(tilted(each) @ SHARES) - value, -60, 60, xtol=1e-14)
    return [means(rng.multinomial(n, tilted(float(slope)), size=draws), SHARES)]


def _orders(value: float, n: int, draws: int, rng: np.random.Generator) -> list[Draws]:
    """A third place both alike."""
    counts = rng.multinomial(n, [(2 / 3 + value) / 2, (2 / 3 - value) / 2, 1 / 3], size=draws)
    return [dominances(counts[:, 0], counts[:, 1], n)]


def _chunks(draws: int, each: int) -> list[int]:
    size = max(1, CHUNK // each)
    return [min(size, draws - start) for start in range(0, draws, size)]


def _counted(codes: NDArray[np.int64], kinds: int) -> NDArray[np.int64]:
    """How often each code stands in each row, (rows, kinds)."""
    offset = np.arange(len(codes))[:, None] * kinds
    return np.bincount((codes + offset).ravel(), minlength=len(codes) * kinds).reshape(len(codes), kinds)
