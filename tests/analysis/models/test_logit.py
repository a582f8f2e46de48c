"""Binomial and fractional logit: separation, shares, groups, and what is refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from clustergov.analysis.models.design import FitError
from clustergov.analysis.models.logit import binomial_logit, fractional_logit
from clustergov.analysis.models.ordinal import cumulative_logit
from model_numbers import table


def test_binomial_is_the_cumulative_logit_of_two_categories() -> None:
    frame = table("birthwt")
    X = frame.drop(columns="low")
    before = frame.copy()
    fit, ordinal = binomial_logit(frame["low"], X), cumulative_logit(frame["low"], X)
    pd.testing.assert_frame_equal(frame, before)
    assert fit.estimates == pytest.approx(ordinal.estimates, rel=1e-9)
    assert fit.standard_errors == pytest.approx(ordinal.standard_errors, rel=1e-9)
    assert fit.categories == (0.0, 1.0)
    again = binomial_logit(frame["low"] * 3 + 2, X)
    assert again.categories == (2.0, 5.0)
    assert again.estimates == pytest.approx(fit.estimates, rel=1e-12)


def test_fractional_of_zeros_and_ones_has_binomial_estimates() -> None:
    frame = table("birthwt")
    X = frame.drop(columns="low")
    binomial, fractional = binomial_logit(frame["low"], X), fractional_logit(frame["low"], X)
    assert fractional.estimates == pytest.approx(binomial.estimates, rel=1e-12)
    assert fractional.errors == "robust"
    assert not np.allclose(fractional.standard_errors, binomial.standard_errors, rtol=1e-3)


def test_groups_of_one_row_are_robust_errors() -> None:
    frame = table("own")
    X, alone = frame[["x", "w"]], pd.Series([f"g{i}" for i in range(len(frame))], name="g")
    robust, grouped = fractional_logit(frame["s"], X), fractional_logit(frame["s"], X, groups=alone)
    assert grouped.standard_errors == pytest.approx(robust.standard_errors, rel=1e-10)
    assert grouped.df == robust.n - 1


def test_rows_without_a_group_are_lost_and_few_groups_told() -> None:
    frame = table("own")
    groups = frame["group"].mask(frame["group"] == "g3")
    fit = fractional_logit(frame["s"], frame[["x", "w"]], groups=groups)
    assert fit.lost == int((frame["x"].isna() | groups.isna()).sum()) > 10
    assert fit.groups == 23
    assert any("23" in caution["en"] for caution in fit.cautions)
    assert "23 groepen" in fit.sentence("nl")


RNG = np.random.default_rng(8)
A = RNG.normal(size=60)
Y = pd.Series(np.tile([0.0, 1.0, 1.0], 20), name="y")
S = pd.Series(np.clip(RNG.uniform(-0.1, 1.1, 60), 0, 1), name="s")


@pytest.mark.parametrize("fit", [binomial_logit, fractional_logit])
@pytest.mark.parametrize(
    ("failure", "columns"),
    [
        ("separation", {"a": A, "z": Y + np.linspace(0, 0.5, 60)}),
        ("separation", {"a": A, "z": (Y == 0) & (A > 0.5)}),
        ("no variance", {"a": A, "z": np.ones(60)}),
        ("collinear", {"a": A, "z": 2 * A}),
        ("infinite", {"a": A, "z": np.where(A > 1, np.inf, A)}),
    ],
)
def test_refuses_with_the_reason(fit, failure: str, columns: dict) -> None:
    with pytest.raises(FitError) as caught:
        fit(Y, pd.DataFrame(columns).astype(float))
    assert caught.value.failure == failure
    assert "z" in caught.value.reason["nl"]


def test_a_share_inside_is_not_separated() -> None:
    fit = fractional_logit(S, pd.DataFrame({"z": (S > 0.5).astype(float)}))
    assert np.isfinite(fit.standard_errors).all()
    with pytest.raises(FitError) as caught:
        fractional_logit(Y, pd.DataFrame({"z": Y}))
    assert caught.value.failure == "separation"


@pytest.mark.parametrize(
    ("failure", "fit", "outcome"),
    [
        ("not two values", binomial_logit, pd.Series(np.tile([1.0, 2, 3], 20), name="y")),
        ("outcome constant", binomial_logit, Y * 0),
        ("outside shares", fractional_logit, S * 100),
        ("outside shares", fractional_logit, S - 0.2),
        ("too few", binomial_logit, Y[:2]),
    ],
)
def test_refuses_an_outcome(failure: str, fit, outcome: pd.Series) -> None:
    with pytest.raises(FitError) as caught:
        fit(outcome, pd.DataFrame({"a": A})[: len(outcome)])
    assert caught.value.failure == failure


def test_refuses_one_group() -> None:
    with pytest.raises(FitError, match="1 group"):
        binomial_logit(Y, pd.DataFrame({"a": A}), groups=pd.Series(["nl"] * 60, name="country"))


def test_rare_outcomes_are_told() -> None:
    y = pd.Series(([1.0] + [0.0] * 9) * 6, name="y")
    fit = binomial_logit(y, pd.DataFrame({"a": A}))
    assert any("6" in caution["nl"] for caution in fit.cautions)
    assert fit.cautions[0]["en"] in fit.sentence("en")
    assert fit.frame()["term"].tolist() == ["a", "(constant)"]
