"""Divisors in an expression, and what a part of it says not to be 0."""

from __future__ import annotations

from collections.abc import Iterator

from clustergov.instruments.xlsform.xpath.syntax import Call, Literal, Node, Operation, Several


def nonzero(node: Node) -> Node | None:
    """What a part says not to be 0."""
    match node:
        case Operation("!=", left, Literal(0.0)):
            return left
    return None


def divisors_in(node: Node) -> Iterator[Node]:
    match node:
        case Operation(sign, left, right):
            yield from divisors_in(left)
            yield from divisors_in(right)
            if sign == "div" and not (isinstance(right, Literal) and right.value != 0):
                yield right
        case Several(_, parts) | Call(_, parts):
            for part in parts:
                yield from divisors_in(part)
