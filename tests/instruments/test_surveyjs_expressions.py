"""Conditions and SurveyJS expressions hold for the same answers, as SurveyJS's own evaluator judges."""

from __future__ import annotations

import random
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clustergov.instruments.arithmetic import Arithmetic, Constant, Count, Number, Sum, Value
from clustergov.instruments.condition import Answered, Comparison, Condition, Expression, Junction, Negation, Relation
from clustergov.instruments.questionnaire import Item, Option, Question, Questionnaire, Scale, Section, Variable
from clustergov.instruments.routing import parse
from clustergov.instruments.surveyjs.expression_reading import read
from clustergov.instruments.surveyjs.expressions import LONGEST, Untranslatable, written
from clustergov.language import Text
from node_programs import surveyjs
from questionnaire_strategy import EXAMPLES, tries
from surveyjs_respondent import asked_answers, drawn, stored


def _text(words: str) -> Text:
    return Text({"en": words})


def _scale(*codes: str, blank: tuple[str, ...] = ()) -> Scale:
    options = [Option(code=code, text=_text(code)) for code in codes]
    options += [Option(code=code, text=_text(code), blank="refused or don't know") for code in blank]
    return Scale(direction="none", options=tuple(options))


def _items(*codes: str, when: str = "") -> tuple[Item, ...]:
    return tuple(Item(code=code, text=_text(code), when=when if code == codes[-1] else "") for code in codes)


def _question(code: str, kind: Any, **more: Any) -> Question:
    return Question(code=code, kind=kind, text=_text(code), **more)


QUESTIONS = (
    _question("gate", "single", scale="letters"),
    _question("level", "single", scale="digits", when='gate = "a"'),
    _question("odd", "single", scale="odd"),
    _question("boxes", "multiple", items=_items("x", "y", "z", when='gate != "b"'), when='not gate = "c"', other=True),
    _question("rate", "array", scale="digits", items=_items("p", "q", "r", when='gate = "a"')),
    _question("mixed", "array", items=(
        Item(code="m", text=_text("m"), scale="digits"), Item(code="n", text=_text("n"), scale="odd"),
    )),
    _question("rank", "ranking", scale="letters", items=_items("1", "2")),
    _question("n", "number"),
    _question("share", "numbers", items=_items("one", "two", when="n > 0")),
    _question("day", "date"),
    _question("word", "text"),
)  # fmt: skip


def _asking(questions: tuple[Question, ...], scales: dict[str, Scale]) -> Questionnaire:
    sections = (Section(code="s", title=_text("s"), questions=questions),)
    return Questionnaire(
        questionnaire="odd", version="1", title=_text("odd"), languages=("en",), scales=scales, sections=sections
    )


QUESTIONNAIRE = _asking(
    QUESTIONS,
    {
        "letters": _scale("a", "b", "c", blank=("98",)),
        "digits": _scale("1", "2", "3", "4", "0", blank=("97", "98")),
        "odd": _scale("01", "1", "true", "-oth-", "1e3", "0x1", "2.50"),
    },
)
NUMERIC = ("level", "odd", "rate_p", "rate_r", "mixed_m", "mixed_n", "n", "share_one", "share_two", "gate")
COUNTED = ("gate", "level", "boxes_x", "boxes_z", "rate_p", "rate_r", "rank_1", "n", "day")


def _comparisons(variable: Variable) -> st.SearchStrategy[Expression]:
    name = variable.name
    if variable.kind in ("text", "file"):
        return st.just(Answered(name))
    values: st.SearchStrategy[str | float] = st.sampled_from([0.0, 1.0, 2.5, -1.0, 50.0, 1000.0])
    codes = [option.code for option in variable.scale.options] if variable.scale is not None else ["2026-01-02", "7"]
    coded = st.sampled_from([*codes, "A", "none"])
    equal = st.builds(
        lambda sign, value: Comparison(name, sign, (value,)), st.sampled_from(["=", "!="]), values | coded
    )
    ordered = st.builds(
        lambda sign, value: Comparison(name, sign, (value,)), st.sampled_from(["<", "<=", ">", ">="]), values
    )
    several = st.lists(values | coded, min_size=1, max_size=4).map(lambda found: Comparison(name, "in", tuple(found)))
    return st.just(Answered(name)) | equal | ordered | several


