"""Parts of an expression that look at one answer only, written anew as the condition that holds for the same values."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from clustergov.instruments.condition import Answered, Comparison, Expression, Junction, Negation
from clustergov.instruments.questionnaire import Variable
from clustergov.instruments.xlsform.xpath.syntax import (
    SIGNS,
    Call,
    Literal,
    Node,
    Operation,
    Reference,
    Several,
    Unreadable,
    evaluate,
)

Truth = Expression | bool
"""A condition, or what always or never holds."""


def holds(node: Node, subject: Reference, value: str) -> bool:
    """Whether a part holds for a value of the one answer that it looks at."""
    return bool(evaluate(node, {subject: value}))


def negated(truth: Truth) -> Truth:
    """What holds where the other does not."""
    if isinstance(truth, bool):
        return not truth
    return truth.part if isinstance(truth, Negation) else Negation(truth)


def turned(truth: Truth, turn: bool) -> Truth:
    """The same, or what holds where it does not."""
    return negated(truth) if turn else truth


def joined(word: str, parts: list[Truth]) -> Truth:
    """Parts joined by “and” or “or”; what always or never holds is left out."""
    deciding = word == "or"
    if any(part is deciding for part in parts):
        return deciding
    rest = [part for part in parts if not isinstance(part, bool)]
    if not rest:
        return not deciding
    return rest[0] if len(rest) == 1 else Junction("or" if deciding else "and", tuple(dict.fromkeys(rest)))


def among(name: str, codes: list[str], every: list[str]) -> Truth:
    """That a choice is one of `codes`."""
    if not codes:
        return False
    if len(codes) == len(every):
        return Answered(name)
    if len(codes) == 1:
        return Comparison(name, "=", (codes[0],))
    if len(codes) == len(every) - 1:
        return Comparison(name, "!=", (next(code for code in every if code not in codes),))
    return Comparison(name, "in", tuple(codes))


def of_text(node: Node, subject: Reference, variable: Variable) -> Truth:
    """A part about one text."""
    literals = [value for value in _literals(node) if isinstance(value, str) and value]
    if variable.kind != "text" and literals:
        raise Unreadable
    other = "".join(literals) + "x"
    blank = holds(node, subject, "")
    codes = [code for code in dict.fromkeys(literals) if holds(node, subject, code) != blank]
    if holds(node, subject, other) == blank:
        found: Truth = _listed(variable.name, codes)
    else:
        without = [code for code in dict.fromkeys(literals) if code not in codes]
        found = joined("and", [Answered(variable.name), negated(_listed(variable.name, without))])
    return turned(found, blank)


def _listed(name: str, codes: list[str]) -> Truth:
    if not codes:
        return False
    return Comparison(name, "=", (codes[0],)) if len(codes) == 1 else Comparison(name, "in", tuple(codes))


def of_number(node: Node, subject: Reference, variable: Variable) -> Truth:
    """A part about one number: for every stretch between the constants that it is compared with it is tried."""
    points = sorted({float(value) for value in _literals(node) if value != ""})
    blank = holds(node, subject, "")
    places = _places(points)
    truths = [_number_holds(node, subject, place) != blank for place in places]
    if all(truths):
        return turned(Answered(variable.name), blank)
    stretches: list[Truth] = []
    start = None
    for index, truth in enumerate([*truths, False]):
        if truth and start is None:
            start = index
        elif not truth and start is not None:
            stretches.append(_stretch(variable.name, points, start, index - 1))
            start = None
    return turned(_without_point(variable.name, points, truths) or joined("or", stretches), blank)


def _number_holds(node: Node, subject: Reference, value: float) -> bool:
    text = f"{value:.12f}".rstrip("0").rstrip(".")
    return holds(node, subject, text)


def _places(points: list[float]) -> list[float]:
    """A number before, at, between and after the points: their stretches have even, the points odd indices."""
    if not points:
        return [0.0]
    between = [(one + other) / 2 for one, other in pairwise(points)]
    rest = [each for pair in zip(points, [*between, points[-1] + 1], strict=True) for each in pair]
    return [points[0] - 1, *rest]


def _stretch(name: str, points: list[float], first: int, last: int) -> Truth:
    """That a number lies from one place to another of `_places`."""
    if first == last and first % 2:
        return Comparison(name, "=", (points[first // 2],))
    parts: list[Truth] = []
    if first > 0:
        sign, point = (">=", points[first // 2]) if first % 2 else (">", points[first // 2 - 1])
        parts.append(Comparison(name, sign, (point,)))  # type: ignore[arg-type]  # one of the signs
    if last < 2 * len(points):
        sign, point = ("<=", points[last // 2]) if last % 2 else ("<", points[last // 2])
        parts.append(Comparison(name, sign, (point,)))  # type: ignore[arg-type]  # one of the signs
    return joined("and", parts)


def _without_point(name: str, points: list[float], truths: list[bool]) -> Truth | None:
    """“not 5”, where all but one point holds."""
    missing = [index for index, truth in enumerate(truths) if not truth]
    if len(missing) == 1 and missing[0] % 2:
        return Comparison(name, "!=", (points[missing[0] // 2],))
    return None


def _literals(node: Node) -> Iterator[str | float]:
    match node:
        case Literal(bool()):
            return
        case Literal(value):
            yield value
        case Call(_, parts) | Several(_, parts):
            for part in parts:
                yield from _literals(part)
        case Operation(_, left, right):
            yield from _literals(left)
            yield from _literals(right)


def compares_plainly(node: Node) -> bool:
    """Whether a part only compares one number with constants."""
    match node:
        case Several(_, parts):
            return all(compares_plainly(part) for part in parts)
        case Call("not", (part,)):
            return compares_plainly(part)
        case Operation(sign, Reference(), Literal(value)) | Operation(sign, Literal(value), Reference()) if (
            sign in SIGNS
        ):
            return isinstance(value, float) or value == ""
        case _:
            return False


def compares_texts(node: Node) -> bool:
    """Whether a part only compares one text with constants, or its length with 0."""
    match node:
        case Several(_, parts):
            return all(compares_texts(part) for part in parts)
        case Call("not", (part,)):
            return compares_texts(part)
        case Operation("=" | "!=", Reference(), Literal(str())) | Operation("=" | "!=", Literal(str()), Reference()):
            return True
        case Operation("=" | "!=" | ">", Call("string-length", (Reference(),)), Literal(0.0)):
            return True
        case Operation(">=", Call("string-length", (Reference(),)), Literal(1.0)):
            return True
        case _:
            return False
