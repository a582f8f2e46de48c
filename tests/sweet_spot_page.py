"""docs/sweet-spot.md: how often each test finds an optimum at 60 where there is one and where there is none.

``python tests/sweet_spot_page.py`` writes it, with 10,000 draws a cell: some minutes.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from clustergov.analysis.sweet_spot.rehearsal import SpotRates, rehearse
from clustergov.analysis.sweet_spot.resampled_top import percentile, resampled_tops, weights_of

PAGE = Path(__file__).resolve().parents[1] / "docs" / "sweet-spot.md"
SIZES = (80, 200, 356)
SEED = 20250611
FULL = 10_000

Array = np.ndarray


@dataclass(frozen=True)
class Truth:
    """A shape of performance over the share, in standard deviations of what the share leaves open."""

    name: str
    words: str
    height: Callable[[Array], Array]
    optimum_at_60: bool = False


TRUTHS = (
    Truth("none", "no relation", lambda x: 0 * x),
    Truth("line", "a straight line, 0.019 per point", lambda x: 0.019 * x),
    Truth("levelling", "levelling off: 2 (1 − exp(−x/25))", lambda x: 2 * (1 - np.exp(-x / 25))),
    Truth("plateau", "rising to 60 and flat from there, 0.04 per point", lambda x: 0.04 * np.minimum(x, 60)),
    Truth("peak at 40", "peak at 40, 0.04 per point on both sides", lambda x: -0.04 * np.abs(x - 40)),
    Truth("peak at 60", "peak at 60, 0.04 per point on both sides", lambda x: -0.04 * np.abs(x - 60), True),
)


def shares(rng: np.random.Generator, shape: tuple[int, int]) -> Array:
    """Whole percentages from Beta(2, 3): mean 40, 18 % of organisations above 60."""
    return np.round(100 * rng.beta(2, 3, shape))


def cell(truth: Truth, n: int, draws: int) -> SpotRates:
    return rehearse(truth.height, shares, n, draws, SEED + n, quick=True, resamples=300)


def cells(draws: int) -> Iterator[tuple[Truth, int, SpotRates]]:
    for truth in TRUTHS:
        for n in SIZES:
            yield truth, n, cell(truth, n, draws)


def coverage(truth: Truth, place: float, n: int, samples: int) -> tuple[float, float, float]:
    """How often the 90 % intervals of the spline, of the parabola, and of both together hold the true top."""
    rng = np.random.default_rng(SEED)
    weights = weights_of(rng, 300, n)
    held = np.zeros(3)
    for _ in range(samples):
        x = shares(rng, (1, n))[0]
        found = resampled_tops(x, truth.height(x) + rng.standard_normal(n), None, weights)
        each = (found.of_spline(0.9), percentile(found.parabola, 0.9), found.covering(0.9))
        held += [interval is not None and place in interval for interval in each]
    return tuple(held / samples)


OPENING = """# Sweet spots, and how not to find one

A rule such as 60/40 can be tested by regressing performance on the distance from 60, or by comparing organisations
near 60 with others. Both mislead: wherever most organisations lie below 60 and performance rises with the share, those
nearer to 60 do better, whether 60 is an optimum or not. `clustergov analysis sweet-spot` shows such a test as the wrong
way and does not use it. Its verdict comes from an ordered table over four things, none of which decides alone:

- **support**: are there organisations on both sides of the named share, and beyond its margin;
- **two lines** (Simonsohn 2018), broken where the data suggest and at the named share: a rise before and a fall after,
  each by a one-sided test with HC3 errors;
- **curvature**: does the parabola open downward;
- **the optimum's interval**: where the highest point of a smooth curve and of a parabola lies over resamples.

The verdicts are: *optimum near* (all of the interval within the margin of the named share), *optimum may be* (the
interval contains the named share and does not single it out), *optimum elsewhere*, *no interior optimum*, *monotone*,
*too little support*, *inconclusive*. Only the first two speak for a rule.

## How often it is wrong

Every cell is {draws} simulated samples of n organisations: whole percentages from Beta(2, 3), of which 18 % lie above
60; normal errors with standard deviation 1; the same functions as on real responses. *Distance* and *band* are the naive
tests at 5 %; *parabola* is a concave quadratic at 5 % whose top lies inside the data; *two lines* is that test alone. The
last column is the part of samples in which the verdict speaks for an optimum at 60.

"""


def table(found: list[tuple[Truth, int, SpotRates]]) -> str:
    lines = [
        "| truth | n | distance | band | parabola | two lines | speaks for 60 |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    for truth, n, rates in found:
        naive = (rates.distance, rates.band, rates.parabola, rates.two_lines)
        shown = " | ".join(f"{100 * rate.share:.1f} %" for rate in naive)
        lines.append(f"| {truth.words} | {n} | {shown} | {100 * rates.speaking_for.share:.1f} % |")
    return "\n".join(lines)


def page(draws: int = FULL, samples: int = 1000) -> str:
    """The whole page; with 10,000 draws the error of simulating is at most one percentage point."""
    found = list(cells(draws))
    wrong = max(rates.speaking_for.share for truth, _, rates in found if not truth.optimum_at_60)
    power = [rates.speaking_for.share for truth, _, rates in found if truth.optimum_at_60]
    held = {n: coverage(TRUTHS[-1], 60, n, samples) for n in (200, 356)}
    rows = "\n".join(
        f"| {n} | {100 * spline:.0f} % | {100 * parabola:.0f} % | {100 * both:.0f} % |"
        for n, (spline, parabola, both) in held.items()
    )
    return (
        OPENING.format(draws=f"{draws:,}")
        + table(found)
        + f"""

The verdict speaks for 60 in at most {100 * wrong:.1f} % of samples in which 60 is no optimum; distance does so in most
where performance rises or levels off. The last truth is the price: with a real peak at 60 the verdict speaks for it in {100 * power[0]:.0f} % of samples of
80, {100 * power[1]:.0f} % of 200 and {100 * power[2]:.0f} % of 356. With 18 % of organisations above 60, a sample of 80 is
too small to tell; “inconclusive” and “too little support” are then the right answers.

## Why the interval covers two curves

A curve is a picture of the truth, and a sharp peak is not a smooth one. This is how often a 90 % interval of the highest
point holds 60 when performance peaks there sharply ({samples:,} samples):

| n | smooth curve | parabola | both together |
|---:|---:|---:|---:|
{rows}

Each curve alone misses more often than it says, and more so with more data. The verdict therefore rests on the interval
that covers both.

This page is written by the tests: `python tests/sweet_spot_page.py`; a test draws the cells anew, fewer times, and holds
them against it.
"""
    )


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent))
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    PAGE.write_text(page(), encoding="utf-8")
