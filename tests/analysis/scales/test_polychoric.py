"""Polychoric correlations: truth recovered, errors that cover, choices at empty cells, and items that are refused."""

from __future__ import annotations

import os

import numpy as np
import pandas as pd
import pytest

from clustergov.analysis.scales.contingency import ZERO_CELLS, pair_tables, thresholds_of
from clustergov.analysis.scales.items import ItemsError
from clustergov.analysis.scales.polychoric import BOUND, correlations_of, polychoric
from clustergov.analysis.scales.polychoric_covariance import asymptotic_covariance
from scale_references import frame

DRAWS = min(int(os.environ.get("CLUSTERGOV_DRAWS", "300")), 2000)  # two thousand samples tell 6 % apart
TRUTH = np.array([[1, 0.6, -0.3], [0.6, 1, 0.2], [-0.3, 0.2, 1]])
CUTS = ([-1.0, 0.0, 0.8], [-0.4, 1.0], [0.3])


def drawn(n: int, rng: np.random.Generator) -> pd.DataFrame:
    z = rng.multivariate_normal(np.zeros(3), TRUTH, size=n)
    return pd.DataFrame({f"x{j}": np.digitize(z[:, j], cuts).astype(float) for j, cuts in enumerate(CUTS)})


def test_input_is_unchanged_and_only_order_counts() -> None:
    values = drawn(500, np.random.default_rng(1))
    before = values.copy(deep=True)
    found = polychoric(values)
    pd.testing.assert_frame_equal(values, before)
    assert np.array_equal(polychoric(values**3 * 10 - 4).correlations, found.correlations)
    turned = polychoric(values.assign(x0=-values["x0"]))
    assert turned.correlations[0, 1] == pytest.approx(-found.correlations[0, 1], abs=1e-12)
    assert turned.thresholds[0] == pytest.approx(-found.thresholds[0][::-1], abs=1e-12)


def test_recovers_a_known_truth() -> None:
    found = polychoric(drawn(20_000, np.random.default_rng(2)))
    off = np.triu_indices(3, 1)
    assert np.abs((found.correlations - TRUTH)[off] / found.standard_errors[off]).max() < 3.5
    assert found.standard_errors[off].max() < 0.02
    for cuts, expected in zip(found.thresholds, CUTS, strict=True):
        assert cuts == pytest.approx(expected, abs=0.04)  # four standard errors of a share of 20,000


def test_standard_errors_are_the_spread_of_estimates_over_samples() -> None:
    rng = np.random.default_rng(3)
    estimates, errors = [], []
    for _ in range(DRAWS):
        found = polychoric(drawn(400, rng), zero_cells="none")
        estimates.append(found.correlations[np.triu_indices(3, 1)])
        errors.append(found.standard_errors[np.triu_indices(3, 1)])
    ratio = np.std(estimates, axis=0, ddof=1) / np.mean(errors, axis=0)
    # A standard deviation of m draws has a relative error of 1 / √(2 m); four of them, and 3 % for the asymptotics.
    assert ratio == pytest.approx(np.ones(3), abs=4 / np.sqrt(2 * DRAWS) + 0.03)


def test_the_maximum_by_brute_force() -> None:
    values = drawn(300, np.random.default_rng(4))
    found = polychoric(values, zero_cells="none")
    grid = found.correlations[0, 1] + np.linspace(-0.2, 0.2, 401)
    counts = pd.crosstab(values["x0"], values["x1"]).to_numpy()
    from clustergov.analysis.scales.bivariate_normal import cell_probabilities

    cuts = (np.tile(found.thresholds[0], (401, 1)), np.tile(np.append(found.thresholds[1], np.inf), (401, 1)))
    logs = np.log(np.maximum(cell_probabilities(grid, *cuts), 1e-300))
    likelihood = (np.pad(counts, ((0, 0), (0, 1))) * logs).sum(axis=(1, 2))
    assert abs(int(likelihood.argmax()) - 200) == 0


def test_covariance_has_the_errors_on_its_diagonal_and_is_symmetric() -> None:
    found = polychoric(drawn(600, np.random.default_rng(5)))
    covariance = asymptotic_covariance(found.codes, found.correlations)
    assert covariance.shape == (3 + 2 + 1 + 3, 3 + 2 + 1 + 3)
    assert np.sqrt(np.diag(covariance)[-3:]) == pytest.approx(found.standard_errors[np.triu_indices(3, 1)], rel=1e-12)
    assert np.array_equal(covariance, covariance.T)
    assert np.linalg.eigvalsh(covariance)[0] > 0
    # The threshold of a two-category item has the error of a share by the delta method.
    share = (found.codes[:, 2] == 0).mean()
    density = np.exp(-(found.thresholds[2][0] ** 2) / 2) / np.sqrt(2 * np.pi)
    assert np.sqrt(covariance[5, 5]) == pytest.approx(np.sqrt(share * (1 - share) / 600) / density, rel=1e-10)


