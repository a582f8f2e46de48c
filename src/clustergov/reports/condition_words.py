"""A condition as a reader understands it: questions by their number, answers by their words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from clustergov.instruments.arithmetic import Arithmetic, Constant, Count, Number, Sum, Value, plain
from clustergov.instruments.condition import Answered, Comparison, Expression, Junction, Negation, Order, Relation
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
                return self._say("not_filled" if self._beside(variable) else "not_answered", what=self._named(variable))
            case Negation(Comparison(variable, "=" | "in", values)) if len(values) == 1 or self._listed(variable):
                return self._compared(variable, "!=", values)
            case Negation(part):
                # In brackets: without them the sentence does not tell how far “not” reaches.
                return self._say("not", part=f"({self._tell(part)})")
            case Answered(variable):
                return self._say("filled" if self._beside(variable) else "answered", what=self._named(variable))
            case Comparison(variable, operator, values):
                return self._compared(variable, operator, values)
            case Relation(Count(variables, "Y"), operator, Constant(value)) if self._boxes_of_one(variables):
                return self._boxes(variables, operator, value)
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
        if beside := self._beside(name):
            return self._say(beside, number=place, item=self._quoted(variable))
        if variable.item is None:
            return self._say("question", number=place)
        return self._say("item", item=self._quoted(variable), number=place)

    def _quoted(self, variable: Variable) -> str:
        return f"“{variable.label.to(self.language).rstrip('.:')}”"

    def _beside(self, name: str) -> Literal["", "other", "comment", "item_comment"]:
        """What free answer beside a question's own a variable holds, if any."""
        variable = self.questionnaire.by_name.get(name)
        if variable is None or variable.kind != "text":
            return ""
        if variable.item is not None:
            return "item_comment" if variable.question.kind == "multiple" else ""
        if variable.name == variable.question.code:
            return ""
        return "other" if variable.name == f"{variable.question.code}_other" else "comment"

    def _compared(self, name: str, sign: str, values: Sequence[str | float]) -> str:
        variable = self.questionnaire.by_name.get(name)
        if variable is not None and variable.kind == "tick" and len(values) == 1:
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
                return self._say("sum", parts=self._together(variables, "answers"))
            case Count(variables, code):
                parts = self._together(variables, "question")
                if code is None:
                    return self._say("count", parts=parts)
                return self._say("count_of", code=self._counted(variables, code), parts=parts)
            case Arithmetic(sign, left, right):
                shown = {"-": "−", "*": "×", "/": ":"}.get(sign, sign)
                return f"{self._term(left)} {shown} {self._term(right)}"

    def _counted(self, variables: Sequence[str], code: str | float) -> str:
        """A code that is counted, by its words where all variables have the same words for it."""
        known = [self.questionnaire.by_name.get(name) for name in variables]
        told = {self._answer(each, code) if each is not None else f"“{code}”" for each in known}
        return told.pop() if len(told) == 1 else f"“{code}”"

    def _together(self, variables: Sequence[str], whole: str) -> str:
        """Variables by question, which is named once; a question of which all items are meant by its number alone."""
        parts: list[str] = []
        for question, names in groupby(variables, self._question):
            listed = list(names)
            if not question or len(listed) == 1:
                parts += [self._named(name) for name in listed]
            elif self._all_items(question, listed):
                parts.append(self._say(whole, number=self.numbers[question]))
            else:
                items = self._joined([self._quoted(self.questionnaire.by_name[name]) for name in listed], "and")
                parts.append(self._say("item", item=items, number=self.numbers[question]))
        return self._joined(parts, "and")

    def _question(self, name: str) -> str:
        """Code of the question of which a variable is an item; empty for any other variable."""
        variable = self.questionnaire.by_name.get(name)
        if (
            variable is None
            or variable.item is None
            or self._beside(name)
            or variable.question.code not in self.numbers
        ):
            return ""
        return variable.question.code

    def _all_items(self, question: str, names: Sequence[str]) -> bool:
        return set(names) == {each.name for each in self.questionnaire.of(question) if self._question(each.name)}

    def _boxes_of_one(self, variables: Sequence[str]) -> bool:
        """Whether variables are boxes of one question."""
        ticks = all((known := self.questionnaire.by_name.get(name)) and known.kind == "tick" for name in variables)
        return (
            ticks
            and len(variables) > 1
            and len(asked := {self._question(name) for name in variables}) == 1
            and "" not in asked
        )

    def _boxes(self, variables: Sequence[str], operator: Order, count: float) -> str:
        """How many boxes of one question are ticked."""
        question = self._question(variables[0])
        named = [self._quoted(self.questionnaire.by_name[name]) for name in variables]
        of = (
            ""
            if self._all_items(question, variables)
            else " " + self._say("boxes_of", items=self._joined(named, "and"))
        )
        amount = self._say(f"amount.{_SIGNS[operator]}", n=self._value(count))
        return self._say("box" if count == 1 else "boxes", amount=amount, of=of, number=self.numbers[question])

    def _term(self, expression: Number) -> str:
        told = self._number(expression)
        return f"({told})" if isinstance(expression, Arithmetic) else told

    def _joined(self, parts: Sequence[str], key: str) -> str:
        if len(parts) < 2:
            return "".join(parts)
        return self._say(key, first=", ".join(parts[:-1]), last=parts[-1])
