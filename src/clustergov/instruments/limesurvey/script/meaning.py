"""What an expression says about each answer as LimeSurvey stores it, and whether that can be said of ours.

LimeSurvey stores nothing for a question that was left open or not asked, and a code for “don't know”; here all of these
are blank. So “is empty” alone cannot be said here of an answer that knows “don't know”, but “is empty or don't know”
can. Hence tests of one variable are gathered (`OfOptions`, `OfField`) before they are written.

Where the server and a browser disagree about an empty field, or where a number does not exist without it, the meaning
is unsure; it is sure again where another part of the expression decides for empty fields (a guard).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from clustergov.instruments.arithmetic import Number
from clustergov.instruments.condition import Comparison, Expression, Junction, Negation, Relation
from clustergov.instruments.limesurvey.lime_codes import other_code
from clustergov.instruments.limesurvey.types import OTHER_CODE
from clustergov.instruments.questionnaire import Variable

Word = Literal["and", "or"]

EMPTY = ""
"""What LimeSurvey has where nothing is stored."""
NOT_ASKED = "not asked"
"""Of a box that is not ticked: it was not shown either."""


class Untranslatable(Exception):  # noqa: N818 - control flow inside the reading of expressions
    """Raised where an expression says something that our routing language cannot."""


@dataclass(frozen=True, slots=True)
class Always:
    holds: bool


@dataclass(frozen=True, slots=True)
class OfOptions:
    """A test of a choice or tick: what LimeSurvey may hold for which it is true, and for which it is unsure."""

    variable: Variable
    true: frozenset[str]
    unsure: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class OfField:
    """A test of a number, text or date: its value for an empty field (None is unsure), and what it says of others."""

    variable: Variable
    empty: bool | None
    filled: Expression | bool


@dataclass(frozen=True, slots=True)
class OfNumbers:
    """A comparison of computed numbers; `needed` are the variables and divisors without which it is unsure."""

    relation: Relation
    needed: tuple[str | Number, ...] = ()


@dataclass(frozen=True, slots=True)
class Opposite:
    part: Meaning


@dataclass(frozen=True, slots=True)
class Joint:
    word: Word
    parts: tuple[Meaning, ...]


Meaning = Always | OfOptions | OfField | OfNumbers | Opposite | Joint


# ---------------------------------------------------------------------------------------------- what may be stored


def stored(variable: Variable) -> dict[str, str | None]:
    """Everything that LimeSurvey may hold for a choice or tick → our answer (None for blank)."""
    if variable.kind == "tick":
        return {ticked(variable): "Y", EMPTY: "N", NOT_ASKED: None}
    options = variable.scale.options if variable.scale is not None else ()
    found: dict[str, str | None] = {EMPTY: None}
    for option in options:
        found[_stored_code(variable, option.code)] = option.code if option.blank is None else None
    return found


def ticked(variable: Variable) -> str:
    """What stands for a ticked box: in a grid of boxes it is a number."""
    return "1" if variable.item is not None and "_" in variable.item.code else "Y"


def _stored_code(variable: Variable, code: str) -> str:
    is_other = variable.item is None and code == other_code(variable.question, variable.scale)
    return OTHER_CODE if is_other else code


# ------------------------------------------------------------------------------------------------------ combining


def opposite(part: Meaning) -> Meaning:
    match part:
        case Always(holds):
            return Always(not holds)
        case OfOptions(variable, true, unsure):
            return OfOptions(variable, frozenset(stored(variable)) - true - unsure, unsure)
        case OfField(variable, empty, filled):
            return OfField(variable, None if empty is None else not empty, contrary(filled))
        case Opposite(inner):
            return inner
        case _:
            return Opposite(part)


def joint(word: Word, parts: Iterable[Meaning]) -> Meaning:
    """The parts joined; tests of the same variable become one."""
    gathered: dict[object, Meaning] = {}
    for part in _flat(word, parts):
        if isinstance(part, Always):
            if part.holds == (word == "or"):
                return part
            continue
        key = part.variable.name if isinstance(part, OfOptions | OfField) else (len(gathered), "apart")
        gathered[key] = _merged(word, gathered[key], part) if key in gathered else part
    found = tuple(gathered.values())
    if not found:
        return Always(word == "and")
    return found[0] if len(found) == 1 else Joint(word, found)


def _flat(word: Word, parts: Iterable[Meaning]) -> Iterable[Meaning]:
    for part in parts:
        if isinstance(part, Joint) and part.word == word:
            yield from part.parts
        else:
            yield part


def _merged(word: Word, one: Meaning, other: Meaning) -> Meaning:
    if isinstance(one, OfOptions) and isinstance(other, OfOptions):
        if word == "or":
            true = one.true | other.true
            return OfOptions(one.variable, true, (one.unsure | other.unsure) - true)
        true = one.true & other.true
        possible = (one.true | one.unsure) & (other.true | other.unsure)
        return OfOptions(one.variable, true, possible - true)
    assert isinstance(one, OfField)
    assert isinstance(other, OfField)
    empties = (one.empty, other.empty)
    decisive = word == "or"
    empty = decisive if decisive in empties else None if None in empties else not decisive
    return OfField(one.variable, empty, _both(word, one.filled, other.filled))


def contrary(filled: Expression | bool) -> Expression | bool:
    if isinstance(filled, bool):
        return not filled
    if isinstance(filled, Negation):
        return filled.part
    if isinstance(filled, Comparison) and filled.operator in ("=", "!="):
        return Comparison(filled.variable, "!=" if filled.operator == "=" else "=", filled.values)
    return Negation(filled)


def _both(word: Word, one: Expression | bool, other: Expression | bool) -> Expression | bool:
    for first, second in ((one, other), (other, one)):
        if isinstance(first, bool):
            return first if first == (word == "or") else second
    assert not isinstance(one, bool)
    assert not isinstance(other, bool)
    return junction(word, (one, other))


def junction(word: Word, parts: Iterable[Expression]) -> Expression:
    flat: list[Expression] = []
    for part in parts:
        flat += part.parts if isinstance(part, Junction) and part.operator == word else [part]
    unique = tuple(dict.fromkeys(flat))
    return unique[0] if len(unique) == 1 else Junction(word, unique)
