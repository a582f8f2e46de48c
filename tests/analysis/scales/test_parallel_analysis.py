"""Parallel analysis: draws of the right distribution, the same on the same seed, and known numbers of factors."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from clustergov.analysis.scales.adequacy import adequacy
from clustergov.analysis.scales.item_correlations import item_correlations
from clustergov.analysis.scales.parallel_analysis import normal_correlations, parallel_analysis
from clustergov.spread import Spread
from scale_references import correlations


def test_drawn_correlations_are_those_of_normal_samples() -> None:
    """Against drawing the rows: means and spreads of eigenvalues agree within their simulation error."""
    short = normal_correlations(30, 6, 4000, np.random.default_rng(1))
    rows = np.random.default_rng(2).standard_normal((4000, 30, 6))
    rows -= rows.mean(axis=1, keepdims=True)
    S = rows.transpose(0, 2, 1) @ rows
    scale = 1 / np.sqrt(np.diagonal(S, axis1=1, axis2=2))
    long = S * scale[:, :, None] * scale[:, None, :]
    a, b = np.linalg.eigvalsh(short), np.linalg.eigvalsh(long)
    error = np.sqrt((a.var(axis=0) + b.var(axis=0)) / 4000)
    assert np.abs((a.mean(axis=0) - b.mean(axis=0)) / error).max() < 4
    assert a.std(axis=0) == pytest.approx(b.std(axis=0), rel=0.06)
    # A correlation of unrelated normals has variance 1 / (n − 1).
    assert short[:, 0, 1].var() == pytest.approx(1 / 29, rel=0.08)


def test_same_seed_same_numbers() -> None:
    for kind, drawn in (("pearson", "normal"), ("pearson", "permuted"), ("polychoric", "permuted")):
        found = [
            parallel_analysis(
                correlations("own", kind), rng=np.random.default_rng(seed), draws=20, drawn=drawn  # type: ignore[arg-type]  # as listed
            )
            for seed in (1, 1, 2)
        ]  # fmt: skip
        assert np.array_equal(found[0].component_limits, found[1].component_limits)
        assert not np.array_equal(found[0].component_limits, found[2].component_limits)


def test_two_processes_give_the_same_draws() -> None:
    found = [
        parallel_analysis(
            correlations("own", "polychoric"), rng=np.random.default_rng(1), draws=30, how=Spread(jobs=jobs)
        )
        for jobs in (1, 2)
    ]
    assert np.array_equal(found[0].component_limits, found[1].component_limits)
    assert np.array_equal(found[0].axis_means, found[1].axis_means)


def test_counts_the_factors_that_are_there() -> None:
    for kind in ("pearson", "polychoric"):
        found = parallel_analysis(correlations("own", kind), rng=np.random.default_rng(3), draws=100)
        assert found.component_count == 2
        assert found.average_partial_count == 2
    bfi = parallel_analysis(correlations("bfi"), rng=np.random.default_rng(3), draws=100)
    assert bfi.component_count == 5
    assert "by parallel analysis 5 (principal components)" in bfi.sentence("en")
    assert bfi.component_count_mean >= bfi.component_count
    assert not bfi.frame().isna().to_numpy().any()


def test_unrelated_items_have_no_factors() -> None:
    rng = np.random.default_rng(4)
    values = pd.DataFrame(rng.integers(1, 6, size=(200, 8)).astype(float), columns=list("abcdefgh"))
    kept = item_correlations(values)
    found = parallel_analysis(kept, rng=rng, draws=200)
    assert found.component_count == 0
    assert adequacy(kept).p > 0.001
    assert adequacy(kept).overall < 0.6
    assert "Too little in common" in adequacy(kept).sentence("en") or (adequacy(kept).per_item >= 0.5).all()


def test_normal_draws_do_not_stand_in_for_categories() -> None:
    with pytest.raises(ValueError, match="permuted"):
        parallel_analysis(correlations("own", "polychoric"), rng=np.random.default_rng(1), draws=20, drawn="normal")
