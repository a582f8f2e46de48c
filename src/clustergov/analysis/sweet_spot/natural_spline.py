"""A smooth curve of performance in a share: the natural (restricted) cubic spline, and the place of its highest value."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import fdtrc, stdtrit

from clustergov.analysis.sweet_spot.robust_lines import RobustFits, beside, robust_fits

Array = NDArray[np.float64]

QUANTILES = {3: (0.1, 0.5, 0.9), 4: (0.05, 0.35, 0.65, 0.95)}
"""Where knots lie: Harrell, F. E. (2015). Regression Modeling Strategies, 2nd ed., table 2.3."""
ENOUGH_FOR_FOUR = 100
"""Organisations from which four knots are used."""
GRID = 201
"""Places between the smallest and the largest share at which the curve is looked at."""


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """The curve at the mean of what is held equal.

    Attributes
    ----------
    knots : tuple of float
    places, height, low, high : array, shape (GRID,)
        The share, the curve, and its pointwise interval from HC3 and t.
    top : float
        The share at which the curve is highest; an end of the data when it has no top inside.
    interior : bool
        Whether `top` lies between the ends of the data.
    curvature_p : float
        Wald's test (HC3, F) that the curve is a straight line; shown, and decides nothing alone.
    """

    knots: tuple[float, ...]
    places: Array
    height: Array
    low: Array
    high: Array
    top: float
    interior: bool
    curvature_p: float


def places_of(x: Array) -> Array:
    """The shares at which a curve is looked at."""
    return np.linspace(x.min(), x.max(), GRID)


def knots_of(x: Array) -> Array:
    """Knots of many data sets, shape (B, m), by quantiles of each; NaN where fewer than m differ."""
    quantiles = QUANTILES[4 if x.shape[1] >= ENOUGH_FOR_FOUR else 3]
    found: Array = np.quantile(x, quantiles, axis=1).T
    narrow = 1e-9 * (x.max(axis=1, keepdims=True) - x.min(axis=1, keepdims=True))
    gaps: NDArray[np.bool_] = np.diff(found, axis=1) > narrow
    return np.where(np.all(gaps, axis=1, keepdims=True), found, np.nan)


def basis(x: Array, knots: Array) -> Array:
    """1, x and m − 2 truncated cubics that are straight outside the outer knots, shape (B, n, m).

    Harrell (2015), eq. 2.25, divided by the square of the distance of the outer knots; the same space as R's
    ``splines::ns`` with these inner and boundary knots.
    """
    last, before, first = knots[:, -1], knots[:, -2], knots[:, 0]
    width = (last - first) ** 2
    columns = [np.ones_like(x), x]
    for j in range(knots.shape[1] - 2):
        own = knots[:, j]
        toward_last = _cube(x, before) * ((last - own) / (last - before))[:, None]
        toward_before = _cube(x, last) * ((before - own) / (last - before))[:, None]
        columns.append((_cube(x, own) - toward_last + toward_before) / width[:, None])
    return np.stack(columns, axis=2)


def _cube(x: Array, knot: Array) -> Array:
    found: Array = np.maximum(x - knot[:, None], 0.0) ** 3
    return found


def spline_fits(x: Array, y: Array, knots: Array, controls: Array | None = None) -> tuple[RobustFits, Array]:
    """Fit many at once; the fits, and the spline's part of the design, shape (B, n, m)."""
    # Where there are no knots any will do: that design is put to nothing, and told as such.
    own = basis(x, np.where(np.isfinite(knots), knots, np.arange(knots.shape[1])))
    own = np.where(np.asarray(np.isfinite(knots).all(axis=1))[:, None, None], own, 0.0)
    return robust_fits(beside(own, controls), y), own


def curve(x: Array, y: Array, controls: Array | None, *, level: float = 0.95) -> Curve | None:
    """Fit one curve with its band; None where shares differ too little for knots."""
    knots = knots_of(x[None])
    if np.isnan(knots).any():
        return None
    fits, _ = spline_fits(x[None], y[None], knots, controls)
    m = knots.shape[1]
    places = places_of(x)
    at = basis(places[None], knots)[0]
    held = np.zeros((GRID, 0)) if controls is None else np.tile(controls.mean(axis=0), (GRID, 1))
    whole = np.hstack([at, held])
    height = whole @ fits.estimates[0]
    reach = float(stdtrit(fits.df, 0.5 + level / 2)) * np.sqrt(
        np.einsum("gi,ij,gj->g", whole, fits.covariance[0], whole)
    )
    bent = slice(2, m)
    wald = fits.estimates[0, bent] @ np.linalg.solve(fits.covariance[0, bent, bent], fits.estimates[0, bent])
    peak = int(height.argmax())
    return Curve(
        tuple(map(float, knots[0])), places, height, height - reach, height + reach, float(places[peak]),
        0 < peak < GRID - 1, float(fdtrc(m - 2, fits.df, wald / (m - 2))),
    )  # fmt: skip
