"""XLSForm expressions as conditions, with exactly their meaning or not at all.

Parts that look at one answer only are read by trying every value that it can have (for a number, every stretch between
the constants it is compared with), and written anew as the condition that holds for the same ones. So it does not matter
how somebody said it, and a part that tells a blank from an option marked as blank is found out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise

from clustergov.instruments.arithmetic import Arithmetic, Constant, Count, Number, Sum, Value, variables_of
from clustergov.instruments.condition import Answered, Comparison, Condition, Expression, Junction, Negation, Relation
from clustergov.instruments.questionnaire import Variable
from clustergov.instruments.routing import LONGEST, parse
from clustergov.instruments.xlsform.xpath_syntax import (
    SIGNS,
    Call,
    Literal,
    Node,
    Operation,
    Reference,
    Several,
    Unreadable,
    evaluate,
    references,
    tree,
)
from clustergov.problems import InputError

Truth = Expression | bool
"""A condition, or what always or never holds."""

_TURNED = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_ALWAYS = frozenset({"yes", "true", "true()"})


class Answers:
    """What the rows of a form hold: one variable, all ticks of a multiple choice, or all places of a ranking."""

    def __init__(self, variables: Mapping[str, Variable], rows: Mapping[str, str]) -> None:
        """Of each row name that holds answers, its variable's name, or its question's code."""
        self._variables = variables
        self._rows = rows
        self._parts: dict[str, list[Variable]] = {}
        for variable in variables.values():
            if variable.kind == "tick" or (variable.question.kind == "ranking" and variable.kind == "choice"):
                self._parts.setdefault(variable.question.code, []).append(variable)

    def variable(self, reference: Reference) -> Variable:
        """The one variable that a reference is."""
        name = self._rows.get(reference.name, "")
        if reference.place is not None:
            places = self._parts.get(name, [])
            if reference.place < len(places) and places[0].question.kind == "ranking":
                return places[reference.place]
            raise Unreadable
        if name not in self._variables or name in self._parts:
            raise Unreadable
        return self._variables[name]

    def ticks(self, reference: Reference) -> list[Variable] | None:
        """The ticks of a multiple choice; None for anything else."""
        parts = self._parts.get(self._rows.get(reference.name, ""), [])
        return parts if reference.place is None and parts and parts[0].kind == "tick" else None


def read(text: str, answers: Answers, *, here: str | None = None) -> Condition | bool | None:
    """The condition that an expression is; True or False where it always or never holds; None where it cannot be said.

    Parameters
    ----------
    text : str
    answers : Answers
    here : str, optional
        The name of the row whose answer a full stop is.
    """
    if not text.strip() or text.strip().casefold() in _ALWAYS:
        return True
    try:
        found = _Reader(answers).condition(tree(text, here))
        if isinstance(found, bool):
            return found
        condition = Condition(found)
        # What could not be written down and read again is of no use in a file.
        if len(str(condition)) > LONGEST or parse(str(condition)).variables != condition.variables:
            return None
    except (Unreadable, InputError, RecursionError):
        return None
    return parse(str(condition))


class _Reader:
    def __init__(self, answers: Answers) -> None:
        self._answers = answers

    def condition(self, node: Node, divisors: tuple[Node, ...] = ()) -> Truth:
        """`divisors` are known not to be 0."""
        match node:
            case Literal(bool() as value):
                return value
            case Several(word, parts):
                return self._several(word, parts, divisors)
            case Call("not", (part,)):
                return _negated(self.condition(part))
            case Call("selected", (Reference() as reference, Literal(str() as code))) if ticks := self._ticks(
                reference
            ):
                return self._ticked(ticks, code)
            case Operation(sign, left, right) if sign in SIGNS:
                return self._comparison(node, sign, left, right, divisors)
            case Call("selected", _):
                return self._alone(node)
            case _:
                raise Unreadable

    def _ticks(self, reference: Reference) -> list[Variable] | None:
        return self._answers.ticks(reference)

    def _ticked(self, ticks: list[Variable], code: str) -> Truth:
        for tick in ticks:
            if tick.item is not None and tick.item.code == code.strip():
                return Comparison(tick.name, "=", ("Y",))
        raise Unreadable

    def _several(self, word: str, parts: tuple[Node, ...], divisors: tuple[Node, ...]) -> Truth:
        if word == "and":
            nonzero = tuple(part.left for part in parts if _is_nonzero(part))
            used = [divisor for part in parts if not _is_nonzero(part) for divisor in _divisors(part)]
            # “b != 0” beside “a div b > 3” says what our division says by itself.
            parts = tuple(part for part in parts if not (_is_nonzero(part) and part.left in used))
            divisors = (*divisors, *nonzero)
        alone: dict[Reference, list[Node]] = {}
        found: list[Truth] = []
        for part in parts:
            subject = self._subject(part)
            if subject is None:
                found.append(self.condition(part, divisors))
            else:
                alone.setdefault(subject, []).append(part)
        for same in alone.values():
            found.append(self._alone(same[0] if len(same) == 1 else Several(word, tuple(same))))
        return _joined(word, found)

    def _subject(self, node: Node) -> Reference | None:
        """The only answer that a part looks at, where its values can be tried."""
        looked = set(references(node))
        if len(looked) != 1:
            return None
        reference = looked.pop()
        if self._ticks(reference):
            return None
        kind = self._answers.variable(reference).kind
        triable = kind == "choice" or (_compares_plainly(node) if kind == "number" else _compares_texts(node))
        return reference if triable else None

    def _alone(self, node: Node) -> Truth:
        subject = self._subject(node)
        if subject is None:
            raise Unreadable
        variable = self._answers.variable(subject)
        if variable.kind == "choice":
            return self._of_choice(node, subject, variable)
        return _of_number(node, subject, variable) if variable.kind == "number" else _of_text(node, subject, variable)

    def _of_choice(self, node: Node, subject: Reference, variable: Variable) -> Truth:
        if variable.scale is None:
            raise Unreadable
        truth = {code: _holds(node, subject, code) for code in ("", *(each.code for each in variable.scale.options))}
        blank = truth.pop("")
        codes = [code for code in variable.scale.codes if truth[code] != blank]
        if any(truth[option.code] != blank for option in variable.scale.options if option.blank is not None):
            raise Unreadable
        return _turned(_among(variable.name, codes, list(variable.scale.codes)), blank)

    def _comparison(self, node: Node, sign: str, left: Node, right: Node, divisors: tuple[Node, ...]) -> Truth:
        whole = self._whole_multiple(sign, left, right)
        if whole is not None:
            return whole
        if self._subject(node) is not None:
            return self._alone(node)
        if not any(True for _ in references(node)):
            return bool(evaluate(node, {}))
        match left, right:
            case Call("round", (Operation("-", one, other), Literal(6.0))), Literal(0.0) if sign != "!=":
                left, right = one, other
            case Reference(), Reference() if sign in ("=", "!="):
                # Two blanks are equal there, and not here.
                raise Unreadable
        if any(divisor not in divisors for divisor in _divisors(node)):
            raise Unreadable
        one, other = self._number(left), self._number(right)
        if not any(True for number in (one, other) for _ in variables_of(number)):
            raise Unreadable
        if sign == "!=":
            return Negation(_relation(one, "=", other))
        return _relation(one, sign, other)

    def _whole_multiple(self, sign: str, left: Node, right: Node) -> Truth | None:
        """``${ticks} = ''`` and ``${ticks} = 'a'``: nothing, or nothing else, is ticked."""
        match left, right:
            case (Reference() as reference, Literal(str() as code)) | (
                Literal(str() as code),
                Reference() as reference,
            ):
                ticks = self._ticks(reference)
            case _:
                return None
        if ticks is None:
            return None
        if sign not in ("=", "!=") or ticks[0].question.other:
            raise Unreadable
        wanted = [tick for tick in ticks if tick.item is not None and tick.item.code == code]
        if code and not wanted:
            raise Unreadable
        rest = [Negation(Comparison(tick.name, "=", ("Y",))) for tick in ticks if tick not in wanted]
        found = _joined("and", [*(Comparison(tick.name, "=", ("Y",)) for tick in wanted), *rest])
        return found if sign == "=" else _negated(found)

    def _number(self, node: Node) -> Number:
        match node:
            case Literal(float() as value):
                return Constant(value)
            case Reference():
                return self._value(node, node)
            case Call("coalesce", (Reference() as reference, Literal(float(0.0) | "0"))):
                return self._value(node, reference)
            case Call("count-selected", (Reference() as reference,)):
                ticks = self._ticks(reference)
                if not ticks or ticks[0].question.other:
                    raise Unreadable
                return Count(tuple(tick.name for tick in ticks), "Y")
            case Call("if", (test, Literal(1.0), Literal(0.0))):
                return _count(self.condition(test))
            case Call("if", _):
                looked = set(references(node))
                if len(looked) != 1:
                    raise Unreadable
                return self._value(node, looked.pop())
            case Operation(sign, left, right) if sign in ("+", "-", "*", "div"):
                return _combined("/" if sign == "div" else sign, self._number(left), self._number(right))
            case _:
                raise Unreadable

    def _value(self, node: Node, reference: Reference) -> Number:
        """The number of one answer, with a blank as none (`Value`) or as 0 (`Sum`)."""
        variable = self._answers.variable(reference)
        if variable.kind == "number":
            values, blanks = ["7"], [""]
        elif variable.kind == "choice" and variable.scale is not None and _numeric(variable):
            values = list(variable.scale.codes)
            blanks = ["", *(option.code for option in variable.scale.options if option.blank is not None)]
        else:
            raise Unreadable
        if any(str(evaluate(node, {reference: value})) != value for value in values):
            raise Unreadable
        found = {evaluate(node, {reference: blank}) for blank in blanks}
        if found == {""}:
            return Value(variable.name)
        if found in ({0.0}, {"0"}):
            return Sum((variable.name,))
        raise Unreadable


def _holds(node: Node, subject: Reference, value: str) -> bool:
    return bool(evaluate(node, {subject: value}))


def _negated(truth: Truth) -> Truth:
    if isinstance(truth, bool):
        return not truth
    return truth.part if isinstance(truth, Negation) else Negation(truth)


def _turned(truth: Truth, turn: bool) -> Truth:
    return _negated(truth) if turn else truth


def _joined(word: str, parts: list[Truth]) -> Truth:
    deciding = word == "or"
    if any(part is deciding for part in parts):
        return deciding
    rest = [part for part in parts if not isinstance(part, bool)]
    if not rest:
        return not deciding
    return rest[0] if len(rest) == 1 else Junction("or" if deciding else "and", tuple(dict.fromkeys(rest)))


def _among(name: str, codes: list[str], every: list[str]) -> Truth:
    """That a choice is one of `codes`."""
    if not codes:
        return False
    if len(codes) == len(every):
        return Answered(name)
    if len(codes) == 1:
        return Comparison(name, "=", (codes[0],))
    if len(codes) == len(every) - 1:
        return Comparison(name, "!=", (next(code for code in every if code not in codes),))
    return Comparison(name, "in", tuple(codes))


def _of_text(node: Node, subject: Reference, variable: Variable) -> Truth:
    literals = [value for value in _literals(node) if isinstance(value, str) and value]
    if variable.kind != "text" and literals:
        raise Unreadable
    other = "".join(literals) + "x"
    blank = _holds(node, subject, "")
    codes = [code for code in dict.fromkeys(literals) if _holds(node, subject, code) != blank]
    if _holds(node, subject, other) == blank:
        found: Truth = _listed(variable.name, codes)
    else:
        without = [code for code in dict.fromkeys(literals) if code not in codes]
        found = _joined("and", [Answered(variable.name), _negated(_listed(variable.name, without))])
    return _turned(found, blank)


def _listed(name: str, codes: list[str]) -> Truth:
    if not codes:
        return False
    return Comparison(name, "=", (codes[0],)) if len(codes) == 1 else Comparison(name, "in", tuple(codes))


def _of_number(node: Node, subject: Reference, variable: Variable) -> Truth:
    points = sorted({float(value) for value in _literals(node) if value != ""})
    blank = _holds(node, subject, "")
    places = _places(points)
    truths = [_number_holds(node, subject, place) != blank for place in places]
    if all(truths):
        return _turned(Answered(variable.name), blank)
    stretches: list[Truth] = []
    start = None
    for index, truth in enumerate([*truths, False]):
        if truth and start is None:
            start = index
        elif not truth and start is not None:
            stretches.append(_stretch(variable.name, points, start, index - 1))
            start = None
    return _turned(_without_point(variable.name, points, truths) or _joined("or", stretches), blank)


def _number_holds(node: Node, subject: Reference, value: float) -> bool:
    text = f"{value:.12f}".rstrip("0").rstrip(".")
    return _holds(node, subject, text)


def _places(points: list[float]) -> list[float]:
    """A number before, at, between and after the points: their stretches have even, the points odd indices."""
    if not points:
        return [0.0]
    between = [(one + other) / 2 for one, other in pairwise(points)]
    rest = [each for pair in zip(points, [*between, points[-1] + 1], strict=True) for each in pair]
    return [points[0] - 1, *rest]


def _stretch(name: str, points: list[float], first: int, last: int) -> Truth:
    """That a number lies from one place to another of `_places`."""
    if first == last and first % 2:
        return Comparison(name, "=", (points[first // 2],))
    parts: list[Truth] = []
    if first > 0:
        sign, point = (">=", points[first // 2]) if first % 2 else (">", points[first // 2 - 1])
        parts.append(Comparison(name, sign, (point,)))  # type: ignore[arg-type]  # one of the signs
    if last < 2 * len(points):
        sign, point = ("<=", points[last // 2]) if last % 2 else ("<", points[last // 2])
        parts.append(Comparison(name, sign, (point,)))  # type: ignore[arg-type]  # one of the signs
    return _joined("and", parts)


def _without_point(name: str, points: list[float], truths: list[bool]) -> Truth | None:
    """“not 5”, where all but one point holds."""
    missing = [index for index, truth in enumerate(truths) if not truth]
    if len(missing) == 1 and missing[0] % 2:
        return Comparison(name, "!=", (points[missing[0] // 2],))
    return None


def _literals(node: Node) -> Iterator[str | float]:
    match node:
        case Literal(bool()):
            return
        case Literal(value):
            yield value
        case Call(_, parts) | Several(_, parts):
            for part in parts:
                yield from _literals(part)
        case Operation(_, left, right):
            yield from _literals(left)
            yield from _literals(right)


def _compares_plainly(node: Node) -> bool:
    """Whether a part only compares one number with constants."""
    match node:
        case Several(_, parts):
            return all(_compares_plainly(part) for part in parts)
        case Call("not", (part,)):
            return _compares_plainly(part)
        case Operation(sign, Reference(), Literal(value)) | Operation(sign, Literal(value), Reference()) if (
            sign in SIGNS
        ):
            return isinstance(value, float) or value == ""
        case _:
            return False


def _compares_texts(node: Node) -> bool:
    """Whether a part only compares one text with constants, or its length with 0."""
    match node:
        case Several(_, parts):
            return all(_compares_texts(part) for part in parts)
        case Call("not", (part,)):
            return _compares_texts(part)
        case Operation("=" | "!=", Reference(), Literal(str())) | Operation("=" | "!=", Literal(str()), Reference()):
            return True
        case Operation("=" | "!=" | ">", Call("string-length", (Reference(),)), Literal(0.0)):
            return True
        case Operation(">=", Call("string-length", (Reference(),)), Literal(1.0)):
            return True
        case _:
            return False


def _is_nonzero(node: Node) -> bool:
    match node:
        case Operation("!=", _, Literal(0.0)):
            return True
    return False


def _divisors(node: Node) -> Iterator[Node]:
    match node:
        case Operation(sign, left, right):
            yield from _divisors(left)
            yield from _divisors(right)
            if sign == "div" and not (isinstance(right, Literal) and right.value != 0):
                yield right
        case Several(_, parts) | Call(_, parts):
            for part in parts:
                yield from _divisors(part)


def _numeric(variable: Variable) -> bool:
    scale = variable.scale
    return scale is not None and scale.ordered and all(code.isascii() and code.isdigit() for code in scale.codes)


def _count(test: Truth) -> Number:
    match test:
        case Answered(name):
            return Count((name,))
        case Comparison(name, "=", (str() as code,)):
            return Count((name,), code)
    raise Unreadable


def _combined(sign: str, left: Number, right: Number) -> Number:
    match sign, left, right:
        case "+", Sum(some), Sum(others):
            return Sum((*some, *others))
        case "+", Count(some, code), Count(others, same) if code == same:
            return Count((*some, *others), code)
    return Arithmetic(sign, left, right)  # type: ignore[arg-type]  # one of the four


def _relation(left: Number, sign: str, right: Number) -> Expression:
    if isinstance(left, Constant) and not isinstance(right, Constant):
        left, sign, right = right, _TURNED[sign], left
    return Relation(left, sign, right)  # type: ignore[arg-type]  # one of the signs
