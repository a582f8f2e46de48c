"""Tests of proportional odds: a published example, their size by simulation, and where they do not exist."""

from __future__ import annotations

import os

import numpy as np
import pandas as pd
import pytest

from clustergov.analysis.models.design import FitError
from clustergov.analysis.models.proportional_odds import proportional_odds
from model_numbers import odds, ordered

DRAWS = min(int(os.environ.get("CLUSTERGOV_DRAWS", "300")), 5000)  # a test takes some 5 ms


def test_input_is_unchanged() -> None:
    y, X = ordered("own")
    before = y.copy(), X.copy()
    found = proportional_odds(y, X)
    pd.testing.assert_series_equal(y, before[0])
    pd.testing.assert_frame_equal(X, before[1])
    assert (found.n, found.lost) == (235, 5)


def test_brant_as_published() -> None:
    """Manual of the R package brant (Schlegel & Steenbergen), example: Smoke on Sex and Height of MASS::survey."""
    found = odds("smoking", "logit")
    assert round(found.test("", "Brant").chi2, 2) == 3.28
    assert round(found.test("male", "Brant").chi2, 2) == 1.58
    assert round(found.test("height", "Brant").chi2, 2) == 0.02
    assert [found.test(term, "Brant").df for term in ("", "male", "height")] == [4, 2, 2]
    assert round(found.test("", "Brant").p, 2) == 0.51


def draw(rng: np.random.Generator, free: float, n: int = 300) -> tuple[pd.Series, pd.DataFrame]:
    """Odds that are proportional in a; in b as far as `free` is 0."""
    X = pd.DataFrame({"a": rng.normal(size=n), "b": rng.integers(0, 2, n).astype(float)})
    cuts = np.array([-1.0, 0.0, 1.0]) - 0.5 * X[["a"]].to_numpy() - free * np.array([0, 1, 2]) * X[["b"]].to_numpy()
    below = 1 / (1 + np.exp(-cuts))
    return pd.Series((rng.uniform(size=(n, 1)) > below).sum(axis=1) + 1.0, name="y"), X


def test_size_and_power() -> None:
    rng = np.random.default_rng(5)
    null = [proportional_odds(*draw(rng, 0.0), methods=("score",)) for _ in range(DRAWS)]
    share = np.mean([found.test().p < 0.05 for found in null])
    # Three standard errors around the nominal level; χ² is an approximation itself.
    assert abs(share - 0.05) < 3 * np.sqrt(0.05 * 0.95 / DRAWS) + 0.005
    bent = [proportional_odds(*draw(rng, -0.8), methods=("score",)) for _ in range(20)]
    assert np.mean([found.test().p < 0.05 for found in bent]) > 0.7
    assert np.mean([found.test("b").chi2 > found.test("a").chi2 for found in bent]) > 0.8


def test_where_a_freed_model_is_separated_only_the_score_test_exists() -> None:
    found = odds("wine", "logit")
    lost = found.test("warm", "likelihood ratio")
    assert np.isnan(lost.p)
    assert lost.failure is not None
    assert "warm" in lost.failure["nl"]
    assert np.isnan(found.test("", "Brant").chi2)
    assert found.test("warm", "score").failure is None
    frame = found.frame()
    assert (frame["failure"] != "").eq(frame["chi2"].isna()).all()
    for language in ("nl", "en"):
        assert "warm" in found.sentence(language)
        assert "72" in found.sentence(language)


def test_one_predictor_has_one_test_per_method_and_probit_no_brant() -> None:
    y, X = ordered("own")
    assert [test.term for test in proportional_odds(y, X[["staff"]]).tests] == ["", "", ""]
    assert {test.method for test in proportional_odds(y, X, link="probit").tests} == {"likelihood ratio", "score"}


@pytest.mark.parametrize(
    ("failure", "outcome"),
    [("two categories", lambda y: (y > 2).astype(float)), ("outcome constant", lambda y: y * 0)],
)
def test_refuses_with_the_reason(failure: str, outcome) -> None:
    y, X = ordered("housing")
    with pytest.raises(FitError) as caught:
        proportional_odds(outcome(y).rename("satisfaction"), X)
    assert caught.value.failure == failure
