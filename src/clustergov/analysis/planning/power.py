"""Power by simulation for the model that will be fitted: how often an effect is found, and which effect or n it takes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from clustergov.analysis.interval import Interval
from clustergov.analysis.planning.rate import Rate
from clustergov.analysis.planning.refusal import PowerError
from clustergov.language import number, say
from clustergov.spread import Spread, seeds, spread

CHUNK = 250
"""Draws in one task."""
STEPS = 12
"""Halvings of the range in which an effect is looked for."""
MOST_N = 20_000
MOST_EFFECT = 1000.0
"""In any unit: beyond it a sample is no sample of anything, and numbers overflow."""


class Scenario(Protocol):
    """A model that will be fitted, and the samples that it will be fitted to."""

    @property
    def unit(self) -> str:
        """Key of the words for its effect."""
        ...

    @property
    def alpha(self) -> float: ...

    @property
    def least(self) -> int:
        """Smallest n that can be fitted."""
        ...

    def found(self, n: int, effect: float, draws: int, rng: np.random.Generator) -> NDArray[np.float64]:
        """Per draw 1 where the effect is found, 0 where not, NaN where nothing could be fitted."""
        ...


@dataclass(frozen=True, slots=True)
class PowerPoint:
    """Power at one n and effect.

    Attributes
    ----------
    rate : Rate
        A draw that cannot be fitted counts as one in which nothing is found.
    unfitted : int
    """

    n: int
    effect: float
    rate: Rate
    unfitted: int


@dataclass(frozen=True, slots=True)
class Smallest:
    """The smallest effect found with the target's power at one n; and the effects at which the draws leave it open.

    Attributes
    ----------
    effect : float
        NaN when even the largest effect that was looked at does not reach it.
    interval : Interval
        Between its ends the Monte Carlo interval of the power contains the target: the error of simulating alone.
    """

    n: int
    effect: float
    interval: Interval


@dataclass(frozen=True, slots=True)
class Needed:
    """The smallest n that finds an effect with the target's power; None when it takes more than `MOST_N`."""

    effect: float
    n: int | None
    interval: tuple[int, int | None]


@dataclass(frozen=True, slots=True)
class Power:
    """Power of one model.

    Attributes
    ----------
    unit : str
        What effects are measured in: linear, ordinal, binomial, fractional, tau, equivalence, groups.
    points : tuple of PowerPoint
    smallest : tuple of Smallest
        One per n.
    needed : tuple of Needed
        One per effect.
    target, alpha : float
    draws, seed : int
    """

    unit: str
    points: tuple[PowerPoint, ...]
    target: float
    alpha: float
    draws: int
    seed: int
    smallest: tuple[Smallest, ...] = field(default=())
    needed: tuple[Needed, ...] = field(default=())

    def frame(self) -> pd.DataFrame:
        """One row per n and effect: n, effect, power, low, high (Monte Carlo, 95 %), draws, unfitted."""
        return pd.DataFrame(
            [(p.n, p.effect, p.rate.share, p.rate.interval.low, p.rate.interval.high, p.rate.draws, p.unfitted)
             for p in self.points], columns=["n", "effect", "power", "low", "high", "draws", "unfitted"],
        )  # fmt: skip

    def told(self, language: str) -> tuple[str, ...]:
        """One sentence per point, then the smallest effects and the n's that are needed."""
        unit = say(f"power.unit.{self.unit}", language)
        sentences = [
            say(f"power.point.{'equivalence' if self.unit == 'equivalence' else 'effect'}", language, n=point.n,
                effect=_short(point.effect, language), unit=unit, power=point.rate.share, low=point.rate.interval.low,
                high=point.rate.interval.high, draws=point.rate.draws)
            + ("" if not point.unfitted else " " + say("power.unfitted", language, unfitted=point.unfitted))
            for point in self.points
        ]  # fmt: skip
        for small in self.smallest:
            key = "smallest" if np.isfinite(small.effect) else "no smallest"
            sentences.append(say(f"power.{key}", language, n=small.n, effect=_short(small.effect, language), unit=unit,
                                 target=self.target, low=_short(small.interval.low, language),
                                 high=_short(small.interval.high, language)))  # fmt: skip
        for need in self.needed:
            key = "needed" if need.n is not None else "not needed"
            sentences.append(say(f"power.{key}", language, n=need.n or MOST_N, effect=_short(need.effect, language),
                                 unit=unit, target=self.target, low=need.interval[0],
                                 high=need.interval[1] or MOST_N))  # fmt: skip
        return tuple(sentences)

    def sentence(self, language: str) -> str:
        return " ".join([*self.told(language), say("power.simulated", language, draws=self.draws)])


def _short(value: float, language: str) -> str:
    return number(value, language, 2)


@dataclass(frozen=True, slots=True, eq=False)
class _Task:
    """A number of draws of one n and effect, with a seed of its own."""

    n: int
    effect: float
    draws: int
    seed: np.random.SeedSequence


def _work(scenario: Scenario, task: _Task) -> tuple[int, int]:
    """How many draws found it, and how many could not be fitted."""
    found = scenario.found(task.n, task.effect, task.draws, np.random.default_rng(task.seed))
    return int(np.nansum(found)), int(np.isnan(found).sum())


