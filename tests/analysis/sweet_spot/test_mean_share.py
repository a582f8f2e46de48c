"""A mean share against a named one: two one-sided tests, ages, a finite population, and groups that are too small."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from clustergov.analysis.sweet_spot.mean_share import agreement, group_shares
from clustergov.analysis.sweet_spot.refusal import SweetSpotError
from clustergov.survey.frame.design import SamplingDesign
from conformance.part_sweet_spot import rows

RNG = np.random.default_rng(2)
SHARE = pd.Series(RNG.normal(60, 10, 300).clip(0, 100))
AGES = pd.Series(RNG.integers(0, 30, 300), dtype=float)


def test_equals_t_tests_and_svymean() -> None:
    own = [row for row in rows() if row.statistic.startswith("mean share")]
    assert len(own) == 6
    assert all(row.distance < 1e-9 for row in own)


@pytest.mark.parametrize(
    ("mean", "error", "verdict"),
    [(60, 1, "equivalent"), (60, 5, "inconclusive"), (70, 1, "different"), (66, 1, "inconclusive"), (64, 2, "inconclusive"),
     (60, 0, "equivalent"), (66, 0, "different")],
)  # fmt: skip
def test_verdict_follows_from_both_intervals(mean: float, error: float, verdict: str) -> None:
    interval, equivalence, p, found = agreement(mean, error, 100, 60, 5, alpha=0.05, level=0.95)
    assert found == verdict
    assert (p < 0.05) == (found == "equivalent")
    assert interval.low <= equivalence.low <= equivalence.high <= interval.high


def test_all_then_classes_of_age_with_every_organisation_once() -> None:
    ages = AGES.where(AGES != 7)
    groups = group_shares(SHARE, ages, value=60, margin=5)
    assert [group.code for group in groups] == ["all", "0-4", "5-9", "10+", "unknown"]
    assert sum(group.n or 0 for group in groups[1:]) == groups[0].n == 300
    assert groups[0].verdict == "equivalent"


def test_small_classes_are_hidden_with_one_that_would_give_them_away() -> None:
    ages = pd.Series(np.r_[np.full(3, 1.0), np.full(97, 7.0), np.full(200, 20.0)])
    groups = {group.code: group for group in group_shares(SHARE, ages, value=60, margin=5, minimum=5)}
    assert groups["0-4"].n is None
    assert np.isnan(groups["0-4"].mean)
    assert groups["5-9"].n is None  # else the hidden one would follow from the whole
    assert groups["10+"].n == 200


def test_everybody_answered_leaves_no_error() -> None:
    whole = group_shares(SHARE, None, value=60, margin=5, design=SamplingDesign(300))[0]
    assert whole.interval is not None
    assert whole.interval.low == whole.interval.high == pytest.approx(SHARE.mean())
    assert whole.verdict == "equivalent"


@pytest.mark.parametrize("share", [SHARE * np.nan, SHARE * 0 + 60, SHARE.where(SHARE.index == 3)])
def test_refuses_what_has_no_mean_with_an_error(share: pd.Series[float]) -> None:
    with pytest.raises(SweetSpotError, match="at least two"):
        group_shares(share, None, value=60, margin=5)


def test_a_class_of_one_has_a_mean_and_no_verdict() -> None:
    ages = AGES.clip(lower=5)
    ages.iloc[0] = 1.0
    group = group_shares(SHARE, ages, value=60, margin=5)[1]
    assert (group.code, group.n, group.interval, group.verdict) == ("0-4", 1, None, None)
