"""Reading a measurement model in lavaan's syntax: factors, residual covariances, intercepts, thresholds, scaling."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal, NamedTuple

from clustergov.problems import InputError, Problem

Operator = Literal["=~", "~~", "~", "~1", "|", "~*~"]
Setting = float | str | None
"""One value of a modifier: a number fixes, a name labels (equal names are equal values), None (NA) frees."""

TOKEN = re.compile(
    r"""(?P<space>[ \t\r]+)|(?P<comment>[#!][^\n]*)|(?P<newline>\n)|(?P<end>;)
    |(?P<operator>=~|~\*~|~~|<~|~|\||:=|==|<|>|:|%)
    |(?P<number>-?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)
    |(?P<quoted>"[^"\n]*"|'[^'\n]*')
    |(?P<name>[^\W\d][\w.]*|\.[^\W\d][\w.]*)|(?P<mark>[*+(),])|(?P<other>.)""",
    re.VERBOSE,
)
REFUSED = {
    ":=": "defined parameters (:=)", "==": "constraints (==)", "<": "inequality constraints (<)",
    ">": "inequality constraints (>)", "<~": "formative factors (<~)", "%": "group weights (%)",
    ":": "blocks (group:, level:) and products of variables (a:b)",
}  # fmt: skip
"""Parts of lavaan's syntax that are not for measurement models, by their operator."""


class Token(NamedTuple):
    kind: str
    text: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Term:
    """One element of a formula: ``left operator right`` with what is asked of its parameter.

    Attributes
    ----------
    left, right : str
        Names; `right` is "" for an intercept.
    operator : {"=~", "~~", "~", "~1", "|", "~*~"}
    modifiers : tuple of tuple of Setting
        As written, each with one value for all groups or one per group.
    line, column : int
        Where it stands, from 1.
    """

    left: str
    operator: Operator
    right: str
    modifiers: tuple[tuple[Setting, ...], ...]
    line: int
    column: int


def read_model(text: str, *, file: str = "") -> tuple[Term, ...]:
    """Read a model.

    Formulas end at a semicolon, or at a line after which one with an operator follows; ``#`` and ``!`` begin comments.

    Raises
    ------
    InputError
        With every mistake, its line and its column; what lavaan knows and we do not is refused by name.
    """
    terms: list[Term] = []
    problems: list[Problem] = []
    for tokens in _formulas(list(_tokens(text))):
        try:
            terms += _Formula(tokens, file).terms()
        except InputError as error:
            problems += error.problems
    seen: dict[tuple[str, ...], Term] = {}
    for term in terms:
        if (first := seen.setdefault(_identity(term), term)) is not term and _identity(term)[1] != "=~":
            problems.append(_problem("twice", f"{term.left} {term.operator} {term.right} stands in line {first.line} too.",
                                     "Write it once; several modifiers may follow each other: a*x + 1*x.", term, file))  # fmt: skip
    if not problems and not any(term.operator == "=~" for term in terms):
        problems.append(Problem("no-factor", "expected a factor, such as f =~ a + b + c, found none.",
                                "Write which items measure which factor.", file=file, line=1, column=1))  # fmt: skip
    if problems:
        raise InputError(problems)
    return _merged(terms)


def _identity(term: Term) -> tuple[str, ...]:
    pair = sorted((term.left, term.right)) if term.operator == "~~" else [term.left, term.right]
    return (pair[0], term.operator, pair[1])


def _merged(terms: Sequence[Term]) -> tuple[Term, ...]:
    """Modifiers of one parameter that stand apart, as in ``f =~ NA*a + l1*a``, are one term."""
    merged: dict[tuple[str, ...], Term] = {}
    for term in terms:
        key = _identity(term)
        if (known := merged.get(key)) is not None:
            term = Term(known.left, known.operator, known.right, (*known.modifiers, *term.modifiers), known.line, known.column)  # fmt: skip
        merged[key] = term
    return tuple(merged.values())


def _problem(rule: str, message: str, fix: str, at: Token | Term, file: str) -> Problem:
    return Problem(rule, message, fix, file=file, line=at.line, column=at.column)


def _tokens(text: str) -> Iterator[Token]:
    line, start = 1, 0
    for match in TOKEN.finditer(text):
        kind = str(match.lastgroup)
        if kind not in ("space", "comment"):
            yield Token(kind, match.group(), line, match.start() - start + 1)
        if kind == "newline":
            line, start = line + 1, match.end()


def _formulas(tokens: list[Token]) -> Iterator[list[Token]]:
    """Cut at semicolons, and at each line that has an operator of its own; a line without one goes on with the last."""
    formula: list[Token] = []
    for _, group in groupby(tokens, key=lambda token: token.line):
        row = [token for token in group if token.kind != "newline"]
        if formula and any(token.kind == "operator" for token in row) and formula[-1].text != "+":
            yield formula
            formula = []
        for token in row:
            if token.kind != "end":
                formula.append(token)
            elif formula:
                yield formula
                formula = []
    if formula:
        yield formula


class _Formula:
    """One formula, read from left to right."""

    def __init__(self, tokens: list[Token], file: str) -> None:
        self.tokens, self.file, self.at = tokens, file, 0

    def _now(self) -> Token:
        if self.at < len(self.tokens):
            return self.tokens[self.at]
        last = self.tokens[-1]
        return Token("nothing", "the end of the formula", last.line, last.column + len(last.text))

    def _take(self, *kinds: str, text: str = "") -> Token | None:
        token = self._now()
        if token.kind in kinds and (not text or token.text == text):
            self.at += 1
            return token
        return None

    def _refuse(self, expected: str, fix: str = "Correct the formula.", rule: str = "syntax") -> InputError:
        token = self._now()
        found = token.text if token.kind == "nothing" else f"“{token.text}”"
        return InputError(_problem(rule, f"expected {expected}, found {found}.", fix, token, self.file))

    def terms(self) -> list[Term]:
        left = self._names()
        operator = self._operator()
        found: list[Term] = []
        while True:
            found += self._term(left, operator)
            if self.at == len(self.tokens):
                return found
            if not self._take("mark", text="+"):
                raise self._refuse(
                    "“+” or the end of the formula", "Separate elements by + and formulas by line or semicolon."
                )

    def _names(self) -> list[Token]:
        names = []
        while True:
            name = self._take("name")
            if name is None:
                raise self._refuse("the name of a factor or item", "Begin a formula with a name, such as f =~ a + b.")
            names.append(name)
            if not self._take("mark", text="+"):
                return names

    def _operator(self) -> str:
        token = self._now()
        if token.text in REFUSED:
            raise InputError(_problem("not-supported", f"{REFUSED[token.text]} are not part of what is fitted here.",
                                      "Leave it out, or fit this model in lavaan.", token, self.file))  # fmt: skip
        if self._take("operator") is None:
            raise self._refuse("one of =~, ~~, ~, | and ~*~")
        return token.text

    def _term(self, left: list[Token], operator: str) -> list[Term]:
        modifiers: list[tuple[Setting, ...]] = []
        while True:
            start = self._now()
            setting = self._setting()
            if not self._take("mark", text="*"):
                break
            modifiers.append(setting)
        right = setting[0] if len(setting) == 1 else None
        if start.kind == "number":
            if operator != "~" or right != 1:
                self.at -= 1
                raise self._refuse("the name of a variable" + (" or 1 for an intercept" if operator == "~" else ""))
            operator, right = "~1", ""
        if not isinstance(right, str) or start.kind == "quoted":
            self.at -= 1
            raise self._refuse("the name of a variable after the modifier")
        return [
            Term(name.text, _operator(operator), right, tuple(modifiers), start.line, start.column) for name in left
        ]

    def _setting(self) -> tuple[Setting, ...]:
        if (token := self._take("number")) is not None:
            return (float(token.text),)
        if (token := self._take("quoted")) is not None:
            return (token.text[1:-1],)
        token = self._now()
        if self._take("name") is None:
            raise self._refuse("a name, a number or c(…)")
        if self._now().text != "(":
            return (None,) if token.text == "NA" else (token.text,)
        if token.text != "c":
            raise InputError(_problem("not-supported", f"the modifier {token.text}() is not part of what is fitted here.",
                                      "Fix by a number, free by NA, label by a name.", token, self.file))  # fmt: skip
        self.at += 1
        values: list[Setting] = []
        while True:
            values += self._setting()
            if self._take("mark", text=")"):
                return tuple(values)
            if not self._take("mark", text=","):
                raise self._refuse("“,” or “)”")


def _operator(text: str) -> Operator:
    match text:
        case "=~" | "~~" | "~" | "~1" | "|" | "~*~":
            return text
    raise AssertionError(text)
