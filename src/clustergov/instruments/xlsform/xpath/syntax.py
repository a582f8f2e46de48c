"""The syntax of XLSForm expressions, as far as conditions use it: a grammar, a tree, and the values of small trees."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

LONGEST = 8000
"""Characters of an expression that is read; the routing language takes less than that."""
DEEPEST = 60
"""Levels of brackets."""

_GRAMMAR = r"""
?start: alternatives
?alternatives: conjunction ("or" conjunction)*
?conjunction: comparison ("and" comparison)*
?comparison: total (SIGN total)?
?total: product (ADDED product)*
?product: factor (TIMES factor)*
?factor: "-" factor -> negative | atom
?atom: "(" alternatives ")"
     | NUMBER -> number
     | LITERAL -> literal
     | REFERENCE -> reference
     | DOT -> here
     | FUNCTION "(" [alternatives ("," alternatives)*] ")" -> call
SIGN: "!=" | "<=" | ">=" | "=" | "<" | ">"
ADDED: "+" | "-"
TIMES.2: "*" | /div(?![\w-])/ | /mod(?![\w-])/
FUNCTION: /(?!(?:and|or|div|mod)\s*\()[A-Za-z_][\w:.-]*(?=\s*\()/
REFERENCE: /\$\{[^{}]+\}/
DOT: /\.(?![.\d])/
NUMBER: /[0-9]+(\.[0-9]*)?|\.[0-9]+/
LITERAL: /"[^"]*"/ | /'[^']*'/
%ignore /\s+/
"""


@dataclass(frozen=True, slots=True)
class Literal:
    value: str | float | bool


@dataclass(frozen=True, slots=True)
class Reference:
    """An answer, by the name of its row; for a place of a ranking also which, from 0."""

    name: str
    place: int | None = None


@dataclass(frozen=True, slots=True)
class Call:
    name: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Operation:
    """Two sides with a sign of comparison or of arithmetic between them."""

    sign: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Several:
    """Parts joined by “and” or “or”."""

    word: str
    parts: tuple[Node, ...]


Node = Literal | Reference | Call | Operation | Several
SIGNS = frozenset({"=", "!=", "<", "<=", ">", ">="})


_QUOTES = str.maketrans("‘’“”", "''\"\"")
"""Word processors turn quotation marks; pyxform turns them back."""


class Unreadable(Exception):  # noqa: N818 - control flow inside this package
    """Raised where an expression says something that the routing language cannot."""


def tree(text: str, here: str | None = None) -> Node:
    """The tree of an expression; a full stop in it is the answer of the row `here`.

    Raises
    ------
    Unreadable
        It is no expression of this grammar, or too long or too deep.
    """
    from lark.exceptions import UnexpectedInput

    text = text.translate(_QUOTES)
    if len(text) > LONGEST or _depth(text) > DEEPEST or re.search(r"-(\s*-){9}", text):
        raise Unreadable
    try:
        return _node(_parser().parse(text), here)
    except (UnexpectedInput, RecursionError):
        raise Unreadable from None


def _depth(text: str) -> int:
    depth = deepest = 0
    for sign in text:
        depth += (sign == "(") - (sign == ")")
        deepest = max(deepest, depth)
    return deepest


@cache
def _parser() -> Any:
    from lark import Lark

    return Lark(_GRAMMAR, parser="lalr", maybe_placeholders=False)


def _node(parsed: Any, here: str | None) -> Node:
    children = parsed.children
    match parsed.data:
        case "number":
            return Literal(float(children[0]))
        case "literal":
            return Literal(str(children[0])[1:-1])
        case "reference":
            return Reference(str(children[0])[2:-1].strip())
        case "here":
            if here is None:
                raise Unreadable
            return Reference(here)
        case "negative":
            inner = _node(children[0], here)
            if isinstance(inner, Literal) and isinstance(inner.value, float):
                return Literal(-inner.value)
            return Operation("-", Literal(0.0), inner)
        case "call":
            return _call(str(children[0]), tuple(_node(child, here) for child in children[1:]))
        case "alternatives" | "conjunction" as data:
            word = "or" if data == "alternatives" else "and"
            return Several(word, tuple(_node(child, here) for child in children))
        case _:
            result = _node(children[0], here)
            for sign, right in zip(children[1::2], children[2::2], strict=True):
                result = Operation(str(sign), result, _node(right, here))
            return result


def _call(name: str, arguments: tuple[Node, ...]) -> Node:
    match name, arguments:
        case "true", ():
            return Literal(True)
        case "false", ():
            return Literal(False)
        case "selected-at", (Reference(row, None), Literal(float() as place)) if place.is_integer() and place >= 0:
            return Reference(row, int(place))
        case "number", (Reference() as reference,):
            return reference
        case _:
            return Call(name, arguments)


def references(node: Node) -> Iterator[Reference]:
    """The answers that a tree looks at, with repetitions."""
    match node:
        case Reference():
            yield node
        case Call(_, parts) | Several(_, parts):
            for part in parts:
                yield from references(part)
        case Operation(_, left, right):
            yield from references(left)
            yield from references(right)


def evaluate(node: Node, answers: Mapping[Reference, str]) -> str | float | bool:
    """What a tree is for some answers, each as text and ``""`` for a blank.

    Raises
    ------
    Unreadable
        A function stands in it whose value is not known here.
    """
    match node:
        case Literal(value):
            return value
        case Reference():
            return answers[node]
        case Several("and", parts):
            return all(_truth(evaluate(part, answers)) for part in parts)
        case Several(_, parts):
            return any(_truth(evaluate(part, answers)) for part in parts)
        case Operation(sign, left, right) if sign in SIGNS:
            return _compared(sign, evaluate(left, answers), evaluate(right, answers))
        case Call("not", (part,)):
            return not _truth(evaluate(part, answers))
        case Call("selected", (left, right)):
            return str(evaluate(right, answers)).strip() in str(evaluate(left, answers)).split()
        case Call("string-length", (Reference() as part,)):
            return float(len(answers[part]))
        case Call("if", (test, yes, no)):
            return evaluate(yes if _truth(evaluate(test, answers)) else no, answers)
        case Call("coalesce", (one, other)):
            return first if (first := evaluate(one, answers)) != "" else evaluate(other, answers)
        case _:
            raise Unreadable


def _truth(value: str | float | bool) -> bool:
    return value == value and bool(value)


def _compared(sign: str, left: str | float | bool, right: str | float | bool) -> bool:
    if isinstance(left, bool) or isinstance(right, bool):
        raise Unreadable
    if sign in ("=", "!=") and isinstance(left, str) and isinstance(right, str):
        return (left == right) == (sign == "=")
    one, other = _number(left), _number(right)
    if sign == "!=":
        return one != other
    return {"=": one == other, "<": one < other, "<=": one <= other, ">": one > other, ">=": one >= other}[sign]


def _number(value: str | float) -> float:
    if isinstance(value, str):
        return float(value) if re.fullmatch(r"\s*-?(\d+(\.\d*)?|\.\d+)\s*", value) else math.nan
    return value
