"""What the responses tell a factor model, group by group: means and covariances, or thresholds and correlations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from clustergov.analysis.scales.confirmatory.failure import ModelError

Array = NDArray[np.float64]

SINGULAR = 1e-10
"""Smallest eigenvalue of a correlation matrix below which items determine each other."""


TOLD = 5
"""Smallest number of respondents that a message tells."""


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """Complete rows of the items, group by group.

    Attributes
    ----------
    items : tuple of str
    groups : tuple of str
        Their names; one of the name "" without groups.
    rows : tuple of array, one (n_g, p) per group
    lost : int
        Rows left out because an item or the group is missing.
    """

    items: tuple[str, ...]
    groups: tuple[str, ...]
    rows: tuple[Array, ...]
    lost: int

    @property
    def sizes(self) -> Array:
        return np.array([len(rows) for rows in self.rows], dtype=float)

    @property
    def n(self) -> int:
        return int(self.sizes.sum())


def sample(values: pd.DataFrame, items: Sequence[str], group: pd.Series[str] | None = None) -> Sample:
    """Take the complete rows of the items, in groups in the order in which they first appear.

    Raises
    ------
    ModelError
        An item is not there, is no number, is infinite, does not vary, or repeats another; too few complete rows are left.
    """
    if absent := tuple(item for item in items if item not in values):
        raise ModelError("unknown item", terms=absent)
    table = values[list(items)]
    if words := tuple(name for name in table if not pd.api.types.is_numeric_dtype(table[name].dtype)):
        raise ModelError("not numeric", terms=tuple(map(str, words)))
    X = table.to_numpy(dtype=float, na_value=np.nan)
    if infinite := _where(items, np.isinf(X).any(axis=0)):
        raise ModelError("infinite", terms=infinite)
    if empty := _where(items, np.isnan(X).all(axis=0)):
        raise ModelError("all missing", terms=empty)
    whole = ~np.isnan(X).any(axis=1)
    labels = np.full(len(X), "", dtype=object)
    if group is not None:
        whole &= group.notna().to_numpy()
        labels = group.astype(object).to_numpy()
    if not whole.any():
        raise ModelError("no complete row", n=len(X))
    names = tuple(dict.fromkeys(map(str, labels[whole])))
    chosen = labels[whole].astype(str)
    rows = tuple(np.ascontiguousarray(X[whole][chosen == name]) for name in names)
    _refuse_few(rows, names, len(items))
    for name, own in zip(names, rows, strict=True):
        _refuse_flat(own, items, name)
    return Sample(tuple(items), names, rows, int((~whole).sum()))


def _refuse_few(rows: Sequence[Array], names: Sequence[str], p: int) -> None:
    """Every group needs more rows than there are items."""
    if len(names) == 1 and len(rows[0]) <= p:
        raise ModelError("too few", n=len(rows[0]), needed=p + 1, items=p)
    small = tuple(
        f"{name} (n {f'= {len(own)}' if len(own) >= TOLD else f'< {TOLD}'})"
        for name, own in zip(names, rows, strict=True)
        if len(own) <= p
    )
    if small:
        raise ModelError("small groups", terms=small, needed=p + 1)


def _where(items: Sequence[str], flags: NDArray[np.bool_]) -> tuple[str, ...]:
    return tuple(item for item, flag in zip(items, flags, strict=True) if flag)


def _refuse_flat(rows: Array, items: Sequence[str], group: str) -> None:
    if constant := _where(items, np.ptp(rows, axis=0) == 0):
        raise ModelError("constant" if not group else "constant in group", terms=constant, group=group, n=len(rows))
    for a, b in _repeated(rows):
        raise ModelError("duplicated item", terms=(items[a], items[b]))


def _repeated(rows: Array) -> Iterator[tuple[int, int]]:
    """Pairs of columns that are the same."""
    seen: dict[bytes, int] = {}
    for place, column in enumerate(rows.T):
        if (first := seen.setdefault(np.ascontiguousarray(column).tobytes(), place)) != place:
            yield first, place


@dataclass(frozen=True, slots=True, eq=False)
class Moments:
    """Mean and covariance of one group, with divisor n as maximum likelihood has it."""

    n: int
    mean: Array
    covariance: Array
    rows: Array

    @property
    def log_determinant(self) -> float:
        return float(np.linalg.slogdet(self.covariance)[1])


def moments(data: Sample) -> tuple[Moments, ...]:
    """Moments of every group.

    Raises
    ------
    ModelError
        A covariance matrix is not positive definite: some items add up to another.
    """
    found = []
    for name, rows in zip(data.groups, data.rows, strict=True):
        n = len(rows)
        mean = rows.mean(axis=0)
        covariance = (rows - mean).T @ (rows - mean) / n
        _refuse_singular(covariance, data.items, name)
        found.append(Moments(n, mean, covariance, rows))
    return tuple(found)


def _refuse_singular(covariance: Array, items: Sequence[str], group: str) -> None:
    deviations = np.sqrt(np.diag(covariance))
    values, vectors = np.linalg.eigh(covariance / np.outer(deviations, deviations))
    if values[0] < SINGULAR:
        blamed = _where(items, np.abs(vectors[:, 0]) > 0.05)
        raise ModelError(
            "singular" if not group else "singular in group", terms=blamed, group=group, least=float(values[0])
        )
