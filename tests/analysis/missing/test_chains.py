"""Chained equations: what is kept, what is refused or told, and that one seed gives one result."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from clustergov.analysis.missing.chains import impute
from clustergov.analysis.missing.variables import Method
from clustergov.problems import InputError

KINDS: dict[str, Method] = {"a": "ordinal", "b": "logit", "c": "norm", "d": "pmm"}


def table(n: int = 120, *, seed: int = 1) -> pd.DataFrame:
    """Four related columns of four kinds, and one without gaps."""
    rng = np.random.default_rng(seed)
    trait = rng.normal(size=n)
    whole = pd.DataFrame(
        {
            "a": np.digitize(trait + rng.normal(size=n), [-1, 0, 1]) + 1.0,
            "b": (trait + rng.normal(size=n) > 0).astype(float),
            "c": trait + rng.normal(size=n),
            "d": np.round(np.exp(trait + rng.normal(size=n) / 2), 1),
            "e": rng.normal(size=n),
        },
        index=[f"r{at}" for at in range(n)],
    )
    gaps = rng.random(whole.shape) < [0.1, 0.15, 0.2, 0.25, 0]
    return whole.mask(gaps)


def test_inputs_stay_as_they_were() -> None:
    data = table()
    before = data.copy(deep=True)
    impute(data, KINDS, m=3, iterations=2, seed=1)
    pd.testing.assert_frame_equal(data, before)


def test_answers_stay_and_gaps_are_filled() -> None:
    data = table()
    found = impute(data, KINDS, m=4, iterations=3, seed=1)
    assert not np.isnan(found.values).any()
    for frame in found.frames():
        assert list(frame.index) == list(data.index)
        pd.testing.assert_frame_equal(frame.where(data.notna()), data)
    assert (found.values.std(axis=0)[found.imputed] > 0).mean() > 0.9
    assert len(found.long()) == 4 * len(data)


def test_matching_and_categories_never_leave_the_scale() -> None:
    data = table()
    found = impute(data, KINDS, m=10, iterations=3, seed=2)
    for at, name in enumerate("abd"):
        column = found.values[:, :, list(data).index(name)]
        assert set(np.unique(column)) <= set(data[name].dropna()), at


def test_the_same_seed_gives_the_same_numbers() -> None:
    data = table()
    one, two, other = (impute(data, KINDS, m=3, iterations=2, seed=seed).values for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, two)
    assert (one != other).any()


def test_the_least_missing_is_visited_first() -> None:
    found = impute(table(), KINDS, m=2, iterations=2, seed=1)
    counts = table().isna().sum()
    order = list(found.methods)
    assert [int(counts[name]) for name in order] == sorted(counts[order])
    assert "e" not in found.methods


def test_cells_without_a_value_to_be_found_stay_blank() -> None:
    data = table()
    blank = pd.DataFrame(False, index=data.index, columns=data.columns)
    first = data.index[data["c"].isna()][:3]
    blank.loc[first, "c"] = True
    found = impute(data, KINDS, m=2, iterations=2, seed=1, blank=blank)
    for frame in found.frames():
        assert list(frame.index[frame["c"].isna()]) == list(first)
    counts = found.counts().set_index("variable").loc["c"]
    assert counts["blank"] == 3
    assert counts["imputed"] == data["c"].isna().sum() - 3


def test_the_means_of_chains_are_those_of_what_was_filled() -> None:
    data = table()
    found = impute(data, KINDS, m=3, iterations=4, seed=3)
    at = list(data).index("d")
    last = found.values[:, found.imputed[:, at], at]
    np.testing.assert_allclose(found.chain_means[-1, :, at], last.mean(axis=1))
    np.testing.assert_allclose(found.chain_deviations[-1, :, at], last.std(axis=1, ddof=1))
    assert np.isnan(found.chain_means[:, :, list(data).index("e")]).all()


def test_a_constant_column_is_told_and_left() -> None:
    data = table().assign(f=1.0)
    data.loc[data.index[:5], "f"] = np.nan
    found = impute(data, KINDS, m=2, iterations=2, seed=1)
    assert [(event.kind, event.variable) for event in found.events] == [("constant", "f")]
    assert not found.predictors["f"].any()
    assert "f" in found.sentence("en")
    assert all(frame["f"].isna().sum() == 5 for frame in found.frames())


def test_twins_are_told_and_both_filled() -> None:
    data = table()
    data["twin"] = data["c"] * 2 + 1
    data.loc[data["c"].dropna().index[:4], "twin"] = np.nan
    found = impute(data, KINDS, m=2, iterations=2, seed=1)
    assert [(event.kind, event.variable) for event in found.events] == [("collinear", "twin")]
    assert not np.isnan(found.values).any()


def test_parts_of_a_whole_are_told() -> None:
    data = table()
    data["p"], data["q"] = np.abs(table(seed=5)["e"]), np.abs(table(seed=6)["e"])
    data["rest"] = 100 - data["p"] - data["q"]
    found = impute(data, KINDS, m=3, iterations=2, seed=1)
    assert {event.kind for event in found.events} == {"dependent"}
    assert {event.variable for event in found.events} == {"a", "b", "c", "d"}
    assert all("rest" in event.text["en"] for event in found.events)


def test_a_predictor_that_does_not_vary_where_the_answers_are() -> None:
    data = table()
    data["flag"] = data["b"].isna() + 0.1
    found = impute(data, KINDS, m=3, iterations=3, seed=1)
    told = [event for event in found.events if event.variable == "b"]
    assert [event.kind for event in told] == ["dependent"]
    assert "flag" in told[0].text["en"]
    assert not found.predictors.loc["b", "flag"]
    assert not np.isnan(found.values).any()


def test_units_do_not_matter() -> None:
    data = table()
    other = data.assign(c=data["c"] * 4, d=data["d"] * 1024)
    one, two = (impute(each, {"c": "norm"}, m=3, iterations=3, seed=5).values for each in (data, other))
    np.testing.assert_allclose(two, one * [1, 1, 4, 1024, 1], rtol=1e-9)


def test_small_tables_of_any_kind_are_imputed_or_refused() -> None:
    """Few rows, large gaps, twins, tiny and huge units: never a gap that is not told, never a failure without a name."""
    rng = np.random.default_rng(21)
    for seed in range(60):
        n, scale = int(rng.integers(2, 40)), 10.0 ** rng.integers(-6, 7)
        data = pd.DataFrame(
            {"c": rng.normal(size=n) * scale, "b": rng.integers(0, 2, n) + 0.0, "a": rng.integers(1, 6, n) + 0.0}
        )
        data["twin"] = 2 * data["c"] + 1
        data = data.mask(rng.random(data.shape) < rng.choice([0.1, 0.4, 0.7]))
        methods: dict[str, Method] = {"a": "ordinal", "b": "logit", "c": "norm"}
        if data.isna().all().any():
            with pytest.raises(InputError, match="all-missing"):
                impute(data, methods, m=2, iterations=2, seed=seed)
            continue
        found = impute(data, methods, m=2, iterations=2, seed=seed)
        constant = {event.variable for event in found.events if event.kind == "constant"}
        gaps = {str(name) for frame in found.frames() for name in frame if frame[name].isna().any()}
        assert gaps <= constant


def test_too_few_rows_for_all_predictors() -> None:
    data = table(24)
    for at in range(12):
        data[f"x{at}"] = table(24, seed=20 + at)["e"]
    data["near"] = data["c"].fillna(0) + 0.1 * table(24, seed=60)["e"]
    found = impute(data, m=2, iterations=2, seed=1)
    told = {event.variable for event in found.events if event.kind == "few rows"}
    assert "c" in told
    assert found.predictors.loc["c", "near"]
    assert found.predictors.loc["c"].sum() == data["c"].notna().sum() // 3


def test_predictors_as_they_are_named() -> None:
    found = impute(table(), KINDS, m=2, iterations=2, seed=1, predictors={"a": ["c", "e"]})
    assert list(found.predictors.columns[found.predictors.loc["a"]]) == ["c", "e"]
    assert found.predictors.loc["b"].sum() == 4


def test_no_predictor_at_all_draws_from_the_observed() -> None:
    data = table()[["a"]]
    for method in ("pmm", "norm", "ordinal"):
        found = impute(data, {"a": method}, m=5, iterations=1, seed=1)  # type: ignore[dict-item]  # a parameter
        assert not np.isnan(found.values).any(), method


def test_one_complete_row_is_enough() -> None:
    data = table(40)
    rng = np.random.default_rng(1)
    for row in data.index[1:]:
        data.loc[row, rng.choice(list("abcd"))] = np.nan
    data.loc[data.index[0]] = [1.0, 1.0, 0.5, 1.5, 0.1]
    assert data.notna().all(axis=1).sum() == 1
    assert not np.isnan(impute(data, KINDS, m=3, iterations=3, seed=1).values).any()


def test_perfect_separation_is_imputed_all_the_same() -> None:
    data = table()
    data["b"] = (data["e"] > 0).astype(float).mask(data["b"].isna())
    found = impute(data, KINDS, m=20, iterations=5, seed=1)
    at = list(data).index("b")
    filled, truth = found.values[:, found.imputed[:, at], at], (data["e"] > 0).to_numpy()[found.imputed[:, at]]
    assert (filled == truth).mean() > 0.85


def test_rows_without_answers_and_rows_that_stand_twice_are_told() -> None:
    data = table()
    for at in range(4):
        data[f"x{at}"] = table(seed=30 + at)["e"]
    data.iloc[7] = np.nan
    whole = data.dropna()
    data = pd.concat([data, whole.iloc[:2].rename(index=str.upper)])
    found = impute(data, KINDS, m=2, iterations=2, seed=1)
    assert {event.kind for event in found.events} == {"empty rows", "duplicates"}


WRONG: dict[str, tuple[dict[str, Any], dict[str, str], str]] = {
    "all missing": ({"c": np.nan}, {}, "all-missing"),
    "infinite": ({"c": np.inf}, {}, "infinite"),
    "text": ({"c": "yes"}, {}, "not-numeric"),
    "logit of many": ({}, {"c": "logit"}, "logit is for two values"),
    "ordinal of many": ({}, {"c": "ordinal"}, "at most 20"),
    "unknown method": ({}, {"c": "forest"}, "found “forest”"),
    "unknown column": ({}, {"nobody": "pmm"}, "found “nobody”"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_cannot_be_imputed_is_refused_by_name(name: str) -> None:
    columns, methods, told = WRONG[name]
    with pytest.raises(InputError, match=told):
        impute(table().assign(**columns), methods, m=2, iterations=1, seed=1)  # type: ignore[arg-type]  # wrong on purpose


def test_every_mistake_at_once() -> None:
    with pytest.raises(InputError) as caught:
        impute(table().assign(c=np.nan, d="no"), {"x": "pmm"}, m=2, iterations=1, seed=1)
    assert {problem.rule for problem in caught.value.problems} == {"all-missing", "not-numeric", "unknown-column"}


@pytest.mark.parametrize(("m", "iterations"), [(0, 5), (5, 0)])
def test_no_imputation_is_no_answer(m: int, iterations: int) -> None:
    with pytest.raises(InputError, match="imputations"):
        impute(table(), m=m, iterations=iterations, seed=1)


def test_nothing_missing_is_told_as_such() -> None:
    data = table().dropna()
    found = impute(data, m=2, iterations=1, seed=1)
    np.testing.assert_array_equal(found.values[0], data.to_numpy())
    assert "0 missing cells" in found.sentence("en")
