"""Every number of the shipped study on one fixed draw of its responses, against R (tests/reference/shipped_study.R).

The responses are a stored file, so that a change of the simulation changes nothing here. Claims, decision table, models
and questionnaire are the study's own: after a change of theirs the definitions in the R script have to follow, by hand,
because they stand there a second time on purpose.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from clustergov.analysis.claims.assessment import Assessment, assess, claims_frame, read_claims
from clustergov.analysis.claims.verdicts import read_verdicts
from clustergov.analysis.description.funding import funding_composition
from clustergov.analysis.models.drivers import Drivers, drivers_of_performance, read_drivers
from clustergov.analysis.scales.reliability import reliability_of_arrays, reliability_of_constructs, summary
from clustergov.instruments.questionnaire import Questionnaire
from clustergov.survey.reading import read_responses
from clustergov.survey.responses import Responses

REFERENCE = Path(__file__).parents[1] / "reference"
RTOL = 1e-11
"""Measured: 2e-13 at most, in the coefficients of the linear model. Room for other orders of summation."""
RTOL_P = 1e-10
"""Of a tail probability; measured: 4e-13 at most. An error in z is multiplied by about z² in p: 36 at z = 6."""
N = 240


@pytest.fixture(scope="module")
def responses(shipped: Questionnaire) -> Responses:
    return read_responses(REFERENCE / "shipped-responses.csv", shipped, strict=True)


@pytest.fixture(scope="module")
def assessments(root: Path, shipped: Questionnaire, responses: Responses) -> tuple[Assessment, ...]:
    before = responses.frame.copy()
    claims = read_claims(root / "analysis" / "claims.yml", shipped)
    found = assess(claims, read_verdicts(root / "analysis" / "verdicts.yml"), responses)
    pd.testing.assert_frame_equal(responses.frame, before)
    return found


@pytest.fixture(scope="module")
def drivers(root: Path, shipped: Questionnaire, responses: Responses) -> Drivers:
    return drivers_of_performance(read_drivers(root / "analysis" / "drivers.yml", shipped), responses)


def reference(name: str, **types: type) -> pd.DataFrame:
    return pd.read_csv(REFERENCE / f"shipped-{name}.csv", dtype=types)


def assert_equal(found: pd.DataFrame, expected: pd.DataFrame, columns: str, *, rtol: float = RTOL) -> None:
    """Every number of `columns`; both missing in the same places, and not everywhere."""
    for column in columns.split():
        mine, theirs = (frame[column].to_numpy(dtype=float, na_value=np.nan) for frame in (found, expected))
        assert np.isfinite(theirs).any(), column
        np.testing.assert_allclose(mine, theirs, rtol=rtol, atol=1e-14, err_msg=column)


def test_responses_are_the_stored_ones(responses: Responses) -> None:
    assert responses.n == N
    assert responses.synthetic
    assert responses.complete is not None
    assert responses.complete.sum() == 228


def test_parts_of_claims_agree_with_r(assessments: tuple[Assessment, ...]) -> None:
    found = pd.concat([assessment.frame() for assessment in assessments], ignore_index=True)
    expected = reference("parts", claim=str)
    assert list(found["part"]) == list(expected["part"])
    assert list(found["asserted"]) == list(expected["asserted"])
    assert_equal(found, expected, "n lost family", rtol=0)
    assert_equal(found, expected, "estimate low high plain_low plain_high simultaneous_low simultaneous_high smallest")
    assert_equal(found, expected, "p p_holm", rtol=RTOL_P)
    assert list(found["verdict"]) == list(expected["verdict"])


def test_every_respondent_is_used_or_counted_as_lost(assessments: tuple[Assessment, ...]) -> None:
    for part in (part for assessment in assessments for part in assessment.parts):
        assert part.n + sum(count for _, count in part.lost) == N, part.part.id


def test_claims_agree_with_r(assessments: tuple[Assessment, ...]) -> None:
    expected = reference("claims", claim=str)
    assert [assessment.claim.id for assessment in assessments] == list(expected["claim"])
    assert [assessment.n for assessment in assessments] == list(expected["n"])
    assert [assessment.verdict for assessment in assessments] == list(expected["verdict"])


def test_the_table_of_verdicts_shows_the_same(assessments: tuple[Assessment, ...]) -> None:
    found, expected = claims_frame(assessments, "en").set_index("claim"), reference("parts", claim=str)
    rows = found.loc[expected["part"]].reset_index()
    assert_equal(rows, expected, "n", rtol=0)
    assert_equal(rows, expected, "estimate low high")
    assert list(rows["verdict"]) == list(expected["verdict"])


def test_drivers_agree_with_r(drivers: Drivers) -> None:
    found, expected = drivers.frame(), reference("drivers")
    pd.testing.assert_frame_equal(found[["model", "outcome", "term", "n"]], expected[["model", "outcome", "term", "n"]],
                                  check_dtype=False)  # fmt: skip
    assert_equal(found, expected, "estimate low high")
    assert_equal(found, expected, "p p_adjusted", rtol=RTOL_P)


def test_flow_of_respondents_agrees_with_r(drivers: Drivers) -> None:
    flow = drivers.flow()
    found, expected = flow[flow["step"] == "lost"].reset_index(drop=True), reference("flow")
    assert list(found["variable"]) == list(expected["variable"])
    assert_equal(found, expected, "missing lost n", rtol=0)


def test_reliability_agrees_with_r(responses: Responses) -> None:
    found = summary([*reliability_of_constructs(responses), *reliability_of_arrays(responses)])
    expected = reference("reliability")
    assert list(found["scale"]) == list(expected["scale"])
    assert_equal(found, expected, "items n lost", rtol=0)
    assert_equal(found, expected, "alpha low high")


def test_funding_agrees_with_r(responses: Responses) -> None:
    found = funding_composition(responses, reference_year=2012).frame()
    expected = reference("funding")
    assert list(found["group"]) == list(expected["group"])
    assert list(found["source"]) == list(expected["source"])
    assert_equal(found, expected, "n", rtol=0)
    assert_equal(found, expected, "mean low high")
