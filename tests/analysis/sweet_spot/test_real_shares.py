"""Of real organisations: no count below the minimum, not by difference either, and no smallest or largest share."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from clustergov.analysis.sweet_spot.share_optimum import share_optimum
from clustergov.analysis.sweet_spot.support import support


@pytest.mark.parametrize(
    ("shares", "shown"),
    [
        ([20] * 10 + [55] * 10 + [65] * 10 + [80] * 10, True),
        ([20] * 10 + [55] * 10 + [60] * 6 + [65] * 10 + [80] * 10, True),
        ([20] * 10 + [55] * 10 + [60] + [65] * 10 + [80] * 10, False),  # one at 60: n less both sides
        ([20] * 10 + [55] * 2 + [65] * 10 + [80] * 10, False),  # two between 50 and 60: one count less the other
        ([20] * 10 + [55] * 10 + [65] * 3 + [80] * 10, False),
        ([20] * 10 + [55] * 10 + [65] * 10 + [80] * 4, False),
    ],
)
def test_counts_from_which_few_follow_are_hidden(shares: list[int], shown: bool) -> None:
    counted = support(np.array(shares, dtype=float), 60, 10).hidden(5)
    assert (counted.below is not None) == shown
    if not shown:
        assert {counted.below, counted.above, counted.far_below, counted.far_above, counted.within} == {None}


def test_no_single_share_is_told() -> None:
    rng = np.random.default_rng(3)
    share = pd.Series(np.concatenate([[0.25, 99.75], rng.uniform(20, 80, 80).round(2)]), name="share")
    outcome = pd.Series(0.01 * share + rng.normal(size=82), name="y")
    whole, told = (share_optimum(share, outcome, resamples=200, minimum=least) for least in (None, 5))
    assert whole.curve is not None
    assert told.curve is not None
    assert whole.ends == (0.25, 99.75)
    low, high = told.ends
    assert 0.25 < low < high < 99.75
    assert low <= told.curve.places[0] < told.curve.places[-1] <= high
    assert len(told.curve.places) == len(told.curve.height) == len(told.curve.low) == len(told.curve.high)
    frame = told.frame()
    places = frame[frame["quantity"] == "top"][["estimate", "low", "high"]].to_numpy()
    assert ((places >= low) & (places <= high)).all()
    assert told.verdict == whole.verdict
    assert told.tops.at_end >= whole.tops.at_end
    assert (told.tops.parabola.min(), told.tops.parabola.max()) == pytest.approx((low, high))
    # What a reader may look up is the same: slopes and tests.
    tests = whole.frame()["quantity"].str.startswith("slope")
    pd.testing.assert_frame_equal(whole.frame()[tests], frame[tests])
