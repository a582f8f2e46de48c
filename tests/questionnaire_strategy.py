"""Random questionnaires that keep our own rules of form, for tests of round trips; conditions may contradict each other.

``CLUSTERGOV_EXAMPLES`` says how many are tried; 50 where it is not set.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from clustergov.instruments.arithmetic import Arithmetic, Constant, Count, Sum, Value
from clustergov.instruments.condition import Answered, Comparison, Condition, Expression, Junction, Negation, Relation
from clustergov.instruments.questionnaire import (
    Construct,
    Item,
    Option,
    Question,
    Questionnaire,
    Scale,
    Section,
    Variable,
)
from clustergov.language import Text

EXAMPLES = int(os.environ.get("CLUSTERGOV_EXAMPLES", "50"))
LANGUAGES = (("nl", "en"), ("en",), ("en", "nl", "de"))
WORDS = (
    "water", "Health Valley", "coöperatie", "€ 5 < € 6", "R&D", "60/40", "100 %", "“aha”", "'s-Hertogenbosch", '"quoted"', "(so)",
    "a_b", "1.", "- dash", "= 3", "café", "ß", "日本", "🙂", "x > y", "#1", "C:/dir", "a;b", "tab", "no", "NULL", "*bold*", "it’s",
)  # fmt: skip
"""Fragments that formats have been known to spoil."""


def tries(count: int = EXAMPLES) -> Callable[[Any], Any]:
    """Settings for a property test over questionnaires."""
    slow = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    return settings(max_examples=count, deadline=None, suppress_health_check=slow, derandomize=True)


@st.composite
def texts(draw: st.DrawFn, languages: tuple[str, ...], most: int = 4) -> Text:
    """A text in every language; never blank, without blanks at its ends or two in a row."""
    words = st.lists(st.sampled_from(WORDS), min_size=1, max_size=most).map(" ".join)
    return Text({language: draw(words) for language in languages})


@st.composite
def scales(draw: st.DrawFn, languages: tuple[str, ...]) -> Scale:
    numbered = draw(st.booleans())
    size = draw(st.integers(2, 6))
    codes = (
        [str(code) for code in range(1, size + 1)]
        if numbered
        else draw(
            st.lists(
                st.from_regex(r"[A-Z][A-Za-z0-9]{0,3}", fullmatch=True),
                min_size=size,
                max_size=size,
                unique_by=str.casefold,
            )
        )
    )
    options = [Option(code=code, text=draw(texts(languages))) for code in codes]
    if draw(st.booleans()):
        options.append(Option(code="98", text=draw(texts(languages)), blank="refused or don't know"))
    if draw(st.integers(0, 3)) == 0:
        options.append(Option(code="97", text=draw(texts(languages)), blank="not applicable"))
    directions = ["ascending", "descending"] if numbered else ["ascending", "none"]
    return Scale(direction=draw(st.sampled_from(directions)), options=tuple(options))


def comparisons(variable: Variable) -> st.SearchStrategy[Expression]:
    """Conditions on one variable that the rules allow."""
    name = variable.name
    found: list[st.SearchStrategy[Expression]] = [st.just(Answered(name))]
    if variable.kind == "number":
        limit = st.integers(-5, 105).map(float) | st.sampled_from([0.5, 33.3])
        order = st.sampled_from(["=", "!=", "<", "<=", ">", ">="])
        found.append(st.builds(lambda sign, value: Comparison(name, sign, (value,)), order, limit))
        found.append(st.builds(
            lambda sign, value: Relation(Arithmetic("*", Value(name), Constant(2.0)), sign, Constant(value)), order, limit
        ))  # fmt: skip
    if variable.scale is not None and variable.kind in ("choice", "tick"):
        code = st.sampled_from(variable.scale.codes)
        sign = st.sampled_from(["=", "!="])
        found.append(st.builds(lambda sign, value: Comparison(name, sign, (value,)), sign, code))
        several = st.lists(code, min_size=1, max_size=3, unique=True).map(tuple)
        found.append(several.map(lambda values: Comparison(name, "in", values)))
    return st.one_of(found)


def conditions(variables: list[Variable]) -> st.SearchStrategy[Expression]:
    """Conditions on some of these variables."""
    leaves = st.sampled_from(variables).flatmap(comparisons)
    numbers = tuple(variable.name for variable in variables if variable.kind == "number")
    if len(numbers) > 1:
        leaves |= st.builds(
            lambda sign, value: Relation(Sum(numbers), sign, Constant(value)),
            st.sampled_from(["=", "<", ">="]),
            st.integers(0, 120).map(float),
        )
    ticks = tuple(variable.name for variable in variables if variable.kind == "tick")
    if ticks:
        leaves |= st.integers(0, 3).map(lambda value: Relation(Count(ticks, "Y"), ">=", Constant(float(value))))
    return st.recursive(
        leaves,
        lambda inner: (
            st.builds(Negation, inner)
            | st.builds(Junction, st.sampled_from(["and", "or"]), st.lists(inner, min_size=2, max_size=3).map(tuple))
        ),
        max_leaves=4,
    )


@st.composite
def questions(
    draw: st.DrawFn, code: str, languages: tuple[str, ...], available: dict[str, Scale], earlier: list[Variable]
) -> Question:
    kind = draw(st.sampled_from(
        ["single", "multiple", "array", "ranking", "number", "numbers", "numbers", "text", "texts", "date", "file", "note"]
    ))  # fmt: skip
    scale = draw(st.sampled_from(sorted(available))) if kind in ("single", "array", "ranking") else ""
    routed = conditions(earlier).map(lambda expression: str(Condition(expression))) if earlier else st.just("")
    sometimes = st.just("") | routed
    size = draw(st.integers(2, 4))
    items: tuple[Item, ...] = ()
    if kind == "ranking":
        places = min(size, len(available[scale].options))
        items = tuple(Item(code=str(n), text=Text(dict.fromkeys(languages, f"{n}"))) for n in range(1, places + 1))
    elif kind in ("multiple", "array", "numbers", "texts"):
        items = tuple(
            Item(
                code=f"i{n}", text=draw(texts(languages)), when=draw(sometimes) if draw(st.integers(0, 4)) == 0 else ""
            )
            for n in range(size)
        )
    numeric = kind in ("number", "numbers")
    shares = kind == "numbers" and draw(st.booleans())
    return Question(
        code=code, kind=kind, text=draw(texts(languages, most=8)), help=draw(st.none() | texts(languages)), scale=scale,
        items=items, when=draw(sometimes), required=kind not in ("note", "ranking") and draw(st.booleans()),
        minimum=0.0 if shares else draw(st.sampled_from([None, 0.0, 1.0])) if numeric else None,
        maximum=100.0 if shares else draw(st.sampled_from([None, 50.0, 2026.0])) if numeric else None,
        integer=numeric and not shares and draw(st.booleans()), unit=draw(st.none() | texts(languages)) if numeric else None,
        total=100.0 if shares else None, random_order=kind in ("single", "multiple", "array") and draw(st.booleans()),
        comment=kind in ("single", "multiple") and draw(st.integers(0, 4)) == 0,
    )  # fmt: skip


@st.composite
def questionnaires(draw: st.DrawFn, *, languages: tuple[str, ...] | None = None) -> Questionnaire:
    """A questionnaire of one to three sections and one to nine questions of every kind."""
    spoken = languages or draw(st.sampled_from(LANGUAGES))
    named = {f"s{n}": draw(scales(spoken)) for n in range(draw(st.integers(1, 3)))}
    sections: list[Section] = []
    earlier: list[Variable] = []
    number = 0
    for place in range(draw(st.integers(1, 3))):
        asked: list[Question] = []
        for _ in range(draw(st.integers(1, 3))):
            number += 1
            asked.append(draw(questions(f"q{number}", spoken, named, earlier)))
            earlier += _variables(asked[-1], named)
        title, text = draw(texts(spoken)), draw(st.none() | texts(spoken))
        sections.append(Section(code=f"part{place}", title=title, text=text, questions=tuple(asked)))
    used = {question.scale for section in sections for question in section.questions}
    arrays = [q for section in sections for q in section.questions if q.kind == "array" and named[q.scale].ordered]
    constructs = tuple(
        Construct(code=f"c_{q.code}", title=draw(texts(spoken)), items=tuple(f"{q.code}_{i.code}" for i in q.items),
                  minimum_valid=1)
        for q in arrays[:1]
    )  # fmt: skip
    return Questionnaire(
        questionnaire="random", version="1.0", title=draw(texts(spoken)), languages=spoken,
        text=draw(st.none() | texts(spoken)), closing=draw(st.none() | texts(spoken)),
        scales={name: scale for name, scale in named.items() if name in used}, sections=tuple(sections),
        constructs=constructs,
    )  # fmt: skip


def _variables(question: Question, named: dict[str, Scale]) -> list[Variable]:
    title = question.text
    section = Section(code="s", title=title, questions=(question,))
    alone = Questionnaire(
        questionnaire="q", version="1", title=title, languages=tuple(title), scales=named, sections=(section,)
    )
    return [variable for variable in alone.variables if variable.kind in ("choice", "tick", "number", "text")]
