"""A condition as a value: what it looks at, how it is written, and for which answers it holds.

A comparison with a blank is false, also ``!=``; hence ``not x = 1`` holds when x is blank, and ``x != 1`` does not. An
option marked `blank` is no answer either: whoever evaluates a condition gives such cells as blanks.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING, Any, Literal

from clustergov.instruments.arithmetic import (
    Answer,
    Columns,
    Number,
    is_blank,
    plain,
    quoted,
    value,
    values_in,
    variables_of,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Operator = Literal["=", "!=", "<", "<=", ">", ">=", "in"]
Order = Literal["=", "!=", "<", "<=", ">", ">="]

DECIMALS = 6
"""To how many decimals two computed numbers are compared: 0.1 + 64.1 + 35.8 is 100, though not in binary fractions."""

_ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


@dataclass(frozen=True, slots=True)
class Comparison:
    """A variable against one value, or against several of which one has to equal it (``in``)."""

    variable: str
    operator: Operator
    values: tuple[str | float, ...]

    def __str__(self) -> str:
        shown = ", ".join(_written(value) for value in self.values)
        return f"{self.variable} {self.operator} " + (f"[{shown}]" if self.operator == "in" else shown)

    def admits(self, answer: Answer) -> bool:
        if answer is None or is_blank(answer):
            return False
        if self.operator == "in":
            return any(_compare("=", answer, value) for value in self.values)
        return _compare(self.operator, answer, self.values[0])

    @property
    def variables(self) -> tuple[str, ...]:
        return (self.variable,)


@dataclass(frozen=True, slots=True)
class Answered:
    """True where a variable holds a substantive answer."""

    variable: str

    def __str__(self) -> str:
        return f"answered({self.variable})"

    def admits(self, answer: Answer) -> bool:
        return not is_blank(answer)

    @property
    def variables(self) -> tuple[str, ...]:
        return (self.variable,)


@dataclass(frozen=True, slots=True)
class Relation:
    """Two computed numbers compared; false where one of them has a blank in it that it needs."""

    left: Number
    operator: Order
    right: Number

    def __str__(self) -> str:
        return f"{self.left} {self.operator} {self.right}"

    @property
    def variables(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*variables_of(self.left), *variables_of(self.right))))

    def holds(self, answers: Mapping[str, Answer]) -> bool:
        difference = value(self.left, answers) - value(self.right, answers)
        return difference == difference and _ORDER[self.operator](round(difference, DECIMALS), 0.0)

    def holds_in(self, columns: Columns, length: int) -> NDArray[np.bool_]:
        import numpy as np

        difference = values_in(self.left, columns, length) - values_in(self.right, columns, length)
        holds = _ORDER[self.operator](np.round(difference, DECIMALS), 0.0)
        return np.asarray(holds & ~np.isnan(difference), dtype=bool)


@dataclass(frozen=True, slots=True)
class Negation:
    part: Expression

    def __str__(self) -> str:
        return f"not ({self.part})" if isinstance(self.part, Junction) else f"not {self.part}"


@dataclass(frozen=True, slots=True)
class Junction:
    """Two or more parts that all (``and``) or in part (``or``) have to hold."""

    operator: Literal["and", "or"]
    parts: tuple[Expression, ...]

    def __str__(self) -> str:
        shown = (f"({part})" if isinstance(part, Junction) else str(part) for part in self.parts)
        return f" {self.operator} ".join(shown)


__all__ = ["Answered", "Comparison", "Condition", "Junction", "Negation", "Relation", "is_blank"]

Leaf = Comparison | Answered | Relation
Expression = Leaf | Negation | Junction


@dataclass(frozen=True, slots=True)
class Condition:
    """One parsed condition; ``str(condition)`` writes it in a form that parses to an equal value."""

    expression: Expression

    def __str__(self) -> str:
        return str(self.expression)

    @property
    def leaves(self) -> tuple[Leaf, ...]:
        """The comparisons and ``answered(…)``, from left to right."""
        return tuple(_leaves(self.expression))

    @property
    def variables(self) -> tuple[str, ...]:
        """The variables it looks at, each once, in the order of first mention."""
        return tuple(dict.fromkeys(name for leaf in self.leaves for name in leaf.variables))

    def holds(self, answers: Mapping[str, Answer]) -> bool:
        """Whether it holds for one respondent; a variable that is not among the answers is blank."""
        return _holds(self.expression, answers)

    def holds_in(self, columns: Columns) -> NDArray[np.bool_]:
        """Whether it holds, for every respondent at once.

        Parameters
        ----------
        columns : mapping of str to sequence, or DataFrame
            Codes as text and numbers as numbers; None, NaN and "" are blank.

        Returns
        -------
        ndarray of bool, shape (n,)
        """
        return _holds_in(self.expression, columns)


def _written(value: str | float) -> str:
    return plain(value) if isinstance(value, float) else quoted(value)


def _leaves(expression: Expression) -> Iterator[Leaf]:
    match expression:
        case Negation(part):
            yield from _leaves(part)
        case Junction(_, parts):
            for part in parts:
                yield from _leaves(part)
        case leaf:
            yield leaf


def _compare(sign: str, answer: str | float, value: str | float) -> bool:
    if isinstance(value, str):
        own: str | float = answer if isinstance(answer, str) else plain(float(answer))
        return _ORDER[sign](own, value)
    try:
        return _ORDER[sign](float(answer), value)
    except ValueError:
        # A code such as "Y" is no number at all: certainly not this one, and neither smaller nor larger.
        return sign == "!="


def _holds(expression: Expression, answers: Mapping[str, Answer]) -> bool:
    match expression:
        case Negation(part):
            return not _holds(part, answers)
        case Junction("and", parts):
            return all(_holds(part, answers) for part in parts)
        case Junction(_, parts):
            return any(_holds(part, answers) for part in parts)
        case Relation() as relation:
            return relation.holds(answers)
        case leaf:
            return leaf.admits(answers.get(leaf.variable))


def _holds_in(expression: Expression, columns: Columns) -> NDArray[np.bool_]:
    import numpy as np

    match expression:
        case Negation(part):
            return ~_holds_in(part, columns)
        case Junction("and", parts):
            return reduce(operator.and_, (_holds_in(part, columns) for part in parts))
        case Junction(_, parts):
            return reduce(operator.or_, (_holds_in(part, columns) for part in parts))
        case Relation() as relation:
            return relation.holds_in(columns, len(columns[relation.variables[0]]))
        case leaf:
            return np.array([leaf.admits(answer) for answer in columns[leaf.variable]], dtype=bool)
