"""Residuals, influence, intervals and distances equal R's; leaving organisations out equals fitting without them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from clustergov.analysis.case_selection.distance import distances
from clustergov.analysis.case_selection.linear_modelled import linear_modelled
from clustergov.analysis.case_selection.modelled import Modelled
from clustergov.analysis.case_selection.ordinal_modelled import ordinal_modelled, probability_scale_residual
from clustergov.analysis.models.design import FitError
from clustergov.analysis.models.ordinal import cumulative_logit

FOLDER = Path(__file__).resolve().parents[2] / "reference"
OURS = ("deviance", "leverage", "cooks_distance", "predicted", "low", "high", "mean_low", "mean_high")


def reference() -> pd.DataFrame:
    return pd.read_csv(FOLDER / "case_selection.csv")


def fitted(name: str, level: float = 0.9) -> tuple[Modelled, pd.DataFrame]:
    table = pd.read_csv(FOLDER / f"case_selection-{name}.csv").astype(float)
    fit = ordinal_modelled if name == "ordinal" else linear_modelled
    found = fit(table["y"], table.drop(columns="y"), level)
    rows = reference()
    return found, rows[rows["data"] == name]


@pytest.mark.parametrize("name", ["own", "swiss"])
def test_linear_numbers_are_those_of_r(name: str) -> None:
    found, rows = fitted(name)
    frame = found.frame()
    for quantity in (*OURS, *(f"dfbetas_{term}" for term in found.terms)):
        theirs = rows.loc[rows["quantity"] == quantity, "value"].to_numpy()
        # Two ways through the same sums: QR there, the normal equations on standardised predictors here.
        np.testing.assert_allclose(frame[quantity], theirs, rtol=1e-9, atol=1e-11)


@pytest.mark.parametrize("name", ["own", "swiss"])
def test_the_prediction_for_new_values_is_that_of_r(name: str) -> None:
    found, rows = fitted(name)
    wide = rows.set_index(["quantity", "row"])["value"]
    for row in (1, 2):
        values = np.array([wide[f"new_{term}", row] for term in found.terms])
        told = found.predict(values)
        assert (told.low, told.high) == pytest.approx((wide["new_low", row], wide["new_high", row]), rel=1e-9)
        assert told.low < told.mean_low < told.value < told.mean_high < told.high


@pytest.mark.parametrize("name", ["own", "swiss"])
def test_distances_are_those_of_r(name: str) -> None:
    found, rows = fitted(name)
    for kind in ("mahalanobis", "gower"):
        ours = distances(found.predictors, kind)
        for quantity, value in rows[["quantity", "value"]].itertuples(index=False):
            if quantity.startswith(kind):
                one, other = (int(part) - 1 for part in quantity.split(" ")[1].split("-"))
                assert ours[one, other] == pytest.approx(value, rel=1e-9)


def test_ordinal_residuals_and_influence_are_those_of_polr() -> None:
    found, rows = fitted("ordinal", level=0.95)
    frame = found.frame()
    theirs = rows.loc[rows["quantity"] == "deviance", "value"].to_numpy()
    # polr stops at its own tolerance; ours is the maximum.
    np.testing.assert_allclose(found.deviance, theirs, atol=2e-6)
    left_out = rows[rows["quantity"].str.startswith("dfbetas") | (rows["quantity"] == "cooks_distance")]
    assert len(left_out) == 21
    for quantity, row, value in left_out[["quantity", "row", "value"]].itertuples(index=False):
        assert frame[quantity].iloc[row - 1] == pytest.approx(value, abs=5e-5)
    probabilities = rows.loc[rows["quantity"].str.startswith("probability"), "value"].to_numpy()
    told = found.predict(np.array([0.5, 3.0]))
    np.testing.assert_allclose(told.probabilities[:, 0], probabilities, atol=1e-6)
    assert (told.probabilities[:, 1] < told.probabilities[:, 0]).all()
    assert (told.probabilities[:, 2] > told.probabilities[:, 0]).all()


def test_ordinal_influence_is_the_fit_without_the_organisation() -> None:
    found, _ = fitted("ordinal", level=0.95)
    table = pd.read_csv(FOLDER / "case_selection-ordinal.csv").astype(float)
    whole = cumulative_logit(table["y"], table[["a", "b"]])
    for row in (0, 17, 119):
        rest = table.drop(index=row)
        without = cumulative_logit(rest["y"], rest[["a", "b"]])
        expected = (whole.estimates - without.estimates) / whole.standard_errors
        np.testing.assert_allclose(found.dfbetas[row], expected, atol=1e-8)


def test_probability_scale_residuals_of_a_known_distribution() -> None:
    """With probabilities .2, .3, .5: P(Y < y) − P(Y > y) is −.8, −.3 and .5, and their mean is 0."""
    p = np.tile([0.2, 0.3, 0.5], (3, 1))
    told = probability_scale_residual(p, np.array([0, 1, 2]))
    assert told == pytest.approx([-0.8, -0.3, 0.5])
    assert p[0] @ told == pytest.approx(0)


def test_residuals_of_the_fitted_model_have_mean_nought() -> None:
    found, _ = fitted("ordinal")
    assert found.deviance.mean() == pytest.approx(0, abs=0.01)


def test_the_only_answer_of_a_category_has_no_influence_to_be_told() -> None:
    rng = np.random.default_rng(3)
    x = rng.normal(size=60)
    y = np.digitize(x + rng.logistic(size=60), [-0.5, 1]).astype(float)
    y[np.argmax(y)] = 7
    y[(y == 7).argmax()] = 7
    found = ordinal_modelled(pd.Series(y, name="y"), pd.DataFrame({"x": x}))
    alone = y == 7
    assert alone.sum() == 1
    assert np.isnan(found.cooks_distance[alone]).all()
    assert np.isfinite(found.cooks_distance[~alone]).all()


def test_an_outcome_that_the_predictors_give_exactly_is_refused() -> None:
    x = np.arange(12.0)
    with pytest.raises(FitError) as caught:
        linear_modelled(pd.Series(3 + 2 * x, name="y"), pd.DataFrame({"x": x}))
    assert caught.value.failure == "nothing left"


def test_a_row_that_the_model_must_follow_is_refused() -> None:
    rng = np.random.default_rng(4)
    alone = np.r_[1.0, np.zeros(19)]
    with pytest.raises(FitError) as caught:
        linear_modelled(
            pd.Series(rng.normal(size=20), name="y"), pd.DataFrame({"alone": alone, "x": rng.normal(size=20)})
        )
    assert caught.value.failure == "leverage"


def test_prediction_intervals_hold_what_they_promise() -> None:
    """Under the model, 90% of new organisations lie within the interval: 4,000 draws, within four standard errors."""
    rng = np.random.default_rng(5)
    inside = 0
    for _ in range(200):
        x = rng.normal(size=(25, 2))
        y = 1 + x @ [0.5, -0.3] + rng.normal(size=25)
        found = linear_modelled(pd.Series(y, name="y"), pd.DataFrame(x, columns=["a", "b"]), 0.9)
        for _ in range(20):
            new = rng.normal(size=2)
            told = found.predict(new)
            inside += told.low <= 1 + new @ [0.5, -0.3] + rng.normal() <= told.high
    assert abs(inside / 4000 - 0.9) < 4 * np.sqrt(0.9 * 0.1 / 4000) + 0.01
