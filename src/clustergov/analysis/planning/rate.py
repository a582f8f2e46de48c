"""Power by simulation: in which share of draws something planted is found, and how well the draws tell that share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from scipy.stats import binomtest

from clustergov.analysis.interval import Interval

LEVEL = 0.95
"""Of the Monte Carlo interval."""


@dataclass(frozen=True, slots=True)
class Rate:
    """How often something happened in independent draws.

    Attributes
    ----------
    times, draws : int
    interval : Interval
        Wilson's, for the share in infinitely many draws: it tells the error of simulating, nothing else.
    """

    times: int
    draws: int
    interval: Interval

    @property
    def share(self) -> float:
        return self.times / self.draws

    @classmethod
    def of(cls, happened: Iterable[bool]) -> Rate:
        """The rate of a number of draws.

        Raises
        ------
        ValueError
            There is no draw.
        """
        known = list(happened)
        if not known:
            raise ValueError("a rate needs draws")
        found = binomtest(sum(known), len(known)).proportion_ci(LEVEL, method="wilson")
        return cls(sum(known), len(known), Interval(float(found.low), float(found.high), LEVEL))


def distribution(values: Sequence[str]) -> dict[str, float]:
    """The share of draws with each value, the most frequent first."""
    return {value: count / len(values) for value, count in Counter(values).most_common()}
