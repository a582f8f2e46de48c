"""Tests of one answer in ExpressionScript: that it is there, and that it equals, exceeds or is one of some values."""

from __future__ import annotations

import re
from collections.abc import Mapping

from clustergov.instruments.condition import Comparison
from clustergov.instruments.limesurvey.lime_codes import LimeCodes
from clustergov.instruments.limesurvey.script.brackets import joined
from clustergov.instruments.limesurvey.script.literals import (
    NotInExpressionScriptError,
    as_number,
    literal,
    number_of,
    quoted,
)
from clustergov.instruments.questionnaire import Variable

SIGNS = {"=": "==", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
_SAFE_TEXT = re.compile(r"[A-Za-z0-9 _.,;:?!()/-]*")
"""Texts that are the same on a server and in a browser, which write others with entities of different kinds."""


class AnswerTests:
    """Writes tests of single answers; each is one term or stands in brackets."""

    def __init__(self, variables: Mapping[str, Variable], codes: LimeCodes) -> None:
        self._variables = variables
        self._codes = codes

    def variable(self, name: str) -> Variable:
        if name not in self._variables:
            raise NotInExpressionScriptError(f"there is no variable “{name}”")
        return self._variables[name]

    def field(self, variable: Variable) -> str:
        return f"{self._codes.variable(variable)}.NAOK"

    def answered(self, variable: Variable) -> str:
        if variable.kind == "tick":
            return f"{self._codes.variable(variable)}.relevanceStatus == 1"
        field = self.field(variable)
        blank = [option.code for option in variable.scale.options if option.blank] if variable.scale else []
        return joined("and", (f"!is_empty({field})", *(self._unequal(variable, code) for code in blank)))

    def _never(self, variable: Variable) -> str:
        field = self.field(variable)
        return f"(is_empty({field}) and !is_empty({field}))"

    # ------------------------------------------------------------------------------------ one variable and one value

    def comparison(self, leaf: Comparison, variable: Variable) -> str:
        if variable.kind == "tick":
            return self._of_tick(leaf, variable)
        if variable.kind == "number":
            return self._of_number(leaf, variable)
        if variable.scale is not None:
            return self._of_choice(leaf, variable)
        return self._of_text(leaf, variable)

    def _of_tick(self, leaf: Comparison, variable: Variable) -> str:
        ticked, unticked = leaf.admits("Y"), leaf.admits("N")
        if not ticked and not unticked:
            return self._never(variable)
        shown = self.answered(variable)
        yes = self._codes.tick(variable.question)
        if ticked and unticked:
            return shown
        return f'{self.field(variable)} == "{yes}"' if ticked else f'({shown} and {self.field(variable)} != "{yes}")'

    def _of_choice(self, leaf: Comparison, variable: Variable) -> str:
        assert variable.scale is not None
        admitted = [code for code in variable.scale.codes if leaf.admits(code)]
        refused = [option.code for option in variable.scale.options if option.code not in admitted]
        stored = {code: self._codes.answer(variable, code) for code in (*admitted, *refused)}
        for one in admitted:
            for other in refused:
                if _loosely_equal(stored[one], stored[other]):
                    raise NotInExpressionScriptError(
                        f"LimeSurvey takes the codes “{one}” and “{other}” for the same number"
                    )
        if not admitted:
            return self._never(variable)
        if len(admitted) <= len(refused) + 1:
            return joined("or", (self._equal(variable, code) for code in admitted))
        guard = f"!is_empty({self.field(variable)})"
        return joined("and", (guard, *(self._unequal(variable, code) for code in refused)))

    def _equal(self, variable: Variable, code: str) -> str:
        return f"{self.field(variable)} == {quoted(self._codes.answer(variable, code))}"

    def _unequal(self, variable: Variable, code: str) -> str:
        return f"{self.field(variable)} != {quoted(self._codes.answer(variable, code))}"

    def _of_number(self, leaf: Comparison, variable: Variable) -> str:
        numbers = [number for number in map(as_number, leaf.values) if number is not None]
        if not numbers:
            return self.answered(variable) if leaf.operator == "!=" else self._never(variable)
        sign = SIGNS["=" if leaf.operator == "in" else leaf.operator]
        return joined("or", (self._of_one_number(variable, sign, number) for number in numbers))

    def _of_one_number(self, variable: Variable, sign: str, number: float) -> str:
        test = f"{self.field(variable)} {sign} {literal(number)}"
        # These an empty field never satisfies, whether it counts as 0 or as nothing.
        safe = (sign == "==" and number != 0) or (sign == ">" and number >= 0) or (sign == ">=" and number > 0)
        return test if safe else f"(!is_empty({self.field(variable)}) and {test})"

    def _of_text(self, leaf: Comparison, variable: Variable) -> str:
        if variable.kind in ("date", "file"):
            raise NotInExpressionScriptError(
                f"“{variable.name}” is a {variable.kind}, which can only be asked for with answered( )"
            )
        texts = []
        for value in leaf.values:
            if not isinstance(value, str) or not _SAFE_TEXT.fullmatch(value) or number_of(value) is not None:
                raise NotInExpressionScriptError(
                    f"LimeSurvey compares the text “{variable.name}” with numbers and special characters loosely"
                )
            texts.append(value)
        if leaf.operator not in ("=", "!=", "in"):
            raise NotInExpressionScriptError(f"the text “{variable.name}” has no order")
        field = self.field(variable)
        if leaf.operator == "!=":
            tests = [f"!is_empty({field})", *(f'{field} != "{text}"' for text in texts if text)]
            return joined("and", tests)
        return joined("or", [f'{field} == "{text}"' for text in texts if text] or [self._never(variable)])


def can_hold(variable: Variable, code: str) -> bool:
    if variable.kind == "number":
        return as_number(code) is not None
    return variable.scale is None or code in variable.scale.codes


def _loosely_equal(one: str, other: str) -> bool:
    first = number_of(one)
    return first is not None and first == number_of(other)
