"""Conditions as formulas of the solver z3, with the meaning that `condition` gives them."""

from __future__ import annotations

import math
from collections.abc import Iterable
from fractions import Fraction
from itertools import product
from typing import Any

from clustergov.instruments.arithmetic import Arithmetic, Constant, Count, Number, Sum, Value, as_number, value
from clustergov.instruments.asking import computable
from clustergov.instruments.condition import (
    DECIMALS,
    Answered,
    Comparison,
    Condition,
    Expression,
    Junction,
    Leaf,
    Negation,
    Relation,
)
from clustergov.instruments.questionnaire import Questionnaire, Variable
from clustergov.instruments.solver.answer_classes import limits, representatives, terms
from clustergov.instruments.solver.linear_form import Linear, added, combined, exact

EQUAL = Fraction(1, 2 * 10**DECIMALS)
"""Two numbers at most so far apart are equal after their difference is rounded."""

TABLE = 64
"""Combinations of answers up to which a computed comparison is written out, as that is solved faster than arithmetic."""


class Formulas:
    """Translates conditions; the variables they look at come into being with the first of them.

    Attributes
    ----------
    needed : set of str
        Variables that have to be modelled: those looked at, and those that share a total or a required tick with them.
    domains : dict of str to list
        Per variable that has come into being, what holds of its answers whatever is asked.
    """

    def __init__(self, questionnaire: Questionnaire, conditions: Iterable[Condition], z3: Any, context: Any) -> None:
        self.questionnaire = questionnaire
        self.z3, self.context = z3, context
        self.leaves: dict[str, list[Leaf]] = {}
        self.computed: set[str] = set()
        for leaf in dict.fromkeys(leaf for condition in conditions for leaf in condition.leaves):
            for name in leaf.variables:
                self.leaves.setdefault(name, []).append(leaf)
            if isinstance(leaf, Relation):
                self.computed |= {name for side in (leaf.left, leaf.right) for name in _computed_with(side)}
        self.needed = set(self.leaves)
        for variable in questionnaire.variables:
            question = variable.question
            kin = question.kind == "numbers" and question.total is not None
            if (kin or (question.kind == "multiple" and question.required)) and variable.kind in ("number", "tick"):
                siblings = {f"{question.code}_{item.code}" for item in question.items}
                if siblings & self.leaves.keys():
                    self.needed |= siblings
                    self.computed |= siblings if kin else set()
        self.domains: dict[str, list[Any]] = {}
        self._new: list[Any] = []
        self._classes: dict[str, dict[str | float, Any]] = {}
        self._numbers: dict[str, Any] = {}
        self._answered: dict[str, Any] = {}
        self._done: dict[Leaf, Any] = {}

    def fresh(self) -> Iterable[Any]:
        """What holds of the variables that came into being since the last call."""
        new, self._new = self._new, []
        return new

    def formula(self, expression: Expression) -> Any:
        """The formula of a condition."""
        match expression:
            case Negation(part):
                return self.z3.Not(self.formula(part))
            case Junction(word, parts):
                return (self.z3.And if word == "and" else self.z3.Or)(*(self.formula(part) for part in parts))
            case leaf:
                if leaf not in self._done:
                    self._done[leaf] = self._leaf(leaf)
                return self._done[leaf]

    def answered(self, name: str) -> Any:
        self._bring(name)
        return self._answered[name]

    def _leaf(self, leaf: Leaf) -> Any:
        match leaf:
            case Answered(name):
                return self.answered(name)
            case Relation():
                return self._relation(leaf)
            case Comparison(name, sign, values):
                self._bring(name)
                if name not in self._numbers:
                    return self._any(literal for answer, literal in self._classes[name].items() if leaf.admits(answer))
                numbers = [each for each in values if isinstance(each, float) and math.isfinite(each)]
                order = "=" if sign == "in" else sign
                compared = [self._compare(self._numbers[name], order, self._real(each)) for each in numbers]
                return self.z3.And(self._answered[name], self._any(compared))

    def _any(self, formulas: Iterable[Any]) -> Any:
        found = list(formulas)
        if not found:
            return self.z3.BoolVal(False, ctx=self.context)
        return found[0] if len(found) == 1 else self.z3.Or(*found)

    def _bring(self, name: str) -> None:
        """Bring a variable into being."""
        if name in self._answered:
            return
        variable = self.questionnaire.by_name[name]
        if variable.kind == "number" and name in self.computed:
            domain = self._bring_number(variable)
        else:
            domain = self._bring_classes(variable)
        self.domains[name] = domain
        self._new += domain

    def _bring_number(self, variable: Variable) -> list[Any]:
        z3, name = self.z3, variable.name
        answered = self._answered[name] = z3.Bool(f"answered {name}", ctx=self.context)
        if variable.question.integer:
            number = z3.ToReal(z3.Int(f"number {name}", ctx=self.context))
        else:
            number = z3.Real(f"number {name}", ctx=self.context)
        self._numbers[name] = number
        low, high = limits(variable.question)
        within = [self._compare(number, ">=", self._real(low))] if math.isfinite(low) else []
        within += [self._compare(number, "<=", self._real(high))] if math.isfinite(high) else []
        # A blank is 0 in a sum; where it is no number, the condition says so itself.
        blank = z3.Implies(z3.Not(answered), number == self._real(0.0))
        return [blank, *(z3.Implies(answered, each) for each in within)]

    def _bring_classes(self, variable: Variable) -> list[Any]:
        z3, name = self.z3, variable.name
        answers = representatives(variable, self.leaves.get(name, ()))
        literals = [z3.Bool(f"{name} = {answer}", ctx=self.context) for answer in answers]
        self._classes[name] = dict(zip(answers, literals, strict=True))
        self._answered[name] = self._any(literals)
        return [z3.AtMost(*literals, 1)] if len(literals) > 1 else []

    def _relation(self, leaf: Relation) -> Any:
        for name in leaf.variables:
            self._bring(name)
        classes = [self._classes.get(name) for name in leaf.variables]
        if None not in classes and math.prod(len(each or ()) + 1 for each in classes) <= TABLE:
            return self._tabulated(leaf)
        rests = computable(Arithmetic("-", leaf.left, leaf.right))
        numeric = [self._is_number(name) for side in (leaf.left, leaf.right) for name in _needs(side)]
        try:
            difference = self._linear(Arithmetic("-", leaf.left, leaf.right))
        except ZeroDivisionError:
            return self.z3.BoolVal(False, ctx=self.context)
        if difference is None:
            # Not linear: it may hold or not, wherever there is a number at all.
            held = self.z3.Bool(f"undecided {leaf}", ctx=self.context)
            return self.z3.And(*numeric, held) if rests is not None else held
        total = self._real(0.0)
        for term, factor in difference.items():
            total = total + (self._fraction(factor) if not term else self._fraction(factor) * self._term(term))
        return self.z3.And(*numeric, self._rounded(total, leaf.operator))

    def _tabulated(self, leaf: Relation) -> Any:
        """A relation between few classes of answers: the combinations for which it holds."""
        names = leaf.variables
        choices: list[list[tuple[str | float | None, Any]]] = [
            [(None, self.z3.Not(self._answered[name])), *self._classes[name].items()] for name in names
        ]
        return self._any(
            self.z3.And(*(literal for _, literal in chosen))
            for chosen in product(*choices)
            if leaf.holds({name: answer for name, (answer, _) in zip(names, chosen, strict=True)})
        )

    def _rounded(self, difference: Any, sign: str) -> Any:
        """A difference against 0, after rounding."""
        low, high = self._fraction(-EQUAL), self._fraction(EQUAL)
        z3 = self.z3
        match sign:
            case "=":
                return z3.And(difference >= low, difference <= high)
            case "!=":
                return z3.Or(difference < low, difference > high)
            case "<" | ">=":
                return difference < low if sign == "<" else difference >= low
            case _:
                return difference > high if sign == ">" else difference <= high

    def _is_number(self, name: str) -> Any:
        self._bring(name)
        if name in self._numbers:
            return self._answered[name]
        return self._any(
            literal for answer, literal in self._classes[name].items() if not math.isnan(as_number(answer))
        )

    def _linear(self, number: Number) -> Linear | None:
        """A number in linear form; None where it is not linear.

        Raises
        ------
        ZeroDivisionError
            It is divided by the constant 0, and so there is no number.
        """
        match number:
            case Constant(constant):
                return {"": exact(constant)} if math.isfinite(constant) else None
            case Value(name):
                return {f"value {name}": Fraction(1)}
            case Sum(names):
                return added([{f"value {name}": Fraction(1)} for name in names])
            case Count(names, code):
                return added([{self._counted(name, code): Fraction(1)} for name in names])
            case Arithmetic(sign, left, right):
                one, other = self._linear(left), self._linear(right)
                return None if one is None or other is None else combined(sign, one, other)

    def _counted(self, name: str, code: str | None) -> str:
        """The name of the term that is 1 where a variable counts, else 0."""
        term = f"count {name}" if code is None else f"count {name} = {code}"
        if term not in self._numbers:
            self._bring(name)
            if name in self._numbers:
                counted = (
                    self._answered[name] if code is None else self._leaf(Comparison(name, "=", (as_number(code),)))
                )
            else:
                counts = (
                    literal
                    for answer, literal in self._classes[name].items()
                    if value(Count((name,), code), {name: answer})
                )
                counted = self._any(counts)
            self._numbers[term] = self.z3.If(counted, self._real(1.0), self._real(0.0))
        return term

    def _term(self, term: str) -> Any:
        kind, _, name = term.partition(" ")
        if kind == "count":
            return self._numbers[term]
        self._bring(name)
        if name in self._numbers:
            return self._numbers[name]
        if term not in self._numbers:
            parts = [
                self.z3.If(literal, self._real(as_number(answer)), self._real(0.0))
                for answer, literal in self._classes[name].items()
                if math.isfinite(as_number(answer))
            ]
            self._numbers[term] = self.z3.Sum(*parts) if parts else self._real(0.0)
        return self._numbers[term]

    def _compare(self, number: Any, sign: str, limit: Any) -> Any:
        match sign:
            case "=":
                return number == limit
            case "!=":
                return number != limit
            case "<":
                return number < limit
            case "<=":
                return number <= limit
            case ">":
                return number > limit
            case _:
                return number >= limit

    def _real(self, number: float) -> Any:
        return self._fraction(exact(number))

    def _fraction(self, fraction: Fraction) -> Any:
        return self.z3.RealVal(str(fraction), ctx=self.context)


def _computed_with(number: Number) -> set[str]:
    """Variables whose number matters, and not only whether they are answered."""
    found: set[str] = set()
    for term in terms(number):
        match term:
            case Value(name):
                found.add(name)
            case Sum(names):
                found.update(names)
    return found


def _needs(number: Number) -> tuple[str, ...]:
    """Variables that have to hold a number for there to be a result."""
    return tuple(dict.fromkeys(term.variable for term in terms(number) if isinstance(term, Value)))
