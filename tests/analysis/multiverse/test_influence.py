"""Shares of forks: the analysis of variance on a full factorial, Shapley's value by its definition, sums of 1."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest

from clustergov.analysis.multiverse.influence import MOST_FORKS, shares


def factorial(*sizes: int) -> np.ndarray:
    return np.indices(sizes).reshape(len(sizes), -1).T


def by_orders(estimates: np.ndarray, options: np.ndarray) -> np.ndarray:
    """Shapley's value as the mean gain over all orders in which forks may come."""
    forks = options.shape[1]

    def explained(chosen: tuple[int, ...]) -> float:
        cells = [tuple(row) for row in options[:, list(chosen)]]
        means = {cell: estimates[[other == cell for other in cells]].mean() for cell in set(cells)}
        return float(np.var([means[cell] for cell in cells]))

    gains = np.zeros(forks)
    orders = list(permutations(range(forks)))
    for order in orders:
        for place, fork in enumerate(order):
            gains[fork] += explained(order[: place + 1]) - explained(order[:place])
    return gains / len(orders) / explained(tuple(range(forks)))


def test_additive_forks_have_what_they_make() -> None:
    options = factorial(2, 3)
    alone, whole = shares(np.array([0.0, 3.0])[options[:, 0]] + np.array([1.0, 2.0, 6.0])[options[:, 1]], options)
    a, b = 2.25, np.var([1, 2, 6])
    assert alone == pytest.approx([a / (a + b), b / (a + b)])
    assert whole == pytest.approx(alone)


def test_an_interaction_is_divided_equally() -> None:
    options = factorial(2, 2)
    alone, whole = shares(np.where(options[:, 0] == options[:, 1], 1.0, 0.0), options)
    assert alone == pytest.approx([0, 0], abs=1e-15)
    assert whole == pytest.approx([0.5, 0.5])


@pytest.mark.parametrize("missing", [0, 5])
def test_equals_shapleys_definition_and_sums_to_one(missing: int) -> None:
    rng = np.random.default_rng(missing)
    options = factorial(2, 3, 2, 2)
    kept = np.sort(rng.permutation(len(options))[missing:])
    estimates = rng.normal(size=len(kept))
    _, whole = shares(estimates, options[kept])
    assert whole == pytest.approx(by_orders(estimates, options[kept]), abs=1e-12)
    assert whole.sum() == pytest.approx(1, abs=1e-12)


def test_equal_estimates_have_no_influence() -> None:
    alone, whole = shares(np.full(4, 0.3), factorial(2, 2))
    assert alone.tolist() == whole.tolist() == [0, 0]


def test_the_largest_factorial_is_done_and_more_refused() -> None:
    options = factorial(*[2] * MOST_FORKS)
    _, whole = shares(options @ np.arange(1.0, MOST_FORKS + 1), options)
    squares = np.arange(1.0, MOST_FORKS + 1) ** 2
    assert whole == pytest.approx(squares / squares.sum(), rel=1e-9)
    with pytest.raises(ValueError, match="forks"):
        shares(np.zeros(1), np.zeros((1, MOST_FORKS + 1), dtype=int))
