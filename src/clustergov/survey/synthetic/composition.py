"""Simulated shares of a budget: several parts that add up to exactly 100, with sources that an organisation lacks.

Three steps per respondent. Which parts it has: independent draws, given that it has at least one. How the whole is divided over
those: a Dirichlet distribution. Rounding to steps (most people answer in fives): the cumulated shares are rounded
with one random offset, which keeps the sum at the total and every part's expectation as it is.

Because the mean is then known exactly (a sum over the 2^k − 1 sets of parts), the weights of one group of parts are
scaled until that group has the wanted mean share.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

Stream = Callable[[str], np.random.Generator]
"""Gives the generator of one named part of the draw."""


@dataclass(frozen=True, slots=True)
class Composition:
    """The distribution of one set of shares.

    Attributes
    ----------
    question : str
    parts : tuple of str
        Variables, k of them.
    present : ndarray, shape (k,)
        Probability that an organisation has the part, before the condition that it has at least one.
    weights : ndarray, shape (k,)
        Dirichlet weights among the parts that it has.
    total : float
        What the parts add up to.
    step : float
        Answers are multiples of it.
    """

    question: str
    parts: tuple[str, ...]
    present: NDArray[np.float64]
    weights: NDArray[np.float64]
    total: float
    step: float

    def sets(self) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
        """Every set of parts that an organisation may have, and its probability."""
        k = len(self.parts)
        members = (np.arange(1, 2**k)[:, np.newaxis] >> np.arange(k) & 1).astype(bool)
        probabilities = np.where(members, self.present, 1 - self.present).prod(axis=1)
        return members, probabilities / probabilities.sum()

    def means(self) -> dict[str, float]:
        """The exact mean of every part."""
        members, probabilities = self.sets()
        shares = members * self.weights
        shares = shares / shares.sum(axis=1, keepdims=True)
        means = self.total * (probabilities @ shares)
        return dict(zip(self.parts, means.tolist(), strict=True))

    def draw(self, n: int, stream: Stream) -> dict[str, NDArray[np.float64]]:
        """`n` compositions, one column per part."""
        members, probabilities = self.sets()
        chosen = np.searchsorted(np.cumsum(probabilities), stream(f"{self.question} set").random(n), side="right")
        has = members[np.minimum(chosen, len(members) - 1)]
        amounts = np.column_stack(
            [stream(part).standard_gamma(weight, n) for part, weight in zip(self.parts, self.weights, strict=True)]
        )
        # A gamma variable with a small weight can underflow to 0: then the parts that are there share equally.
        amounts = np.where(has, np.maximum(amounts, 1e-300), 0.0)
        cumulative = np.cumsum(amounts, axis=1)
        cumulative *= (self.total / self.step) / cumulative[:, -1:]
        offset = stream(f"{self.question} rounding").random((n, 1))
        steps = np.diff(np.floor(cumulative + offset), axis=1, prepend=0.0)
        # The last part takes what is left: floating point could put the end of the cumulated shares a hair below it.
        steps[:, -1] = round(self.total / self.step) - steps[:, :-1].sum(axis=1)
        rounded = self._repair(steps, has) * self.step
        return {part: rounded[:, index] for index, part in enumerate(self.parts)}

    @staticmethod
    def _repair(steps: NDArray[np.float64], has: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Move a step that rounding put on an absent last part to the largest part."""
        stray = np.where(has[:, -1], 0.0, steps[:, -1])
        steps[:, -1] -= stray
        rows = np.arange(len(steps))
        steps[rows, steps.argmax(axis=1)] += stray
        return steps


def with_mean_share(composition: Composition, group: frozenset[str], share: float) -> Composition:
    """The same composition, the weights of `group` scaled so that its parts together have the mean share `share`.

    Raises
    ------
    ValueError
        No scaling gets there: too many organisations have only parts of the group, or none of it.
    """
    inside = np.array([part in group for part in composition.parts])

    def scaled(log_factor: float) -> Composition:
        weights = np.where(inside, composition.weights * np.exp(log_factor), composition.weights)
        return Composition(
            composition.question, composition.parts, composition.present, weights, composition.total, composition.step
        )

    def excess(log_factor: float) -> float:
        return group_share(scaled(log_factor).means(), group, composition.total) - share

    low, high = excess(-5.0), excess(5.0)
    if not low <= 0 <= high:
        raise ValueError(f"a mean share from {share + low:.3f} to {share + high:.3f} is possible")
    return scaled(float(brentq(excess, -5.0, 5.0, xtol=1e-12)))


def group_share(means: Mapping[str, float], group: frozenset[str], total: float) -> float:
    """The part of the whole, 0 to 1, that the parts of `group` have together on average."""
    return sum(mean for part, mean in means.items() if part in group) / total
