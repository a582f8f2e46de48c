"""Solutions of a truth table: models of terms, and what each is worth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from clustergov.casestudies.qca.expression import Expression, Term
from clustergov.casestudies.qca.fit import SufficiencyFit

SolutionKind = Literal["conservative", "parsimonious", "intermediate"]
Configuration = tuple[int, ...]
"""A level per condition."""
MOST_LISTED = 1_000
"""Counterfactuals listed; with sixteen conditions there are tens of thousands."""


@dataclass(frozen=True, slots=True)
class ModelTerm:
    """One term of a model.

    Attributes
    ----------
    term : Term
    fit : SufficiencyFit
        With unique coverage when the model has more terms.
    cases : tuple of str
        Cases that are more in the term than out, and in a row of the truth table that the model explains.
    unique_cases : tuple of str
        Those of them that no other term of the model holds.
    deviant : tuple of str
        Cases more in the term than out, and more out of the outcome than in (deviant in kind for consistency).
    deviant_in_degree : tuple of str
        Cases more in both than out, whose membership in the term exceeds that in the outcome.
    """

    term: Term
    fit: SufficiencyFit
    cases: tuple[str, ...]
    unique_cases: tuple[str, ...]
    deviant: tuple[str, ...]
    deviant_in_degree: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Model:
    """One minimal formula that explains every positive row.

    Attributes
    ----------
    terms : tuple of ModelTerm
    fit : SufficiencyFit
        Of the whole model.
    unexplained : tuple of str
        Cases more in the outcome than out, and in no term of the model (deviant for coverage).
    """

    terms: tuple[ModelTerm, ...]
    fit: SufficiencyFit
    unexplained: tuple[str, ...]

    @property
    def expression(self) -> Expression:
        return Expression(tuple(one.term for one in self.terms))

    def __str__(self) -> str:
        return str(self.expression)


@dataclass(frozen=True, slots=True)
class Solution:
    """All models with the fewest terms, or all without a spare term.

    Attributes
    ----------
    kind : {"conservative", "parsimonious", "intermediate"}
    models : tuple of Model
        At least one, in a fixed order; at most the declared number, and fewer where many intermediate solutions share it.
    count : int
        How many models there are: exactly when `exact`, else at least.
    exact : bool
        Whether `count` is proven, and that no model has fewer terms. ``len(models) < count`` says that not all are listed.
    least_terms : int
        Proven: no model has fewer terms. The models have so many when `exact`.
    essential : tuple of Term
        Terms that stand in every model; when not `exact`, those known to.
    prime_implicants : int
        Prime implicants that explain a positive row.
    shortest : bool
        Whether only models with the fewest terms are meant.
    pair : tuple of (int, int) or None
        Of an intermediate solution: the conservative and the parsimonious model it lies between, from 1.
    easy, difficult : tuple of Configuration
        Of an intermediate solution: assumptions of that parsimonious model that agree with the expectations, and
        those that do not; at most `MOST_LISTED` of each.
    easy_count : int
    difficult_count : int or None
        How many there are; None when the terms are too wide to count.
    """

    kind: SolutionKind
    models: tuple[Model, ...]
    count: int
    exact: bool
    least_terms: int
    essential: tuple[Term, ...]
    prime_implicants: int
    shortest: bool = True
    pair: tuple[int, int] | None = None
    easy: tuple[Configuration, ...] = ()
    difficult: tuple[Configuration, ...] = ()
    easy_count: int = 0
    difficult_count: int | None = 0
