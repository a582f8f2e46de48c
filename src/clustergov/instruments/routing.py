"""Routing: under which answers a question is asked, in one small language that is parsed and never executed.

    legal = "Y"
    firms > 0 and not (staff = 0 or country in ["NL", "BE"])
    answered(year)
    sum(board_priv, board_publ) <= 30 and board_priv > 2 * board_publ
    count("Y", background_priv, background_acad) >= 1

A quoted value is an answer code, a bare one a number. What holds for which answers is said in `condition`, what a
number made of answers is in `arithmetic`. The same language says what must hold among the answers of a question
(`constraint`) and how an indicator is computed (`formula`).
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Any, Literal, TypeVar

from clustergov.instruments.arithmetic import Arithmetic, Constant, Count, Number, Sum, Value, variables_of
from clustergov.instruments.condition import Answered, Comparison, Condition, Expression, Junction, Negation, Relation
from clustergov.problems import InputError, Problem

__all__ = ["KEYWORDS", "Condition", "parse", "parse_number"]

KEYWORDS = frozenset({"and", "or", "not", "in", "answered"})
LONGEST = 2000
"""Characters. Longer conditions are mistakes."""
DEEPEST = 100
"""Conditions within conditions, or operations within operations: so deep that every walk through them ends well."""

_GRAMMAR = r"""
?start: alternatives
?alternatives: conjunction ("or" conjunction)*
?conjunction: negation ("and" negation)*
?negation: "not" negation -> negated | relation
?relation: total SIGN total -> comparison
     | total "in" "[" listed ("," listed)* "]" -> membership
     | total
?listed: CODE -> code | NUMBER -> number | "-" listed -> negative
?total: product (ADDED product)*
?product: factor (TIMES factor)*
?factor: "-" factor -> negative | atom
?atom: "(" alternatives ")"
     | NUMBER -> number
     | CODE -> code
     | NAME -> variable
     | FUNCTION "(" argument ("," argument)* ")" -> call
