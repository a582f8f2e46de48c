"""How many factors: eigenvalues held against those of unrelated items (Horn), and Velicer's average partial."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from clustergov.analysis.scales.contingency import ZeroCells, pair_tables
from clustergov.analysis.scales.item_correlations import Correlation, ItemCorrelations
from clustergov.analysis.scales.items import refuse_singular
from clustergov.analysis.scales.polychoric import correlations_of
from clustergov.language import Text, both, say
from clustergov.spread import Spread, spread

Array = NDArray[np.float64]

Drawn = Literal["normal", "permuted"]
DRAWN: tuple[Drawn, ...] = get_args(Drawn)

HERE = Spread()
"""In this process."""

TOGETHER = 10
"""Polychoric draws that one task makes."""

AT_ONCE = 2_000_000
"""Answers permuted at once: 16 MB."""


@dataclass(frozen=True, slots=True, eq=False)
class ParallelAnalysis:
    """Eigenvalues of the items and of draws in which items are unrelated.

    Horn, J. L. (1965). A rationale and test for the number of factors in factor analysis. Psychometrika 30(2), 179–185.

    Attributes
    ----------
    items : tuple of str, length k
    n : int
    correlation : {"pearson", "polychoric"}
    drawn : {"normal", "permuted"}
        Normal samples of the same size, or the answers themselves, each item shuffled on its own.
    draws : int
    percentile : float
        In (0, 1).
    components, axes : array, shape (k,)
        Eigenvalues, descending: of the correlations; and with squared multiple correlations on the diagonal.
    component_means, component_limits, axis_means, axis_limits : array, shape (k,)
        Mean and percentile of the draws.
    component_count, axis_count : int
        Leading eigenvalues above the percentile.
    component_count_mean, axis_count_mean : int
        Above the mean: the rule as Horn gave it, which keeps more.
    average_partials : array, shape (k − 1,)
        Velicer, W. F. (1976). Psychometrika 41(3), 321–327: mean squared partial correlation once 0, 1, … components are
        taken out; NaN where none is left.
    average_partial_count : int
        Where it is least.
    cautions : tuple of Text
    """

    items: tuple[str, ...]
    n: int
    correlation: Correlation
    drawn: Drawn
    draws: int
    percentile: float
    components: Array
    component_means: Array
    component_limits: Array
    component_count: int
    component_count_mean: int
    axes: Array
    axis_means: Array
    axis_limits: Array
    axis_count: int
    axis_count_mean: int
    average_partials: Array
    average_partial_count: int
    cautions: tuple[Text, ...]

    def frame(self) -> pd.DataFrame:
        """One row per eigenvalue, from the largest: place, component, component_mean, component_limit, and so for axes."""
        return pd.DataFrame(
            {
                "place": np.arange(1, len(self.items) + 1),
                "component": self.components, "component_mean": self.component_means,
                "component_limit": self.component_limits, "axis": self.axes, "axis_mean": self.axis_means,
                "axis_limit": self.axis_limits,
            }
        )  # fmt: skip

    def sentence(self, language: str) -> str:
        found = say("scales.parallel.found", language, k=len(self.items), n=self.n, draws=self.draws,
                    percentile=self.percentile, components=self.component_count, axes=self.axis_count,
                    partial=self.average_partial_count)  # fmt: skip
        return " ".join([found, *(caution.to(language) for caution in self.cautions)])


def parallel_analysis(
    correlations: ItemCorrelations,
    *,
    rng: np.random.Generator,
    draws: int = 500,
    percentile: float = 0.95,
    drawn: Drawn | None = None,
    how: Spread = HERE,
) -> ParallelAnalysis:
    """Count the leading eigenvalues that unrelated items seldom reach.

    Parameters
    ----------
    drawn : {"normal", "permuted"} or None
        By default normal for Pearson's correlations and permuted for polychoric ones, whose error depends on how the
        answers are spread over the categories.
    how : Spread
        Where polychoric draws are done; the numbers do not depend on it. Other draws take a moment.

    Raises
    ------
    ItemsError
        The matrix has no inverse.
    ValueError
        Normal draws asked for polychoric correlations.
    """
    kind: Drawn = drawn or ("permuted" if correlations.kind == "polychoric" else "normal")
    if kind == "normal" and correlations.kind == "polychoric":
        raise ValueError("draws for polychoric correlations are permuted")
    R = correlations.matrix
    refuse_singular(R, correlations.items)
    null = _null(correlations, kind, draws, rng, how)
    observed = _eigenvalues(R[None]), _eigenvalues(_reduced(R[None]))
    drawn_values = _eigenvalues(null), _eigenvalues(_reduced(null))
    rows = []
    for values, among in zip(observed, drawn_values, strict=True):
        mean, limit = among.mean(axis=0), np.quantile(among, percentile, axis=0)
        rows.append((values[0], mean, limit, _leading(values[0] > limit), _leading(values[0] > mean)))
    (pc, pc_mean, pc_limit, pc_count, pc_count_mean), (axis, axis_mean, axis_limit, axis_count, axis_count_mean) = rows
    partials = average_partials(R)
    cautions = list(correlations.cautions)
    if pc_count != axis_count:
        cautions.append(both("scales.parallel.differ", components=pc_count, axes=axis_count))
    return ParallelAnalysis(
        correlations.items, correlations.n, correlations.kind, kind, draws, percentile,
        pc, pc_mean, pc_limit, pc_count, pc_count_mean, axis, axis_mean, axis_limit, axis_count, axis_count_mean,
        partials, int(np.nanargmin(partials)), tuple(cautions),
    )  # fmt: skip


def _null(correlations: ItemCorrelations, drawn: Drawn, draws: int, rng: np.random.Generator, how: Spread) -> Array:
    n, k = correlations.values.shape
    if drawn == "normal":
        return normal_correlations(n, k, draws, rng)
    if correlations.codes is not None:
        work = partial(_polychoric_draws, correlations.codes, correlations.zero_cells or "none")
        # One seed a draw: the same numbers however the draws are divided among workers.
        each = rng.bit_generator.seed_seq.spawn(draws)  # type: ignore[attr-defined]  # every default generator has it
        parts = [tuple(each[start : start + TOGETHER]) for start in range(0, draws, TOGETHER)]
        return np.concatenate(spread(work, parts, how))
    unit = (correlations.values - correlations.values.mean(axis=0)) / correlations.values.std(axis=0) / np.sqrt(n)
    found, chunk = [], max(1, AT_ONCE // (n * k))
    for start in range(0, draws, chunk):
        copies = np.repeat(unit.T[None], min(chunk, draws - start), axis=0)
        shuffled = rng.permuted(copies, axis=2)
        found.append(shuffled @ shuffled.transpose(0, 2, 1))
    return np.concatenate(found)


def normal_correlations(n: int, k: int, draws: int, rng: np.random.Generator) -> Array:
    """Correlation matrices of n independent normal rows, shape (draws, k, k), without drawing the rows.

    Bartlett's decomposition of the Wishart distribution: a triangle of normals with roots of χ² on its diagonal.
    """
    triangle = np.tril(rng.standard_normal((draws, k, k)), -1)
    place = np.arange(k)
    triangle[:, place, place] = np.sqrt(rng.chisquare(n - 1 - place, size=(draws, k)))
    S = triangle @ triangle.transpose(0, 2, 1)
    scale = 1 / np.sqrt(S[:, place, place])
    return S * scale[:, :, None] * scale[:, None, :]


def _polychoric_draws(
    codes: NDArray[np.int64], zero_cells: ZeroCells, seeds: tuple[np.random.SeedSequence, ...]
) -> Array:
    """Polychoric correlations of shuffled answers, one matrix for each seed."""
    sizes = codes.max(axis=0) + 1
    found = np.tile(np.eye(codes.shape[1]), (len(seeds), 1, 1))
    for R, seed in zip(found, seeds, strict=True):
        tables = pair_tables(np.random.default_rng(seed).permuted(codes, axis=0), sizes, zero_cells)
        R[tables.first, tables.second] = R[tables.second, tables.first] = correlations_of(tables)
    return found


def _eigenvalues(matrices: Array) -> Array:
    values: Array = np.asarray(np.linalg.eigvalsh(matrices)[:, ::-1], dtype=float)
    return values


def _reduced(R: Array) -> Array:
    """With squared multiple correlations on the diagonal."""
    reduced, place = R.copy(), np.arange(R.shape[1])
    reduced[:, place, place] = 1 - 1 / np.diagonal(np.linalg.pinv(R, hermitian=True), axis1=1, axis2=2)
    return reduced


def _leading(above: NDArray[np.bool_]) -> int:
    return int(len(above) if above.all() else np.argmin(above))


def average_partials(R: Array) -> Array:
    """Mean squared partial correlation after the first 0 … k − 2 components, shape (k − 1,)."""
    k = len(R)
    values, vectors = np.linalg.eigh(R)
    loadings = (vectors * np.sqrt(np.maximum(values, 0)))[:, ::-1]
    found = np.full(k - 1, np.nan)
    for taken in range(k - 1):
        rest = R - loadings[:, :taken] @ loadings[:, :taken].T
        spread = np.diag(rest)
        if (spread <= 1e-10).any():
            break
        partial = rest / np.sqrt(np.outer(spread, spread))
        found[taken] = ((partial**2).sum() - k) / (k * (k - 1))
    return found
