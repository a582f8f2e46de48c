"""Where a curve is highest, over resampled organisations; and the interval that holds for two ways of drawing the curve."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from clustergov.analysis.interval import Interval
from clustergov.analysis.sweet_spot.natural_spline import basis, knots_of, places_of
from clustergov.analysis.sweet_spot.robust_lines import beside

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class ResampledTops:
    """The place of the highest value inside the data, in every resample; at an end where the curve has no top inside.

    A curve is only a picture of the truth: where the truth has a sharp top, or is not symmetric, the percentile interval
    of one curve misses it in up to four samples of ten (docs/sweet-spot.md). The interval that decides therefore covers
    both curves'.

    Attributes
    ----------
    spline : array, shape (r,), or None
        None where shares differ too little for knots.
    parabola : array, shape (r,)
    failed : int
        Resamples that could not be fitted: counted, not replaced.
    ends : tuple of float
        Smallest and largest share.
    """

    spline: Array | None
    parabola: Array
    failed: int
    ends: tuple[float, float]

    def of_spline(self, level: float) -> Interval | None:
        """Percentile interval of the spline's top."""
        return None if self.spline is None else percentile(self.spline, level)

    def covering(self, level: float) -> Interval | None:
        """From the lower of both curves' lower ends to the higher of both upper ends; None without a spline."""
        if self.spline is None:
            return None
        one, other = percentile(self.spline, level), percentile(self.parabola, level)
        return Interval(min(one.low, other.low), max(one.high, other.high), level)

    @property
    def at_end(self) -> float:
        """Share of resamples in which the spline is highest at an end of the data."""
        tops = self.parabola if self.spline is None else self.spline
        return float(((tops <= self.ends[0]) | (tops >= self.ends[1])).mean())


def percentile(tops: Array, level: float) -> Interval:
    """Percentile interval of the places of the highest value."""
    low, high = np.quantile(tops, [0.5 - level / 2, 0.5 + level / 2])
    return Interval(float(low), float(high), level)


def weights_of(rng: np.random.Generator, resamples: int, n: int) -> Array:
    """How often each organisation stands in each resample, shape (resamples, n)."""
    return rng.multinomial(n, np.full(n, 1 / n), size=resamples).astype(float)


def resampled_tops(x: Array, y: Array, controls: Array | None, weights: Array) -> ResampledTops:
    """Resample the tops of the spline and of the parabola of one data set; knots stay where they are."""
    knots, places = knots_of(x[None]), places_of(x)
    centre, scale = x.mean(), np.ptp(x)

    def powers(values: Array) -> Array:
        t = (values - centre) / scale
        return np.stack([np.ones_like(t), t, t**2], axis=1)

    parabola, failed = _tops(powers(x), powers(places), places, y, controls, weights)
    spline = None
    if np.isfinite(knots).all():
        spline, lost = _tops(basis(x[None], knots)[0], basis(places[None], knots)[0], places, y, controls, weights)
        failed = max(failed, lost)
    return ResampledTops(spline, parabola, failed, (float(places[0]), float(places[-1])))


def _tops(
    columns: Array, at: Array, places: Array, y: Array, controls: Array | None, weights: Array
) -> tuple[Array, int]:
    """In an orthonormal basis of the original design, so that products of resamples are well conditioned."""
    n, m = columns.shape
    Q, R = np.linalg.qr(beside(columns[None], controls)[0])
    k = Q.shape[1]
    cross = (weights @ (Q[:, :, None] * Q[:, None, :]).reshape(n, k * k)).reshape(-1, k, k)
    moments = weights @ (Q * y[:, None])
    fitted = np.linalg.eigvalsh(cross)[:, 0] > 1e-9
    solved = np.linalg.solve(cross[fitted], moments[fitted][:, :, None])[:, :, 0]
    turned = np.linalg.solve(R.T, np.hstack([at, np.zeros((len(places), k - m))]).T)
    return places[(solved @ turned).argmax(axis=1)], int((~fitted).sum())
