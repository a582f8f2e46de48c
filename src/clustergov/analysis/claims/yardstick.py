"""What an estimate is held against: its zero, the claimed direction, the smallest effect of interest, the published figure."""

from __future__ import annotations

import math
from dataclasses import dataclass

from clustergov.analysis.claims.claim import KIND_OF, Part
from clustergov.analysis.claims.verdicts import (
    EQUIVALENCE,
    DecisionTable,
    Region,
    position_of_high,
    position_of_low,
    relation,
)
from clustergov.analysis.interval import Interval

MOST = 100
"""Times the present n up to which a needed n is looked for."""


@dataclass(frozen=True, slots=True)
class Yardstick:
    """How one part of a claim is measured off.

    Attributes
    ----------
    zero : float
        What counts as nothing: 0, the threshold, or the middle of the published value. Log odds for odds ratios.
    sign : {1, -1}
        Claimed direction.
    smallest : float
        Smallest effect of interest as the claim's form uses it, above 0: around a published value it is counted from
        the ends of what rounding leaves open.
    published : tuple of float or None
        The published figure, turned: measured from `zero` in the claimed direction.
    """

    zero: float
    sign: int
    smallest: float
    published: tuple[float, float] | None

    @classmethod
    def of(cls, part: Part, table: DecisionTable) -> Yardstick:
        kind = KIND_OF[part.measure]
        smallest = float(getattr(table.smallest_effects, kind.replace(" ", "_")))
        figure = (part.published.low, part.published.high) if part.published else None
        zero = 0.0
        if kind == "odds ratio":
            smallest = math.log(smallest)
            figure = (math.log(figure[0]), math.log(figure[1])) if figure else None
        if part.form == "threshold" and part.threshold is not None:
            zero = part.threshold
        elif part.form == "value" and figure:
            zero = (figure[0] + figure[1]) / 2
            smallest += (figure[1] - figure[0]) / 2
        plain = cls(zero, part.sign, smallest, None)
        if figure is None:
            return plain
        turned = plain.turn(Interval(*figure))
        return cls(zero, part.sign, smallest, (turned.low, turned.high))

    def turn(self, interval: Interval) -> Interval:
        """Measure an interval from zero in the claimed direction."""
        ends = sorted((self.sign * (interval.low - self.zero), self.sign * (interval.high - self.zero)))
        return Interval(ends[0], ends[1], interval.level)

    def region(self, part: Part, simultaneous: Interval, equivalence: Interval) -> Region:
        """Where two intervals of one estimate lie."""
        turned = self.turn(simultaneous)
        narrow = self.turn(equivalence) if part.form in EQUIVALENCE else turned
        return Region(
            part.form, True,
            position_of_low(turned.low, self.smallest), position_of_high(turned.high, self.smallest),
            narrow.inside(-self.smallest, self.smallest), relation(turned, self.published),
        )  # fmt: skip


def needed(
    part: Part,
    yardstick: Yardstick,
    table: DecisionTable,
    value: float,
    simultaneous: Interval,
    equivalence: Interval,
    n: int,
) -> int | None:
    """Roughly how many usable answers would decide, had they given the same estimate; None past `MOST` times n.

    The intervals are shrunk around the estimate by the square root of n. It is a guide for planning, no power analysis:
    a new estimate will differ.
    """  # fmt: skip
    factor = 1.0
    while factor <= MOST:
        factor *= 1.05
        narrower = (_shrink(interval, value, factor) for interval in (simultaneous, equivalence))
        if table.decide(yardstick.region(part, *narrower)).verdict != "inconclusive":
            return 10 * math.ceil(n * factor / 10)
    return None


def _shrink(interval: Interval, value: float, factor: float) -> Interval:
    root = math.sqrt(factor)
    return Interval(value - (value - interval.low) / root, value + (interval.high - value) / root, interval.level)
