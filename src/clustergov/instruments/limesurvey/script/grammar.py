"""The grammar of LimeSurvey's ExpressionScript, as far as conditions use it."""

from __future__ import annotations

from functools import cache
from typing import Any

LONGEST = 20_000
"""Characters of an expression that is read at all."""
DEEPEST = 40
"""Brackets inside each other."""

# As the application has it: “==” binds less than “<”, a sign or “!” stands before one operand, and “not” is no word.
_GRAMMAR = r"""
?start: alternatives
?alternatives: conjunction (OR conjunction)*
?conjunction: equality (AND equality)*
?equality: relation (EQUAL relation)*
?relation: total (ORDER total)*
?total: product (ADDED product)*
?product: unary (TIMES unary)*
?unary: primary
     | "!" primary -> opposite
     | ADDED primary -> signed
?primary: "(" alternatives ")"
     | NAME "(" [alternatives ("," alternatives)*] ")" -> call
     | NAME -> name
     | NUMBER -> number
     | TEXT -> text
OR.3: /or\b/i | "||"
AND.3: /and\b/i | "&&"
EQUAL.3: /(eq|ne)\b/i | "==" | "!="
ORDER.3: /(lt|le|gt|ge)\b/i | "<=" | ">=" | "<" | ">"
ADDED: "+" | "-"
TIMES: "*" | "/"
NAME: /[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z]+)?/
NUMBER: /[0-9]+(\.[0-9]*)?|\.[0-9]+/
TEXT: /"[^"\\]*"/ | /'[^'\\]*'/
%ignore /\s+/
"""


def tree_of(expression: str) -> Any | None:
    """The expression as a tree, or None where it is none, or too long or too deep to look at."""
    from lark.exceptions import LarkError

    if len(expression) > LONGEST or _depth(expression) > DEEPEST:
        return None
    try:
        return _parser().parse(expression)
    except LarkError:
        return None


@cache
def _parser() -> Any:
    from lark import Lark

    return Lark(_GRAMMAR, parser="lalr", maybe_placeholders=False)


def _depth(expression: str) -> int:
    depth = deepest = 0
    for sign in expression:
        depth += (sign == "(") - (sign == ")")
        deepest = max(deepest, depth)
    return deepest
