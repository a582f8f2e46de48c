"""Numbers made of answers: constants, answers, sums, counts, and the four operations between them."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from numbers import Real
from typing import TYPE_CHECKING, Any, Literal, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Answer = str | float | None
Sign = Literal["+", "-", "*", "/"]

_APPLY: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}
_BINDS = {"+": 1, "-": 1, "*": 2, "/": 2}


class Columns(Protocol):
    """Answers by variable, one column each: a mapping of arrays or lists, or a data frame."""

    def __getitem__(self, name: str, /) -> Any: ...


@dataclass(frozen=True, slots=True)
class Constant:
    value: float

    def __str__(self) -> str:
        return plain(self.value)


@dataclass(frozen=True, slots=True)
class Value:
    """The number that a variable holds, or that its code is; none where it is blank or no number."""

    variable: str

    def __str__(self) -> str:
        return self.variable


@dataclass(frozen=True, slots=True)
class Sum:
    """The sum of several variables; a blank counts as nothing, so the sum of blanks is 0."""

    variables: tuple[str, ...]

    def __str__(self) -> str:
        return f"sum({', '.join(self.variables)})"


@dataclass(frozen=True, slots=True)
class Count:
    """How many of several variables are answered, or hold one code where `code` is given."""

    variables: tuple[str, ...]
    code: str | None = None

    def __str__(self) -> str:
        first = () if self.code is None else (quoted(self.code),)
        return f"count({', '.join((*first, *self.variables))})"


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """Two numbers combined; none where one of them is none, or on division by 0."""

    operator: Sign
    left: Number
    right: Number

    def __str__(self) -> str:
        own = _BINDS[self.operator]
        left, right = str(self.left), str(self.right)
        if isinstance(self.left, Arithmetic) and _BINDS[self.left.operator] < own:
            left = f"({left})"
        # a - (b - c) and a / (b * c) are not what they would be without the brackets.
        if isinstance(self.right, Arithmetic) and _BINDS[self.right.operator] <= own:
            right = f"({right})"
        return f"{left} {self.operator} {right}"


Number = Constant | Value | Sum | Count | Arithmetic


def variables_of(number: Number) -> Iterator[str]:
    """The variables that a number looks at, from left to right, with repetitions."""
    match number:
        case Value(variable):
            yield variable
        case Sum(variables) | Count(variables, _):
            yield from variables
        case Arithmetic(_, left, right):
            yield from variables_of(left)
            yield from variables_of(right)


def value(number: Number, answers: Mapping[str, Answer]) -> float:
    """The number for one respondent; NaN where there is none."""
    match number:
        case Constant(constant):
            return constant
        case Value(variable):
            return as_number(answers.get(variable))
        case Sum(variables):
            return sum(_or_zero(as_number(answers.get(name))) for name in variables)
        case Count(variables, code):
            return float(sum(_counts(answers.get(name), code) for name in variables))
        case Arithmetic(sign, left, right):
            one, other = value(left, answers), value(right, answers)
            return math.nan if sign == "/" and other == 0 else float(_APPLY[sign](one, other))


def values_in(number: Number, columns: Columns, length: int) -> NDArray[np.float64]:
    """The number for every respondent, shape (n,); NaN where there is none."""
    import numpy as np

    match number:
        case Constant(constant):
            return np.full(length, constant)
        case Value(variable):
            return np.array([as_number(answer) for answer in columns[variable]], dtype=float)
        case Sum(variables):
            parts = (values_in(Value(name), columns, length) for name in variables)
            return np.asarray(sum(np.nan_to_num(part, nan=0.0) for part in parts), dtype=float)
        case Count(variables, code):
            rows = ([_counts(answer, code) for answer in columns[name]] for name in variables)
            return np.asarray(sum(np.array(list(row), dtype=float) for row in rows), dtype=float)
        case Arithmetic(sign, left, right):
            one, other = values_in(left, columns, length), values_in(right, columns, length)
            if sign == "/":
                other = np.where(other == 0, np.nan, other)
            return np.asarray(_APPLY[sign](one, other), dtype=float)


def as_number(answer: Answer) -> float:
    """The number that an answer is, or that its code spells; NaN for a blank and for a code such as “Y”."""
    if is_blank(answer):
        return math.nan
    try:
        return float(answer)  # type: ignore[arg-type]  # None is blank
    except ValueError:
        return math.nan


def is_blank(answer: object) -> bool:
    """Whether a cell holds no answer: None, NaN, "" or any other value that is neither text nor a number."""
    return not isinstance(answer, str | Real) or answer == "" or answer != answer


def plain(number: float) -> str:
    """A number as it would be written as a code: 3, not 3.0."""
    return str(int(number)) if number.is_integer() else f"{Decimal(repr(number)):f}"


def quoted(code: str) -> str:
    """A code as the routing language writes it."""
    return f"'{code}'" if '"' in code else f'"{code}"'


def _or_zero(number: float) -> float:
    return 0.0 if math.isnan(number) else number


def _counts(answer: Answer, code: str | None) -> bool:
    if is_blank(answer) or code is None:
        return not is_blank(answer)
    return (answer if isinstance(answer, str) else plain(float(answer))) == code  # type: ignore[arg-type]  # not None
