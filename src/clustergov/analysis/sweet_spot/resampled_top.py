"""Where a curve is highest, over resampled organisations; and the interval that holds for three ways of drawing it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from clustergov.analysis.interval import Interval
from clustergov.analysis.sweet_spot.broken_line import broken_tops
from clustergov.analysis.sweet_spot.natural_spline import basis, knots_of, places_of
from clustergov.analysis.sweet_spot.robust_lines import beside

Array = NDArray[np.float64]


RULED_OUT = 5.0
"""A curve so far behind the best in Akaike's criterion is ruled out: Burnham, K. P. & Anderson, D. R. (2002). Model Selection
and Multimodel Inference, 2nd ed., p. 70, see considerably less support from 4 to 7. Own choice among these: 7 leaves a
top at 60 possible in one of eight samples in which it is a smooth one at 40; 4 rules a lopsided one at 60 out more often."""


@dataclass(frozen=True, slots=True, eq=False)
class ResampledTops:
    """The place of the highest value inside the data, in every resample; at an end where the curve has no top inside.

    A curve is only a picture of the truth: the percentile interval of one curve misses a sharp top in up to four samples
    of ten, and one that is steeper on one side in nearly all, because spline and parabola lean to the flatter side
    (docs/sweet-spot.md). The interval that decides therefore covers those of a spline, a parabola and a broken line.

    Attributes
    ----------
    spline : array, shape (r,), or None
        None where shares differ too little for knots.
    parabola : array, shape (r,)
    broken : array, shape (r,)
        Of the line that is broken where it fits best.
    behind : tuple of 3 floats
        How far the fit of spline, parabola and broken line is behind the best of them, in Akaike's criterion; the spline
        infinitely where there is none.
    failed : int
        Resamples that could not be fitted: counted, not replaced.
    ends : tuple of float
        Smallest and largest share.
    """

    spline: Array | None
    parabola: Array
    broken: Array
    behind: tuple[float, float, float]
    failed: int
    ends: tuple[float, float]

    def of_spline(self, level: float) -> Interval | None:
        """Percentile interval of the spline's top."""
        return None if self.spline is None else percentile(self.spline, level)

    def covering(self, level: float) -> Interval | None:
        """From the lowest lower end to the highest upper end of the curves that the data do not rule out.

        None without a spline. Ruled out is a curve more than `RULED_OUT` behind the best.
        """
        if self.spline is None:
            return None
        each = [percentile(tops, level)
                for tops, behind in zip((self.spline, self.parabola, self.broken), self.behind, strict=True)
                if behind <= RULED_OUT]  # fmt: skip
        return Interval(min(one.low for one in each), max(one.high for one in each), level)

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
    """Resample the tops of the three curves of one data set; the spline's knots stay where they are."""
    knots, places = knots_of(x[None]), places_of(x)
    centre, scale = x.mean(), np.ptp(x)

    def powers(values: Array) -> Array:
        t = (values - centre) / scale
        return np.stack([np.ones_like(t), t, t**2], axis=1)

    parabola, failed, bent = _tops(powers(x), powers(places), places, y, controls, weights)
    broken, turned = broken_tops(x, y, controls, weights)
    spline, smooth, m = None, np.inf, 0
    if np.isfinite(knots).all():
        m = knots.shape[1]
        spline, lost, smooth = _tops(
            basis(x[None], knots)[0], basis(places[None], knots)[0], places, y, controls, weights
        )
        failed = max(failed, lost)
    # The break of a broken line is estimated too: four parameters.
    behind = _behind(len(x), (smooth, bent, turned), (m, 3, 4))
    return ResampledTops(spline, parabola, broken, behind, failed, (float(places[0]), float(places[-1])))


def _behind(n: int, squares: tuple[float, ...], parameters: tuple[int, ...]) -> tuple[float, float, float]:
    """Akaike's criterion of three fits, less the smallest. What is held equal costs all of them the same."""
    least = max(1e-12 * max(found for found in squares if np.isfinite(found)), 1e-300)
    one, two, three = (
        n * float(np.log(max(found, least))) + 2 * k for found, k in zip(squares, parameters, strict=True)
    )
    best = min(one, two, three)
    return one - best, two - best, three - best


def _tops(
    columns: Array, at: Array, places: Array, y: Array, controls: Array | None, weights: Array
) -> tuple[Array, int, float]:
    """In an orthonormal basis of the original design, so that products of resamples are well conditioned."""
    n, m = columns.shape
    Q, R = np.linalg.qr(beside(columns[None], controls)[0])
    k = Q.shape[1]
    cross = (weights @ (Q[:, :, None] * Q[:, None, :]).reshape(n, k * k)).reshape(-1, k, k)
    moments = weights @ (Q * y[:, None])
    fitted = np.linalg.eigvalsh(cross)[:, 0] > 1e-9
    solved = np.linalg.solve(cross[fitted], moments[fitted][:, :, None])[:, :, 0]
    turned = np.linalg.solve(R.T, np.hstack([at, np.zeros((len(places), k - m))]).T)
    rest = y - Q @ (Q.T @ y)
    return places[(solved @ turned).argmax(axis=1)], int((~fitted).sum()), float(rest @ rest)
