"""Omega and factors of the constructs of responses: the stored draw of the shipped study, and what cannot be explored."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from clustergov.analysis.scales.consistency import consistencies, with_omega
from clustergov.analysis.scales.omega import omega_total
from clustergov.analysis.scales.reliability import (
    NotComputed,
    Reliability,
    item_values,
    reliability_of_arrays,
    reliability_of_constructs,
    summary,
)
from clustergov.analysis.scales.structure import NotExplored, Structure, structures_of_constructs
from clustergov.instruments.questionnaire import Questionnaire
from clustergov.survey.reading import read_responses
from clustergov.survey.responses import Responses

RESPONSES = Path(__file__).parents[2] / "reference" / "shipped-responses.csv"


@pytest.fixture(scope="module")
def responses(shipped: Questionnaire) -> Responses:
    return read_responses(RESPONSES, shipped, strict=True)


def test_omega_joins_alpha_and_changes_nothing_else(responses: Responses) -> None:
    before = responses.frame.copy()
    plain = (*reliability_of_constructs(responses), *reliability_of_arrays(responses))
    found = with_omega(plain, responses, draws=50)
    pd.testing.assert_frame_equal(responses.frame, before)
    for old, new in zip(plain, found, strict=True):
        if isinstance(old, NotComputed):
            assert new is old
            continue
        assert isinstance(new, Reliability)
        assert dataclasses.replace(new, omega=None, cautions=old.cautions) == old
        if len(old.items) > 2:
            assert new.omega is not None
            assert new.omega.n == old.n
            assert new.omega.omega == omega_total(item_values(responses, old)).omega
    table = summary(found)
    assert table["omega"].notna().sum() == table["alpha"].notna().sum()
    assert (table["omega_low"] < table["omega"]).sum() == table["omega"].notna().sum()


def test_each_scale_once(responses: Responses) -> None:
    found, refused = consistencies(responses, draws=0)
    keys = [frozenset(each.alpha.items) for each in found]
    assert len(keys) == len(set(keys))
    assert all(each.sentence("nl") and each.sentence("en") for each in found)
    assert all(reason.reason["en"] for reason in refused)


def test_constructs_of_six_items_are_explored(responses: Responses) -> None:
    found = structures_of_constructs(responses, seed=1, draws=40)
    again = structures_of_constructs(responses, seed=1, draws=40)
    assert {each.scale for each in found} == {
        each.code for each in responses.questionnaire.constructs if len(each.items) >= 6
    }
    for one, other in zip(found, again, strict=True):
        assert isinstance(one, Structure)
        assert isinstance(other, Structure)
        assert np.array_equal(one.parallel.component_limits, other.parallel.component_limits)
        assert f"n = {one.exploration.n}" in one.sentence("nl")
        assert one.exploration.correlation == "polychoric"
        assert len(one.words) == len(one.exploration.items)


def test_a_construct_that_cannot_be_explored_says_why(responses: Responses) -> None:
    """Everybody gives one answer to an item: the reason names it."""
    frame = responses.frame.copy()
    frame["external_growth"] = frame["external_growth"].dropna().iloc[0]
    found = structures_of_constructs(dataclasses.replace(responses, frame=frame), seed=1, draws=20)
    [refused] = [each for each in found if isinstance(each, NotExplored)]
    assert refused.scale == "performance"
    assert "external_growth" in refused.reason["en"]
    assert "external_growth" in refused.reason["nl"]
