"""A claimed optimum tested on numbers: against R, on shapes that are known, and on data that it must refuse."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from clustergov.analysis.models.design import FitError
from clustergov.analysis.sweet_spot.natural_spline import basis, knots_of
from clustergov.analysis.sweet_spot.quadratic import fieller, quadratic
from clustergov.analysis.sweet_spot.refusal import SweetSpotError
from clustergov.analysis.sweet_spot.share_optimum import ShareOptimum, share_optimum
from clustergov.analysis.sweet_spot.two_lines import found_break, masked_quantile, slopes, two_lines
from conformance.part_sweet_spot import number

REFERENCE = Path(__file__).parents[2] / "reference"
RNG = np.random.default_rng(11)
N = 400
X = pd.Series(np.round(RNG.uniform(0, 100, N)), name="x")
NOISE = RNG.normal(size=N)


def found_on(height: pd.Series[float] | np.ndarray, **settings: object) -> ShareOptimum:
    return share_optimum(X, pd.Series(height + 0.5 * NOISE, name="y"), resamples=300, **settings)  # type: ignore[arg-type]


def test_equals_r() -> None:
    rows = pd.read_csv(REFERENCE / "sweet_spot.csv").query("data in ['peak', 'line', 'swiss']")
    assert len(rows) > 90
    for row in rows.itertuples():
        # lm, vcovHC and ns solve the same systems: only rounding differs.
        assert number(row.data, row.part, row.quantity) == pytest.approx(row.value, rel=1e-8), row


@pytest.mark.parametrize(
    ("verdict", "height"),
    [
        ("optimum near", -0.04 * np.abs(X - 60)),
        ("optimum elsewhere", -0.04 * np.abs(X - 30)),
        ("monotone", 0.04 * X),
        ("monotone", -0.04 * X),
        ("no interior optimum", 0.04 * np.abs(X - 50)),
        ("inconclusive", 0.0 * X),
    ],
)
def test_verdict_on_a_shape_that_is_known(verdict: str, height: pd.Series[float]) -> None:
    assert found_on(height).verdict == verdict


def test_too_few_above_is_told_whatever_the_shape() -> None:
    few = X.where(X < 60, X / 2)
    found = share_optimum(few, pd.Series(-0.04 * np.abs(few - 40) + 0.5 * NOISE, name="y"), resamples=50)
    assert found.verdict == "too little support"
    assert found.support.missing == ("above",)


def test_input_is_unchanged_lost_rows_are_counted_and_equal_seeds_give_equal_numbers() -> None:
    y, controls = pd.Series(NOISE, name="y"), pd.DataFrame({"z": RNG.normal(size=N)})
    y.iloc[3], controls.iloc[7, 0] = np.nan, np.nan
    before = X.copy(), y.copy(), controls.copy()
    found, again = (share_optimum(X, y, controls, resamples=100, seed=4) for _ in range(2))
    for then, now in zip(before, (X, y, controls), strict=True):
        assert then.equals(now)
    assert (found.n, found.lost) == (N - 2, 2)
    assert found.frame().equals(again.frame())
    other = share_optimum(X, y, controls, resamples=100, seed=5)
    assert (found.tops.parabola != other.tops.parabola).any()


def test_what_is_held_equal_changes_the_numbers_and_not_their_meaning() -> None:
    z = pd.Series(0.5 * X + 10 * RNG.normal(size=N), name="z")
    y = pd.Series(0.02 * z + 0.2 * NOISE, name="y")
    alone, held = share_optimum(X, y, resamples=50), share_optimum(X, y, z.to_frame(), resamples=50)
    assert alone.linear.slope > 0.008
    assert held.linear.interval.low < 0 < held.linear.interval.high
    shifted = share_optimum(X, y, z.to_frame() * 100 + 7, resamples=50)
    assert shifted.linear.slope == pytest.approx(held.linear.slope, rel=1e-9)


def test_units_of_the_share_scale_slopes_and_places_only() -> None:
    y = pd.Series(-0.04 * np.abs(X - 60) + NOISE, name="y")
    points, parts = share_optimum(X, y, resamples=200), share_optimum(X / 100, y, named=0.6, margin=0.1, resamples=200)
    assert parts.verdict == points.verdict
    assert parts.linear.slope == pytest.approx(100 * points.linear.slope, rel=1e-9)
    assert parts.preset is not None
    assert points.preset is not None
    assert parts.preset.before_p == pytest.approx(points.preset.before_p, rel=1e-7)
    assert parts.optimum is not None
    assert points.optimum is not None
    assert parts.optimum.low == pytest.approx(points.optimum.low / 100, abs=0.006)  # one place of the grid


@pytest.mark.parametrize("unit", [1e9, 1e-9])
def test_no_unit_is_too_large_or_too_small(unit: float) -> None:
    y = pd.Series(-0.04 * np.abs(X - 60) + NOISE, name="y")
    points = share_optimum(X, y, resamples=50)
    other = share_optimum(X * unit, y, named=60 * unit, margin=10 * unit, resamples=50)
    assert other.verdict == points.verdict
    assert other.linear.slope * unit == pytest.approx(points.linear.slope, rel=1e-9)
    assert other.nearness.distance_p == pytest.approx(points.nearness.distance_p, rel=1e-7)
    assert other.found is not None
    assert points.found is not None
    assert other.found.at == pytest.approx(points.found.at * unit, rel=1e-9)


@pytest.mark.parametrize(
    ("message", "share", "outcome"),
    [
        ("same value", X * 0 + 60, X),
        ("outcome", X, X * 0),
        ("infinite", X.where(X > 1, np.inf), X),
        ("complete rows", X * np.nan, X),
        ("complete rows", X[:4], X[:4] * 2.0),
        ("different values", X.mask(X < 50, 40).mask(X >= 50, 60), pd.Series(NOISE)),
        ("no numbers", pd.Series(["a"] * N), X),
    ],
)
def test_refuses_with_the_reason(message: str, share: pd.Series[float], outcome: pd.Series[float]) -> None:
    with pytest.raises(FitError, match=message) as caught:
        share_optimum(share.rename("share"), outcome.rename("outcome"))
    assert caught.value.reason["nl"] != caught.value.reason["en"]


def test_a_control_that_fixes_the_share_is_refused() -> None:
    with pytest.raises(FitError, match="every row"):
        share_optimum(X, pd.Series(NOISE, name="y"), pd.DataFrame({"other": 100 - X}))


def test_all_on_one_side_and_a_single_organisation_on_the_other_are_no_error() -> None:
    one = X.clip(upper=55)
    one.iloc[0] = 80.0
    found = share_optimum(one, pd.Series(NOISE, name="y"), resamples=50)
    assert found.preset is None
    assert found.verdict == "too little support"
    assert share_optimum(X.clip(upper=55), pd.Series(NOISE, name="y"), resamples=50).verdict == "too little support"


def test_heaped_shares_leave_no_knots_and_still_a_verdict() -> None:
    heaped = pd.Series(RNG.choice([0.0, 25.0, 50.0, 75.0, 100.0], N, p=[0.02, 0.02, 0.92, 0.02, 0.02]), name="x")
    found = share_optimum(heaped, pd.Series(NOISE, name="y"), resamples=50)
    assert found.curve is None
    assert found.optimum is None
    assert found.verdict in ("inconclusive", "too little support", "monotone")
    assert found.frame().notna()["estimate"].any()


def test_real_responses_show_no_small_group() -> None:
    few = X.where((X < 60) | (np.arange(N) < 30), 100 - X)
    few.iloc[np.flatnonzero(few > 70)[3:]] = 65.0
    found = share_optimum(few, pd.Series(NOISE, name="y"), resamples=50, minimum=5)
    assert found.support.missing
    assert found.support.below is None
    assert found.bins["n"].min() >= 5


def test_fieller_bounds_nothing_where_the_curvature_is_not_told() -> None:
    x = np.linspace(0, 100, 40)
    y = 0.01 * x + np.random.default_rng(3).normal(size=40)
    assert quadratic(x, y).fieller is None
    assert fieller(1.0, 0.0, 1.0, 1.0, 0.0, 2.0)[0] in ("two rays", "everywhere")
    kind, ends = fieller(-10.0, 1.0, 0.01, 0.0001, 0.0, 2.0)
    assert kind == "bounded"
    assert ends is not None
    # Every end solves (a + bθ)² = t² Var(a + bθ).
    for end in ends:
        assert (end - 10) ** 2 == pytest.approx(4 * (0.01 + 0.0001 * end**2), rel=1e-9)


def test_many_at_once_are_each_alone() -> None:
    x = RNG.uniform(0, 100, (5, 90))
    y = -0.03 * np.abs(x - 55) + RNG.normal(size=(5, 90))
    breaks = found_break(x, y)
    together = slopes(x, y, breaks)
    for at in range(5):
        alone = two_lines(x[at], y[at], float(found_break(x[at : at + 1], y[at : at + 1])[0]))
        assert alone is not None
        assert alone.at == pytest.approx(breaks[at], rel=1e-12)
        assert alone.before == pytest.approx(together.first.estimates[at, 1], rel=1e-9)
        assert alone.after_p == pytest.approx(together.second.p(2)[at], rel=1e-7)


def test_masked_quantile_is_that_of_the_marked_values() -> None:
    x = np.sort(RNG.normal(size=(6, 50)), axis=1)
    marked = RNG.random((6, 50)) < 0.4
    share = RNG.random(6)
    expected = [np.quantile(row[mark], p) for row, mark, p in zip(x, marked, share, strict=True)]
    assert masked_quantile(x, marked, share) == pytest.approx(expected, rel=1e-12)


def test_spline_is_straight_outside_its_knots() -> None:
    x = RNG.uniform(0, 100, (1, 200))
    knots = knots_of(x)
    outside = np.array([[100.0, 110.0, 120.0, 130.0]])
    assert np.diff(basis(outside, knots)[0], n=2, axis=0) == pytest.approx(0, abs=1e-8)
    assert np.diff(basis(-outside, knots)[0], n=2, axis=0) == pytest.approx(0, abs=1e-12)


def test_sentences_state_n_interval_and_verdict_and_never_prove() -> None:
    from clustergov.analysis.sweet_spot.telling import told_share
    from clustergov.language import Text

    words = Text({"nl": "Aandeel", "en": "Share"})
    for height in (-0.04 * np.abs(X - 60), 0.04 * X, 0 * X, 0.04 * np.abs(X - 50)):
        for language in ("nl", "en"):
            told = " ".join(told_share(found_on(height), words, words, (words,), language))
            assert "n = 400" in told
            assert "interval" in told
            assert not any(word in told.lower() for word in ("bewijs", "prove", "signific", "nan"))


def test_refusals_have_both_languages() -> None:
    for refusal in ("few values", "outside limits", "one country", "countries", "mean share"):
        error = SweetSpotError(refusal, terms=("x",), n=3, values=2, needed=5, low=0, high=1, countries=3)  # type: ignore[arg-type]
        assert set(error.reason) == {"nl", "en"}
