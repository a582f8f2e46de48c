"""Partial proportional odds: between the constrained and the free model, crossing thresholds, and what is refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from clustergov.analysis.models.design import FitError
from clustergov.analysis.models.marginal_effects import predictions
from clustergov.analysis.models.partial_proportional_odds import partial_proportional_odds
from model_numbers import cumulative, odds, ordered


def test_input_is_unchanged_and_likelihoods_are_nested() -> None:
    y, X = ordered("own")
    before = y.copy(), X.copy()
    one = partial_proportional_odds(y, X, free=["member"])
    pd.testing.assert_series_equal(y, before[0])
    pd.testing.assert_frame_equal(X, before[1])
    none = partial_proportional_odds(y, X, free=[])
    whole = partial_proportional_odds(y, X, free=list(X))
    assert none.log_likelihood == pytest.approx(cumulative("own", "logit").log_likelihood, rel=1e-13)
    assert none.estimates == pytest.approx(cumulative("own", "logit").estimates, rel=1e-10)
    tested = odds("own", "logit")
    assert 2 * (one.log_likelihood - none.log_likelihood) == pytest.approx(tested.test("member").chi2, rel=1e-9)
    assert 2 * (whole.log_likelihood - none.log_likelihood) == pytest.approx(tested.test().chi2, rel=1e-9)
    assert (one.n, one.lost, one.crossing) == (235, 5, 0)
    assert one.free_estimates.shape == (4, 1)


def test_freeing_everything_in_two_groups_gives_the_observed_shares() -> None:
    y = pd.Series(np.repeat([1, 2, 3, 1, 2, 3], [10, 20, 10, 4, 6, 30]).astype(float), name="y")
    X = pd.DataFrame({"g": np.repeat([0.0, 1.0], 40)})
    told = predictions(partial_proportional_odds(y, X, free=["g"]), pd.DataFrame({"g": [0.0, 1.0]}))
    assert told["probability"].to_numpy() == pytest.approx([0.25, 0.5, 0.25, 0.1, 0.15, 0.75], rel=1e-12)


def test_crossing_thresholds_are_named() -> None:
    """The odds of being above 1 fall with x and those of being above 2 rise: far out the cuts cross."""
    rng = np.random.default_rng(2)
    x = np.concatenate([rng.uniform(-1, 1, 300), [4.0, -4.0]])
    low, high = 1 / (1 + np.exp(-(-1.5 + 1.2 * x))), 1 / (1 + np.exp(-(1.5 + -1.2 * x)))
    u = rng.uniform(size=302)
    y = pd.Series(1.0 + (u > low) + (u > np.maximum(low, high)), name="y")
    fit = partial_proportional_odds(y, pd.DataFrame({"x": x}), free=["x"])
    assert fit.crossing >= 1
    assert any("cross" in caution["en"] and "302" in caution["en"] for caution in fit.cautions)
    assert "kruisen" in fit.sentence("nl")
    far = predictions(fit, pd.DataFrame({"x": [6.0]}))
    assert (far["probability"] < 0).any()
    assert far.loc[far["probability"] < 0, ["low", "high"]].isna().all(axis=None)


def test_intervals_and_sentences() -> None:
    y, X = ordered("own")
    fit = partial_proportional_odds(y, X, free=["share"], link="probit")
    row = fit.frame(0.9).query("term == 'share' and threshold == '2|3'").iloc[0]
    interval = fit.interval("share", "2|3", 0.9)
    assert (interval.low, interval.high) == pytest.approx((row["low"], row["high"]))
    assert fit.interval("staff").low < fit.estimates[fit.terms.index("staff")]
    assert "share bij drempel 2|3" in fit.sentence("nl")
    assert "share at threshold 4|5: coefficient" in fit.sentence("en")


@pytest.mark.parametrize(
    ("failure", "terms", "name", "free"),
    [("unknown term", ("stafff",), "own", ["stafff"]), ("separation", ("warm",), "wine", ["warm"])],
)
def test_refuses_with_the_reason(failure: str, terms: tuple[str, ...], name: str, free: list[str]) -> None:
    y, X = ordered(name)
    with pytest.raises(FitError) as caught:
        partial_proportional_odds(y, X, free=free)
    assert (caught.value.failure, caught.value.terms) == (failure, terms)
    assert terms[0] in caught.value.reason["nl"]


def test_refuses_two_categories_and_too_few_rows() -> None:
    y, X = ordered("own")
    with pytest.raises(FitError, match="two categories"):
        partial_proportional_odds((y > 2).astype(float).where(y.notna()).rename("y"), X, free=["share"])
    with pytest.raises(FitError, match="18 are needed"):  # 4 cuts, 1 coefficient, 3 freed at 4 thresholds, one row more
        partial_proportional_odds(y.dropna()[:17], X.loc[y.dropna().index[:17]], free=["share", "staff", "age"])
