"""Shares against R's prop.test(correct = FALSE) and t.test."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom

from clustergov.analysis.description.share import mean_share, proportion, wilson

REFERENCE = Path(__file__).parents[2] / "reference"
RTOL = 1e-10  # closed formulas in double precision; t quantiles agree to 12 digits


def test_proportions_agree_with_r() -> None:
    for row in pd.read_csv(REFERENCE / "claims_statistics-share.csv").itertuples():
        yes = np.array([1.0] * row.x + [0.0] * (row.n - row.x) + [np.nan])
        before = yes.copy()
        found = proportion(yes, level=row.level, against=0.8)
        np.testing.assert_array_equal(yes, before)
        assert (found.n, found.lost, found.share) == (row.n, 1, row.x / row.n)
        assert found.interval.low == pytest.approx(row.low, rel=RTOL, abs=1e-14)
        assert found.interval.high == pytest.approx(row.high, rel=RTOL)
        assert found.p == pytest.approx(row.p, rel=1e-8)


def test_mean_shares_agree_with_r() -> None:
    public = pd.read_csv(REFERENCE / "claims_statistics-public.csv")["public"]
    before = public.copy()
    for row in pd.read_csv(REFERENCE / "claims_statistics-mean_share.csv").itertuples():
        found = mean_share(public, level=row.level, against=0.6)
        assert public.equals(before)
        assert found.n == 15
        assert (found.share, found.interval.low, found.interval.high, found.p) == pytest.approx(
            (row.mean, row.low, row.high, row.p), rel=RTOL
        )


@pytest.mark.parametrize(("share", "n"), [(0.5, 50), (0.8, 100), (0.89, 240), (0.97, 60)])
def test_wilson_covers_the_truth(share: float, n: int) -> None:
    # Exact, by summing over every count; Wilson's coverage swings around its level (Brown, Cai & DasGupta 2001).
    counts = np.arange(n + 1)
    covered = [share in wilson(int(count), n) for count in counts]
    assert 0.92 < binom.pmf(counts, n, share)[covered].sum() < 0.98


def test_interval_of_a_mean_stays_inside_its_range() -> None:
    found = mean_share([1.0, 1.0, 1.0, 0.2], level=0.99)
    assert found.interval.low == 0.0 or found.interval.high == 1.0
    assert 0 <= found.interval.low < found.share < found.interval.high <= 1


def test_what_is_no_share_is_refused() -> None:
    with pytest.raises(ValueError, match="zeros and ones"):
        proportion([0, 1, 2])
    with pytest.raises(ValueError, match="zeros and ones"):
        proportion([np.nan])
    with pytest.raises(ValueError, match="between 0 and 1"):
        mean_share([0.5, 60.0])
    with pytest.raises(ValueError, match="differ"):
        mean_share([0.5, 0.5])


def test_frame_and_sentences_tell_the_same() -> None:
    found = proportion([1.0] * 40 + [0.0] * 10)
    assert found.frame()["share"].item() == 0.8
    assert found.sentence("nl") == "80,0% (95%-betrouwbaarheidsinterval 67,0% tot 88,8%; n = 50)."
    assert found.sentence("en") == "80.0% (95% confidence interval 67.0% to 88.8%; n = 50)."
