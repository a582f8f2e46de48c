"""The three solutions of a truth table: conservative, parsimonious and intermediate, each with all its models."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice, product

import numpy as np
from numpy.typing import NDArray

from clustergov.casestudies.qca.covers import Covers, Which, covers
from clustergov.casestudies.qca.expression import SetLiteral
from clustergov.casestudies.qca.fewest import Effort
from clustergov.casestudies.qca.implicants import (
    Levels,
    PrimeImplicants,
    closed_prime_implicants,
    prime_implicants,
)
from clustergov.casestudies.qca.model_fit import Explained
from clustergov.casestudies.qca.remainders import Remainders
from clustergov.casestudies.qca.solution import MOST_LISTED, Configuration, Solution, SolutionKind
from clustergov.casestudies.qca.truth_table import TruthTable
from clustergov.problems import InputError, Problem

MOST_PAIRS = 100
"""Pairs of a conservative and a parsimonious model for which an intermediate solution is computed."""

SHARED = 5
"""Pairs with the whole effort each. More pairs share that of five: otherwise a hundred would take a minute and a gigabyte."""


@dataclass(frozen=True, slots=True)
class Minimisation:
    """The solutions of one truth table.

    Attributes
    ----------
    conservative : Solution
        No assumption on any remainder.
    parsimonious : Solution
        Every assumption on remainders that makes it shorter.
    intermediate : tuple of Solution
        One per pair of a conservative and a parsimonious model (``Solution.pair``), with only those of its assumptions
        that agree with the expectations. Without expectations no assumption is easy: it is the conservative solution.
    pairs : int
        Pairs there are among the listed models; more than the intermediate solutions when they are too many.
    expectations : tuple of SetLiteral
    """

    conservative: Solution
    parsimonious: Solution
    intermediate: tuple[Solution, ...]
    pairs: int
    expectations: tuple[SetLiteral, ...]


def minimise(
    table: TruthTable,
    expectations: Sequence[SetLiteral] = (),
    *,
    which: Which = "fewest",
    effort: Effort | None = None,
) -> Minimisation:
    """Minimise the rows with OUT 1.

    Rows with OUT 0 or “C” are never covered. Quine, W. V. (1955); Ragin, C. C. & Sonnett, J. (2005). Between complexity
    and parsimony: limited diversity, counterfactual cases, and comparative analysis.

    Parameters
    ----------
    table : TruthTable
    expectations : sequence of SetLiteral
        Levels of conditions that are expected to go with the outcome, at most one literal per condition. A condition
        without one yields no easy counterfactual.
    which : {"fewest", "irredundant"}
        Models with the fewest terms, R's default; or every model of which no term can be spared (``all.sol = TRUE``).

    Raises
    ------
    InputError
        No row goes with the outcome (all of them contradictory, or none consistent enough), or every row does.
    """
    _refuse(table)
    return _Minimiser(table, tuple(expectations), which, effort or Effort()).minimisation()


class _Minimiser:
    def __init__(self, table: TruthTable, expectations: tuple[SetLiteral, ...], which: Which, effort: Effort) -> None:
        self.table, self.expectations, self.which, self.effort = table, expectations, which, effort
        self.sizes = np.array([one.levels for one in table.conditions])
        self.positive = _levels(table, "1")
        self.remainders = Remainders.of(table)
        self.explained = Explained(table)
        self._kept: dict[bytes, Solution] = {}

    def minimisation(self) -> Minimisation:
        first = self._closed(self.positive, self.effort)
        conservative = self._solution("conservative", *first)
        self._kept[self.positive.tobytes()] = conservative
        forbidden = np.vstack([_levels(self.table, "0", "C"), self.remainders.excluded])
        found = prime_implicants(self.positive, self.sizes, forbidden=forbidden)
        covering = covers(self._chart(found), self.which, self.effort)
        parsimonious = self._solution("parsimonious", found, covering)
        intermediate = tuple(self._intermediate(first, (found, covering)))
        return Minimisation(conservative, parsimonious, intermediate,
                            len(conservative.models) * len(parsimonious.models), self.expectations)  # fmt: skip

    def _closed(self, allowed: Levels, effort: Effort) -> tuple[PrimeImplicants, Covers]:
        """Implicants that cover nothing but `allowed`, and their covers."""
        found = closed_prime_implicants(self.positive, self.sizes, allowed=allowed)
        return found, covers(self._chart(found), self.which, effort)

    def _with_easy(self, easy: Levels, effort: Effort) -> Solution:
        """The solution with these assumptions; computed once for the same ones."""
        allowed = np.vstack([self.positive, easy])
        key = allowed.tobytes()
        if key not in self._kept:
            self._kept[key] = self._solution("intermediate", *self._closed(allowed, effort))
        return self._kept[key]

    def _intermediate(
        self, first: tuple[PrimeImplicants, Covers], second: tuple[PrimeImplicants, Covers]
    ) -> Iterator[Solution]:
        every = product(range(len(first[1].listed)), range(len(second[1].listed)))
        pairs = list(islice(every, MOST_PAIRS))
        effort = self.effort.shared(max(1.0, len(pairs) / SHARED))
        for c, p in pairs:
            conservative = first[0].levels[list(first[1].listed[c])]
            parsimonious = second[0].levels[list(second[1].listed[p])]
            between = self._between(conservative, parsimonious)
            easy = self.remainders.within(between)
            solution = self._with_easy(easy, effort)
            countable = self.remainders.countable(parsimonious)
            difficult = self.remainders.difference(parsimonious, between) if countable else parsimonious[:0]
            yield replace(
                solution, kind="intermediate", pair=(c + 1, p + 1),
                easy=_listed(easy[:MOST_LISTED]), difficult=_listed(difficult[:MOST_LISTED]),
                easy_count=len(easy), difficult_count=len(difficult) if countable else None,
            )  # fmt: skip

    def _between(self, conservative: Levels, parsimonious: Levels) -> Levels:
        """For each conservative term inside a parsimonious one: without the literals against which there is an expectation.

        A literal stays when the parsimonious term has it, when it agrees with the expectation, and when there is none.
        """
        expected = {literal.name: literal.levels for literal in self.expectations}
        against = np.zeros(conservative.shape, dtype=bool)
        for place, one in enumerate(self.table.conditions):
            if one.name in expected:
                against[:, place] = ~np.isin(conservative[:, place], expected[one.name])
        terms = []
        for term, doubtful in zip(conservative, against, strict=True):
            for wider in parsimonious[((parsimonious < 0) | (parsimonious == term)).all(axis=1)]:
                terms.append(np.where(doubtful & (wider < 0), -1, term))
        return np.array(terms, dtype=np.int64).reshape(-1, len(self.sizes))

    def _chart(self, found: PrimeImplicants) -> NDArray[np.bool_]:
        return found.chart(len(self.positive))

    def _solution(self, kind: SolutionKind, found: PrimeImplicants, covering: Covers) -> Solution:
        return Solution(
            kind, self.explained.models(found.levels, covering.listed), covering.count, covering.exact, covering.least,
            tuple(self.explained.term(found.levels[place]) for place in covering.essential), len(found.levels),
            self.which == "fewest",
        )  # fmt: skip


def contradictory_assumptions(
    table: TruthTable, first: Minimisation, second: Minimisation
) -> tuple[Configuration, ...]:
    """Remainders assumed to go with the outcome by a model of `first`, and with its absence by a model of `second`.

    Parsimonious models are compared; both minimisations are of the same conditions. Exclude such remainders and
    minimise again (enhanced standard analysis). Schneider, C. Q. & Wagemann, C. (2012), ch. 8.
    """
    remainders, places = Remainders.of(table), [one.name for one in table.conditions]

    def assumed(found: Minimisation) -> set[Configuration]:
        terms = {str(one.term): one.term for model in found.parsimonious.models for one in model.terms}
        rows = np.full((len(terms), len(places)), -1, dtype=np.int64)
        for row, term in zip(rows, terms.values(), strict=True):
            for literal in term.literals:
                row[places.index(literal.name)] = literal.levels[0]
        return set(_listed(remainders.within(rows)))

    return tuple(sorted(assumed(first) & assumed(second)))


def _refuse(table: TruthTable) -> None:
    counted = [row for row in table.rows if row.out != "?"]
    positive = [row for row in counted if row.out == "1"]
    if not positive and all(0 < len(row.deviant) < row.n for row in counted):
        raise InputError(Problem("qca-contradictions", f"expected rows whose cases agree on {table.outcome}, found cases "
                                 f"on both sides of it in all {len(counted)} rows.",
                                 "Add the condition in which these cases differ, or look at the anchors again."))  # fmt: skip
    if not positive:
        best = max(counted, key=lambda row: row.inclusion)
        raise InputError(Problem("qca-nothing-to-explain", f"expected a row with OUT 1 for {table.outcome}, found none: "
                                 f"the highest inclusion is {best.inclusion:.3f} (PRI {best.pri:.3f}).",
                                 "No configuration is consistent enough; that is a finding. Lower the cut-offs only "
                                 "with a reason."))  # fmt: skip
    if len(positive) == len(counted):
        raise InputError(Problem("qca-nothing-to-compare", f"expected rows with and without {table.outcome}, found OUT 1 "
                                 f"in all {len(counted)}.", "Every configuration goes with the outcome: raise the cut-offs, "
                                 "or add cases without it."))  # fmt: skip


def _levels(table: TruthTable, *outs: str) -> Levels:
    rows = [row.levels for row in table.rows if row.out in outs]
    return np.array(rows, dtype=np.int64).reshape(-1, len(table.conditions))


def _listed(rows: Levels) -> tuple[Configuration, ...]:
    return tuple(tuple(row) for row in rows.tolist())
