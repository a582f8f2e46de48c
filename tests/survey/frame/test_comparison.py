"""Respondents against the frame: R's chi-squared, Newcombe's printed interval, exact distributions, and suppression."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from clustergov.survey.frame.comparison import DRAWS, compare, compare_categories, difference_interval, left_out
from clustergov.survey.frame.frame import read_frame

REFERENCE = Path(__file__).parents[2] / "reference"


def split(own: list[int], others: list[int]) -> tuple[pd.Series, np.ndarray]:
    """Every member's category, and who answered."""
    names = [f"c{place}" for place in range(len(own))]
    categories = [name for counts in (own, others) for name, n in zip(names, counts, strict=True) for _ in range(n)]
    answered = np.arange(len(categories)) < sum(own)
    return pd.Series(categories, name="country", dtype="str"), answered


@pytest.mark.parametrize(
    "row", pd.read_csv(REFERENCE / "weighting-comparison.csv").to_dict("records"), ids=lambda r: r["name"]
)
def test_statistics_agree_with_r(row: dict[str, str | float]) -> None:
    own, others = ([int(n) for n in str(row[key]).split()] for key in ("own", "others"))
    found = compare_categories(*split(own, others))
    assert (found.chi2, found.p, found.v, found.w) == pytest.approx(
        (row["chi2"], row["p"], row["v"], row["w"]), rel=1e-11
    )
    assert found.test == ("exact" if row["name"] == "tiny" else "chi-squared")


def test_newcombes_printed_interval() -> None:
    # Newcombe (1998), Table II, contrast 56/70 - 48/80, method 10: 0.0524 to 0.3339.
    low, high = difference_interval(np.array([56.0, 14]), np.array([48.0, 32]))
    outside = 80 / 150  # the part of the frame that did not answer
    assert (low[0] / outside, high[0] / outside) == pytest.approx((0.0524, 0.3339), abs=5e-5)


def test_interval_carries_the_finite_population_correction() -> None:
    # Far from the edges, and with equal shares, the interval is Wald's with (1 - f) p q / n, to the order of 1/n.
    own, others = np.array([4000.0, 6000]), np.array([2000.0, 3000])
    low, high = difference_interval(own, others)
    error = np.sqrt((1 - 10 / 15) * 0.4 * 0.6 / 10000)
    assert (high[0] - low[0]) / 2 == pytest.approx(1.959964 * error, rel=1e-3)


def test_everybody_answered() -> None:
    found = compare_categories(*split([5, 9], [0, 0]))
    assert (found.test, found.w) == ("none", 0.0)
    assert found.table[["difference", "low", "high"]].to_numpy().tolist() == [[0, 0, 0], [0, 0, 0]]
    assert "nothing to compare" in found.sentence("en")


def test_nobody_answered() -> None:
    found = compare_categories(*split([0, 0], [4, 6]))
    assert found.test == "none"
    assert found.table["difference"].isna().all()


def test_exact_p_is_the_sum_over_all_choices() -> None:
    own, others = [1, 6], [7, 6]
    found = compare_categories(*split(own, others))
    assert found.test == "exact"
    ways = np.arange(0, 8)
    chances = stats.hypergeom.pmf(ways, 20, 8, 7)
    far = np.abs(ways - 7 * 8 / 20)  # with two categories chi-squared grows with this distance
    assert found.p == pytest.approx(chances[far >= far[1] - 1e-9].sum(), rel=1e-12)


def test_permutation_p_is_near_that_of_all_tables() -> None:
    own, others = [4, 1, 1], [2, 5, 6]
    found = compare_categories(*split(own, others), seed=3)
    assert found.test == "permutation"
    totals, n = [6, 6, 7], 6
    law = stats.multivariate_hypergeom(m=totals, n=n)
    exact = 0.0
    for a in range(7):
        for b in range(7 - a):
            expected = np.array(totals) * n / 19
            statistic = (((np.array([a, b, n - a - b]) - expected) ** 2 / expected).sum()) * 19 / 13
            exact += float(law.pmf([a, b, n - a - b])) * (statistic >= found.chi2 * (1 - 1e-9))
    # Five standard errors of DRAWS draws.
    assert found.p == pytest.approx(exact, abs=5 * np.sqrt(exact * (1 - exact) / DRAWS))
    assert compare_categories(*split(own, others), seed=3).p == found.p


def test_cramers_v_follows_from_w() -> None:
    found = compare_categories(*split([30, 20, 10], [10, 25, 25]))
    assert found.v**2 == pytest.approx(found.w**2, rel=1e-12)  # f / (1 - f) = 1 here
    assert found.v**2 == pytest.approx(found.chi2 / 120, rel=1e-12)


def test_small_cells_are_hidden_and_taken_together() -> None:
    categories, answered = split([30, 25, 3, 12], [20, 30, 9, 11])
    found = compare_categories(categories, answered, minimum=5)
    table = found.table.set_index("category")
    assert np.isnan(table.loc["c2", "respondents"])
    assert table["respondents"].isna().sum() >= 2  # one alone would follow from the number of respondents
    assert table["frame"].tolist() == [50, 55, 12, 23]
    hidden = table["respondents"].isna().to_numpy()
    assert table.loc[hidden, ["respondent_share", "difference", "low", "high", "weighted_share"]].isna().all(axis=None)
    whole = np.array([[30, 20], [25, 30], [3, 9], [12, 11]], dtype=float)
    merged = np.vstack([whole[~hidden], whole[hidden].sum(axis=0)])
    assert found.merged == hidden.sum()
    assert found.chi2 == pytest.approx(stats.chi2_contingency(merged, correction=False).statistic, rel=1e-12)
    assert compare_categories(categories, answered).merged == 0


def test_respondents_of_a_frame(frame_file: Path) -> None:
    frame = read_frame(frame_file)
    weights = pd.Series([1.0, 3.0], index=pd.Index(["p1", "p3"], dtype="str"))
    country, sector, founded = compare(weights.index, frame, weights=weights)
    assert [found.variable for found in (country, sector, founded)] == ["country", "sector", "founded"]
    assert country.table.set_index("category")["weighted_share"].to_dict() == {"BE": 0.75, "DE": 0.0, "NL": 0.25}
    assert (country.n, country.population) == (2, 6)
    assert country.sentence("nl").startswith("Land: ")
    assert "Cramér" in sector.sentence("en")
    assert founded.frame()["variable"].tolist() == ["founded"] * 4


def test_where_everything_is_hidden_nothing_is_tested() -> None:
    found = compare_categories(*split([2, 3], [4, 1]), minimum=5)
    assert found.test == "none"
    assert found.table["respondents"].isna().all()
    assert "worked out" in found.sentence("en")


def test_columns_of_free_values_are_named_and_left_out(tmp_path: Path) -> None:
    path = tmp_path / "frame.csv"
    path.write_text("id,country,members\n" + "".join(f"p{n},NL,{n}\n" for n in range(60)), encoding="utf-8")
    frame = read_frame(path)
    assert left_out(frame) == ("members",)
    assert [found.variable for found in compare(frame.eligible[:5], frame)] == ["country"]
