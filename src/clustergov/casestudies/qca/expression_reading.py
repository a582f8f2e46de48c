"""Reading expressions of sets, ``A*~B + C[2]``, and expectations, ``A, ~B, -``, by one small grammar."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import accumulate
from typing import Any

from clustergov.casestudies.qca.calibrated_table import CalibratedSet
from clustergov.casestudies.qca.expression import Expression, SetLiteral, Term
from clustergov.problems import InputError, Problem

LONGEST = 2000
"""Characters."""
DEEPEST = 50
"""Brackets within brackets: so deep that every walk through them ends well."""
MOST_TERMS = 1000
"""Terms, once brackets are multiplied out."""

_GRAMMAR = r"""
?start: alternatives
?alternatives: conjunction ("+" conjunction)*
?conjunction: negation ("*" negation)*
?negation: "~" negation -> negated | atom
?atom: "(" alternatives ")" | NAME [levels] -> literal
levels: "[" NUMBER ("," NUMBER)* "]" | "{" NUMBER ("," NUMBER)* "}"
NAME: /{names}{plain}/
NUMBER: /[0-9]{1,4}/
%ignore /\s+/
"""

_PLAIN = r"[^\W\d][\w.]*"
_NONE = ("-", "–")
_Sets = dict[str, CalibratedSet]
_Conjunction = dict[str, frozenset[int]]


def parse_expression(text: str, sets: Sequence[CalibratedSet]) -> Expression:
    """Read alternatives of conjunctions; brackets and complements of brackets are multiplied out.

    Parameters
    ----------
    text : str
        Such as ``A*~B + C[2]`` or ``~(A*B)``; levels in square or curly brackets.
    sets : sequence of CalibratedSet
        What it may speak of; terms come out in this order.

    Raises
    ------
    InputError
        It is no expression, names an unknown set or level, or is empty of meaning.
    """
    known = {one.name: one for one in sets}
    found = _alternatives(_tree(text, known), known, text, negate=False)
    terms = tuple(dict.fromkeys(_term(one, known) for one in found if all(one.values())))
    if not terms:
        raise _mistake(text, "it holds for no configuration at all", "Look for a set together with its complement.")
    return Expression(terms)


def parse_literal(text: str, sets: Sequence[CalibratedSet]) -> SetLiteral:
    """Read one literal, ``Y``, ``~Y`` or ``Y[2]``.

    Raises
    ------
    InputError
        It is something else.
    """
    terms = parse_expression(text, sets).terms
    if len(terms) != 1 or len(terms[0].literals) != 1:
        raise _mistake(text, "expected one set", "Write it like Y, ~Y, or Y[2] for a level of a multi-value set.")
    return terms[0].literals[0]


def parse_expectations(text: str, sets: Sequence[CalibratedSet]) -> tuple[SetLiteral, ...]:
    """Read directional expectations: a literal per condition that one is held of, ``-`` for none.

    Parameters
    ----------
    text : str
        Such as ``A, ~B, -``; a multi-value condition may have several levels, ``C{1,2}``. Their order is
        free; with a ``-`` there is a part for each condition.
    sets : sequence of CalibratedSet
        The conditions.

    Raises
    ------
    InputError
        A part is no literal of a condition, a condition stands twice, or parts and conditions do not go together.
    """
    parts = [part.strip() for part in re.split(r",(?![^\[{]*[\]}])", text)]
    if any(part in ("0", "1") for part in parts):
        raise _mistake(text, "expected the conditions by name", f"Write {sets[0].name} or ~{sets[0].name} in place of a "
                       "number, and - for no expectation.")  # fmt: skip
    literals = [None if part in (*_NONE, "") else parse_literal(part, sets) for part in parts]
    if any(part in _NONE for part in parts):
        _of_each(text, len(parts), sets)
    found = [literal for literal in literals if literal is not None]
    names = [literal.name for literal in found]
    again = sorted({name for name in names if names.count(name) > 1})
    if again:
        raise _mistake(text, f"expected one expectation per condition, found several of {', '.join(again)}",
                       "Several levels are written together: C{1,2}.")  # fmt: skip
    return tuple(found)


def _of_each(text: str, parts: int, sets: Sequence[CalibratedSet]) -> None:
    names = [one.name for one in sets]
    if parts != len(names):
        raise _mistake(text, f"expected a part for each of the {len(names)} conditions {', '.join(names)}, found "
                       f"{parts}", "Write - where nothing is expected, or leave out every - and name only the "
                       "conditions of which something is.")  # fmt: skip


def _alternatives(tree: Any, known: _Sets, text: str, *, negate: bool) -> list[_Conjunction]:
    if tree.data == "negated":
        return _alternatives(tree.children[0], known, text, negate=not negate)
    if tree.data == "literal":
        return [_literal(tree, known, text, negate=negate)]
    parts = [_alternatives(child, known, text, negate=negate) for child in tree.children]
    if (tree.data == "alternatives") != negate:
        return [one for part in parts for one in part]
    found: list[_Conjunction] = [{}]
    for part in parts:
        found = [_together(first, second) for first in found for second in part]
        if len(found) > MOST_TERMS:
            raise _mistake(text, f"multiplied out it has more than {MOST_TERMS} terms", "Simplify it.")
    return found


def _literal(tree: Any, known: _Sets, text: str, *, negate: bool) -> _Conjunction:
    name, levels = str(tree.children[0]), tree.children[1]
    if name not in known:
        raise _mistake(text, f"expected one of {', '.join(known)}, found “{name}”", "Check its spelling.")
    one = known[name]
    if one.multi_value and levels is None:
        raise _mistake(text, f"{name} has {one.levels} levels; expected one of them",
                       f"Write it like {name}[{one.levels - 1}].")  # fmt: skip
    wanted = frozenset({1} if levels is None else {int(level) for level in levels.children})
    every = frozenset(range(one.levels))
    if not wanted <= every:
        raise _mistake(text, f"expected levels of {name} from 0 to {one.levels - 1}, found "
                       f"{', '.join(map(str, sorted(wanted - every)))}", "Correct the level.")  # fmt: skip
    return {name: every - wanted if negate else wanted}


def _together(first: _Conjunction, second: _Conjunction) -> _Conjunction:
    return first | {name: levels & first[name] if name in first else levels for name, levels in second.items()}


def _term(found: _Conjunction, known: _Sets) -> Term:
    return Term(tuple(SetLiteral(name, tuple(sorted(found[name])), one.multi_value)
                      for name, one in known.items() if name in found and len(found[name]) < one.levels))  # fmt: skip


def _tree(text: str, names: Iterable[str]) -> Any:
    from lark.exceptions import LarkError, UnexpectedInput

    if len(text) > LONGEST or _depth(text) > DEEPEST:
        raise _mistake(text[:60] + "…", "it is too long, or has too many brackets within brackets", "Simplify it.")
    try:
        return _parser(tuple(name for name in names if not re.fullmatch(_PLAIN, name))).parse(text)
    except UnexpectedInput as error:
        at = getattr(error, "pos_in_stream", None)
        rest = "" if at is None or getattr(getattr(error, "token", None), "type", "") == "$END" else text[at:].strip()
        what = f"found “{rest.split()[0]}” where it does not fit" if rest else "it ends too early"
        raise _mistake(text, what, "Write * for and, + for or, ~ for not: A*~B + C.") from None
    except LarkError:  # pragma: no cover - lark has no other kind today
        raise _mistake(text, "this is no expression", "Write it like A*~B + C.") from None


def _depth(text: str) -> int:
    """Brackets within brackets, and complements of complements."""
    steps = ({"(": 1, ")": -1}.get(sign, 0) for sign in text)
    return max((*accumulate(steps), *(run.count("~") for run in re.findall(r"[~\s]+", text))), default=0)


@cache
def _parser(odd: tuple[str, ...]) -> Any:
    """A parser that also knows names such as “BBP per hoofd”, the longest first."""
    from lark import Lark

    names = "".join(re.escape(name).replace("/", r"\/") + "|" for name in sorted(odd, key=len, reverse=True))
    return Lark(_GRAMMAR.replace("{names}", names).replace("{plain}", _PLAIN), parser="lalr", maybe_placeholders=True)


def _mistake(text: str, found: str, fix: str) -> InputError:
    return InputError(Problem("qca-expression", f"in “{text.strip()}”: {found}.", fix))
