"""Every one-way and two-way table of a file, and where it has cells that are too small to be shown."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd


@dataclass(frozen=True, slots=True)
class SmallCells:
    """One table with small cells.

    Attributes
    ----------
    variables : tuple of str
    cells : int
        That hold anybody.
    small : int
        Of these, with fewer than k respondents.
    respondents : int
        In the small cells.
    """

    variables: tuple[str, ...]
    cells: int
    small: int
    respondents: int


def small_cells(answers: pd.DataFrame, k: int) -> tuple[SmallCells, ...]:
    """The tables that have small cells, those with most people in them first.

    Parameters
    ----------
    answers : DataFrame
        Categories; a respondent with a blank is not in a table.
    """
    found = [each for each in _tables(answers, k) if each.small]
    return tuple(sorted(found, key=lambda each: (-each.respondents, each.variables)))


def tables(variables: int) -> int:
    """How many tables there are."""
    return variables + variables * (variables - 1) // 2


def _tables(answers: pd.DataFrame, k: int) -> Iterator[SmallCells]:
    columns = {str(name): pd.factorize(answers[name])[0] for name in answers.columns}
    for size in (1, 2):
        for names in itertools.combinations(columns, size):
            given = np.logical_and.reduce([columns[name] >= 0 for name in names])
            cell = np.zeros(int(given.sum()), dtype=np.int64)
            for name in names:
                own = columns[name][given]
                cell = cell * (int(own.max(initial=0)) + 1) + own
            counts = np.unique(cell, return_counts=True)[1]
            low = counts[counts < k]
            yield SmallCells(names, len(counts), len(low), int(low.sum()))
