"""docs/sweet-spot.md: how often each test finds an optimum at 60 where there is one and where there is none.

``python tests/sweet_spot_page.py`` writes it, with 10,000 draws a cell: some five minutes.
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


SLANTED = (
    Truth("lopsided 60", "peak at 60, 0.02 up and 0.06 down", lambda x: np.minimum(0.02 * (x - 60), -0.06 * (x - 60))),
    Truth("lopsided 75", "peak at 75, 0.02 up and 0.08 down", lambda x: np.minimum(0.02 * (x - 75), -0.08 * (x - 75))),
    Truth("lopsided 40", "peak at 40, 0.08 up and 0.02 down", lambda x: np.minimum(0.08 * (x - 40), -0.02 * (x - 40))),
    Truth("parabola 40", "parabola with its top at 40", lambda x: -0.0012 * (x - 40) ** 2),
)
"""Peaks that are steeper on one side, and a smooth one."""
STEP = Truth("step", "a step of 1.5 at 50", lambda x: 1.5 * (x >= 50))
HEAPS = np.array([0, 25, 50, 60, 75, 100.0])


def shares(rng: np.random.Generator, shape: tuple[int, int]) -> Array:
    """Whole percentages from Beta(2, 3): mean 40, 18 % of organisations above 60."""
    return np.round(100 * rng.beta(2, 3, shape))


def heaped(rng: np.random.Generator, shape: tuple[int, int]) -> Array:
    """The same, of which 70 % name the nearest of 0, 25, 50, 60, 75 and 100."""
    exact = 100 * rng.beta(2, 3, shape)
    nearest = HEAPS[np.abs(exact[..., None] - HEAPS).argmin(axis=-1)]
    return np.where(rng.random(shape) < 0.7, nearest, np.round(exact))


def even(rng: np.random.Generator, shape: tuple[int, int]) -> Array:
    """Whole percentages, all as likely: enough organisations on both sides of any peak."""
    return np.round(100 * rng.random(shape))


def heaped_cell(truth: Truth, n: int, draws: int) -> SpotRates:
    return rehearse(truth.height, heaped, n, draws, SEED + n, quick=True, resamples=300)


def slanted_cell(truth: Truth, n: int, draws: int) -> SpotRates:
    return rehearse(truth.height, even, n, draws, SEED + n, quick=True, resamples=300)


def cell(truth: Truth, n: int, draws: int) -> SpotRates:
    return rehearse(truth.height, shares, n, draws, SEED + n, quick=True, resamples=300)


def cells(draws: int) -> Iterator[tuple[Truth, int, SpotRates]]:
    for truth in TRUTHS:
        for n in SIZES:
            yield truth, n, cell(truth, n, draws)


def coverage(truth: Truth, place: float, n: int, samples: int) -> tuple[float, ...]:
    """How often the 90 % intervals of spline, parabola and broken line, and the one that decides, hold the true top."""
    rng = np.random.default_rng(SEED)
    weights = weights_of(rng, 300, n)
    held = np.zeros(4)
    for _ in range(samples):
        x = shares(rng, (1, n))[0]
        found = resampled_tops(x, truth.height(x) + rng.standard_normal(n), None, weights)
        each = (
            found.of_spline(0.9),
            percentile(found.parabola, 0.9),
            percentile(found.broken, 0.9),
            found.covering(0.9),
        )
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
- **the optimum's interval**: where the highest point of a smooth curve, of a parabola and of a broken line lies over
  resamples.

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
    held = [(truth.words, n, coverage(truth, 60, n, samples)) for truth in (TRUTHS[-1], SLANTED[0]) for n in (200, 356)]
    rows = "\n".join(
        f"| {words} | {n} | " + " | ".join(f"{100 * share:.0f} %" for share in shares) + " |"
        for words, n, shares in held
    )
    on_heaps = "\n".join(
        f"| {truth.words} | " + " | ".join(
            f"{100 * heaped_cell(truth, n, 3 * samples).speaking_for.share:.1f} %" for n in SIZES) + " |"
        for truth in (*TRUTHS[:4], STEP)
    )  # fmt: skip
    slanted = "\n".join(
        f"| {truth.words} | {n} | "
        + " | ".join(
            f"{100 * rates.verdicts[name].share:.1f} %" if name in rates.verdicts else "0.0 %"
            for name in ("optimum near", "optimum may be", "optimum elsewhere")
        )
        + " |"
        for truth in SLANTED
        for n in (200, 356)
        for rates in (slanted_cell(truth, n, samples),)
    )
    return (
        OPENING.format(draws=f"{draws:,}")
        + table(found)
        + f"""

The verdict speaks for 60 in at most {100 * wrong:.1f} % of samples in which 60 is no optimum; distance does so in most
where performance rises or levels off. The last truth is the price: with a real peak at 60 the verdict speaks for it in {100 * power[0]:.0f} % of samples of
80, {100 * power[1]:.0f} % of 200 and {100 * power[2]:.0f} % of 356. With 18 % of organisations above 60, a sample of 80 is
too small to tell; “inconclusive” and “too little support” are then the right answers.

Shares are seldom named to the point. With 70 % of organisations at the nearest of 0, 25, 50, 60, 75 and 100, the verdict
speaks for 60 in ({3 * samples:,} samples):

| truth | n = 80 | n = 200 | n = 356 |
|---|---:|---:|---:|
{on_heaps}

Where organisations at exactly 0 and 100 differ from all others, and few others lie near the ends, a wide flat stretch
can look like a peak: draw the points before believing any verdict.

## Why the interval covers three curves

A curve is a picture of the truth. A sharp peak is not a smooth one, and where performance falls more steeply than it
rises, smooth curves put the top too far to the flatter side. This is how often a 90 % interval of the highest point holds
60 when performance peaks there ({samples:,} samples):

| truth | n | smooth curve | parabola | broken line | what decides |
|---|---:|---:|---:|---:|---:|
{rows}

The verdict therefore rests on the interval that covers all three, less those that fit clearly worse than the best (by more
than 7 in Akaike's criterion). What it says of peaks that are steeper on one side, and of a smooth one that is not at 60
(shares evenly from 0 to 100, {samples:,} samples; an interval at 90 % may miss in one sample of ten):

| truth | n | optimum near 60 | may be 60 | elsewhere |
|---|---:|---:|---:|---:|
{slanted}

This page is written by the tests: `python tests/sweet_spot_page.py`; a test draws the cells anew, fewer times, and holds
them against it.
"""
    )


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent))
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    PAGE.write_text(page(), encoding="utf-8")
