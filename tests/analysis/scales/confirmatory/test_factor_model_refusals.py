"""Data and models that cannot be fitted: each refused by name; improper solutions told as cautions."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from clustergov.analysis.scales.confirmatory.factor_model import Estimator
from clustergov.analysis.scales.confirmatory.failure import ModelError
from clustergov.analysis.scales.confirmatory.fitting import factor_model
from clustergov.analysis.scales.confirmatory.marker import marker_check

MODEL = "f =~ a + b + c\ng =~ d + e + h"


def answers(n: int = 300, *, seed: int = 1, categories: int = 0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    f = rng.multivariate_normal([0, 0], [[1, 0.4], [0.4, 1]], n)
    X = np.column_stack([f[:, [0]]] * 3 + [f[:, [1]]] * 3) * 0.75 + rng.normal(size=(n, 6)) * 0.66
    frame = pd.DataFrame(X, columns=list("abcdeh"))
    if categories:
        cuts = np.linspace(-1, 1, categories - 1)
        frame = frame.apply(lambda column: pd.Series(np.digitize(column, cuts) + 1.0))
    frame["team"] = np.where(np.arange(n) % 2, "x", "y")
    return frame


def changed(change: Callable[[pd.DataFrame], object], **options: int) -> pd.DataFrame:
    frame = answers(**options)
    change(frame)
    return frame


def set_to(name: str, value: object, rows: slice = slice(None)) -> Callable[[pd.DataFrame], object]:
    def change(frame: pd.DataFrame) -> None:
        frame[name] = frame[name].astype(object) if isinstance(value, str) else frame[name]
        frame.iloc[rows, frame.columns.get_loc(name)] = value

    return change


def one_team_constant(frame: pd.DataFrame) -> None:
    frame.loc[frame["team"] == "x", "b"] = 3.0


def no_top_category(frame: pd.DataFrame) -> None:
    frame.loc[(frame["team"] == "x") & (frame["c"] == 4), "c"] = 3.0


def small_team(frame: pd.DataFrame) -> None:
    frame["team"] = np.where(np.arange(len(frame)) < 4, "x", "y")


def sums(frame: pd.DataFrame) -> None:
    frame["c"] = frame["a"] + frame["b"]


def copy(frame: pd.DataFrame) -> None:
    frame["c"] = frame["a"]


def nearly_a_copy(frame: pd.DataFrame) -> None:
    frame["c"] = frame["a"] * 2 - 1


CASES: list[tuple[str, str, pd.DataFrame, Estimator, bool, tuple[str, ...]]] = [
    ("unknown item", MODEL.replace("h", "zz"), answers(), "ML", False, ("zz",)),
    ("not numeric", MODEL, changed(set_to("a", "often")), "ML", False, ("a",)),
    ("infinite", MODEL, changed(set_to("a", np.inf, slice(0, 1))), "MLR", False, ("a",)),
    ("all missing", MODEL, changed(set_to("d", np.nan)), "WLSMV", False, ("d",)),
    ("no complete row", MODEL, changed(lambda f: (set_to("a", np.nan, slice(0, 150))(f), set_to("b", np.nan, slice(150, 300))(f))), "ML", False, ()),
    ("constant", MODEL, changed(set_to("e", 3.0)), "ML", False, ("e",)),
    ("constant in group", MODEL, changed(one_team_constant, categories=4), "WLSMV", True, ("b",)),
    ("duplicated item", MODEL, changed(copy), "ML", False, ("a", "c")),
    ("singular", MODEL, changed(sums), "ML", False, ("a", "b", "c")),
    ("too few", MODEL, answers(5), "ML", False, ()),
    ("few rows", MODEL, answers(9), "ML", False, ()),
    ("small groups", MODEL, changed(small_team), "ML", True, ("x (n < 5)",)),
    ("one group", MODEL, changed(set_to("team", "x")), "ML", True, ("x",)),
    ("many categories", MODEL, answers(), "WLSMV", False, tuple("abcdeh")),
    ("empty category", MODEL, changed(no_top_category, categories=4), "WLSMV", True, ("c",)),
    ("perfect correlation", MODEL, changed(nearly_a_copy, categories=4), "WLSMV", False, ("a", "c")),
    ("one item", "f =~ a", answers(), "MLR", False, ("a",)),
    ("negative df", "f =~ a + b", answers(), "ML", False, ()),
    ("not identified", "f =~ NA*a + b + c + d", answers(), "ML", False, ()),
    ("not identified", "f =~ a + b\ng =~ d + e + h\nf ~~ 0*g", answers(), "ML", False, ()),
    ("not identified", "f =~ a + b\ng =~ d + e + h\nf ~~ 0*g", answers(categories=4), "WLSMV", False, ()),
]  # fmt: skip


@pytest.mark.parametrize(("failure", "model", "frame", "estimator", "grouped", "terms"), CASES)
def test_refuses_by_name(
    failure: str, model: str, frame: pd.DataFrame, estimator: Estimator, grouped: bool, terms: tuple[str, ...]
) -> None:
    with pytest.raises(ModelError) as caught:
        factor_model(model, frame, estimator=estimator, group=frame["team"] if grouped else None)
    assert caught.value.failure == failure
    assert not terms or caught.value.terms == terms
    for language in ("nl", "en"):
        said = caught.value.reason[language]
        assert "nan" not in said.lower().split()
        assert said.count(".") >= 1
        assert all(term in said for term in terms)


def test_unidentified_parameters_are_named() -> None:
    with pytest.raises(ModelError) as caught:
        factor_model("f =~ a + b\ng =~ d + e + h\nf ~~ 0*g", answers())
    assert {"f =~ b", "f ~~ f"} <= set(caught.value.terms)


def test_polychoric_correlations_that_do_not_fit_together_are_refused() -> None:
    # Few answers to many two-way items: pairwise estimates then contradict each other.
    rng = np.random.default_rng(9)
    f = rng.normal(size=24)
    frame = pd.DataFrame({f"v{i}": (0.9 * f + 0.44 * rng.normal(size=24) > 0.2) * 1.0 for i in range(7)})
    with pytest.raises(ModelError) as caught:
        factor_model("f =~ " + " + ".join(frame), frame, estimator="WLSMV")
    assert caught.value.failure in ("not positive definite", "perfect correlation")


def test_lost_rows_are_counted() -> None:
    frame = answers()
    frame.loc[[3, 8], "a"] = np.nan
    frame.loc[8, "b"] = np.nan
    frame["team"] = frame["team"].astype(object)
    frame.loc[10, "team"] = None
    assert (factor_model(MODEL, frame).n, factor_model(MODEL, frame).lost) == (298, 2)
    found = factor_model(MODEL, frame, group=frame["team"])
    assert (found.n, found.lost, sum(found.sizes)) == (297, 3, 297)


def test_duplicated_rows_are_respondents_like_others() -> None:
    frame = answers()
    twice = factor_model(MODEL, pd.concat([frame, frame], ignore_index=True))
    once = factor_model(MODEL, frame)
    assert twice.estimates == pytest.approx(once.estimates, rel=1e-7)
    assert twice.test.chi_square == pytest.approx(2 * once.test.chi_square, rel=1e-9)


def test_a_heywood_case_is_told() -> None:
    S = np.array([[1, 0.9, 0.9, 0.1], [0.9, 1, 0.7, 0.1], [0.9, 0.7, 1, 0.1], [0.1, 0.1, 0.1, 1]])
    rng = np.random.default_rng(0)
    X = rng.normal(size=(200, 4))
    X = (X - X.mean(0)) @ np.linalg.inv(np.linalg.cholesky(np.cov(X.T, bias=True))).T @ np.linalg.cholesky(S).T
    found = factor_model("f =~ a + b + c + d", pd.DataFrame(X, columns=list("abcd")))
    assert found.r_squared.set_index("item").loc["a", "r_squared"] > 1
    assert "Heywood" in found.sentence("en")
    assert "Heywood" in found.sentence("nl")


def test_factors_that_coincide_are_told() -> None:
    frame = answers()
    frame[["d", "e", "h"]] += 2.0 * frame[["a", "b", "c"]].to_numpy()
    found = factor_model("f =~ a + b + d\ng =~ c + e + h", frame, estimator="ML")
    if abs(found.frame().set_index(["lhs", "op", "rhs"]).loc[("f", "~~", "g"), "standardized"]) >= 1:
        assert any("told apart" in caution["en"] for caution in found.cautions)


def test_few_rows_for_many_parameters_are_told() -> None:
    assert any("13" in caution["en"] for caution in factor_model(MODEL, answers(60)).cautions)


def test_a_saturated_model_is_said_to_tell_nothing() -> None:
    found = factor_model("f =~ a + b + c", answers(), estimator="MLR")
    assert found.test.df == 0
    assert "no degrees of freedom" in found.sentence("en")
    assert not found.fit_frame()[["p", "cfi", "rmsea"]].isna().to_numpy().any()


@pytest.mark.parametrize("estimator", ["ML", "MLR", "WLSMV"])
def test_recovers_a_known_truth(estimator: Estimator) -> None:
    frame = answers(20_000, categories=5 if estimator == "WLSMV" else 0, seed=3)
    found = factor_model(MODEL, frame, estimator=estimator).frame().set_index(["lhs", "op", "rhs"])
    for factor, item in zip("fffggg", "abcdeh", strict=True):
        truth = 0.75 / np.sqrt(0.75**2 + 0.66**2)
        assert found.loc[(factor, "=~", item), "standardized"] == pytest.approx(truth, abs=0.02)
    assert found.loc[("f", "~~", "g"), "standardized"] == pytest.approx(0.4, abs=0.03)


def test_a_marker_that_is_an_item_is_refused() -> None:
    with pytest.raises(ModelError) as caught:
        marker_check(MODEL, answers(), ["a"])
    assert caught.value.failure == "no marker"


def test_items_with_nothing_in_common_are_told() -> None:
    frame = pd.DataFrame(np.random.default_rng(1).normal(size=(100, 6)), columns=list("abcdeh"))
    found = factor_model("f =~ a + b + c\ng =~ d + e", frame)
    assert any("variance of f is negative" in caution["en"] for caution in found.improper)
    assert not any("told apart" in caution["en"] for caution in found.improper)


@pytest.mark.parametrize("estimator", ["ML", "MLR"])
@pytest.mark.parametrize("units", [(1e-6,), (1e-4, 1e5, 10.0, 1e3, 1e-3), (1e3, 1e-3, 1.0, 1e2, 1e-2, 1e-4)])
def test_units_of_the_items_change_nothing(estimator: Estimator, units: tuple[float, ...]) -> None:
    frame = answers().drop(columns="team")
    frame[["i", "j", "k"]] = answers(seed=2)[["a", "b", "c"]] + 0.5 * frame[["a", "d", "e"]].to_numpy()
    model = MODEL + "\nl =~ i + j + k\ntop =~ f + g + l"
    once, twice = (
        factor_model(model, frame * factor, estimator=estimator) for factor in (1.0, np.resize(units, frame.shape[1]))
    )
    assert twice.judged.chi_square == pytest.approx(once.judged.chi_square, rel=1e-6)
    assert twice.standardized == pytest.approx(once.standardized, abs=1e-6)


def test_factors_that_measure_each_other_are_refused() -> None:
    with pytest.raises(ModelError) as caught:
        factor_model("f =~ g + a + b + c\ng =~ f + d + e + h", answers())
    assert caught.value.failure == "no inverse"
    assert caught.value.terms == ("f", "g")