_few = st.lists(st.sampled_from(NUMERIC), min_size=1, max_size=3).map(tuple)
_counts = st.lists(st.sampled_from(COUNTED), min_size=1, max_size=3).map(tuple)
_numbers: st.SearchStrategy[Number] = st.recursive(
    st.sampled_from(NUMERIC).map(Value)
    | st.sampled_from([0.0, 1.0, 2.5, -3.0]).map(Constant)
    | _few.map(Sum)
    | st.builds(Count, _counts, st.sampled_from([None, "a", "Y", "N", "1", "98"])),
    lambda inner: st.builds(Arithmetic, st.sampled_from(["+", "-", "*", "/"]), inner, inner),
    max_leaves=3,
)
_relations = st.builds(Relation, _numbers, st.sampled_from(["=", "!=", "<", "<=", ">", ">="]), _numbers).filter(
    lambda relation: bool(relation.variables)
)
_expressions: st.SearchStrategy[Expression] = st.recursive(
    st.sampled_from(list(QUESTIONNAIRE.variables)).flatmap(_comparisons) | _relations,
    lambda inner: (
        st.builds(Negation, inner)
        | st.builds(Junction, st.sampled_from(["and", "or"]), st.lists(inner, min_size=2, max_size=3).map(tuple))
    ),
    max_leaves=4,
)


