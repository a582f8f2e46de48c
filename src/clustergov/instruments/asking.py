"""Whom a condition is about: whose cells can be filled, who must keep to a constraint, for whom a number can be computed."""

from __future__ import annotations

from collections.abc import Iterator

from clustergov.instruments.arithmetic import Arithmetic, Constant, Count, Number, Sum, Value
from clustergov.instruments.condition import Answered, Comparison, Condition, Expression, Junction, Negation, Relation
from clustergov.instruments.questionnaire import Question, Variable
from clustergov.instruments.routing import parse


def asked_when(variable: Variable) -> Condition | None:
    """Under which condition a cell of this variable can be filled: its question's and its item's; None for always.

    Raises
    ------
    InputError
        One of them is no condition.
    """
    texts = (variable.question.when, variable.item.when if variable.item is not None else "")
    parts = tuple(parse(text).expression for text in texts if text)
    if not parts:
        return None
    return Condition(parts[0] if len(parts) == 1 else Junction("and", parts))


def enforced(question: Question) -> Condition | None:
    """A question's constraint as it is enforced, true for whoever left open what it needs; None where there is none.

    It needs every variable that it compares or computes with; of those inside ``sum( )`` or ``count( )`` one is enough.

    Raises
    ------
    InputError
        It is no condition.
    """
    if not question.constraint:
        return None
    constraint = parse(question.constraint)
    guard = guarding(constraint)
    if guard is None:
        return constraint
    return Condition(Junction("or", (Negation(guard.expression), constraint.expression)))


def guarding(constraint: Condition) -> Condition | None:
    """For whom a constraint is applied: who answered what it needs; None where it needs nothing."""
    needed: list[Expression] = []
    for leaf in constraint.leaves:
        match leaf:
            case Comparison(variable, _, _):
                needed.append(Answered(variable))
            case Relation(left, _, right):
                needed += [*_needed(left), *_needed(right)]
    return _all_of(needed)


def computable(number: Number) -> Condition | None:
    """For whom a number rests on answers: on every variable computed with, on one at least of each ``sum( )``.

    None where it looks at no answer.
    """
    return _all_of(list(_needed(number)))


def _all_of(expressions: list[Expression]) -> Condition | None:
    parts = tuple(dict.fromkeys(expressions))
    if not parts:
        return None
    return Condition(parts[0] if len(parts) == 1 else Junction("and", parts))


def _needed(number: Number) -> Iterator[Expression]:
    match number:
        case Value(variable):
            yield Answered(variable)
        case Sum(variables) | Count(variables, _):
            yield Relation(Count(variables), ">", Constant(0.0))
        case Arithmetic(_, left, right):
            yield from _needed(left)
            yield from _needed(right)
