"""Indicators against figures worked by hand, and one respondent at a time."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clustergov.instruments.arithmetic import value
from clustergov.instruments.check import read_questionnaire
from clustergov.instruments.indicators import indicator_values
from clustergov.instruments.questionnaire import Indicator, Item, Question, Questionnaire, Section
from clustergov.instruments.routing import parse_number
from clustergov.language import Text
from clustergov.problems import InputError
from questionnaire_strategy import tries

WORDS = Text({"en": "Words"})
NAN = np.nan
# One to three operations on numbers of at most six digits.
TOLERANCE = 1e-9


def built(*formulas: str) -> Questionnaire:
    def item(code: str) -> Item:
        return Item(code=code, text=WORDS)

    questions = (
        Question(code="staff", kind="number", text=WORDS),
        Question(code="members", kind="number", text=WORDS),
        Question(code="share", kind="numbers", text=WORDS, items=(item("private"), item("public"))),
        Question(code="tick", kind="multiple", text=WORDS, items=(item("a"), item("b"))),
    )
    indicators = tuple(
        Indicator(
            code=f"i{n}", dimension="d", title=WORDS, formula=formula, unit=WORDS, direction="none", evidence=WORDS
        )
        for n, formula in enumerate(formulas)
    )
    section = Section(code="all", title=WORDS, questions=questions)
    return Questionnaire(
        questionnaire="q", version="1", title=WORDS, languages=("en",), sections=(section,), indicators=indicators
    )


COLUMNS = {
    "staff": [2.0, 4.0, None, 0.0, 5.0],
    "members": [10, 30, 20, 8, NAN],
    "share_private": [30.0, None, None, 0.0, 100.0],
    "share_public": [70.0, 50.0, None, 0.0, ""],
    "tick_a": ["Y", "N", None, "Y", "N"],
    "tick_b": ["Y", "Y", None, "N", "N"],
}


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("members / staff", [5, 7.5, NAN, NAN, NAN]),
        ("members - staff", [8, 26, NAN, 8, NAN]),
        ("sum(share_private, share_public)", [100, 50, NAN, 0, 100]),
        ("share_private / sum(share_private, share_public) * 100", [30, NAN, NAN, NAN, 100]),
        ('count("Y", tick_a, tick_b)', [2, 1, NAN, 1, 0]),
        ("count(staff, members) * 10", [20, 20, 10, 20, 10]),
        ("-members", [-10, -30, -20, -8, NAN]),
    ],
)  # fmt: skip
def test_worked_by_hand(formula, expected):
    for columns in (COLUMNS, pd.DataFrame(COLUMNS, dtype=object)):
        found = indicator_values(built(formula), columns)
        np.testing.assert_allclose(found["i0"], expected, atol=TOLERANCE)


def test_every_indicator_in_order_and_numbers_too_large_are_none():
    found = indicator_values(built("staff", "members", "staff * staff"), {"staff": [1e200, 3.0], "members": [1.0, 2.0]})
    assert list(found) == ["i0", "i1", "i2"]
    np.testing.assert_array_equal(found["i2"], [NAN, 9.0])


def test_every_wrong_column_is_told_at_once():
    with pytest.raises(InputError) as caught:
        indicator_values(built("members / staff", "share_private"), {"members": [1, 2], "share_private": [1]})
    assert [(each.place, each.rule) for each in caught.value.problems] == [
        ("staff", "missing-column"), ("share_private", "column-length"),
    ]  # fmt: skip


def test_no_indicators_and_no_respondents():
    assert indicator_values(built(), {}) == {}
    assert indicator_values(built("members / staff"), {"members": [], "staff": []})["i0"].shape == (0,)


FORMULAS = (
    "members / staff",
    "share_private / sum(share_private, share_public) * 100",
    "members - 2 * staff",
    'count("Y", tick_a, tick_b) / count(tick_a, tick_b)',
)
NUMBERS = st.none() | st.integers(-5, 1000).map(float)
TICKS = st.sampled_from([None, "Y", "N"])


@tries()
@given(
    st.lists(
        st.fixed_dictionaries({name: TICKS if name.startswith("tick") else NUMBERS for name in COLUMNS}), min_size=1
    )
)
def test_one_respondent_at_a_time(replies):
    columns = {name: [reply[name] for reply in replies] for name in COLUMNS}
    found = indicator_values(built(*FORMULAS), columns)
    for code, formula in zip(found, FORMULAS, strict=True):
        for row, reply in enumerate(replies):
            alone = value(parse_number(formula), reply)
            assert found[code][row] == pytest.approx(alone, abs=TOLERANCE, nan_ok=True) or math.isnan(found[code][row])
            if all(reply[name] is not None for name in COLUMNS):
                assert math.isnan(alone) == math.isnan(found[code][row])


def test_the_shipped_indicators_can_be_computed(root):
    questionnaire = read_questionnaire(root / "instruments" / "benchmark.yml")
    columns = {
        v.name: [1.0, None] if v.kind == "number" else [v.scale.codes[-1] if v.scale else "x", None]
        for v in questionnaire.variables
    }
    found = indicator_values(questionnaire, columns)
    assert len(found) == len(questionnaire.indicators)
    assert all(np.isnan(values[1]) for values in found.values())
    assert sum(np.isfinite(values[0]) for values in found.values()) > len(found) / 2
