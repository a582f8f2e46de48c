"""The bivariate normal distribution against SciPy's integration, known values and its own slopes."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import ndtr

from clustergov.analysis.scales.bivariate_normal import (
    bivariate_cumulative,
    bivariate_density,
    bivariate_density_slope,
    cell_probabilities,
)

POINTS = (-np.inf, -3.1, -1.0, -0.2, 0.0, 0.4, 1.7, 3.0, np.inf)
CORRELATIONS = (-0.999, -0.93, -0.5, 0.0, 0.3, 0.7, 0.95, 0.999)


def by_quadrature(h: float, k: float, rho: float) -> float:
    """∫ φ(x) Φ((k − ρx) / √(1 − ρ²)) dx up to h: another road than Owen's T."""
    if np.isneginf(h) or np.isneginf(k):
        return 0.0
    root = np.sqrt(1 - rho**2)
    top, kink = min(h, 9.0), float(np.clip(k / rho if rho and np.isfinite(k) else 0, -8.9, 8.9))
    points = [kink] if -9 < kink < top else None
    found, _ = quad(
        lambda x: np.exp(-x * x / 2) / np.sqrt(2 * np.pi) * ndtr((k - rho * x) / root),
        -9, top, points=points, epsabs=1e-14, epsrel=1e-13, limit=500,
    )  # fmt: skip
    return float(found)


@pytest.mark.parametrize("rho", CORRELATIONS)
def test_equals_quadrature(rho: float) -> None:
    h, k = (grid.ravel() for grid in np.meshgrid(POINTS, POINTS))
    expected = [by_quadrature(a, b, rho) for a, b in zip(h, k, strict=True)]
    assert bivariate_cumulative(h, k, np.full(len(h), rho)) == pytest.approx(expected, abs=1e-13)


def test_known_at_the_centre() -> None:
    """Sheppard, W. F. (1899): P(X < 0, Y < 0) = 1/4 + arcsin ρ / 2π."""
    rho = np.array(CORRELATIONS)
    expected = 0.25 + np.arcsin(rho) / (2 * np.pi)
    assert bivariate_cumulative(np.zeros(8), np.array([0.0, -0.0] * 4), rho) == pytest.approx(expected, abs=1e-16)


def test_density_is_the_slope_in_rho_and_its_slope_is_its_derivative() -> None:
    rng = np.random.default_rng(1)
    h, k, rho = rng.normal(size=200), rng.normal(size=200), rng.uniform(-0.9, 0.9, 200)
    step = 1e-5
    slope = (bivariate_cumulative(h, k, rho + step) - bivariate_cumulative(h, k, rho - step)) / (2 * step)
    density = bivariate_density(h, k, rho)
    assert slope == pytest.approx(density, abs=1e-8)  # central differences are good to the square of the step
    second = (bivariate_density(h, k, rho + step) - bivariate_density(h, k, rho - step)) / (2 * step)
    assert second == pytest.approx(density * bivariate_density_slope(h, k, rho), abs=1e-7, rel=1e-7)


def test_cells_are_probabilities_also_past_an_items_own_categories() -> None:
    cuts = np.array([[-1.0, 0.5, np.inf, np.inf]]), np.array([[-0.5, 0.2, 1.0, 1.4]])
    p = cell_probabilities(np.array([0.6]), *cuts)[0]
    assert p.sum() == pytest.approx(1, abs=1e-15)
    assert (p[:3] > 0).all()
    assert p[3:] == pytest.approx(np.zeros((2, 5)), abs=1e-15)
    assert p.sum(axis=1)[:3] == pytest.approx(np.diff([0, *ndtr([-1.0, 0.5]), 1]), abs=1e-15)
