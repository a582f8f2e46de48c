"""Suggestions hide everybody, and none that loses less does."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clustergov.instruments.questionnaire import Questionnaire
from clustergov.survey.privacy.anonymity import class_sizes
from clustergov.survey.privacy.coarsening import ladder, suggest


def test_rungs_by_kind(small: Questionnaire) -> None:
    years = pd.Series([1990.0, 1994, 2003, 2009, 2015, 2026], name="year")
    told = [rung.told for rung in ladder(years, small.by_name["year"], 2)]
    assert told == ["", "year: in classes of 5", "year: in classes of 10", "year: in classes of 20", "leave out year"]
    often = pd.Series(["1", "2", "3", "3", "98", None], name="contact_firms")
    told = [rung.told for rung in ladder(often, small.by_name["contact_firms"], 2)]
    assert told == ["", "contact_firms: merge 1+2", "leave out contact_firms"]
    field = pd.Series(list("aaaaabbbbccd"), name="field")
    told = [rung.told for rung in ladder(field, small.by_name["field"], 3)]
    assert told == ["", "field: merge d, c", "field: merge d, c, b", "leave out field"]


@given(st.lists(st.tuples(st.sampled_from("abcd"), st.integers(2000, 2020), st.sampled_from("xy")), min_size=4, max_size=30),
       st.integers(2, 4))  # fmt: skip
def test_nothing_that_loses_less_would_do(rows: list[tuple[str, int, str]], k: int) -> None:
    frame = pd.DataFrame(rows, columns=["a", "b", "c"]).astype({"b": "str"})
    ladders = [ladder(frame[name], None, k) for name in frame.columns]
    found = suggest(ladders, k)
    assert found, "leaving everything out always does"
    losses = []
    for chosen in itertools.product(*ladders):
        if class_sizes([rung.column for rung in chosen], len(rows)).min() >= k:
            losses.append(float(np.mean([rung.loss for rung in chosen])))
    assert found[0].loss == pytest.approx(min(losses))
    assert all(each.smallest >= k for each in found)
    assert [each.loss for each in found] == sorted(each.loss for each in found)


def test_what_is_anonymous_already_needs_nothing() -> None:
    column = pd.Series(list("aabb"), name="a")
    (found,) = suggest([ladder(column, None, 2)], 2)
    assert found.steps == ()
