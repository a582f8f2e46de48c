"""The sweet spot's verdicts where the truth is known: how often each is given, and what naive tests would have said."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from clustergov.analysis.interval import Interval
from clustergov.analysis.planning.rate import Rate
from clustergov.analysis.sweet_spot.nearness import band_fits, distance_fits
from clustergov.analysis.sweet_spot.quadratic import quadratic_fits
from clustergov.analysis.sweet_spot.resampled_top import resampled_tops, weights_of
from clustergov.analysis.sweet_spot.support import support
from clustergov.analysis.sweet_spot.two_lines import Slopes, found_break, slopes
from clustergov.analysis.sweet_spot.verdict import SPEAKING_FOR, SpotVerdict, decide, region_of

Array = NDArray[np.float64]
Truth = Callable[[Array], Array]
"""Expected performance at a share, in standard deviations of what the share leaves open."""

BATCH = 500
"""Data sets fitted at a time: a few megabytes."""


@dataclass(frozen=True, slots=True)
class SpotRates:
    """How often, in independent draws of n organisations.

    Attributes
    ----------
    verdicts : mapping of verdict to Rate
    speaking_for : Rate
        “optimum near” or “optimum may be”.
    distance, band, parabola, two_lines : Rate
        Tests that are no verdict: a negative slope on the distance from the named share; a higher mean within the
        margin; a parabola that opens downward, told from a line, whose top lies inside the data; two lines with the
        break that the data suggest (both one-sided at 5 %).
    """

    n: int
    draws: int
    verdicts: Mapping[SpotVerdict, Rate]
    speaking_for: Rate
    distance: Rate
    band: Rate
    parabola: Rate
    two_lines: Rate


def rehearse(
    truth: Truth, shares: Callable[[np.random.Generator, tuple[int, int]], Array], n: int, draws: int, seed: int, *,
    named: float = 60, margin: float = 10, alpha: float = 0.05, resamples: int = 500, quick: bool = False,
) -> SpotRates:  # fmt: skip
    """Draw shares and normal errors, and give every data set its verdict by the same functions as a study's.

    Parameters
    ----------
    shares : callable
        (generator, shape) → shares from 0 to 100.
    resamples : int
        Bootstrap resamples for the optimum's interval, which is looked at only where a verdict can depend on it.
    quick : bool
        Look at it only where it can speak for an optimum: “no interior optimum” by an end then counts as “inconclusive”.
    """
    rng = np.random.default_rng(seed)
    weights = weights_of(rng, resamples, n)
    verdicts: list[SpotVerdict] = []
    naive: dict[str, list[bool]] = {"distance": [], "band": [], "parabola": [], "two_lines": []}
    for start in range(0, draws, BATCH):
        size = min(BATCH, draws - start)
        x = shares(rng, (size, n))
        y = truth(x) + rng.standard_normal((size, n))
        batch = _Batch.of(x, y, named, alpha)
        far, near = distance_fits(x, y, named), band_fits(x, y, named, margin)
        naive["distance"] += list((far.estimates[:, 1] < 0) & (far.p(1) < 0.05))
        naive["band"] += list((near.estimates[:, 1] > 0) & (near.p(1) < 0.05))
        naive["parabola"] += list(batch.parabola)
        naive["two_lines"] += list(batch.found.rising_then_falling(alpha))
        verdicts += [batch.verdict(at, named, margin, alpha, weights, quick=quick) for at in range(size)]
    found: list[SpotVerdict] = sorted(set(verdicts))
    return SpotRates(
        n, draws, {name: Rate.of(verdict == name for verdict in verdicts) for name in found},
        Rate.of(verdict in SPEAKING_FOR for verdict in verdicts),
        *(Rate.of(map(bool, naive[name])) for name in ("distance", "band", "parabola", "two_lines")),
    )  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class _Batch:
    x: Array
    y: Array
    found: Slopes
    preset: Slopes
    curvature: Array
    parabola: NDArray[np.bool_]

    @classmethod
    def of(cls, x: Array, y: Array, named: float, alpha: float) -> _Batch:
        at = found_break(x, y)
        found = slopes(x, y, at)
        preset = slopes(x, y, np.full(len(x), named))
        t = (x - 50) / 50
        bent = quadratic_fits(t, y)
        top = 50 - 50 * bent.estimates[:, 1] / (2 * bent.estimates[:, 2])
        told = (bent.estimates[:, 2] < 0) & (bent.p(2) < alpha) & (top > x.min(axis=1)) & (top < x.max(axis=1))
        return cls(x, y, found, preset, bent.estimates[:, 2], told)

    def verdict(
        self, at: int, named: float, margin: float, alpha: float, weights: Array, *, quick: bool
    ) -> SpotVerdict:
        """Of one data set; the bootstrap is left out where the verdict cannot depend on it."""
        x, y = self.x[at], self.y[at]
        found, preset = self.found.turn(at, alpha), self.preset.turn(at, alpha)
        counted = support(x, named, margin)
        ends = (float(x.min()), float(x.max()))

        def decided(optimum: Interval | None) -> SpotVerdict:
            return decide(
                region_of(counted, found, preset, float(self.curvature[at]), optimum, ends, named, margin)
            ).verdict

        if counted.missing or found != "rises then falls":
            without = decided(None)
            if quick or without != "inconclusive":
                return without
        return decided(resampled_tops(x, y, None, weights).covering(1 - 2 * alpha))
