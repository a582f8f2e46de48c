"""Items of one scale as numbers: what they must be like before anything is computed from them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from clustergov.analysis.models.design import FitError, enumeration
from clustergov.language import both
from clustergov.problems import ClustergovError

Array = NDArray[np.float64]

Refusal = Literal[
    "items", "not numeric", "infinite", "all missing", "constant", "too few", "duplicated", "singular",
    "not positive definite", "categories", "factors", "not converged", "cells",
]  # fmt: skip
"""Why items cannot be analysed; also the key of its sentence."""


class ItemsError(FitError):
    """Items that an analysis of scales refuses; `failure`, `terms` and `reason` as those of `FitError`."""

    def __init__(self, refusal: Refusal, *, terms: tuple[str, ...] = (), **values: object) -> None:
        self.refusal: Refusal = refusal
        self.terms = terms
        self.reason = both(f"scales.refused.{refusal}", terms=enumeration(terms), **values)
        ClustergovError.__init__(self, self.reason["en"])


@dataclass(frozen=True, slots=True, eq=False)
class Items:
    """Answers to k items.

    Attributes
    ----------
    names : tuple of str, length k
    matrix : array, shape (n, k)
        Rows that answered every item; with ``missing="pairwise"`` rows that answered at least one, NaN elsewhere.
    n, lost : int
        Rows used; rows left out although they answered something.
    """

    names: tuple[str, ...]
    matrix: Array
    n: int
    lost: int


def items_of(
    values: pd.DataFrame, *, least: int = 2, missing: Literal["listwise", "pairwise"] = "listwise", rows: int = 0
) -> Items:
    """Take the rows that can be used and refuse what no analysis of scales can bear.

    Parameters
    ----------
    least : int
        Items needed.
    rows : int
        Rows needed besides one more than there are items.

    Raises
    ------
    ItemsError
        Too few items or rows, text, an infinite value, an item without answers or without variance.
    """
    names = tuple(str(name) for name in values)
    if len(names) < least:
        raise ItemsError("items", k=len(names), needed=least)
    X = np.column_stack([_numbers(values.iloc[:, j], name) for j, name in enumerate(names)])
    if unanswered := tuple(name for name, column in zip(names, X.T, strict=True) if np.isnan(column).all()):
        raise ItemsError("all missing", terms=unanswered)
    some = ~np.isnan(X).all(axis=1)
    used = some if missing == "pairwise" else ~np.isnan(X).any(axis=1)
    X = np.ascontiguousarray(X[used])
    needed = max(rows, len(names) + 1)
    if len(X) < needed:
        raise ItemsError("too few", n=len(X), k=len(names), needed=needed)
    if constant := tuple(name for name, column in zip(names, X.T, strict=True) if _constant(column)):
        raise ItemsError("constant", terms=constant, n=len(X))
    return Items(names, X, len(X), int(some.sum() - used.sum()))


def _constant(column: Array) -> bool:
    answered = column[~np.isnan(column)]
    return bool(np.ptp(answered) == 0)


def _numbers(column: pd.Series[float], name: str) -> Array:
    if not pd.api.types.is_numeric_dtype(column.dtype) and not pd.api.types.is_bool_dtype(column.dtype):
        raise ItemsError("not numeric", terms=(name,))
    numbers: Array = np.asarray(column.to_numpy(dtype=np.float64, na_value=np.nan))
    if np.isinf(numbers).any():
        raise ItemsError("infinite", terms=(name,))
    return numbers


def duplicated_pairs(R: Array, names: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Pairs of items whose correlation is 1 or −1 up to rounding."""
    above = np.triu(np.abs(R) > 1 - 1e-9, k=1)
    return tuple((names[i], names[j]) for i, j in zip(*np.nonzero(above), strict=True))


def refuse_singular(R: Array, names: tuple[str, ...]) -> None:
    """Refuse a correlation matrix that has no inverse, and say which items are to blame.

    Raises
    ------
    ItemsError
        Two items are copies of each other, items determine each other, or the matrix has a negative eigenvalue.
    """
    for first, second in duplicated_pairs(R, names):
        raise ItemsError("duplicated", terms=(first, second))
    smallest, vectors = np.linalg.eigh(R)
    if smallest[0] < -1e-10:
        raise ItemsError("not positive definite", smallest=float(smallest[0]), terms=blamed(vectors[:, 0], names))
    if smallest[0] < 1e-10:
        raise ItemsError("singular", terms=blamed(vectors[:, 0], names))


def blamed(vector: Array, names: tuple[str, ...]) -> tuple[str, ...]:
    """Items that carry a direction: those with at least a third of its largest coefficient."""
    share = np.abs(vector) / np.abs(vector).max()
    return tuple(name for name, part in zip(names, share, strict=True) if part > 1 / 3)
