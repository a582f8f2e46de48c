"""Tests of one stored answer: what they say, worked out as the server and as a browser compare."""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable
from typing import Any

from clustergov.instruments.condition import Comparison, Order
from clustergov.instruments.limesurvey.script.meaning import (
    EMPTY,
    NOT_ASKED,
    Meaning,
    OfField,
    OfOptions,
    Untranslatable,
    opposite,
    stored,
    ticked,
)
from clustergov.instruments.limesurvey.script.operands import Literal, Operand, as_number
from clustergov.instruments.questionnaire import Variable

_APPLY: dict[Order, Callable[[Any, Any], bool]] = {
    "=": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
_SAFE_TEXT = re.compile(r"[A-Za-z0-9 _.,;:?!()/-]*")


def is_empty(operand: Operand) -> Meaning:
    if not isinstance(operand, Variable):
        raise Untranslatable
    if operand.kind in ("tick", "choice"):
        return OfOptions(operand, frozenset(stored(operand)) & {EMPTY, NOT_ASKED})
    return OfField(operand, True, False)


def is_truthy(variable: Variable) -> Meaning:
    if variable.kind not in ("tick", "choice"):
        raise Untranslatable
    states = frozenset(stored(variable))
    zero = frozenset(code for code in states if code != "0" and as_number(code) == 0)
    return OfOptions(variable, states - zero - {EMPTY, NOT_ASKED, "0"}, zero)


def compared(variable: Variable, sign: Order, value: Literal) -> Meaning:
    if value.text == "":
        return _against_nothing(variable, sign)
    if variable.kind in ("tick", "choice"):
        return _of_options(variable, sign, value)
    if variable.kind == "number":
        return _of_number(variable, sign, value)
    loose = as_number(value.text) is not None or not _SAFE_TEXT.fullmatch(value.text)
    if variable.kind != "text" or loose or sign not in ("=", "!=") or not value.quoted:
        raise Untranslatable
    return OfField(variable, sign == "!=", Comparison(variable.name, sign, (value.text,)))


def _against_nothing(variable: Variable, sign: Order) -> Meaning:
    """Against an empty text; a browser takes 0 for empty as well."""
    if sign not in ("=", "!="):
        raise Untranslatable
    found = is_empty(variable)
    if isinstance(found, OfOptions):
        zeros = frozenset(code for code in stored(variable) if as_number(code) == 0)
        found = OfOptions(variable, found.true, zeros)
    elif variable.kind == "number":
        raise Untranslatable
    return found if sign == "=" else opposite(found)


def _of_options(variable: Variable, sign: Order, value: Literal) -> Meaning:
    states = stored(variable)
    known = value.text in states or (variable.kind == "choice" and as_number(value.text) is not None)
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
    number = as_number(value.text)
    # With quotation marks the server compares order as text: 10 comes before 5.
    if number is None or (value.quoted and sign not in ("=", "!=")):
        raise Untranslatable
    server, browser = _on_server(EMPTY, sign, value), _in_browser(EMPTY, sign, value)
    return OfField(variable, server if server == browser else None, Comparison(variable.name, sign, (number,)))


def _on_server(held: str, sign: Order, value: Literal) -> bool:
    """How PHP 8 compares a stored text with a value, after the rules of the application."""
    if sign in ("=", "!="):
        one, other = as_number(held), as_number(value.text)
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
    number = as_number(text)
    return number is not None and (text == "0" or f"{number:.14G}" == text)


def _in_browser(held: str, sign: Order, value: Literal) -> bool:
    """How a browser compares them: texts with texts, else as numbers; it reads 01 as a text and nothing as 0."""
    if value.quoted and not _is_number(held):
        return _APPLY[sign](held, value.text)
    return _APPLY[sign](_browser_number(held), _browser_number(value.text))


def _browser_number(text: str) -> float:
    number = 0.0 if text == EMPTY else as_number(text)
    return math.nan if number is None else number


def _loosely(held: str, text: str) -> bool:
    return _on_server(held, "=", Literal(text, quoted=True))
