"""Conditions as XLSForm expressions: XPath 1.0 with the functions of ODK (https://getodk.github.io/xforms-spec/).

How the meaning is kept. An empty answer is ``''``, and so is that of a question which is not relevant. ``number('')`` is
NaN, with which every comparison but ``!=`` is false; ``!=`` is written so that a blank makes it false too. Options marked
`blank` are answers in XLSForm, so each comparison tells them apart by their codes. A tick is ``selected(${code}, 'item')``;
that a box was left open can only be told together with the condition under which its question is asked. A place of a
ranking is ``selected-at(${code}, place - 1)``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from clustergov.instruments.arithmetic import Arithmetic, Constant, Count, Number, Sum, Value, plain
from clustergov.instruments.condition import (
    DECIMALS,
    Answered,
    Comparison,
    Condition,
    Expression,
    Junction,
    Negation,
    Relation,
)
from clustergov.instruments.questionnaire import Question, Questionnaire, Variable
from clustergov.instruments.routing import parse
from clustergov.instruments.xlsform.names import Names
from clustergov.problems import InputError

LONGEST = 30_000
"""Characters of an expression; a cell of a workbook holds 32,767."""


class Untranslatable(Exception):  # noqa: N818 - control flow inside this package
    """Raised where a condition says something that an XLSForm cannot; its text tells what."""


class _Piece(NamedTuple):
    """A part of an expression; `loose` where it needs brackets beside “and”, “or”."""

    text: str
    loose: bool = False


TRUE, FALSE = _Piece("true()"), _Piece("false()")


class Expressions:
    """Writes the conditions of one questionnaire."""

    def __init__(self, questionnaire: Questionnaire, names: Names) -> None:
        self._variables = questionnaire.by_name
        self._names = names
        self._here = ""
        self._asked: dict[str, _Piece | Untranslatable] = {}
        # In the order of the questionnaire, each needs only what was written before.
        for variable in questionnaire.variables:
            if variable.kind == "tick":
                self._asked[variable.name] = self._when(variable)

    def written(self, condition: Condition, *, here: str = "") -> str:
        """The expression; `here` is the name of the row whose own answer is written as a full stop.

        Raises
        ------
        Untranslatable
            It looks at something that is no variable, or grows beyond `LONGEST` characters.
        """
        self._here = here
        return self._piece(condition.expression).text

    def not_written(self, condition: Condition) -> str:
        """The expression that holds where the condition does not."""
        return self.written(Condition(Negation(condition.expression)))

    def _when(self, variable: Variable) -> _Piece | Untranslatable:
        texts = (variable.question.when, variable.item.when if variable.item else "")
        try:
            return _joined("and", [self._piece(parse(text).expression) for text in texts if text])
        except Untranslatable as error:
            return error
        except InputError as error:
            return Untranslatable(error.problems[0].message)

    def _variable(self, name: str) -> Variable:
        variable = self._variables.get(name)
        if variable is None:
            raise Untranslatable(f"there is no variable “{name}”")
        return variable

    def _reference(self, variable: Variable) -> str:
        question = variable.question
        whole = variable.kind == "tick" or (question.kind == "ranking" and variable.kind == "choice")
        row = self._names.row("answer", question.code if whole else variable.name)
        reference = "." if row == self._here else f"${{{row}}}"
        if question.kind == "ranking" and variable.kind == "choice":
            return f"selected-at({reference}, {_place(question, variable)})"
        return reference

    def _piece(self, expression: Expression) -> _Piece:
        match expression:
            case Negation(part):
                return _Piece(f"not({self._piece(part).text})")
            case Junction(word, parts):
                return _joined(word, [self._piece(part) for part in parts])
            case Relation():
                return self._relation(expression)
            case leaf:
                return self._leaf(leaf)

    def _leaf(self, leaf: Comparison | Answered) -> _Piece:
        variable = self._variable(leaf.variable)
        match variable.kind:
            case "tick":
                return self._tick(leaf, variable)
            case "choice":
                return self._choice(leaf, variable)
            case "number":
                return self._number_leaf(leaf, self._reference(variable))
            case _:
                return self._text_leaf(leaf, self._reference(variable), dated=variable.kind == "date")

    def _tick(self, leaf: Comparison | Answered, variable: Variable) -> _Piece:
        assert variable.item is not None  # a tick always has one
        ticked, open_ = leaf.admits("Y"), leaf.admits("N")
        if not ticked and not open_:
            return FALSE
        asked = self._asked.get(variable.name, Untranslatable(f"“{variable.name}” is asked later"))
        if isinstance(asked, Untranslatable):
            raise Untranslatable(f"whether “{variable.name}” is asked cannot be told: {asked}")
        selected = _Piece(f"selected({self._reference(variable)}, {_literal(variable.item.code)})")
        if ticked and open_:
            return asked
        if open_:
            return _joined("and", [asked, _Piece(f"not({selected.text})")])
        # The box itself can be hidden after it was ticked; the whole question is emptied when it is.
        return _joined("and", [asked, selected]) if variable.item.when else selected

    def _choice(self, leaf: Comparison | Answered, variable: Variable) -> _Piece:
        scale = variable.scale
        if scale is None:
            raise Untranslatable(f"the answers of “{variable.name}” are not known")
        reference = self._reference(variable)
        admitted = [code for code in scale.codes if leaf.admits(code)]
        if not admitted:
            return FALSE
        refused = [option.code for option in scale.options if option.code not in admitted]
        if len(admitted) <= len(refused) + 1:
            return _joined("or", [_Piece(f"{reference} = {_literal(code)}") for code in admitted])
        return _joined("and", [_Piece(f"{reference} != {_literal(code)}") for code in ("", *refused)])

    def _number_leaf(self, leaf: Comparison | Answered, reference: str) -> _Piece:
        answered = _Piece(f"{reference} != ''")
        if isinstance(leaf, Answered):
            return answered
        values = [_number_value(value) for value in leaf.values]
        if leaf.operator == "!=":
            return answered if values[0] is None else _joined("and", [answered, _Piece(f"{reference} != {values[0]}")])
        sign = "=" if leaf.operator == "in" else leaf.operator
        return _joined("or", [_Piece(f"{reference} {sign} {value}") for value in values if value is not None])

    def _text_leaf(self, leaf: Comparison | Answered, reference: str, *, dated: bool) -> _Piece:
        answered = _Piece(f"{reference} != ''")
        if isinstance(leaf, Answered):
            return answered
        # A date is no number here, and one in ODK; a comparison with a number therefore never holds, but for “!=”.
        values = [_literal(value) if isinstance(value, str) else plain(value) for value in leaf.values
                  if isinstance(value, str) or not dated]  # fmt: skip
        if leaf.operator == "!=":
            return _joined("and", [answered, *(_Piece(f"{reference} != {value}") for value in values)])
        sign = "=" if leaf.operator == "in" else leaf.operator
        return _joined("or", [_Piece(f"{reference} {sign} {value}") for value in values])

    def _relation(self, relation: Relation) -> _Piece:
        difference = f"round({self._operand(relation.left)} - {self._operand(relation.right)}, {DECIMALS})"
        divisors = [
            f"{self._operand(number)} != 0" for side in (relation.left, relation.right) for number in _divisors(side)
        ]
        # NaN differs from 0; a blank must make the comparison false.
        signs = ("<", ">") if relation.operator == "!=" else (relation.operator,)
        compared = _joined("or", [_Piece(f"{difference} {sign} 0") for sign in signs])
        return _joined("and", [*map(_Piece, dict.fromkeys(divisors)), compared])

    def _operand(self, number: Number) -> str:
        text = self._number(number)
        return f"({text})" if isinstance(number, Arithmetic) or text.startswith("-") else text

    def _number(self, number: Number) -> str:
        match number:
            case Constant(value):
                return plain(value)
            case Value(name):
                return self._value(self._variable(name), blank="''")
            case Sum(names):
                parts = [self._value(self._variable(name), blank="0") for name in names]
                return parts[0] if len(parts) == 1 else f"({' + '.join(parts)})"
            case Count(names, code):
                counted = [Answered(name) if code is None else Comparison(name, "=", (code,)) for name in names]
                parts = [f"if({self._leaf(leaf).text}, 1, 0)" for leaf in counted]
                return parts[0] if len(parts) == 1 else f"({' + '.join(parts)})"
            case Arithmetic(sign, left, right):
                word = "div" if sign == "/" else sign
                return _short(f"{self._operand(left)} {word} {self._operand(right)}")

    def _value(self, variable: Variable, *, blank: str) -> str:
        """The number that an answer is; for what is none, NaN (from ``''``) or 0."""
        reference = self._reference(variable)
        if variable.kind == "number":
            return reference if blank == "''" else f"coalesce({reference}, 0)"
        if variable.kind != "choice" or variable.scale is None:
            raise Untranslatable(f"the answers of “{variable.name}” are no numbers")
        codes = [option.code for option in variable.scale.options if option.blank is not None]
        codes += [""] if blank == "0" else []
        if not codes:
            return reference
        tests = " or ".join(f"{reference} = {_literal(code)}" for code in codes)
        return f"if({tests}, {blank}, {reference})"


def _joined(word: str, parts: list[_Piece]) -> _Piece:
    if not parts:
        return TRUE if word == "and" else FALSE
    if len(parts) == 1:
        return parts[0]
    return _Piece(_short(f" {word} ".join(f"({part.text})" if part.loose else part.text for part in parts)), loose=True)


def _short(text: str) -> str:
    if len(text) > LONGEST:
        raise Untranslatable(f"the expression would have more than {LONGEST} characters")
    return text


def _literal(code: str) -> str:
    if "${" in code or ("'" in code and '"' in code):
        raise Untranslatable(f"the code {code} cannot be quoted in an XLSForm")
    return f'"{code}"' if "'" in code else f"'{code}'"


def _number_value(value: str | float) -> str | None:
    """A number as XPath writes it; None for a code that no number is spelled as."""
    if isinstance(value, str):
        try:
            number = float(value)
        except ValueError:
            return None
        return value if value == plain(number) else None
    return plain(value)


def _place(question: Question, variable: Variable) -> int:
    return next(place for place, item in enumerate(question.items) if item is variable.item)


def _divisors(number: Number) -> Iterator[Number]:
    if isinstance(number, Arithmetic):
        yield from _divisors(number.left)
        yield from _divisors(number.right)
        if number.operator == "/" and (not isinstance(number.right, Constant) or number.right.value == 0):
            yield number.right
