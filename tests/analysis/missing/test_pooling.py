"""Rubin's rules against mice's pool.scalar and pool (tests/reference/imputation.R), and by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from clustergov.analysis.missing.joint_tests import pooled_statistics, wald_test
from clustergov.analysis.missing.pooling import Pooled, pool, pool_fits
from clustergov.analysis.models.linear import linear_model
from clustergov.problems import InputError

REFERENCE = Path(__file__).parents[2] / "reference"
EXPECTED = pd.read_csv(REFERENCE / "imputation.csv", dtype={"term": str}).fillna({"term": ""})
COMPLETE = {"nhanes": 22.0, "own-ordinal": 293.0, "own-linear": 296.0}
DIGITS = 1e-11


def pooled_case(case: str, df_complete: float | None = None) -> Pooled:
    tables = pd.read_csv(REFERENCE / "imputation-tables.csv").query("case == @case")
    terms = list(dict.fromkeys(tables["term"]))
    k, m = len(terms), tables["table"].max()
    estimates = tables["estimate"].to_numpy().reshape(m, k)
    covariances = tables[[f"with{at}" for at in range(1, k + 1)]].to_numpy().reshape(m, k, k)
    return pool(terms, estimates, covariances, df_complete=COMPLETE[case] if df_complete is None else df_complete)


@pytest.mark.parametrize("case", list(COMPLETE))
def test_agrees_with_mice(case: str) -> None:
    found = pooled_case(case)
    frame = found.frame().set_index("term")
    frame["qbar"], frame["ubar"], frame["b"] = found.estimates, np.diag(found.within), np.diag(found.between)
    frame["t"], frame["r"] = frame["standard_error"] ** 2, frame["riv"]
    expected = EXPECTED[(EXPECTED["case"] == case) & ~EXPECTED["quantity"].str.startswith("D1")]
    assert len(expected) == 8 * len(frame)
    for row in expected.to_dict("records"):
        assert frame.loc[row["term"], row["quantity"]] == pytest.approx(row["value"], rel=DIGITS), row


def test_agrees_with_the_table_of_pool() -> None:
    frame = pooled_case("nhanes").frame().set_index("term")
    expected = EXPECTED[EXPECTED["case"] == "nhanes-pool"]
    for row in expected[expected["quantity"].isin(["estimate", "df", "riv", "lambda", "fmi"])].to_dict("records"):
        assert frame.loc[row["term"], row["quantity"]] == pytest.approx(row["value"], rel=DIGITS), row


@pytest.mark.parametrize("case", list(COMPLETE))
@pytest.mark.parametrize("suffix", ["", "-large"])
def test_the_joint_test_of_all_coefficients(case: str, suffix: str) -> None:
    found = wald_test(pooled_case(case, np.inf if suffix else None))
    expected = EXPECTED[(EXPECTED["case"] == case) & (EXPECTED["quantity"] == f"D1{suffix}")].set_index("term")["value"]
    ours = {"F": found.F, "df": found.df_residual, "riv": found.riv, "p": found.p}
    for name, value in ours.items():
        assert value == pytest.approx(expected[name], rel=1e-10), name


def test_statistics_alone() -> None:
    found = pooled_statistics([11.2, 9.7, 14.9, 12.3, 8.8, 13.1], 3)
    expected = EXPECTED[EXPECTED["quantity"] == "D2"].set_index("term")["value"]
    assert (found.F, found.df_residual) == pytest.approx((expected["F"], expected["df"]), rel=DIGITS)


def test_one_coefficient_is_the_squared_t() -> None:
    found = pooled_case("own-linear", np.inf)
    one = wald_test(found, ["age"])
    at = found.terms.index("age")
    squared = (found.estimates[at] / found.standard_errors[at]) ** 2
    assert pytest.approx(float(squared), rel=1e-12) == one.F


def test_three_tables_by_hand() -> None:
    # Q = 1, 2, 3 and U = 1: Q̄ = 2, B = 1, T = 1 + 4/3 = 7/3, r = 4/3, λ = 4/7, ν = 2 (7/4)² = 6.125.
    found = pool(["x"], np.array([[1.0], [2.0], [3.0]]), np.ones((3, 1)))
    assert found.estimates[0] == 2
    assert found.standard_errors[0] ** 2 == pytest.approx(7 / 3)
    assert found.df[0] == pytest.approx(6.125)
    assert found.fmi[0] == pytest.approx((4 / 3 + 2 / 9.125) / (7 / 3))


def test_without_differences_the_complete_degrees_of_freedom_remain() -> None:
    found = pool(["x"], np.full((5, 1), 2.0), np.ones((5, 1)), df_complete=40)
    assert found.df[0] == pytest.approx(41 / 43 * 40)
    assert found.lambdas[0] == 0
    assert wald_test(found).riv == 0


def test_fits_are_pooled_as_they_are() -> None:
    rng = np.random.default_rng(2)
    tables = [pd.DataFrame(rng.normal(size=(30, 3)), columns=list("yxz")) for _ in range(4)]
    fits = [linear_model(table["y"], table[["x", "z"]]) for table in tables]
    found = pool_fits(fits)
    assert found.terms == ("x", "z")
    assert found.df_complete == 27
    assert found.estimates[0] == pytest.approx(np.mean([fit.estimates[0] for fit in fits]))
    with pytest.raises(ValueError, match="same terms"):
        pool_fits([*fits, linear_model(tables[0]["y"], tables[0][["x"]])])


@pytest.mark.parametrize(
    ("estimates", "variances"),
    [([[1.0]], [[1.0]]), ([[1.0], [np.nan]], [[1.0], [1.0]]), ([[1.0], [2.0]], [[1.0], [0.0]])],
)
def test_what_cannot_be_pooled_is_refused(estimates: list[list[float]], variances: list[list[float]]) -> None:
    with pytest.raises(InputError):
        pool(["x"], np.array(estimates), np.array(variances))


def test_too_few_tables_for_a_joint_test() -> None:
    found = pool(["x", "z"], np.array([[1.0, 2.0], [2.0, 1.0], [1.5, 1.0]]), np.ones((3, 2)), df_complete=50)
    with pytest.raises(InputError, match="more than 3 imputations"):
        wald_test(found)
    with pytest.raises(InputError, match="no-terms"):
        wald_test(found, [])


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_sentence_tells_tables_interval_and_missing_information(language: str) -> None:
    told = pooled_case("nhanes").sentence(language)
    assert "20" in told
    assert "interval" in told
    assert "%" in told
