"""A meaning in the routing language, where that can say it.

A part whose meaning is unsure for empty fields can still be said, where another part decides there whatever it says.
"""

from __future__ import annotations

from collections.abc import Iterable

from clustergov.instruments.arithmetic import Arithmetic, Constant, Number, Value
from clustergov.instruments.condition import Answered, Comparison, Expression, Junction, Negation, Relation
from clustergov.instruments.limesurvey.script.meaning import (
    EMPTY,
    Always,
    Joint,
    Meaning,
    OfField,
    OfNumbers,
    OfOptions,
    Opposite,
    Untranslatable,
    Word,
    contrary,
    junction,
    stored,
)

SHORT_LIST = 3
"""Codes; more of them are said by the one that is missing."""


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
    return junction(word, shown)


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
        return filled if _needs_answer(filled) else junction("and", (Answered(name), filled))
    opposed = contrary(filled)
    assert not isinstance(opposed, bool)
    if isinstance(opposed, Comparison):
        return Negation(opposed)
    return junction("or", (Negation(Answered(name)), filled))


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
