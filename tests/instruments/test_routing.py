"""The routing language: what it means, what it refuses, and that one respondent and a whole column agree."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from clustergov.instruments.arithmetic import Arithmetic, Constant, Count, Sum, Value
from clustergov.instruments.asking import computable
from clustergov.instruments.condition import Answered, Comparison, Condition, Junction, Negation, Relation, is_blank
from clustergov.instruments.routing import KEYWORDS, parse, parse_number
from clustergov.problems import InputError

MEANING = [
    # condition, answers, holds
    ('legal = "Y"', {"legal": "Y"}, True),
    ('legal = "Y"', {"legal": "N"}, False),
    ("legal = 'Y'", {"legal": "Y"}, True),
    ('legal = "Y"', {"legal": None}, False),
    ('legal = "Y"', {}, False),
    ('legal != "Y"', {"legal": "N"}, True),
    ('legal != "Y"', {"legal": None}, False),
    ('legal != "Y"', {"legal": ""}, False),
    ('not legal = "Y"', {"legal": None}, True),
    ("firms > 0", {"firms": 1.0}, True),
    ("firms > 0", {"firms": 0.0}, False),
    ("firms > 0", {"firms": math.nan}, False),
    ("firms < 10", {"firms": math.nan}, False),
    ("firms >= 2.5", {"firms": 2.5}, True),
    ("firms <= -1", {"firms": -1}, True),
    ("staff >= 6", {"staff": "7"}, True),
    ("staff >= 6", {"staff": "10"}, True),
    ("staff = 3", {"staff": "3"}, True),
    ('firms = "3"', {"firms": 3.0}, True),
    ("legal = 3", {"legal": "Y"}, False),
    ("legal != 3", {"legal": "Y"}, True),
    ("legal > 3", {"legal": "Y"}, False),
    ('country in ["NL", "BE"]', {"country": "BE"}, True),
    ('country in ["NL", "BE"]', {"country": "DE"}, False),
    ('country in ["NL", "BE"]', {"country": None}, False),
    ("staff in [1, 2]", {"staff": "2"}, True),
    ("answered(year)", {"year": 0.0}, True),
    ("answered(year)", {"year": None}, False),
    ("a = 1 or b = 1 and c = 1", {"a": 1, "b": 0, "c": 0}, True),
    ("(a = 1 or b = 1) and c = 1", {"a": 1, "b": 0, "c": 0}, False),
    ("not a = 1 and b = 1", {"a": 0, "b": 1}, True),
    ("not (a = 1 and b = 1)", {"a": 0, "b": 1}, True),
    ("not not a = 1", {"a": 1}, True),
    ("1 = a", {"a": 1}, True),
    ("0 < firms", {"firms": 1.0}, True),
    ("answered = 1", {"answered": 1}, True),
    ("a = b", {"a": 1, "b": 1}, True),
    ("a != b", {"a": 1, "b": None}, False),
    ("a < b", {"a": "2", "b": 10}, True),
    ("a + b = 3", {"a": 1, "b": 2}, True),
    ("a + b = 3", {"a": 3, "b": None}, False),
    ("a - b - c = -4", {"a": 1, "b": 2, "c": 3}, True),
    ("a - (b - c) = 2", {"a": 1, "b": 2, "c": 3}, True),
    ("a + b * c = 7", {"a": 1, "b": 2, "c": 3}, True),
    ("(a + b) * c = 9", {"a": 1, "b": 2, "c": 3}, True),
    ("a / b > 0", {"a": 1, "b": 0}, False),
    ("not a / b > 0", {"a": 1, "b": 0}, True),
    ("-a < -2", {"a": 3}, True),
    ("sum(a, b) = 3", {"a": 3, "b": None}, True),
    ("sum(a, b) = 0", {}, True),
    ("sum(a, b, c) = 100", {"a": 0.1, "b": 64.1, "c": 35.8}, True),
    ("sum(a, b, c) != 100", {"a": 0.1, "b": 64.1, "c": 35.8}, False),
    ("sum(a, b, c) = 100", {"a": 90.0, "b": 5.0, "c": 0.0}, False),
    ("count(a, b, c) = 2", {"a": 0, "b": "N", "c": None}, True),
    ('count("Y", a, b, c) >= 2', {"a": "Y", "b": "N", "c": "Y"}, True),
    ('count("3", a) = 1', {"a": 3.0}, True),
    ("count(a) / 2 = 0.5", {"a": 3.0}, True),
    ("a > 1 + 1 and (a - 1) * 2 <= 6", {"a": 4.0}, True),
    ("a + 1 > 1", {"a": "Y"}, False),
    ("order = 1 and inside = 2\n and nothing = 3", {"order": 1, "inside": 2, "nothing": 3}, True),
]

BROKEN = [
    # condition, character at which it breaks, words of the message
    ("", 1, "found nothing"),
    ("a == 1", 4, "two signs"),
    ('a = "Y', 5, "never closed"),
    ("a && b", 3, "“&” is not known"),
    ("a = 1 and", 10, "too early"),
    ("(a = 1", 7, "too early"),
    ("a = 1)", 6, "“)”"),
    ('a < "Y"', 3, "smaller or larger"),
    ("a in []", 7, "“]”"),
    ('a in ["x" "y"]', 11, "does not fit"),
    ("1 = 2", 1, "no answer is looked at"),
    ("a", 1, "not yet a condition"),
    ("a = 1 and b", 11, "“b” is not yet a condition"),
    ("a + b", 1, "not yet a condition"),
    ('a + "Y" = 2', 5, "the code"),
    ('"Y" = "N"', 7, "compared with no variable"),
    ('a + 1 = "Y"', 1, "compared with no variable"),
    ("(a = 1) + 2 = 3", 2, "is a condition and no number"),
    ('answered("Y")', 10, "Name variables"),
    ("answered(a, b)", 1, "one variable"),
    ('count("Y") = 1', 1, "no variable"),
    ('sum("Y", a) = 1', 5, "found the code"),
    ("a + 1 in [1]", 1, "before “in”"),
    ("power(a, 2) = 4", 6, "does not fit"),
    ("a = 1 b = 2", 7, "“b”"),
    ("_a = 1", 1, "does not fit"),
    ("__import__('os')", 1, "does not fit"),
    ("a = 1; b", 6, "does not fit"),
    ("not " * 600 + "a = 1", 2001, "2000 characters"),
]


@pytest.mark.parametrize(("text", "answers", "holds"), MEANING)
def test_meaning_for_one_respondent_and_for_a_column(text, answers, holds):
    before = dict(answers)
    condition = parse(text)
    assert condition.holds(answers) is holds
    assert list(answers) == list(before)
    columns = {name: [answers.get(name)] for name in condition.variables}
    assert condition.holds_in(columns).tolist() == [holds]


@pytest.mark.parametrize(("text", "column", "words"), BROKEN, ids=range(len(BROKEN)))
def test_mistakes_are_told_with_their_character(text, column, words):
    with pytest.raises(InputError) as caught:
        parse(text)
    (problem,) = caught.value.problems
    assert problem.rule == "routing-syntax"
    assert problem.column == column
    assert words in f"{problem.message} {problem.fix}"
    assert f"character {column}" in problem.message
    assert problem.fix


def test_variables_are_told_once_in_order_of_mention():
    assert parse("b = 1 and (a = 2 or not b = 3) and answered(c)").variables == ("b", "a", "c")


def test_a_data_frame_serves_as_columns():
    frame = pd.DataFrame({"firms": [1, None, 3], "country": pd.array(["NL", "BE", None], dtype="str")})
    before = frame.copy()
    holds = parse('firms > 0 and not country = "BE"').holds_in(frame)
    pd.testing.assert_frame_equal(frame, before)
    assert holds.dtype == np.bool_
    assert holds.tolist() == [True, False, True]


@pytest.mark.parametrize("value", [None, math.nan, np.nan, "", pd.NA])
def test_blanks(value):
    assert is_blank(value)


@pytest.mark.parametrize("value", ["0", 0, 0.0, np.int64(0), np.float64(1), "N"])
def test_answers_are_not_blank(value):
    assert not is_blank(value)


names = some.from_regex(r"[a-z][a-z0-9_]{0,4}", fullmatch=True).filter(lambda name: name not in KEYWORDS)
codes = some.text("abYN019 '.", min_size=0, max_size=4)
figures = some.integers(-99, 9999).map(float) | some.sampled_from([0.5, 2.25, 1e-7, 123456.75])
comparisons = some.builds(
    lambda name, sign, value: Comparison(name, sign, (value,)), names, some.sampled_from(["=", "!="]), codes | figures
) | some.builds(
    lambda name, sign, value: Comparison(name, sign, (value,)),
    names,
    some.sampled_from(["<", "<=", ">", ">="]),
    figures,
)
memberships = some.builds(
    lambda name, values: Comparison(name, "in", tuple(values)),
    names,
    some.lists(codes | figures, min_size=1, max_size=3),
)
several = some.lists(names, min_size=1, max_size=3).map(tuple)
quantities = some.recursive(
    some.builds(Value, names) | some.builds(Sum, several) | some.builds(Count, several, some.none() | codes),
    lambda inner: some.builds(
        Arithmetic,
        some.sampled_from("+-*/"),
        inner | some.builds(Constant, figures),
        inner | some.builds(Constant, figures),
    ),
    max_leaves=4,
)
relations = some.builds(Relation, quantities, some.sampled_from(["=", "!=", "<", "<=", ">", ">="]), quantities).filter(
    lambda relation: relation.variables
)
expressions = some.recursive(
    comparisons | memberships | relations | some.builds(Answered, names),
    lambda inner: (
        some.builds(Negation, inner)
        | some.builds(Junction, some.sampled_from(["and", "or"]), some.lists(inner, min_size=2, max_size=3).map(tuple))
    ),
    max_leaves=8,
)
cells = some.none() | some.just(math.nan) | codes | some.sampled_from(["1", "3", "10"]) | figures


@settings(deadline=None)
@given(expressions)
def test_writing_and_parsing_are_inverse(expression):
    condition = Condition(expression)
    assert parse(str(condition)) == condition


@settings(deadline=None)
@given(expressions, some.data())
def test_one_respondent_and_a_column_agree(expression, data):
    condition = Condition(expression)
    rows = data.draw(some.lists(some.fixed_dictionaries(dict.fromkeys(condition.variables, cells)), max_size=4))
    columns = {name: [row[name] for row in rows] for name in condition.variables}
    assert condition.holds_in(columns).tolist() == [condition.holds(row) for row in rows]


@settings(deadline=None)
@given(comparisons | memberships)
def test_a_comparison_with_a_blank_is_false(comparison):
    for blank in (None, math.nan, ""):
        assert Condition(comparison).holds({comparison.variable: blank}) is False


@settings(deadline=None)
@given(quantities)
def test_numbers_are_read_as_they_are_written(quantity):
    assert parse_number(str(quantity)) == quantity


def test_a_condition_is_no_number():
    with pytest.raises(InputError, match="is a condition and no number"):
        parse_number("a = 1")


@pytest.mark.parametrize("text", ["not " * 490 + "x > 1", "-" * 1990 + "x > 1", "x" + "+x" * 990 + " > 1"])
def test_depth_is_bounded(text):
    with pytest.raises(InputError, match="at most 100 levels"):
        parse(text)


def test_a_number_of_great_depth_is_refused_and_brackets_are_no_depth():
    with pytest.raises(InputError, match="at most 100 levels"):
        parse_number("x" + "+x" * 990)
    assert parse("(" * 990 + "x > 1" + ")" * 990) == parse("x > 1")
    assert str(parse("not " * 99 + "x > 1")) == "not " * 99 + "x > 1"


def test_a_number_rests_on_answers():
    assert str(computable(parse_number("a / sum(b, c) * 100"))) == "answered(a) and count(b, c) > 0"
    assert computable(parse_number("3 + 4")) is None


@pytest.mark.parametrize(
    ("text", "fix"),
    [
        ("a = 1 AND b = 2", "Write and."),
        ("a = 1 Or b = 2", "Write or."),
        ("NOT a = 1", "Write not."),
        ("a = 1 en b = 2", "Write and."),
        ("a => 3", "Write >=."),
        ("a =< 3", "Write <=."),
        ("a ≤ 3", "Write <=."),
        ("a = “Y”", 'Write straight ones: "…".'),
    ],
)
def test_spellings_of_elsewhere_are_told_the_right_one(text, fix):
    with pytest.raises(InputError) as caught:
        parse(text)
    assert [problem.fix for problem in caught.value.problems] == [fix]
