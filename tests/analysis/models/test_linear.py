"""The linear model with HC3 errors and t against R's lm, sandwich and lmtest, and designs that it must refuse."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from clustergov.analysis.models.design import FitError
from clustergov.analysis.models.linear import LinearFit, linear_model
from clustergov.analysis.models.wald import CONSTANT

REFERENCE = Path(__file__).parents[2] / "reference"
# Least squares by QR on both sides; R does not centre `a` (years near 2000), which costs it a few digits.
RTOL = 1e-9


def fitted(name: str) -> LinearFit:
    frame = pd.read_csv(REFERENCE / f"linear-{name}.csv")
    return linear_model(frame["y"], frame.drop(columns="y"))


def quantity(fit: LinearFit, name: str, term: str) -> float:
    if not term:
        return float(getattr(fit, name))
    term = CONSTANT if term == "(Intercept)" else term
    if name == "covariance":
        return float(fit.covariance[0, fit.terms.index(term) if term in fit.terms else -1])
    column, _, level = name.partition("0.")
    return float(fit.frame(float(f"0.{level or 95}")).set_index("term").loc[term, column])


@pytest.mark.parametrize("name", ["own", "small"])
def test_equals_r(name: str) -> None:
    fit = fitted(name)
    rows = pd.read_csv(REFERENCE / "linear.csv", keep_default_na=False).query("data == @name")
    assert len(rows) > 20
    for row in rows.itertuples():
        assert quantity(fit, row.quantity, row.term) == pytest.approx(row.value, rel=RTOL), row


def test_input_is_unchanged_and_lost_rows_are_counted() -> None:
    frame = pd.read_csv(REFERENCE / "linear-own.csv")
    before = frame.copy(deep=True)
    fit = linear_model(frame["y"], frame.drop(columns="y"))
    pd.testing.assert_frame_equal(frame, before)
    assert (fit.n, fit.lost) == (117, 3)
    table = fit.frame().set_index("term")
    assert fit.p("a") == table.loc["a", "p"]
    assert (fit.interval("a").low, fit.interval("a").high) == (table.loc["a", "low"], table.loc["a", "high"])


def test_hc3_is_the_jackknife() -> None:
    """Each row left out in turn moves the coefficients by (X'X)⁻¹ x e / (1 − h): their outer products add up to HC3."""
    frame = pd.read_csv(REFERENCE / "linear-small.csv")
    X = np.column_stack([frame[["a", "b"]] - frame[["a", "b"]].mean(), np.ones(len(frame))])
    whole = np.linalg.lstsq(X, frame["y"], rcond=None)[0]
    moved = [
        whole - np.linalg.lstsq(np.delete(X, i, 0), np.delete(frame["y"].to_numpy(), i), rcond=None)[0]
        for i in range(len(X))
    ]
    expected = np.sqrt((np.array(moved) ** 2).sum(axis=0))[:2]
    assert fitted("small").standard_errors == pytest.approx(expected, rel=1e-8)


def test_unequal_variances_are_covered() -> None:
    """40 rows, a group of 8 with the larger variance: the nominal 5 % of rejections stays below 9 %, classically 19 %."""
    rng = np.random.default_rng(11)
    group = pd.DataFrame({"group": np.repeat([1.0, 0.0], [8, 32])})
    noise = rng.normal(size=(600, 40)) * np.repeat([3.0, 1.0], [8, 32])
    rejected = [linear_model(pd.Series(row), group).p("group") < 0.05 for row in noise]
    assert 0.03 < np.mean(rejected) < 0.09  # standard error of the share 0.01


RNG = np.random.default_rng(5)
SHARES = pd.DataFrame(RNG.dirichlet(np.ones(4), 50) * 100, columns=["fees", "sales", "public", "other"]).round(0)
SHARES["other"] = 100 - SHARES[["fees", "sales", "public"]].sum(axis=1)
Y = pd.Series(RNG.normal(size=50), name="y")


def test_a_composition_never_enters_whole() -> None:
    with pytest.raises(FitError) as caught:
        linear_model(Y, SHARES)
    assert caught.value.failure == "composition"
    assert set(caught.value.terms) == set(SHARES)
    assert "100" in caught.value.reason["nl"]
    assert "samenstelling" in caught.value.reason["nl"]
    assert linear_model(Y, SHARES.drop(columns="other")).n == 50


@pytest.mark.parametrize(
    ("failure", "predictors"),
    [
        ("composition", pd.DataFrame({"public": SHARES["public"], "private": 100 - SHARES["public"]})),
        ("composition", pd.DataFrame({"x": Y**2, **(SHARES / 100)})),
        ("collinear", SHARES[["fees", "sales"]].assign(both=SHARES["fees"] + SHARES["sales"])),
        ("collinear", SHARES[["fees"]].assign(twice=2 * SHARES["fees"])),
        ("no variance", SHARES[["fees"]].assign(one=1.0)),
        ("leverage", SHARES[["fees"]].assign(single=[1.0] + [0.0] * 49)),
        ("not numeric", SHARES[["fees"]].assign(name="x")),
    ],
)
def test_refuses_with_the_reason(failure: str, predictors: pd.DataFrame) -> None:
    with pytest.raises(FitError) as caught:
        linear_model(Y, predictors)
    assert caught.value.failure == failure


def test_too_few_rows() -> None:
    with pytest.raises(FitError, match="at least 5") as caught:
        linear_model(Y[:4], SHARES[["fees", "sales", "public"]][:4])
    assert caught.value.failure == "too few"


def test_sentences_carry_the_fields() -> None:
    fit = fitted("own")
    assert "n = 117; 3 rows" in fit.sentence("en")
    assert "n = 117; 3 rijen" in fit.sentence("nl")
    assert "112" in fit.sentence("nl")
