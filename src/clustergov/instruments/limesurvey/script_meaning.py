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

from clustergov.instruments.arithmetic import Arithmetic, Constant, Number, Value
from clustergov.instruments.condition import Answered, Comparison, Expression, Junction, Negation, Relation
from clustergov.instruments.limesurvey.lime_codes import other_code
from clustergov.instruments.limesurvey.types import OTHER_CODE
from clustergov.instruments.questionnaire import Variable

Word = Literal["and", "or"]

SHORT_LIST = 3
"""Codes; more of them are said by the one that is missing."""
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
            return OfField(variable, None if empty is None else not empty, _not(filled))
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


def _not(filled: Expression | bool) -> Expression | bool:
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
    return _junction(word, (one, other))


def _junction(word: Word, parts: Iterable[Expression]) -> Expression:
    flat: list[Expression] = []
    for part in parts:
        flat += part.parts if isinstance(part, Junction) and part.operator == word else [part]
    unique = tuple(dict.fromkeys(flat))
    return unique[0] if len(unique) == 1 else Junction(word, unique)


# -------------------------------------------------------------------------------------------------------- writing


def written(meaning: Meaning, decided: frozenset[str | Number] = frozenset()) -> Expression:
    """The meaning in the routing language.

    Parameters
    ----------
    meaning : Meaning
    decided : frozenset of str or Number
        Variables and divisors: where they are empty or 0, something outside decides whatever this part says.

    Raises
    ------
    Untranslatable
    """
    match meaning:
        case Always():
            raise Untranslatable
        case OfOptions():
            return _of_options(meaning, decided)
        case OfField():
            return _of_field(meaning, decided)
        case OfNumbers(relation, needed):
            if not decided >= set(needed):
                raise Untranslatable
            return relation
        case Opposite(part):
            return Negation(written(part, decided))
        case Joint(word, parts):
            return _of_joint(word, parts, decided)


def _of_joint(word: Word, parts: tuple[Meaning, ...], decided: frozenset[str | Number]) -> Expression:
    # For each name one part decides, and is itself written as if nothing did.
    decider: dict[str | Number, int] = {}
    for name in {name for part in parts for name in _names(part)}:
        deciding = [place for place, part in enumerate(parts) if blank(part, name) is (word == "or")]
        deciding.sort(key=lambda place: isinstance(parts[place], Joint | Opposite))
        if deciding:
            decider[name] = deciding[0]
    shown = [
        written(part, decided | {name for name, other in decider.items() if other != place})
        for place, part in enumerate(parts)
    ]
    if word == "and":
        shown = _without_needless_guards(shown)
    return _junction(word, shown)


def _without_needless_guards(parts: list[Expression]) -> list[Expression]:
    """Without ``answered( )`` of, and ``!= 0`` for, what a comparison of numbers beside it needs anyway."""
    relations = [part for part in parts if isinstance(part, Relation)]
    needed = {name for relation in relations for side in (relation.left, relation.right) for name in needs(side)}
    return [part for part in parts if _guarded(part) not in needed]


def _guarded(part: Expression) -> str | Number | None:
    match part:
        case Answered(variable):
            return variable
        case Relation(left, "!=", Constant(0.0)):
            return left
        case Comparison(variable, "!=", (0.0,)):
            return Value(variable)
        case _:
            return None


def needs(number: Number) -> tuple[str | Number, ...]:
    """What has to be there, and what must not be 0, for a computed number to exist."""
    match number:
        case Value(variable):
            return (variable,)
        case Arithmetic(sign, left, right):
            divisor: tuple[str | Number, ...] = (right,) if sign == "/" and not isinstance(right, Constant) else ()
            return (*needs(left), *needs(right), *divisor)
        case _:
            return ()


def _names(part: Meaning) -> Iterable[str | Number]:
    match part:
        case OfOptions(variable) | OfField(variable):
            yield variable.name
        case OfNumbers(relation, needed):
            yield from needed
            yield from _divisor(relation)
        case Opposite(inner):
            yield from _names(inner)
        case Joint(_, parts):
            for each in parts:
                yield from _names(each)


def _divisor(relation: Relation) -> Iterable[Number]:
    if relation.operator == "!=" and relation.right == Constant(0.0):
        yield relation.left


