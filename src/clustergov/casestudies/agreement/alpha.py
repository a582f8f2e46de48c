"""Krippendorff's alpha on units × coders with missing ratings: 1 − observed / expected disagreement.

Krippendorff (2011), Computing Krippendorff's Alpha-Reliability; Krippendorff (2018), Content Analysis, 4th ed., ch. 12.
"""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np

from clustergov.casestudies.agreement.chance import Estimate
from clustergov.casestudies.agreement.ratings import MISSING, Patterns
from clustergov.casestudies.agreement.weights import ratio_differences

Scale = Literal["nominal", "ordinal", "interval", "ratio"]
SCALES: tuple[str, ...] = get_args(Scale)

CELLS = 4_000_000
"""Numbers held at once; more samples are computed in turn."""


def alpha(
    scale: str, patterns: Patterns, scores: np.ndarray, counts: np.ndarray, *, apart: np.ndarray | None = None
) -> Estimate:
    """Alpha for each row of `counts`; `observed` and `expected` are 1 − disagreement in shares of the largest difference.

    Parameters
    ----------
    scale : {"nominal", "ordinal", "interval", "ratio"}
        Differences: any; of ranks in the margins; squared; squared in proportion to the sum.
    scores : ndarray, shape (categories,)
        The categories as numbers, ascending.
    counts : ndarray, shape (samples, patterns)
    apart : ndarray, shape (categories, categories)
        Differences of one's own, instead of those of the scale.
    """
    patterns, counts = pairable(patterns, counts)
    if not len(patterns.codes):
        nothing = np.full(len(counts), np.nan)
        return Estimate(nothing, nothing, nothing)
    size = max(1, CELLS // max(1, patterns.codes.size + patterns.q))
    if scale == "ratio" and apart is None:
        apart = ratio_differences(scores)
    parts = [
        _disagreements(scale, patterns, scores, counts[at : at + size], apart) for at in range(0, len(counts), size)
    ]
    observed, expected = (np.concatenate(column) for column in zip(*parts, strict=True))
    with np.errstate(divide="ignore", invalid="ignore"):
        value = np.where(expected > 0, 1 - observed / expected, np.nan)
    most = distances(scale, patterns, scores).max() if apart is None else apart.max()
    return Estimate(value, 1 - observed / most, 1 - expected / most)


def pairable(patterns: Patterns, counts: np.ndarray) -> tuple[Patterns, np.ndarray]:
    """Only units that at least two coders rated: a single value can neither agree nor disagree."""
    kept = patterns.rated >= 2
    return Patterns(patterns.codes[kept], patterns.counts[kept], patterns.q), counts[:, kept]


def _disagreements(
    scale: str, patterns: Patterns, scores: np.ndarray, counts: np.ndarray, apart: np.ndarray | None
) -> tuple[np.ndarray, np.ndarray]:
    """Mean observed and expected disagreement: each of shape (samples,)."""
    table, rated = patterns.table, patterns.rated
    n = counts @ rated
    if scale == "interval" and apart is None:
        places = scores - scores.mean()
        own = _squares_within(places[None, :], patterns)[0]
        spread = counts @ (table @ places**2) - (counts @ (table @ places)) ** 2 / n
        return (counts @ own) / n, 2 * spread / (n - 1)
    margins = counts @ table
    if apart is not None:
        own = (table * (table @ apart)).sum(axis=1) / (rated - 1)
        pairs = ((margins @ apart) * margins).sum(axis=1)
        return (counts @ own) / n, pairs / (n * (n - 1))
    if scale == "nominal":
        own = (rated**2 - (table**2).sum(axis=1)) / (rated - 1)
        pairs = n**2 - (margins**2).sum(axis=1)
        return (counts @ own) / n, pairs / (n * (n - 1))
    # The ordinal difference is the distance of mean ranks: sum of the counts between, less half of both ends.
    ranks = margins.cumsum(axis=1) - margins / 2
    ranks = ranks - (margins * ranks).sum(axis=1, keepdims=True) / n[:, None]
    observed = (counts * _squares_within(ranks, patterns)).sum(axis=1)
    return observed / n, 2 * (margins * ranks**2).sum(axis=1) / (n - 1)


def _squares_within(places: np.ndarray, patterns: Patterns) -> np.ndarray:
    """Squared differences within each pattern, Σ pairs / (coders − 1), for categories at `places` (samples, categories).

    Shape (samples, patterns).
    """
    there = patterns.codes != MISSING
    values = np.where(there[None, :, :], places[:, np.where(there, patterns.codes, 0)], 0.0)
    rated = patterns.rated
    return np.asarray(2 * (rated * (values**2).sum(axis=2) - values.sum(axis=2) ** 2) / (rated - 1))


def distances(scale: str, patterns: Patterns, scores: np.ndarray) -> np.ndarray:
    """Squared differences of categories, shape (categories, categories); ordinal ones by the margins of these units."""
    if scale == "nominal":
        return 1 - np.eye(patterns.q)
    if scale == "ratio":
        return ratio_differences(scores)
    margins = patterns.counts @ patterns.table
    places = margins.cumsum() - margins / 2 if scale == "ordinal" else scores
    return np.asarray(np.subtract.outer(places, places) ** 2)


def standard_error(
    scale: str,
    patterns: Patterns,
    scores: np.ndarray,
    *,
    population: float = np.inf,
    apart: np.ndarray | None = None,
) -> float:
    """Gwet's standard error over samples of units (Gwet 2014, section 5.4); ordinal differences are held as they are.

    NaN where fewer than two units can be compared.
    """
    everybody = patterns.counts.sum()
    patterns, _ = pairable(patterns, patterns.counts[None, :])
    counts, rated, table = patterns.counts, patterns.rated, patterns.table
    n = counts.sum()
    if n < 2:
        return float("nan")
    apart = distances(scale, patterns, scores) if apart is None else apart
    near = 1 - apart / apart.max()
    mean = (counts * rated).sum() / n
    agreement = (table * (table @ near - 1)).sum(axis=1) / (mean * (rated - 1))
    observed = (counts * agreement).sum() / n
    shares = counts @ table / (n * mean)
    expected = float(shares @ near @ shares)
    if np.isclose(expected, 1, atol=1e-14):
        return float("nan")
    value = (observed - expected) / (1 - expected)
    more = (rated - mean) / mean
    own = (agreement - observed * more - expected) / (1 - expected)
    chance = table @ (near @ shares) / mean - expected * more
    own = own - 2 * (1 - value) * (chance - expected) / (1 - expected)
    return float(np.sqrt((1 - everybody / population) / (n * (n - 1)) * (counts * (own - value) ** 2).sum()))


def pairs_bootstrap(
    scale: str, patterns: Patterns, scores: np.ndarray, draws: int, rng: np.random.Generator
) -> np.ndarray:
    """Alpha of samples of disagreeing pairs with the expected disagreement held: Krippendorff's own bootstrap.

    Krippendorff (2016), Bootstrapping Distributions for Krippendorff's Alpha. Every pair of ratings within a unit is
    replaced by one drawn from all such pairs. It leaves out that margins vary from sample to sample; `Patterns.sampled`
    does not.

    Returns
    -------
    ndarray, shape (draws,)
        Values below −1 are set to −1.
    """
    patterns, _ = pairable(patterns, patterns.counts[None, :])
    apart = distances(scale, patterns, scores)
    found = alpha(scale, patterns, scores, patterns.counts[None, :])
    expected = float(1 - found.expected[0]) * float(apart.max())
    sizes, shares = _differences_of_pairs(patterns, apart)
    n = (patterns.counts * patterns.rated).sum()
    total = np.zeros(draws)
    for m in np.unique(patterns.rated):
        slots = int(patterns.counts[patterns.rated == m].sum() * m * (m - 1) / 2)
        drawn = rng.multinomial(slots, shares, size=draws)
        total += drawn @ sizes * 2 / (n * expected * (m - 1))
    return np.asarray(np.maximum(1 - total, -1.0))


def _differences_of_pairs(patterns: Patterns, apart: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The different sizes of differences within units, and the share of pairs that has each."""
    values, counts = [], []
    for one in range(patterns.codes.shape[1]):
        for other in range(one):
            first, second = patterns.codes[:, one], patterns.codes[:, other]
            both = (first != MISSING) & (second != MISSING)
            values.append(apart[first[both], second[both]])
            counts.append(patterns.counts[both])
    sizes, place = np.unique(np.concatenate(values), return_inverse=True)
    shares = np.bincount(place, weights=np.concatenate(counts), minlength=len(sizes))
    return sizes, shares / shares.sum()
