"""Bayes factors, telescopes, equivalence, prediction and the sceptical p; R's numbers: tests/conformance."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats
from scipy.integrate import quad
from scipy.optimize import brentq

from clustergov.analysis.replication.bayes_factor import by_normal, correlation, jzs, replication_r
from clustergov.analysis.replication.equivalence import equivalence
from clustergov.analysis.replication.prediction import prediction_interval, sceptical_p
from clustergov.analysis.replication.telescopes import THIRD, detectable, detectable_d, smaller_p


def test_replication_bayes_factor_moves_with_the_new_estimate() -> None:
    factors = [by_normal(0.2, 0.05, new, 0.05) for new in (-0.1, 0.0, 0.1, 0.2)]
    assert factors == sorted(factors)
    assert factors[1] < 1 / 3
    assert factors[3] > 3
    # An original that says nothing predicts nothing better than no effect does, nor worse without bound.
    assert by_normal(0.0, 1e-9, 0.3, 0.1) == pytest.approx(1, abs=1e-6)


def test_replication_by_correlation_is_near_the_normal_form_in_large_samples() -> None:
    exact = replication_r(0.17, 2000, 0.12, 1500)
    z_old, z_new = math.atanh(0.17), math.atanh(0.12)
    assert math.log(exact) == pytest.approx(math.log(by_normal(z_old, 1997**-0.5, z_new, 1497**-0.5)), abs=0.02)


def test_jzs_is_rouders_integral() -> None:
    """Rouder, Speckman, Sun, Morey & Iverson (2009), eq. (1): the prior as a mixture of normals."""
    t, n, scale = 2.4, 35, math.sqrt(2) / 2
    df = n - 1

    def integrand(g: float) -> float:
        wide = 1 + n * g * scale**2
        return (wide**-0.5 * (1 + t**2 / (wide * df)) ** (-(df + 1) / 2)
                * (2 * math.pi) ** -0.5 * g**-1.5 * math.exp(-1 / (2 * g)))  # fmt: skip

    expected = quad(integrand, 0, np.inf, epsrel=1e-11)[0] / (1 + t**2 / df) ** (-(df + 1) / 2)
    assert jzs([t], [(n, None)]) == pytest.approx(expected, rel=1e-7)


@pytest.mark.parametrize(
    "call",
    [
        lambda: by_normal(0.1, 0, 0.1, 0.1), lambda: jzs([math.inf], [(10, None)]), lambda: jzs([1.0], [(1, None)]),
        lambda: correlation([1.0], [20]), lambda: correlation([0.1], [3]), lambda: equivalence(0.1, 0, -1, 1),
        lambda: equivalence(0.1, 1, 1, -1),
    ],
)  # fmt: skip
def test_impossible_numbers_are_refused(call: object) -> None:
    assert callable(call)
    with pytest.raises(ValueError, match="need"):
        call()


def test_a_third_of_originals_would_have_found_the_detectable_effect() -> None:
    rng = np.random.default_rng(9)
    z = rng.normal(detectable(1.0), 1, 200_000)
    assert (np.abs(z) > 1.959964).mean() == pytest.approx(THIRD, abs=0.004)
    d = detectable_d(20, other=20)
    assert d == pytest.approx(0.4959, abs=2e-4)


def test_two_and_a_half_times_the_original_has_power_of_four_in_five() -> None:
    """Simonsohn (2015), supplement 4: 2.5 times the size rejects d33 in about 80 % when there is no effect.

    By the normal distribution it is 78.0 %; his rule rounds.
    """
    error = 1 / math.sqrt(2.5)
    rejected = stats.norm.cdf((detectable(1.0) - 1.644854 * error) / error)
    assert rejected == pytest.approx(0.80, abs=0.025)
    assert smaller_p(0.0, error, detectable(1.0)) < 0.05


def test_equivalence_is_the_interval_inside_the_limits() -> None:
    for estimate in np.linspace(-0.3, 0.3, 61):
        found = equivalence(float(estimate), 0.08, -0.2, 0.2)
        assert (found.p < 0.05) == found.interval.inside(-0.2, 0.2)


def test_prediction_covers_new_estimates() -> None:
    rng = np.random.default_rng(10)
    old, new = rng.normal(0.2, 0.05, 50_000), rng.normal(0.2, 0.09, 50_000)
    reach = prediction_interval(0.0, 0.05, 0.09).high
    assert (np.abs(old - new) < reach).mean() == pytest.approx(0.95, abs=0.004)


@pytest.mark.parametrize("ratio", [0.5, 1.0, 2.0, 7.0])
def test_sceptical_z_solves_its_equation(ratio: float) -> None:
    """Held (2020), eq. (7): (z_o²/z² − 1)(z_r²/z² − 1) = c, z below both."""
    old, new = 2.8, 2.1
    z = -stats.norm.ppf(sceptical_p(old, new, ratio))
    assert (old**2 / z**2 - 1) * (new**2 / z**2 - 1) == pytest.approx(ratio, rel=1e-9)
    root = brentq(lambda each: (old**2 / each**2 - 1) * (new**2 / each**2 - 1) - ratio, 1e-6, min(old, new))
    assert z == pytest.approx(root, rel=1e-9)
    assert sceptical_p(old, -new, ratio) > 0.5
    assert sceptical_p(0, new, ratio) == 0.5
