"""Paired orderings against R (paired differences, binom.test) and simulations with known truth."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from clustergov.analysis.description.ordering import dominance, matched_difference, ordering

REFERENCE = Path(__file__).parents[2] / "reference"
RTOL = 1e-10  # closed formulas in double precision


def test_dominance_agrees_with_r() -> None:
    for row in pd.read_csv(REFERENCE / "claims_statistics-matched.csv").itertuples():
        first = np.array([2.0] * row.b + [1.0] * row.c + [3.0] * (row.n - row.b - row.c) + [np.nan])
        second = np.array([1.0] * row.b + [2.0] * row.c + [3.0] * (row.n - row.b - row.c) + [5.0])
        before = first.copy()
        found = dominance(first, second)
        np.testing.assert_array_equal(first, before)
        assert (found.first_higher, found.second_higher, found.n, found.lost) == (row.b, row.c, row.n, 1)
        assert found.dominance == (row.b - row.c) / row.n
        assert (found.interval.low, found.interval.high) == pytest.approx((row.low, row.high), rel=RTOL, abs=1e-14)
        assert found.p == pytest.approx(row.p, rel=1e-9)


@pytest.mark.parametrize("shares", [(0.5, 0.2), (0.25, 0.25), (0.8, 0.02), (0.1, 0.05)])
@pytest.mark.parametrize("n", [30, 200])
def test_intervals_cover_the_truth(shares: tuple[float, float], n: int) -> None:
    truth = shares[0] - shares[1]
    samples = np.random.default_rng(20121001).multinomial(n, [*shares, 1 - sum(shares)], size=3000)
    covered = np.mean([truth in matched_difference(int(b), int(c), n) for b, c, _ in samples])
    # 3000 samples: ± .012 (three standard errors); the added half observations make small samples err to the safe side.
    assert 0.935 < covered < 0.985


def items(n: int, seed: int, means: list[float]) -> np.ndarray:
    """Answers 1 to 5 of one person share a component; the items differ in their mean."""
    rng = np.random.default_rng(seed)
    latent = rng.normal(size=(n, 1)) + rng.normal(size=(n, len(means))) + np.array(means)
    return np.digitize(latent, [-1.5, -0.5, 0.5, 1.5]) + 1.0


def test_each_takes_the_weakest_pair() -> None:
    answers = items(300, 1, [1.0, 0.8, 0.0, -0.5])
    before = answers.copy()
    found = ordering(answers[:, :2], answers[:, 2:])
    np.testing.assert_array_equal(answers, before)
    every = {(i, j): dominance(answers[:, i], answers[:, 2 + j]) for i in range(2) for j in range(2)}
    assert found.weakest == min(every, key=lambda key: every[key].dominance) == (1, 0)
    assert found.dominance == every[1, 0].dominance
    assert found.interval.low == min(pair.interval.low for pair in every.values())
    # The upper bound is wider than the weakest pair's own: it answers for the choice of the smallest of four.
    assert found.interval.high > every[1, 0].interval.high
    assert list(found.frame()["pair"]) == [1, 2, 3, 4]


def test_interval_of_the_smallest_of_equals_holds_on_both_sides() -> None:
    # All items alike: the smallest dominance is 0 in truth and below 0 in every sample; that must not contradict.
    low, high = 0, 0
    for seed in range(400):
        answers = items(80, seed, [0.0] * 5)
        interval = ordering(answers[:, :1], answers[:, 1:]).interval
        low += interval.low > 0
        high += interval.high < 0
    assert low / 400 < 0.04
    assert high / 400 < 0.04


def test_average_is_the_mean_of_the_pairs() -> None:
    answers = items(200, 2, [0.6, 0.5, 0.0])
    found = ordering(answers[:, :2], answers[:, 2:], compare="average")
    assert found.dominance == pytest.approx(np.mean([pair.dominance for pair in found.pairs]))
    assert found.interval.low < found.dominance < found.interval.high
    assert found.p < 0.001


def test_n_is_that_of_the_pair_with_the_fewest() -> None:
    answers = items(50, 3, [1.0, 0.0, 0.0])
    answers[:7, 2] = np.nan
    found = ordering(answers[:, :1], answers[:, 1:])
    assert (found.n, found.lost) == (43, 7)
    assert ordering(answers[:, :1], answers[:, 1:], compare="average").n == 43


def test_nobody_who_answered_both_is_refused() -> None:
    with pytest.raises(ValueError, match="nobody"):
        dominance([1.0, np.nan], [np.nan, 1.0])


def test_frame_and_sentences_tell_the_same() -> None:
    found = dominance([2.0] * 30 + [1.0] * 10, [1.0] * 30 + [2.0] * 10)
    assert found.frame()["dominance"].item() == 0.5
    assert "is 0,50 (95%-betrouwbaarheidsinterval" in found.sentence("nl")
    answers = items(60, 4, [1.0, 0.0])
    assert "1 comparisons" in ordering(answers[:, :1], answers[:, 1:]).sentence("en")
