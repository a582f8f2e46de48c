"""Prime implicants and covers against brute force: every cube, every set of implicants."""

from __future__ import annotations

import os
from itertools import combinations, product

import numpy as np
import pytest

from clustergov.casestudies.qca.covers import covers
from clustergov.casestudies.qca.exchanges import exchanged
from clustergov.casestudies.qca.fewest import Effort
from clustergov.casestudies.qca.implicants import closed_prime_implicants, prime_implicants

EXAMPLES = int(os.environ.get("CLUSTERGOV_EXAMPLES", 15))
Cube = tuple[int, ...]


def brute(positive: np.ndarray, sizes: list[int], forbidden: set[Cube]) -> set[Cube]:
    """Every cube without a forbidden configuration, that covers a positive one and lies in no larger such cube."""

    def configurations(cube: Cube) -> list[Cube]:
        return list(product(*(range(size) if level < 0 else (level,) for level, size in zip(cube, sizes, strict=True))))

    def larger(cube: Cube) -> list[Cube]:
        return [(*cube[:place], -1, *cube[place + 1 :]) for place in range(len(cube)) if cube[place] >= 0]

    cubes = {
        cube for cube in product(*(range(-1, size) for size in sizes)) if not forbidden & set(configurations(cube))
    }
    rows = {tuple(row) for row in positive.tolist()}
    return {
        cube for cube in cubes if rows & set(configurations(cube)) and not any(one in cubes for one in larger(cube))
    }


@pytest.mark.parametrize("seed", range(EXAMPLES))
def test_prime_implicants_are_those_of_brute_force(seed: int) -> None:
    draw = np.random.default_rng(seed)
    sizes = [2] * int(draw.integers(1, 7)) if seed % 2 else draw.integers(2, 5, size=draw.integers(1, 5)).tolist()
    every = np.array(list(product(*map(range, sizes))))
    kind = draw.integers(0, 3, size=len(every))  # 0 remainder, 1 positive, 2 negative
    positive, negative = every[kind == 1], every[kind == 2]
    if not len(positive):
        return
    found = prime_implicants(positive, np.array(sizes), forbidden=negative)
    assert {tuple(row) for row in found.levels.tolist()} == brute(
        positive, sizes, {tuple(r) for r in negative.tolist()}
    )
    closed = closed_prime_implicants(positive, np.array(sizes), allowed=positive)
    rest = {tuple(row) for row in every[kind != 1].tolist()}
    assert {tuple(row) for row in closed.levels.tolist()} == brute(positive, sizes, rest)
    for implicants in (found, closed):
        covered = ((implicants.levels[:, None] < 0) | (implicants.levels[:, None] == positive[None])).all(axis=2)
        np.testing.assert_array_equal(implicants.chart(len(positive)), covered)


def test_nine_conditions_reach_beyond_one_machine_word() -> None:
    draw = np.random.default_rng(5)
    rows = np.unique(draw.integers(0, 2, size=(60, 9)), axis=0)
    positive, negative = rows[::2], rows[1::2]
    found = prime_implicants(positive, np.full(9, 2), forbidden=negative)
    forbidden = {tuple(row) for row in negative.tolist()}
    kept = {tuple(row) for row in found.levels.tolist()}
    for cube in kept:
        fixed = [place for place in range(9) if cube[place] >= 0]
        assert not any(all(row[place] == cube[place] for place in fixed) for row in forbidden)
        for spared in fixed:  # prime: without any one literal a negative row is covered
            others = [place for place in fixed if place != spared]
            assert any(all(row[place] == cube[place] for place in others) for row in forbidden)
    for row in positive.tolist():  # complete: the number of minimal hitting sets of the differences, by brute force
        differences = [{place for place in range(9) if other[place] != row[place]} for other in forbidden]
        hitting = [set(chosen) for size in range(10) for chosen in combinations(range(9), size)
                   if all(set(chosen) & one for one in differences)]  # fmt: skip
        minimal = [one for one in hitting if not any(other < one for other in hitting)]
        assert {tuple(row[p] if p in one else -1 for p in range(9)) for one in minimal} <= kept


@pytest.mark.parametrize("seed", range(4 * EXAMPLES))
def test_covers_are_those_of_brute_force(seed: int) -> None:
    draw = np.random.default_rng(seed)
    chart = draw.random((draw.integers(1, 10), draw.integers(1, 8))) < 0.4
    chart = chart[:, chart.any(axis=0)]
    n = len(chart)
    all_covers = [set(chosen) for size in range(n + 1) for chosen in combinations(range(n), size)
                  if chart[list(chosen)].any(axis=0).all()]  # fmt: skip
    irredundant = sorted(tuple(sorted(one)) for one in all_covers if not any(other < one for other in all_covers))
    least = min(map(len, all_covers))
    fewest, every = covers(chart), covers(chart, "irredundant")
    assert fewest.exact
    assert every.exact
    assert fewest.least == least
    assert list(fewest.listed) == [one for one in irredundant if len(one) == least]
    assert sorted(every.listed) == irredundant
    assert (fewest.count, every.count) == (len(fewest.listed), len(irredundant))
    alone = {int(np.flatnonzero(column)[0]) for column in chart.T if column.sum() == 1}
    assert set(every.essential) == alone
    assert set(fewest.essential) == set.intersection(*map(set, fewest.listed))


def test_equal_implicants_are_counted_as_a_product_and_not_listed_beyond_the_limit() -> None:
    chart = np.kron(np.eye(6, dtype=bool), np.ones((10, 1), dtype=bool))
    found = covers(chart, effort=Effort(listed=7))
    assert (found.count, found.exact, found.least, len(found.listed)) == (10**6, True, 6, 7)


def test_a_search_that_stops_says_at_least() -> None:
    draw = np.random.default_rng(3)
    chart = draw.random((60, 40)) < 0.2
    chart[0] |= ~chart.any(axis=0)
    whole, part = covers(chart), covers(chart, effort=Effort(steps=5))
    assert whole.exact
    assert not part.exact
    assert 1 <= part.count <= whole.count
    assert part.least <= whole.least == len(whole.listed[0])
    assert set(map(len, part.listed)) == {len(part.listed[0])}


@pytest.mark.parametrize("steps", [1, 2, 3])
def test_a_search_without_a_spare_term_that_stops_at_once_still_gives_one_cover(steps: int) -> None:
    chart = ~np.eye(7, dtype=bool)[:, :6]
    found = covers(chart, "irredundant", Effort(steps=steps))
    assert (found.exact, found.count) == (False, 1)
    (cover,) = found.listed
    assert chart[list(cover)].any(axis=0).all()
    assert not any(chart[[one for one in cover if one != spared]].any(axis=0).all() for spared in cover)


def test_exchanges_find_nothing_but_covers_of_that_size_each_once() -> None:
    draw = np.random.default_rng(8)
    chart = draw.random((60, 25)) < 0.2
    chart[0] |= ~chart.any(axis=0)
    whole = covers(chart)
    assert whole.exact
    for most in (3, 1000):
        found = exchanged(chart, whole.listed[:1], most)
        assert len(found) == len(set(found)) <= most
        assert set(found) <= set(whole.listed)
    assert len(found) > 1


def test_input_is_not_changed() -> None:
    rows = np.array([[0, 1, 1], [1, 0, 1]])
    before = rows.copy()
    prime_implicants(rows[:1], np.full(3, 2), forbidden=rows[1:])
    np.testing.assert_array_equal(rows, before)
