"""Logical remainders: configurations that no case shows, or too few; which of them a formula assumes something of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from clustergov.casestudies.qca.calibrated_table import CalibratedSet
from clustergov.casestudies.qca.expression import Expression
from clustergov.casestudies.qca.implicants import Levels
from clustergov.casestudies.qca.truth_table import TruthTable
from clustergov.problems import InputError, Problem

MOST_CONFIGURATIONS = 1 << 22
"""Configurations listed at once; more would take gigabytes."""


@dataclass(frozen=True, slots=True, eq=False)
class Remainders:
    """The remainders of a truth table, without a list of them.

    Attributes
    ----------
    sizes : ndarray of int, shape (k,)
    decided : ndarray of int
        Numbers of the configurations with OUT 1, 0 or C, from 0, ascending.
    excluded : ndarray of int, shape (any, k)
        Remainders that must not be assumed to go with the outcome.
    """

    sizes: Levels
    decided: Levels
    excluded: Levels

    @classmethod
    def of(cls, table: TruthTable) -> Remainders:
        sizes = np.array([one.levels for one in table.conditions])
        decided = np.array([row.number - 1 for row in table.rows if row.out != "?"], dtype=np.int64)
        terms = [_cubes(expression, table.conditions) for expression in table.excluded]
        found = covered_configurations(np.vstack([*terms, np.empty((0, len(sizes)), dtype=np.int64)]), sizes)
        return cls(sizes, decided, _configurations(np.setdiff1d(found, decided), sizes))

    def within(self, terms: Levels) -> Levels:
        """Remainders that some of these terms cover, in the order of their numbers; shape (any, k)."""
        return _configurations(np.setdiff1d(covered_configurations(terms, self.sizes), self.decided), self.sizes)

    def countable(self, terms: Levels) -> bool:
        """Whether the configurations that these terms cover are few enough to be listed."""
        widths = np.where(terms < 0, self.sizes, 1).astype(float).prod(axis=1)
        return bool(widths.sum() <= MOST_CONFIGURATIONS)

    def difference(self, terms: Levels, others: Levels) -> Levels:
        """Remainders that some of `terms` cover and none of `others`."""
        numbers = np.setdiff1d(covered_configurations(terms, self.sizes), self.decided)
        return _configurations(np.setdiff1d(numbers, covered_configurations(others, self.sizes)), self.sizes)


def covered_configurations(terms: Levels, sizes: Levels) -> Levels:
    """Numbers, from 0, of every configuration that some term covers; ascending.

    Parameters
    ----------
    terms : ndarray of int, shape (terms, k)
        A level per condition, −1 where any will do.
    """
    steps = np.concatenate([np.cumprod(sizes[:0:-1])[::-1], [1]]).astype(np.int64)
    found = [np.empty(0, dtype=np.int64)]
    for term in terms:
        if np.prod(sizes[term < 0].astype(float)) > MOST_CONFIGURATIONS:
            raise InputError(Problem("qca-too-wide", f"expected terms that cover at most {MOST_CONFIGURATIONS} "
                                     "configurations, found one that covers more.", "Take fewer conditions."))  # fmt: skip
        numbers = np.array([int((term * steps)[term >= 0].sum())], dtype=np.int64)
        for place in np.flatnonzero(term < 0):
            numbers = (numbers[:, None] + steps[place] * np.arange(sizes[place])).ravel()
        found.append(numbers)
    return np.unique(np.concatenate(found))


def _configurations(numbers: Levels, sizes: Levels) -> Levels:
    levels = np.empty((len(numbers), len(sizes)), dtype=np.int64)
    for place in reversed(range(len(sizes))):
        numbers, levels[:, place] = np.divmod(numbers, sizes[place])
    return levels


def _cubes(expression: Expression, conditions: Sequence[CalibratedSet]) -> Levels:
    """The terms of an expression as rows of levels; one row per combination of several levels of a condition."""
    rows = []
    for term in expression.terms:
        allowed = {literal.name: literal.levels for literal in term.literals}
        rows += list(product(*(allowed.get(one.name, (-1,)) for one in conditions)))
    return np.array(rows, dtype=np.int64).reshape(-1, len(conditions))
