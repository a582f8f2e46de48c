"""A claimed sweet spot tested on numbers: lines, curve, optimum, support, and the verdict that they give together."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from clustergov.analysis.interval import Interval
from clustergov.analysis.models.design import design
from clustergov.analysis.sweet_spot.natural_spline import Curve, curve
from clustergov.analysis.sweet_spot.nearness import Nearness, nearness
from clustergov.analysis.sweet_spot.quadratic import Quadratic, quadratic, quadratic_fits
from clustergov.analysis.sweet_spot.refusal import SweetSpotError
from clustergov.analysis.sweet_spot.resampled_top import ResampledTops, resampled_tops, weights_of
from clustergov.analysis.sweet_spot.robust_lines import beside, robust_fits
from clustergov.analysis.sweet_spot.support import LEAST_BEYOND, LEAST_SIDE, Support, support
from clustergov.analysis.sweet_spot.two_lines import TwoLines, found_break, two_lines
from clustergov.analysis.sweet_spot.verdict import SpotRegion, SpotVerdict, decide, region_of

Array = NDArray[np.float64]

BINS = 10
"""Groups of about equal size whose means stand for the points: no organisation is drawn."""
LEAST_VALUES = 5
"""Different shares that a curve needs."""


@dataclass(frozen=True, slots=True, eq=False)
class Straight:
    """The linear baseline: slope per unit of the share, HC3 and t."""

    slope: float
    interval: Interval
    p: float


@dataclass(frozen=True, slots=True, eq=False)
class ShareOptimum:
    """Everything that was computed on one data set.

    Attributes
    ----------
    named, margin : float
        The claimed optimum, and what counts as near it.
    n, lost : int
        Organisations used, and those without a value.
    held_equal : tuple of str
    linear : Straight
    quadratic : Quadratic
    curve : Curve or None
        None where the shares differ too little for knots.
    tops : ResampledTops
    found, preset : TwoLines or None
        With the break that the data suggest, and with it at the named share; None where a line cannot be told.
    nearness : Nearness
        The naive tests: shown, never used.
    optimum : Interval or None
        At 1 − 2·alpha, covering the tops of every curve that fits over resamples: on this the verdict rests.
    support : Support
    region : SpotRegion
    rule : str
        Of the table that gave the verdict.
    verdict : SpotVerdict
    bins : DataFrame
        Columns share, outcome (means), n: groups of about equal size by share, the outcome adjusted to the mean of what
        is held equal. On real responses groups have at least `minimum` members.
    ends : tuple of float
        Smallest and largest share; on real responses the mean of the least and of the greatest bin.
    seed, level, alpha
    """

    named: float
    margin: float
    n: int
    lost: int
    held_equal: tuple[str, ...]
    linear: Straight
    quadratic: Quadratic
    curve: Curve | None
    tops: ResampledTops
    found: TwoLines | None
    preset: TwoLines | None
    nearness: Nearness
    optimum: Interval | None
    support: Support
    region: SpotRegion
    rule: str
    verdict: SpotVerdict
    bins: pd.DataFrame
    ends: tuple[float, float]
    seed: int
    level: float
    alpha: float

    def frame(self) -> pd.DataFrame:
        """One row per number: part, quantity, estimate, low, high, level, p; NaN where it does not exist.

        Slopes per unit of the share; `turning` of the parabola with Fieller's interval, `top` of the curve with the
        bootstrap's at `level`, and with the one covering every curve that fits at 1 − 2·alpha, on which the verdict rests.
        """
        bent, near = self.quadratic, self.nearness
        rows: list[tuple[str, str, float, Interval | None, float]] = [
            ("linear", "slope", self.linear.slope, self.linear.interval, self.linear.p),
            ("quadratic", "curvature", bent.curvature, bent.curvature_interval, np.nan),
            ("quadratic", "turning", bent.turning, bent.fieller, np.nan),
        ]
        if self.curve is not None:
            rows += [("curve", "top", self.curve.top, self.tops.of_spline(self.level), np.nan),
                     ("every curve", "top", self.curve.top, self.optimum, np.nan),
                     ("curve", "not straight", np.nan, None, self.curve.curvature_p)]  # fmt: skip
        for name, lines in (("lines at the named share", self.preset), ("lines at the found break", self.found)):
            if lines is not None:
                rows += [(name, "break", lines.at, None, np.nan),
                         (name, "slope before", lines.before, lines.before_interval, lines.before_p),
                         (name, "slope after", lines.after, lines.after_interval, lines.after_p)]  # fmt: skip
        rows += [("naive", "slope on distance", near.distance, near.distance_interval, near.distance_p),
                 ("naive", "difference of band", near.band, near.band_interval, near.band_p)]  # fmt: skip
        return pd.DataFrame(
            [(part, quantity, estimate, interval.low if interval else np.nan, interval.high if interval else np.nan,
              interval.level if interval else np.nan, p) for part, quantity, estimate, interval, p in rows],
            columns=["part", "quantity", "estimate", "low", "high", "level", "p"],
        )  # fmt: skip


def share_optimum(
    share: pd.Series[float], outcome: pd.Series[float], controls: pd.DataFrame | None = None, *, named: float = 60,
    margin: float = 10, level: float = 0.95, alpha: float = 0.05, seed: int = 1, resamples: int = 2000,
    least_side: int = LEAST_SIDE, least_beyond: int = LEAST_BEYOND, minimum: int | None = None,
) -> ShareOptimum:  # fmt: skip
    """Test whether the outcome is best at `named`, on the organisations with a value for everything.

    Parameters
    ----------
    share, outcome, controls : one index; numbers
    minimum : int or None
        For real responses: bins have at least so many members, and smaller counts of `support` are hidden.

    Raises
    ------
    FitError
        Nothing can be fitted: a constant share or outcome, infinite values, fewer rows than a quadratic with what is
        held equal needs, or what is held equal determines the share.
    """
    held = pd.DataFrame(index=share.index) if controls is None else controls
    data = design(outcome, pd.concat([share, held], axis=1), constants=5)
    x, y = data.matrix[:, 0], data.outcome
    others = _standardised(data.matrix[:, 1:])
    values = len(np.unique(x))
    if values < LEAST_VALUES:
        raise SweetSpotError("few values", terms=(data.terms[0],), values=values, needed=LEAST_VALUES)
    straight = robust_fits(beside(np.stack([np.ones_like(x), x], axis=1)[None], others), y[None])
    leverage = float(quadratic_fits((x - x.mean())[None] / np.ptp(x), y[None], others).leverage.max())
    counted = support(x, named, margin, leverage=leverage, least_side=least_side, least_beyond=least_beyond)
    bent = quadratic(x, y, others, level=level)
    smooth = curve(x, y, others, level=level)
    tops = resampled_tops(x, y, others, weights_of(np.random.default_rng(seed), resamples, len(x)))
    decisive = tops.covering(1 - 2 * alpha)
    at = float(found_break(x[None], y[None], others)[0])
    found = two_lines(x, y, at, others, alpha=alpha, level=level) if np.isfinite(at) else None
    preset = two_lines(x, y, named, others, alpha=alpha, level=level)
    ends = (float(x.min()), float(x.max()))
    region = region_of(
        counted, found.turn if found else "not told", preset.turn if preset else "not told", bent.curvature, decisive,
        ends, named, margin,
    )  # fmt: skip
    rule = decide(region)
    bins = _bins(x, _adjusted(y, x, others), minimum)
    result = ShareOptimum(
        named, margin, data.n, data.lost, data.terms[1:],
        Straight(float(straight.estimates[0, 1]), straight.interval(1, level), float(straight.p(1)[0])),
        bent, smooth, tops, found, preset, nearness(x, y, named, margin, others, level=level), decisive,
        counted, region, rule.id, rule.verdict, bins, ends, seed, level, alpha,
    )  # fmt: skip
    return result if minimum is None else _disclosed(result, minimum)


def _disclosed(found: ShareOptimum, minimum: int) -> ShareOptimum:
    """Of real responses: no small counts, and no smallest or largest share, which is one organisation's answer.

    Whatever lies beyond the mean of the least or of the greatest bin is told as lying there.
    """
    low, high = float(found.bins["share"].iloc[0]), float(found.bins["share"].iloc[-1])

    def inside(value: float) -> float:
        return min(max(value, low), high)

    arrays: dict[str, Any] = {each.name: getattr(found.tops, each.name) for each in fields(found.tops)}
    clipped: dict[str, Any] = {
        name: np.clip(value, low, high) for name, value in arrays.items() if isinstance(value, np.ndarray)
    }
    optimum = found.optimum
    return replace(
        found,
        tops=replace(found.tops, **clipped, ends=(low, high)),
        curve=found.curve and _shortened(found.curve, low, high, inside(found.curve.top)),
        optimum=optimum and Interval(inside(optimum.low), inside(optimum.high), optimum.level),
        support=found.support.hidden(minimum),
        ends=(low, high),
    )


def _shortened(whole: Curve, low: float, high: float, top: float) -> Curve:
    """The curve between two shares."""
    kept = (whole.places >= low) & (whole.places <= high)
    drawn = {name: getattr(whole, name)[kept] for name in ("places", "height", "low", "high")}
    return replace(whole, **drawn, top=top)


def _standardised(controls: Array) -> Array | None:
    """Mean 0 and variance 1, so that curves are drawn at the mean of what is held equal."""
    if not controls.shape[1]:
        return None
    found: Array = (controls - controls.mean(axis=0)) / controls.std(axis=0)
    return found


def _adjusted(y: Array, x: Array, controls: Array | None) -> Array:
    """The outcome less what is held equal explains of it beside a quadratic of the share."""
    if controls is None:
        return y
    t = (x - x.mean()) / np.ptp(x)
    fits = quadratic_fits(t[None], y[None], controls)
    found: Array = y - controls @ fits.estimates[0, 3:]
    return found


def _bins(x: Array, y: Array, minimum: int | None) -> pd.DataFrame:
    groups = max(min(BINS, len(x) // max(minimum or 1, 5)), 1)
    order = np.argsort(x, kind="stable")
    parts = [part for part in np.array_split(order, groups) if len(part)]
    return pd.DataFrame(
        [(float(x[part].mean()), float(y[part].mean()), len(part)) for part in parts], columns=["share", "outcome", "n"]
    )
