"""The correlations that factors are looked for in: Pearson's or polychoric ones, never changed unless asked for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from clustergov.analysis.models.row_flow import duplicated_rows
from clustergov.analysis.scales.contingency import Codes, ZeroCells
from clustergov.analysis.scales.items import ItemsError, blamed, duplicated_pairs, items_of
from clustergov.analysis.scales.polychoric import MOST_CATEGORIES, indefinite, polychoric
from clustergov.language import Text, both

Array = NDArray[np.float64]

Correlation = Literal["pearson", "polychoric"]
CORRELATIONS: tuple[Correlation, ...] = get_args(Correlation)

LEAST_EIGENVALUE = 1e-6
"""Below it a matrix asked to be smoothed is; small beside any share of variance, and an inverse can be computed."""

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
        Raise eigenvalues that are not positive to a millionth, in the manner of psych::cor.smooth, which raises them to
        the machine's precision, where no inverse can be computed; how much that changed is told. Without it such a
        matrix stays as it is and every analysis of it is refused.
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
    if (copies := copied_rows(values)) is not None:
        found = replace(found, cautions=(*found.cautions, copies))
    if found.n < FEW_CASES:
        found = replace(found, cautions=(*found.cautions, both("scales.caution.few cases", n=found.n, least=FEW_CASES)))
    return found


def copied_rows(values: pd.DataFrame) -> Text | None:
    """A caution that names rows with the same answers throughout, where some item is a measurement.

    Of a few categories, equal rows are to be expected; of measurements they are not.
    """
    measured = any(values[name].nunique() > MOST_CATEGORIES for name in values)
    return duplicated_rows(values) if measured else None


def pearson(X: Array) -> Array:
    """Correlations of the columns of X (n, k)."""
    R: Array = np.atleast_2d(np.corrcoef(X, rowvar=False))
    return R


def _smoothed(found: ItemCorrelations) -> ItemCorrelations:
    """Raise eigenvalues below `LEAST_EIGENVALUE` to it and rescale to a unit diagonal."""
    raw, vectors = np.linalg.eigh(found.matrix)
    least = LEAST_EIGENVALUE
    if raw[0] >= least:
        return found
    changed = int((raw < least).sum())
    values = np.maximum(raw, least)
    values *= len(values) / values.sum()
    close = (vectors * values) @ vectors.T
    scale = 1 / np.sqrt(np.diag(close))
    close = close * np.outer(scale, scale)
    np.fill_diagonal(close, 1)
    change = float(np.abs(close - found.matrix).max())
    told = both("scales.caution.smoothed", changed=changed, most=change)
    left_so = indefinite(float(raw[0]), blamed(vectors[:, 0], found.items))
    kept = tuple(caution for caution in found.cautions if caution != left_so)
    return replace(found, matrix=close, largest_change=change, cautions=(*kept, told))