def _tables(count: int = 10) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Answers as routing sees them, and as SurveyJS stores them."""
    rng = random.Random(7)
    rounds = [drawn(QUESTIONNAIRE, rng) for _ in range(count - 1)] + [{}]
    found = []
    for given_answers in rounds:
        answers, substantive = asked_answers(QUESTIONNAIRE, given_answers)
        found.append((substantive, stored(QUESTIONNAIRE, answers)))
    return found


def test_expressions_hold_for_the_same_answers():
    jobs: list[dict[str, Any]] = []
    expected: list[bool] = []
    conditions: list[Condition] = []

    @tries(3 * EXAMPLES)
    @given(_expressions)
    def collect(expression: Expression) -> None:
        condition = Condition(expression)
        for substantive, data in tables:
            jobs.append({"expression": written(condition, QUESTIONNAIRE), "data": data})
            expected.append(condition.holds(substantive))
            conditions.append(condition)

    tables = _tables()
    collect()
    found = surveyjs("evaluate", jobs)
    wrong = [
        (str(condition), job, wanted)
        for condition, job, wanted, verdict in zip(conditions, jobs, expected, found, strict=True)
        if verdict is not wanted
    ]
    assert wrong[:3] == []
    assert 0.2 < sum(expected) / len(expected) < 0.8  # neither verdict is rare, so agreement says something


@tries(3 * EXAMPLES)
@given(_expressions)
def test_what_is_written_is_read_back(expression):
    condition = Condition(expression)
    expression_written = written(condition, QUESTIONNAIRE)
    back = read(expression_written, QUESTIONNAIRE)
    verdicts = {condition.holds(substantive) for substantive, _ in TABLES}
    if back is None:  # no answer decides it, and a condition looks at answers
        assert re.search(r"1 = [01]|sum\(0", expression_written)
        assert len(verdicts) == 1
    else:
        assert [back.holds(substantive) for substantive, _ in TABLES] == [
            condition.holds(substantive) for substantive, _ in TABLES
        ], (str(condition), expression_written, str(back))


TABLES = _tables(25)


@pytest.mark.parametrize(
    ("condition", "expression"),
    [
        ('gate = "a"', "{gate} = 'a'"),
        ('gate != "a"', "{gate} anyof ['b', 'c']"),
        ("answered(gate)", "{gate} notempty and {gate} <> '98'"),
        ('odd = "01"', "{#odd} = '01'"),
        ("level >= 2", "{level} anyof ['2', '3', '4']"),
        ('boxes_x = "Y"', "{boxes} contains 'x'"),
        ('boxes_x = "N"', "!({gate} = 'c') and {boxes} notcontains 'x'"),
        ('rate_p = "1"', "{rate.p} = '1'"),
        ('rate_r = "1"', "{gate} = 'a' and {rate.r} = '1'"),
        ('mixed_n = "01"', "{#mixed__2.n} = '01'"),
        ('rank_2 = "b"', "{rank[1]} = 'b'"),
        ("n != 5", "{n} notempty and {n} <> 5"),
        ("sum(share_one, share_two) = 100", "round(sum({share_one}, {share_two}) - 100, 6) = 0"),
        ("n > 2 * share_one", None),
    ],
)
def test_usual_conditions_are_written_plainly_and_read_as_they_were(condition, expression):
    found = written(parse(condition), QUESTIONNAIRE)
    if expression is not None:
        assert found == expression
    back = read(found, QUESTIONNAIRE)
    assert back is not None
    if not condition.startswith(("boxes_x", "rate_r")):  # these say when they are asked, too
        assert str(back) == condition.replace("level >= 2", 'level in ["2", "3", "4"]')


COMMON = [
    ("{gate} == \"a\" AND {n} greater 3", 'gate = "a" and n > 3'),
    ("{gate} <> 'a'", 'not gate = "a"'),
    ("{gate} notempty and {gate} <> 'a'", None),  # “don't know” would do, and is a blank
    ("{#odd} != '1'", 'not odd = "1"'),
    ("{odd} != '1'", None),  # SurveyJS takes 0x1 for 1
    ("'a' = {gate}", 'gate = "a"'),
    ("5 < {n}", "n > 5"),
    ("{gate} = 'A'", 'gate = "a"'),
    ("{gate} empty", None),
    ("{gate} empty or {gate} = '98'", "not answered(gate)"),
    ("{n} empty", "not answered(n)"),
    ("{n} <> 5", "not n = 5"),
    ("{boxes} anyof ['x', 'y']", 'boxes_x = "Y" or boxes_y = "Y"'),
    ("{boxes} allof ['x', 'y'] and !({n} > 1)", 'boxes_x = "Y" and boxes_y = "Y" and not n > 1'),
    ("{boxes} notempty", None),  # the free “other” alone would do
    ("{level} > 2 and {level} < 97", 'level in ["3", "4"]'),
    ("{level} > 2", None),  # so would 98
    ("{n} + {share_one} > 3", "sum(n) + sum(share_one) > 3"),
    ("{n} > {share_one}", "n > share_one"),
    ("{n} = {share_one}", None),  # SurveyJS: two empty answers are equal
    ("{n} notempty and {share_one} notempty and {n} = {share_one}", "n = share_one"),
    ("{n} / {share_one} > 3", None),
    ("{word} = 'x'", None),
    ("{word} contains 'x'", None),
    ("{day} = '2026-01-02'", 'day = "2026-01-02"'),
    ("age({day}) > 18", None),
    ("{nobody} = 1", None),
    ("{gate} = 'a' and", None),
    ("1 = 1", None),
    ("(" * 200 + "{n} > 1" + ")" * 200, None),
    ("", None),
]  # fmt: skip


@pytest.mark.parametrize(("expression", "condition"), COMMON)
def test_common_expressions_are_read_where_a_condition_says_the_same(expression, condition):
    found = read(expression, QUESTIONNAIRE)
    assert (str(found) if found is not None else None) == condition


def test_what_is_read_holds_for_the_same_answers():
    cases = [(expression, read(expression, QUESTIONNAIRE)) for expression, condition in COMMON if condition is not None]
    jobs = [{"expression": expression, "data": data} for expression, _ in cases for _, data in TABLES]
    expected = [condition is not None and condition.holds(answers) for _, condition in cases for answers, _ in TABLES]
    wrong = [
        job for job, wanted, found in zip(jobs, expected, surveyjs("evaluate", jobs), strict=True) if wanted != found
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("condition", "why"),
    [
        ('word = "Utrecht"', "disregards case"),
        ("word > 3", "disregards case"),
        ("sum(word, n) > 3", "free text and is computed with"),
        ("n > 1000000000000000000000", "15 digits"),
        ("nobody = 1", "there is no variable “nobody”"),
    ],
)
def test_what_cannot_be_said_is_told(condition, why):
    with pytest.raises(Untranslatable, match=why):
        written(parse(condition), QUESTIONNAIRE)


def test_codes_that_surveyjs_takes_for_one_are_told():
    scales = {"s": _scale("a", "A"), "t": _scale("it's")}
    questions = (
        _question("one", "single", scale="s"), _question("two", "single", scale="t"), _question("Three", "number"),
        _question("three", "number"), _question("four.five", "number"),
        _question("six", "multiple", items=_items("a", "A")),
    )  # fmt: skip
    imported = _asking(questions, scales)
    for expression in (
        Answered("one"), Answered("two"), Answered("three"), Answered("four.five"), Comparison("six_a", "=", ("Y",)),
    ):  # fmt: skip
        with pytest.raises(Untranslatable):
            written(Condition(expression), imported)


def test_rows_that_hang_on_rows_do_not_grow_without_bound():
    scale = {"digits": QUESTIONNAIRE.scales["digits"]}
    questions = [_question("q0", "array", scale="digits", items=_items("i"))]
    for k in range(1, 30):
        when = f'q{k - 1}_i = "1" or q{k - 1}_i = "2"'
        questions.append(_question(f"q{k}", "array", scale="digits", items=_items("i", when=when)))
    deep = _asking(tuple(questions), scale)
    with pytest.raises(Untranslatable, match=f"longer than {LONGEST:,}"):
        written(parse('q29_i = "1"'), deep)
