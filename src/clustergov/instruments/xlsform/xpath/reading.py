"""XLSForm expressions as conditions, with exactly their meaning or not at all.

Parts that look at one answer only are read by trying every value that it can have (for a number, every stretch between
the constants it is compared with), and written anew as the condition that holds for the same ones. So it does not matter
how somebody said it, and a part that tells a blank from an option marked as blank is found out.
"""

from __future__ import annotations

from clustergov.instruments.arithmetic import Arithmetic, Constant, Count, Number, Sum, Value, variables_of
from clustergov.instruments.condition import Answered, Comparison, Condition, Expression, Negation, Relation
from clustergov.instruments.questionnaire import Variable
from clustergov.instruments.routing import LONGEST, parse
from clustergov.instruments.xlsform.xpath.answers import Answers
from clustergov.instruments.xlsform.xpath.divisors import divisors_in, nonzero
from clustergov.instruments.xlsform.xpath.syntax import (
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
from clustergov.instruments.xlsform.xpath.values import (
    Truth,
    among,
    compares_plainly,
    compares_texts,
    holds,
    joined,
    negated,
    of_number,
    of_text,
    turned,
)
from clustergov.problems import InputError

_TURNED = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_ALWAYS = frozenset({"yes", "true", "true()"})


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
        return read_tree(tree(text, here), answers)
    except Unreadable:
        return None


def read_tree(node: Node, answers: Answers) -> Condition | bool | None:
    """As `read`, of an expression whose syntax is known."""
    try:
        found = _Reader(answers).condition(node)
        if isinstance(found, bool):
            return found
        # What could not be written down and read again is of no use in a file.
        condition, text = Condition(found), str(Condition(found))
        read_again = parse(text) if len(text) <= LONGEST else None
    except (Unreadable, InputError, RecursionError):
        return None
    return read_again if read_again is not None and read_again.variables == condition.variables else None


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
                return negated(self.condition(part))
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
            divisors = (*divisors, *(each for part in parts if (each := nonzero(part)) is not None))
            # “b != 0” beside “a div b > 3” says what our division says by itself.
            said = [each for part in parts if _false_with_blanks(part) for each in divisors_in(part)]
            parts = tuple(part for part in parts if nonzero(part) not in said)
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
        return joined(word, found)

    def _subject(self, node: Node) -> Reference | None:
        """The only answer that a part looks at, where its values can be tried."""
        looked = set(references(node))
        if len(looked) != 1:
            return None
        reference = looked.pop()
        if self._ticks(reference):
            return None
        kind = self._answers.variable(reference).kind
        triable = kind == "choice" or (compares_plainly(node) if kind == "number" else compares_texts(node))
        return reference if triable else None

    def _alone(self, node: Node) -> Truth:
        subject = self._subject(node)
        if subject is None:
            raise Unreadable
        variable = self._answers.variable(subject)
        if variable.kind == "choice":
            return self._of_choice(node, subject, variable)
        return of_number(node, subject, variable) if variable.kind == "number" else of_text(node, subject, variable)

    def _of_choice(self, node: Node, subject: Reference, variable: Variable) -> Truth:
        if variable.scale is None:
            raise Unreadable
        truth = {code: holds(node, subject, code) for code in ("", *(each.code for each in variable.scale.options))}
        blank = truth.pop("")
        codes = [code for code in variable.scale.codes if truth[code] != blank]
        if any(truth[option.code] != blank for option in variable.scale.options if option.blank is not None):
            raise Unreadable
        return turned(among(variable.name, codes, list(variable.scale.codes)), blank)

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
        if any(divisor not in divisors for divisor in divisors_in(node)):
            raise Unreadable
        first, second = self._number(left), self._number(right)
        if not any(True for number in (first, second) for _ in variables_of(number)):
            raise Unreadable
        if sign == "!=":
            return Negation(_relation(first, "=", second))
        return _relation(first, sign, second)

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
        found = joined("and", [*(Comparison(tick.name, "=", ("Y",)) for tick in wanted), *rest])
        return found if sign == "=" else negated(found)

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


def _false_with_blanks(node: Node) -> bool:
    match node:
        case Operation(sign, _, _):
            return sign in SIGNS and sign != "!="
    return False


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
