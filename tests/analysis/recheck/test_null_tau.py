"""tau under no association against enumeration, simulation and its bounds; R's numbers: tests/conformance."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest

from clustergov.analysis.description.rank_correlation import kendall_tau_b
from clustergov.analysis.recheck.null_tau import even, exact_p, inversions, null_variance, p_range, variance_bounds


def test_exact_distribution_is_that_of_all_orders() -> None:
    counts = np.zeros(11)
    for order in permutations(range(5)):
        counts[sum(order[i] > order[j] for i in range(5) for j in range(i + 1, 5))] += 1
    np.testing.assert_allclose(inversions(5) * 120, counts, rtol=1e-13)
    assert inversions(40).sum() == pytest.approx(1, abs=1e-12)
    assert exact_p(10, 5) == pytest.approx(2 / 120)


@pytest.mark.parametrize("sizes", [((3, 6), (4, 5)), ((2, 3, 4), (1, 4, 4)), ((9,) * 0 or (1,) * 9, (3, 3, 3))])
def test_variance_with_ties_is_that_of_shuffled_answers(sizes: tuple[tuple[int, ...], tuple[int, ...]]) -> None:
    x, y = (np.repeat(np.arange(len(each)), each).astype(float) for each in sizes)
    rng = np.random.default_rng(1)
    taus = [kendall_tau_b(x, rng.permutation(y)).tau for _ in range(4000)]
    # Four standard errors of a variance from 4,000 draws of about normal numbers.
    assert np.var(taus) == pytest.approx(null_variance(9, *sizes), rel=4 * np.sqrt(2 / 4000))


def test_no_ties_exceed_the_bounds() -> None:
    rng = np.random.default_rng(2)
    n, tried = 60, 0
    low, high = variance_bounds(n)
    for _ in range(1000):
        sizes = [rng.multinomial(n, rng.dirichlet(np.full(rng.integers(2, 8), 0.5))) for _ in range(2)]
        kept = [tuple(int(s) for s in each if s) for each in sizes]
        if min(map(len, kept)) > 1:
            tried += 1
            assert low - 1e-12 <= null_variance(n, *kept) <= high + 1e-12
    assert tried > 500
    assert high == pytest.approx(1 / (n - 1))


@pytest.mark.parametrize("k", [2, 3, 5])
def test_even_categories_give_the_least_variance(k: int) -> None:
    rng = np.random.default_rng(k)
    least = null_variance(120, even(120, k), even(120, 5))
    for _ in range(200):
        sizes = tuple(int(s) for s in rng.multinomial(120, rng.dirichlet(np.ones(k))) if s)
        if len(sizes) == k:
            assert null_variance(120, sizes, even(120, 5)) >= least * (1 - 1e-3)


def test_one_value_has_no_variance() -> None:
    with pytest.raises(ValueError, match="two values"):
        null_variance(10, (10,), (5, 5))


def test_a_range_through_zero_holds_p_of_one() -> None:
    assert p_range(-0.05, 0.05, 100)[1] == 1.0
