"""Answers that no condition tells apart: one of each kind stands for all, so that few answers need to be tried."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from itertools import pairwise

from clustergov.instruments.arithmetic import Arithmetic, Count, Number, Sum, Value, as_number, value, variables_of
from clustergov.instruments.condition import Answered, Comparison, Leaf, Relation
from clustergov.instruments.questionnaire import Question, Variable

NOT_NAMED = "\N{HORIZONTAL ELLIPSIS}"
"""Stands for every text that no condition names."""


def representatives(variable: Variable, leaves: Iterable[Leaf]) -> tuple[str | float, ...]:
    """One answer of each class that `leaves` tell apart; a blank is not among them.

    Parameters
    ----------
    variable : Variable
        Its scale's codes, or its question's limits, say what can be answered.
    leaves : iterable of Leaf
        Those of the conditions that look at it.
    """
    looking = tuple(leaves)
    classes: dict[tuple[object, ...], str | float] = {}
    for answer in _candidates(variable, looking):
        classes.setdefault(tuple(_seen(leaf, variable.name, answer) for leaf in looking), answer)
    return tuple(classes.values())


def terms(number: Number) -> Iterator[Value | Sum | Count]:
    """The parts of a number that look at answers."""
    match number:
        case Value() | Sum() | Count():
            yield number
        case Arithmetic(_, left, right):
            yield from terms(left)
            yield from terms(right)


def _seen(leaf: Leaf, name: str, answer: str | float) -> object:
    """All that a leaf can tell of an answer."""
    match leaf:
        case Comparison():
            return leaf.admits(answer)
        case Answered():
            return True
        case Relation(left, _, right):
            parts = [part for side in (left, right) for part in terms(side) if name in variables_of(part)]
            return tuple(
                value(Count((name,), part.code), {name: answer}) if isinstance(part, Count) else _number(answer)
                for part in parts
            )


def _number(answer: str | float) -> float | None:
    number = as_number(answer)
    return None if math.isnan(number) else number


def _candidates(variable: Variable, leaves: tuple[Leaf, ...]) -> Iterator[str | float]:
    if variable.kind in ("choice", "tick"):
        yield from variable.scale.codes if variable.scale is not None else ()
        return
    named = [value for leaf in leaves for value in _named(leaf, variable.name)]
    numbers = {each for each in map(as_number, named) if math.isfinite(each)}
    if variable.kind == "number":
        yield from _numbers(variable.question, numbers)
        return
    yield from (each for each in named if isinstance(each, str) and each)
    yield from (repr(each) for each in _between(numbers))
    yield NOT_NAMED


def _named(leaf: Leaf, name: str) -> Iterator[str | float]:
    match leaf:
        case Comparison(_, _, values):
            yield from values
        case Relation(left, _, right):
            counts = [part for side in (left, right) for part in terms(side) if isinstance(part, Count)]
            yield from (part.code for part in counts if part.code is not None and name in part.variables)


def _numbers(question: Question, points: set[float]) -> Iterator[float]:
    """Numbers within the question's limits: the points themselves, and one beside and between them."""
    low, high = limits(question)
    known = points | {each for each in (low, high) if math.isfinite(each)}
    if question.integer:
        known = {
            float(whole(each) + step) for each in known for whole in (math.floor, math.ceil) for step in (-1, 0, 1)
        }
    yield from (
        each for each in _between(known or {0.0}) if low <= each <= high and (not question.integer or each.is_integer())
    )


def _between(points: set[float]) -> Iterator[float]:
    rising = sorted(points)
    if rising:
        yield from rising
        yield from ((low + high) / 2 for low, high in pairwise(rising))
        yield from (rising[0] - 1, rising[-1] + 1)


def limits(question: Question) -> tuple[float, float]:
    """Smallest and largest number allowed; infinite where there is none."""
    low = -math.inf if question.minimum is None or math.isnan(question.minimum) else question.minimum
    high = math.inf if question.maximum is None or math.isnan(question.maximum) else question.maximum
    return low, high
