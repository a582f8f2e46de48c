"""Omega total and hierarchical: truth, intervals that cover, two items, and items that do not hang together."""

from __future__ import annotations

import os

import numpy as np
import pandas as pd
import pytest

from clustergov.analysis.scales.consistency import consistency
from clustergov.analysis.scales.item_correlations import item_correlations
from clustergov.analysis.scales.items import ItemsError
from clustergov.analysis.scales.omega import omega_total
from clustergov.analysis.scales.schmid_leiman import omega_hierarchical
from scale_references import frame

SAMPLES = min(int(os.environ.get("CLUSTERGOV_DRAWS", "60")), 1000)
LAMBDA = np.array([0.8, 0.7, 0.6, 0.5, 0.4])
TRUTH = LAMBDA.sum() ** 2 / (LAMBDA.sum() ** 2 + (1 - LAMBDA**2).sum())


def drawn(n: int, rng: np.random.Generator) -> pd.DataFrame:
    X = rng.normal(size=(n, 1)) * LAMBDA + rng.normal(size=(n, 5)) * np.sqrt(1 - LAMBDA**2)
    return pd.DataFrame(X, columns=list("abcde"))


def test_recovers_a_known_truth_and_leaves_the_input() -> None:
    values = drawn(20_000, np.random.default_rng(1))
    before = values.copy(deep=True)
    found = omega_total(values, rng=np.random.default_rng(2), draws=200)
    pd.testing.assert_frame_equal(values, before)
    assert found.omega == pytest.approx(TRUTH, abs=0.012)
    assert found.implied == pytest.approx(found.omega, abs=0.005)
    assert found.loadings == pytest.approx(LAMBDA, abs=0.04)
    assert found.interval is not None
    assert TRUTH in found.interval
    assert found.interval.high - found.interval.low < 0.02
    assert found.failed == 0


def test_same_seed_same_interval() -> None:
    values = drawn(150, np.random.default_rng(3))
    found = [omega_total(values, rng=np.random.default_rng(seed), draws=100).interval for seed in (1, 1, 2)]
    assert found[0] == found[1] != found[2]


def test_resamples_are_resampled_rows() -> None:
    """The product of counts and moments gives what fitting the drawn rows one by one gives."""
    values = drawn(80, np.random.default_rng(4))
    rng = np.random.default_rng(5)
    counts = rng.multinomial(80, np.full(80, 1 / 80), size=40)
    by_hand = [omega_total(values.loc[np.repeat(np.arange(80), row)].reset_index(drop=True)).omega for row in counts]
    found = omega_total(values, rng=np.random.default_rng(5), draws=40).interval
    assert found is not None
    assert (found.low, found.high) == pytest.approx(tuple(np.quantile(by_hand, [0.025, 0.975])), abs=1e-8)


def test_the_interval_covers_about_as_often_as_it_says() -> None:
    rng = np.random.default_rng(6)
    hits = 0
    for _ in range(SAMPLES):
        interval = omega_total(drawn(200, rng), rng=rng, draws=300).interval
        hits += interval is not None and TRUTH in interval
    # Four binomial standard errors, and 2 % for a percentile interval at n = 200.
    assert hits / SAMPLES == pytest.approx(0.95, abs=4 * np.sqrt(0.95 * 0.05 / SAMPLES) + 0.02)


def test_equal_loadings_make_omega_alpha() -> None:
    rng = np.random.default_rng(7)
    values = pd.DataFrame(rng.normal(size=(2_000, 1)) * 0.7 + rng.normal(size=(2_000, 4)) * np.sqrt(0.51))
    both = consistency(values.rename(columns=lambda j: f"x{j}"), draws=0)
    assert both.omega is not None
    assert both.omega.omega == pytest.approx(both.alpha.alpha, abs=4e-3)
    assert both.standardised_alpha == pytest.approx(both.alpha.alpha, abs=4e-3)
    assert both.omega.interval is None
    assert "resamples" not in both.omega.sentence("en")


