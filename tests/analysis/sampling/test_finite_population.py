"""Means of a finite population against R's svymean, closed forms, exact coverage, and a census."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import hypergeom

from clustergov.analysis.description.share import (
    mean_share,
    population_mean_share,
    population_proportion,
    proportion,
    wilson,
)
from clustergov.analysis.sampling.finite_population import PopulationMean, population_mean, share_interval
from clustergov.survey.frame.design import SamplingDesign
from clustergov.survey.frame.margins import Margins
from clustergov.survey.frame.raking import rake

REFERENCE = Path(__file__).parents[2] / "reference"
ELEVEN = 1e-11  # closed formulas in double precision


def data(name: str) -> pd.DataFrame:
    return pd.read_csv(REFERENCE / f"weighting-means-{name}.csv", index_col="id")


def simple(weights: pd.Series | None = None) -> SamplingDesign:
    return SamplingDesign(356, weights)


def layered(*, weighted: bool = True) -> SamplingDesign:
    rows = data("strat")
    sizes = rows.groupby("stratum")["N"].first().to_dict()
    weights = rows["w"] if weighted else rows["N"] / rows.groupby("stratum")["w"].transform("size")
    return SamplingDesign(sum(sizes.values()), weights, rows["stratum"].astype("str"), sizes)


def agrees(found: PopulationMean, name: str) -> None:
    rows = pd.read_csv(REFERENCE / "weighting-means.csv")
    expected = rows[rows["data"] == name].set_index("quantity")["value"].to_dict()
    assert (found.mean, found.error) == pytest.approx((expected["mean"], expected["error"]), rel=ELEVEN)
    if "df" in expected:
        assert found.df == expected["df"]
        interval = found.interval(0.9)
        # t's quantile agrees to 12 digits, the ends to fewer where they are near 0.
        assert (interval.low, interval.high) == pytest.approx((expected["low"], expected["high"]), rel=ELEVEN)


def test_random_sample_agrees_with_svymean() -> None:
    rows = data("srs")
    agrees(population_mean(rows["y"], simple()), "srs")
    agrees(population_mean(rows["yes"].astype(float), simple()), "srs-yes")
    agrees(population_mean(rows["y"], simple(), domain=rows["young"]), "srs-domain")
    agrees(population_mean(rows["hsg"], simple()), "srs-blanks")


def test_weighted_sample_agrees_with_svymean_and_svyratio() -> None:
    rows, weights = data("srs"), data("strat")["w"].to_numpy()
    design = simple(pd.Series(weights, index=rows.index))
    agrees(population_mean(rows["y"], design), "srs-weighted")
    agrees(population_mean(rows["yes"].astype(float), design), "srs-weighted-yes")
    agrees(population_mean(rows["y"], design), "srs-ratio")


def test_stratified_sample_agrees_with_svymean() -> None:
    rows = data("strat")
    agrees(population_mean(rows["y"], layered()), "strat")
    agrees(population_mean(rows["yes"].astype(float), layered()), "strat-yes")
    agrees(population_mean(rows["y"], layered(), domain=rows["young"]), "strat-domain")
    agrees(population_mean(rows["hsg"], layered()), "strat-blanks")
    agrees(population_mean(rows["y"], layered(weighted=False)), "strat-own")


def test_closed_form_of_a_random_sample() -> None:
    values = pd.Series([0.1, 0.4, 0.4, 0.9, 0.2])
    found = population_mean(values, SamplingDesign(20))
    assert found.variance == pytest.approx(values.var() / 5 * (1 - 5 / 20), rel=1e-14)
    assert found.design_effect == pytest.approx(1, rel=1e-12)


def test_endless_population_gives_back_the_plain_intervals() -> None:
    yes = pd.Series([1.0] * 30 + [0.0] * 12 + [np.nan] * 3)
    far = SamplingDesign(10**14)
    found, plain = population_proportion(yes, far, against=0.6), proportion(yes, against=0.6)
    assert (found.share, found.interval.low, found.interval.high, found.p) == pytest.approx(
        (plain.share, plain.interval.low, plain.interval.high, plain.p), rel=1e-10
    )
    assert (found.n, found.lost) == (42, 3)
    shares = pd.Series(np.linspace(0.1, 0.9, 17))
    own, given = population_mean_share(shares, far, against=0.6), mean_share(shares, against=0.6)
    assert (own.share, own.interval.low, own.interval.high, own.p) == pytest.approx(
        (given.share, given.interval.low, given.interval.high, given.p), rel=1e-10
    )


def test_share_interval_inverts_the_score_test_without_replacement() -> None:
    # At each end P: (p - P)² = z² P (1 - P) / n × (N - n) / (N - 1).
    yes, N = pd.Series([1.0] * 25 + [0.0] * 55), 120
    interval = population_proportion(yes, SamplingDesign(N)).interval
    for end in (interval.low, interval.high):
        variance = end * (1 - end) / 80 * (N - 80) / (N - 1)
        assert abs(25 / 80 - end) / np.sqrt(variance) == pytest.approx(1.959963984540054, rel=1e-10)
    assert interval.high - interval.low < wilson(25, 80).high - wilson(25, 80).low


@pytest.mark.parametrize(("n", "N", "many"), [(60, 90, 40), (60, 356, 178), (120, 356, 310), (200, 356, 320)])
def test_share_interval_covers_the_population_share(n: int, N: int, many: int) -> None:
    # Exact, by summing over every count. Wilson's coverage swings around its level; with z = 1.96 not below .92 here.
    counts = np.arange(max(0, n - (N - many)), min(n, many) + 1)
    covered = [
        many / N in share_interval(population_mean(pd.Series([1.0] * k + [0.0] * (n - k)), SamplingDesign(N)))
        for k in counts
    ]
    assert 0.92 < hypergeom.pmf(counts, N, many, n)[covered].sum() < 0.985


def test_census_has_no_width() -> None:
    yes = pd.Series([1.0, 1.0, 0.0, 1.0])
    found = population_proportion(yes, SamplingDesign(4), against=0.5)
    assert (found.share, found.interval.low, found.interval.high, found.p) == (0.75, 0.75, 0.75, 0.0)
    assert population_proportion(yes, SamplingDesign(4), against=0.75).p == 1.0
    mean = population_mean_share(pd.Series([0.2, 0.8, 0.5]), SamplingDesign(3), against=0.4)
    assert mean.interval.low == mean.interval.high == mean.share == 0.5


def test_census_with_blanks_is_none() -> None:
    found = population_proportion(pd.Series([1.0, 0.0, 1.0, np.nan]), SamplingDesign(4))
    assert found.interval.low < found.share < found.interval.high


def test_everybody_says_yes() -> None:
    weights = pd.Series([1.0] * 10 + [3.0] * 10)
    found = population_proportion(pd.Series([1.0] * 20), SamplingDesign(100, weights))
    equal = population_proportion(pd.Series([1.0] * 20), SamplingDesign(100))
    assert found.share == 1.0
    assert found.interval.high == 1.0
    assert found.interval.low < equal.interval.low  # Kish's design effect, for linearisation finds no variance here


def test_blanks_keep_the_weights_of_the_others_apart() -> None:
    values = pd.Series([0.2, np.nan, 0.6], index=["a", "b", "c"])
    found = population_mean(values, SamplingDesign(10, pd.Series([1.0, 50.0, 3.0], index=["a", "b", "c"])))
    assert found.mean == pytest.approx(0.5, rel=1e-15)
    assert (found.n, found.fraction) == (2, 0.2)


def test_one_value_of_a_stratum_is_measured_from_the_whole() -> None:
    design = SamplingDesign(8, None, pd.Series(["x", "x", "y", "y"]), {"x": 4, "y": 4})
    found = population_mean(pd.Series([1.0, 0.0, 1.0, np.nan]), design)
    assert found.variance > 0
    assert found.df == 1


def test_nothing_to_estimate() -> None:
    with pytest.raises(ValueError, match="no value"):
        population_mean(pd.Series([np.nan]), SamplingDesign(3))
    with pytest.raises(ValueError, match="zeros and ones"):
        population_proportion(pd.Series([2.0]), SamplingDesign(3))
    with pytest.raises(ValueError, match="differ"):
        population_mean_share(pd.Series([0.5, 0.5]), SamplingDesign(3))
    with pytest.raises(ValueError, match="between 0 and 1"):
        population_mean_share(pd.Series([0.5, 1.5]), SamplingDesign(3))


def test_share_of_those_whom_a_question_applies_to() -> None:
    # A census: all ten are known, six of them are asked, and all six answered. Nothing is left unknown.
    yes = pd.Series([1.0, 1, 0, 1, 1, 0, 0, 0, 0, 0])
    asked = pd.Series([True] * 6 + [False] * 4)
    found = population_proportion(yes, SamplingDesign(10), domain=asked)
    assert (found.share, found.interval.low, found.interval.high, found.n) == (4 / 6, 4 / 6, 4 / 6, 6)
    # Of a population of twenty the same answers leave something unknown, and less than if ten blanks were unknown.
    half = population_proportion(yes, SamplingDesign(20), domain=asked)
    blank = population_proportion(yes.where(asked), SamplingDesign(20))
    assert half.interval.low > blank.interval.low
    assert half.interval.high < blank.interval.high


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.floats(0, 1), st.floats(0.1, 9), st.sampled_from("ab")), min_size=4, max_size=30),
    st.floats(0.01, 1000),
    st.integers(0, 50),
)
def test_scale_of_weights_and_order_of_rows_do_not_matter(
    rows: list[tuple[float, float, str]], scale: float, more: int
) -> None:
    table = pd.DataFrame(rows, columns=["y", "w", "stratum"]).astype({"stratum": "str"})
    counts = table["stratum"].value_counts().to_dict()
    sizes = {name: n + more for name, n in counts.items()}
    before = table.copy()

    def estimate(rows: pd.DataFrame, factor: float) -> PopulationMean:
        return population_mean(
            rows["y"], SamplingDesign(sum(sizes.values()), rows["w"] * factor, rows["stratum"], sizes)
        )

    found, other = estimate(table, 1.0), estimate(table.iloc[::-1], scale)
    assert (other.mean, other.variance, other.df) == pytest.approx(
        (found.mean, found.variance, found.df), rel=1e-9, abs=1e-15
    )
    assert table.equals(before)
    assert table["y"].min() - 1e-12 <= found.mean <= table["y"].max() + 1e-12
    if not more:
        assert found.variance == pytest.approx(0, abs=1e-15)  # every stratum is complete


def test_weights_make_up_for_who_answered() -> None:
    # 356 members of three kinds that answer by different chances (.4, .5, .7) and differ in what they would say: intervals
    # of the raked share hold the population's at least nominally, those without weights miss it nearly every other time.
    rng = np.random.default_rng(11)
    kinds = pd.Series(np.repeat(["a", "b", "c"], [160, 120, 76]), name="kind", dtype="str")
    says, answers = (
        kinds.map(dict(zip("abc", chances, strict=True))) for chances in ((0.85, 0.5, 0.3), (0.4, 0.5, 0.7))
    )
    margins = Margins({"kind": kinds.value_counts().astype(float)}, "frame.csv")
    held = {"raked": 0, "plain": 0}
    for _ in range(300):
        yes, answered = (rng.random(356) < says).astype(float), rng.random(356) < answers
        weights = rake(kinds[answered].to_frame(), margins).weights
        for name, design in {"raked": SamplingDesign(356, weights), "plain": SamplingDesign(356)}.items():
            held[name] += yes.mean() in share_interval(population_mean(yes[answered], design))
    assert held["raked"] >= 0.93 * 300
    assert held["plain"] <= 0.75 * 300
