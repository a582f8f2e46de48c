"""Answer sheets: whoever fills them in keeps to the questionnaire, and together they walk every route."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from clustergov.instruments.check import read_questionnaire
from clustergov.instruments.questionnaire import Questionnaire
from clustergov.survey.reading import read_responses
from clustergov.survey.synthetic.answer_sheets import AnswerSheet, answer_sheets, uncovered
from clustergov.survey.synthetic.assembling import of_sheets
from clustergov.survey.validation import validate
from clustergov.survey.writing import write_responses
from questionnaire_strategy import EXAMPLES, questionnaires, tries

SHIPPED = ("benchmark", "cluster-organisation", "governance")


@pytest.fixture(params=SHIPPED)
def shipped(request: pytest.FixtureRequest, root: Path) -> Questionnaire:
    return read_questionnaire(root / "instruments" / f"{request.param}.yml")


def test_every_route_of_a_shipped_questionnaire_is_walked_in_each_language(shipped: Questionnaire) -> None:
    sheets = answer_sheets(shipped, 30, np.random.default_rng(1))
    assert len(sheets) == 30
    for language in shipped.languages:
        assert uncovered(shipped, [sheet for sheet in sheets if sheet["language"] == language]) == []
    assert any(sheet["stop"] for sheet in sheets)


def test_what_fewer_respondents_leave_out_is_told(shipped: Questionnaire) -> None:
    sheets = answer_sheets(shipped, 0, np.random.default_rng(1), ["nl"])
    assert uncovered(shipped, sheets) == []
    if len(sheets) > 1:
        # No walk is needless: without any one of them something is missed.
        assert all(uncovered(shipped, sheets[:place] + sheets[place + 1 :]) for place in range(len(sheets)))


def test_who_stops_leaves_everything_after_open(shipped: Questionnaire) -> None:
    sheets = answer_sheets(shipped, 40, np.random.default_rng(2), covering=False, stopping=1.0)
    order = [section.code for section in shipped.sections]
    for sheet in sheets:
        later = order[order.index(sheet["stop"]) :]
        assert not [name for name in sheet["answers"] if shipped.by_name[name].section.code in later]


def test_one_generator_one_set_of_sheets(shipped: Questionnaire) -> None:
    first, again, other = (answer_sheets(shipped, 20, np.random.default_rng(seed)) for seed in (3, 3, 4))
    assert first == again
    assert first != other


def test_sheets_of_shipped_questionnaires_come_home_equal(shipped: Questionnaire, tmp_path: Path) -> None:
    assert_home(answer_sheets(shipped, 40, np.random.default_rng(5)), shipped, tmp_path / "r.csv")


@tries(EXAMPLES // 2)
@given(questionnaires(), st.integers(0, 2**32 - 1))
def test_sheets_of_any_questionnaire_come_home_equal(
    tmp_path_factory: pytest.TempPathFactory, questionnaire: Questionnaire, seed: int
) -> None:
    assume(questionnaire.variables)  # with notes alone there is nothing to answer
    sheets = answer_sheets(questionnaire, 12, np.random.default_rng(seed))
    assert_home(sheets, questionnaire, tmp_path_factory.mktemp("sheets") / "r.csv")


def assert_home(sheets: list[AnswerSheet], questionnaire: Questionnaire, path: Path) -> None:
    """The sheets hold nothing that is not allowed, and a file of them reads back as it was written."""
    drawn = of_sheets(sheets, questionnaire)
    found = validate(drawn)
    assert found[found["rule"] != "required"].empty, found
    write_responses(drawn, path)
    back = read_responses(path, questionnaire, strict=True)
    assert back.synthetic
    pd.testing.assert_frame_equal(back.frame, drawn.frame, check_names=False)
    pd.testing.assert_frame_equal(back.blanks, drawn.blanks, check_names=False)


AWKWARD = """
questionnaire: awkward
version: 1
title: {en: Awkward}
languages: [en]
scales:
  yesno: {direction: ascending, options: [{code: N, text: {en: n}}, {code: Y, text: {en: y}}]}
sections:
  - code: one
    title: {en: One}
    questions:
      - {code: staff, kind: number, text: {en: staff}, minimum: 0, maximum: 5000, integer: true, required: true}
      - {code: rare, kind: number, text: {en: rare}, minimum: 0, maximum: 10, when: staff = 3721, required: true}
      - {code: deep, kind: single, scale: yesno, text: {en: deep}, when: rare = 7, required: true}
      - {code: deeper, kind: text, text: {en: deeper}, when: 'deep = "Y"'}
  - code: two
    title: {en: Two}
    questions:
      - code: seats
        kind: numbers
        minimum: 0
        maximum: 5000
        integer: true
        required: true
        constraint: sum(seats_a, seats_b) = staff
        text: {en: seats}
        items: [{code: a, text: {en: a}}, {code: b, text: {en: b}}]
      - code: tight
        kind: numbers
        minimum: 10
        maximum: 40
        total: 100
        integer: true
        text: {en: tight}
        items: [{code: a, text: {en: a}}, {code: b, text: {en: b}}, {code: c, text: {en: c}}]
"""


def test_needles_in_haystacks_are_found(tmp_path: Path) -> None:
    path = tmp_path / "awkward.yml"
    path.write_text(AWKWARD, encoding="utf-8")
    questionnaire = read_questionnaire(path)
    sheets = answer_sheets(questionnaire, 10, np.random.default_rng(1))
    assert uncovered(questionnaire, sheets) == []
    assert_home(sheets, questionnaire, tmp_path / "r.csv")
    complete = [sheet["answers"] for sheet in sheets if not sheet["stop"]]
    assert all(int(a["seats_a"]) + int(a["seats_b"]) == int(a["staff"]) for a in complete)
    assert all(sum(int(a[f"tight_{part}"]) for part in "abc") == 100 for a in complete if "tight_a" in a)
