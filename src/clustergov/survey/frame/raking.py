"""Raking: weights under which the respondents' margins are those of the population, with a cap and a report."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from clustergov.problems import InputError, Problem
from clustergov.survey.frame.feasibility import smallest_cap
from clustergov.survey.frame.margins import Margins
from clustergov.survey.frame.weighting import Weighting

Array = NDArray[np.float64]

TOLERANCE = 1e-14
"""Largest deviation from a margin, as a share of the total, at which raking stops."""

ROUNDING = 1e-10
"""Deviation from which on raking has also settled when it no longer shrinks: what is left is floating point."""

HOPELESS = 1e60
"""A weight so many times the total, were it not capped, shows that the cap cannot be kept."""

MANY = 10
"""Empty categories of one variable up to which each is told."""

Capping = Literal["bounded", "trimmed"]


def rake(
    respondents: pd.DataFrame,
    margins: Margins,
    *,
    base: pd.Series[float] | None = None,
    cap: float | None = None,
    capping: Capping = "bounded",
    tolerance: float = TOLERANCE,
    most: int = 5000,
) -> Weighting:
    """Weights that meet all margins, as close to the base weights as can be (in Kullback–Leibler distance).

    Iterative proportional fitting: Deming, W. E. & Stephan, F. F. (1940). On a least squares adjustment of a sampled
    frequency table when the expected marginal totals are known. Annals of Mathematical Statistics 11, 427–444. With a
    cap that binds, the weight of each respondent is the smaller one of the cap and base weight × a factor per category,
    and the factors are fitted in turn: the closest weights that meet margins and cap, bounded calibration with the
    raking distance (Deville, J.-C., Särndal, C.-E. & Sautory, O. (1993). Generalized raking procedures in survey
    sampling. Journal of the American Statistical Association 88, 1013–1020).

    Parameters
    ----------
    respondents : DataFrame of str
        One row per respondent, a column for each variable of the margins.
    base : Series of float, optional
        Weights to start from, above 0; equal by default.
    cap : float, optional
        Largest weight as a multiple of the mean; above 1.
    capping : {"bounded", "trimmed"}
        bounded: margins and cap both hold where they can; where they cannot, as trimmed. trimmed: rake, then cut and
        redistribute once (`trim`), which leaves the margins missed by what the report tells.
    tolerance : float
        Of the deviation from each margin, as a share of the total.
    most : int
        Passes through all margins.

    Raises
    ------
    InputError
        Margins that cannot be met: a category of the population without respondents, or one that the targets lack.
    ValueError
        The cap is not above 1, or a base weight not above 0.
    """
    if cap is not None and not cap > 1:
        raise ValueError("a cap is a multiple of the mean weight, above 1")
    problems = [*_unmeetable(respondents, margins)]
    if problems:
        raise InputError(problems, summary="These margins cannot be raked to:")
    given = np.ones(len(respondents)) if base is None else base.loc[respondents.index]
    start: Array = np.asarray(given, dtype=np.float64)
    if not (np.isfinite(start).all() and (start > 0).all()):
        raise ValueError("base weights are numbers above 0")
    places = [_places(respondents[name], target) for name, target in margins.targets.items()]
    targets = [np.asarray(target, dtype=np.float64) for target in margins.targets.values()]
    weights, passes, settled = _fit(start, places, targets, tolerance, most)
    upper = np.inf if cap is None else cap * float(weights.mean())
    over = bool(weights.max() > upper)
    smallest = smallest_cap(respondents, margins) if over or not settled else None
    if cap is not None and over:
        raked, settled = weights, False
        if capping == "bounded" and smallest is not None and smallest <= cap:
            weights, more, settled = _fit(start, places, targets, tolerance, most, upper=upper)
            passes += more
        weights = weights if settled else trim(raked, upper)
    capped = int((weights >= upper * (1 - 1e-9)).sum())
    series = pd.Series(weights, index=respondents.index, name="weight")
    deviations = _deviations(start, weights, respondents, margins)
    return Weighting(series, deviations, passes, settled, cap, capped, margins.source, smallest)


def _fit(
    start: Array, places: Sequence[NDArray[np.intp]], targets: Sequence[Array], tolerance: float, most: int, *,
    upper: float = np.inf,
) -> tuple[Array, int, bool]:  # fmt: skip
    """Cycle through the margins until all are met; `free` are the weights as they would be without the cap."""
    whole = float(targets[0].sum())
    free = start * (whole / start.sum())
    before, weights = np.inf, free
    for passes in range(1, most + 1):
        last = weights
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            for place, target in zip(places, targets, strict=True):
                free = free * _factors(free, place, target, upper)[place]
        weights = np.minimum(free, upper)
        if not np.isfinite(weights).all() or free.max() > HOPELESS * whole:
            return last, passes, False  # margins that contradict each other drive weights to 0 and out of range
        gap = max(
            float(np.abs(np.bincount(place, weights, len(target)) - target).max())
            for place, target in zip(places, targets, strict=True)
        )
        if gap <= tolerance * whole or before <= gap <= ROUNDING * whole:
            return weights, passes, True
        before = gap
    return weights, most, False


def _factors(free: Array, place: NDArray[np.intp], target: Array, upper: float) -> Array:
    """For each category the factor by which Σ min(upper, factor × free weight) is its target."""
    if not np.isfinite(upper):
        return np.asarray(target / np.bincount(place, free, len(target)))
    return np.array([_factor(free[place == category], float(total), upper) for category, total in enumerate(target)])


def _factor(free: Array, total: float, upper: float) -> float:
    """The largest k weights are at the cap, the others share what is left; k is the first that fits."""
    own = np.sort(free)[::-1]
    if total >= len(own) * upper:
        return float(upper / own[-1])
    rest = own[::-1].cumsum()[::-1]
    factors = (total - upper * np.arange(len(own))) / rest
    return float(factors[int((factors * own <= upper * (1 + 1e-15)).argmax())])


def trim(weights: Array, upper: float) -> Array:
    """Cut weights at `upper`, and give what was cut in equal parts to the others, until none is above; the sum stays.

    Potter, F. (1990). A study of procedures to identify and trim extreme sampling weights. Proceedings of the Section
    on Survey Research Methods, American Statistical Association, 225–230; the rule of redistribution is that of R's
    survey::trimWeights(strict = TRUE), which goes on passing small parts until they vanish: here its limit is reached
    at once, since a weight that was cut stays at the cap.

    Raises
    ------
    ValueError
        `upper` is below the mean: the sum cannot be kept.
    """
    if upper < weights.mean():
        raise ValueError("weights cannot be trimmed below their mean")
    trimmed, over = weights, weights > upper
    while True:
        excess = float((weights[over] - upper).sum())
        if not over.any() or over.all():
            return np.minimum(trimmed, upper)
        trimmed = np.where(over, upper, weights + excess / (~over).sum())
        new = trimmed > upper
        if not new.any():
            return trimmed
        over = over | new


def _places(column: pd.Series[str], target: pd.Series[float]) -> NDArray[np.intp]:
    return target.index.get_indexer(pd.Index(column))


def _unmeetable(respondents: pd.DataFrame, margins: Margins) -> Iterator[Problem]:
    for name, target in margins.targets.items():
        counts = respondents[name].value_counts()
        empty = [str(each) for each in target.index if counts.get(each, 0) == 0]
        if len(empty) > MANY:
            told = f"{len(empty)} of {len(target)} categories have no respondents: {', '.join(empty[:MANY])} …"
            yield Problem("empty-category", told, "Weight on something coarser.", file=margins.source, place=name)
            continue
        for category in empty:
            told = f"the population has {target[category]:g} in “{category}”, the respondents have none."
            partner = _partner(category, target, counts)
            other = f", such as “{partner}”" if partner else ""
            fix = f"Merge it with another category{other}, in the frame or the targets."
            yield Problem("empty-category", told, fix, file=margins.source, place=name)
        for category in sorted(set(counts.index) - set(target.index)):
            told = f"{counts[category]} respondents are in “{category}”, which has no target."
            fix = "Add its target, or correct the category."
            yield Problem("no-target", told, fix, file=margins.source, place=name)


def _partner(category: str, target: pd.Series[float], counts: pd.Series[int]) -> str:
    """The category to merge with: the neighbour among ordered years, else the smallest that has respondents."""
    others = [str(each) for each in target.index if counts.get(each, 0) > 0]
    if category[:4].isdigit():
        years = [each for each in others if each[:4].isdigit()]
        return min(years, key=lambda each: abs(int(each[:4]) - int(category[:4])), default="")
    return min(others, key=lambda each: float(target[each]), default="")


def _deviations(start: Array, weights: Array, respondents: pd.DataFrame, margins: Margins) -> pd.DataFrame:
    rows = []
    for name, target in margins.targets.items():
        place, whole = _places(respondents[name], target), float(target.sum())
        before = np.bincount(place, start * whole / start.sum(), len(target))
        after = np.bincount(place, weights, len(target))
        rows += list(
            zip([name] * len(target), target.index, target, before, after, (after - target) / whole, strict=True)
        )
    return pd.DataFrame(rows, columns=["variable", "category", "target", "unweighted", "weighted", "deviation"])
