"""Simulated samples for the claim that a mean is a named value within a margin: two one-sided t tests."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from clustergov.analysis.planning.refusal import PowerError

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class EquivalenceScenario:
    """The true mean lies `effect` from the named value; found is equivalence within the margin.

    Attributes
    ----------
    margin : float
    sd : float
        Standard deviation of the answers; of `values` their own.
    values : array or None
        Answers of data, which are shifted and drawn with replacement; None: normal ones.
    population : int or None
        N of a finite population: errors are multiplied by √(1 − n/N), and so is the spread of the mean.
    """

    margin: float
    sd: float
    values: Array | None = None
    population: int | None = None
    alpha: float = 0.05

    unit = "equivalence"
    least = 3

    def __post_init__(self) -> None:
        if self.margin <= 0 or self.sd <= 0 or not np.isfinite(self.sd):
            raise PowerError("constant outcome")

    def found(self, n: int, effect: float, draws: int, rng: np.random.Generator) -> Array:
        if self.population is not None and n > self.population:
            raise PowerError("effect", effect=n)
        if self.values is None:
            y = self.sd * rng.standard_normal((draws, n))
        else:
            y = self.values[rng.integers(0, len(self.values), (draws, n))] - self.values.mean()
        left = 1.0 if self.population is None else float(np.sqrt(1 - n / self.population))
        # Drawing without replacement spreads the mean less, by the same factor.
        mean = effect + left * y.mean(axis=1)
        reach = float(stdtrit(n - 1, 1 - self.alpha)) * left * y.std(axis=1, ddof=1) / np.sqrt(n)
        found: Array = (np.abs(mean) + reach < self.margin).astype(float)
        return found
