"""The moments that a measurement model implies, and their derivatives in its parameters.

y* = ν + Λη + ε, η = α + Bη + ζ, Var ζ = Ψ, Var ε = Θ (Jöreskog's LISREL model without exogenous variables). Ordinal items
have thresholds τ on y* and a scale δ: what is observed is told by δ(τ − μ) and the correlations δ_i δ_j Σ_ij (Muthén, B.
(1984). Psychometrika 49, 115–132).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from clustergov.analysis.scales.confirmatory.parameter_table import Parameter, ParameterTable

Array = NDArray[np.float64]
Integers = NDArray[np.int64]
Real = NDArray[Any]
"""Real numbers, or complex ones whose imaginary part carries a derivative."""

NAMES = ("loading", "structure", "latent", "residual", "intercept", "mean", "threshold", "scale")


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """Where each parameter of one group stands in the model's matrices.

    `places[name]` has rows (i, j, free, parameter): entry (i, j) of the matrix `name`, the number of the free parameter
    or −1, and the place in the table.
    """

    places: dict[str, Integers]
    fixed: dict[str, Array]


@dataclass(frozen=True, slots=True, eq=False)
class Matrices:
    """The model's matrices of one group at some values of the parameters."""

    loading: Real
    structure: Real
    latent: Real
    residual: Real
    intercept: Real
    mean: Real
    threshold: Real
    scale: Real

    @property
    def reach(self) -> Real:
        """(I − B)⁻¹."""
        inverse: Real = np.linalg.inv(np.eye(len(self.structure)) - self.structure)
        return inverse

    @property
    def factor_covariance(self) -> Real:
        reach = self.reach
        covariance: Real = reach @ self.latent @ reach.T
        return covariance

    @property
    def covariance(self) -> Real:
        """Σ of y*."""
        covariance: Real = self.loading @ self.factor_covariance @ self.loading.T + self.residual
        return covariance

    @property
    def means(self) -> Real:
        """μ of y*."""
        means: Real = self.intercept + self.loading @ self.reach @ self.mean
        return means


@dataclass(frozen=True, slots=True, eq=False)
class Structure:
    """A parameter table laid out as matrices, group by group.

    `owner` (number of thresholds) is the item of each threshold.
    """

    table: ParameterTable
    groups: tuple[Group, ...]
    owner: Integers

    @classmethod
    def of(cls, table: ParameterTable) -> Structure:
        counts = [table.thresholds.get(item, 0) for item in table.items]
        owner = np.repeat(np.arange(len(table.items)), counts)
        starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        groups = tuple(_group(table, g, starts) for g in range(table.groups))
        return cls(table, groups, owner)

    def matrices(self, free: Real, group: int) -> Matrices:
        p, m, t = len(self.table.items), len(self.table.factors), len(self.owner)
        shapes = {"loading": (p, m), "structure": (m, m), "latent": (m, m), "residual": (p, p), "intercept": (p, 1),
                  "mean": (m, 1), "threshold": (t, 1), "scale": (p, 1)}  # fmt: skip
        filled: dict[str, Real] = {}
        for name in NAMES:
            places, values = self.groups[group].places[name], self.groups[group].fixed[name]
            matrix = np.zeros(shapes[name], dtype=free.dtype)
            i, j, k = places[:, 0], places[:, 1], places[:, 2]
            entries = np.where(k >= 0, free[k] if len(free) else 0.0, values)
            matrix[i, j] = entries
            if name in ("latent", "residual"):
                matrix[j, i] = entries
            filled[name] = matrix if matrix.shape[1:] != (1,) or name in ("loading", "structure", "latent", "residual") else matrix[:, 0]  # fmt: skip
        return Matrices(**filled)

    def slopes(self, at: Matrices, group: int) -> tuple[Integers, Real, Real, Real]:
        """How Σ and μ move with each parameter that stands in them.

        Returns
        -------
        k, u, w, d : arrays, shapes (r,), (r, p), (r, p), (r, p)
            Number of the free parameter; ∂Σ = u wᵀ + w uᵀ; ∂μ = d. A parameter may have several rows; they add up.
        """
        p = len(self.table.items)
        reach = at.reach
        L, phi = at.loading @ reach, reach @ at.latent @ reach.T
        R, factor_means, unit = at.loading @ phi, reach @ at.mean, np.eye(p)
        k, u, w, d = [], [], [], []
        for name in ("loading", "structure", "latent", "residual", "intercept", "mean"):
            places = self.groups[group].places[name]
            places = places[places[:, 2] >= 0]
            i, j = places[:, 0], places[:, 1]
            half = np.where(i == j, 0.5, 1.0)[:, None]
            zero = np.zeros((len(i), p))
            k.append(places[:, 2])
            if name in ("loading", "structure"):
                moved = unit[i] if name == "loading" else L.T[i]
                u.append(moved)
                w.append(R.T[j])
                d.append(moved * factor_means[j][:, None])
            elif name in ("latent", "residual"):
                basis = L.T if name == "latent" else unit
                u.append(basis[i])
                w.append(basis[j] * half)
                d.append(zero)
            else:
                u.append(zero)
                w.append(zero)
                d.append(unit[i] if name == "intercept" else L.T[i])
        return np.concatenate(k), np.concatenate(u), np.concatenate(w), np.concatenate(d)


def _group(table: ParameterTable, group: int, starts: Integers) -> Group:
    rows: dict[str, list[tuple[int, int, int, int]]] = {name: [] for name in NAMES}
    values: dict[str, list[float]] = {name: [] for name in NAMES}
    item = {name: place for place, name in enumerate(table.items)}
    factor = {name: place for place, name in enumerate(table.factors)}
    for number, parameter in enumerate(table.parameters):
        if parameter.group == group:
            name, i, j = _place(parameter, item, factor, starts)
            rows[name].append((i, j, parameter.free, number))
            values[name].append(parameter.value)
    return Group(
        {name: np.array(rows[name], dtype=np.int64).reshape(-1, 4) for name in NAMES},
        {name: np.array(values[name], dtype=float) for name in NAMES},
    )


def _place(p: Parameter, item: dict[str, int], factor: dict[str, int], starts: Integers) -> tuple[str, int, int]:
    """Matrix and entry of a parameter."""
    match p.operator:
        case "=~" if p.right in factor:
            return "structure", factor[p.right], factor[p.left]
        case "=~":
            return "loading", item[p.right], factor[p.left]
        case "~":
            return "structure", factor[p.left], factor[p.right]
        case "~~" if p.left in item:
            return "residual", item[p.left], item[p.right]
        case "~~":
            return "latent", factor[p.left], factor[p.right]
        case "~1":
            return ("intercept", item[p.left], 0) if p.left in item else ("mean", factor[p.left], 0)
        case "|":
            return "threshold", int(starts[item[p.left]]) + int(p.right[1:]) - 1, 0
    return "scale", item[p.left], 0
