"""Average marginal effects and predictions: what must add up, factors, and wrong rows."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from clustergov.analysis.models.logit import binomial_logit
from clustergov.analysis.models.marginal_effects import marginal_effects, predictions
from clustergov.analysis.models.ordinal import cumulative_logit
from clustergov.analysis.models.partial_proportional_odds import partial_proportional_odds
from model_numbers import cumulative, effects, ordered, predicted, table


@pytest.mark.parametrize("link", ["logit", "probit"])
def test_effects_add_up_to_nothing_and_probabilities_to_one(link: str) -> None:
    frame = effects("own", link).frame()
    assert frame.groupby("term")["estimate"].sum().abs().max() < 1e-15
    assert predicted("own", link).groupby("row")["probability"].sum().to_numpy() == pytest.approx([1, 1, 1], rel=1e-14)
    assert frame.groupby("term")["kind"].first().to_dict() == {
        "share": "derivative", "staff": "derivative", "age": "derivative", "member": "difference"
    }  # fmt: skip


def test_input_is_unchanged_and_the_units_scale() -> None:
    y, X = ordered("own")
    before = X.copy()
    fit = cumulative("own", "logit")
    found = marginal_effects(fit, y, X)
    pd.testing.assert_frame_equal(X, before)
    ten = X.assign(share=X["share"] / 10)
    scaled = marginal_effects(cumulative_logit(y, ten), y, ten)
    assert scaled.effects[0].estimate == pytest.approx(10 * found.effects[0].estimate, rel=1e-9)
    assert found.n == 235


def test_partial_proportional_odds_without_freedom_has_the_same_effects() -> None:
    y, X = ordered("own")
    freed = marginal_effects(partial_proportional_odds(y, X, free=[]), y, X)
    pd.testing.assert_frame_equal(freed.frame(), effects("own", "logit").frame(), rtol=1e-8)
    # A freed model reproduces the observed shares of a binary predictor on average, as every logit with a constant does.
    one = pd.DataFrame({"b": (X["age"] > 20).astype(float)})
    whole = marginal_effects(partial_proportional_odds(y, one, free=["b"]), y, one)
    observed = pd.crosstab(one["b"][y.notna()], y.dropna(), normalize="index")
    assert [effect.estimate for effect in whole.effects] == pytest.approx((observed.loc[1] - observed.loc[0]).tolist())


def test_a_factor_is_compared_with_its_reference() -> None:
    frame = table("birthwt")
    third = pd.cut(frame["age"], [0, 20, 25, 60], labels=False)
    X = pd.DataFrame({"mid": (third == 1).astype(float), "old": (third == 2).astype(float), "lwt": frame["lwt"]})
    fit = binomial_logit(frame["low"], X)
    found = marginal_effects(fit, frame["low"], X, factors=[("mid", "old")]).frame().set_index("term")
    odds = fit.constant + fit.estimates[2] * X["lwt"]
    F = lambda t: 1 / (1 + np.exp(-t))  # noqa: E731  # one formula, used twice
    assert found.loc["old", "estimate"] == pytest.approx((F(odds + fit.estimates[1]) - F(odds)).mean(), rel=1e-12)


def test_the_linear_predictor_of_a_wider_interval_stays_between_0_and_1() -> None:
    X = ordered("own")[1].dropna().iloc[:5]
    told = predictions(cumulative("own", "logit"), X, level=0.999)
    assert told["low"].between(0, 1).all()
    assert told["high"].between(0, 1).all()
    assert (told["low"] < told["probability"]).all()


def test_sentences_and_wrong_rows() -> None:
    found = effects("own", "logit")
    assert "answer 5" in found.sentence("en")
    assert "235" in found.sentence("nl")
    assert "−5,5 procentpunt" in found.sentence("nl")
    y, X = ordered("own")
    with pytest.raises(ValueError, match="those of the fit"):
        marginal_effects(cumulative("own", "logit"), y[:50], X[:50])
