"""What a part of an expression says while it is read: of one choice the answers for which it holds, or a condition."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from clustergov.instruments.arithmetic import Arithmetic, Constant, Number, Sum, Value, as_number, variables_of
from clustergov.instruments.condition import Answered, Comparison, Expression, Junction, Negation, Order, Relation
from clustergov.instruments.questionnaire import Variable

Word = Literal["and", "or"]


class Unreadable(Exception):  # noqa: N818 - control flow inside the reader, which then gives None
    """The expression says something that no condition says."""


@dataclass(frozen=True, slots=True)
class Known:
    """Holds always, or never."""

    holds: bool


@dataclass(frozen=True, slots=True)
class Chosen:
    """Holds for some answers to a choice or a box; ``""`` stands for an empty one."""

    variable: Variable
    answers: frozenset[str]

    @property
    def every(self) -> frozenset[str]:
        options = self.variable.scale.options if self.variable.scale is not None else ()
        return frozenset(option.code for option in options) | {""}


@dataclass(frozen=True, slots=True)
class Said:
    """A condition. `nonzero` is the number of which it says that it is not 0, as a division by it needs."""

    expression: Expression
    nonzero: Number | None = None


@dataclass(frozen=True, slots=True)
class Related:
    """Two numbers compared, in which an empty answer counts as 0 unless something beside it says that it is there.

    `never` are variables without which the comparison is false anyway, `only` those of which it must be said.
    """

    left: Number
    sign: Order
    right: Number
    variables: tuple[Variable, ...]
    never: frozenset[str] = frozenset()
    only: frozenset[str] = frozenset()

    @property
    def nonzero(self) -> Number | None:
        return self.left if self.sign == "!=" and self.right == Constant(0.0) else None


Part = Known | Chosen | Said | Related


@dataclass(frozen=True, slots=True)
class All:
    """Parts that all have to hold, not settled yet: a number computed in one may rest on what another says."""

    parts: tuple[Part, ...]


Verdict = Part | All


def joined(word: Word, verdicts: Sequence[Verdict]) -> Verdict:
    """Both or either, what is said of one choice taken together."""
    parts: list[Part] = []
    for verdict in verdicts:
        if isinstance(verdict, All):
            parts += verdict.parts if word == "and" else (_settled_part(verdict),)
        else:
            parts.append(verdict if word == "and" else _settled_part(verdict))
    merged = list(_merged(word, parts))
    if len(merged) == 1:
        return merged[0]
    if word == "and":
        return All(tuple(merged))
    return _part(_joined_settled("or", [settled(part) for part in merged]))


def negated(verdict: Verdict) -> Verdict:
    if isinstance(verdict, Chosen):
        return Chosen(verdict.variable, verdict.every - verdict.answers)
    found = settled(verdict)
    if isinstance(found, bool):
        return Known(not found)
    return Said(found.part if isinstance(found, Negation) else Negation(found))


def settled(verdict: Verdict) -> Expression | bool:
    """The condition that a verdict comes to; true or false where it looks at nothing.

    Raises
    ------
    Unreadable
        No condition says it.
    """
    match verdict:
        case Known(holds):
            return holds
        case Chosen():
            return _of_answers(verdict)
        case Said(expression):
            return expression
        case Related():
            return settled(All((verdict,)))
        case All(parts):
            if Known(False) in parts:
                return False
            return _joined_settled("and", _different(list(_together(parts))))


def _settled_part(verdict: Verdict) -> Part:
    return verdict if isinstance(verdict, Known | Chosen | Said) else _part(settled(verdict))


def _part(found: Expression | bool) -> Part:
    return Known(found) if isinstance(found, bool) else Said(found)


def _merged(word: Word, parts: Sequence[Part]) -> Iterator[Part]:
    """What is said of one choice in several parts as one part, in the place of the first."""
    gathered: dict[str, frozenset[str]] = {}
    for part in parts:
        if isinstance(part, Chosen):
            before = gathered.get(part.variable.name, part.answers)
            gathered[part.variable.name] = before & part.answers if word == "and" else before | part.answers
    for part in parts:
        if not isinstance(part, Chosen):
            yield part
        elif part.variable.name in gathered:
            yield Chosen(part.variable, gathered.pop(part.variable.name))


def _joined_settled(word: Word, found: Sequence[Expression | bool]) -> Expression | bool:
    decisive = word == "or"
    if any(part is decisive for part in found):
        return decisive
    flat: list[Expression] = []
    for part in found:
        if not isinstance(part, bool):
            flat += part.parts if isinstance(part, Junction) and part.operator == word else (part,)
    flat = list(dict.fromkeys(flat))
    if not flat:
        return not decisive
    return flat[0] if len(flat) == 1 else Junction(word, tuple(flat))


def _of_answers(chosen: Chosen) -> Expression | bool:
    scale, name, answers = chosen.variable.scale, chosen.variable.name, chosen.answers
    codes = scale.codes if scale is not None else ()
    blanks = chosen.every - set(codes)
    if not answers or answers == chosen.every:
        return bool(answers)
    if blanks <= answers:
        inner = _of_answers(Chosen(chosen.variable, chosen.every - answers))
        return inner if isinstance(inner, bool) else Negation(inner)
    if blanks & answers:
        raise Unreadable
    wanted = tuple(code for code in codes if code in answers)
    if len(wanted) == 1:
        return Comparison(name, "=", wanted)
    if len(wanted) == len(codes):
        return Answered(name)
    rest = tuple(code for code in codes if code not in answers)
    return Comparison(name, "!=", rest) if len(rest) == 1 else Comparison(name, "in", wanted)


def _together(parts: tuple[Part, ...]) -> Iterator[Expression | bool]:
    """Parts that all hold; those that only say that a number is there are said by the number's own comparison."""
    said = _Beside(parts)
    relations = {part: said.relation(part) for part in parts if isinstance(part, Related)}
    for part in parts:
        if said.used(part):
            continue
        yield relations[part] if isinstance(part, Related) else settled(part)