?argument: NAME -> variable | CODE -> code
SIGN: "!=" | "<=" | ">=" | "=" | "<" | ">"
ADDED: "+" | "-"
TIMES: "*" | "/"
FUNCTION.2: /(answered|sum|count)(?=\s*\()/
NAME: /[A-Za-z][A-Za-z0-9_]*/
NUMBER: /[0-9]+(\.[0-9]+)?/
CODE: /"[^"\n]*"/ | /'[^'\n]*'/
%ignore /\s+/
"""

Parsed = TypeVar("Parsed", Condition, Number)

_FLIPPED = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


def parse(text: str) -> Condition:
    """Read a condition.

    Raises
    ------
    InputError
        Rule ``routing-syntax``; `column` is the character of the expression, from 1, at which it cannot go on.
    """
    return _parsed(text)


def parse_number(text: str) -> Number:
    """Read a number made of answers, such as ``private / sum(private, public)``.

    Raises
    ------
    InputError
        As `parse` does; also where the text is a condition.
    """
    try:
        number = _number(_tree(text), text)
    except RecursionError:
        raise _too_deep() from None
    return _shallow(number)


@lru_cache(maxsize=4096)
def _parsed(text: str) -> Condition:
    try:
        condition = Condition(_condition(_tree(text), text))
    except RecursionError:
        raise _too_deep() from None
    return _shallow(condition)


def _too_deep() -> InputError:
    fix = "Take it apart; write sum( ) or count( ) for a long addition."
    return _mistake(1, f"expected at most {DEEPEST} levels of nesting, found more", fix)


def _shallow(parsed: Parsed) -> Parsed:
    """What was parsed, if it is not too deep to be walked through."""
    level: list[Any] = [parsed]
    for _ in range(DEEPEST + 2):
        level = [part for each in level for part in _parts(each)]
        if not level:
            return parsed
    raise _too_deep()


def _parts(parsed: Any) -> tuple[Any, ...]:
    match parsed:
        case Condition(expression) | Negation(expression):
            return (expression,)
        case Junction(_, parts):
            return parts
        case Relation(left, _, right) | Arithmetic(_, left, right):
            return (left, right)
        case _:
            return ()


def _tree(text: str) -> Any:
    from lark.exceptions import UnexpectedCharacters, UnexpectedEOF, UnexpectedInput, UnexpectedToken

    if len(text) > LONGEST:
        raise _mistake(LONGEST + 1, f"expected at most {LONGEST} characters, found {len(text)}", "Simplify it.")
    try:
        return _parser().parse(text)
    except (UnexpectedCharacters, UnexpectedToken, UnexpectedEOF) as error:
        at_end = isinstance(error, UnexpectedEOF) or getattr(getattr(error, "token", None), "type", "") == "$END"
        where = len(text) if at_end else error.pos_in_stream
        raise _mistake(where + 1, *_explain(text, where)) from None
    except UnexpectedInput:  # pragma: no cover - lark has no other kind today
        raise _mistake(1, "this is not a condition", 'Write it like: legal = "Y" and firms > 0.') from None


@cache
def _parser() -> Any:
    from lark import Lark

    return Lark(_GRAMMAR, parser="lalr", propagate_positions=True)


def _mistake(column: int, found: str, fix: str) -> InputError:
    message = f"in the condition, at character {column}: {found}."
    return InputError(Problem("routing-syntax", message, fix, line=1, column=column, place="condition"))


def _explain(text: str, where: int) -> tuple[str, str]:
    rest = text[where:].strip()
    before = text[:where].rstrip()
    if not text.strip():
        return "expected a condition, found nothing", 'Write one such as: legal = "Y", or remove the key.'
    if (slip := _spelling(before, rest)) is not None:
        return slip
    if rest.startswith("=") and before.endswith(("=", "<", ">", "!")):
        return "found two signs in a row", "Write one of = != < <= > >=."
    if rest.startswith(("&", "|", "!")):
        return f"“{rest[0]}” is not known here", "Write and, or, not."
    if rest.startswith(('"', "'")) and rest.count(rest[0]) == 1:
        return "a quotation mark is opened and never closed", "Close it."
    if not rest:
        return "it ends too early", "Complete it; look for a missing value or closing bracket."
    word = rest.split()[0]
    if before.endswith(("=", "<", ">", "[", ",")) and word[0].isalpha():
        return f"expected a number or a code in quotation marks, found “{word}”", f'Write "{word}" if it is a code.'
    return f"found “{word}” where it does not fit", 'Conditions look like: legal = "Y" and firms > 0.'


def _spelling(before: str, rest: str) -> tuple[str, str] | None:
    """Signs and words of other languages, and what they are here."""
    if rest[:1] in "“”„‘’«»" and rest:
        return f"found the curly quotation mark {rest[0]}", 'Write straight ones: "…".'
    if before.endswith("=") and rest[:1] in ("<", ">"):
        return f"found ={rest[0]}", f"Write {rest[0]}=."
    for word in re.findall(r"[A-Za-z]+", f"{before[-20:].rpartition(' ')[2]} {rest[:20]}")[:2]:
        meant = _WORDS.get(word.casefold())
        if meant is not None and word != meant:
            return f"found “{word}”", f"Write {meant}."
    if rest[:1] in _SIGNS and rest:
        return f"found {rest[0]}", f"Write {_SIGNS[rest[0]]}."
    return None


_WORDS = {"and": "and", "or": "or", "not": "not", "in": "in", "en": "and", "of": "or", "niet": "not"}
_SIGNS = {"≤": "<=", "≥": ">=", "≠": "!="}


def _at(tree: Any) -> int:
    """The character at which a part begins, from 1."""
    return int(tree.meta.start_pos) + 1 if hasattr(tree, "meta") and not tree.meta.empty else 1


def _condition(tree: Any, text: str) -> Expression:
    children = tree.children
    match tree.data:
        case "comparison":
            return _comparison(children, text)
        case "membership":
            name = _number(children[0], text)
            if not isinstance(name, Value):
                raise _mistake(_at(children[0]), f"found “{name}” before “in”", "Name one variable there.")
            return Comparison(name.variable, "in", tuple(_listed(child, text) for child in children[1:]))
        case "negated":
            return Negation(_condition(children[0], text))
        case "conjunction" | "alternatives" as data:
            word: Literal["and", "or"] = "and" if data == "conjunction" else "or"
            return Junction(word, tuple(_condition(child, text) for child in children))
        case "call" if children[0] == "answered":
            names = _arguments(tree, text)
            if len(names) != 1:
                raise _mistake(_at(tree), "answered( ) looks at one variable", "Join several with and, or.")
            return Answered(names[0])
        case _:
            raise _mistake(_at(tree), f"“{_written(tree, text)}” is not yet a condition", "Compare it: = != < <= > >=.")


def _number(tree: Any, text: str) -> Number:
    children = tree.children
    match tree.data:
        case "number":
            return Constant(float(children[0]))
        case "variable":
            return Value(str(children[0]))
        case "negative":
            inner = _number(children[0], text)
            return Constant(-inner.value) if isinstance(inner, Constant) else Arithmetic("-", Constant(0.0), inner)
        case "total" | "product":
            result = _number(children[0], text)
            for sign, right in zip(children[1::2], children[2::2], strict=True):
                result = Arithmetic(str(sign), result, _number(right, text))  # type: ignore[arg-type]  # from the grammar
            return result
        case "call" if children[0] == "sum":
            return Sum(_arguments(tree, text))
        case "call" if children[0] == "count":
            code = str(children[1].children[0])[1:-1] if children[1].data == "code" else None
            if code is not None and len(children) == 2:
                raise _mistake(_at(tree), "count( ) has a code and no variable", "Name the variables after the code.")
            return Count(_arguments(tree, text, skip=code is not None), code)
        case "code":
            fix = "Leave the quotation marks out if it is a number; a code is compared with a variable only."
            raise _mistake(_at(tree), f"found the code {children[0]} where a number is expected", fix)
        case _:
            raise _mistake(_at(tree), f"“{_written(tree, text)}” is a condition and no number", "Take it apart.")


def _arguments(tree: Any, text: str, *, skip: bool = False) -> tuple[str, ...]:
    arguments = tree.children[2 if skip else 1 :]
    for argument in arguments:
        if argument.data == "code":
            raise _mistake(_at(argument), f"found the code {argument.children[0]} here", "Name variables.")
    return tuple(str(argument.children[0]) for argument in arguments)


def _comparison(children: list[Any], text: str) -> Expression:
    left, sign, right = children
    if left.data == "code":
        left, sign, right = right, _turned(sign), left
    if right.data == "code":
        return _code_comparison(left, sign, right, text)
    one, other = _number(left, text), _number(right, text)
    if isinstance(one, Constant) and isinstance(other, Value):
        one, sign, other = other, _turned(sign), one
    if isinstance(one, Value) and isinstance(other, Constant):
        return Comparison(one.variable, str(sign), (other.value,))  # type: ignore[arg-type]  # the grammar's signs
    if not any(True for part in (one, other) for _ in variables_of(part)):
        raise _mistake(_at(left), "two numbers are compared and no answer is looked at", "Name a variable.")
    return Relation(one, str(sign), other)  # type: ignore[arg-type]  # the grammar admits these signs only


def _turned(sign: Any) -> Any:
    """The sign as it reads from the other side, still knowing where it stands."""
    return sign.update(value=_FLIPPED[str(sign)])


def _code_comparison(name: Any, sign: Any, code: Any, text: str) -> Comparison:
    if name.data != "variable":
        raise _mistake(_at(name), f"the code {code.children[0]} is compared with no variable", "Name a variable.")
    if sign not in {"=", "!="}:
        raise _mistake(
            sign.start_pos + 1, f"the code {code.children[0]} cannot be smaller or larger than another",
            "Leave the quotation marks out if it is a number, or list the codes: in [\"…\", \"…\"].",
        )  # fmt: skip
    return Comparison(str(name.children[0]), str(sign), (str(code.children[0])[1:-1],))  # type: ignore[arg-type]  # = or !=


def _listed(tree: Any, text: str) -> str | float:
    if tree.data == "code":
        return str(tree.children[0])[1:-1]
    number = _number(tree, text)
    assert isinstance(number, Constant)  # the grammar admits nothing else here
    return number.value


def _written(tree: Any, text: str) -> str:
    return text[tree.meta.start_pos : tree.meta.end_pos]
