"""Models of a sampled population against survey::svyglm (tests/reference/sampling_models.R), and what they refuse."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from clustergov.analysis.models.design import FitError
from clustergov.analysis.sampling.design_based_models import DesignedFit, designed_linear, designed_logit
from clustergov.analysis.sampling.sample import sample_of
from clustergov.problems import InputError

REFERENCE = Path(__file__).parents[2] / "reference"
EXPECTED = pd.read_csv(REFERENCE / "sampling_models.csv")
TIGHT = 1e-10
"""R's numbers are printed with 17 digits; its own least squares and ours differ from the eleventh on."""


def api(name: str) -> pd.DataFrame:
    return pd.read_csv(REFERENCE / f"sampling_models-{name}.csv")


def fitted(case: str) -> DesignedFit:
    """The model of a case of the reference script."""
    name, *rest = case.split("-")
    data = api(name)
    options: dict[str, Any] = {}
    fit: Callable[..., DesignedFit] = designed_logit if "logit" in rest else designed_linear
    if name == "own":
        predictors, outcome = data[["x", "z"]], data["yes" if "logit" in rest else "y"]
        options |= {"strata": data["region"], "population": data["size"]}
        if "equal" not in rest:
            options |= {"weights": data["w"], "lonely": rest[0]}
        return fit(outcome, predictors, **options)
    predictors, outcome = data[["ell", "meals", "mobility"]], data["wide" if "logit" in rest else "api00"]
    options |= {"weights": data["pw"], "population": None if "endless" in rest else data["fpc"]}
    if name == "strat":
        options["strata"] = data["stype"]
    if name == "clus":
        options["clusters"] = data["dnum"]
    if "domain" in rest:
        options["domain"], predictors = data["awarded"].eq(1), predictors[["ell", "meals"]]
    return fit(outcome, predictors, **options)


MODELS = sorted(EXPECTED.loc[EXPECTED["quantity"] == "covariance", "case"].unique())


@pytest.mark.parametrize("case", MODELS)
def test_agrees_with_svyglm(case: str) -> None:
    fit = fitted(case)
    frame = fit.frame().replace({"term": {"(constant)": "(Intercept)"}}).set_index("term")
    expected = EXPECTED[EXPECTED["case"] == case]
    checked = 0
    for row in expected.to_dict("records"):
        if row["quantity"] in frame:
            assert frame.loc[row["term"], row["quantity"]] == pytest.approx(row["value"], rel=TIGHT, abs=1e-13), row
            checked += 1
    assert checked == 5 * len(frame)
    assert fit.df == expected.set_index("quantity").loc["df", "value"]
    assert fit.covariance[0, 1] == pytest.approx(expected.set_index("quantity").loc["covariance", "value"], rel=1e-9)


def test_inputs_stay_as_they_were() -> None:
    data = api("own")
    before = data.copy(deep=True)
    designed_logit(data["yes"], data[["x", "z"]], weights=data["w"], strata=data["region"], population=data["size"])
    pd.testing.assert_frame_equal(data, before)


def test_weights_of_zero_are_kept_out_and_told() -> None:
    data = api("srs")
    without = data.iloc[:190]
    expected = designed_linear(without["api00"], without[["ell", "meals"]], weights=without["pw"])
    zero = data["pw"].mask(data.index >= 190, 0.0)
    found = designed_linear(data["api00"], data[["ell", "meals"]], weights=zero)
    np.testing.assert_allclose(found.covariance, expected.covariance, rtol=1e-12)
    assert found.n == 190
    assert found.df == expected.df
    assert "10 rows (190, 191, 192, 193, 194, …)" in found.sentence("en")
    assert "10 rijen" in found.sentence("nl")


def test_missing_values_are_as_if_not_reached() -> None:
    data = api("strat")
    data.loc[[3, 60, 150], "ell"] = np.nan
    whole = data.dropna(subset="ell")
    options = {"weights": "pw", "strata": "stype", "population": "fpc"}
    found = designed_linear(data["api00"], data[["ell"]], **{key: data[name] for key, name in options.items()})  # type: ignore[arg-type]  # pandas' columns are untyped
    same = designed_linear(whole["api00"], whole[["ell"]], **{key: whole[name] for key, name in options.items()})  # type: ignore[arg-type]  # as above
    np.testing.assert_allclose(found.covariance, same.covariance, rtol=1e-12)
    assert (found.n, found.lost) == (197, 3)


