"""The correlations that factors are looked for in: Pearson's or polychoric ones, never changed unless asked for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from clustergov.analysis.models.row_flow import duplicated_rows
from clustergov.analysis.scales.contingency import Codes, ZeroCells
from clustergov.analysis.scales.items import ItemsError, duplicated_pairs, items_of
from clustergov.analysis.scales.polychoric import MOST_CATEGORIES, polychoric
from clustergov.language import Text, both

Array = NDArray[np.float64]

Correlation = Literal["pearson", "polychoric"]
CORRELATIONS: tuple[Correlation, ...] = get_args(Correlation)

FEW_CASES = 100
"""Respondents below which factors of one sample are seldom found in the next; a common rule of thumb, own choice."""


@dataclass(frozen=True, slots=True, eq=False)
class ItemCorrelations:
    """Correlations of k items on the respondents who answered all of them.

    Attributes
    ----------
    items : tuple of str
    matrix : array, shape (k, k)
    kind : {"pearson", "polychoric"}
    n, lost : int
    values : array, shape (n, k)
        The answers, or with polychoric correlations their categories from 0.
    codes : int array, shape (n, k), or None
    zero_cells : str
        "" with Pearson's.
    largest_change : float
        How far smoothing moved a correlation; 0 without.
    cautions : tuple of Text
    """

    items: tuple[str, ...]
    matrix: Array
    kind: Correlation
    n: int
    lost: int
    values: Array
    codes: Codes | None
    zero_cells: ZeroCells | Literal[""]
    largest_change: float
    cautions: tuple[Text, ...]


def item_correlations(
    values: pd.DataFrame,
    *,
    kind: Correlation = "pearson",
    zero_cells: ZeroCells = "half-2x2",
    smooth: bool = False,
    least: int = 3,
) -> ItemCorrelations:
    """Correlate items.

    Parameters
    ----------
    smooth : bool
        Replace eigenvalues that are not positive, as psych::cor.smooth does; how much that changed is told. Without it
        such a matrix stays as it is and every analysis of it is refused.
    least : int
        Items needed.

    Raises
    ------
    ItemsError
        What `items_of` or `polychoric` refuses, or two items that are copies of each other.
    """
    data = items_of(values, least=least)
    if kind == "pearson":
        R = pearson(data.matrix)
        found = ItemCorrelations(data.names, R, kind, data.n, data.lost, data.matrix, None, "", 0.0, ())
    else:
        poly = polychoric(values, zero_cells=zero_cells, errors=False)
        found = ItemCorrelations(
            data.names, poly.correlations, kind, data.n, data.lost, poly.codes.astype(float), poly.codes, zero_cells,
            0.0, poly.cautions,
        )  # fmt: skip
    for pair in duplicated_pairs(pearson(data.matrix), data.names):
        raise ItemsError("duplicated", terms=pair)
    if smooth:
        found = _smoothed(found)
    # Of a few categories, equal rows are to be expected; of measurements they are not.
    measured = any(len(np.unique(column)) > MOST_CATEGORIES for column in data.matrix.T)
    if measured and (copies := duplicated_rows(values)) is not None:
        found = replace(found, cautions=(*found.cautions, copies))
    if found.n < FEW_CASES:
        found = replace(found, cautions=(*found.cautions, both("scales.caution.few cases", n=found.n, least=FEW_CASES)))
    return found


def pearson(X: Array) -> Array:
    """Correlations of the columns of X (n, k)."""
    R: Array = np.atleast_2d(np.corrcoef(X, rowvar=False))
    return R


def _smoothed(found: ItemCorrelations) -> ItemCorrelations:
    """Set eigenvalues below the machine's precision to a hundred times it and rescale to a unit diagonal."""
    values, vectors = np.linalg.eigh(found.matrix)
    least = np.finfo(float).eps
    if values[0] >= least:
        return found
    values = np.where(values < least, 100 * least, values)
    values *= len(values) / values.sum()
    close = (vectors * values) @ vectors.T
    scale = 1 / np.sqrt(np.diag(close))
    close = close * np.outer(scale, scale)
    np.fill_diagonal(close, 1)
    change = float(np.abs(close - found.matrix).max())
    told = both("scales.caution.smoothed", changed=int((np.linalg.eigvalsh(found.matrix) < least).sum()), most=change)
    return replace(found, matrix=close, largest_change=change, cautions=(*found.cautions, told))
