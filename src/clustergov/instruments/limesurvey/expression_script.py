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
from collections.abc import Iterable, Iterator, Mapping

from clustergov.instruments.arithmetic import (
    Arithmetic,
    Constant,
    Count,
    Number,
    Sum,
    Value,
    plain,
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
from clustergov.instruments.questionnaire import Variable

_SIGNS = {"=": "==", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
_SAFE_TEXT = re.compile(r"[A-Za-z0-9 _.,;:?!()/-]*")
"""Texts that are the same on a server and in a browser, which write others with entities of different kinds."""


class NotInExpressionScriptError(ValueError):
    """A condition that ExpressionScript cannot express; its text says what of it."""


def to_script(condition: Condition, variables: Mapping[str, Variable], codes: LimeCodes) -> str:
    """The condition as LimeSurvey evaluates it, with the same result for every respondent.

    Raises
    ------
    NotInExpressionScriptError
    """
    return _bare(_Writer(variables, codes).expression(condition.expression))


def literal(number: float) -> str:
    """A number that LimeSurvey takes for one: it knows those that PHP writes in 14 digits and without an exponent."""
    written = plain(number)
    known = f"{number:.14G}" == written
    return written if known else f"sum({written})"


def _bare(script: str) -> str:
    """Without brackets around the whole."""
    return script[1:-1] if script.startswith("(") and _closing(script) == len(script) - 1 else script


def _closing(script: str) -> int:
    """Where the bracket is closed with which a text begins."""
    depth, quote = 0, ""
    for place, sign in enumerate(script):
        if quote:
            quote = "" if sign == quote else quote
        elif sign in "\"'":
            quote = sign
        else:
            depth += (sign == "(") - (sign == ")")
            if depth == 0:
                return place
    return -1


def _joined(word: str, parts: Iterable[str]) -> str:
    unique = list(dict.fromkeys(parts))
    return unique[0] if len(unique) == 1 else f"({f' {word} '.join(unique)})"


class _Writer:
    """Writes the parts of a condition; each is one term or stands in brackets."""

    def __init__(self, variables: Mapping[str, Variable], codes: LimeCodes) -> None:
        self._variables = variables
        self._codes = codes

    def expression(self, expression: Expression) -> str:
        match expression:
            case Negation(part):
                return f"!({_bare(self.expression(part))})"
            case Junction(operator, parts):
                return _joined(operator, (self.expression(part) for part in parts))
            case leaf:
                return self._leaf(leaf)

    def _leaf(self, leaf: Leaf) -> str:
        match leaf:
            case Answered(name):
                return self._answered(self._variable(name))
            case Comparison(name, _, _):
                return self._comparison(leaf, self._variable(name))
            case Relation():
                return self._relation(leaf)

    def _variable(self, name: str) -> Variable:
        if name not in self._variables:
            raise NotInExpressionScriptError(f"there is no variable “{name}”")
        return self._variables[name]

    def _field(self, variable: Variable) -> str:
        return f"{self._codes.variable(variable)}.NAOK"

    def _answered(self, variable: Variable) -> str:
        if variable.kind == "tick":
            return f"{self._codes.variable(variable)}.relevanceStatus == 1"
        field = self._field(variable)
        blank = [option.code for option in variable.scale.options if option.blank] if variable.scale else []
        return _joined("and", (f"!is_empty({field})", *(self._unequal(variable, code) for code in blank)))

    def _never(self, variable: Variable) -> str:
        field = self._field(variable)
        return f"(is_empty({field}) and !is_empty({field}))"

    # ------------------------------------------------------------------------------------ one variable and one value

    def _comparison(self, leaf: Comparison, variable: Variable) -> str:
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
        shown = self._answered(variable)
        yes = self._codes.tick(variable.question)
        if ticked and unticked:
            return shown
        return f'{self._field(variable)} == "{yes}"' if ticked else f'({shown} and {self._field(variable)} != "{yes}")'

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
            return _joined("or", (self._equal(variable, code) for code in admitted))
        guard = f"!is_empty({self._field(variable)})"
        return _joined("and", (guard, *(self._unequal(variable, code) for code in refused)))

    def _equal(self, variable: Variable, code: str) -> str:
        return f"{self._field(variable)} == {_quoted(self._codes.answer(variable, code))}"

    def _unequal(self, variable: Variable, code: str) -> str:
        return f"{self._field(variable)} != {_quoted(self._codes.answer(variable, code))}"

    def _of_number(self, leaf: Comparison, variable: Variable) -> str:
        numbers = [number for number in map(_as_number, leaf.values) if number is not None]
        if not numbers:
            return self._answered(variable) if leaf.operator == "!=" else self._never(variable)
        sign = _SIGNS["=" if leaf.operator == "in" else leaf.operator]
        return _joined("or", (self._of_one_number(variable, sign, number) for number in numbers))

    def _of_one_number(self, variable: Variable, sign: str, number: float) -> str:
        test = f"{self._field(variable)} {sign} {literal(number)}"
        # These an empty field never satisfies, whether it counts as 0 or as nothing.
        safe = (sign == "==" and number != 0) or (sign == ">" and number >= 0) or (sign == ">=" and number > 0)
        return test if safe else f"(!is_empty({self._field(variable)}) and {test})"

    def _of_text(self, leaf: Comparison, variable: Variable) -> str:
        if variable.kind in ("date", "file"):
            raise NotInExpressionScriptError(
                f"“{variable.name}” is a {variable.kind}, which can only be asked for with answered( )"
            )
        texts = []
        for value in leaf.values:
            if not isinstance(value, str) or not _SAFE_TEXT.fullmatch(value) or _number_of(value) is not None:
                raise NotInExpressionScriptError(
                    f"LimeSurvey compares the text “{variable.name}” with numbers and special characters loosely"
                )
            texts.append(value)
        if leaf.operator not in ("=", "!=", "in"):
            raise NotInExpressionScriptError(f"the text “{variable.name}” has no order")
        field = self._field(variable)
        if leaf.operator == "!=":
            tests = [f"!is_empty({field})", *(f'{field} != "{text}"' for text in texts if text)]
            return _joined("and", tests)
        return _joined("or", [f'{field} == "{text}"' for text in texts if text] or [self._never(variable)])

    # ------------------------------------------------------------------------------------------- numbers made of answers

    def _relation(self, relation: Relation) -> str:
        left, right = relation.left, relation.right
        sign = _SIGNS[relation.operator]
        if isinstance(left, Count) and isinstance(right, Constant) and right.value.is_integer():
            test = f"{self._number(left)} {sign} {literal(right.value)}"
        elif isinstance(right, Constant) and not isinstance(left, Value | Constant) and _few_decimals(right.value):
            test = f"round({_bare(self._number(left))}, {DECIMALS}) {sign} {literal(right.value)}"
        else:
            test = f"round({self._number(left)} - {self._number(right)}, {DECIMALS}) {sign} 0"
        return _joined("and", (*self._guards(left), *self._guards(right), test))

    def _guards(self, number: Number) -> Iterator[str]:
        """What must be so for the number to exist."""
        match number:
            case Value(name):
                yield self._answered(self._variable(name))
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
                return self._field(self._numeric(name))
            case Sum(names):
                return f"sum({', '.join(self._summand(name) for name in names)})"
            case Count(names, None):
                return self._count(names)
            case Count(names, code):
                return self._count_of(names, str(code))
            case Arithmetic("+", left, right):
                return f"sum({_bare(self._number(left))}, {_bare(self._number(right))})"
            case Arithmetic(sign, left, right):
                return f"({self._number(left)} {sign} {self._number(right)})"

    def _numeric(self, name: str) -> Variable:
        variable = self._variable(name)
        codes = variable.scale.codes if variable.scale is not None else ("",)
        if variable.kind != "number" and not (variable.kind == "choice" and all(code.isdigit() for code in codes)):
            raise NotInExpressionScriptError(f"the answers of “{name}” are no numbers")
        return variable

    def _summand(self, name: str) -> str:
        variable = self._numeric(name)
        field = self._field(variable)
        if variable.scale is None or all(option.blank is None for option in variable.scale.options):
            return field
        return f"if({_bare(self._answered(variable))}, {field}, 0)"

    def _count(self, names: tuple[str, ...]) -> str:
        variables = [self._variable(name) for name in names]
        simple = [
            each for each in variables
            if each.kind != "tick" and (each.scale is None or all(option.blank is None for option in each.scale.options))
        ]  # fmt: skip
        parts = [f"count({', '.join(map(self._field, simple))})"] if simple else []
        parts += [f"if({_bare(self._answered(each))}, 1, 0)" for each in variables if each not in simple]
        return parts[0] if len(parts) == 1 and simple else f"sum({', '.join(parts)})"

    def _count_of(self, names: tuple[str, ...], code: str) -> str:
        """``countif`` where every variable stores the code as it is; a sum of ones otherwise."""
        able = [name for name in names if _can_hold(self._variable(name), code)]
        if not able:
            raise NotInExpressionScriptError(f"no answer of {', '.join(names)} has the code “{code}”")
        tests = [self._comparison(Comparison(name, "=", (code,)), self._variable(name)) for name in able]
        plainly = [re.fullmatch(r'(\w+\.NAOK) == ("[^"]*")', test) for test in tests]
        found = [match for match in plainly if match is not None]
        if len(found) == len(tests) and len({match[2] for match in found}) == 1:
            return f"countif({found[0][2]}, {', '.join(match[1] for match in found)})"
        return f"sum({', '.join(f'if({_bare(test)}, 1, 0)' for test in tests)})"


def _can_hold(variable: Variable, code: str) -> bool:
    if variable.kind == "number":
        return _as_number(code) is not None
    return variable.scale is None or code in variable.scale.codes


def _as_number(value: str | float) -> float | None:
    """The number that a numeric field holds when it equals this; none for a code that no number is written as."""
    if isinstance(value, float):
        return value
    number = _number_of(value)
    return number if number is not None and plain(number) == value else None


def _number_of(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if number - number == 0 else None


def _loosely_equal(one: str, other: str) -> bool:
    first = _number_of(one)
    return first is not None and first == _number_of(other)


def _few_decimals(number: float) -> bool:
    return round(number, DECIMALS) == number


def _quoted(code: str) -> str:
    if "\\" in code or ('"' in code and "'" in code):
        raise NotInExpressionScriptError(f"the code “{code}” holds characters that LimeSurvey cannot compare with")
    return f"'{code}'" if '"' in code else f'"{code}"'
