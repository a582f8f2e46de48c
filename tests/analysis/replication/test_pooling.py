"""Pooling: bad input, one wave, agreement of methods; metafor's numbers: tests/conformance."""

from __future__ import annotations

import os

import numpy as np
import pytest

from clustergov.analysis.replication.pooling import fixed, pool
from clustergov.problems import InputError

DRAWS = int(os.environ.get("CLUSTERGOV_DRAWS", "1500"))


def test_inputs_are_unchanged_and_order_does_not_matter() -> None:
    y, s = np.array([0.1, 0.3, 0.2, -0.1]), np.array([0.1, 0.2, 0.05, 0.08])
    before = y.copy(), s.copy()
    one, other = pool(y, s), pool(y[::-1], s[::-1])
    np.testing.assert_array_equal((y, s), before)
    assert one.estimate == pytest.approx(other.estimate, rel=1e-12)
    assert one.tau2 == pytest.approx(other.tau2, rel=1e-9)
    assert one.weights == pytest.approx(other.weights[::-1], rel=1e-9)
    assert sum(one.weights) == pytest.approx(1)


def test_estimates_that_agree_have_no_variance_between() -> None:
    found = pool([0.2, 0.2, 0.2], [0.1, 0.2, 0.3], adhoc=True)
    assert found.tau2 == 0
    mean, error, _ = fixed([0.2, 0.2, 0.2], [0.1, 0.2, 0.3])
    assert (found.estimate, found.standard_error) == pytest.approx((mean, error))
    # Without the limit the error would be 0: three waves that happen to agree are no certainty.
    assert pool([0.2, 0.2, 0.2], [0.1, 0.2, 0.3]).standard_error == pytest.approx(0, abs=1e-12)


def test_interval_holds_the_mean_as_often_as_it_says() -> None:
    rng = np.random.default_rng(8)
    errors = np.array([0.05, 0.08, 0.11, 0.06, 0.09])
    hits = 0
    for _ in range(DRAWS):
        estimates = 0.15 + 0.08 * rng.standard_normal(5) + errors * rng.standard_normal(5)
        hits += 0.15 in pool(estimates, errors, method="PM").interval
    assert hits / DRAWS == pytest.approx(0.95, abs=3 * np.sqrt(0.95 * 0.05 / DRAWS) + 0.01)


def test_two_waves_have_no_prediction() -> None:
    assert pool([0.1, 0.2], [0.1, 0.1]).prediction is None
    assert "drie" in pool([0.1, 0.2], [0.1, 0.1]).sentence("nl")
    assert "further wave" in pool([0.1, 0.2, 0.3], [0.1, 0.1, 0.1]).sentence("en")


@pytest.mark.parametrize(
    ("estimates", "errors", "rule"),
    [
        ([0.1], [0.1], "one-wave"),
        ([0.1, 0.2], [0.1], "one-wave"),
        ([0.1, 0.2], [0.1, 0.0], "zero-error"),
        ([0.1, 0.2], [0.1, -1.0], "zero-error"),
        ([0.1, np.inf], [0.1, 0.1], "not-finite"),
        ([0.1, 0.2], [0.1, np.nan], "not-finite"),
    ],
)
def test_bad_input_is_named(estimates: list[float], errors: list[float], rule: str) -> None:
    with pytest.raises(InputError, match=rule):
        pool(estimates, errors)
