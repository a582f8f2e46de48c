"""SurveyJS expressions as conditions: all that `expressions` writes, and what people commonly write.

An expression is read only where it is certain to hold for the same answers. SurveyJS takes “don't know” for an answer
and lets ``<>`` hold for an empty one; so what is said of a choice is gathered as the set of answers, the empty one among
them, for which it holds, and is a condition where all that are no substantive answer are in the set or none is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any, cast

from clustergov.instruments.arithmetic import Value, as_number
from clustergov.instruments.condition import Answered, Comparison, Expression, Negation, Order
from clustergov.instruments.questionnaire import Questionnaire, Variable
from clustergov.instruments.routing import Condition, parse
from clustergov.instruments.surveyjs.expressions import LONGEST, Expressions, Untranslatable
from clustergov.instruments.surveyjs.figures import Figures
from clustergov.instruments.surveyjs.names import plainly_coded
from clustergov.instruments.surveyjs.verdicts import Chosen, Known, Said, Unreadable, Verdict, joined, negated, settled
from clustergov.problems import InputError

DEEPEST = 100
"""Brackets and negations inside each other."""

_GRAMMAR = r"""
?start: alternatives
?alternatives: conjunction (_OR conjunction)*
?conjunction: relation (_AND relation)*
?relation: total SIGN total -> comparison
     | total WORD total -> comparison
     | total EMPTINESS -> emptiness
     | total
?total: product (ADDED product)*
?product: factor (TIMES factor)*
?factor: _NOT factor -> negated | atom
?atom: "(" alternatives ")"
     | REFERENCE -> reference
     | STRING -> string
     | NUMBER -> number
     | "[" [alternatives ("," alternatives)*] "]" -> listed
     | FUNCTION "(" [alternatives ("," alternatives)*] ")" -> call
