"""Variances by group: the jackknife, groups of one row, absorbed groups; R's numbers stand in tests/conformance."""

from __future__ import annotations

import numpy as np
import pytest

from clustergov.analysis.inference.cluster_robust import cluster_robust
from clustergov.analysis.inference.heteroskedasticity import heteroskedastic, specifications
from clustergov.analysis.inference.regressors import coded, group_sums, regressors
from clustergov.analysis.inference.sandwich import moments, moments_of
from clustergov.analysis.inference.wald import wald


def rows(n: int = 30, groups: int = 6) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(n)
    codes = rng.permutation(np.arange(n) % groups)
    X = np.column_stack([rng.normal(size=n), rng.normal(size=n) > 0, np.ones(n)])
    return X, X[:, 0] + rng.normal(size=n), codes


def test_cr3_is_the_jackknife_over_groups() -> None:
    X, y, labels = rows()
    before = X.copy(), y.copy(), labels.copy()
    codes, groups = coded(labels)
    design = regressors(X)
    whole = design.coefficients(y)
    moved = [whole - np.linalg.lstsq(X[codes != g], y[codes != g], rcond=None)[0] for g in range(groups)]
    jackknife = np.sum([np.outer(each, each) for each in moved], axis=0)
    robust = cluster_robust(design, codes, groups, "CR3")
    np.testing.assert_allclose(robust.covariance(design.residuals(y)), jackknife, rtol=1e-9)
    for kept, now in zip(before, (X, y, labels), strict=True):
        np.testing.assert_array_equal(kept, now)


@pytest.mark.parametrize(("grouped", "alone"), [("CR0", "HC0"), ("CR2", "HC2"), ("CR3", "HC3")])
def test_groups_of_one_row_are_independent_rows(grouped: str, alone: str) -> None:
    X, y, _ = rows()
    design = regressors(X)
    e = design.residuals(y)[:, None]
    by_group, by_row = cluster_robust(design, np.arange(30), 30, grouped), heteroskedastic(design, alone)
    np.testing.assert_allclose(by_group.variances(e), by_row.variances(e), rtol=1e-10)
    for left, right in zip(moments(by_group), moments(by_row), strict=True):
        assert left.df == pytest.approx(right.df, rel=1e-9)


def test_equal_weights_change_nothing() -> None:
    X, _, labels = rows()
    codes, groups = coded(labels)
    plain, weighted = regressors(X), regressors(X, np.full(30, 3.0))
    for kind in ("CR0", "CR2", "CR3"):
        left, right = cluster_robust(plain, codes, groups, kind), cluster_robust(weighted, codes, groups, kind)
        np.testing.assert_allclose(left.scores, right.scores, rtol=1e-8, atol=1e-12)


def test_scores_do_not_depend_on_the_order_of_rows() -> None:
    X, y, labels = rows()
    order = np.random.default_rng(1).permutation(30)
    found = []
    for place in (np.arange(30), order):
        codes, groups = coded(labels[place])
        design = regressors(X[place])
        robust = cluster_robust(design, codes, groups, "CR2")
        found.append(robust.variances(design.residuals(y[place])[:, None])[:, 0])
    np.testing.assert_allclose(found[0], found[1], rtol=1e-9)


def test_a_group_that_the_model_follows_has_no_score() -> None:
    X, _, labels = rows()
    codes, groups = coded(labels)
    X[:, 1] = codes == 2
    design = regressors(X)
    robust = cluster_robust(design, codes, groups, "CR2")
    assert np.isfinite(robust.scores).all()
    sums = group_sums((robust.scores[1] * 1.0)[:, None], codes, groups)
    assert abs(sums[2, 0]) < 1e-9


def test_rows_of_leverage_one_are_paid_for() -> None:
    X, _, _ = rows()
    X[:, 1] = np.arange(30) == 4
    design = regressors(X)
    robust = heteroskedastic(design, "HC3")
    assert np.isfinite(robust.scores).all()
    assert moments_of(robust, 1).ratio < 0.2


def test_one_contrast_is_the_square_of_t() -> None:
    X, y, labels = rows()
    codes, groups = coded(labels)
    design = regressors(X)
    robust = cluster_robust(design, codes, groups, "CR2")
    found = wald(robust, np.eye(3)[:1], y)
    t = design.coefficients(y)[0] / np.sqrt(robust.variance(0, design.residuals(y)[:, None])[0])
    assert found.statistic == pytest.approx(t**2, rel=1e-9)
    assert found.denominator == pytest.approx(moments_of(robust, 0).df, rel=1e-9)


def test_too_many_contrasts_for_the_groups_have_no_p() -> None:
    X, y, _ = rows()
    codes, groups = coded(np.arange(30) % 2)
    design = regressors(X)
    found = wald(cluster_robust(design, codes, groups, "CR2"), np.eye(3)[:2], y)
    assert found.p is None or found.denominator > 0


def test_specifications_in_one_go_are_those_one_by_one() -> None:
    X, y, _ = rows()
    others = np.random.default_rng(3).normal(size=(4, 30))
    stack = np.stack([np.column_stack([X[:, 0], each, np.ones(30)]) for each in others])
    estimates, errors, leverage = specifications(np.tile(y, (4, 1)), stack)
    for at, matrix in enumerate(stack):
        design = regressors(matrix)
        robust = heteroskedastic(design, "HC3")
        assert estimates[at] == pytest.approx(design.coefficients(y)[0], rel=1e-10)
        assert errors[at] ** 2 == pytest.approx(robust.variance(0, design.residuals(y)[:, None])[0], rel=1e-10)
        assert leverage[at] == pytest.approx(design.leverage.max(), rel=1e-10)
