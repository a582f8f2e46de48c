"""Literals, conjunctions and alternatives of sets, and how far a case belongs to them: ``A*~B + C[2]``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from clustergov.casestudies.qca.calibrated_table import Array, CalibratedTable


@dataclass(frozen=True, slots=True)
class SetLiteral:
    """A set or its complement, or some levels of a multi-value set.

    Attributes
    ----------
    name : str
        The set.
    levels : tuple of int
        Ascending. Of a crisp or fuzzy set (1,) for the set and (0,) for its complement.
    multi_value : bool
    """

    name: str
    levels: tuple[int, ...]
    multi_value: bool = False

    def __str__(self) -> str:
        if self.multi_value:
            return f"{self.name}[{','.join(map(str, self.levels))}]"
        return self.name if self.levels == (1,) else f"~{self.name}"

    def membership(self, table: CalibratedTable) -> Array:
        """Membership of every case, in [0, 1]."""
        column = table.column(self.name)
        if self.multi_value:
            return np.isin(column, self.levels).astype(float)
        return column if self.levels == (1,) else 1 - column

    def negated(self, levels: int) -> SetLiteral:
        """The complement in a set of so many levels."""
        return SetLiteral(self.name, tuple(sorted(set(range(levels)) - set(self.levels))), self.multi_value)


@dataclass(frozen=True, slots=True)
class Term:
    """A conjunction of literals of different sets, in the order of the conditions; the empty one holds for every case."""

    literals: tuple[SetLiteral, ...]

    def __str__(self) -> str:
        return "*".join(map(str, self.literals)) or "1"

    def membership(self, table: CalibratedTable) -> Array:
        """The least membership in its literals."""
        found = np.ones(len(table.cases))
        for literal in self.literals:
            found = np.minimum(found, literal.membership(table))
        return found

    def holds(self, levels: dict[str, int]) -> bool:
        """Whether a configuration, a level for every condition, lies in it."""
        return all(levels[literal.name] in literal.levels for literal in self.literals)


@dataclass(frozen=True, slots=True)
class Expression:
    """Alternatives: a disjunction of terms."""

    terms: tuple[Term, ...]

    def __str__(self) -> str:
        return " + ".join(map(str, self.terms)) or "0"

    def membership(self, table: CalibratedTable) -> Array:
        """The greatest membership in its terms."""
        return union(table, self.terms)

    def holds(self, levels: dict[str, int]) -> bool:
        return any(term.holds(levels) for term in self.terms)

    @property
    def names(self) -> tuple[str, ...]:
        """The sets it speaks of, each once, from left to right."""
        return tuple(dict.fromkeys(literal.name for term in self.terms for literal in term.literals))


def union(table: CalibratedTable, parts: Iterable[Term | SetLiteral]) -> Array:
    """The greatest membership of every case in several sets; 0 in none."""
    found = np.zeros(len(table.cases))
    for part in parts:
        found = np.maximum(found, part.membership(table))
    return found
