"""The verdict on a sweet spot: an ordered table over support, two lines, and the interval of the optimum; never one test."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Literal, get_args

from clustergov.analysis.interval import Interval
from clustergov.analysis.sweet_spot.support import Support
from clustergov.analysis.sweet_spot.two_lines import Turn

SpotVerdict = Literal[
    "optimum near", "optimum may be", "optimum elsewhere", "no interior optimum", "monotone", "too little support",
    "inconclusive",
]  # fmt: skip
"""“optimum near”: there is an optimum and it lies within the margin of the named share. “optimum may be”: there is one,
compatible with the named share, which is not singled out. Only these two speak for a rule at all."""
SPEAKING_FOR: tuple[SpotVerdict, ...] = ("optimum near", "optimum may be")

Place = Literal["within", "around", "apart", "end", "untold"]
"""Of the optimum's interval. within: inside named ± margin. around: contains the named share, and may reach an end of the
data. apart: inside the data, without the named share. end: reaches an end of the data without the named share. untold:
there is none."""


@dataclass(frozen=True, slots=True)
class SpotRegion:
    """Everything that the verdict depends on.

    Attributes
    ----------
    supported : bool
        Enough organisations on both sides.
    found : Turn
        What the two lines with the break that the data suggest say.
    preset : Turn
        What the two lines with their break at the named share say.
    concave : bool
        Whether the quadratic opens downward (its estimate).
    place : Place
    """

    supported: bool
    found: Turn
    preset: Turn
    concave: bool
    place: Place


@dataclass(frozen=True, slots=True)
class SpotRule:
    """One line of the table; a condition that is left out holds always. `id` is also the key of its sentence."""

    id: str
    verdict: SpotVerdict
    supported: bool | None = None
    found: tuple[Turn, ...] = get_args(Turn)
    preset: tuple[Turn, ...] = get_args(Turn)
    concave: bool | None = None
    place: tuple[Place, ...] = get_args(Place)

    def fits(self, region: SpotRegion) -> bool:
        return (
            self.supported in (None, region.supported)
            and self.concave in (None, region.concave)
            and region.found in self.found
            and region.preset in self.preset
            and region.place in self.place
        )


RULES: tuple[SpotRule, ...] = (
    SpotRule("support", "too little support", supported=False),
    SpotRule("near", "optimum near", found=("rises then falls",), concave=True, place=("within",)),
    SpotRule("may", "optimum may be", found=("rises then falls",), preset=("rises then falls",), concave=True,
             place=("around",)),
    SpotRule("elsewhere", "optimum elsewhere", found=("rises then falls",), concave=True, place=("apart",)),
    SpotRule("worst", "no interior optimum", found=("falls then rises",), concave=False),
    SpotRule("rises", "monotone", found=("rises", "not told"), preset=("rises",)),
    SpotRule("falls", "monotone", found=("falls", "not told"), preset=("falls",)),
    SpotRule("end", "no interior optimum", found=("rises", "falls", "falls then rises", "not told"), place=("end",)),
    SpotRule("open", "inconclusive"),
)  # fmt: skip
"""The first rule that fits decides. All of it is our own choice (D)."""


def decide(region: SpotRegion) -> SpotRule:
    """The rule that gives the verdict."""
    return next(rule for rule in RULES if rule.fits(region))


def place_of(optimum: Interval | None, ends: tuple[float, float], named: float, margin: float) -> Place:
    """Where the optimum's interval lies; `ends` are the smallest and the largest share in the data."""
    if optimum is None:
        return "untold"
    inside = ends[0] < optimum.low and optimum.high < ends[1]
    if optimum.inside(named - margin, named + margin) and inside:
        return "within"
    if named in optimum:
        return "around"
    return "apart" if inside else "end"


def region_of(
    support: Support, found: Turn, preset: Turn, curvature: float, optimum: Interval | None,
    ends: tuple[float, float], named: float, margin: float,
) -> SpotRegion:  # fmt: skip
    """The region of one data set."""
    return SpotRegion(not support.missing, found, preset, curvature < 0, place_of(optimum, ends, named, margin))


def spot_regions() -> Iterator[SpotRegion]:
    """Every region there is."""
    turns: tuple[Turn, ...] = get_args(Turn)
    places: tuple[Place, ...] = get_args(Place)
    for supported, found, preset, concave, place in product((True, False), turns, turns, (True, False), places):
        yield SpotRegion(supported, found, preset, concave, place)
