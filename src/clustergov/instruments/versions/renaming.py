"""A condition or formula of the older version in the names and codes of the newer one."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from clustergov.instruments.arithmetic import Arithmetic, Constant, Count, Number, Sum, Value, plain
from clustergov.instruments.condition import Answered, Comparison, Condition, Expression, Junction, Negation, Relation

Codes = Callable[[str, str], str]
"""Old variable and old code → new code."""


def renamed(condition: Condition, names: Mapping[str, str], codes: Codes) -> Condition:
    """The condition with every variable under its new name, every code as its new code; unknown ones stay."""
    return Condition(_expression(condition.expression, names, codes))


def _expression(expression: Expression, names: Mapping[str, str], codes: Codes) -> Expression:
    match expression:
        case Negation(part):
            return Negation(_expression(part, names, codes))
        case Junction(operator, parts):
            return Junction(operator, tuple(_expression(part, names, codes) for part in parts))
        case Answered(variable):
            return Answered(names.get(variable, variable))
        case Relation(left, operator, right):
            return Relation(renamed_number(left, names), operator, renamed_number(right, names))
        case Comparison(variable, operator, values):
            told = tuple(value if isinstance(value, float) else codes(variable, value) for value in values)
            if operator in ("=", "!=", "in"):
                told = tuple(codes(variable, plain(value)) if isinstance(value, float) else value for value in told)
                told = tuple(_as_written(new, old) for new, old in zip(told, values, strict=True))
            return Comparison(names.get(variable, variable), operator, told)


def _as_written(new: str | float, old: str | float) -> str | float:
    """A code that stands as a number stays a number where its new code is one."""
    if isinstance(old, float) and isinstance(new, str):
        try:
            return float(new)
        except ValueError:
            return new
    return new


def renamed_number(number: Number, names: Mapping[str, str]) -> Number:
    """The number with every variable under its new name."""
    match number:
        case Constant():
            return number
        case Value(variable):
            return Value(names.get(variable, variable))
        case Sum(variables):
            return Sum(tuple(names.get(name, name) for name in variables))
        case Count(variables, code):
            return Count(tuple(names.get(name, name) for name in variables), code)
        case Arithmetic(sign, left, right):
            return Arithmetic(sign, renamed_number(left, names), renamed_number(right, names))


def in_one_order(condition: Condition) -> Condition:
    """The condition with the parts of every “and” and “or” sorted and laid together: equal ones read the same."""
    return Condition(_sorted(condition.expression))


def _sorted(expression: Expression) -> Expression:
    match expression:
        case Negation(Negation(part)):
            return _sorted(part)
        case Negation(part):
            return Negation(_sorted(part))
        case Junction(operator, parts):
            flat: dict[str, Expression] = {}
            for part in map(_sorted, parts):
                inner = part.parts if isinstance(part, Junction) and part.operator == operator else (part,)
                flat |= {str(each): each for each in inner}
            ordered = tuple(flat[written] for written in sorted(flat))
            return ordered[0] if len(ordered) == 1 else Junction(operator, ordered)
        case Comparison(variable, "in", values):
            return Comparison(variable, "in", tuple(sorted(values, key=str)))
        case leaf:
            return leaf
