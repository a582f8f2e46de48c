"""Read ExpressionScript: names, values and functions become meanings, exactly or not at all.

How LimeSurvey evaluates was read from its application (version 6.14) and tried on a server: the server in PHP, a
browser in JavaScript. Where the two differ, the meaning is unsure (see `meaning`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from clustergov.instruments.arithmetic import Arithmetic, Constant, Count, Number, Sum, Value, plain
from clustergov.instruments.condition import DECIMALS, Answered, Comparison, Order, Relation
from clustergov.instruments.limesurvey.script.comparison import compared, is_empty, is_truthy
from clustergov.instruments.limesurvey.script.meaning import (
    NOT_ASKED,
    Always,
    Meaning,
    OfField,
    OfNumbers,
    OfOptions,
    Untranslatable,
    joint,
    opposite,
    stored,
)
from clustergov.instruments.limesurvey.script.numbers import (
    check_digits,
    count_of,
    count_of_code,
    has_blank_options,
    number_of,
    numbers_compared,
    sum_of,
)
from clustergov.instruments.limesurvey.script.operands import Computed, Literal, Operand
from clustergov.instruments.limesurvey.script.translation import needs, written
from clustergov.instruments.questionnaire import Variable

_SIGNS: dict[str, Order] = {
    "==": "=", "eq": "=", "!=": "!=", "ne": "!=", "<": "<", "lt": "<", "<=": "<=", "le": "<=", ">": ">", "gt": ">", ">=": ">=", "ge": ">=",
}  # fmt: skip
_TURNED: dict[Order, Order] = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_SUFFIXES = frozenset({"", "NAOK", "code", "value", "valueNAOK"})


class Reader:
    """Reads one expression.

    Attributes
    ----------
    bare : set of str
        Variables named without a suffix that admits empty ones: if their question was not asked, all is false.
    """

    def __init__(self, variables: Mapping[str, Variable]) -> None:
        self._variables = variables
        self.bare: set[str] = set()

    def meaning(self, tree: Any) -> Meaning:
        return self._truth(self._operand(tree))

    def _operand(self, tree: Any) -> Operand:
        match tree.data:
            case "alternatives" | "conjunction" as data:
                parts = [self.meaning(child) for child in tree.children[::2]]
                return joint("or" if data == "alternatives" else "and", parts)
            case "equality" | "relation":
                if len(tree.children) != 3:
                    raise Untranslatable
                left, sign, right = tree.children
                return self._compared(self._operand(left), _SIGNS[str(sign).casefold()], self._operand(right))
            case "total" | "product":
                return self._computed(tree.children)
            case "opposite":
                return opposite(self.meaning(tree.children[0]))
            case "signed":
                return self._signed(*tree.children)
            case "name":
                return self._named(str(tree.children[0]))
            case "number":
                return Literal(str(tree.children[0]), quoted=False)
            case "text":
                return Literal(str(tree.children[0])[1:-1], quoted=True)
            case _:
                return self._called(str(tree.children[0]), tree.children[1:])

    def _named(self, name: str) -> Operand:
        stem, _, suffix = name.partition(".")
        variable = self._variables.get(stem)
        if variable is None:
            raise Untranslatable
        if suffix == "relevanceStatus":
            if variable.kind != "tick":
                raise Untranslatable
            return OfOptions(variable, frozenset(stored(variable)) - {NOT_ASKED})
        if suffix not in _SUFFIXES:
            raise Untranslatable
        if not suffix.endswith("NAOK"):
            self.bare.add(stem)
        return variable

    # -------------------------------------------------------------------------------------------------------- truth

    def _truth(self, operand: Operand) -> Meaning:
        match operand:
            case Variable():
                return is_truthy(operand)
            case Literal(text):
                return Always(text not in ("", "0"))
            case Computed(number, joins=False, rounded=False):
                return OfNumbers(Relation(number, "!=", Constant(0.0)), needs(number))
            case Computed():
                raise Untranslatable
            case meaning:
                return meaning

    def _compared(self, left: Operand, sign: Order, right: Operand) -> Meaning:
        if isinstance(left, Literal) and not isinstance(right, Literal):
            left, sign, right = right, _TURNED[sign], left
        match left, right:
            case Variable(), Literal():
                return compared(left, sign, right)
            case ((Computed() | Variable()), (Computed() | Variable() | Literal())):
                return numbers_compared(left, sign, right)
            case ((Always() | OfOptions() | OfField()), Literal("1", quoted=False)):
                # A truth value against 1, such as that of relevanceStatus.
                if sign in ("=", "!="):
                    return left if sign == "=" else opposite(left)
        raise Untranslatable

    # ------------------------------------------------------------------------------------------------------ numbers

    def _signed(self, sign: Any, tree: Any) -> Operand:
        inner = self._operand(tree)
        if not isinstance(inner, Literal) or inner.quoted:
            raise Untranslatable
        return Literal(("-" if sign == "-" else "") + inner.text, quoted=False)

    def _computed(self, children: list[Any]) -> Computed:
        result = number_of(self._operand(children[0]))
        for sign, child in zip(children[1::2], children[2::2], strict=True):
            right = number_of(self._operand(child))
            if result.rounded or right.rounded or (sign == "+" and (result.joins or right.joins)):
                raise Untranslatable
            result = Computed(Arithmetic(str(sign), result.number, right.number))  # type: ignore[arg-type]  # the grammar's signs
        return result

    def _called(self, function: str, arguments: list[Any]) -> Operand:
        match function:
            case "is_empty" if len(arguments) == 1:
                return is_empty(self._operand(arguments[0]))
            case "sum" if len(arguments) == 1 and arguments[0].data == "number":
                # So that the server knows a long number for one.
                return self._operand(arguments[0])
            case "sum":
                return Computed(sum_of([self._summand(each) for each in arguments]), joins=True)
            case "count":
                return Computed(count_of([self._operand(each) for each in arguments]))
            case "countif" if len(arguments) > 1:
                return Computed(
                    count_of_code(self._operand(arguments[0]), [self._operand(each) for each in arguments[1:]])
                )
            case "round" if len(arguments) == 2 and self._operand(arguments[1]) == Literal(str(DECIMALS), quoted=False):
                inner = self._operand(arguments[0])
                if isinstance(inner, Computed) and not inner.rounded:
                    return Computed(inner.number, rounded=True)
        raise Untranslatable

    def _summand(self, tree: Any) -> Number:
        """One argument of ``sum``: an answer, a number, or a number under a condition."""
        if tree.data == "call" and str(tree.children[0]) == "if":
            return self._conditional(tree.children[1:])
        operand = self._operand(tree)
        if isinstance(operand, Variable):
            check_digits(operand)
            # “Don't know” would be added as its code; so the answer has to be there.
            return Value(operand.name) if has_blank_options(operand) else Sum((operand.name,))
        computed = number_of(operand)
        if computed.rounded:
            raise Untranslatable
        return computed.number

    def _conditional(self, arguments: list[Any]) -> Number:
        """``if(answered, x, 0)`` is x in a sum; ``if(x is a, 1, 0)`` counts."""
        if len(arguments) != 3 or self._operand(arguments[2]) != Literal("0", quoted=False):
            raise Untranslatable
        condition = written(self.meaning(arguments[0]))
        then = self._operand(arguments[1])
        if isinstance(then, Variable) and condition == Answered(then.name):
            check_digits(then)
            return Sum((then.name,))
        if then == Literal("1", quoted=False):
            if isinstance(condition, Answered):
                return Count((condition.variable,))
            if isinstance(condition, Comparison) and condition.operator == "=":
                value = condition.values[0]
                return Count((condition.variable,), value if isinstance(value, str) else plain(value))
        raise Untranslatable