@pytest.mark.parametrize("fit", [designed_linear, designed_logit])
def test_weights_that_follow_from_the_population_are_those_of_the_rows_used(fit: Callable[..., DesignedFit]) -> None:
    """N / n with the n that is left, as svydesign takes it from fpc for the complete rows."""
    data = api("strat")
    data.loc[[3, 7, 150, 151], "ell"] = np.nan
    whole, outcome = data.dropna(subset="ell"), "api00" if fit is designed_linear else "wide"
    found, same = (
        fit(each[outcome], each[["ell"]], strata=each["stype"], population=each["fpc"]) for each in (data, whole)
    )
    np.testing.assert_allclose(found.estimates, same.estimates, rtol=1e-12)
    np.testing.assert_allclose(found.covariance, same.covariance, rtol=1e-10)


def test_a_stratum_with_one_unit_is_told_with_what_was_done() -> None:
    data = api("own")
    kept = {"weights": data["w"], "strata": data["region"], "population": data["size"]}
    found = designed_linear(data["y"], data[["x"]], **kept)
    assert "Stratum with one unit: d." in found.sentence("en")
    with pytest.raises(InputError, match="found one in d"):
        designed_linear(data["y"], data[["x"]], **kept, lonely="refuse")
    # A stratum that has one row left after a missing value is refused as well, not passed over.
    data.loc[data.index[data["region"] == "c"][1:], "x"] = np.nan
    rows = data["region"] != "d"
    part = data[rows]
    with pytest.raises(InputError, match="lonely-stratum"):
        designed_linear(part["y"], part[["x"]], strata=part["region"], population=part["size"], lonely="refuse")


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "negative": ({"weights": [-1.0, *[1.0] * 9]}, "weight-negative"),
    "infinite": ({"weights": [np.inf, *[1.0] * 9]}, "weight-infinite"),
    "missing": ({"weights": [np.nan, *[1.0] * 9]}, "weight-missing"),
    "all zero": ({"weights": [0.0] * 10}, "weight-zero"),
    "no stratum": ({"strata": [None, *"aaaaabbbb"]}, "strata-missing"),
    "N below n": ({"population": 9}, "population-small"),
    "N of 0": ({"population": 0}, "population-number"),
    "one N for strata": ({"strata": list("aaaaabbbbb"), "population": 50}, "population-one"),
    "N lacks one": ({"strata": list("aaaaabbbbb"), "population": {"a": 50}}, "population-missing"),
    "N below n in one": ({"strata": list("aaaaabbbbb"), "population": {"a": 50, "b": 4}}, "population-small"),
    "uneven N": ({"population": [50.0] * 9 + [40.0]}, "population-uneven"),
    "cluster across": ({"strata": list("aaaaabbbbb"), "clusters": list("1122334455")}, "cluster-across"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_design_is_refused_by_name(name: str) -> None:
    given, rule = WRONG[name]
    index = pd.RangeIndex(10)
    options = {
        key: pd.Series(value, index=index, dtype="str" if key in ("strata", "clusters") else float)
        if isinstance(value, list)
        else value
        for key, value in given.items()
    }
    with pytest.raises(InputError, match=rule):
        sample_of(index, **options)


def test_every_mistake_at_once() -> None:
    weights = pd.Series([-1.0, np.inf, *[1.0] * 8])
    strata = pd.Series([None, *"aaaaaaaaa"], dtype="str")
    with pytest.raises(InputError) as caught:
        sample_of(weights.index, weights=weights, strata=strata)
    assert {problem.rule for problem in caught.value.problems} == {
        "weight-negative",
        "weight-infinite",
        "strata-missing",
    }


def test_models_that_cannot_be_fitted() -> None:
    data = api("srs")
    with pytest.raises(FitError) as separated:
        designed_logit(data["api00"].gt(600).astype(float), data[["api00"]], weights=data["pw"])
    assert separated.value.failure == "separation"
    with pytest.raises(InputError, match="not-binary"):
        designed_logit(data["api00"], data[["ell"]])
    with pytest.raises(InputError, match="few-units"):
        designed_linear(data["api00"], data[["ell"]], clusters=data["wide"])
    with pytest.raises(FitError) as constant:
        designed_linear(data["api00"], data[["ell"]].assign(one=1.0), weights=data["pw"])
    assert constant.value.failure == "no variance"


def test_a_census_has_no_error() -> None:
    data = api("srs").iloc[:40]
    fit = designed_linear(data["api00"], data[["ell"]], population=40)
    assert fit.standard_errors == pytest.approx(0, abs=1e-12)


def test_rows_that_stand_twice_are_told() -> None:
    rng = np.random.default_rng(4)
    data = pd.DataFrame(rng.normal(size=(40, 8)), columns=list("yabcdefg"))
    data = pd.concat([data, data.iloc[:3]], ignore_index=True)
    assert "3 rows equal another one" in designed_linear(data["y"], data.drop(columns="y")).sentence("en")
