"""R-hat, autocorrelation and drift: by hand, for chains that mix and chains that do not."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from clustergov.analysis.missing.chains import impute
from clustergov.analysis.missing.convergence import autocorrelation, convergence, drift, r_hat


def test_r_hat_by_hand() -> None:
    # Halves (1, 3), (2, 4), (5, 7), (6, 8): W = 2, means 2, 3, 6, 7 with variance 17/3, B/n = 17/3: √(1/2 + 17/6).
    chains = np.array([[1.0, 5.0], [3.0, 7.0], [2.0, 6.0], [4.0, 8.0]])
    assert r_hat(chains) == pytest.approx(np.sqrt(0.5 + 17 / 6))


def test_chains_that_mix_and_chains_that_do_not() -> None:
    rng = np.random.default_rng(1)
    mixed = rng.normal(size=(200, 20))
    assert r_hat(mixed) == pytest.approx(1, abs=0.02)
    assert r_hat(mixed + 3 * np.arange(20)) > 3
    assert r_hat(np.cumsum(mixed, axis=0)) > 1.5
    assert abs(autocorrelation(mixed)) < 0.05
    assert autocorrelation(np.cumsum(mixed, axis=0)) > 0.8
    assert abs(drift(mixed)) < 0.2
    assert drift(np.arange(40.0)[:, None] + np.zeros((40, 3))) > 1


def test_too_little_to_tell() -> None:
    assert np.isnan(r_hat(np.zeros((3, 5))))
    assert np.isnan(r_hat(np.zeros((20, 5))))
    assert np.isnan(autocorrelation(np.full((20, 2), np.nan)))


def test_the_table_and_its_sentence() -> None:
    rng = np.random.default_rng(2)
    x = rng.normal(size=150)
    data = pd.DataFrame({"x": x, "y": x + rng.normal(size=150), "z": rng.normal(size=150)})
    data = data.mask(rng.random(data.shape) < 0.15)
    found = convergence(impute(data, m=10, iterations=12, seed=1))
    assert set(found.table["variable"]) == {"x", "y", "z"}
    assert found.table["r_hat"].max() < 1.2
    assert not found.apart()
    assert "largest R̂" in found.sentence("en")
    assert "grootste R̂" in found.sentence("nl")
    assert "take more" in convergence(impute(data, m=3, iterations=2, seed=1)).sentence("en")


def test_columns_that_hold_each_other_are_told() -> None:
    """Two near copies, missing together for the most part, move slowly (van Buuren 2018, §6.5.2)."""
    rng = np.random.default_rng(3)
    x = rng.normal(size=60)
    gone = np.arange(60) < 54
    data = pd.DataFrame({"x": np.where(gone, np.nan, x), "y": np.where(np.arange(60) < 53, np.nan, x + 0.05 * x**2)})
    found = convergence(
        impute(data.assign(z=rng.normal(size=60)), {"x": "norm", "y": "norm"}, m=10, iterations=20, seed=1)
    )
    assert found.apart()
    assert "have not come together" in found.sentence("en")
