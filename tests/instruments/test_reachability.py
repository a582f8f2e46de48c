"""What the solver proves, against every way in which small questionnaires can be answered."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clustergov.instruments.arithmetic import Answer
from clustergov.instruments.check import check_questionnaire
from clustergov.instruments.condition import Condition
from clustergov.instruments.questionnaire import Item, Option, Question, Questionnaire, Scale, Section
from clustergov.instruments.routing import parse
from clustergov.instruments.rules.codes import places
from clustergov.instruments.solver.answer_classes import limits
from clustergov.instruments.solver.reachability import Finding, findings
from clustergov.language import Text
from clustergov.yaml_file import Place
from questionnaire_strategy import conditions, questionnaires, tries

WORDS = Text({"en": "Words"})
SCALES = {
    "abc": Scale(
        direction="none",
        options=(
            *(Option(code=code, text=WORDS) for code in "abc"),
            Option(code="x", text=WORDS, blank="not applicable"),
        ),
    ),
    "three": Scale(direction="ascending", options=tuple(Option(code=code, text=WORDS) for code in "123")),
}


def asked(code: str, kind: str = "single", when: str = "", **more: object) -> Question:
    scale = {"single": "abc", "array": "three"}.get(kind, "")
    items = tuple(Item(code=item, text=WORDS) for item in "pq") if kind in ("array", "multiple", "numbers") else ()
    return Question(
        **({"code": code, "kind": kind, "text": WORDS, "scale": scale, "items": items, "when": when} | more)
    )  # type: ignore[arg-type]


def built(*questions: Question) -> Questionnaire:
    section = Section(code="all", title=WORDS, questions=questions)
    return Questionnaire(
        questionnaire="q", version="1", title=WORDS, languages=("en",), scales=SCALES, sections=(section,)
    )


def written(questionnaire: Questionnaire) -> dict[Place, Condition]:
    found: dict[Place, Condition] = {}
    for place, question in places(questionnaire):
        texts = {(*place, "when"): question.when, (*place, "constraint"): question.constraint}
        texts |= {(*place, "items", k, "when"): item.when for k, item in enumerate(question.items)}
        found |= {where: parse(text) for where, text in texts.items() if text}
    return found


def told(*questions: Question) -> list[tuple[str, str, tuple[str, ...]]]:
    """Kind of finding, code of the question, what it rests on."""
    questionnaire = built(*questions)
    return [
        (each.kind, questions[int(each.place[3])].code, each.about)
        for each in findings(questionnaire, written(questionnaire))
    ]


A, N = asked("a"), asked("n", "number", minimum=0, maximum=10)
WHOLE = asked("n", "number", minimum=0, maximum=10, integer=True)

PROVED = [
    # questions, what is found
    ((A, asked("b", when='a = "a" and a = "b"')), ("contradiction", "b", ())),
    ((N, asked("b", when="n > 5 and n < 3")), ("contradiction", "b", ())),
    ((N, asked("b", when="n > 5 and not answered(n)")), ("contradiction", "b", ())),
    ((WHOLE, asked("b", when="n > 5 and n < 6")), ("contradiction", "b", ())),
    ((N, asked("b", when="n * 2 > 20.5")), ("contradiction", "b", ())),
    ((asked("m", "multiple"), asked("b", when='count("Y", m_p, m_q) > 2')), ("contradiction", "b", ())),
    ((asked("m", "multiple"), asked("b", when='count("Y", m_p, m_q) > 1 and m_p = "N"')), ("contradiction", "b", ())),
    ((asked("s", "numbers", minimum=0, maximum=40), asked("b", when="sum(s_p, s_q) > 80")), ("contradiction", "b", ())),
    ((asked("t", "text"), asked("b", when='t = "x" and t = "y"')), ("contradiction", "b", ())),
    ((asked("t", "text"), asked("b", when='t = "x" and not answered(t)')), ("contradiction", "b", ())),
    ((asked("t", "array"), asked("b", when="t_p + t_q > 6")), ("contradiction", "b", ())),
    ((asked("t", "array"), asked("b", when="t_p - t_p != 0")), ("contradiction", "b", ())),
    ((asked("t", "array"), asked("b", when="t_p / t_q > 3")), ("contradiction", "b", ())),
    ((asked("t", "array"), asked("b", when="t_p * t_q = 5")), ("contradiction", "b", ())),
    ((N, asked("o", "number"), asked("b", when="n / o > 2 and not answered(o)")), ("contradiction", "b", ())),
    ((A, asked("b", when='a = "a"'), asked("c", when='a = "b" and answered(b)')), ("unreachable", "c", ("b",))),
    ((A, asked("b", when='a = "a"'), asked("c", when='answered(b) and a != "a"')), ("unreachable", "c", ("b",))),
    ((A, asked("b", when='a = "a" and a = "b"'), asked("c", when='b = "a"')), ("unreachable", "c", ("b",))),
    ((asked("m", "multiple"), asked("b", when="not answered(m_p)")), ("unreachable", "b", ("m",))),
    ((asked("a", required=True, scale="three"), asked("b", when="not answered(a)")), ("unreachable", "b", ("a",))),
    ((asked("m", "multiple", required=True), asked("b", when='count("Y", m_p, m_q) = 0')), ("unreachable", "b", ("m",))),
    (
        (asked("s", "numbers", minimum=0, maximum=100, total=100), asked("b", when="s_p + s_q < 99")),
        ("unreachable", "b", ("s",)),
    ),
    (
        (asked("s", "numbers", minimum=0, constraint="s_p > s_q"), asked("b", when="s_p < s_q and s_q > 3")),
        ("unreachable", "b", ("s",)),
    ),
    ((A, asked("b", when='a = "a" or not a = "a"')), ("always", "b", ())),
    ((asked("m", "multiple"), asked("b", when="answered(m_p)")), ("always", "b", ())),
    ((A, asked("b", "number", when='a = "a"'), asked("c", when='not (answered(b) and a = "b")')), ("always", "c", ())),
    ((A, asked("n", "number", constraint="n > 5 and n < 3")), ("cannot hold", "n", ())),
    ((asked("n", "number", maximum=5, constraint="n * 2 > 10")), ("cannot hold", "n", ())),
    ((asked("n", "number", required=True, constraint="n < n - 1")), ("no answer passes", "n", ())),
    ((asked("n", "number", minimum=5, constraint="n * 2 >= 10")), ("always holds", "n", ())),
    (
        (A, asked("n", "number", when='a = "a"'), asked("o", "number", when='a = "b"', constraint="n < o")),
        ("never applies", "o", ()),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("questions", "expected"), PROVED, ids=[f"{i}-{case[1][0]}" for i, case in enumerate(PROVED)])
def test_what_is_proved(questions, expected):
    questions = questions if isinstance(questions, tuple) else (questions,)
    assert expected in told(*questions)


INNOCENT = [
    (A, asked("b", when='a = "a"')),
    (A, asked("b", when='not a = "a"')),
    (A, asked("b", when='a != "a" and a != "b"')),
    (N, asked("b", when="n > 5 and n < 6")),
    (WHOLE, asked("b", when="n > 5 and n < 7")),
    (N, asked("b", when="n >= 10")),
    (asked("a", required=True), asked("b", when="not answered(a)")),
    (asked("m", "multiple", required=True, other=True), asked("b", when='count("Y", m_p, m_q) = 0')),
    (asked("s", "numbers", minimum=0, maximum=100, total=100), asked("b", when="s_p = 100")),
    (asked("s", "numbers", minimum=0, maximum=100, total=100), asked("b", when="sum(s_p, s_q) = 0")),
    (asked("s", "numbers", minimum=0, total=100), asked("b", when="s_p = 100.0000003 and sum(s_p, s_q) = 100")),
    (N, asked("o", "number"), asked("b", when="n / o > 5 and n / o < 3")),
    (N, asked("o", "number"), asked("b", when="n * o > 5 or n * o <= 5")),
    (asked("t", "text"), asked("b", when='t != "x" and t != "y"')),
    (asked("t", "text"), asked("b", when="t > 5 and t < 6")),
    (A, asked("b", relevance="unknown"), asked("c", when='a = "a" and answered(b)')),
    (asked("n", "number", required=True, constraint="n > 5")),
    (N, asked("o", "number", constraint="o > n")),
    (asked("t", "array"), asked("b", when="t_p + t_q = 6")),
    (asked("t", "array"), asked("b", when="t_p / t_q > 2.9 and t_p * t_q < 4")),
    (asked("n", "number", minimum=float("-inf"), maximum=float("nan")), asked("b", when="n > 3 and n + 1 > 3")),
    (A, asked("b", when='a = "a"'), asked("c", when='a = "a" and b = "a"')),
]  # fmt: skip


@pytest.mark.parametrize("questions", INNOCENT, ids=[str(i) for i in range(len(INNOCENT))])
def test_nobody_is_accused_without_proof(questions):
    assert told(*(questions if isinstance(questions, tuple) else (questions,))) == []


def test_items_have_conditions_of_their_own():
    items = tuple(
        Item(code=c, text=WORDS, when=when)
        for c, when in (("p", 'a = "b"'), ("q", 'a = "a"'), ("r", 'a = "a" and a = "b"'))
    )
    found = list(_found(A, asked("m", "multiple", when='a = "a"', items=items)))
    assert [(each.kind, each.place[5], each.about) for each in found] == [
        ("unreachable", 0, ("m",)), ("always", 1, ()), ("contradiction", 2, ()),
    ]  # fmt: skip


def _found(*questions: Question) -> Iterator[Finding]:
    questionnaire = built(*questions)
    return findings(questionnaire, written(questionnaire))


def test_an_unknown_condition_may_hold_or_not():
    questionnaire = built(A, asked("b", when='a = "a"'), asked("c", when='a = "b" and answered(b)'))
    known = written(questionnaire)
    del known["sections", 0, "questions", 1, "when"]
    assert list(findings(questionnaire, known)) == []


@st.composite
def small(draw: st.DrawFn) -> Questionnaire:
    """Three or four questions of the kinds that have finitely many classes of answers."""
    questions: list[Question] = []
    for index in range(draw(st.integers(3, 4))):
        code = f"q{index}"
        kind = draw(st.sampled_from(["single", "single", "multiple", "number"]))
        when = ""
        if index and draw(st.integers(0, 4)):
            earlier = [v for v in built(*questions).variables if v.kind in ("choice", "tick", "number")]
            when = str(Condition(draw(conditions(earlier))))
        limits = {"minimum": 0.0, "maximum": 3.0, "integer": True} if kind == "number" else {}
        questions.append(asked(code, kind, when, **limits))
    return built(*questions)


@tries()
@given(small())
def test_against_every_way_to_answer(questionnaire):
    """Of whole numbers from 0 to 3 and codes every answer is tried: both proofs and their absence are right."""
    seen: dict[str, set[bool]] = {question.code: set() for question in questionnaire.questions}
    replies: list[dict[str, Answer]] = [{}]
    for question in questionnaire.questions:
        following: list[dict[str, Answer]] = []
        for reply in replies:
            holds = not question.when or parse(question.when).holds(reply)
            seen[question.code].add(holds)
            following += [reply | own for own in _every(question, questionnaire)] if holds else [reply]
        replies = following
    expected = {code for code, held in seen.items() if held == {False}}
    always = {q.code for q in questionnaire.questions if q.when and seen[q.code] == {True}}
    found = list(findings(questionnaire, written(questionnaire)))
    codes = {each.kind: set() for each in found}
    for each in found:
        codes[each.kind].add(questionnaire.questions[int(each.place[3])].code)
    assert codes.get("contradiction", set()) | codes.get("unreachable", set()) == expected
    assert codes.get("always", set()) == always


def _every(question: Question, questionnaire: Questionnaire) -> Iterator[dict[str, Answer]]:
    variables = questionnaire.of(question.code)
    numbers: list[Answer] = [None, 0.0, 1.0, 2.0, 3.0]
    per_kind = {"number": numbers, "choice": [None, "a", "b", "c"], "tick": ["N", "Y"]}
    for chosen in itertools.product(*(per_kind[variable.kind] for variable in variables)):
        yield dict(zip((variable.name for variable in variables), chosen, strict=True))


def test_the_solver_is_not_loaded_without_conditions(root: Path, tmp_path: Path) -> None:
    import subprocess

    text = (root / "instruments" / "cluster-organisation.yml").read_text(encoding="utf-8")
    kept = "".join(line for line in text.splitlines(keepends=True) if not line.strip().startswith("when:"))
    (tmp_path / "q.yml").write_text(kept, encoding="utf-8")
    code = "import sys; from clustergov.instruments.check import check; assert check(sys.argv[1])[1] == []; assert 'z3' not in sys.modules"
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "q.yml")], check=True)


def test_hard_arithmetic_ends():
    """Whole numbers whose cubes add up: beyond what a solver decides; the bound on its effort ends it."""
    numbers = [asked(f"n{k}", "number", minimum=1, maximum=10_000, integer=True) for k in range(12)]
    names = [each.code for each in numbers]
    hard = " and ".join(
        f"{' + '.join(f'{(7 * i * k + 13 * k + 1) % 97} * {name}' for k, name in enumerate(names))} = {99991 + i}"
        for i in range(1, 6)
    )
    cubes = "n0 * n0 * n0 + n1 * n1 * n1 = n2 * n2 * n2"
    assert told(*numbers, asked("x", when=cubes), asked("y", when=hard)) in ([], [("contradiction", "y", ())])


def test_check_leaves_doubtful_codes_alone():
    questionnaire = built(A, A, asked("b", when='a = "a" and a = "b"'))
    assert {each.rule for each in check_questionnaire(questionnaire)} >= {"duplicate-question-code"}
    assert "routing-contradiction" not in {each.rule for each in check_questionnaire(questionnaire)}


NUMBERS: list[Answer] = [None, 0.0, 0.5, 1.0, 2.0, 33.3, 50.0, 100.0, 2026.0, -5.0]


def reply(questionnaire: Questionnaire, chance: Random) -> dict[str, Answer] | None:
    """One respondent of chance, None where chance broke a limit or a total; `required` is kept as far as it is modelled."""
    given: dict[str, Answer] = {}
    for question in questionnaire.questions:
        if question.when and not parse(question.when).holds(given):
            continue
        for variable in questionnaire.of(question.code):
            if variable.item is not None and variable.item.when and not parse(variable.item.when).holds(given):
                continue
            own: list[Answer] = [None, *(variable.scale.codes if variable.scale else ["x"])]
            if variable.kind == "tick":
                own = ["Y", "N"]
            elif variable.kind == "number":
                low, high = limits(question)
                own = [
                    n
                    for n in NUMBERS
                    if n is None or (low <= float(n) <= high and (not question.integer or float(n).is_integer()))
                ]
            substantive = [each for each in own if each is not None]
            must = question.required and question.kind not in ("ranking", "numbers", "texts")
            given[variable.name] = chance.choice(substantive if must and substantive else own)
        numbers = [given.get(v.name) for v in questionnaire.of(question.code) if v.kind == "number"]
        answered = [float(n) for n in numbers if n is not None]
        if question.total is not None and answered and abs(sum(answered) - question.total) > 1e-9:
            for variable in questionnaire.of(question.code):
                given.pop(variable.name, None)
        ticks = [given.get(v.name) for v in questionnaire.of(question.code) if v.kind == "tick"]
        if question.required and ticks and "Y" not in ticks:
            return None
    return given


@tries()
@given(questionnaires(), st.integers(0, 2**32))
def test_whom_chance_leads_somewhere_is_never_denied(questionnaire, seed):
    """Of questionnaires with every kind of question: what respondents of chance see is not what is said never to be."""
    known, chance = written(questionnaire), Random(seed)
    found = {each.place: each.kind for each in findings(questionnaire, known)}
    for _ in range(20):
        given_answers = reply(questionnaire, chance)
        if given_answers is None:
            continue
        for place, question in places(questionnaire):
            shown = not question.when or parse(question.when).holds(given_answers)
            _agree(found.get((*place, "when")), shown)
            for k, item in enumerate(question.items):
                if shown and item.when:
                    _agree(found.get((*place, "items", k, "when")), parse(item.when).holds(given_answers))


def _agree(kind: str | None, holds: bool) -> None:
    assert kind not in ("contradiction", "unreachable") or not holds
    assert kind != "always" or holds