def blank(part: Meaning, name: str | Number) -> bool | None:
    """What a part says wherever a variable is blank (or a divisor 0), whatever the others are; None if that varies."""
    match part:
        case Always(holds):
            return holds
        case OfOptions(variable, true, unsure) if variable.name == name:
            blanks = {code for code, own in stored(variable).items() if own is None}
            return True if blanks <= true else False if not blanks & (true | unsure) else None
        case OfOptions(variable, true, unsure) if name == Value(variable.name):
            zeros = {code for code in stored(variable) if code.strip("0") in ("", ".")} - {EMPTY}
            return False if not zeros & (true | unsure) else None
        case OfField(variable, empty) if variable.name == name:
            return empty
        case OfField(variable, _, filled) if name == Value(variable.name):
            return False if not isinstance(filled, bool) and _excludes_zero(filled) else None
        case OfNumbers(relation) if any(name == divisor for divisor in _divisor(relation)):
            return False
        case Opposite(inner):
            found = blank(inner, name)
            return None if found is None else not found
        case Joint(word, parts):
            values = [blank(each, name) for each in parts]
            decisive = word == "or"
            return decisive if decisive in values else None if None in values else not decisive
        case _:
            return None


def _excludes_zero(filled: Expression) -> bool:
    match filled:
        case Comparison(_, "!=", (0.0,)):
            return True
        case Junction("and", parts):
            return any(map(_excludes_zero, parts))
        case _:
            return False


def _of_options(meaning: OfOptions, decided: frozenset[str | Number]) -> Expression:
    variable, states = meaning.variable, stored(meaning.variable)
    blanks = {code for code, own in states.items() if own is None}
    unsure = meaning.unsure - (blanks if variable.name in decided else set())
    true = meaning.true - blanks
    if unsure:
        raise Untranslatable
    of_blanks = blanks & meaning.true
    if of_blanks != blanks and variable.name in decided:
        of_blanks = set()
    if of_blanks and of_blanks != blanks:
        raise Untranslatable
    substantive = {own for own in states.values() if own is not None}
    admitted = [own for code, own in states.items() if own is not None and code in true]
    if not of_blanks:
        return _one_of(variable.name, admitted, substantive)
    refused = [own for code, own in states.items() if own is not None and code not in true]
    return _negated(_one_of(variable.name, refused, substantive))


def _one_of(name: str, codes: list[str], substantive: set[str]) -> Expression:
    if len(codes) == len(substantive):
        return Answered(name)
    if not codes:
        return Junction("and", (Answered(name), Negation(Answered(name))))
    if len(codes) == 1:
        return Comparison(name, "=", (codes[0],))
    rest = substantive - set(codes)
    if len(rest) == 1 and len(codes) > SHORT_LIST:
        return Comparison(name, "!=", tuple(rest))
    return Comparison(name, "in", tuple(codes))


def _negated(expression: Expression) -> Expression:
    if isinstance(expression, Junction):
        # It never held; so it always does.
        return Junction("or", tuple(reversed(expression.parts)))
    return Negation(expression)


def _of_field(meaning: OfField, decided: frozenset[str | Number]) -> Expression:
    name, filled = meaning.variable.name, meaning.filled
    empty = False if meaning.empty is None and name in decided else meaning.empty
    if empty is None:
        raise Untranslatable
    if isinstance(filled, bool):
        if filled:
            return Answered(name) if not empty else Junction("or", (Negation(Answered(name)), Answered(name)))
        return Negation(Answered(name)) if empty else Junction("and", (Answered(name), Negation(Answered(name))))
    if not empty:
        return filled if _needs_answer(filled) else _junction("and", (Answered(name), filled))
    contrary = _not(filled)
    assert not isinstance(contrary, bool)
    if isinstance(contrary, Comparison):
        return Negation(contrary)
    return _junction("or", (Negation(Answered(name)), filled))


def _needs_answer(expression: Expression) -> bool:
    """Whether an expression about one variable is false where that is blank."""
    match expression:
        case Negation():
            return False
        case Junction("and", parts):
            return any(map(_needs_answer, parts))
        case Junction(_, parts):
            return all(map(_needs_answer, parts))
        case _:
            return True
