"""Exploratory factor analysis: truth recovered, cautions told, and items that are refused by name."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from clustergov.analysis.scales.adequacy import adequacy
from clustergov.analysis.scales.exploratory import explore, rmsea_interval
from clustergov.analysis.scales.item_correlations import item_correlations
from clustergov.analysis.scales.items import ItemsError
from clustergov.analysis.scales.parallel_analysis import parallel_analysis
from scale_references import correlations, frame

LOADINGS = np.array([[0.8, 0], [0.7, 0], [0.6, 0], [0.75, 0], [0, 0.8], [0, 0.7], [0, 0.6], [0, 0.65]])


def drawn(n: int, seed: int) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    phi = np.array([[1, 0.3], [0.3, 1]])
    f = rng.multivariate_normal([0, 0], phi, n)
    X = f @ LOADINGS.T + rng.normal(size=(n, 8)) * np.sqrt(1 - (LOADINGS**2).sum(axis=1))
    return pd.DataFrame(X, columns=[f"x{j}" for j in range(8)])


@pytest.mark.parametrize("method", ["minres", "ml"])
def test_recovers_a_known_truth(method: str) -> None:
    values = drawn(20_000, 1)
    before = values.copy(deep=True)
    found = explore(item_correlations(values), 2, method=method)  # type: ignore[arg-type]  # one of the two
    pd.testing.assert_frame_equal(values, before)
    assert found.loadings == pytest.approx(LOADINGS, abs=0.03)  # four standard errors of a loading at n = 20,000
    assert found.factor_correlations[0, 1] == pytest.approx(0.3, abs=0.04)
    assert found.fit.rmsea < 0.01
    assert not found.cautions
    assert found.order() == [0, 3, 1, 2, 4, 5, 7, 6]


def test_polychoric_correlations_undo_the_categories() -> None:
    coarse = drawn(20_000, 2).apply(lambda column: pd.Series(np.digitize(column, [-1.2, 0.3, 1.4]).astype(float)))
    pearson, polychoric = (
        explore(item_correlations(coarse, kind=kind), 2).loadings.max() for kind in ("pearson", "polychoric")
    )
    assert polychoric == pytest.approx(0.8, abs=0.03)
    assert pearson < 0.76


def test_rows_and_sentences_carry_the_fields() -> None:
    found = explore(correlations("bfi"), 5)
    assert found.frame().columns.tolist() == [
        "item",
        "F1",
        "F2",
        "F3",
        "F4",
        "F5",
        "communality",
        "uniqueness",
        "complexity",
    ]
    assert "n = 2436" in found.sentence("en")
    assert f"χ²({found.fit.df}) = {found.fit.chi_square:,.1f}".replace(",", "") in found.sentence("en")
    assert "RMSEA 0,055" in found.sentence("nl")
    assert found.communalities + found.uniquenesses == pytest.approx(np.ones(25))
    assert not np.isnan(found.frame().drop(columns="item").to_numpy()).any()


def test_cautions_are_told() -> None:
    rng = np.random.default_rng(3)
    values = drawn(60, 4).assign(noise=rng.normal(size=60))
    found = explore(item_correlations(values), 2)
    told = found.sentence("en")
    assert "below 100" in told
    assert "No loading of 0.3 or more on any factor: noise" in told
    one = explore(item_correlations(drawn(500, 5)), 3)
    assert "Fewer than three items" in one.sentence("en")
    nearly = drawn(500, 6)
    nearly["copy"] = nearly["x0"] + 0.02 * rng.normal(size=500)
    copied = explore(item_correlations(nearly), 3)
    assert copied.heywood
    assert all(name in copied.sentence("nl") for name in copied.heywood)


def test_copied_rows_of_measurements_are_told_and_those_of_categories_are_not() -> None:
    values = drawn(200, 9)
    values.iloc[:3] = values.iloc[10:13].to_numpy()
    assert any("6" in caution["en"] for caution in item_correlations(values).cautions)
    assert not item_correlations(values.round().clip(-1, 1)).cautions


def test_a_just_identified_model_has_no_interval() -> None:
    found = explore(item_correlations(drawn(300, 7)[["x0", "x1", "x2"]]), 1)
    assert found.fit.df == 0
    assert found.fit.rmsea_interval is None
    assert "RMSEA" not in found.sentence("en")


def test_an_interval_that_begins_at_zero() -> None:
    interval = rmsea_interval(15.0, 19, 300)
    assert interval.low == 0
    assert 0 < interval.high < 0.06
    assert rmsea_interval(1e-6, 19, 300).high == 0


GOOD = drawn(80, 8)


@pytest.mark.parametrize(
    ("refusal", "terms", "values", "factors"),
    [
        ("items", (), GOOD[["x0", "x1"]], 1),
        ("items", (), GOOD[["x0"]], 1),
        ("constant", ("c",), GOOD.assign(c=3.0), 2),
        ("all missing", ("c",), GOOD.assign(c=np.nan), 2),
        ("infinite", ("x0",), GOOD.assign(x0=np.where(GOOD["x0"] > 2, np.inf, GOOD["x0"])), 2),
        ("not numeric", ("x0",), GOOD.assign(x0="agree"), 2),
        ("too few", (), GOOD[:8], 2),
        ("duplicated", ("x0", "copy"), GOOD.assign(copy=GOOD["x0"]), 2),
        ("duplicated", ("x0", "copy"), GOOD.assign(copy=6 - GOOD["x0"]), 2),
        ("singular", ("x0", "x1", "x2", "sum"), GOOD.assign(sum=GOOD["x0"] + GOOD["x1"] + GOOD["x2"]), 2),
        ("factors", (), GOOD, 5),
        ("factors", (), GOOD, 0),
    ],
)
def test_refuses_with_the_reason(refusal: str, terms: tuple[str, ...], values: pd.DataFrame, factors: int) -> None:
    with pytest.raises(ItemsError) as caught:
        explore(item_correlations(values), factors)
    assert caught.value.refusal == refusal
    assert set(caught.value.terms) == set(terms)
    assert all(term in caught.value.reason["nl"] and term in caught.value.reason["en"] for term in terms)


def indefinite() -> pd.DataFrame:
    rng = np.random.default_rng(11)
    f = rng.normal(size=(40, 1))
    answers = (0.95 * f + 0.3 * rng.normal(size=(40, 12)) > rng.normal(size=12)).astype(float)
    return pd.DataFrame(answers, columns=[f"b{j}" for j in range(12)])


def test_a_matrix_that_is_no_correlation_matrix_is_refused_or_smoothed_as_asked() -> None:
    values = indefinite()
    raw = item_correlations(values, kind="polychoric")
    for analyse in (
        lambda: explore(raw, 1), lambda: adequacy(raw),
        lambda: parallel_analysis(raw, rng=np.random.default_rng(1), draws=20),
    ):  # fmt: skip
        with pytest.raises(ItemsError) as caught:
            analyse()
        assert caught.value.refusal == "not positive definite"
        assert "Pearson" in caught.value.reason["en"]
    smoothed = item_correlations(values, kind="polychoric", smooth=True)
    assert smoothed.largest_change > 0
    assert np.linalg.eigvalsh(smoothed.matrix)[0] > -1e-12
    assert any("was smoothed as asked" in caution["en"] for caution in smoothed.cautions)
    assert np.abs(smoothed.matrix - raw.matrix).max() == pytest.approx(smoothed.largest_change)


def test_nothing_is_smoothed_that_needs_none() -> None:
    values = frame("own")
    plain, asked = item_correlations(values), item_correlations(values, smooth=True)
    assert np.array_equal(plain.matrix, asked.matrix)
    assert asked.largest_change == 0
    assert (plain.n, plain.lost) == (len(values.dropna()), len(values) - len(values.dropna()))
