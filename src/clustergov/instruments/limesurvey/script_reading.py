"""Read ExpressionScript: names, values and functions become meanings, exactly or not at all.

How LimeSurvey evaluates was read from its application (version 6.14) and tried on a server: the server in PHP, a
browser in JavaScript. Where the two differ, the meaning is unsure (see `script_meaning`).
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from clustergov.instruments.arithmetic import Arithmetic, Constant, Count, Number, Sum, Value, plain
from clustergov.instruments.condition import DECIMALS, Answered, Comparison, Order, Relation
from clustergov.instruments.limesurvey.script_meaning import (
    EMPTY,
    NOT_ASKED,
    Always,
    Meaning,
    OfField,
    OfNumbers,
    OfOptions,
    Untranslatable,
    joint,
    needs,
    opposite,
    stored,
    ticked,
    written,
)
from clustergov.instruments.questionnaire import Variable

_SIGNS: dict[str, Order] = {
    "==": "=", "eq": "=", "!=": "!=", "ne": "!=", "<": "<", "lt": "<", "<=": "<=", "le": "<=", ">": ">", "gt": ">", ">=": ">=", "ge": ">=",
}  # fmt: skip
_TURNED: dict[Order, Order] = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_APPLY: dict[Order, Callable[[Any, Any], bool]] = {
    "=": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
_SUFFIXES = frozenset({"", "NAOK", "code", "value", "valueNAOK"})
_SAFE_TEXT = re.compile(r"[A-Za-z0-9 _.,;:?!()/-]*")


@dataclass(frozen=True, slots=True)
class Literal:
    """A value written in an expression; a number without quotation marks is one."""

    text: str
    quoted: bool


@dataclass(frozen=True, slots=True)
class Computed:
    """A computed number; `joins` if a browser makes text of it, which “+” would join and “<” would compare as text."""

    number: Number
    joins: bool = False
    rounded: bool = False


Operand = Meaning | Variable | Literal | Computed


class Reader:
    """Reads one expression.

    Attributes
    ----------
    bare : set of str
        Variables named without a suffix that admits empty ones: if their question was not asked, all is false.
    """

    def __init__(self, variables: Mapping[str, Variable]) -> None:
        self._variables = variables
        self.bare: set[str] = set()

    def meaning(self, tree: Any) -> Meaning:
        return self._truth(self._operand(tree))

    def _operand(self, tree: Any) -> Operand:
        match tree.data:
            case "alternatives" | "conjunction" as data:
                parts = [self.meaning(child) for child in tree.children[::2]]
                return joint("or" if data == "alternatives" else "and", parts)
            case "equality" | "relation":
                if len(tree.children) != 3:
                    raise Untranslatable
                left, sign, right = tree.children
                return self._compared(self._operand(left), _SIGNS[str(sign).casefold()], self._operand(right))
            case "total" | "product":
                return self._computed(tree.children)
            case "opposite":
                return opposite(self.meaning(tree.children[0]))
            case "signed":
                return self._signed(*tree.children)
            case "name":
                return self._named(str(tree.children[0]))
            case "number":
                return Literal(str(tree.children[0]), quoted=False)
            case "text":
                return Literal(str(tree.children[0])[1:-1], quoted=True)
            case _:
                return self._called(str(tree.children[0]), tree.children[1:])

    def _named(self, name: str) -> Operand:
        stem, _, suffix = name.partition(".")
        variable = self._variables.get(stem)
        if variable is None:
            raise Untranslatable
        if suffix == "relevanceStatus":
            if variable.kind != "tick":
                raise Untranslatable
            return OfOptions(variable, frozenset(stored(variable)) - {NOT_ASKED})
        if suffix not in _SUFFIXES:
            raise Untranslatable
        if not suffix.endswith("NAOK"):
            self.bare.add(stem)
        return variable

    # -------------------------------------------------------------------------------------------------------- truth

    def _truth(self, operand: Operand) -> Meaning:
        match operand:
            case Variable():
                return _is_truthy(operand)
            case Literal(text):
                return Always(text not in ("", "0"))
            case Computed(number, joins=False, rounded=False):
                return OfNumbers(Relation(number, "!=", Constant(0.0)), needs(number))
            case Computed():
                raise Untranslatable
            case meaning:
                return meaning

    def _compared(self, left: Operand, sign: Order, right: Operand) -> Meaning:
        if isinstance(left, Literal) and not isinstance(right, Literal):
            left, sign, right = right, _TURNED[sign], left
        match left, right:
            case Variable(), Literal():
                return _of_variable(left, sign, right)
            case ((Computed() | Variable()), (Computed() | Variable() | Literal())):
                return _of_numbers(left, sign, right)
            case ((Always() | OfOptions() | OfField()), Literal("1", quoted=False)):
                # A truth value against 1, such as that of relevanceStatus.
                if sign in ("=", "!="):
                    return left if sign == "=" else opposite(left)
        raise Untranslatable

    # ------------------------------------------------------------------------------------------------------ numbers

    def _signed(self, sign: Any, tree: Any) -> Operand:
        inner = self._operand(tree)
        if not isinstance(inner, Literal) or inner.quoted:
            raise Untranslatable
        return Literal(("-" if sign == "-" else "") + inner.text, quoted=False)

    def _computed(self, children: list[Any]) -> Computed:
        result = _number(self._operand(children[0]))
        for sign, child in zip(children[1::2], children[2::2], strict=True):
            right = _number(self._operand(child))
            if result.rounded or right.rounded or (sign == "+" and (result.joins or right.joins)):
                raise Untranslatable
            result = Computed(Arithmetic(str(sign), result.number, right.number))  # type: ignore[arg-type]  # the grammar's signs
        return result

    def _called(self, function: str, arguments: list[Any]) -> Operand:
        match function:
            case "is_empty" if len(arguments) == 1:
                return _is_empty(self._operand(arguments[0]))
            case "sum" if len(arguments) == 1 and arguments[0].data == "number":
                # So that the server knows a long number for one.
                return self._operand(arguments[0])
            case "sum":
                return Computed(_sum([self._summand(each) for each in arguments]), joins=True)
            case "count":
                return Computed(_count([self._operand(each) for each in arguments]))
            case "countif" if len(arguments) > 1:
                return Computed(_count_of(self._operand(arguments[0]), [self._operand(each) for each in arguments[1:]]))
            case "round" if len(arguments) == 2 and self._operand(arguments[1]) == Literal(str(DECIMALS), quoted=False):
                inner = self._operand(arguments[0])
                if isinstance(inner, Computed) and not inner.rounded:
                    return Computed(inner.number, rounded=True)
        raise Untranslatable

    def _summand(self, tree: Any) -> Number:
        """One argument of ``sum``: an answer, a number, or a number under a condition."""
        if tree.data == "call" and str(tree.children[0]) == "if":
            return self._conditional(tree.children[1:])
        operand = self._operand(tree)
        if isinstance(operand, Variable):
            _check_digits(operand)
            # “Don't know” would be added as its code; so the answer has to be there.
            return Value(operand.name) if _has_blank_options(operand) else Sum((operand.name,))
        computed = _number(operand)
        if computed.rounded:
            raise Untranslatable
        return computed.number

    def _conditional(self, arguments: list[Any]) -> Number:
        """``if(answered, x, 0)`` is x in a sum; ``if(x is a, 1, 0)`` counts."""
        if len(arguments) != 3 or self._operand(arguments[2]) != Literal("0", quoted=False):
            raise Untranslatable
        condition = written(self.meaning(arguments[0]))
        then = self._operand(arguments[1])
        if isinstance(then, Variable) and condition == Answered(then.name):
            _check_digits(then)
            return Sum((then.name,))
        if then == Literal("1", quoted=False):
            if isinstance(condition, Answered):
                return Count((condition.variable,))
            if isinstance(condition, Comparison) and condition.operator == "=":
                value = condition.values[0]
                return Count((condition.variable,), value if isinstance(value, str) else plain(value))
        raise Untranslatable


# ------------------------------------------------------------------------------------------------------ one variable


def _is_empty(operand: Operand) -> Meaning:
    if not isinstance(operand, Variable):
        raise Untranslatable
    if operand.kind in ("tick", "choice"):
        return OfOptions(operand, frozenset(stored(operand)) & {EMPTY, NOT_ASKED})
    return OfField(operand, True, False)


def _is_truthy(variable: Variable) -> Meaning:
    if variable.kind not in ("tick", "choice"):
        raise Untranslatable
    states = frozenset(stored(variable))
    zero = frozenset(code for code in states if code != "0" and _as_number(code) == 0)
    return OfOptions(variable, states - zero - {EMPTY, NOT_ASKED, "0"}, zero)


def _of_variable(variable: Variable, sign: Order, value: Literal) -> Meaning:
    if value.text == "":
        return _against_nothing(variable, sign)
    if variable.kind in ("tick", "choice"):
        return _of_options(variable, sign, value)
    if variable.kind == "number":
        return _of_number(variable, sign, value)
    loose = _as_number(value.text) is not None or not _SAFE_TEXT.fullmatch(value.text)
    if variable.kind != "text" or loose or sign not in ("=", "!=") or not value.quoted:
        raise Untranslatable
    return OfField(variable, sign == "!=", Comparison(variable.name, sign, (value.text,)))


def _against_nothing(variable: Variable, sign: Order) -> Meaning:
    """Against an empty text; a browser takes 0 for empty as well."""
    if sign not in ("=", "!="):
        raise Untranslatable
    found = _is_empty(variable)
    if isinstance(found, OfOptions):
        zeros = frozenset(code for code in stored(variable) if _as_number(code) == 0)
        found = OfOptions(variable, found.true, zeros)
    elif variable.kind == "number":
        raise Untranslatable
    return found if sign == "=" else opposite(found)


def _of_options(variable: Variable, sign: Order, value: Literal) -> Meaning:
    states = stored(variable)
    known = value.text in states or (variable.kind == "choice" and _as_number(value.text) is not None)
    if not known or (variable.kind == "tick" and value.text != ticked(variable)):
        raise Untranslatable
    if (sign == "=" or (sign == "!=" and value.quoted)) and not any(
        _loosely(code, value.text) for code in states if code not in (EMPTY, NOT_ASKED)
    ):
        raise Untranslatable
    true, unsure = set(), set()
    for code in states:
        held = EMPTY if code == NOT_ASKED else code
        server, browser = _on_server(held, sign, value), _in_browser(held, sign, value)
        if server != browser:
            unsure.add(code)
        elif server:
            true.add(code)
    return OfOptions(variable, frozenset(true), frozenset(unsure))


def _of_number(variable: Variable, sign: Order, value: Literal) -> Meaning:
    number = _as_number(value.text)
    # With quotation marks the server compares order as text: 10 comes before 5.
    if number is None or (value.quoted and sign not in ("=", "!=")):
        raise Untranslatable
    server, browser = _on_server(EMPTY, sign, value), _in_browser(EMPTY, sign, value)
    return OfField(variable, server if server == browser else None, Comparison(variable.name, sign, (number,)))


def _on_server(held: str, sign: Order, value: Literal) -> bool:
    """How PHP 8 compares a stored text with a value, after the rules of the application."""
    if sign in ("=", "!="):
        one, other = _as_number(held), _as_number(value.text)
        equal = one == other if one is not None and other is not None else held == value.text
        return equal == (sign == "=")
    both = _is_number(held) and _is_number(value.text)
    if both and not value.quoted:
        return _APPLY[sign](float(held), float(value.text))
    # “0” is both a number and nothing; texts are compared as texts, a text with a number never.
    if not both and not all(text in (EMPTY, "0") or not _is_number(text) for text in (held, value.text)):
        return False
    if {held, value.text} == {EMPTY, "0"} and sign in ("<=", ">"):
        return sign == "<="
    return _APPLY[sign](held, value.text)


def _is_number(text: str) -> bool:
    """Whether the application takes a text for a number: PHP would write it in the same way."""
    number = _as_number(text)
    return number is not None and (text == "0" or f"{number:.14G}" == text)


def _in_browser(held: str, sign: Order, value: Literal) -> bool:
    """How a browser compares them: texts with texts, else as numbers; it reads 01 as a text and nothing as 0."""
    if value.quoted and not _is_number(held):
        return _APPLY[sign](held, value.text)
    return _APPLY[sign](_browser_number(held), _browser_number(value.text))


def _browser_number(text: str) -> float:
    number = 0.0 if text == EMPTY else _as_number(text)
    return math.nan if number is None else number


def _loosely(held: str, text: str) -> bool:
    return _on_server(held, "=", Literal(text, quoted=True))


def _as_number(text: str) -> float | None:
    return float(text) if re.fullmatch(r"\s*[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d{1,2})?", text, re.I | re.A) else None


# --------------------------------------------------------------------------------------------------- computed numbers


def _number(operand: Operand) -> Computed:
    match operand:
        case Computed():
            return operand
        case Literal(text, quoted=False):
            return Computed(Constant(float(text)))
        case Variable():
            _check_digits(operand)
            return Computed(Value(operand.name))
    raise Untranslatable


def _of_numbers(left: Operand, sign: Order, right: Operand) -> Meaning:
    one, other = _number(left), _number(right)
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


def _has_blank_options(variable: Variable) -> bool:
    return variable.kind == "choice" and any(own is None for code, own in stored(variable).items() if code)


def _check_digits(variable: Variable) -> None:
    """That what LimeSurvey holds is a number wherever it counts as one here, and nowhere else."""
    if variable.kind == "number":
        return
    codes = [own for own in stored(variable).values() if own is not None] if variable.kind == "choice" else [""]
    if not codes or not all(re.fullmatch(r"\d{1,9}", code, re.A) for code in codes):
        raise Untranslatable


def _sum(parts: list[Number]) -> Number:
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


def _count(operands: list[Operand]) -> Number:
    variables = [each for each in operands if isinstance(each, Variable)]
    if len(variables) < len(operands) or not variables:
        raise Untranslatable
    ticks = [each.name for each in variables if each.kind == "tick"]
    others = [each for each in variables if each.kind != "tick"]
    if any(map(_has_blank_options, others)):
        raise Untranslatable
    parts: list[Number] = [Count(tuple(each.name for each in others))] if others else []
    parts += [Count(tuple(ticks), "Y")] if ticks else []
    return _sum(parts)


def _count_of(value: Operand, operands: list[Operand]) -> Number:
    if not isinstance(value, Literal) or not value.text or not all(isinstance(each, Variable) for each in operands):
        raise Untranslatable
    names, codes = [], set()
    for variable in operands:
        assert isinstance(variable, Variable)
        found = written(_of_variable(variable, "=", value))
        if not isinstance(found, Comparison) or found.operator != "=":
            raise Untranslatable
        names.append(found.variable)
        codes.add(found.values[0] if isinstance(found.values[0], str) else plain(found.values[0]))
    if len(codes) != 1:
        raise Untranslatable
    return Count(tuple(names), codes.pop())
