"""The distribution of one variable of a simulated questionnaire: finite, exact, from least to most."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from clustergov.instruments.questionnaire import Variable

EDGE = 37.0
"""Stands for an infinite threshold: the normal distribution has no mass beyond it in double precision."""

ROUNDING = 1e-9
"""How far declared probabilities may be from adding to 1: rounding of decimals, nothing else."""


@dataclass(frozen=True, slots=True)
class Marginal:
    """What one variable takes, and how often, among those who answer it.

    Attributes
    ----------
    variable : str
    values : tuple of str or of float
        Codes or numbers, from least to most; for an unordered scale in the scale's order.
    scores : ndarray, shape (k,)
        The number each value counts as: the number itself, 0/1 for ticks, else the position 1..k (as
        `Responses.values` gives it).
    probabilities : ndarray, shape (k,)
        They add to 1.
    ordered : bool
        False for a choice without order: it has shares, no mean and no rank correlation.
    """

    variable: str
    values: tuple[str, ...] | tuple[float, ...]
    scores: NDArray[np.float64]
    probabilities: NDArray[np.float64]
    ordered: bool

    def thresholds(self) -> NDArray[np.float64]:
        """The k − 1 cut points on the latent standard normal variable."""
        cumulative = np.clip(np.cumsum(self.probabilities)[:-1], 0.0, 1.0)
        return np.clip(ndtri(cumulative), -EDGE, EDGE)

    def places(self, latent: NDArray[np.float64]) -> NDArray[np.intp]:
        """The place (0..k − 1) of each latent value among the values."""
        # Cumulating probabilities may end at 1 - 1e-16: a place past the last value with any mass does not exist.
        last = int(np.flatnonzero(self.probabilities > 0)[-1])
        return np.minimum(np.searchsorted(self.thresholds(), latent, side="left"), last)

    def share(self, codes: Collection[str]) -> float:
        """The share of those who answer that give one of these codes."""
        return float(sum(p for value, p in zip(self.values, self.probabilities, strict=True) if value in codes))

    def share_above(self, cut: float) -> float:
        """The share of those who answer whose number (or place in the scale) is above `cut`."""
        return float(self.probabilities[self.scores > cut].sum())

    def mean(self) -> float:
        return float(self.scores @ self.probabilities)


def from_probabilities(variable: Variable, probabilities: Mapping[str, float]) -> Marginal:
    """The marginal of a choice or a tick; codes that are not named have probability 0."""
    if variable.scale is None:
        raise TypeError(f"{variable.name} has no answer codes")
    codes = variable.scale.codes[::-1] if variable.scale.direction == "descending" else variable.scale.codes
    first = 0.0 if variable.kind == "tick" else 1.0
    share = np.array([float(probabilities.get(code, 0.0)) for code in codes])
    return Marginal(
        variable.name, codes, first + np.arange(len(codes), dtype=float), share / share.sum(), variable.scale.ordered
    )


def from_quantiles(variable: Variable, quantiles: Sequence[tuple[float, float]]) -> Marginal:
    """The marginal of a whole number, from points (share at most, number).

    The quantile function is linear between the points; a number that stands at two shares is taken by that part of
    the respondents. Numbers are rounded to the nearest whole one, so every point is met up to half a unit.
    """
    shares, numbers = (np.array(column, dtype=float) for column in zip(*quantiles, strict=True))
    values = np.arange(round(numbers[0]), round(numbers[-1]) + 1, dtype=float)
    edges = np.concatenate([values - 0.5, [values[-1] + 0.5]])
    probabilities = np.diff(np.interp(edges, numbers, shares))
    return Marginal(variable.name, tuple(values.tolist()), values, probabilities / probabilities.sum(), True)


def mistakes(
    variable: Variable, probabilities: Mapping[str, float] | None, quantiles: Sequence[tuple[float, float]] | None
) -> Iterator[tuple[str, str, str]]:
    """What is wrong with a declared distribution: rule, message, fix."""
    if (probabilities is None) == (quantiles is None):
        yield ("distribution", "expected either probabilities or quantiles.", "Give exactly one of them.")
    elif probabilities is not None:
        yield from _mistaken_probabilities(variable, probabilities)
    elif quantiles is not None:
        yield from _mistaken_quantiles(variable, quantiles)


def _mistaken_probabilities(variable: Variable, probabilities: Mapping[str, float]) -> Iterator[tuple[str, str, str]]:
    if variable.scale is None:
        yield ("distribution", f"{variable.name} has no answer codes.", "Give quantiles: it is a number.")
        return
    for code in probabilities:
        if code not in variable.scale.codes:
            yield ("unknown-code", f"{variable.name} has no substantive answer “{code}”; it has "
                   f"{', '.join(variable.scale.codes)}.", "Blanks are declared under `missing`.")  # fmt: skip
    if any(not 0 <= p <= 1 for p in probabilities.values()):
        yield ("probability", "expected probabilities from 0 to 1.", "Correct the one outside.")
    total = sum(probabilities.values())
    if abs(total - 1) > ROUNDING:
        yield ("probabilities-total", f"expected probabilities that add to 1, found {total:.6g}.", "Adjust them.")


def _mistaken_quantiles(variable: Variable, quantiles: Sequence[tuple[float, float]]) -> Iterator[tuple[str, str, str]]:
    if variable.kind != "number":
        yield ("distribution", f"{variable.name} is not a number.", "Give probabilities per code.")
        return
    shares, numbers = [point[0] for point in quantiles], [point[1] for point in quantiles]
    if len(quantiles) < 2 or shares[0] != 0 or shares[-1] != 1 or shares != sorted(set(shares)):
        yield (
            "quantiles",
            "expected shares that rise from 0 to 1.",
            "Write points as [share, number], e.g. [0.5, 60].",
        )
    if numbers != sorted(numbers) or any(not float(number).is_integer() for number in numbers):
        yield ("quantiles", "expected whole numbers that do not fall.", "Correct their order or round them.")
    low, high = variable.question.minimum, variable.question.maximum
    if numbers and ((low is not None and min(numbers) < low) or (high is not None and max(numbers) > high)):
        yield ("quantiles", f"expected numbers from {low} to {high}, as the questionnaire has it; found "
               f"{min(numbers):g} to {max(numbers):g}.", "Stay within the question's range.")  # fmt: skip
