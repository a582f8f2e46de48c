"""Which respondents each universe has, and the blocks of universes that have the same ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from clustergov.analysis.multiverse.block import Block
from clustergov.analysis.multiverse.source import Source
from clustergov.analysis.multiverse.universes import Universes

Places = NDArray[np.int64]
Ticks = NDArray[np.bool_]

LEAST = 3
"""Respondents below which nothing is fitted at all."""


@dataclass(frozen=True, slots=True, eq=False)
class Sampled:
    """Universes on their respondents.

    Attributes
    ----------
    blocks : tuple of Block
    universe, copy : tuple of array of int
        Per block, of each specification: its universe, and the completed table that it is from (0 without imputation).
    copies : array of int, shape (m,)
        Completed tables of each universe.
    n : array of int, shape (m,)
        Respondents.
    masks : array of bool, shape (samples, total)
        Each set of respondents that some universe has.
    which : array of int, shape (m,)
        Row of `masks` of each universe.
    unscored : array of bool, shape (m,)
        The outcome is a factor score that does not exist.
    """

    blocks: tuple[Block, ...]
    universe: tuple[Places, ...]
    copy: tuple[Places, ...]
    copies: Places
    n: Places
    masks: Ticks
    which: Places
    unscored: Ticks

    @property
    def total(self) -> int:
        """All respondents."""
        return int(self.masks.shape[1])

    def only(self, universes: Places) -> Sampled:
        """The same with the specifications of some universes alone."""
        wanted = np.zeros(len(self.n), dtype=bool)
        wanted[universes] = True
        kept = [
            (_some(block, wanted[universe]), universe[wanted[universe]], copy[wanted[universe]])
            for block, universe, copy in zip(self.blocks, self.universe, self.copy, strict=True)
            if wanted[universe].any()
        ]
        blocks, members, copies = zip(*kept, strict=True)
        return replace(self, blocks=blocks, universe=members, copy=copies)


def sampled(universes: Universes, source: Source, completed: Sequence[Source]) -> Sampled:
    """Put universes with the same respondents and the same table together.

    Parameters
    ----------
    completed : sequence of Source
        Of imputation; empty where no universe asks for it.
    """
    used = universes.covariates.copy()
    used[np.arange(len(used)), universes.outcome] = True
    used[np.arange(len(used)), universes.focal] = True
    groups, labelled = _groups(universes, source)
    plain = universes.values(source)
    tables = [plain, *(universes.values(table) for table in completed)]
    imputed = universes.rule == "impute"
    unscored = _unscored(universes, tables, imputed)
    rows = _rows(universes, tables, used, labelled, ~unscored)
    masks, which = np.unique(rows[0], axis=0, return_inverse=True)
    which = which.reshape(-1)[rows[1]]
    blocks, members, copies = [], [], []
    for number, table in enumerate(tables):
        for mask in range(len(masks)):
            chosen = np.flatnonzero((which == mask) & universes.linear & (imputed == (number > 0)))
            if len(chosen) and masks[mask].sum() >= LEAST:
                blocks.append(_block(universes, table, used, np.flatnonzero(masks[mask]), chosen, groups))
                members.append(chosen)
                copies.append(np.full(len(chosen), max(number - 1, 0)))
    each = np.where(imputed, max(len(completed), 1), 1)
    return Sampled(tuple(blocks), tuple(members), tuple(copies), each, masks.sum(axis=1)[which], masks, which, unscored)


def _some(block: Block, wanted: Ticks) -> Block:
    return replace(block, outcome=block.outcome[wanted], focal=block.focal[wanted],
                   covariates=block.covariates[wanted], clustered=block.clustered[wanted])  # fmt: skip


def _groups(universes: Universes, source: Source) -> tuple[Places, Ticks]:
    if not universes.groups:
        return np.zeros(len(source.numbers), dtype=np.int64), np.ones(len(source.numbers), dtype=bool)
    codes = pd.factorize(source.labels[universes.groups], use_na_sentinel=True)[0].astype(np.int64)
    return codes, codes >= 0


def _unscored(universes: Universes, tables: Sequence[NDArray[np.float64]], imputed: Ticks) -> Ticks:
    """Universes without a factor score in the answers, or in one of the completed tables where they use these."""
    plain = universes.without_score(tables[0])
    completed = [universes.without_score(table) for table in tables[1:]]
    return np.where(imputed, np.any(completed or [plain], axis=0), plain)


def _rows(
    universes: Universes, tables: Sequence[NDArray[np.float64]], used: Ticks, labelled: Ticks, scored: Ticks
) -> tuple[Ticks, Places]:
    """Respondents by kind of universe, (kinds, n); and the kind of each universe, (m,)."""
    imputed, common = universes.rule == "impute", universes.rule == "common"
    needed = np.where(common[:, None] & scored[:, None], used[scored].any(axis=0), used)
    missing = [np.isnan(tables[0]), np.isnan(tables[1:]).any(axis=0) if len(tables) > 1 else np.isnan(tables[0])]
    key = np.column_stack([needed, imputed, universes.clustered, universes.kept])
    key[:, : needed.shape[1]] &= np.where(imputed[:, None], missing[1].any(axis=0), missing[0].any(axis=0))
    kinds, which = np.unique(key, axis=0, return_inverse=True)
    rows = universes.keep[kinds[:, -1]] & (labelled | (kinds[:, [-2]] == 0))
    for imputation in (0, 1):
        own = kinds[:, -3] == imputation
        lacking = missing[imputation].astype(np.float32) @ kinds[own, :-3].T.astype(np.float32)
        rows[own] &= lacking.T == 0
    return rows, which.reshape(-1)


def _block(
    universes: Universes, table: NDArray[np.float64], used: Ticks, rows: Places, chosen: Places, groups: Places
) -> Block:
    """Only columns that one of the universes uses: others may be missing in these rows."""
    columns = np.flatnonzero(used[chosen].any(axis=0))
    place = np.zeros(table.shape[1], dtype=np.int64)
    place[columns] = np.arange(len(columns))
    return Block(
        rows, np.ascontiguousarray(table[np.ix_(rows, columns)]), place[universes.outcome[chosen]],
        place[universes.focal[chosen]], universes.covariates[np.ix_(chosen, columns)], groups[rows],
        universes.clustered[chosen],
    )  # fmt: skip