def test_a_bifactor_truth() -> None:
    """General .6 for all, groups .5: ω_h = (9 · .6)² / V, V = (9 · .6)² + 3 (3 · .5)² + 9 (1 − .61)."""
    rng = np.random.default_rng(8)
    groups = np.repeat(np.eye(3), 3, axis=0) * 0.5
    X = rng.normal(size=(40_000, 1)) * 0.6 + rng.normal(size=(40_000, 3)) @ groups.T
    X += rng.normal(size=X.shape) * np.sqrt(1 - 0.36 - 0.25)
    found = omega_hierarchical(item_correlations(pd.DataFrame(X, columns=[f"x{j}" for j in range(9)])))
    total = 5.4**2 + 3 * 1.5**2 + 9 * 0.39
    assert found.omega_hierarchical == pytest.approx(5.4**2 / total, abs=0.02)
    assert found.omega_schmid_leiman == pytest.approx(1 - 9 * 0.39 / total, abs=0.01)
    assert found.general == pytest.approx(np.full(9, 0.6), abs=0.04)
    assert not found.cautions


def test_what_two_factors_assume_and_what_was_turned_is_told() -> None:
    whole = omega_hierarchical(item_correlations(frame("own").dropna()), factors=2)
    assert "set equal" in whole.sentence("en")
    turned = omega_hierarchical(item_correlations(frame("bfi")), factors=3)
    assert "A1" in turned.turned
    assert "Turned around" in turned.sentence("en")
    assert (turned.general >= 0).all()


def test_cautions_of_omega_total() -> None:
    told = omega_total(frame("bfi")).sentence("en")
    assert "One factor fits badly" in told
    assert "Negative loading" in told


def test_two_items_have_alpha_and_spearman_brown_only() -> None:
    found = consistency(drawn(100, np.random.default_rng(9))[["a", "b"]])
    assert found.omega is None
    assert "ω needs three items" in found.sentence("en")
    assert "Spearman–Brown" in found.sentence("en")


GOOD = drawn(60, np.random.default_rng(10))


@pytest.mark.parametrize(
    ("refusal", "values"),
    [
        ("items", GOOD[["a"]]),
        ("constant", GOOD.assign(a=2.0)),
        ("all missing", GOOD.assign(a=np.nan)),
        ("infinite", GOOD.assign(a=np.inf)),
        ("not numeric", GOOD.assign(a="agree")),
        ("too few", GOOD[:9]),
        ("constant", GOOD[["a"]].assign(b=-GOOD["a"])),
    ],
)
def test_refuses_with_the_reason(refusal: str, values: pd.DataFrame) -> None:
    with pytest.raises(ItemsError) as caught:
        consistency(values)
    assert caught.value.refusal == refusal


def test_a_copy_leaves_alpha_and_says_why_omega_is_missing() -> None:
    found = consistency(GOOD.assign(copy=GOOD["a"]), factors=2)
    assert found.omega is None
    assert found.hierarchical is None
    assert "a and copy are copies of each other" in found.sentence("en")
    assert "kopieën" in found.sentence("nl")


@pytest.mark.parametrize("factors", [1, 3])
def test_group_factors_that_five_items_cannot_carry(factors: int) -> None:
    with pytest.raises(ItemsError) as caught:
        omega_hierarchical(item_correlations(GOOD), factors=factors)
    assert caught.value.refusal == "factors"


def test_copied_respondents_are_told_where_items_are_measurements() -> None:
    rng = np.random.default_rng(5)
    measured = pd.DataFrame(rng.normal(size=(60, 1)) + rng.normal(size=(60, 3)), columns=list("abc"))
    twice = pd.concat([measured, measured.iloc[:4]], ignore_index=True)
    before = twice.copy()
    assert "8 rows hold the same" in consistency(twice, draws=0).sentence("en")
    assert "8 rijen" in consistency(twice, draws=0).sentence("nl")
    pd.testing.assert_frame_equal(twice, before)
    assert "hold the same" not in consistency(measured, draws=0).sentence("en")
    # Of a few answers, equal rows are what chance brings.
    assert "hold the same" not in consistency(twice.round().clip(-1, 1), draws=0).sentence("en")