def power(
    scenario: Scenario, effects: Sequence[float], ns: Sequence[int], *, draws: int = 2000, seed: int = 1,
    target: float = 0.8, sensitivity: bool = False, how: Spread | None = None,
) -> Power:  # fmt: skip
    """Draw samples and fit them.

    The same seeds serve every n and effect, so that curves over effects are smooth, and the numbers are the same for
    any number of jobs or workers.

    Parameters
    ----------
    sensitivity : bool
        Whether to look for the smallest effect at every n, and for the n of every effect.

    Raises
    ------
    PowerError
        No draws, an n below what the model needs or above `MOST_N`, an effect that is not finite or above `MOST_EFFECT`,
        or a point none of whose draws can be fitted.
    """
    if draws < 1:
        raise PowerError("no draws")
    if low := [n for n in ns if n < scenario.least]:
        raise PowerError("too few", n=min(low), parameters=scenario.least - 1)
    if many := [n for n in ns if n > MOST_N]:
        raise PowerError("too many", n=max(many), most=MOST_N)
    if beyond := [effect for effect in effects if not abs(effect) <= MOST_EFFECT]:
        raise PowerError("effect", effect=f"{beyond[0]:g}")
    simulation = _Simulation(scenario, draws, seed, how or Spread())
    points = simulation.points([(n, float(effect)) for n in ns for effect in effects])
    if none := [point for point in points if point.unfitted == draws]:
        raise PowerError("unfitted", n=none[0].n, effect=none[0].effect)
    found = Power(scenario.unit, tuple(points), target, scenario.alpha, draws, seed)
    if not sensitivity or scenario.unit == "equivalence":
        needed = tuple(_needed(simulation, float(e), target) for e in effects) if sensitivity else ()
        return Power(found.unit, found.points, target, scenario.alpha, draws, seed, (), needed)
    sign = -1.0 if max(effects, key=abs, default=1.0) < 0 else 1.0
    return Power(
        found.unit, found.points, target, scenario.alpha, draws, seed,
        tuple(_smallest(simulation, n, target, sign) for n in ns),
        tuple(_needed(simulation, float(effect), target) for effect in effects if effect),
    )  # fmt: skip


@dataclass(slots=True, eq=False)
class _Simulation:
    """Draws of one scenario; what was drawn once is kept."""

    scenario: Scenario
    draws: int
    seed: int
    how: Spread
    known: dict[tuple[int, float], PowerPoint] = field(default_factory=dict)

    def points(self, wanted: Sequence[tuple[int, float]]) -> list[PowerPoint]:
        """Power at several n's and effects, spread over workers together."""
        new = [pair for pair in dict.fromkeys(wanted) if pair not in self.known]
        sizes = [min(CHUNK, self.draws - start) for start in range(0, self.draws, CHUNK)]
        own = seeds(self.seed, len(sizes))
        tasks = [_Task(n, e, size, own[at]) for n, e in new for at, size in enumerate(sizes)]
        results = spread(partial(_work, self.scenario), tasks, self.how)
        for at, (n, effect) in enumerate(new):
            parts = results[at * len(sizes) : (at + 1) * len(sizes)]
            times, unfitted = sum(part[0] for part in parts), sum(part[1] for part in parts)
            rate = Rate.of([True] * times + [False] * (self.draws - times))
            self.known[n, effect] = PowerPoint(n, effect, rate, unfitted)
        return [self.known[pair] for pair in wanted]

    def at(self, n: int, effect: float) -> Rate:
        return self.points([(n, effect)])[0].rate


_READINGS: tuple[Callable[[Rate], float], ...] = (
    lambda rate: rate.interval.high,
    lambda rate: rate.share,
    lambda rate: rate.interval.low,
)
"""Upper end, estimate and lower end of a power: the first reaches a target before the last does."""


def _smallest(simulation: _Simulation, n: int, target: float, sign: float) -> Smallest:
    most = 1.0 if simulation.scenario.unit != "tau" else 0.5
    while simulation.at(n, sign * most).interval.low < target and most < 8 and simulation.scenario.unit != "tau":
        most *= 2
    ends = []
    for reached in _READINGS:
        low, high = 0.0, most
        if reached(simulation.at(n, sign * most)) < target:
            ends.append(np.nan)
            continue
        for _ in range(STEPS):
            middle = (low + high) / 2
            low, high = (low, middle) if reached(simulation.at(n, sign * middle)) >= target else (middle, high)
        ends.append(high)
    least, highest = (np.inf if np.isnan(end) else end for end in (ends[0], ends[2]))
    low, high = sorted((sign * least, sign * highest))
    return Smallest(n, sign * float(ends[1]), Interval(low, high))


def _needed(simulation: _Simulation, effect: float, target: float) -> Needed:
    found: list[int | None] = []
    for reached in _READINGS:
        low = high = simulation.scenario.least
        while high <= MOST_N and reached(simulation.at(high, effect)) < target:
            low, high = high + 1, 2 * high
        if high > MOST_N:
            found.append(None)
            continue
        # To within one in a hundred: the draws do not tell n more closely.
        while low + low // 100 < high:
            middle = (low + high) // 2
            low, high = (low, middle) if reached(simulation.at(middle, effect)) >= target else (middle + 1, high)
        found.append(high)
    return Needed(effect, found[1], (found[0] or MOST_N, found[2]))