def _different(found: list[Expression | bool]) -> list[Expression | bool]:
    """“Answered, and not equal” as the one comparison that it is."""
    answered = {part.variable for part in found if isinstance(part, Answered)}
    one = [_unequal(part) if isinstance(part, Negation) else None for part in found]
    told = {each.variable for each in one if each is not None and each.variable in answered}
    return [
        each if each is not None and each.variable in told else part
        for part, each in zip(found, one, strict=True)
        if not (isinstance(part, Answered) and part.variable in told)
    ]


def _unequal(negation: Negation) -> Comparison | None:
    match negation.part:
        case Comparison(name, "=", values):
            return Comparison(name, "!=", values)
        case _:
            return None


class _Beside:
    """What the parts of one conjunction say of the numbers in each other."""

    def __init__(self, parts: tuple[Part, ...]) -> None:
        self.answered = {
            p.expression.variable for p in parts if isinstance(p, Said) and isinstance(p.expression, Answered)
        }
        self.chosen = {part.variable.name: part.answers for part in parts if isinstance(part, Chosen)}
        self.nonzero = [part.nonzero for part in parts if isinstance(part, Said | Related) and part.nonzero is not None]
        self.relied: set[str] = set()
        self.divisors: list[Number] = []

    def used(self, part: Part) -> bool:
        """Whether a part says no more than a comparison beside it does."""
        match part:
            case Said(Answered(name)):
                return name in self.relied
            case Chosen(variable, answers):
                return variable.name in self.relied and self._exactly(variable, answers)
            case Said() | Related():
                return part.nonzero is not None and part.nonzero in self.divisors
            case _:
                return False

    def relation(self, related: Related) -> Expression:
        by_name = {variable.name: variable for variable in related.variables}
        left, right = (self._number(number, by_name, related) for number in (related.left, related.right))
        if not any(True for number in (left, right) for _ in variables_of(number)):
            raise Unreadable
        return Relation(left, related.sign, right)

    def _number(self, number: Number, by_name: dict[str, Variable], related: Related) -> Number:
        match number:
            case Value(name):
                return self._value(by_name[name], related)
            case Arithmetic(sign, left, right):
                if sign == "/":
                    self._divisor(right, by_name)
                return Arithmetic(
                    sign, self._number(left, by_name, related), self._number(right, by_name, related)
                )  # fmt: skip
            case _:
                return number

    def _value(self, variable: Variable, related: Related) -> Number:
        name, numbers = variable.name, numeric_codes(variable)
        there = name in self.answered or (variable.kind == "choice" and self.chosen.get(name, {""}) <= numbers)
        if there:
            self.relied.add(name)
        sure = variable.kind == "number" or len(numbers) == len(variable.scale.options if variable.scale else ())
        if there or (sure and name in related.never):
            return Value(name)
        if not sure or name in related.only:
            raise Unreadable
        return Sum((name,))

    def _divisor(self, number: Number, by_name: dict[str, Variable]) -> None:
        if isinstance(number, Constant) and number.value != 0:
            return
        if number in self.nonzero:
            self.divisors.append(number)
        elif not (isinstance(number, Value) and self._without_zero(by_name[number.variable])):
            raise Unreadable

    def _without_zero(self, variable: Variable) -> bool:
        answers = self.chosen.get(variable.name, numeric_codes(variable))
        return variable.kind == "choice" and all(as_number(code) != 0 for code in answers)

    def _exactly(self, variable: Variable, answers: frozenset[str]) -> bool:
        """All answers that are numbers; or all but those that are 0, where they are divided by."""
        missing = numeric_codes(variable) - answers
        divided = Value(variable.name) in self.divisors
        return answers <= numeric_codes(variable) and (
            not missing or (divided and all(as_number(c) == 0 for c in missing))
        )


def numeric_codes(variable: Variable) -> frozenset[str]:
    """The codes of a choice that are numbers."""
    codes = variable.scale.codes if variable.scale is not None else ()
    return frozenset(code for code in codes if as_number(code) == as_number(code))
