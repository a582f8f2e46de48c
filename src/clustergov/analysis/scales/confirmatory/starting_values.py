"""Where the search begins: loadings from three-indicator ratios, variances from what they leave."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from clustergov.analysis.scales.confirmatory.parameter_table import Parameter, ParameterTable

Array = NDArray[np.float64]


def starting_values(
    table: ParameterTable, covariances: Sequence[Array], means: Sequence[Array], thresholds: Sequence[Array] = ()
) -> Array:
    """Free parameters to begin from; equal ones take the value of the first group that has them.

    Loadings after Hägglund, G. (1982). Factor analysis by instrumental variables methods. Psychometrika 47, 209–222 (his
    simplest: each item's loading by the others of its factor as instruments).
    """
    free = np.full(table.size, np.nan)
    for group, covariance in enumerate(covariances):
        guess = _Guess(table, group, covariance, means[group], thresholds[group] if len(thresholds) else np.empty(0))
        for parameter in table.parameters:
            if parameter.group == group and parameter.free >= 0 and np.isnan(free[parameter.free]):
                free[parameter.free] = guess.of(parameter)
    return free


def units(table: ParameterTable, free: Array) -> Array:
    """The size of each free parameter in the units of the items, from the variances among the parameters `free`."""
    variances = {
        (p.group, p.left): abs(float(free[p.free]) if p.free >= 0 else p.value)
        for p in table.parameters if p.operator == "~~" and p.left == p.right
    }  # fmt: skip
    deviations = {key: variance**0.5 or 1.0 for key, variance in variances.items()}
    found = np.ones(table.size)
    for p in table.parameters:
        if p.free >= 0:
            left, right = (deviations.get((p.group, name), 1.0) for name in (p.left, p.right))
            found[p.free] = {"=~": right / left, "~": left / right, "~~": left * right, "~1": left}.get(p.operator, 1.0)
    return found


class _Guess:
    """Rough values of one group's parameters."""

    def __init__(self, table: ParameterTable, group: int, S: Array, mean: Array, thresholds: Array) -> None:
        self.item = {name: place for place, name in enumerate(table.items)}
        self.S, self.mean, self.factors = S, mean, set(table.factors)
        own = [p for p in table.parameters if p.group == group]
        self.loadings: dict[tuple[str, str], float] = {}
        self.variances: dict[str, float] = {}
        for factor in table.factors:
            loadings = [p for p in own if p.operator == "=~" and p.left == factor and p.right in self.item]
            if loadings:
                self._factor(factor, loadings, _fixed(own, factor))
        for factor in table.factors:
            if factor not in self.variances:
                self._outer(factor, [p for p in own if p.operator == "=~" and p.left == factor], _fixed(own, factor))
        self.thresholds = dict(
            zip(
                [(i, f"t{k + 1}") for i in table.items for k in range(table.thresholds.get(i, 0))],
                thresholds,
                strict=False,
            )
        )

    def _factor(self, factor: str, loadings: list[Parameter], fixed: float | None) -> None:
        marker = _marker(loadings)
        places = [self.item[p.right] for p in loadings]
        m = self.item[marker.right]
        ratios: dict[str, float] = {}
        for p, i in zip(loadings, places, strict=True):
            others = [k for k in places if k not in (i, m)]
            if i == m:
                ratio = 1.0
            elif others:
                ratio = float(self.S[i, others] @ self.S[m, others] / (self.S[m, others] @ self.S[m, others]))
            else:
                ratio = float(np.sign(self.S[i, m]) * np.sqrt(self.S[i, i] / self.S[m, m]))
            ratios[p.right] = ratio
        rest = [i for i in places if i != m]
        slopes = np.array([ratios[p.right] for p in loadings if self.item[p.right] != m])
        top = (
            float(slopes @ self.S[rest, m] / (slopes @ slopes)) if rest and slopes @ slopes > 0 else 0.5 * self.S[m, m]
        )
        explained = float(np.clip(top, 0.1 * self.S[m, m], 0.8 * self.S[m, m]))
        unit = marker.value if marker.free < 0 else 1.0
        variance = fixed if fixed is not None else explained / unit**2
        stretch = np.sqrt(explained / variance) if variance else 1.0
        self.variances[factor] = variance
        self.loadings |= {(factor, name): ratio * stretch for name, ratio in ratios.items()}

    def _outer(self, factor: str, loadings: list[Parameter], fixed: float | None) -> None:
        """A factor of factors: it explains half of its marker, in the marker's unit."""
        marker = _marker(loadings)
        unit = marker.value if marker.free < 0 else 1.0
        variance = 0.5 * self.variances.get(marker.right, 1.0) / unit**2 if fixed is None else fixed
        self.variances[factor] = variance
        for p in loadings:
            explained = 0.5 * self.variances.get(p.right, 1.0)
            self.loadings[factor, p.right] = (explained / variance) ** 0.5 if variance > 0 else 0.7

    def of(self, p: Parameter) -> float:
        match p.operator:
            case "=~":
                return self.loadings.get((p.left, p.right), 0.7)
            case "~~" if p.left == p.right and p.left in self.item:
                i = self.item[p.left]
                told = sum(value**2 * self.variances[f] for (f, name), value in self.loadings.items() if name == p.left)
                return float(max(self.S[i, i] - told, 0.3 * self.S[i, i]))
            case "~~" if p.left == p.right:
                return self.variances.get(p.left, 0.5)
            case "~1" if p.left in self.item:
                return float(self.mean[self.item[p.left]])
            case "|":
                return float(self.thresholds[p.left, p.right])
            case "~*~":
                return 1.0
        return 0.0


def _fixed(parameters: list[Parameter], factor: str) -> float | None:
    """Where a factor's variance is fixed; None where it is free."""
    return next((p.value for p in parameters if p.name == f"{factor} ~~ {factor}" and p.free < 0), None)


def _marker(loadings: list[Parameter]) -> Parameter:
    """The loading that gives a factor its unit."""
    return next((p for p in loadings if p.free < 0 and p.value), loadings[0])
