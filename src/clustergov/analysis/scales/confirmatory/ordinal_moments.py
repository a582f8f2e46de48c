"""What ordinal responses tell a factor model: thresholds, polychoric correlations and their joint covariance Γ."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from clustergov.analysis.scales.confirmatory.failure import ModelError
from clustergov.analysis.scales.confirmatory.sample_moments import Sample
from clustergov.analysis.scales.contingency import pair_tables, thresholds_of
from clustergov.analysis.scales.polychoric import BOUND, correlations_of
from clustergov.analysis.scales.polychoric_covariance import asymptotic_covariance

Array = NDArray[np.float64]

MOST_CATEGORIES = 12
"""Different answers to an item above which it is not taken for ordinal; own choice."""


@dataclass(frozen=True, slots=True, eq=False)
class OrdinalMoments:
    """Thresholds and correlations of one group.

    Attributes
    ----------
    n : int
    thresholds : array, shape (t,)
        Item by item.
    correlations : array, shape (p, p)
    gamma : array, shape (t + P, t + P)
        n times the asymptotic covariance of thresholds and of the P correlations 1–2, 1–3, …
    """

    n: int
    thresholds: Array
    correlations: Array
    gamma: Array

    @property
    def statistics(self) -> Array:
        """Thresholds, then correlations."""
        pairs = np.triu_indices(len(self.correlations), 1)
        return np.concatenate([self.thresholds, self.correlations[pairs]])

    @property
    def weights(self) -> Array:
        """One over the asymptotic variance of each statistic (times n): the diagonal of the weight matrix."""
        weights: Array = 1 / np.diag(self.gamma)
        return weights


def categories(data: Sample) -> Mapping[str, Array]:
    """The answers to each item in all groups together, ascending.

    Raises
    ------
    ModelError
        An item has so many different answers that it is no ordinal one.
    """
    whole = np.concatenate(data.rows)
    found = {item: np.unique(column) for item, column in zip(data.items, whole.T, strict=True)}
    if many := tuple(item for item, values in found.items() if len(values) > MOST_CATEGORIES):
        raise ModelError("many categories", terms=many, most=MOST_CATEGORIES)
    return found


def ordinal_moments(data: Sample) -> tuple[OrdinalMoments, ...]:
    """Thresholds and polychoric correlations of every group, with Γ.

    Raises
    ------
    ModelError
        A category that nobody in a group chose, a correlation that runs to ±1, correlations that are no correlation
        matrix: nothing is merged or smoothed.
    """
    answers = categories(data)
    found = []
    for group, rows in zip(data.groups, data.rows, strict=True):
        codes = np.column_stack([np.searchsorted(answers[item], rows[:, j]) for j, item in enumerate(data.items)])
        sizes = np.array([len(answers[item]) for item in data.items])
        _refuse_empty(codes, sizes, data, group)
        R = _square(correlations_of(pair_tables(codes, sizes, "half-2x2")), len(sizes))
        _refuse_correlations(R, data, group)
        cuts = thresholds_of(codes, sizes)
        own = np.arange(cuts.shape[1])[None, :] < (sizes - 1)[:, None]
        gamma = len(rows) * asymptotic_covariance(codes, R)
        found.append(OrdinalMoments(len(rows), cuts[own], R, gamma))
    return tuple(found)


def _square(upper: Array, k: int) -> Array:
    R = np.eye(k)
    i, j = np.triu_indices(k, 1)
    R[i, j] = R[j, i] = upper
    return R


def _refuse_empty(codes: NDArray[np.int64], sizes: NDArray[np.int64], data: Sample, group: str) -> None:
    for item, column, size in zip(data.items, codes.T, sizes, strict=True):
        counts = np.bincount(column, minlength=size)
        if (counts == 0).any():
            place = int(np.flatnonzero(counts == 0)[0])
            raise ModelError(
                "empty category", terms=(item,), group=group, n=len(column), category=place + 1, of=int(size)
            )


def _refuse_correlations(R: Array, data: Sample, group: str) -> None:
    i, j = np.triu_indices(len(R), 1)
    if (at := np.flatnonzero(np.abs(R[i, j]) >= BOUND * (1 - 1e-6))).size:
        pair = (data.items[i[at[0]]], data.items[j[at[0]]])
        raise ModelError("perfect correlation", terms=pair, group=group, **_named(group))
    values, vectors = np.linalg.eigh(R)
    if values[0] < 1e-10:
        blamed = tuple(name for name, part in zip(data.items, np.abs(vectors[:, 0]), strict=True) if part > 0.3)
        raise ModelError("not positive definite", terms=blamed, least=float(values[0]), **_named(group))


def _named(group: str) -> dict[str, object]:
    return {"where": f" ({group})" if group else ""}
