"""Means of countries with partial pooling: against lme4 and metafor, recovery, coverage, and what must be refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from clustergov.analysis.sweet_spot.country_shares import CountryShares, country_shares
from clustergov.analysis.sweet_spot.refusal import SweetSpotError
from clustergov.analysis.sweet_spot.telling import told_countries
from conformance.part_sweet_spot import frame, rows

SIZES = (40, 25, 20, 15, 12, 10, 8, 8, 6, 5, 4, 3, 2, 2, 1, 1)


def drawn(rng: np.random.Generator, between: float, within: float) -> tuple[pd.DataFrame, np.ndarray]:
    truth = rng.normal(60, between, len(SIZES)) if between else np.full(len(SIZES), 60.0)
    country = np.repeat(np.arange(len(SIZES)), SIZES)
    return pd.DataFrame(
        {"share": truth[country] + rng.normal(0, within, len(country)), "country": country.astype(str)}
    ), truth


def pooled(data: pd.DataFrame, **settings: object) -> CountryShares:
    return country_shares(data["share"], data["country"], value=60, margin=5, **settings)  # type: ignore[arg-type]


def test_equals_lmer_and_metafor() -> None:
    own = [row for row in rows() if row.statistic.split(":")[0] in ("countries", "pooled", "error", "metafor")]
    assert len(own) == 15
    assert all(row.holds for row in own)


def test_small_countries_are_drawn_more_towards_the_mean() -> None:
    data = frame("countries")
    found = pooled(data)
    frame_ = found.countries
    pull = (frame_["pooled"] - frame_["plain"]) / (found.mean - frame_["plain"])
    assert pull.between(0, 1).all()
    order = frame_["n"].sort_values().index
    assert pull[order].is_monotonic_decreasing
    assert found.organisations == frame_["n"].sum() == len(data)


def test_intervals_hold_the_true_means_as_often_as_they_say() -> None:
    rng = np.random.default_rng(8)
    held, total = 0, 0
    for _ in range(60):
        data, truth = drawn(rng, 8, 20)
        found = pooled(data).countries
        places = found.index.astype(int)
        held += int(((found["low"] <= truth[places]) & (truth[places] <= found["high"])).sum())
        total += len(found)
    # 960 intervals at 95 %; those of one sample go together, so the error is nearer 1.5 points than 0.7.
    assert held / total == pytest.approx(0.95, abs=0.035)


def test_number_of_countries_inside_holds_the_truth() -> None:
    rng = np.random.default_rng(9)
    held = 0
    for _ in range(60):
        data, truth = drawn(rng, 6, 15)
        found = pooled(data)
        held += int((np.abs(truth - 60) < 5).sum()) in found.inside_interval
        assert 0 <= found.most <= 1
        assert found.inside == pytest.approx(found.countries["chance"].sum(), rel=1e-9)
    assert held >= 51  # 95 % of 60 is 57; fewer than 51 has chance below 1 in 100


def test_no_difference_told_is_not_alike() -> None:
    data, _ = drawn(np.random.default_rng(1), 0, 20)
    zero = next(
        found for seed in range(20) if (found := pooled(drawn(np.random.default_rng(seed), 0, 20)[0])).between == 0
    )
    assert (zero.countries["pooled"] - zero.mean).abs().max() < 1e-9
    assert (zero.countries["high"] - zero.countries["low"]).min() > 1  # the draws keep that they may differ
    assert "does not follow" in told_countries(zero, "en")
    assert pooled(data, seed=3).countries.equals(pooled(data, seed=3).countries)


def test_small_countries_count_and_are_not_named() -> None:
    data, _ = drawn(np.random.default_rng(1), 5, 20)
    found = pooled(data, minimum=5)
    assert found.number == len(SIZES)
    assert found.listed()["n"].min() >= 5
    assert found.hidden == 6
    assert found.countries.equals(found.countries.loc[found.listed().index].loc[found.countries.index])
    assert "6 countries count and are not named" in told_countries(found, "en")
    # One small country alone would follow from the whole: another goes with it.
    lonely = pd.concat([data[data["country"].astype(int) < 9], data[data["country"] == "11"]])
    assert pooled(lonely, minimum=5).hidden == 2


@pytest.mark.parametrize(
    ("message", "share", "country"),
    [
        ("one country", [1.0, 2, 3], ["a", "a", "a"]),
        ("No country", [1.0, 2, 3], ["a", "b", "c"]),
        ("No country", [1.0, 1, 3, 3], ["a", "a", "c", "c"]),
        ("one country", [np.nan, 2, 3], ["b", "a", "a"]),
    ],
)
def test_refuses_with_the_reason(message: str, share: list[float], country: list[str]) -> None:
    with pytest.raises(SweetSpotError, match=message):
        country_shares(pd.Series(share), pd.Series(country), value=60, margin=5)
