"""Corrections against R's p.adjust (more in tests/conformance/part_replication.py), and what they promise."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.special import ndtr, ndtri

from clustergov.analysis.multiplicity import (
    adjusted,
    benjamini_hochberg,
    benjamini_yekutieli,
    false_coverage_level,
    holm,
    simultaneous_level,
)

REFERENCE = Path(__file__).parents[1] / "reference"
RTOL = 1e-13  # products of two numbers


def test_agrees_with_r() -> None:
    expected = pd.read_csv(REFERENCE / "claims_statistics-multiplicity.csv")
    p = expected["p"].to_numpy()
    before = p.copy()
    np.testing.assert_allclose(holm(p), expected["holm"], rtol=RTOL)
    np.testing.assert_array_equal(p, before)


def test_a_missing_p_is_no_member_of_the_family() -> None:
    np.testing.assert_allclose(holm([0.01, np.nan, 0.04]), [0.02, np.nan, 0.04])


def test_simultaneous_intervals_hold_together() -> None:
    assert simultaneous_level(0.05, 1) == 0.95
    assert simultaneous_level(0.05, 4) == pytest.approx(0.9875)
    with pytest.raises(ValueError, match="at least one"):
        simultaneous_level(0.05, 0)


def test_false_discoveries_are_as_rare_as_promised() -> None:
    """Half of ten effects are none: of what Benjamini–Hochberg finds at 10 %, at most 5 % is false on average."""
    rng = np.random.default_rng(12)
    effects = np.array([0.0] * 5 + [2.5] * 5)
    shares, missed = [], []
    for _ in range(3000):
        z = rng.normal(effects)
        found = benjamini_hochberg(2 * ndtr(-abs(z))) <= 0.10
        shares.append(found[:5].sum() / max(found.sum(), 1))
        if found.any():
            reach = ndtri(0.5 + false_coverage_level(0.10, 10, int(found.sum())) / 2)
            missed.append(np.mean(abs(z - effects)[found] > reach))
    assert np.mean(shares) == pytest.approx(0.05, abs=0.01)
    assert np.mean(missed) <= 0.10


def test_order_of_strictness_ties_and_missing() -> None:
    p = np.array([0.01, 0.02, np.nan, 0.02, 0.9])
    before = p.copy()
    bh, by, by_holm = benjamini_hochberg(p), benjamini_yekutieli(p), holm(p)
    np.testing.assert_array_equal(p, before)
    assert np.isnan([bh[2], by[2]]).all()
    assert bh[1] == bh[3]
    known = ~np.isnan(p)
    assert (bh[known] <= by_holm[known]).all()
    assert (bh[known] <= by[known]).all()
    np.testing.assert_array_equal(adjusted(p, "benjamini-yekutieli"), by)
    assert benjamini_hochberg([]).shape == (0,)


def test_nothing_selected_has_no_coverage_level() -> None:
    assert false_coverage_level(0.05, 10, 10) == 0.95
    with pytest.raises(ValueError, match="1 to 10"):
        false_coverage_level(0.05, 10, 0)
