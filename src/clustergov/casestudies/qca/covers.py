"""All covers of a prime implicant chart: with the fewest terms, or all irredundant ones, counted and listed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice, product
from math import prod
from typing import Literal

import numpy as np

from clustergov.casestudies.qca.chart import Block, Flags, Places, reduced_chart
from clustergov.casestudies.qca.exchanges import exchanged
from clustergov.casestudies.qca.fewest import SLACK, Bound, Effort, fewest

Which = Literal["fewest", "irredundant"]

NEAR = 0.75
"""Gap between the size of a cover and the worth of all rows in the linear programme, below which branches end early: there
a longer search pays."""
LONGER = 6
"""How many times longer it may be."""


@dataclass(frozen=True, slots=True)
class Covers:
    """The covers of a chart.

    Attributes
    ----------
    least : int
        No cover has fewer terms than this: proven.
    count : int
        Covers: exactly when `exact`, else at least.
    exact : bool
        With the fewest terms, also that no smaller cover exists.
    listed : tuple of tuple of int
        Implicants of each cover, ascending; at most ``Effort.listed``.
    essential : tuple of int
        Implicants in every cover; when not `exact`, those known to be.
    """

    least: int
    count: int
    exact: bool
    listed: tuple[tuple[int, ...], ...]
    essential: tuple[int, ...]


def covers(chart: Flags, which: Which = "fewest", effort: Effort | None = None) -> Covers:
    """Cover every row of a chart.

    Parameters
    ----------
    chart : ndarray of bool, shape (implicants, rows)
        Every row is covered by at least one implicant.
    which : {"fewest", "irredundant"}
        Covers with the fewest terms, or all of which no term can be spared (Petrick, S. R. 1956). Those with the
        fewest are always irredundant.
    """
    effort = effort or Effort()
    reduced = reduced_chart(chart)
    found = [_covers_of_block(block, which, effort) for block in reduced.blocks]
    forced: list[list[tuple[int, ...]]] = [[(int(one),) for one in group] for group in reduced.essential]
    parts = forced + [list(islice(_members(block, one.covers), effort.listed)) for block, one in
                      zip(reduced.blocks, found, strict=True)]  # fmt: skip
    listed = tuple(tuple(sorted(sum(cover, ()))) for cover in islice(product(*parts), effort.listed))
    essential = {int(group[0]) for group in reduced.essential if len(group) == 1}
    for block, one in zip(reduced.blocks, found, strict=True):
        if one.exact:
            essential |= {int(block.members[choice][0]) for choice in one.common if len(block.members[choice]) == 1}
    return Covers(
        least=len(forced) + sum(one.least for one in found),
        count=prod(len(group) for group in forced) * prod(one.count for one in found),
        exact=all(one.exact for one in found),
        listed=tuple(sorted(listed)),
        essential=tuple(sorted(essential)),
    )


@dataclass(slots=True)
class _Found:
    """Covers of one block by choices, while they are looked for."""

    least: int
    effort: Effort
    weights: list[int]
    covers: list[tuple[int, ...]] = field(default_factory=list)
    common: frozenset[int] = frozenset()
    count: int = 0
    steps: int = 0
    exact: bool = True

    def weight(self, cover: Sequence[int]) -> int:
        """Covers by implicants that a cover by choices stands for."""
        return prod(self.weights[choice] for choice in cover)

    def add(self, cover: Sequence[int]) -> None:
        self.common = self.common.intersection(cover) if self.count else frozenset(cover)
        self.count += self.weight(cover)
        if len(self.covers) < self.effort.listed:
            self.covers.append(tuple(cover))

    def step(self) -> bool:
        """Whether to go on."""
        self.steps += 1
        self.exact = self.exact and self.steps <= self.effort.steps
        return self.exact


def _covers_of_block(block: Block, which: Which, effort: Effort) -> _Found:
    weights = [len(group) for group in block.members]
    if which == "irredundant":
        found = _Found(1, effort, weights)
        _irredundant(block.chart, found)
        if not found.covers:
            found.add(without_spare(block.chart, fewest(block.chart, effort).cover))
        return found
    bound = fewest(block.chart, effort)
    near = len(bound.cover) - bound.prices.sum() < NEAR
    found = _Found(bound.least, replace(effort, steps=effort.steps * (LONGER if near else 1)), weights)
    _of_size(block.chart, bound, found)
    found.exact = found.exact and bound.least == len(bound.cover)
    if not found.exact:
        known = found.covers or [tuple(sorted(bound.cover))]
        more = exchanged(block.chart, known, max(effort.listed, len(known)))
        found.covers = more[: effort.listed]
        found.count = max(found.count, sum(found.weight(cover) for cover in more))
    return found


def _members(block: Block, chosen: Sequence[tuple[int, ...]]) -> Iterator[tuple[int, ...]]:
    """Covers by implicants from covers by choices."""
    for cover in chosen:
        for one in product(*(block.members[choice].tolist() for choice in cover)):
            yield tuple(one)


def _of_size(chart: Flags, bound: Bound, found: _Found) -> None:
    """Every cover as small as the smallest known, by branching on the open row with the fewest choices.

    A branch ends where the prices of its open rows exceed the choices that are left; choices that would waste too much
    of that are not looked at (reduced-cost fixing).
    """
    size = len(bound.cover)
    worth = np.ascontiguousarray(chart, dtype=np.float64)

    def branch(picked: tuple[int, ...], allowed: Places, open_rows: Flags) -> None:
        if not found.step():
            return
        left = size - len(picked)
        priced = bound.prices * open_rows
        waste = left - priced.sum() + SLACK
        gains = worth[allowed] @ priced
        allowed = allowed[(1 - gains <= waste)]
        here = chart[allowed][:, open_rows]
        if left == 1:
            for choice in allowed[here.all(axis=1)].tolist():
                found.add(sorted((*picked, choice)))
            return
        per_row = here.sum(axis=0)
        if not per_row.all():
            return
        covering = here[:, per_row.argmin()]
        rest = allowed
        for choice in allowed[covering].tolist():
            rest = rest[rest != choice]
            still_open = open_rows & ~chart[choice]
            if still_open.any():
                branch((*picked, choice), rest, still_open)

    branch((), np.arange(len(chart)), np.ones(chart.shape[1], dtype=bool))


def _irredundant(chart: Flags, found: _Found) -> None:
    """Every cover in which each choice is the only one for some row.

    Murakami, K. & Uno, T. (2014). Efficient algorithms for dualizing large-scale hypergraphs. Discrete Applied
    Mathematics 170, 83–94: a choice is added only while every choice keeps a row of its own.
    """
    rows_of = [_bits(row) for row in chart]
    choices_of = [_bits(column) for column in chart.T]

    def branch(picked: tuple[int, ...], own: tuple[int, ...], barred: int, open_rows: int) -> None:
        if not found.step():
            return
        if not open_rows:
            found.add(sorted(picked))
            return
        fewest_options = min((choices_of[place] & ~barred for place in _places(open_rows)), key=int.bit_count)
        for choice in _places(fewest_options):
            covered = rows_of[choice]
            kept = tuple(rows & ~covered for rows in own)
            barred |= 1 << choice
            if all(kept):
                branch((*picked, choice), (*kept, open_rows & covered), barred, open_rows & ~covered)

    branch((), (), 0, (1 << chart.shape[1]) - 1)


def without_spare(chart: Flags, cover: Sequence[int]) -> tuple[int, ...]:
    """A cover without the choices that the others make superfluous."""
    kept = sorted(cover)
    for choice in tuple(kept):
        others = [one for one in kept if one != choice]
        if chart[others].any(axis=0).all():
            kept = others
    return tuple(kept)


def _bits(flags: Flags) -> int:
    return int.from_bytes(np.packbits(flags, bitorder="little").tobytes(), "little")


def _places(bits: int) -> Iterator[int]:
    """The places of the bits that are set, ascending."""
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest
