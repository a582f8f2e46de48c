"""Extraction of factors: the minimum, many matrices at once, and structures that are known."""

from __future__ import annotations

import numpy as np
import pytest

from clustergov.analysis.scales.factor_extraction import LEAST_UNIQUENESS, METHODS, Method, extract
from scale_references import correlations

TWO = np.array([[0.8, 0], [0.7, 0], [0.6, 0], [0.5, 0], [0, 0.9], [0, 0.7], [0, 0.6], [0, 0.5]])


def implied(loadings: np.ndarray) -> np.ndarray:
    R = loadings @ loadings.T
    np.fill_diagonal(R, 1)
    return R


@pytest.mark.parametrize("method", METHODS)
def test_finds_an_exact_structure(method: Method) -> None:
    found = extract(implied(TWO)[None], 2, method)
    assert found.converged.all()
    assert found.uniquenesses[0] == pytest.approx(1 - (TWO**2).sum(axis=1), abs=1e-9)
    assert found.loadings[0] @ found.loadings[0].T == pytest.approx(TWO @ TWO.T, abs=1e-9)


@pytest.mark.parametrize("method", METHODS)
def test_many_matrices_at_once_are_those_one_by_one(method: Method) -> None:
    rng = np.random.default_rng(1)
    samples = [np.corrcoef(rng.multivariate_normal(np.zeros(8), implied(TWO), 150), rowvar=False) for _ in range(20)]
    R = np.stack(samples)
    before = R.copy()
    together = extract(R, 2, method)
    assert np.array_equal(R, before)
    assert together.converged.all()
    for b, one in enumerate(samples):
        assert together.loadings[b] == pytest.approx(extract(one[None], 2, method).loadings[0], abs=1e-8)


@pytest.mark.parametrize("method", METHODS)
def test_no_other_uniquenesses_fit_better(method: Method) -> None:
    """Steps away in random directions only make the discrepancy larger."""
    R = correlations("own").matrix
    psi = extract(R[None], 2, method).uniquenesses[0]

    def discrepancy(psi: np.ndarray) -> float:
        if method == "minres":
            rest = np.linalg.eigvalsh(R - np.diag(psi))[:-2]
            return float((rest**2).sum())
        rest = np.linalg.eigvalsh(R / np.sqrt(np.outer(psi, psi)))[:-2]
        return float((rest - np.log(rest) - 1).sum())

    rng = np.random.default_rng(2)
    least = discrepancy(psi)
    for size in (1e-3, 1e-2, 0.1):
        for _ in range(50):
            assert discrepancy(np.clip(psi + size * rng.normal(size=9), 0.005, 1)) > least


@pytest.mark.parametrize("method", METHODS)
def test_a_heywood_case_stays_at_the_bound(method: Method) -> None:
    """Correlations of a factor that would need a loading of 1.07: .72 · .9 / .56 > 1."""
    R = np.array([[1, 0.9, 0.72, 0.6], [0.9, 1, 0.56, 0.5], [0.72, 0.56, 1, 0.4], [0.6, 0.5, 0.4, 1]])
    found = extract(R[None], 1, method)
    assert found.converged.all()
    assert found.uniquenesses[0, 0] == pytest.approx(LEAST_UNIQUENESS, abs=1e-9)
