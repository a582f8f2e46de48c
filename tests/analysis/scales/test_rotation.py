"""Rotations: simple structure found, variance kept, and an order that does not depend on the start."""

from __future__ import annotations

import numpy as np
import pytest

from clustergov.analysis.scales.rotation import ROTATIONS, Rotation, rotate

SIMPLE = np.array([[0.8, 0], [0.7, 0], [0.6, 0], [0, 0.9], [0, 0.7], [0, 0.6], [0, 0.5]])


def turned(angle: float) -> np.ndarray:
    c, s = np.cos(angle), np.sin(angle)
    return np.array([[c, -s], [s, c]])


@pytest.mark.parametrize("kaiser", [True, False])
@pytest.mark.parametrize("rotation", ["oblimin", "varimax"])
def test_finds_simple_structure_from_any_start(rotation: Rotation, kaiser: bool) -> None:
    for angle in (0.3, 1.0, 2.5, -0.7):
        found = rotate(SIMPLE @ turned(angle), rotation, kaiser=kaiser)
        assert found.loadings == pytest.approx(SIMPLE[:, ::-1], abs=1e-7)  # the larger factor first
        assert found.correlations == pytest.approx(np.eye(2), abs=1e-7)


def test_oblimin_finds_correlated_factors() -> None:
    phi = np.array([[1, 0.5], [0.5, 1]])
    found = rotate(SIMPLE @ np.linalg.cholesky(phi), "oblimin")
    assert found.loadings == pytest.approx(SIMPLE[:, ::-1], abs=1e-7)
    assert found.correlations == pytest.approx(phi, abs=1e-7)


@pytest.mark.parametrize("rotation", ROTATIONS)
def test_communalities_stay(rotation: Rotation) -> None:
    L = np.random.default_rng(1).uniform(-0.6, 0.6, size=(9, 3))
    before = L.copy()
    found = rotate(L, rotation)
    assert np.array_equal(L, before)
    assert found.loadings @ found.correlations @ found.loadings.T == pytest.approx(L @ L.T, abs=1e-9)
    assert (found.loadings.sum(axis=0) >= 0).all()
    variance = np.diag(found.correlations @ found.loadings.T @ found.loadings)
    assert (np.diff(variance) <= 1e-12).all()


def test_one_factor_only_gets_its_sign() -> None:
    found = rotate(-SIMPLE[:, :1], "oblimin")
    assert found.loadings == pytest.approx(SIMPLE[:, :1])
