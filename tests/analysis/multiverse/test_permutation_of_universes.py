"""Permutations of all respondents and of some, refits after them, and the size of the joint test."""

from __future__ import annotations

import os
from itertools import permutations, product

import numpy as np
import pytest

from clustergov.analysis.multiverse.block import Block, fit, pieces
from clustergov.analysis.multiverse.joint import STATISTICS, joint, statistics
from clustergov.analysis.multiverse.permutation import (
    draw_orders,
    every_order,
    exchangeable,
    refit,
    share_as_extreme,
    within,
)

ALL_60 = np.zeros(60, dtype=int)
"""Sixty who change places with each other."""
DRAWS = int(os.environ.get("CLUSTERGOV_DRAWS", "250"))


def test_each_permutation_has_its_own_seed() -> None:
    whole = draw_orders(ALL_60[:20], 0, 10, 3)
    np.testing.assert_array_equal(whole[4:7], draw_orders(ALL_60[:20], 4, 3, 3))
    assert (np.sort(whole, axis=1) == np.arange(20)).all()
    assert len({tuple(order) for order in whole}) == 10
    assert not np.array_equal(whole, draw_orders(ALL_60[:20], 0, 10, 4))


def test_a_permutation_of_all_makes_one_of_some_that_is_nearly_the_same() -> None:
    rows = np.setdiff1d(np.arange(100), [3, 50, 77])
    orders = draw_orders(np.zeros(100, dtype=int), 0, 200, 1)
    own = within(rows, orders)
    assert (np.sort(own, axis=1) == np.arange(97)).all()
    same = (rows[own] == orders[:, rows]).mean()
    assert same > 0.95  # three of a hundred are left out
    np.testing.assert_array_equal(within(np.arange(100), orders), orders)


def test_respondents_in_the_same_samples_stay_among_themselves() -> None:
    everybody, some, other = (
        np.arange(60),
        np.setdiff1d(np.arange(60), range(12)),
        np.setdiff1d(np.arange(60), [20, 21]),
    )
    alike = exchangeable([everybody, some, other], 60)
    assert len(np.unique(alike)) == 3
    assert len(np.unique(alike[:12])) == 1  # twelve of one pattern
    assert set(np.flatnonzero(alike == alike[20])) == {20, 21}  # the pattern of two is joined to no other
    assert len(np.unique(exchangeable([everybody, other, np.arange(57)], 60))) == 2  # two small patterns are one
    orders = draw_orders(alike, 0, 50, 2)
    assert (alike[orders] == alike).all()
    assert (np.sort(orders, axis=1) == np.arange(60)).all()
    np.testing.assert_array_equal(within(some, orders), orders[:, some] - 12)


def test_permutations_of_some_are_uniform() -> None:
    """All 24 permutations of four, three rows of it: each of the six comes four times."""
    own = within(np.array([0, 1, 3]), np.array(list(permutations(range(4)))))
    _, counts = np.unique(own, axis=0, return_counts=True)
    assert counts.tolist() == [4] * 6


@pytest.mark.parametrize("clustered", [False, True])
def test_refits_equal_fitting_the_permuted_outcome(clustered: bool) -> None:
    rng = np.random.default_rng(2)
    Z = rng.normal(size=(50, 3))
    columns = np.column_stack([rng.normal(size=50) + Z[:, 0], rng.normal(size=50) + Z[:, 1], Z])
    held = np.array([[False, False, *subset] for subset in product([False, True], repeat=3)])
    groups = np.arange(50) % 7
    block = Block(
        np.arange(50), columns, np.zeros(8, dtype=int), np.ones(8, dtype=int), held, groups, np.full(8, clustered)
    )
    orders = draw_orders(ALL_60[:50], 0, 3, 9)
    slopes, errors = refit(block, list(pieces(block)), orders)
    for at, order in product(range(8), range(3)):
        X = np.column_stack([np.ones(50), columns[:, held[at]]])
        explained = X @ np.linalg.lstsq(X, columns[:, 0])[0]
        enlarged = np.sqrt(49 / (50 - X.shape[1]))
        permuted = columns.copy()
        permuted[:, 0] = explained + enlarged * (columns[:, 0] - explained)[orders[order]]
        own = fit(
            Block(
                block.rows, permuted, block.outcome[[at]], block.focal[[at]], held[[at]], groups, np.array([clustered])
            )
        )
        assert slopes[order, at] == pytest.approx(own.estimate[0], rel=1e-9, abs=1e-13)
        assert errors[order, at] == pytest.approx(own.error[0], rel=1e-9)


def test_the_order_as_it_is_gives_the_fits_themselves() -> None:
    rng = np.random.default_rng(2)
    columns = rng.normal(size=(30, 3))
    block = Block(np.arange(30), columns, np.array([0]), np.array([1]), np.array([[False, False, True]]), np.arange(30), np.array([False]))  # fmt: skip
    fits, (slopes, errors) = fit(block), refit(block, list(pieces(block)), np.arange(30)[None, :])
    enlarged = np.sqrt(29 / 28)  # of residuals after one covariate
    assert slopes[0, 0] == pytest.approx(enlarged * fits.estimate[0], rel=1e-12)
    assert errors[0, 0] == pytest.approx(enlarged * fits.error[0], rel=1e-12)


