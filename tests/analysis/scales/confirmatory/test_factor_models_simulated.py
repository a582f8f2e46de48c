"""Tests and intervals on drawn data of which the truth is known: they must be about as often wrong as they say."""

from __future__ import annotations

import os

import numpy as np
import pandas as pd
import pytest

from clustergov.analysis.scales.confirmatory.factor_model import Estimator
from clustergov.analysis.scales.confirmatory.fitting import factor_model
from clustergov.analysis.scales.confirmatory.invariance import invariance

DRAWS = min(int(os.environ.get("CLUSTERGOV_DRAWS", "60")), 1000)
MODEL = "f =~ a + b + c + d"


def draw(rng: np.random.Generator, n: int, *, heavy: bool, ordinal: bool) -> pd.DataFrame:
    X = 0.7 * rng.normal(size=(n, 1)) + 0.71 * rng.normal(size=(n, 4))
    if heavy:  # a common scale for each row: the same correlations, kurtosis far from normal
        X = X / np.sqrt(rng.chisquare(7, size=(n, 1)) / 7)
    if ordinal:
        X = np.digitize(X, [-0.8, 0.1, 0.9]) + 1.0
    return pd.DataFrame(X, columns=list("abcd"))


@pytest.mark.parametrize(("estimator", "heavy"), [("ML", False), ("MLR", True), ("WLSMV", False)])
def test_rejects_a_true_model_as_often_as_it_says(estimator: Estimator, heavy: bool) -> None:
    rng = np.random.default_rng(20261122)
    p, inside = [], []
    for _ in range(DRAWS):
        frame = draw(rng, 400, heavy=heavy, ordinal=estimator == "WLSMV")
        found = factor_model(MODEL, frame, estimator=estimator)
        p.append(found.judged.p)
        row = found.frame().query("rhs == 'b' and op == '=~'").iloc[0]
        inside.append(row["low"] <= 1 <= row["high"])
    # Four binomial standard errors about 5 % and 95 %, and 2 points for what 400 rows leave of the asymptotics.
    spread = 4 * np.sqrt(0.05 * 0.95 / DRAWS) + 0.02
    assert np.mean(np.array(p) < 0.05) <= 0.05 + spread
    assert np.mean(inside) >= 0.95 - spread
    assert np.mean(p) == pytest.approx(0.5, abs=4 * np.sqrt(1 / 12 / DRAWS) + 0.03)


def test_ml_rejects_too_often_where_mlr_does_not() -> None:
    rng = np.random.default_rng(3)
    frames = [draw(rng, 400, heavy=True, ordinal=False) for _ in range(40)]
    plain = [factor_model(MODEL, frame).test.chi_square for frame in frames]
    robust = [factor_model(MODEL, frame, estimator="MLR").judged.chi_square for frame in frames]
    assert np.mean(plain) > np.mean(robust)
    assert np.mean(robust) == pytest.approx(2, abs=1.3)  # df = 2; error of the mean of 40: 0.32


@pytest.mark.parametrize("estimator", ["MLR", "WLSMV"])
def test_a_shifted_item_is_found_at_equal_intercepts_and_not_before(estimator: Estimator) -> None:
    rng = np.random.default_rng(11)
    frame = 0.7 * rng.normal(size=(1600, 1)) + 0.71 * rng.normal(size=(1600, 4))
    team = np.where(np.arange(1600) % 2, "x", "y")
    frame[team == "x", 2] += 0.4
    if estimator == "WLSMV":
        frame = np.digitize(frame, [-0.9, 0.0, 0.9]) + 1.0
    found = invariance(MODEL, pd.DataFrame(frame, columns=list("abcd")), pd.Series(team), estimator=estimator)
    p = found.frame().set_index("level")["difference_p"]
    assert p["metric"] > 0.001
    assert p["scalar"] < 1e-6
