"""The prime implicant chart, reduced: what is left to choose once everything forced or equal is factored out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

Flags = NDArray[np.bool_]
Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """A part of the chart that can be covered on its own.

    Attributes
    ----------
    chart : ndarray of bool, shape (choices, rows)
        Which rows of the block each choice covers; no two choices cover the same rows, no choice covers none.
    members : tuple of ndarray of int, one per choice
        The implicants that cover exactly these rows of the block: any one of them will do.
    """

    chart: Flags
    members: tuple[Places, ...]


@dataclass(frozen=True, slots=True, eq=False)
class ReducedChart:
    """A chart without what is forced.

    Attributes
    ----------
    essential : tuple of ndarray of int
        Of each group exactly one implicant stands in every irredundant cover; a group of one is an essential implicant.
    blocks : tuple of Block
        Independent of each other: the covers of the chart are all combinations of theirs.
    """

    essential: tuple[Places, ...]
    blocks: tuple[Block, ...]


def reduced_chart(chart: Flags) -> ReducedChart:
    """Reduce a chart without losing or inventing an irredundant cover.

    Rows that every choice for another row covers too are dropped (row dominance), choices that cover the same rows
    become one, and a row with one choice forces it; again and again. Quine, W. V. (1955). A way to simplify truth
    functions. American Mathematical Monthly 62, 627–631. Dominated implicants stay: some model may hold them.

    Parameters
    ----------
    chart : ndarray of bool, shape (implicants, rows)
        Every row is covered by at least one implicant.
    """
    members: tuple[Places, ...] = tuple(np.array([place]) for place in range(len(chart)))
    essential: list[Places] = []
    while True:
        chart, members = _merged(chart, members)
        chart = _without_implied_rows(chart)
        forced = np.unique(chart[:, chart.sum(axis=0) == 1].argmax(axis=0)) if chart.size else np.empty(0, dtype=int)
        if not len(forced):
            break
        essential += [members[place] for place in forced]
        others = np.setdiff1d(np.arange(len(chart)), forced)
        open_rows = ~chart[forced].any(axis=0)
        chart, members = chart[np.ix_(others, open_rows)], tuple(members[place] for place in others)
    return ReducedChart(tuple(essential), _blocks(chart, members))


def _merged(chart: Flags, members: tuple[Places, ...]) -> tuple[Flags, tuple[Places, ...]]:
    """Choices that cover the same rows as one, in the order of their first implicants; those that cover none go."""
    if not chart.size:
        return chart[:0], ()
    packed = np.packbits(chart, axis=1)
    _, first, which = np.unique(
        packed.view(np.dtype((np.void, packed.shape[1]))).ravel(), return_index=True, return_inverse=True
    )
    groups: dict[int, list[Places]] = {}
    for place, group in enumerate(first[which].tolist()):
        groups.setdefault(group, []).append(members[place])
    kept = [place for place in groups if chart[place].any()]
    return chart[kept], tuple(np.sort(np.concatenate(groups[place])) for place in kept)


def _without_implied_rows(chart: Flags) -> Flags:
    """Drop each row whose choices include all choices of another row."""
    if not chart.size:
        return chart
    counts = chart.astype(np.float32)
    shared = counts.T @ counts
    implies = shared == shared.diagonal()[:, None]  # every choice for the row covers the column too
    np.fill_diagonal(implies, False)
    equal = implies & implies.T
    implies &= ~equal | np.triu(equal)  # of rows with the same choices the first stays
    return chart[:, ~implies.any(axis=0)]


def _blocks(chart: Flags, members: tuple[Places, ...]) -> tuple[Block, ...]:
    if not chart.size:
        return ()
    counts = chart.astype(np.float32)
    number, block_of_row = connected_components(csr_array(counts.T @ counts), directed=False)
    block_of_choice = block_of_row[chart.argmax(axis=1)]
    blocks = []
    for block in range(number):
        choices = np.flatnonzero(block_of_choice == block)
        rows = chart[np.ix_(choices, block_of_row == block)]
        blocks.append(Block(rows, tuple(members[place] for place in choices)))
    return tuple(blocks)