def test_gaps_are_lost_by_row_or_by_pair() -> None:
    values = drawn(300, np.random.default_rng(6))
    values.loc[:49, "x2"] = np.nan
    rows, pairs = polychoric(values), polychoric(values, missing="pairwise")
    assert (rows.n, rows.lost, pairs.n, pairs.lost) == (250, 50, 300, 0)
    assert pairs.pair_counts[0, 1] == 300
    assert pairs.pair_counts[0, 2] == 250
    assert rows.correlations[0, 2] != pairs.correlations[0, 2]  # thresholds of x0 use all its answers
    assert "50" in rows.sentence("en")


@pytest.mark.parametrize("zero_cells", ZERO_CELLS)
def test_the_choice_at_empty_cells_is_told(zero_cells: str) -> None:
    found = polychoric(frame("binary"), zero_cells=zero_cells)  # type: ignore[arg-type]  # one of the three
    assert ("b1", "b4") in found.empty
    assert found.zero_cells == zero_cells
    told = {"none": "nothing was changed", "half": "counts half an answer", "half-2x2": "margins kept"}[zero_cells]
    assert told in found.sentence("en")
    assert ("b1", "b4") in found.at_bound if zero_cells == "none" else not found.at_bound


def test_margins_stay_or_grow_as_said() -> None:
    codes = frame("binary").to_numpy(dtype=np.int64)
    kept, half = (pair_tables(codes, np.full(4, 2), choice) for choice in ("half-2x2", "half"))
    assert kept.used.sum(axis=2) == pytest.approx(kept.counts.sum(axis=2))
    assert half.used.sum() == kept.counts.sum() + 0.5 * (kept.counts == 0).sum()


def test_a_copy_runs_to_the_bound_and_is_named() -> None:
    values = drawn(400, np.random.default_rng(7))
    found = polychoric(values.assign(copy=values["x0"]))
    assert ("x0", "copy") in found.at_bound
    assert found.correlations[0, 3] == pytest.approx(BOUND)
    assert np.isinf(found.standard_errors[0, 3])
    assert "x0–copy" in found.sentence("en")
    assert "x0–copy" in found.sentence("nl")


def test_a_matrix_that_is_no_correlation_matrix_is_told_and_left_as_it_is() -> None:
    rng = np.random.default_rng(11)
    f = rng.normal(size=(40, 1))
    values = pd.DataFrame((0.95 * f + 0.3 * rng.normal(size=(40, 12)) > rng.normal(size=12)).astype(float))
    values = values.rename(columns=lambda j: f"b{j}")
    found = polychoric(values)
    assert found.smallest_eigenvalue < 0
    assert not found.positive_definite
    assert "no correlation matrix" in found.sentence("en")
    assert "niet gladgestreken" in found.sentence("nl")
    assert found.correlations.diagonal().tolist() == [1.0] * 12


def test_thresholds_of_unequal_items_are_infinite_past_their_own() -> None:
    cuts = thresholds_of(np.array([[0, 0], [1, 1], [0, 2], [1, 3]]), np.array([2, 4]))
    assert cuts[0].tolist() == [0.0, np.inf, np.inf]
    assert cuts[1] == pytest.approx([-0.6744897501960817, 0, 0.6744897501960817])


def test_a_correlation_of_an_independent_table_is_zero() -> None:
    codes = np.array([(a, b) for a in range(3) for b in range(4) for _ in range((a + 1) * (b + 2))])
    assert correlations_of(pair_tables(codes, np.array([3, 4]), "none")) == pytest.approx([0], abs=1e-12)


RNG = np.random.default_rng(8)
GOOD = drawn(60, RNG)


@pytest.mark.parametrize(
    ("refusal", "terms", "values"),
    [
        ("items", (), GOOD[["x0"]]),
        ("constant", ("c",), GOOD.assign(c=1.0)),
        ("all missing", ("c",), GOOD.assign(c=np.nan)),
        ("infinite", ("x1",), GOOD.assign(x1=np.where(GOOD["x1"] > 1, np.inf, GOOD["x1"]))),
        ("not numeric", ("x1",), GOOD.assign(x1="agree")),
        ("too few", (), GOOD[:3]),
        ("categories", ("c",), GOOD.assign(c=RNG.normal(size=60))),
    ],
)
def test_refuses_with_the_reason(refusal: str, terms: tuple[str, ...], values: pd.DataFrame) -> None:
    with pytest.raises(ItemsError) as caught:
        polychoric(values)
    assert caught.value.refusal == refusal
    assert caught.value.terms == terms
    assert all(term in caught.value.reason["nl"] and term in caught.value.reason["en"] for term in terms)


def test_a_pair_that_nobody_answered_together_is_refused() -> None:
    values = GOOD.copy()
    values.loc[:29, "x0"] = np.nan
    values.loc[30:, "x1"] = np.nan
    with pytest.raises(ItemsError) as caught:
        polychoric(values, missing="pairwise")
    assert (caught.value.refusal, caught.value.terms) == ("cells", ("x0", "x1"))
