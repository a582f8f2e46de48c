"""The wild cluster bootstrap: against refitting every draw, its interval, and independent rows."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from clustergov.analysis.inference.cluster_robust import cluster_robust
from clustergov.analysis.inference.regressors import coded, regressors
from clustergov.analysis.inference.wild_bootstrap import Signs, all_signs, interval, p_values, restricted, signs


def rows() -> tuple[np.ndarray, np.ndarray, np.ndarray, int]:
    rng = np.random.default_rng(6)
    codes, groups = coded(np.repeat(np.arange(5), [3, 4, 5, 7, 9]))
    X = np.column_stack([rng.normal(size=28), rng.normal(size=28) > 0, np.ones(28)])
    return X, 0.3 * X[:, 0] + rng.normal(size=28) + rng.normal(size=5)[codes], codes, groups


def refitted(X: np.ndarray, y: np.ndarray, codes: np.ndarray, groups: int, null: float) -> float:
    design, other = regressors(X), np.delete(X, 0, axis=1)
    moved = y - null * X[:, 0]
    fitted = other @ np.linalg.lstsq(other, moved, rcond=None)[0]

    def statistic(outcome: np.ndarray) -> float:
        variance = cluster_robust(design, codes, groups, "CR0").variance(0, design.residuals(outcome)[:, None])[0]
        return float(design.coefficients(outcome)[0] ** 2 / variance)

    seen = statistic(moved)
    drawn = [statistic(fitted + np.array(v)[codes] * (moved - fitted)) for v in product((1, -1), repeat=groups)]
    return float(np.mean(np.array(drawn) >= seen * (1 - 1e-10)))


@pytest.mark.parametrize("null", [0.0, 0.4, -1.0])
def test_sums_per_group_are_the_refits(null: float) -> None:
    X, y, codes, groups = rows()
    sums = restricted(regressors(X), 0, codes, groups, np.column_stack([y, 2 * y]))
    found = p_values(sums, Signs(all_signs(groups), True), np.array([null, 2 * null]))
    assert found == pytest.approx([refitted(X, y, codes, groups, null)] * 2)


def test_the_interval_holds_what_is_not_rejected() -> None:
    rng = np.random.default_rng(1)
    codes, groups = coded(np.arange(120) % 12)
    X = np.column_stack([rng.normal(size=120), np.ones(120)])
    y = (X[:, 0] + rng.normal(size=120))[:, None]
    design = regressors(X)
    sums, drawn = restricted(design, 0, codes, groups, y), signs(groups, 999, rng)
    b, error = design.coefficients(y)[0], np.array([0.1])
    low, high = interval(sums, drawn, b, error, 0.95)
    assert low[0] < b[0] < high[0]
    for end, inwards in ((low, 1), (high, -1)):
        assert p_values(sums, drawn, end + inwards * 1e-4)[0] > 0.05
        assert p_values(sums, drawn, end - inwards * 1e-4)[0] <= 0.05


def test_interval_is_infinite_where_nothing_can_be_rejected() -> None:
    """Four groups have eight assignments of signs, so p is never below one in eight."""
    X, y, codes, _ = rows()
    merged = np.minimum(codes, 3)
    sums = restricted(regressors(X), 0, merged, 4, y[:, None])
    low, high = interval(sums, Signs(all_signs(4), True), np.array([0.3]), np.array([0.2]), 0.95)
    assert (low[0], high[0]) == (-np.inf, np.inf)


def test_which_signs_are_drawn() -> None:
    rng = np.random.default_rng(1)
    assert signs(8, 199, rng).enumerated
    assert signs(8, 199, rng).factors.shape == (128, 8)
    assert not signs(20, 199, rng).enumerated
    webb = signs(5, 500, rng).factors
    assert len(np.unique(np.abs(webb[1:]).round(6))) == 3
    assert (webb[0] == 1).all()


def test_same_seed_same_p() -> None:
    X, y, codes, groups = rows()
    sums = restricted(regressors(X), 0, codes, groups, y[:, None])
    found = {float(p_values(sums, signs(groups, 199, np.random.default_rng(4)), np.zeros(1))[0]) for _ in range(2)}
    assert len(found) == 1


def test_independent_rows_keep_the_level() -> None:
    rng = np.random.default_rng(8)
    X = np.column_stack([rng.normal(size=50), np.ones(50)])
    Y = rng.normal(size=(50, 600)) * (1 + np.abs(X[:, :1]))
    sums = restricted(regressors(X), 0, np.arange(50), 50, Y)
    share = (p_values(sums, signs(50, 199, rng), np.zeros(600)) <= 0.05).mean()
    # Three standard errors of a share of .05 in 600 draws.
    assert abs(share - 0.05) < 0.027
