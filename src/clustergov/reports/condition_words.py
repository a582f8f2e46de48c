"""A condition as a reader understands it: questions by their number, answers by their words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from clustergov.instruments.arithmetic import Arithmetic, Constant, Count, Number, Sum, Value, plain
from clustergov.instruments.condition import Answered, Comparison, Expression, Junction, Negation, Relation
from clustergov.instruments.questionnaire import Questionnaire, Variable
from clustergov.instruments.routing import parse
from clustergov.language import number, say

_SIGNS = {"=": "equal", "!=": "unequal", "<": "less", "<=": "at_most", ">": "more", ">=": "at_least"}


@dataclass(frozen=True, slots=True)
class ConditionWords:
    """How one document tells conditions.

    Attributes
    ----------
    language : str
        Of the questionnaire's texts.
    words : {"nl", "en"}
        Of our own.
    numbers : mapping of str to str
        Number of each question in the document, by its code.
    """

    questionnaire: Questionnaire
    language: str
    words: str
    numbers: Mapping[str, str]

    def tell(self, condition: str) -> str:
        """The condition as the part of a sentence that follows “if”."""
        return self._tell(parse(condition).expression)

    def _say(self, key: str, **values: str) -> str:
        return say(f"paper.condition.{key}", self.words, **values)

    def _tell(self, expression: Expression) -> str:
        match expression:
            case Junction(operator, parts):
                told = [f"({self._tell(part)})" if isinstance(part, Junction) else self._tell(part) for part in parts]
                return f" {self._say('both' if operator == 'and' else 'either')} ".join(told)
            case Negation(Answered(variable)):
                return self._say("not_answered", what=self._named(variable))
            case Negation(Comparison(variable, "=" | "in", values)) if len(values) == 1 or self._listed(variable):
                return self._compared(variable, "!=", values)
            case Negation(part):
                return self._say("not", part=self._tell(part))
            case Answered(variable):
                return self._say("answered", what=self._named(variable))
            case Comparison(variable, operator, values):
                return self._compared(variable, operator, values)
            case Relation(left, operator, right):
                return self._say(_SIGNS[operator], left=self._number(left), right=self._number(right))

    def _listed(self, name: str) -> bool:
        """Whether a variable's answers are options or ticks, of which `not …` is told as simply as `!=`."""
        variable = self.questionnaire.by_name.get(name)
        return variable is not None and variable.scale is not None

    def _named(self, name: str) -> str:
        variable = self.questionnaire.by_name.get(name)
        if variable is None or variable.question.code not in self.numbers:
            return name
        place = self.numbers[variable.question.code]
        if variable.item is None:
            return self._say("question", number=place)
        return self._say("item", item=variable.label.to(self.language).rstrip(".:"), number=place)

    def _compared(self, name: str, sign: str, values: Sequence[str | float]) -> str:
        variable = self.questionnaire.by_name.get(name)
        if variable is not None and variable.kind == "tick":
            ticked = (values[0] == "Y") == (sign != "!=")
            return self._say("ticked" if ticked else "not_ticked", what=self._named(name))
        if (sign in _SIGNS and sign not in ("=", "!=")) or variable is None or variable.scale is None:
            told = [self._value(value) for value in values]
            key = _SIGNS.get(sign, "equal")
            return self._say(key, left=self._named(name), right=self._joined(told, "or"))
        answers = self._joined([self._answer(variable, value) for value in values], "or")
        return self._say("is_not" if sign == "!=" else "is", what=self._named(name), answers=answers)

    def _answer(self, variable: Variable, value: str | float) -> str:
        code = value if isinstance(value, str) else plain(value)
        text = variable.scale.text(code) if variable.scale is not None else None
        return f"“{text.to(self.language)}”" if text is not None else f"“{code}”"

    def _value(self, value: str | float) -> str:
        if isinstance(value, str):
            return f"“{value}”"
        return number(value, self.words, 0 if value.is_integer() else 2)

    def _number(self, expression: Number) -> str:
        match expression:
            case Constant(value):
                return self._value(value)
            case Value(variable):
                return self._named(variable)
            case Sum(variables):
                return self._say("sum", parts=self._joined([self._named(name) for name in variables], "and"))
            case Count(variables, code):
                parts = self._joined([self._named(name) for name in variables], "and")
                return (
                    self._say("count", parts=parts)
                    if code is None
                    else self._say("count_of", code=f"“{code}”", parts=parts)
                )
            case Arithmetic(sign, left, right):
                shown = {"-": "−", "*": "×", "/": ":"}.get(sign, sign)
                return f"{self._term(left)} {shown} {self._term(right)}"

    def _term(self, expression: Number) -> str:
        told = self._number(expression)
        return f"({told})" if isinstance(expression, Arithmetic) else told

    def _joined(self, parts: Sequence[str], key: str) -> str:
        if len(parts) < 2:
            return "".join(parts)
        return self._say(key, first=", ".join(parts[:-1]), last=parts[-1])
