"""Permutation: every assignment once, intervals that agree with p, levels that are exact under exchangeability."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from scipy.stats import ttest_ind

from clustergov.analysis.inference.permutation import (
    assignments,
    between_groups,
    freedman_lane,
    two_arms,
    two_arms_interval,
)
from clustergov.analysis.inference.regressors import coded, regressors


def test_two_arms_are_welch_over_all_assignments() -> None:
    rng = np.random.default_rng(3)
    y = rng.normal(size=9)
    treated = np.arange(9) < 4
    tried = assignments(4, 9, 0, rng, treated)
    assert tried.shape == (126, 9)
    np.testing.assert_array_equal(tried[0], treated)
    everyone = [
        ttest_ind(y[list(i)], np.delete(y, list(i)), equal_var=False).statistic ** 2 for i in combinations(range(9), 4)
    ]
    seen = ttest_ind(y[:4], y[4:], equal_var=False).statistic ** 2
    expected = np.mean(np.array(everyone) >= seen * (1 - 1e-10))
    assert two_arms(y[:, None], treated, tried, np.zeros(1))[0] == pytest.approx(expected)


def test_the_interval_holds_what_is_not_rejected() -> None:
    rng = np.random.default_rng(4)
    treated = np.arange(14) < 7
    Y = rng.normal(size=(14, 3)) + treated[:, None] * 1.5
    tried = assignments(7, 14, 0, rng, treated)
    b = Y[treated].mean(axis=0) - Y[~treated].mean(axis=0)
    low, high = two_arms_interval(Y, treated, tried, b, np.full(3, 0.5), 0.95)
    assert (low < b).all()
    assert (b < high).all()
    for end, inwards in ((low, 1), (high, -1)):
        assert (two_arms(Y, treated, tried, end + inwards * 1e-6) > 0.05).all()
        assert (two_arms(Y, treated, tried, end - inwards * 1e-6) <= 0.05).all()


def test_exchangeable_rows_are_rejected_at_most_at_the_level() -> None:
    rng = np.random.default_rng(5)
    treated = np.arange(10) < 5
    tried = assignments(5, 10, 0, rng, treated)
    Y = rng.exponential(size=(10, 4000)) ** 2
    share = (two_arms(Y, treated, tried, np.zeros(4000)) <= 0.05).mean()
    assert 0.035 < share < 0.061


def test_arms_of_one_value_each() -> None:
    treated = np.arange(8) < 4
    tried = assignments(4, 8, 0, np.random.default_rng(1), treated)
    assert two_arms(np.where(treated, 2.0, 1.0)[:, None], treated, tried, np.zeros(1))[0] == pytest.approx(2 / 70)
    assert two_arms(np.full((8, 1), 3.0), treated, tried, np.zeros(1))[0] == 1.0


def test_freedman_lane_keeps_the_level_with_a_covariate() -> None:
    rng = np.random.default_rng(6)
    z = rng.normal(size=25)
    design = regressors(np.column_stack([z + rng.normal(size=25), z, np.ones(25)]))
    Y = 2 * z[:, None] + rng.normal(size=(25, 800))
    share = (freedman_lane(design, 0, Y, 199, rng) <= 0.05).mean()
    # Three standard errors of a share of .05 in 800 draws.
    assert abs(share - 0.05) < 0.024


def test_groups_exchanged_as_a_whole() -> None:
    rng = np.random.default_rng(7)
    codes, groups = coded(np.arange(40) % 8)
    treated = (codes < 4).astype(float)
    design = regressors(np.column_stack([treated, np.ones(40)]))
    Y = rng.normal(size=(40, 300)) + rng.normal(size=(8, 300))[codes]
    share = (between_groups(design, 0, codes, groups, Y, 50_000, rng) <= 0.05).mean()
    # Exact; three standard errors of a share of .05 in 300 draws above it.
    assert share < 0.088