_OR.3: /or(?![A-Za-z0-9_])|\|\|/i
_AND.3: /and(?![A-Za-z0-9_])|&&/i
_NOT.3: /negate(?![A-Za-z0-9_])|!(?!=)/i
EMPTINESS.3: /(notempty|empty)(?![A-Za-z0-9_])/i
WORD.3: /(notcontains?|contains?|anyof|allof|noneof|notequal|equal|lessorequal|greaterorequal|less|greater)(?![A-Za-z0-9_])/i
SIGN.2: "!=" | "<>" | "<=" | ">=" | "==" | "=" | "<" | ">"
ADDED: "+" | "-"
TIMES: "*" | "/"
FUNCTION.1: /[A-Za-z]+(?=\s*\()/
REFERENCE: /\{#?[^{}]+\}/
STRING: /'[^'"\\\n]*'/ | /"[^'"\\\n]*"/
NUMBER: /-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,15})?(?![0-9A-Za-z])/
%ignore /\s+/
"""
_SIGNS: dict[str, str] = {
    "=": "=", "==": "=", "equal": "=", "!=": "!=", "<>": "!=", "notequal": "!=", "<": "<", "less": "<",
    "<=": "<=", "lessorequal": "<=", ">": ">", "greater": ">", ">=": ">=", "greaterorequal": ">=",
    "contain": "contains", "notcontain": "notcontains",
}  # fmt: skip
_TURNED = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,15})?")


def read(expression: str, questionnaire: Questionnaire) -> Condition | None:
    """The condition that holds for the same answers; None where the expression says something else, or what is unknown."""
    from lark.exceptions import LarkError

    if len(expression) > LONGEST or _depth(expression) > DEEPEST:
        return None
    try:
        found = settled(_Reader(questionnaire, expression).verdict(_parser().parse(expression)))
        return parse(str(Condition(found))) if not isinstance(found, bool) else None
    except (LarkError, Unreadable, Untranslatable, InputError):
        return None


@cache
def _parser() -> Any:
    from lark import Lark

    return Lark(_GRAMMAR, parser="lalr", propagate_positions=True, maybe_placeholders=False)


def _depth(expression: str) -> int:
    depth = deepest = 0
    for sign in expression:
        depth += (sign in "([") - (sign in ")]")
        deepest = max(deepest, depth)
    return deepest + len(re.findall(r"!(?!=)|negate", expression, re.I))


class _Reader:
    """Interprets the parts of one expression."""

    def __init__(self, questionnaire: Questionnaire, text: str) -> None:
        self.text = text
        writer = Expressions(questionnaire)
        self.variables: dict[str, list[Variable]] = {}
        for variable in questionnaire.variables:
            if not writer.names.obstacle(variable):
                name = writer.names.reference(variable).strip("{#}")
                self.variables.setdefault(name, []).append(variable)
        self.figures = Figures(writer, self._single, text)

    def verdict(self, tree: Any) -> Verdict:
        match tree.data:
            case "alternatives":
                return joined("or", [self.verdict(child) for child in tree.children])
            case "conjunction":
                return joined("and", [self.verdict(child) for child in tree.children])
            case "negated":
                return negated(self.verdict(tree.children[0]))
            case "emptiness":
                empty = tree.children[1].lower() == "empty"
                answered = self._answered(tree.children[0])
                return negated(answered) if empty else answered
            case "comparison":
                return self._comparison(*tree.children)
            case _:
                raise Unreadable

    def _single(self, tree: Any) -> Variable:
        """The one variable that a reference names; boxes are named together and are no one variable."""
        found = self._named(tree)
        if len(found) != 1 or found[0].kind == "tick":
            raise Unreadable
        return found[0]

    def _named(self, tree: Any) -> list[Variable]:
        if tree.data != "reference":
            raise Unreadable
        return self.variables.get(str(tree.children[0]).strip("{#}"), [])

    def _answered(self, tree: Any) -> Verdict:
        variables = self._named(tree)
        if variables and variables[0].kind == "tick":
            if variables[0].question.other:
                raise Unreadable
            return joined("or", [_ticked(variable) for variable in variables])
        variable = self._single(tree)
        return Chosen(variable, _codes(variable)) if variable.kind == "choice" else Said(Answered(variable.name))

    def _comparison(self, left: Any, word: Any, right: Any) -> Verdict:
        sign = _SIGNS.get(str(word).lower(), str(word).lower())
        if left.data in ("string", "number") and right.data == "reference" and sign in _TURNED:
            left, sign, right = right, _TURNED[sign], left
        if sign not in _TURNED:
            return self._membership(left, sign, right)
        if left.data == "number" and right.data == "number":
            return Known(_held(sign, float(left.children[0]), float(right.children[0])))
        if left.data == "reference" and right.data in ("string", "number"):
            return self._compared(left, sign, right)
        return self.figures.related(left, cast(Order, sign), right)

    def _membership(self, left: Any, sign: str, right: Any) -> Verdict:
        variables = self._named(left)
        listed = right.children if right.data == "listed" else [right]
        if not listed or any(each.data not in ("string", "number") for each in listed):
            raise Unreadable
        if variables and variables[0].kind == "tick":
            return self._boxes(variables, sign, [_literal(each) for each in listed])
        if sign not in ("anyof", "noneof") or right.data != "listed":
            raise Unreadable
        any_of = joined("or", [self._compared(left, "=", each) for each in listed])
        return negated(any_of) if sign == "noneof" else any_of

    @staticmethod
    def _boxes(variables: list[Variable], sign: str, wanted: list[str | float]) -> Verdict:
        by_code = {variable.item.code: variable for variable in variables if variable.item is not None}
        if any(code not in by_code for code in wanted):
            raise Unreadable
        ticked = [_ticked(by_code[str(code)]) for code in wanted]
        match sign:
            case "contains" | "allof":
                return joined("and", ticked)
            case "notcontains" if len(ticked) == 1:
                return negated(ticked[0])
            case "anyof":
                return joined("or", ticked)
            case "noneof":
                return negated(joined("or", ticked))
            case _:
                raise Unreadable

    def _compared(self, left: Any, sign: str, right: Any) -> Verdict:
        variable, value = self._single(left), _literal(right)
        exact = str(left.children[0]).startswith("{#")
        if variable.kind == "choice":
            return Chosen(variable, frozenset(_admitted(variable, sign, value, exact)))
        if variable.kind == "number":
            number = as_number(value)
            if number != number:
                raise Unreadable
            nonzero = Value(variable.name) if sign == "!=" and number == 0 else None
            return Said(_different_or(variable.name, sign, number), nonzero)
        if variable.kind == "date" and sign in ("=", "!=") and isinstance(value, str) and value.strip():
            return Said(_different_or(variable.name, sign, value))
        raise Unreadable


def _different_or(name: str, sign: str, value: str | float) -> Expression:
    """A comparison; “different” holds for an empty answer too."""
    if sign == "!=":
        return Negation(Comparison(name, "=", (value,)))
    order: Any = sign
    return Comparison(name, order, (value,))


def _ticked(variable: Variable) -> Verdict:
    return Chosen(variable, frozenset({"Y"}))


def _codes(variable: Variable) -> frozenset[str]:
    options = variable.scale.options if variable.scale is not None else ()
    return frozenset(option.code for option in options)


def _literal(tree: Any) -> str | float:
    written = str(tree.children[0])
    return float(written) if tree.data == "number" else written[1:-1]


def _admitted(variable: Variable, sign: str, value: str | float, exact: bool) -> Iterator[str]:
    """The answers, the empty one among them, for which SurveyJS says that the comparison holds."""
    codes = _codes(variable)
    if not exact and not plainly_coded(variable):
        raise Unreadable
    if sign in ("=", "!="):
        if value == "":
            raise Unreadable
        yield from (code for code in codes if _equal(code, value, exact) == (sign == "="))
        if sign == "!=":
            yield ""
        return
    limit = as_number(value)
    if exact or limit != limit or not all(_DECIMAL.fullmatch(code) for code in codes):
        raise Unreadable
    yield from (code for code in codes if _held(sign, float(code), limit))


def _equal(code: str, value: str | float, exact: bool) -> bool:
    """Texts without regard to case and blanks at the ends; as numbers where that is what both look like."""
    if isinstance(value, str) and code.strip().lower() == value.strip().lower():
        return True
    if exact and isinstance(value, str):
        return False
    numeric = _DECIMAL.fullmatch(code) if isinstance(value, str) else True
    return bool(numeric) and as_number(code) == as_number(value)


def _held(sign: Order | str, one: float, other: float) -> bool:
    return {"=": one == other, "!=": one != other, "<": one < other, "<=": one <= other, ">": one > other,
            ">=": one >= other}[sign]  # fmt: skip
