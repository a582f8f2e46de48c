"""Modification indices: how much χ² would fall, about, if one fixed parameter were free."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

import numpy as np
import pandas as pd

from clustergov.analysis.scales.confirmatory.diagonal_weighted import DiagonallyWeighted
from clustergov.analysis.scales.confirmatory.factor_model import FactorModel
from clustergov.analysis.scales.confirmatory.fitting import Prepared
from clustergov.analysis.scales.confirmatory.implied import Structure
from clustergov.analysis.scales.confirmatory.maximum_likelihood import MaximumLikelihood
from clustergov.analysis.scales.confirmatory.parameter_table import Parameter

FLAT = 1e-5
"""Information about a parameter, given the others, below which it cannot be freed at all."""


def modification_indices(model: FactorModel, prepared: Prepared) -> pd.DataFrame:
    """Loadings and covariances that the model has not or keeps at a value, largest index first.

    Score tests with the expected information (Sörbom, D. (1989). Psychometrika 54, 371–384), unscaled. What a list of
    them suggests was seen in these data; it is a question for the next study, not a finding.

    Returns
    -------
    DataFrame
        lhs, op, rhs, group, index (χ² with one degree of freedom), expected_change (of the parameter).
    """
    q, held = model.table.size, [p for p in model.table.parameters if _held(p, model)]
    extra = [*held, *_absent(model)]
    added = tuple(replace(parameter, free=q + place) for place, parameter in enumerate(extra))
    kept = tuple(p for p in model.table.parameters if not _held(p, model))
    table = replace(model.table, parameters=(*kept, *added), size=q + len(added))
    free = np.concatenate([model.free, [parameter.value for parameter in extra]])
    structure = Structure.of(table)
    if prepared.ordinal:
        least = DiagonallyWeighted(structure, prepared.ordinal, model.parameterization == "theta")
        score, information = -least.step(free)[0] / 2, least.information(free)
    else:
        likelihood = MaximumLikelihood(structure, prepared.continuous)
        score, information = -likelihood.gradient(free) / 2, likelihood.expected(free)
    inner, across = information[:q, :q], information[:q, q:]
    left = np.diag(information)[q:] - (across * np.linalg.solve(inner, across)).sum(axis=0)
    left = np.where(left > FLAT, left, np.nan)
    found = pd.DataFrame(
        {
            "lhs": [p.left for p in extra], "op": [p.operator for p in extra], "rhs": [p.right for p in extra],
            "group": [model.groups[p.group] for p in extra], "index": model.n * score[q:] ** 2 / left,
            "expected_change": score[q:] / left,
        }
    )  # fmt: skip
    return found.dropna().sort_values("index", ascending=False, ignore_index=True)


def _held(p: Parameter, model: FactorModel) -> bool:
    """Whether a loading, variance or covariance is kept at a value; the residual variance of an ordinal item is not its
    own parameter unless the parameterization is theta."""
    ordinal = p.left == p.right and p.left in model.table.thresholds and model.parameterization == "delta"
    return p.operator in ("=~", "~~") and p.free < 0 and not ordinal


def _absent(model: FactorModel) -> Iterator[Parameter]:
    """Loadings and residual covariances that are in no group's table."""
    there = {(p.left, p.operator, p.right) for p in model.table.parameters}
    for g in range(model.table.groups):
        for factor in model.factors:
            for item in model.items:
                if (factor, "=~", item) not in there:
                    yield Parameter(factor, "=~", item, g, 0)
        for a, b in combinations(model.items, 2):
            if (a, "~~", b) not in there and (b, "~~", a) not in there:
                yield Parameter(a, "~~", b, g, 0)
