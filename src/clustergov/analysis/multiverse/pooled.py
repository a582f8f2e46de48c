"""Specifications of completed tables brought together, so that each universe has one estimate: Rubin's rules in bulk."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from clustergov.analysis.multiverse.sampling import Sampled

Array = NDArray[np.float64]


def gathered(sampled: Sampled, parts: list[Array]) -> Array:
    """Numbers of every block's specifications (…, specifications) by universe and table: (…, universes, tables)."""
    shape = (*parts[0].shape[:-1], len(sampled.n), int(sampled.copies.max(initial=1))) if parts else (len(sampled.n), 1)
    found = np.full(shape, np.nan)
    for universe, copy, part in zip(sampled.universe, sampled.copy, parts, strict=True):
        found[..., universe, copy] = part
    return found


def pooled(estimate: Array, error: Array, df: Array, copies: NDArray[np.int64]) -> tuple[Array, Array, Array]:
    """One estimate, error and df per universe from those of its tables.

    Rubin (1987, § 3.1) with the degrees of freedom of Barnard & Rubin (1999, eq. 3–5). A universe without imputation
    has one table, whose numbers it keeps; one of whose tables has no estimate has none.

    Parameters
    ----------
    estimate, error : array, shape (…, m, tables)
    df : array, shape (m, tables)
    copies : array of int, shape (m,)
        Tables of each universe.
    """
    value, spread = estimate[..., 0].copy(), error[..., 0].copy()
    freedom = np.broadcast_to(df[..., 0], value.shape).copy()
    several = np.flatnonzero(copies > 1)
    if len(several):
        tables = estimate.shape[-1]
        value[..., several] = estimate[..., several, :].mean(axis=-1)
        inside = (error[..., several, :] ** 2).mean(axis=-1)
        between = (1 + 1 / tables) * estimate[..., several, :].var(axis=-1, ddof=1)
        spread[..., several] = np.sqrt(inside + between)
        share = np.maximum(between / (inside + between), 1e-12)
        complete = df[several].mean(axis=-1)
        observed = (complete + 1) / (complete + 3) * complete * (1 - share)
        freedom[..., several] = 1 / (share**2 / (tables - 1) + 1 / observed)
    return value, spread, freedom
