"""Counts for a codebook: every respondent once, and nothing small of real persons, nor anything it follows from."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from clustergov.instruments.questionnaire import Questionnaire
from clustergov.survey.blanks import explain_blanks, substantive
from clustergov.survey.responses import Origin, Responses
from clustergov.survey.variable_counts import variable_counts


@pytest.fixture
def answered(small: Questionnaire) -> Responses:
    """Twenty persons: legal Y 9, N 6, don't know 2, open 3; year of 18; remarks of one."""
    legal = ["Y"] * 9 + ["N"] * 6 + ["98"] * 2 + [None] * 3
    years = [2000.0 + place for place in range(18)] + [None] * 2
    index = pd.Index([str(number) for number in range(20)], name="id", dtype="str")
    empty = {name: [None] * 20 for name in small.by_name}
    codes = pd.DataFrame({**empty, "legal": legal, "year": years, "remarks": ["x"] + [None] * 19}, index=index)
    blanks = explain_blanks(codes, small, complete=pd.Series(True, index=index))
    return Responses(small, substantive(codes, blanks, small), blanks, Origin("synthetic"))


def test_every_respondent_is_counted_once(answered):
    counts = variable_counts(answered)
    assert set(counts) == set(answered.questionnaire.by_name)
    for each in counts.values():
        assert each.valid + each.invalid == 20
    legal = counts["legal"]
    assert (legal.valid, legal.invalid) == (15, 5)
    assert {code: count for code, count in legal.codes.items() if count} == {"Y": 9, "N": 6, "98": 2, "-991": 3}


def test_numbers_are_summarised_and_texts_only_counted(answered):
    counts = variable_counts(answered)
    assert counts["year"].statistics == pytest.approx(
        {"mean": 2008.5, "medn": 2008.5, "min": 2000, "max": 2017, "stdev": 28.5**0.5}
    )
    assert {code: count for code, count in counts["year"].codes.items() if count} == {"-991": 2}
    assert counts["remarks"].valid == 1
    assert set(counts["remarks"].codes) == {str(code) for code in range(-996, -990)}


def test_of_real_persons_small_counts_are_hidden_and_what_they_follow_from(answered):
    counts = variable_counts(replace(answered, origin=Origin("real")))
    legal = counts["legal"]
    assert {code: count for code, count in legal.codes.items() if count} == {"Y": 9, "N": 6}
    assert (legal.valid, legal.invalid) == (15, None)
    assert "min" not in counts["year"].statistics
    assert counts["remarks"].valid is None
    # 1 and 19 make 20: the number of those who left it open is hidden too.
    assert counts["remarks"].invalid is None


def test_of_fewer_than_five_real_numbers_nothing_is_told(answered):
    frame = answered.frame.assign(year=answered.frame["year"].where(answered.frame["year"] < 2004))
    blanks = answered.blanks.assign(year=answered.blanks["year"].where(frame["year"].notna(), "skipped"))
    counts = variable_counts(replace(answered, frame=frame, blanks=blanks, origin=Origin("real")))
    assert counts["year"].statistics == {}
    assert counts["year"].valid is None
