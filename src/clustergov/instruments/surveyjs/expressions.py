"""Conditions as SurveyJS expressions that hold for the same answers.

What SurveyJS makes of an expression was measured with its own evaluator (survey-core 2.5): ``<>`` holds for an empty
answer and so does ``noneof``; empty answers count as 0 in arithmetic; a division by 0 is null; codes are compared
without regard to case, and as numbers where both sides look like numbers, unless the name begins with ``#``; a matrix
row or a rank that was hidden keeps its value until the form is completed; a box that was not ticked and a question that
was not asked look the same. So every expression says what it needs: which codes are answers, that a number is there,
that a row was asked.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from clustergov.instruments.arithmetic import Arithmetic, Constant, Count, Number, Sum, Value, as_number, plain
from clustergov.instruments.condition import DECIMALS, Answered, Comparison, Expression, Junction, Negation, Relation
from clustergov.instruments.questionnaire import Questionnaire, Variable
from clustergov.instruments.routing import Condition, parse
from clustergov.instruments.surveyjs.names import Names

TRUE, FALSE = "1 = 1", "1 = 0"
LONGEST = 20_000
"""Characters of one expression. Rows that are shown under conditions that look at such rows double in length."""

_SIGNS = {"=": "=", "!=": "<>", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
_DATE = re.compile(r"[0-9][0-9-]*")
_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,15})?")


class Untranslatable(Exception):  # noqa: N818 - control flow inside this package, told as an InputError at its border
    """SurveyJS cannot say this; the message tells why."""


@dataclass(frozen=True, slots=True)
class _Figure:
    """A number as an expression, and what must hold for it to be one."""

    text: str
    needs: tuple[str, ...] = ()


def written(condition: Condition, questionnaire: Questionnaire) -> str:
    """The condition as a SurveyJS expression.

    Raises
    ------
    Untranslatable
        It compares free text with words (SurveyJS disregards case), looks at names or codes that SurveyJS cannot tell
        apart, or becomes longer than 20,000 characters.
    """
    return Expressions(questionnaire).condition(condition.expression)


class Expressions:
    """Writes conditions on the answers to one questionnaire."""

    def __init__(self, questionnaire: Questionnaire) -> None:
        self.questionnaire = questionnaire
        self.names = Names(questionnaire)

    def condition(self, expression: Expression) -> str:
        match expression:
            case Negation(part):
                return f"!({self.condition(part)})"
            case Junction(word, parts):
                return _bounded(_joined(word, [self.condition(part) for part in parts]))
            case Answered(name):
                return self._choosing(self._variable(name), None)
            case Comparison(name, _, _):
                return self._choosing(self._variable(name), expression)
            case Relation():
                return _bounded(self._relation(expression))

    def asked(self, variable: Variable) -> str:
        """When a variable can be answered: its question and its item are shown; empty for always."""
        texts = (variable.question.when, variable.item.when if variable.item is not None else "")
        return _bounded(_joined("and", [self.condition(parse(text).expression) for text in texts if text]))

    def _variable(self, name: str) -> Variable:
        variable = self.questionnaire.by_name.get(name)
        if variable is None:
            raise Untranslatable(f"there is no variable “{name}”")
        if obstacle := self.names.obstacle(variable):
            raise Untranslatable(obstacle)
        return variable

    def _choosing(self, variable: Variable, comparison: Comparison | None) -> str:
        """That a variable is answered, or answered so that the comparison holds."""
        match variable.kind:
            case "tick":
                return self._tick(variable, comparison)
            case "choice":
                return self._kept(variable, self._choice(variable, comparison))
            case "number":
                return self._number(variable, comparison)
            case _:
                return self._text(variable, comparison)

    def _tick(self, variable: Variable, comparison: Comparison | None) -> str:
        reference, item = self.names.reference(variable), variable.item
        assert item is not None  # a tick is always that of an item
        yes = comparison is None or comparison.admits("Y")
        no = comparison is None or comparison.admits("N")
        asked = self.asked(variable)
        if yes and no:
            return asked or TRUE
        if no:
            return _joined("and", [asked, f"{reference} notcontains '{item.code}'"])
        return f"{reference} contains '{item.code}'" if yes else FALSE

    def _choice(self, variable: Variable, comparison: Comparison | None) -> str:
        scale = variable.scale
        assert scale is not None  # a choice always has one
        wanted = [code for code in scale.codes if comparison is None or comparison.admits(code)]
        return self._one_of(variable, wanted)

    def _one_of(self, variable: Variable, wanted: list[str]) -> str:
        """That the answer is one of some codes, said by the shorter list: of those, or of all the others."""
        reference, scale = self.names.reference(variable), variable.scale
        assert scale is not None  # as above
        rest = [option.code for option in scale.options if option.code not in wanted]
        if not wanted:
            return FALSE
        if not rest:
            return f"{reference} notempty"
        if len(wanted) == 1:
            return f"{reference} = '{wanted[0]}'"
        if len(wanted) <= len(rest):
            return f"{reference} anyof [{_quoted(wanted)}]"
        other = f"<> '{rest[0]}'" if len(rest) == 1 else f"noneof [{_quoted(rest)}]"
        return f"{reference} notempty and {reference} {other}"

    def _kept(self, variable: Variable, expression: str) -> str:
        """A row keeps its answer when it is hidden, so whoever looks at it says that it is shown."""
        hidden = variable.item is not None and variable.item.when and variable.question.kind in ("array", "ranking")
        return _joined("and", [self.asked(variable), expression]) if hidden and expression != FALSE else expression

    def _number(self, variable: Variable, comparison: Comparison | None) -> str:
        reference = self.names.reference(variable)
        if comparison is None:
            return f"{reference} notempty"
        sign = comparison.operator
        values = [value for value in map(_as_compared, comparison.values) if value is not None]
        if sign == "in":
            return _joined("or", [f"{reference} = {_plain(value)}" for value in values]) or FALSE
        if sign == "!=":
            return _joined("and", [f"{reference} notempty", *(f"{reference} <> {_plain(value)}" for value in values)])
        return f"{reference} {_SIGNS[sign]} {_plain(values[0])}" if values else FALSE

    def _text(self, variable: Variable, comparison: Comparison | None) -> str:
        reference = self.names.reference(variable)
        if comparison is None:
            return f"{reference} notempty"
        if variable.kind != "date":
            raise Untranslatable(f"the free text of “{variable.name}” is compared, and SurveyJS disregards case there")
        # A date is text of digits here, and no number: compared with one it differs and is neither smaller nor larger.
        dates = [value for value in comparison.values if isinstance(value, str) and _DATE.fullmatch(value)]
        if comparison.operator == "!=":
            return _joined("and", [f"{reference} notempty", *(f"{reference} <> '{date}'" for date in dates)])
        return _joined("or", [f"{reference} = '{date}'" for date in dates]) or FALSE

    def _relation(self, relation: Relation) -> str:
        left, right = self._figure(relation.left), self._figure(relation.right)
        difference = left.text if right.text == "0" else f"{left.text} - {right.text}"
        compared = f"round({difference}, {DECIMALS}) {_SIGNS[relation.operator]} 0"
        return _joined("and", [*dict.fromkeys((*left.needs, *right.needs)), compared])

    def _figure(self, number: Number) -> _Figure:
        match number:
            case Constant(constant):
                return _Figure(_plain(constant) if constant >= 0 else f"(0 - {_plain(-constant)})")
            case Value(name):
                return self._value(self._variable(name))
            case Sum(variables):
                return _Figure(f"sum({', '.join(self.added(self._variable(name)) for name in variables)})")
            case Count(variables, code):
                return _Figure(f"sum({', '.join(self.counted(name, code) for name in variables)})")
            case Arithmetic(sign, left, right):
                one, other = self._figure(left), self._figure(right)
                needs = (*one.needs, *other.needs, *(_divides(right, other.text) if sign == "/" else ()))
                return _Figure(f"({one.text} {sign} {other.text})", needs)

    def _value(self, variable: Variable) -> _Figure:
        if variable.kind == "number":
            reference = self.names.reference(variable)
            return _Figure(reference, (f"{reference} notempty",))
        numbers = self._numbers(variable)
        if not numbers:
            return _Figure("0", (FALSE,))
        return _Figure(self._spelled(variable, numbers), (self._kept(variable, self._one_of(variable, list(numbers))),))

    def added(self, variable: Variable) -> str:
        """A variable inside a sum, where it counts as nothing when it is no number."""
        if variable.kind == "number":
            return self.names.reference(variable)
        numbers = self._numbers(variable)
        if not numbers:
            return "0"
        number = self._value(variable)
        return f"iif({number.needs[0]}, {number.text}, 0)"

    def number_of(self, variable: Variable) -> str:
        """A variable as a number, where it is one."""
        return self._value(variable).text

    def counted(self, name: str, code: str | None) -> str:
        """1 where a variable is answered, or has a code, and 0 elsewhere."""
        leaf = Answered(name) if code is None else Comparison(name, "=", (code,))
        return f"iif({self.condition(leaf)}, 1, 0)"

    def _numbers(self, variable: Variable) -> dict[str, float]:
        """The codes of a choice that are numbers; no other kind of answer is one."""
        if variable.kind in ("text", "file"):
            raise Untranslatable(f"“{variable.name}” is free text and is computed with")
        codes = variable.scale.codes if variable.kind == "choice" and variable.scale is not None else ()
        return {code: number for code in codes if math.isfinite(number := as_number(code))}

    def _spelled(self, variable: Variable, numbers: dict[str, float]) -> str:
        """The answer as a number: itself, or looked up where a code such as 01 would be taken for text."""
        reference = self.names.reference(variable)
        if not reference.startswith("{#") and all(_DECIMAL.fullmatch(code) for code in numbers):
            return reference
        found = "0"
        for code, number in reversed(numbers.items()):
            found = f"iif({reference} = '{code}', {self._figure(Constant(number)).text}, {found})"
        return found


def _as_compared(value: str | float) -> float | None:
    """The number that equals a value: a number equals a code only where it is written as one."""
    if not isinstance(value, str):
        return value
    number = as_number(value)
    return number if math.isfinite(number) and plain(number) == value else None


def _divides(number: Number, text: str) -> tuple[str, ...]:
    """What must hold for a number to be divided by."""
    if isinstance(number, Constant):
        return () if number.value else (FALSE,)
    return (f"{text} <> 0",)


def _plain(number: float) -> str:
    if not abs(number) < 1e15:
        raise Untranslatable(f"it has the number {plain(number)}, and SurveyJS reads no more than 15 digits")
    return plain(number)


def _joined(word: str, parts: list[str]) -> str:
    parts = [part for part in parts if part]
    return parts[0] if len(parts) == 1 else f" {word} ".join(_enclosed(part) for part in parts)


def _enclosed(part: str) -> str:
    return f"({part})" if any(f" {word} " in part for word in ("and", "or")) else part


def _quoted(codes: list[str]) -> str:
    return ", ".join(f"'{code}'" for code in codes)


def _bounded(expression: str) -> str:
    if len(expression) > LONGEST:
        raise Untranslatable(f"it becomes longer than {LONGEST:,} characters")
    return expression
