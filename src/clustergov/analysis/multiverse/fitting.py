"""All universes fitted, and fitted again on permuted residuals: every number that a curve is made of."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from clustergov.analysis.multiverse.block import Block, fit, fit_pieces, pieces
from clustergov.analysis.multiverse.joint import statistics
from clustergov.analysis.multiverse.permutation import draw_orders, exchangeable, refit, within
from clustergov.analysis.multiverse.pooled import gathered, pooled
from clustergov.analysis.multiverse.sampling import Sampled

Array = NDArray[np.float64]
Places = NDArray[np.int64]

PERMUTATIONS_PER_TASK = 100


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """Estimate, error, df and reason of refusal ("" for none) of every universe; shape (m,) each."""

    estimate: Array
    error: Array
    df: Array
    refusal: NDArray[np.str_]


def fitted(sampled: Sampled, *, standardised: bool) -> Fitted:
    """Fit the linear universes; the others stay without an estimate and without a refusal."""
    fits = [fit(block) for block in sampled.blocks]
    units = [_unit(block, standardised) for block in sampled.blocks]
    estimate = gathered(sampled, [one.estimate / unit for one, unit in zip(fits, units, strict=True)])
    error = gathered(sampled, [one.error / unit for one, unit in zip(fits, units, strict=True)])
    df = gathered(sampled, [one.df for one in fits])
    refusal = np.full(len(sampled.n), "", dtype="U20")
    for universe, one in zip(sampled.universe, fits, strict=True):
        refused = one.refusal != ""
        refusal[universe[refused]] = one.refusal[refused]
    return Fitted(*pooled(estimate, error, df, sampled.copies), refusal)


def _unit(block: Block, standardised: bool) -> Array:
    """What estimates are divided by: the outcome's standard deviation in these rows, or 1."""
    spread = block.columns.std(axis=0, ddof=1)[block.outcome]
    return np.where(spread > 0, spread, 1.0) if standardised else np.ones(len(block.outcome))


@dataclass(frozen=True, slots=True)
class Draws:
    """Permutations `first` to `first + count`; each has a seed of its own, so that it is the same on any worker."""

    first: int
    count: int
    seed: int


def draws(permutations: int, seed: int) -> list[Draws]:
    """The permutations as tasks, always cut at the same places."""
    starts = range(0, permutations, PERMUTATIONS_PER_TASK)
    return [Draws(start, min(PERMUTATIONS_PER_TASK, permutations - start), seed) for start in starts]


def permuted_statistics(
    sampled: Sampled, curves: tuple[Places, ...], standardised: bool, level: float, task: Draws
) -> list[Array]:
    """The joint statistics of every curve under the permutations of a task; one array (count, 4) per curve.

    Parameters
    ----------
    curves : tuple of array of int
        Universes that count, per curve.
    """
    alike = exchangeable([block.rows for block in sampled.blocks], sampled.total)
    orders = draw_orders(alike, task.first, task.count, task.seed)
    slopes, errors, df = [], [], []
    for block in sampled.blocks:
        prepared = list(pieces(block))
        slope, error = refit(block, prepared, within(block.rows, orders))
        unit = _unit(block, standardised)
        slopes.append(slope / unit)
        errors.append(error / unit)
        df.append(fit_pieces(block, prepared).df)
    found = pooled(gathered(sampled, slopes), gathered(sampled, errors), gathered(sampled, df), sampled.copies)
    return [statistics(*(part[..., curve] for part in found), level=level) for curve in curves]
