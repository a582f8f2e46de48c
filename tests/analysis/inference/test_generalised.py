"""Inference for generalised linear models; CR2's numbers of a logit are held against clubSandwich in tests/conformance."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit

from clustergov.analysis.inference.generalised import infer_generalised
from clustergov.analysis.inference.policy import infer

TERMS = ["x", "z"]


def logit(X: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    b = np.zeros(X.shape[1])
    for _ in range(30):
        mean = expit(X @ b)
        b += np.linalg.solve(X.T @ (X * (mean * (1 - mean))[:, None]), X.T @ (y - mean))
    return b, expit(X @ b)


def rows(groups: int = 10) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(5)
    labels = np.arange(200) % groups
    X = np.column_stack([rng.normal(size=200), labels < groups // 2, np.ones(200)]).astype(float)
    return X, (rng.random(200) < expit(X[:, 0] + 0.4 * rng.normal(size=groups)[labels])).astype(float), labels


@pytest.mark.parametrize("grouped", [False, True])
def test_a_linear_model_is_the_linear_policy(grouped: bool) -> None:
    X, _, labels = rows()
    y = X[:, 0] + np.random.default_rng(1).normal(size=200)
    b = np.linalg.lstsq(X, y, rcond=None)[0]
    ones, given = np.ones(200), labels if grouped else None
    found = infer_generalised(b, X[:, :2], y - X @ b, ones, ones, TERMS, given)
    expected = infer(y, X[:, :2], TERMS, given)
    assert found.methods == expected.methods
    np.testing.assert_allclose(found.p, expected.p, rtol=1e-8)
    np.testing.assert_allclose(found.low, expected.low, rtol=1e-8)


def test_a_logit_by_group() -> None:
    X, y, labels = rows()
    b, mean = logit(X, y)
    kept = X.copy(), y.copy()
    found = infer_generalised(b, X[:, :2], y - mean, mean * (1 - mean), mean * (1 - mean), TERMS, labels)
    for before, now in zip(kept, (X, y), strict=True):
        np.testing.assert_array_equal(before, now)
    assert set(found.methods) <= {"CR2", "CR3"}
    np.testing.assert_array_equal(found.estimates, b[:2])
    assert (found.low < b[:2]).all()
    assert (b[:2] < found.high).all()
    assert "not linear" in found.sentence("en")


def test_one_treated_group_is_not_tested() -> None:
    X, y, labels = rows()
    X[:, 1] = labels == 3
    b, mean = logit(X, y)
    found = infer_generalised(b, X[:, :2], y - mean, mean * (1 - mean), mean * (1 - mean), TERMS, labels)
    assert found.methods[1] == "none"
    assert np.isnan(found.standard_errors[1])
    assert "nan" not in found.sentence("en").lower()


def test_a_true_null_is_rejected_in_few_draws() -> None:
    X, _, labels = rows()
    rng = np.random.default_rng(7)
    rejected = []
    for _ in range(60):
        y = (rng.random(200) < expit(-0.4 + 0.6 * rng.normal(size=10)[labels])).astype(float)
        b, mean = logit(X[:, [1, 2]], y)
        v = mean * (1 - mean)
        rejected.append(infer_generalised(b, X[:, 1:2], y - mean, v, v, ["z"], labels).p[0] <= 0.05)
    # Three standard errors of a share of .05 in 60 draws.
    assert np.mean(rejected) <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 60)
