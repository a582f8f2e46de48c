"""Necessary-condition view: how much of the picture stays empty where a driver is low and the outcome is high.

Dul, J. (2016). Necessary condition analysis (NCA): logic and methodology of “necessary but not sufficient” causality.
Organizational Research Methods 19(1), 10–52; the test of Dul, J., van der Laan, E. & Kuik, R. (2020). A statistical
significance test for necessary condition analysis. Organizational Research Methods 23(2), 385–395.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from clustergov.analysis.case_selection.modelled import Modelled

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Ceiling:
    """One driver against the outcome, without regard to the other drivers.

    Attributes
    ----------
    driver : str
    effect : float
        d, 0 to 1: the empty zone above the ceiling (free disposal hull, a step function) as a share of the scope, which
        runs from the least to the highest observed value of both.
    without_one : float
        The largest d that leaving out one organisation gives: how much the ceiling hangs on one of them.
    p : float
        Share of random pairings of the same values, this one among them, with as large a d.
    draws, n : int
        Random pairings; organisations.
    """

    driver: str
    effect: float
    without_one: float
    p: float
    draws: int
    n: int


def ceilings(modelled: Modelled, *, draws: int, seed: int) -> tuple[Ceiling, ...]:
    """Look at every driver of a model, in their order, on the organisations in it."""
    rng = np.random.default_rng(seed)
    found = []
    for column, driver in enumerate(modelled.terms):
        x, y = modelled.predictors[:, column], modelled.observed
        effect = ceiling_effect(x, y)
        shuffled = rng.permuted(np.repeat(y[None], draws, axis=0), axis=1)
        as_large = int((_effects(x, shuffled) >= effect - 1e-12).sum())
        rest = [ceiling_effect(np.delete(x, row), np.delete(y, row)) for row in range(len(y))]
        found.append(Ceiling(driver, effect, max([effect, *rest]), (1 + as_large) / (1 + draws), draws, len(y)))
    return tuple(found)


def ceiling_effect(x: Array, y: Array) -> float:
    """d of a high x for a high y; 0 where either has one value only."""
    if np.ptp(x) == 0 or np.ptp(y) == 0:
        return 0.0
    return float(_effects(x, y[None])[0])


def _effects(x: Array, outcomes: Array) -> Array:
    """d of each row of outcomes (R, n): the area between their maximum and their running maximum along x."""
    order = np.argsort(x, kind="stable")
    highest = np.maximum.accumulate(outcomes[:, order], axis=1)
    # Among equal x all but the last step have no width, so that the highest of them counts.
    empty = ((highest[:, -1:] - highest)[:, :-1] * np.diff(x[order])).sum(axis=1)
    found: Array = empty / (np.ptp(x) * np.ptp(outcomes, axis=1))
    return found
