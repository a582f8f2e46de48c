"""ExpressionScript as LimeSurvey 6.14 evaluates it, on its server and in a browser; written apart from our translator.

`holds` says whether a question with this relevance is asked. Answers are given as LimeSurvey stores them: text, and
nothing ("") for an empty field; `asked` says which variables' questions were relevant. The server's way (PHP 8) and the
browser's (JavaScript) differ in how they compare empty fields, texts and numbers; both were read in the application.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Side = Literal["server", "browser"]

_TOKEN = re.compile(
    r"""\s+|(?P<text>"[^"]*"|'[^']*')|(?P<number>[0-9]+\.?[0-9]*|\.[0-9]+)|(?P<word>[A-Za-z][A-Za-z0-9_]*(?:\.[A-Za-z]+)*)
    |(?P<sign><=|>=|==|!=|&&|\|\||[-+*/<>!(),])|(?P<wrong>.)""", re.X,
)  # fmt: skip
_LEVELS = (
    ("or", "||"),
    ("and", "&&"),
    ("==", "!=", "eq", "ne"),
    ("<", "<=", ">", ">=", "lt", "le", "gt", "ge"),
    ("+", "-"),
    ("*", "/"),
)
_SAME = {"eq": "==", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">=", "||": "or", "&&": "and"}


class ScriptError(Exception):
    """The logic page would complain of this."""


@dataclass
class Value:
    """A value and how it is typed: a number, a word (an answer), or text in quotation marks."""

    value: Any
    kind: Literal["number", "word", "quoted"]


@dataclass
class Evaluation:
    stored: Mapping[str, str]
    asked: Mapping[str, bool]
    numeric: frozenset[str]
    side: Side
    tokens: list[tuple[str, str]] = field(default_factory=list)
    place: int = 0
    bare: set[str] = field(default_factory=set)

    # ------------------------------------------------------------------------------------------------------- parsing

    def read(self, script: str) -> Value:
        for match in _TOKEN.finditer(script):
            if match["wrong"]:
                raise ScriptError(f"unexpected {match['wrong']}")
            if match.lastgroup:
                self.tokens.append((match.lastgroup, match[0]))
        result = self.level(0)
        if self.place < len(self.tokens):
            raise ScriptError(f"extra tokens: {self.tokens[self.place :]}")
        return result

    def peek(self) -> tuple[str, str]:
        return self.tokens[self.place] if self.place < len(self.tokens) else ("end", "")

    def next(self) -> tuple[str, str]:
        self.place += 1
        return self.tokens[self.place - 1] if self.place <= len(self.tokens) else ("end", "")

    def level(self, depth: int) -> Value:
        if depth == len(_LEVELS):
            return self.unary()
        left = self.level(depth + 1)
        while self.peek()[0] in ("sign", "word") and self.peek()[1].lower() in _LEVELS[depth]:
            sign = self.next()[1].lower()
            left = self.binary(_SAME.get(sign, sign), left, self.level(depth + 1))
        return left

    def unary(self) -> Value:
        if self.peek() in (("sign", "!"), ("sign", "-"), ("sign", "+")):
            sign = self.next()[1]
            inner = self.primary()
            if sign == "!":
                return Value(not self.truthy(inner), "number")
            number = self.number(inner)
            return Value(-number if sign == "-" else number, "number")
        return self.primary()

    def primary(self) -> Value:
        kind, text = self.next()
        if (kind, text) == ("sign", "("):
            inner = self.level(0)
            if self.next() != ("sign", ")"):
                raise ScriptError("expected a closing bracket")
            return inner
        if kind == "text":
            return Value(text[1:-1], "quoted")
        if kind == "number":
            return Value(text if self.side == "server" else float(text), "number")
        if kind == "word":
            return self.called(text) if self.peek() == ("sign", "(") else self.named(text)
        raise ScriptError(f"expected a value, found {text}")

    # ------------------------------------------------------------------------------------------------------- values

    def named(self, text: str) -> Value:
        name, _, suffix = text.partition(".")
        if name not in self.stored:
            raise ScriptError(f"undefined variable {name}")
        if suffix == "relevanceStatus":
            return Value(True if self.asked[name] else (None if self.side == "server" else 0), "number")
        if suffix not in ("NAOK", "valueNAOK"):
            self.bare.add(name)
        held = self.stored[name] if self.asked[name] else ""
        if self.side == "browser" and _plainly_number(held):
            return Value(float(held), "number")
        return Value(held, "number" if name in self.numeric else "word")

    def called(self, name: str) -> Value:
        self.next()
        arguments = []
        while self.peek() != ("sign", ")"):
            arguments.append(self.level(0))
            if self.peek() == ("sign", ","):
                self.next()
        self.next()
        values = [argument.value for argument in arguments]
        match name:
            case "is_empty":
                return Value(values[0] in ("", None) or values[0] is False, "number")
            case "count":
                return Value(sum(value not in ("", None) for value in values), "number")
            case "countif":
                return Value(sum(self.equal(each, arguments[0]) for each in arguments[1:]), "number")
            case "sum":
                total = math.fsum(self.number(each) for each in arguments)
                return Value(
                    total if self.side == "server" else f"{total:.12g}", "number" if self.side == "server" else "word"
                )
            case "if":
                return arguments[1] if self.truthy(arguments[0]) else arguments[2]
            case "round":
                if self.side == "server" and values[0] == "":
                    raise ScriptError("round() of a text")
                number, digits = float(values[0]), int(float(values[1]))
                return Value(number if math.isnan(number) or math.isinf(number) else round(number, digits), "number")
        raise ScriptError(f"unknown function {name}")

    def number(self, value: Value) -> float:
        if isinstance(value.value, bool | int | float):
            return float(value.value)
        if value.value in ("", None):
            return 0.0
        match = re.match(r"-?\d+(\.\d*)?", value.value)
        return float(match[0]) if match else 0.0

    def truthy(self, value: Value) -> bool:
        held = value.value
        if isinstance(held, float) and math.isnan(held):
            return self.side == "server"
        if self.side == "server" and held == "0":
            return False
        return bool(held)

    # ---------------------------------------------------------------------------------------------------- operators

    def binary(self, sign: str, left: Value, right: Value) -> Value:
        if sign == "or":
            return Value(self.truthy(left) or self.truthy(right), "number")
        if sign == "and":
            return Value(self.truthy(left) and self.truthy(right), "number")
        if sign in ("==", "!="):
            return Value(self.equal(left, right) == (sign == "=="), "number")
        if sign in ("<", "<=", ">", ">="):
            order = self.ordered_on_server if self.side == "server" else self.ordered_in_browser
            return Value(order(sign, left, right), "number")
        if self.side == "server":
            return self.computed_on_server(sign, left, right)
        return self.computed_in_browser(sign, left, right)

    def equal(self, left: Value, right: Value) -> bool:
        one, other = left.value, right.value
        if self.side == "server":
            if isinstance(one, bool) or isinstance(other, bool) or one is None or other is None:
                return (
                    _php_true(one) == _php_true(other)
                    if bool in (type(one), type(other))
                    else (one or "") == (other or "")
                )
            first, second = _php_number(one), _php_number(other)
            return first == second if first is not None and second is not None else str(one) == str(other)
        if isinstance(one, str) and isinstance(other, str):
            return one == other
        return _js_number(one) == _js_number(other)

    def ordered_on_server(self, sign: str, left: Value, right: Value) -> bool:
        one, other = left.value, right.value
        both_numbers = _is_numeric(one) and _is_numeric(other)
        if both_numbers and "quoted" not in (left.kind, right.kind):
            return _order(sign, float(one), float(other))
        first, second = ("" if value is None else str(value) for value in (one, other))
        if not both_numbers and not all(text in ("", "0") or not _is_numeric(text) for text in (first, second)):
            return False
        if {first, second} == {"", "0"} and sign in ("<=", ">"):
            return sign == "<="
        return _order(sign, first, second)

    def ordered_in_browser(self, sign: str, left: Value, right: Value) -> bool:
        one, other = left.value, right.value
        if isinstance(one, str) and isinstance(other, str):
            return _order(sign, one, other)
        return _order(sign, _js_number(one), _js_number(other))

    def computed_on_server(self, sign: str, left: Value, right: Value) -> Value:
        if not (_is_numeric(left.value) and _is_numeric(right.value)):
            return Value(f"{left.value}{right.value}" if sign == "+" else math.nan, "word" if sign == "+" else "number")
        one, other = float(left.value), float(right.value)
        if sign == "/":
            return Value(math.nan if other == 0 else one / other, "number")
        return Value({"+": one + other, "-": one - other, "*": one * other}[sign], "number")

    def computed_in_browser(self, sign: str, left: Value, right: Value) -> Value:
        if sign == "+" and (isinstance(left.value, str) or isinstance(right.value, str)):
            return Value(f"{left.value}{right.value}", "word")
        one, other = _js_number(left.value), _js_number(right.value)
        if sign == "/":
            return Value(math.nan if other == one == 0 else math.inf if other == 0 else one / other, "number")
        return Value({"+": one + other, "-": one - other, "*": one * other}[sign], "number")


def holds(
    script: str, stored: Mapping[str, str], asked: Mapping[str, bool], numeric: frozenset[str], side: Side
) -> bool:
    """Whether a question with this relevance is asked.

    Raises
    ------
    ScriptError
        The expression is none: LimeSurvey would never ask.
    """
    evaluation = Evaluation(stored, asked, numeric, side)
    result = evaluation.read(script)
    return evaluation.truthy(result) and all(asked[name] for name in evaluation.bare)


def _order(sign: str, one: Any, other: Any) -> bool:
    return {"<": one < other, "<=": one <= other, ">": one > other, ">=": one >= other}[sign]


def _is_numeric(value: Any) -> bool:
    """The application's test: PHP would write the number in the same way."""
    if isinstance(value, bool | int | float) or value is None:
        return value is not None
    number = _php_number(value)
    trimmed = value.rstrip("0").rstrip(".") if "." in value else value
    return number is not None and (value == "0" or f"{number:.14G}" == trimmed)


def _php_number(value: Any) -> float | None:
    if isinstance(value, bool | int | float):
        return float(value)
    return float(value) if re.fullmatch(r"\s*[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?\s*", value, re.I) else None


def _php_true(value: Any) -> bool:
    return bool(value) and value != "0"


def _plainly_number(held: str) -> bool:
    return bool(re.fullmatch(r"-?(0|[1-9]\d*)(\.\d+)?", held))


def _js_number(value: Any) -> float:
    if isinstance(value, bool | int | float):
        return float(value)
    if value == "":
        return 0.0
    try:
        return float(value)
    except ValueError:
        return math.nan