@pytest.mark.parametrize("covariates", [0, 1, 3])
def test_permuted_slopes_vary_as_much_as_slopes_of_errors(covariates: int) -> None:
    """Over all 5,040 orders of seven: their variance is the unbiased one of the errors over the focal sum of squares."""
    rng = np.random.default_rng(4)
    columns = rng.normal(size=(7, 2 + covariates))
    held = np.array([[False, False] + [True] * covariates])
    block = Block(np.arange(7), columns, np.array([0]), np.array([1]), held, np.arange(7), np.array([False]))
    slopes, _ = refit(block, list(pieces(block)), every_order(7))
    X = np.column_stack([np.ones(7), columns[:, 2:]])
    y, x = (columns[:, :2] - X @ np.linalg.lstsq(X, columns[:, :2])[0]).T
    assert slopes.mean() == pytest.approx(0, abs=1e-12)
    assert (slopes**2).mean() == pytest.approx(y @ y / (7 - X.shape[1]) / (x @ x), rel=1e-10)


def test_statistics_by_hand() -> None:
    estimate, error, df = np.array([2.0, 1.0, -0.5]), np.array([0.5, 1.0, 1.0]), np.array([1e9, 1e9, 1e9])
    median, one_sign, apart, z = statistics(estimate, error, df)
    assert (median, one_sign, apart) == (1.0, 2 / 3, 1 / 3)
    assert z == pytest.approx((4 + 1 - 0.5) / 3, rel=1e-6)
    assert statistics(-estimate, error, df).tolist() == pytest.approx([-1.0, 2 / 3, 1 / 3, -z])
    assert np.isfinite(statistics(np.array([1.0]), np.array([0.0]), np.array([5.0]))).all()
    assert np.isfinite(statistics(np.array([1e9]), np.array([1e-9]), np.array([1e9]))).all()


def test_ties_count_and_no_p_is_zero() -> None:
    assert share_as_extreme(2.0, [2.0 - 1e-12, 1.0, 3.0]) == 0.75
    assert share_as_extreme(9.0, np.zeros(99)) == 0.01
    assert every_order(3).tolist()[0] == [0, 1, 2]


def multiverse_of_noise(rng: np.random.Generator, effect: float) -> tuple[Block, Block]:
    """n = 60: two outcomes with skewed errors, three covariates in or out, everybody or 52 of them; 32 universes."""
    Z = rng.normal(size=(60, 3))
    x = (rng.random(60) < 0.4).astype(float)
    Y = (
        (Z @ [0.5, 0.3, 0.0])[:, None]
        + rng.exponential(size=(60, 1))
        + 0.5 * rng.normal(size=(60, 2))
        + effect * x[:, None]
    )
    columns = np.column_stack([Y, x, Z])
    chosen = [(y, subset) for y in (0, 1) for subset in product([False, True], repeat=3)]
    held = np.array([[False, False, False, *subset] for _, subset in chosen])
    outcome = np.array([y for y, _ in chosen])
    some = np.sort(rng.choice(60, 52, replace=False))
    return tuple(  # type: ignore[return-value]  # two of them
        Block(
            rows, columns[rows], outcome, np.full(16, 2), held, np.zeros(len(rows), dtype=int), np.zeros(16, dtype=bool)
        )
        for rows in (np.arange(60), some)
    )


def rejections(draws: int, effect: float, orders_per_draw: int = 99) -> np.ndarray:
    """Shares of draws in which each statistic's p is at most 5 %."""
    rejected = np.zeros(4)
    for number in range(draws):
        rng = np.random.default_rng([77, number])
        seed, blocks = int(rng.integers(2**31)), multiverse_of_noise(rng, effect)
        orders = draw_orders(exchangeable([block.rows for block in blocks], 60), 0, orders_per_draw, seed)
        observed, permuted = [], []
        for block in blocks:
            fits = fit(block)
            observed.append((fits.estimate, fits.error, fits.df))
            permuted.append((*refit(block, list(pieces(block)), within(block.rows, orders)), np.tile(fits.df, (orders_per_draw, 1))))  # fmt: skip
        together = [np.concatenate(part, axis=-1) for part in zip(*observed, strict=True)]
        shuffled = [np.concatenate(part, axis=-1) for part in zip(*permuted, strict=True)]
        found = joint(statistics(*together), statistics(*shuffled), 32)
        rejected += [getattr(found, f"p_{name}") <= 0.05 for name in STATISTICS]
    return rejected / draws


def test_the_joint_test_keeps_its_size_at_n_60() -> None:
    rates = rejections(DRAWS, effect=0.0)
    # At most 6 % with the draws of the full run; with few of them, 5 % and what chance leaves (3.5 standard errors).
    limit = max(0.06, 0.05 + 3.5 * np.sqrt(0.05 * 0.95 / DRAWS))
    assert (rates <= limit).all(), dict(zip(STATISTICS, rates, strict=True))
    assert rates[0] >= 0.05 - 3.5 * np.sqrt(0.05 * 0.95 / DRAWS)  # the median's p is exact: not conservative either


def test_the_joint_test_finds_an_effect() -> None:
    draws = min(DRAWS, 100)
    rates = rejections(draws, effect=1.2)
    assert rates[0] > 0.8
    assert rates[3] > 0.8
