"""Conditions in LimeSurvey's ExpressionScript, so that they hold there for the same respondents.

What LimeSurvey does differently, and what is written because of it:

- An empty field counts as 0 in a browser's comparisons and, on the server, as text or number depending on the other
  side: comparisons that an empty field could satisfy are guarded by ``is_empty``.
- An option marked `blank` is an answer like any other there: its code is excluded.
- A box that is not ticked stores nothing, whether it was shown or not; ``relevanceStatus`` tells the two apart.
- There is no ``not``, only ``!``. ``+`` may join texts, hence ``sum``. ``sum`` is text in a browser: two sums are never
  compared with each other, only their difference with 0.
- Comparisons with ``==`` make numbers of both sides where they can: “01” is “1”.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from clustergov.instruments.arithmetic import (
    Arithmetic,
    Constant,
    Count,
    Number,
    Sum,
    Value,
)
from clustergov.instruments.condition import (
    DECIMALS,
    Answered,
    Comparison,
    Condition,
    Expression,
    Junction,
    Leaf,
    Negation,
    Relation,
)
from clustergov.instruments.limesurvey.lime_codes import LimeCodes
from clustergov.instruments.limesurvey.script.answer_tests import SIGNS, AnswerTests, can_hold
from clustergov.instruments.limesurvey.script.brackets import bare, joined
from clustergov.instruments.limesurvey.script.literals import NotInExpressionScriptError, literal
from clustergov.instruments.questionnaire import Variable


def to_script(condition: Condition, variables: Mapping[str, Variable], codes: LimeCodes) -> str:
    """The condition as LimeSurvey evaluates it, with the same result for every respondent.

    Raises
    ------
    NotInExpressionScriptError
    """
    return bare(_Writer(AnswerTests(variables, codes)).expression(condition.expression))


class _Writer:
    """Writes the parts of a condition; each is one term or stands in brackets."""

    def __init__(self, tests: AnswerTests) -> None:
        self._tests = tests

    def expression(self, expression: Expression) -> str:
        match expression:
            case Negation(part):
                return f"!({bare(self.expression(part))})"
            case Junction(operator, parts):
                return joined(operator, (self.expression(part) for part in parts))
            case leaf:
                return self._leaf(leaf)

    def _leaf(self, leaf: Leaf) -> str:
        match leaf:
            case Answered(name):
                return self._tests.answered(self._tests.variable(name))
            case Comparison(name, _, _):
                return self._tests.comparison(leaf, self._tests.variable(name))
            case Relation():
                return self._relation(leaf)

    def _relation(self, relation: Relation) -> str:
        left, right = relation.left, relation.right
        sign = SIGNS[relation.operator]
        if isinstance(left, Count) and isinstance(right, Constant) and right.value.is_integer():
            test = f"{self._number(left)} {sign} {literal(right.value)}"
        elif isinstance(right, Constant) and not isinstance(left, Value | Constant) and _few_decimals(right.value):
            test = f"round({bare(self._number(left))}, {DECIMALS}) {sign} {literal(right.value)}"
        else:
            test = f"round({self._number(left)} - {self._number(right)}, {DECIMALS}) {sign} 0"
        return joined("and", (*self._guards(left), *self._guards(right), test))

    def _guards(self, number: Number) -> Iterator[str]:
        """What must be so for the number to exist."""
        match number:
            case Value(name):
                yield self._tests.answered(self._tests.variable(name))
            case Arithmetic(sign, left, right):
                yield from self._guards(left)
                yield from self._guards(right)
                if sign == "/" and not isinstance(right, Constant):
                    # The server makes nothing of a division by 0, a browser infinity.
                    yield f"{self._number(right)} != 0"
                elif sign == "/" and right == Constant(0.0):
                    raise NotInExpressionScriptError("something is divided by 0")

    def _number(self, number: Number) -> str:
        match number:
            case Constant(constant):
                return literal(constant) if constant >= 0 else f"({literal(constant)})"
            case Value(name):
                return self._tests.field(self._numeric(name))
            case Sum(names):
                return f"sum({', '.join(self._summand(name) for name in names)})"
            case Count(names, None):
                return self._count(names)
            case Count(names, code):
                return self._count_of(names, str(code))
            case Arithmetic("+", left, right):
                return f"sum({bare(self._number(left))}, {bare(self._number(right))})"
            case Arithmetic(sign, left, right):
                return f"({self._number(left)} {sign} {self._number(right)})"

    def _numeric(self, name: str) -> Variable:
        variable = self._tests.variable(name)
        codes = variable.scale.codes if variable.scale is not None else ("",)
        if variable.kind != "number" and not (variable.kind == "choice" and all(code.isdigit() for code in codes)):
            raise NotInExpressionScriptError(f"the answers of “{name}” are no numbers")
        return variable

    def _summand(self, name: str) -> str:
        variable = self._numeric(name)
        field = self._tests.field(variable)
        if variable.scale is None or all(option.blank is None for option in variable.scale.options):
            return field
        return f"if({bare(self._tests.answered(variable))}, {field}, 0)"

    def _count(self, names: tuple[str, ...]) -> str:
        variables = [self._tests.variable(name) for name in names]
        simple = [
            each for each in variables
            if each.kind != "tick" and (each.scale is None or all(option.blank is None for option in each.scale.options))
        ]  # fmt: skip
        parts = [f"count({', '.join(map(self._tests.field, simple))})"] if simple else []
        parts += [f"if({bare(self._tests.answered(each))}, 1, 0)" for each in variables if each not in simple]
        return parts[0] if len(parts) == 1 and simple else f"sum({', '.join(parts)})"

    def _count_of(self, names: tuple[str, ...], code: str) -> str:
        """``countif`` where every variable stores the code as it is; a sum of ones otherwise."""
        able = [name for name in names if can_hold(self._tests.variable(name), code)]
        if not able:
            raise NotInExpressionScriptError(f"no answer of {', '.join(names)} has the code “{code}”")
        tests = [self._tests.comparison(Comparison(name, "=", (code,)), self._tests.variable(name)) for name in able]
        plainly = [re.fullmatch(r'(\w+\.NAOK) == ("[^"]*")', test) for test in tests]
        found = [match for match in plainly if match is not None]
        if len(found) == len(tests) and len({match[2] for match in found}) == 1:
            return f"countif({found[0][2]}, {', '.join(match[1] for match in found)})"
        return f"sum({', '.join(f'if({bare(test)}, 1, 0)' for test in tests)})"


def _few_decimals(number: float) -> bool:
    return round(number, DECIMALS) == number
