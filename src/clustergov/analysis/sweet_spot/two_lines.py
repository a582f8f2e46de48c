"""Two lines, one on each side of a break: whether performance rises before it and falls after it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from clustergov.analysis.interval import Interval
from clustergov.analysis.sweet_spot.natural_spline import knots_of, spline_fits
from clustergov.analysis.sweet_spot.robust_lines import RobustFits, beside, robust_fits

Array = NDArray[np.float64]
Turn = Literal["rises then falls", "falls then rises", "rises", "falls", "not told"]

MIDDLE = (0.1, 0.9)
"""Quantiles between which a break is looked for."""


@dataclass(frozen=True, slots=True, eq=False)
class TwoLines:
    """Slopes before and after a break.

    Simonsohn, U. (2018). Two lines: a valid alternative to the invalid testing of U-shaped relationships with quadratic
    regressions. Advances in Methods and Practices in Psychological Science 1(4), 538–555: the line before the break is
    that of a regression in which organisations at the break stand before it, the line after it that of one in which
    they stand after it; both with a jump at the break.

    Attributes
    ----------
    at : float
        The break.
    before, after : float
        Slopes per unit of the share.
    before_interval, after_interval : Interval
        HC3 and t.
    before_p, after_p : float
        Two-sided.
    turn : Turn
        Each slope by its one-sided test at `alpha`; both must hold, so that a turn is found in at most `alpha` of
        samples where there is none (intersection–union: Berger, R. L. (1982), Technometrics 24(4), 295–300).
    n_before, n_after : int
        Organisations at or below the break, and at or above it.
    lines : tuple of 4 floats
        Height of the line before the break at the smallest share and at the break, and of the line after it at the
        break and at the largest share, at the mean of what is held equal.
    """

    at: float
    before: float
    after: float
    before_interval: Interval
    after_interval: Interval
    before_p: float
    after_p: float
    turn: Turn
    n_before: int
    n_after: int
    lines: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True, eq=False)
class Slopes:
    """The same two slopes of B data sets: fits whose coefficient 1 is the slope before, 2 the slope after the break."""

    first: RobustFits
    second: RobustFits

    def rising_then_falling(self, alpha: float) -> NDArray[np.bool_]:
        """Whether both one-sided tests hold, shape (B,); false where a slope cannot be told."""
        return (self.first.above(1) < alpha) & (1 - self.second.above(2) < alpha)

    def turn(self, at: int, alpha: float) -> Turn:
        """What the two lines of one data set say."""
        first, second = self.first.one(at).above(1)[0], self.second.one(at).above(2)[0]
        up, after_up, down, after_down = first < alpha, second < alpha, 1 - first < alpha, 1 - second < alpha
        if up and after_down:
            return "rises then falls"
        if down and after_up:
            return "falls then rises"
        return "rises" if up and after_up else "falls" if down and after_down else "not told"


def slopes(x: Array, y: Array, at: Array, controls: Array | None = None) -> Slopes:
    """Both regressions of many data sets; x, y of shape (B, n), breaks `at` of shape (B,)."""
    scale = np.ptp(x, axis=1)[:, None]
    away = (x - at[:, None]) / scale
    fits = []
    for after in (away > 0, away >= 0):
        columns = [np.ones_like(x), np.where(after, 0.0, away), np.where(after, away, 0.0), after.astype(float)]
        fits.append(_rescaled(robust_fits(beside(np.stack(columns, axis=2), controls), y), scale))
    return Slopes(fits[0], fits[1])


def _rescaled(fits: RobustFits, scale: Array) -> RobustFits:
    """Slopes per unit of the share and not of its range."""
    factor = np.ones(fits.estimates.shape)
    factor[:, 1:3] = 1 / scale
    covariance = fits.covariance * factor[:, :, None] * factor[:, None, :]
    return RobustFits(fits.estimates * factor, covariance, fits.df, fits.leverage, fits.residuals)


def found_break(x: Array, y: Array, controls: Array | None = None) -> Array:
    """The break that the data suggest for a top, shape (B,): Simonsohn's “Robin Hood”; NaN where there is none.

    Where a smooth curve is within one standard error of its highest value, among the middle 80 % of shares, there is a
    flat stretch; the two lines broken at its median have t values t₁ and t₂; the break is the quantile t₂ / (t₁ + t₂) of
    the stretch, which gives more organisations to the weaker line. The curve is the natural spline of
    `natural_spline`, where Simonsohn takes a penalised one; its errors are HC3.
    """
    order = np.argsort(x, axis=1, kind="stable")
    x, y = np.take_along_axis(x, order, 1), np.take_along_axis(y, order, 1)
    if controls is not None:
        controls = np.take_along_axis(np.broadcast_to(controls, (*x.shape, controls.shape[-1])), order[:, :, None], 1)
    fits, own = spline_fits(x, y, knots_of(x), controls)
    m = own.shape[2]
    held = (
        own if controls is None else beside(own, np.broadcast_to(controls.mean(axis=1, keepdims=True), controls.shape))
    )
    height = (held @ fits.estimates[:, :, None])[:, :, 0]
    error = np.sqrt(((held @ fits.covariance) * held).sum(axis=2))
    ends = np.quantile(x, MIDDLE, axis=1)
    middle = (x > ends[0][:, None]) & (x < ends[1][:, None])
    most = np.where(middle, height, -np.inf).max(axis=1)
    flat = middle & (height + error > most[:, None])
    usable = flat.any(axis=1) & np.isfinite(fits.estimates[:, :m]).all(axis=1)
    flat |= ~usable[:, None]
    first = slopes(x, y, masked_quantile(x, flat, np.full(len(x), 0.5)), controls)
    t1, t2 = np.abs(first.first.t(1)), np.abs(first.second.t(2))
    share = np.nan_to_num(t2 / (t1 + t2), nan=0.5)
    return np.where(usable & np.isfinite(t1 + t2), masked_quantile(x, flat, share), np.nan)


def masked_quantile(x: Array, among: NDArray[np.bool_], share: Array) -> Array:
    """Quantile (R's type 7) of the marked values of each row, shape (B,); x ascending in every row."""
    count = np.cumsum(among, axis=1)
    place = (count[:, -1] - 1) * share
    low = np.floor(place)
    rows = np.arange(len(x))
    below = x[rows, (count <= low[:, None]).sum(axis=1)]
    above = x[rows, (count <= np.minimum(low + 1, count[:, -1] - 1)[:, None]).sum(axis=1)]
    found: Array = below + (place - low) * (above - below)
    return found


def two_lines(
    x: Array, y: Array, at: float, controls: Array | None = None, *, alpha: float = 0.05, level: float = 0.95
) -> TwoLines | None:
    """The two lines of one data set; None where a line cannot be told, because shares on its side hardly differ."""
    centred = None if controls is None else controls - controls.mean(axis=0)
    found = slopes(x[None], y[None], np.array([at]), centred)
    if not (np.isfinite(found.first.estimates).all() and np.isfinite(found.second.estimates).all()):
        return None
    first, second = found.first, found.second
    left, right = first.estimates[0], second.estimates[0]
    start, end = float(x.min()) - at, float(x.max()) - at
    return TwoLines(
        at, float(left[1]), float(right[2]), first.interval(1, level), second.interval(2, level),
        float(first.p(1)[0]), float(second.p(2)[0]), found.turn(0, alpha),
        int((x <= at).sum()), int((x >= at).sum()),
        (float(left[0] + left[1] * start), float(left[0]), float(right[0] + right[3]),
         float(right[0] + right[3] + right[2] * end)),
    )  # fmt: skip
