"""The pieces of an imputation that are exact: a draw given its random numbers, donors, augmented rows, modes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from clustergov.analysis.missing.augmentation import augmented
from clustergov.analysis.missing.categorical_draw import CumulativeRows, impute_categories, mode
from clustergov.analysis.missing.linear_draw import LinearPosterior, impute_normal
from clustergov.analysis.missing.matching import match, nearest

REFERENCE = Path(__file__).parents[2] / "reference"
EXPECTED = pd.read_csv(REFERENCE / "imputation.csv", dtype={"term": str}).fillna({"term": ""})


def expected(case: str, quantity: str) -> np.ndarray:
    return EXPECTED[(EXPECTED["case"] == case) & (EXPECTED["quantity"] == quantity)]["value"].to_numpy()


def test_a_draw_given_its_random_numbers() -> None:
    data = pd.read_csv(REFERENCE / "imputation-draw.csv")
    X = np.column_stack([data[["age", "size", "i1"]].to_numpy(float), np.ones(len(data))])
    posterior = LinearPosterior.of(np.stack([X, X]), data["result"].to_numpy(float))
    beta, sigma = posterior.drawn(np.array([270.5, 270.5]), np.array([[0.3, -1.1, 0.8, 0.25]] * 2))
    np.testing.assert_allclose(posterior.coefficients[1], expected("draw", "coefficient"), rtol=1e-10)
    np.testing.assert_allclose(sigma, expected("draw", "sigma")[0], rtol=1e-12)
    np.testing.assert_allclose(beta[1], expected("draw", "drawn"), rtol=1e-10)


def test_draws_have_the_posterior_as_their_distribution() -> None:
    rng = np.random.default_rng(3)
    X = np.column_stack([rng.normal(size=40), np.ones(40)])
    y = X @ [2.0, 1.0] + rng.normal(size=40)
    m = 20_000
    posterior = LinearPosterior.of(np.repeat(X[None], m, axis=0), y)
    beta, sigma = posterior.draw(rng)
    # β* has mean b and covariance E[σ*²] (X'X)⁻¹ with E[σ*²] = RSS / (df − 2); 20,000 draws tell it to about 1 %.
    assert (sigma**2).mean() == pytest.approx(posterior.residual[0] / 36, rel=0.02)
    np.testing.assert_allclose(np.cov(beta.T), (sigma**2).mean() * np.linalg.inv(X.T @ X), atol=0.03 * 0.03)
    np.testing.assert_allclose(beta.mean(axis=0), posterior.coefficients[0], atol=0.006)


def test_nearest_are_the_nearest() -> None:
    rng = np.random.default_rng(5)
    predictions, targets = rng.normal(size=(3, 60)), rng.normal(size=(3, 17)) * 2
    found = nearest(predictions, targets, rng.random((3, 60)))
    for chain in range(3):
        for row in range(17):
            away = np.abs(predictions[chain] - targets[chain, row])
            assert set(found[chain, row]) == set(np.argsort(away)[:5])


def test_equal_predictions_take_turns() -> None:
    rng = np.random.default_rng(6)
    found = nearest(np.zeros((400, 20)), np.zeros((400, 1)), rng.random((400, 20)))
    share = np.bincount(found.ravel(), minlength=20) / found.size
    # 400 × 5 donors of 20 at random: each has 100 on average, with a standard deviation below 10.
    assert np.abs(share * 2000 - 100).max() < 45


def test_fewer_rows_than_donors() -> None:
    found = nearest(np.array([[1.0, 2.0, 3.0]]), np.array([[0.0, 9.0]]), np.zeros((1, 3)))
    assert [set(row) for row in found[0]] == [{0, 1, 2}, {0, 1, 2}]


def test_a_match_is_an_observed_row_that_lies_near() -> None:
    x = np.linspace(0, 1, 201)
    X = np.repeat(np.column_stack([x, np.ones(201)])[None], 4, axis=0)
    wanted = X[:, [20, 180]]
    rng = np.random.default_rng(7)
    found = match(X, 3 * x + 0.01 * rng.normal(size=201), wanted, rng)
    assert found.shape == (4, 2)
    assert (np.abs(found - [20, 180]) <= 6).all()


def test_normal_values_follow_their_model() -> None:
    rng = np.random.default_rng(8)
    x = rng.normal(size=300)
    X = np.repeat(np.column_stack([x, np.ones(300)])[None], 200, axis=0)
    filled = impute_normal(X, 2 * x + rng.normal(size=300), X[:, :50], rng)
    assert (filled - 2 * x[:50]).std() == pytest.approx(1, abs=0.1)


def test_augmented_rows_are_those_of_mice() -> None:
    whole = pd.read_csv(REFERENCE / "imputation-augment.csv")
    made = pd.read_csv(REFERENCE / "imputation-augmented.csv")
    rows, places, weight = augmented(whole[["age", "size"]].to_numpy(float)[None], 2)
    np.testing.assert_allclose(rows[0], made[["age", "size"]], rtol=1e-12)
    np.testing.assert_array_equal(places, made["place"])
    assert weight == pytest.approx(made["weight"][0], rel=1e-14)


@pytest.mark.parametrize(
    ("case", "outcome", "columns"),
    [("augmented logit", "member", ["age", "size"]), ("augmented ordinal", "result", ["age", "size", "member"])],
)
def test_modes_agree_with_glm_and_clm(case: str, outcome: str, columns: list[str]) -> None:
    whole = pd.read_csv(REFERENCE / "imputation-augment.csv")
    X = whole[columns].to_numpy(float)
    centre, spread = X.mean(axis=0), X.std(axis=0)
    Z = (X - centre) / spread
    _, places = np.unique(whole[outcome], return_inverse=True)
    J = int(places.max()) + 1
    phi, information = mode(CumulativeRows.of(np.stack([Z, Z]), places, J))
    # Back to the units of the data: β = b / s and θ = t + Σ b m / s.
    back = np.zeros((phi.shape[1], phi.shape[1]))
    back[: J - 1, : J - 1] = np.eye(J - 1)
    back[: J - 1, J - 1 :] = centre / spread
    back[J - 1 :, J - 1 :] = np.diag(1 / spread)
    estimates, covariance = back @ phi[1], back @ np.linalg.inv(information[1]) @ back.T
    if J == 2:
        estimates[0] *= -1  # glm's constant is minus the threshold
    np.testing.assert_allclose(estimates, expected(case, "estimate"), rtol=1e-8)
    np.testing.assert_allclose(np.sqrt(np.diag(covariance)), expected(case, "standard_error"), rtol=1e-8)


def test_slopes_are_those_of_the_likelihood() -> None:
    rng = np.random.default_rng(9)
    rows = CumulativeRows.of(rng.normal(size=(2, 50, 3)), np.sort(rng.integers(0, 4, 50)), 4)
    phi = np.concatenate([np.tile([-1.0, 0.2, 1.1], (2, 1)), rng.normal(size=(2, 3)) * 0.3], axis=1)
    gradient, information = rows.slopes(phi)
    step = 1e-5
    for at in range(6):
        up, down = phi.copy(), phi.copy()
        up[:, at] += step
        down[:, at] -= step
        np.testing.assert_allclose(
            (rows.value(up) - rows.value(down)) / (2 * step), gradient[:, at], rtol=1e-6, atol=1e-6
        )
        curved = (rows.slopes(up)[0] - rows.slopes(down)[0]) / (2 * step)
        np.testing.assert_allclose(-curved, information[:, at], rtol=1e-5, atol=1e-5)


def test_separation_stays_finite_and_uncertain() -> None:
    x = np.linspace(-1, 1, 60)
    rng = np.random.default_rng(10)
    X = np.repeat(x[None, :, None], 50, axis=0)
    places = (x > 0).astype(int)
    filled, found = impute_categories(X, places, np.repeat(np.array([[[-0.9], [0.0], [0.9]]]), 50, axis=0), 2, rng)
    assert np.isfinite(found).all()
    assert np.abs(found).max() < 50
    share = filled.mean(axis=0)
    assert share[0] < 0.1
    assert 0.2 < share[1] < 0.8
    assert share[2] > 0.9
