"""Rules for sums: a total that can be reached, and no sum that is ruled twice."""

from __future__ import annotations

import math
from collections.abc import Iterator

from clustergov.instruments.arithmetic import Arithmetic, Constant, Number, Sum, Value
from clustergov.instruments.condition import Expression, Junction, Leaf, Negation, Relation
from clustergov.instruments.questionnaire import Question, Questionnaire
from clustergov.instruments.routing import parse
from clustergov.instruments.rules.codes import places
from clustergov.problems import InputError, Problem
from clustergov.yaml_file import Place, Positions

SIDES = {"=": "=", "<": "<", "<=": "<", ">": ">", ">=": ">"}
"""Signs that bound a sum from the same side."""


def sum_problems(questionnaire: Questionnaire, positions: Positions) -> Iterator[Problem]:
    """Totals out of reach; sums that a total and a constraint, or two constraints, rule both."""
    told: dict[frozenset[str], list[tuple[str, str]]] = {}
    for place, question in places(questionnaire):
        yield from _total_problems(place, question, positions)
        for where, names, sign, rule in _rules(place, question):
            earlier = told.setdefault(names, [])
            for other, words in earlier:
                if other == sign or "=" in (other, sign):
                    message = f"the same sum is ruled twice: {words}, and {rule}."
                    yield positions.problem(where, "double-sum-rule", message, "Keep one of the two.")
                    break
            earlier.append((sign, rule))


def _rules(place: Place, question: Question) -> Iterator[tuple[Place, frozenset[str], str, str]]:
    """Place, variables, side and words of every rule about a sum."""
    if question.kind == "numbers" and question.total is not None:
        names = frozenset(f"{question.code}_{item.code}" for item in question.items)
        yield (*place, "total"), names, "=", f"the total of “{question.code}” is {question.total:g}"
    if not question.constraint:
        return
    try:
        expression = parse(question.constraint).expression
    except InputError:
        return
    for leaf in _joined(expression):
        if not isinstance(leaf, Relation) or leaf.operator not in SIDES:
            continue
        for number, other, flip in ((leaf.left, leaf.right, False), (leaf.right, leaf.left, True)):
            names = _summed(number)
            if len(names) > 1 and isinstance(other, Constant):
                side = SIDES[leaf.operator]
                yield (*place, "constraint"), names, {"<": ">", ">": "<"}.get(side, side) if flip else side, f"“{leaf}”"


def _joined(expression: Expression) -> Iterator[Leaf]:
    """What must hold in any case."""
    match expression:
        case Junction("and", parts):
            for part in parts:
                yield from _joined(part)
        case Junction() | Negation():
            return
        case leaf:
            yield leaf


def _summed(number: Number) -> frozenset[str]:
    """The variables of a plain sum, each once; none where it is anything else."""
    match number:
        case Sum(names):
            return frozenset(names)
        case Value(name):
            return frozenset({name})
        case Arithmetic("+", left, right):
            one, other = _summed(left), _summed(right)
            return one | other if one and other and not one & other else frozenset()
        case _:
            return frozenset()


def _total_problems(place: Place, question: Question, positions: Positions) -> Iterator[Problem]:
    low, high, total, count = question.minimum, question.maximum, question.total, len(question.items)
    if question.kind != "numbers" or total is None or not count:
        return
    if low is None or low < 0:
        message = "numbers that add up to a total need a minimum of 0: 150 and −50 would add up to 100."
        yield positions.problem((*place, "total"), "total-without-minimum", message, "Add minimum: 0.")
    message = fix = ""
    if question.integer and not float(total).is_integer():
        message, fix = f"whole numbers never add up to {total:g}.", "Correct the total, or leave integer out."
    elif high is not None and math.isfinite(high) and _largest(question, high) * count < total:
        whole = "whole " if question.integer else ""
        message = f"{count} {whole}numbers of at most {high:g} never add up to {total:g}."
        fix = "Correct the total or the maximum."
    elif low is not None and low > 0 and low * count > total:
        message = f"{count} numbers of at least {low:g} add up to more than {total:g}."
        fix = "Correct the total or the minimum."
    if message:
        yield positions.problem((*place, "total"), "unreachable-total", message, fix)


def _largest(question: Question, high: float) -> float:
    return float(math.floor(high)) if question.integer else high
