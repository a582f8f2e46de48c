"""What a fitted factor model must be told with: parameters that cannot be told, improper estimates, small groups."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from clustergov.analysis.description.empty_category import empty_categories
from clustergov.analysis.models.design import enumeration
from clustergov.analysis.scales.confirmatory.failure import ModelError
from clustergov.analysis.scales.confirmatory.parameter_table import ParameterTable
from clustergov.analysis.scales.confirmatory.sample_moments import Sample
from clustergov.analysis.scales.confirmatory.solution import Solution
from clustergov.language import Text, both

Array = NDArray[np.float64]

RANK = 1e-9
"""Smallest eigenvalue of the information, scaled to diagonal 1, below which a parameter cannot be told from others."""

ROWS_PER_PARAMETER = 5
"""Rows per free parameter below which a caution is told (Bentler, P. M. & Chou, C.-P. (1987). Sociological Methods &
Research 16, 78–117, p. 91)."""


SMALL_GROUP = 100
"""Rows of a group below which a caution is told; own choice."""


def refuse_unidentified(table: ParameterTable, information: Array, groups: tuple[str, ...]) -> None:
    """Refuse a model some of whose parameters could change together without any change in what it implies.

    Raises
    ------
    ModelError
        With the parameters that are in the direction which the information does not see.
    """
    if not len(information):
        return
    scale = np.sqrt(np.diag(information))
    flat = scale < 1e-12
    scaled = information / np.outer(np.where(flat, 1, scale), np.where(flat, 1, scale))
    values, vectors = np.linalg.eigh(scaled)
    if values[0] < RANK:
        blamed = np.abs(vectors[:, 0]) > 0.1 * np.abs(vectors[:, 0]).max()
        names = dict.fromkeys(
            p.name + (f" ({groups[p.group]})" if table.groups > 1 else "")
            for p in table.parameters if p.free >= 0 and blamed[p.free]
        )  # fmt: skip
        raise ModelError("not identified", terms=tuple(names)[:8])


def improper(table: ParameterTable, solution: Solution, groups: tuple[str, ...]) -> tuple[Text, ...]:
    """Estimates that cannot be: Heywood cases, negative variances, factors that coincide."""
    found: list[Text] = []
    for group, (variances, residuals), (phi, latent) in zip(groups, solution.items, solution.factors, strict=True):
        where = f" ({group})" if group else ""
        if heywood := tuple(
            item for item, own, whole in zip(table.items, residuals, variances, strict=True) if own < -1e-8 * whole
        ):
            found.append(both("confirmatory.caution.heywood", items=enumeration(heywood), where=where))
        if negative := tuple(f for f, own in zip(table.factors, latent, strict=True) if own < -1e-8):
            found.append(both("confirmatory.caution.negative variance", factors=enumeration(negative), where=where))
        found += _coinciding(table, phi, where)
    return tuple(found)


def rough(table: ParameterTable, data: Sample) -> tuple[Text, ...]:
    """Too few rows for tests and errors to be exact."""
    found: list[Text] = []
    least = min(len(rows) for rows in data.rows)
    if data.n < ROWS_PER_PARAMETER * table.size:
        found.append(both("confirmatory.caution.few", n=data.n, parameters=table.size, least=ROWS_PER_PARAMETER))
    if len(data.groups) > 1 and least < SMALL_GROUP:
        found.append(both("confirmatory.caution.small group", n=least))
    return tuple(found)


def unchosen(data: Sample) -> tuple[Text, ...]:
    """Answers that nobody chose between two that somebody did."""
    return empty_categories(pd.DataFrame(np.vstack(data.rows), columns=list(data.items)))


def _coinciding(table: ParameterTable, phi: Array, where: str) -> Iterator[Text]:
    """Factors whose correlation is 1 or more, or who together have an impossible covariance matrix."""
    if (np.diag(phi) <= 0).any():  # told as such; there are no correlations then
        return
    deviations = np.sqrt(np.diag(phi))
    R = phi / np.outer(deviations, deviations)
    i, j = np.triu_indices(len(R), 1)
    pairs = [(a, b) for a, b in zip(i, j, strict=True) if abs(R[a, b]) >= 1 - 1e-8]
    for a, b in pairs:
        names = enumeration((table.factors[a], table.factors[b]))
        yield both("confirmatory.caution.same factors", factors=names, value=float(R[a, b]), where=where)
    if not pairs and len(R) > 1 and np.linalg.eigvalsh(R)[0] < -1e-8:
        yield both("confirmatory.caution.indefinite factors", where=where)
