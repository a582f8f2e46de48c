"""Kendall's tau-b against R (estimate by cor.test, errors over all pairs), SAS, and a simulation with known truth."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import multivariate_normal

from clustergov.analysis.description.rank_correlation import kendall_tau_b

REFERENCE = Path(__file__).parents[2] / "reference"
RTOL = 1e-10  # sums of a few thousand terms in double precision, in another order

# SAS/STAT User's Guide, procedure FREQ, example on the Cochran–Armitage trend test: rows adverse no, yes; columns dose.
PAIN = np.array([[26, 26, 23, 18, 9], [6, 7, 9, 14, 23]])


def spread(table: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    rows, columns = np.indices(table.shape)
    return np.repeat(rows.ravel(), table.ravel()), np.repeat(columns.ravel(), table.ravel())


def test_agrees_with_r() -> None:
    data = pd.read_csv(REFERENCE / "claims_statistics-data.csv")
    before = data.copy()
    expected = pd.read_csv(REFERENCE / "claims_statistics-tau.csv")
    for row in expected.itertuples():
        found = kendall_tau_b(data[row.first], data[row.second])
        assert data.equals(before)
        got = (found.tau, found.standard_error, found.null_error, found.interval.low, found.interval.high, found.p)
        assert got == pytest.approx((row.tau, row.ase1, row.ase0, row.low, row.high, row.p), rel=RTOL)
        # cor.test permutes under independence, Brown and Benedetti assume tau = 0 only: close, not equal.
        assert np.log10(found.p) == pytest.approx(np.log10(row.p_cor_test), abs=1.3)


def test_agrees_with_the_worked_example_of_sas() -> None:
    found = kendall_tau_b(*spread(PAIN))
    assert round(found.tau, 4) == 0.3373
    assert round(found.standard_error, 4) == 0.0642
    assert (round(found.interval.low, 4), round(found.interval.high, 4)) == (0.2114, 0.4631)


def test_signs_scale_and_order_of_the_variables_do_not_matter() -> None:
    x, y = spread(PAIN)
    plain, turned, other = kendall_tau_b(x, y), kendall_tau_b(x, -y), kendall_tau_b(np.exp(y), x)
    assert turned.tau == pytest.approx(-plain.tau)
    assert other.standard_error == pytest.approx(plain.standard_error)
    assert other.tau == pytest.approx(plain.tau)


def test_missing_pairs_are_left_out_and_counted() -> None:
    x, y = (values.astype(float) for values in spread(PAIN))
    found = kendall_tau_b(np.append(x, [np.nan, 1.0]), np.append(y, [2.0, np.nan]))
    assert (found.n, found.lost) == (161, 2)
    assert found.tau == kendall_tau_b(x, y).tau


def test_large_counts_lose_no_digits() -> None:
    small, large = kendall_tau_b(*spread(PAIN)), kendall_tau_b(*spread(PAIN * 400))
    assert large.n == 64_400
    assert large.tau == pytest.approx(small.tau, rel=1e-12)
    assert large.standard_error == pytest.approx(small.standard_error / 20, rel=1e-9)


def test_no_variance_is_refused() -> None:
    with pytest.raises(ValueError, match="without variance"):
        kendall_tau_b([1, 1, 1, np.nan], [1, 2, 3, 4])


@pytest.mark.parametrize("rho", [0.0, 0.3, 0.6])
@pytest.mark.parametrize("cuts", [([-1.0, 0.0, 0.5, 1.5], [-1.5, -0.7, 0.2, 1.0]), ([0.4], [-1.5, -0.7, 0.2, 1.0])])
def test_intervals_cover_the_truth(rho: float, cuts: tuple[list[float], list[float]]) -> None:
    cells = normal_cells(rho, *cuts)
    truth = kendall_tau_b(*spread(np.rint(cells * 2_000_000).astype(int))).tau
    rng = np.random.default_rng(20121001)
    samples = rng.multinomial(120, cells.ravel(), size=500).reshape(-1, *cells.shape)
    covered = [truth in kendall_tau_b(*spread(sample)).interval for sample in samples]
    # 500 samples: a coverage of .95 shows itself as .95 ± .029 (three standard errors); Wald's at n = 120 is a little low.
    assert 0.915 < np.mean(covered) < 0.98


def normal_cells(rho: float, first: list[float], second: list[float]) -> np.ndarray:
    normal = multivariate_normal([0, 0], [[1, rho], [rho, 1]])
    ends = [np.array([-9.0, *cuts, 9.0]) for cuts in (first, second)]
    below = np.array([[normal.cdf([a, b]) for b in ends[1]] for a in ends[0]])
    cells = np.clip(np.diff(np.diff(below, axis=0), axis=1), 0, 1)
    return cells / cells.sum()


def test_test_holds_its_level() -> None:
    cells = np.outer([0.3, 0.4, 0.3], [0.1, 0.2, 0.4, 0.3])
    samples = np.random.default_rng(7).multinomial(100, cells.ravel(), size=1500).reshape(-1, *cells.shape)
    rejected = np.mean([kendall_tau_b(*spread(sample)).p < 0.05 for sample in samples])
    assert 0.03 < rejected < 0.07


def test_frame_and_sentences_tell_the_same() -> None:
    found = kendall_tau_b(*spread(PAIN))
    assert found.frame()["tau"].item() == found.tau
    assert "0,34 (95%-betrouwbaarheidsinterval 0,21 tot 0,46; p < 0,001; n = 161)" in found.sentence("nl")
    assert "0.34 (95% confidence interval 0.21 to 0.46; p < 0.001; n = 161)" in found.sentence("en")
