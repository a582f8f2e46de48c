"""The empty zone by hand, by brute force, under no relation and under a planted necessity."""

from __future__ import annotations

import os

import numpy as np
import pandas as pd
import pytest

from clustergov.analysis.case_selection.ceiling import ceiling_effect, ceilings
from clustergov.analysis.case_selection.linear_modelled import linear_modelled

DRAWS = int(os.environ.get("CLUSTERGOV_DRAWS", 200))


def test_the_empty_zone_by_hand() -> None:
    """Points (0, 1), (1, 0), (2, 3), (4, 4): above the steps 1, 1, 3 lie 3 · 2 + 1 · 2 of a scope of 4 · 4."""
    x, y = np.array([0.0, 1, 2, 4]), np.array([1.0, 0, 3, 4])
    assert ceiling_effect(x, y) == pytest.approx((3 * 2 + 1 * 2) / 16)
    assert ceiling_effect(x, x) == pytest.approx((4 * 1 + 3 * 1 + 2 * 2) / 16)
    assert ceiling_effect(x, x[::-1]) == 0
    assert ceiling_effect(np.ones(4), y) == 0


def test_units_and_order_do_not_matter_and_a_grid_agrees() -> None:
    rng = np.random.default_rng(1)
    x, y = rng.integers(0, 6, 40).astype(float), rng.normal(size=40)
    effect = ceiling_effect(x, y)
    turn = rng.permutation(40)
    assert ceiling_effect(3 * x[turn] - 7, 0.1 * y[turn] + 2) == pytest.approx(effect)
    grid = np.linspace(x.min(), x.max(), 20001)[:-1]
    highest = np.array([y[x <= place].max() for place in grid])
    assert effect == pytest.approx(((y.max() - highest) / np.ptp(y)).mean(), abs=1e-3)


def test_a_planted_necessity_is_found_and_its_size_is_the_area_above_the_line() -> None:
    """y never exceeds x on the unit square: the area above the diagonal is a half; steps of 400 points come near it."""
    rng = np.random.default_rng(2)
    x = rng.uniform(size=400)
    table = pd.DataFrame({"x": x, "z": rng.normal(size=400)})
    modelled = linear_modelled(pd.Series(x * rng.uniform(size=400) ** 0.2, name="y"), table)
    needed, other = ceilings(modelled, draws=DRAWS, seed=3)
    assert needed.effect == pytest.approx(0.5, abs=0.05)
    assert needed.p == pytest.approx(1 / (1 + DRAWS))
    assert needed.without_one >= needed.effect
    assert other.effect < 0.35
    assert ceilings(modelled, draws=DRAWS, seed=3) == (needed, other)


def test_without_a_relation_p_keeps_its_level() -> None:
    rng = np.random.default_rng(4)
    small = 0
    for seed in range(60):
        table = pd.DataFrame({"x": rng.normal(size=30)})
        modelled = linear_modelled(pd.Series(rng.normal(size=30), name="y"), table)
        small += ceilings(modelled, draws=99, seed=seed)[0].p <= 0.1
    # Binomial(60, 0.1): 6 expected; 15 or more has probability 0.0008.
    assert small < 15


def test_one_organisation_can_hide_a_ceiling() -> None:
    x = np.arange(20.0)
    y = x.copy()
    y[0] = 19
    modelled = linear_modelled(pd.Series(y, name="y"), pd.DataFrame({"x": x}))
    (found,) = ceilings(modelled, draws=50, seed=1)
    assert found.effect == 0
    assert found.without_one > 0.4
