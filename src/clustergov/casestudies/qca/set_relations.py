"""Necessary and sufficient sets: single conditions, their conjunctions, and the alternatives of which one is needed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from typing import Literal

import numpy as np

from clustergov.casestudies.qca.calibrated_table import Array, CalibratedSet, CalibratedTable
from clustergov.casestudies.qca.expression import Expression, SetLiteral, Term
from clustergov.casestudies.qca.fit import NecessityFit, SufficiencyFit, necessity, sufficiency

TOLERANCE = 1e-9
DEPTH = 3
"""Conditions in one combination; own choice: a longer list of alternatives seldom stands for one concept."""

Form = Literal["condition", "conjunction", "disjunction"]


@dataclass(frozen=True, slots=True)
class NecessaryRelation:
    """A set as a superset of the outcome.

    Attributes
    ----------
    expression : Expression
    form : {"condition", "conjunction", "disjunction"}
    fit : NecessityFit
    contradicting : tuple of str
        Cases more in the outcome than out, and more out of the set than in.
    """

    expression: Expression
    form: Form
    fit: NecessityFit
    contradicting: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SufficientRelation:
    """A conjunction as a subset of the outcome, no part of which is sufficient already."""

    expression: Expression
    fit: SufficiencyFit


def single_conditions(
    table: CalibratedTable, outcome: SetLiteral, conditions: Sequence[str]
) -> tuple[NecessaryRelation, ...]:
    """Every condition and its complement, or every level of it, as necessary for the outcome; none is left out."""
    y = outcome.membership(table)
    literals = [literal for name in conditions for literal in _literals(table[name])]
    return tuple(_necessary(table, y, "condition", (literal,)) for literal in literals)


def necessary_sets(
    table: CalibratedTable,
    outcome: SetLiteral,
    conditions: Sequence[str],
    *,
    inclusion: float = 0.9,
    ron: float = 0.0,
    coverage: float = 0.0,
    depth: int = DEPTH,
) -> tuple[NecessaryRelation, ...]:
    """Conjunctions that are necessary, and the shortest disjunctions that are: each with its relevance.

    A conjunction is necessary only when each of its parts is; a disjunction with a part that is necessary already says
    nothing more and is left out. As R's superSubset(), which stops looking for longer disjunctions earlier.

    Parameters
    ----------
    inclusion, ron, coverage : float
        Least inclN, relevance of necessity, covN.
    depth : int
        Most conditions in one combination.
    """
    y = outcome.membership(table)
    sets = [table[name] for name in conditions]
    found: list[NecessaryRelation] = []
    conjunctions: set[frozenset[SetLiteral]] = set()
    reached: list[frozenset[SetLiteral]] = []
    for size in range(1, min(depth, len(sets)) + 1):
        for literals in _combinations(sets, size):
            parts = frozenset(literals)
            if all(parts - {one} in conjunctions for one in parts) or size == 1:
                relation = _necessary(table, y, "conjunction" if size > 1 else "condition", literals)
                if _reaches(relation.fit, inclusion, coverage):
                    conjunctions.add(parts)
                    found.append(relation)
                    continue
            if size > 1 and not any(one <= parts for one in (*conjunctions, *reached)):
                relation = _necessary(table, y, "disjunction", literals)
                if _reaches(relation.fit, inclusion, coverage):
                    reached.append(parts)
                    found.append(relation)
    return tuple(one for one in found if one.fit.ron >= ron - TOLERANCE)


def sufficient_sets(
    table: CalibratedTable,
    outcome: SetLiteral,
    conditions: Sequence[str],
    *,
    inclusion: float = 0.8,
    pri: float = 0.0,
    coverage: float = 0.0,
    depth: int = DEPTH,
) -> tuple[SufficientRelation, ...]:
    """Conjunctions that are sufficient on all cases, without those of which a part is sufficient already."""
    y = outcome.membership(table)
    reached: list[frozenset[SetLiteral]] = []
    found = []
    for size in range(1, min(depth, len(conditions)) + 1):
        for literals in _combinations([table[name] for name in conditions], size):
            parts = frozenset(literals)
            if any(one <= parts for one in reached):
                continue
            term = Term(literals)
            fit = sufficiency(term.membership(table), y)
            if fit.inclusion >= inclusion - TOLERANCE and fit.coverage >= coverage - TOLERANCE:
                reached.append(parts)
                if pri <= 0 or fit.pri >= pri - TOLERANCE:
                    found.append(SufficientRelation(Expression((term,)), fit))
    return tuple(found)


def _literals(one: CalibratedSet) -> list[SetLiteral]:
    levels = range(one.levels) if one.multi_value else (1, 0)
    return [SetLiteral(one.name, (level,), one.multi_value) for level in levels]


def _combinations(sets: Sequence[CalibratedSet], size: int) -> Iterator[tuple[SetLiteral, ...]]:
    for chosen in combinations(sets, size):
        yield from product(*map(_literals, chosen))


def _necessary(table: CalibratedTable, y: Array, form: Form, literals: tuple[SetLiteral, ...]) -> NecessaryRelation:
    terms = tuple(Term((one,)) for one in literals) if form == "disjunction" else (Term(literals),)
    expression = Expression(terms)
    x = expression.membership(table)
    missing = np.flatnonzero((y > 0.5) & (x < 0.5)).tolist()
    return NecessaryRelation(expression, form, necessity(x, y), tuple(table.cases[place] for place in missing))


def _reaches(fit: NecessityFit, inclusion: float, coverage: float) -> bool:
    return fit.inclusion >= inclusion - TOLERANCE and fit.coverage >= coverage - TOLERANCE
