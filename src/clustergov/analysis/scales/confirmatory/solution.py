"""The estimates of a factor model, row by row of its table: as they are, standardised, and what they explain."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from clustergov.analysis.scales.confirmatory.implied import NAMES, Matrices, Structure

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Solution:
    """Estimates of every parameter.

    Attributes
    ----------
    estimates, standardized : array, one per row of the table
        Residual variances and scales of ordinal items, which follow from the others, included. Residual covariances are
        standardised to correlations.
    items : tuple of (array (p,), array (p,)), one per group
        Variance of each item (of y* where ordinal), and of its residual.
    factors : tuple of (array (m, m), array (m,)), one per group
        Covariance of the factors, and the variance of what other factors leave of each.
    """

    structure: Structure
    estimates: Array
    standardized: Array
    items: tuple[tuple[Array, Array], ...]
    factors: tuple[tuple[Array, Array], ...]

    @classmethod
    def of(cls, structure: Structure, free: Array, scales: Callable[[Matrices], Array] | None) -> Solution:
        """`scales` gives δ of ordinal items; None for continuous ones."""
        size = len(structure.table.parameters)
        estimates, standardized = np.zeros(size), np.zeros(size)
        items, factors = [], []
        for g, group in enumerate(structure.groups):
            at = structure.matrices(free, g)
            phi, residual = at.factor_covariance, np.array(at.residual)
            common = at.loading @ phi @ at.loading.T
            delta = at.scale if scales is None else scales(at)
            variances = np.diag(common + residual) if scales is None else delta**-2.0
            residual[np.diag_indices_from(residual)] = variances - np.diag(common)
            full = {name: getattr(at, name) for name in NAMES} | {"residual": residual, "scale": delta}
            units = _units(np.sqrt(variances), phi, residual, at.latent, structure.owner)
            for name in NAMES:
                i, j, _, number = group.places[name].T
                matrix = full[name] if full[name].ndim == 2 else full[name][:, None]
                estimates[number] = matrix[i, j]
                standardized[number] = matrix[i, j] * units[name][i, j]
            items.append((np.asarray(variances), np.diag(residual).copy()))
            factors.append((phi, np.diag(at.latent).copy()))
        return cls(structure, estimates, standardized, tuple(items), tuple(factors))

    def r_squared(self, groups: tuple[str, ...]) -> pd.DataFrame:
        """Share of each item's variance that its factors explain: columns group, item, r_squared."""
        tables = [
            pd.DataFrame({"group": name, "item": self.structure.table.items, "r_squared": 1 - own / whole})
            for name, (whole, own) in zip(groups, self.items, strict=True)
        ]
        return pd.concat(tables, ignore_index=True)


def _units(sd: Array, phi: Array, residual: Array, latent: Array, owner: NDArray[np.int64]) -> dict[str, Array]:
    """What each entry is multiplied by to stand in standard deviations of items and factors."""
    with np.errstate(divide="ignore", invalid="ignore"):
        factor = np.sqrt(np.diag(phi))
        return {
            "loading": factor[None, :] / sd[:, None],
            "structure": factor[None, :] / factor[:, None],
            "latent": _correlation_units(np.diag(latent), factor),
            "residual": _correlation_units(np.diag(residual), sd),
            "intercept": 1 / sd[:, None],
            "mean": 1 / factor[:, None],
            "threshold": 1 / sd[owner][:, None],
            "scale": sd[:, None],
        }


def _correlation_units(variances: Array, whole: Array) -> Array:
    """Covariances over the standard deviations of what they join; a variance over the whole one."""
    deviations = np.sqrt(variances)
    units: Array = 1 / np.outer(deviations, deviations)
    units[np.diag_indices_from(units)] = 1 / whole**2
    return units
