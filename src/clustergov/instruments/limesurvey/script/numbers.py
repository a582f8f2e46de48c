"""Computed numbers: sums, counts and what is reckoned with them, as the numbers of the routing language."""

from __future__ import annotations

import re

from clustergov.instruments.arithmetic import Arithmetic, Constant, Count, Number, Sum, Value, plain
from clustergov.instruments.condition import Comparison, Order, Relation
from clustergov.instruments.limesurvey.script.comparison import compared
from clustergov.instruments.limesurvey.script.meaning import Meaning, OfNumbers, Untranslatable, stored
from clustergov.instruments.limesurvey.script.operands import Computed, Literal, Operand
from clustergov.instruments.limesurvey.script.translation import needs, written
from clustergov.instruments.questionnaire import Variable


def number_of(operand: Operand) -> Computed:
    match operand:
        case Computed():
            return operand
        case Literal(text, quoted=False):
            return Computed(Constant(float(text)))
        case Variable():
            check_digits(operand)
            return Computed(Value(operand.name))
    raise Untranslatable


def numbers_compared(left: Operand, sign: Order, right: Operand) -> Meaning:
    one, other = number_of(left), number_of(right)
    if one.joins and other.joins and sign not in ("=", "!="):
        # A browser would compare two sums as texts.
        raise Untranslatable
    if (one.rounded or other.rounded) and not isinstance(other.number, Constant):
        raise Untranslatable
    first, second = one.number, other.number
    match first:
        case Arithmetic("-", minuend, subtrahend) if one.rounded and second == Constant(0.0):
            first, second = minuend, subtrahend
    needed = (*needs(first), *needs(second))
    return OfNumbers(Relation(first, sign, second), tuple(dict.fromkeys(needed)))


def has_blank_options(variable: Variable) -> bool:
    return variable.kind == "choice" and any(own is None for code, own in stored(variable).items() if code)


def check_digits(variable: Variable) -> None:
    """That what LimeSurvey holds is a number wherever it counts as one here, and nowhere else."""
    if variable.kind == "number":
        return
    codes = [own for own in stored(variable).values() if own is not None] if variable.kind == "choice" else [""]
    if not codes or not all(re.fullmatch(r"\d{1,9}", code, re.A) for code in codes):
        raise Untranslatable


def sum_of(parts: list[Number]) -> Number:
    """The parts of a sum; answers beside each other become one ``sum``, counts of the same code one ``count``."""
    sums = [name for part in parts if isinstance(part, Sum) for name in part.variables]
    counts: dict[str | None, list[str]] = {}
    rest: list[Number] = []
    for part in parts:
        match part:
            case Sum():
                continue
            case Count(variables, code):
                counts.setdefault(code, []).extend(variables)
            case _:
                rest.append(part)
    found: list[Number] = [Sum(tuple(sums))] if sums else []
    found += [Count(tuple(names), code) for code, names in counts.items()]
    found += rest
    if not found:
        raise Untranslatable
    result = found[0]
    for part in found[1:]:
        result = Arithmetic("+", result, part)
    return result


def count_of(operands: list[Operand]) -> Number:
    variables = [each for each in operands if isinstance(each, Variable)]
    if len(variables) < len(operands) or not variables:
        raise Untranslatable
    ticks = [each.name for each in variables if each.kind == "tick"]
    others = [each for each in variables if each.kind != "tick"]
    if any(map(has_blank_options, others)):
        raise Untranslatable
    parts: list[Number] = [Count(tuple(each.name for each in others))] if others else []
    parts += [Count(tuple(ticks), "Y")] if ticks else []
    return sum_of(parts)


def count_of_code(value: Operand, operands: list[Operand]) -> Number:
    if not isinstance(value, Literal) or not value.text or not all(isinstance(each, Variable) for each in operands):
        raise Untranslatable
    names, codes = [], set()
    for variable in operands:
        assert isinstance(variable, Variable)
        found = written(compared(variable, "=", value))
        if not isinstance(found, Comparison) or found.operator != "=":
            raise Untranslatable
        names.append(found.variable)
        codes.add(found.values[0] if isinstance(found.values[0], str) else plain(found.values[0]))
    if len(codes) != 1:
        raise Untranslatable
    return Count(tuple(names), codes.pop())
