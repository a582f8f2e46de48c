"""Polychoric correlations of ordinal items: two steps of maximum likelihood, all pairs at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from clustergov.analysis.description.empty_category import empty_categories
from clustergov.analysis.models.design import enumeration
from clustergov.analysis.scales.bivariate_normal import (
    bivariate_density,
    bivariate_density_slope,
    cell_probabilities,
    cell_slopes,
)
from clustergov.analysis.scales.contingency import Codes, PairTables, ZeroCells, pair_tables, thresholds_of
from clustergov.analysis.scales.items import ItemsError, blamed, items_of
from clustergov.analysis.scales.polychoric_covariance import influences
from clustergov.language import Text, both, number, say

Array = NDArray[np.float64]

BOUND = 0.9999
"""Largest correlation that is estimated; a likelihood that rises up to it has no maximum inside."""

MOST_CATEGORIES = 20
"""Categories past which an item is taken for a measurement and refused; own choice."""

FEW = 200
"""Respondents below which standard errors of polychoric correlations are rough; own choice."""

AT_ONCE = 1_000_000
"""Respondents times pairs whose influences are held at once: 8 MB each of a few arrays."""

MOST_STEPS = 60
LEAST_RISE = 1e-13
TINY = 1e-100


@dataclass(frozen=True, slots=True, eq=False)
class Polychoric:
    """Correlations of the normal variables that ordinal items are taken to cut into categories.

    Olsson, U. (1979). Maximum likelihood estimation of the polychoric correlation coefficient. Psychometrika 44(4),
    443–460, section 3 (two steps). Two categories give the tetrachoric correlation.

    Attributes
    ----------
    items : tuple of str, length k
    categories : tuple of tuple of float
        Values of each item that occur, ascending.
    thresholds : tuple of array
        Per item, one less than its categories, increasing; standard normal units.
    correlations : array, shape (k, k)
    standard_errors : array, shape (k, k)
        Asymptotic, with the error of the thresholds in them (Muthén 1984, Psychometrika 49(1), 115–132); NaN on the
        diagonal, infinite at pairs on the bound.
    pair_counts : int array, shape (k, k)
        Rows that answered both.
    n, lost : int
    zero_cells : {"none", "half", "half-2x2"}
        What was done with empty cells; see `contingency.ZeroCells`.
    empty : tuple of (str, str)
        Pairs with a cell that nobody chose.
    at_bound : tuple of (str, str)
        Pairs whose likelihood rises up to ±1.
    smallest_eigenvalue : float
        Below zero the matrix is no correlation matrix; it is never changed here.
    codes : int array, shape (n, k)
        Category of each answer from 0, −1 where missing.
    cautions : tuple of Text
    """

    items: tuple[str, ...]
    categories: tuple[tuple[float, ...], ...]
    thresholds: tuple[Array, ...]
    correlations: Array
    standard_errors: Array
    pair_counts: NDArray[np.int64]
    n: int
    lost: int
    zero_cells: ZeroCells
    empty: tuple[tuple[str, str], ...]
    at_bound: tuple[tuple[str, str], ...]
    smallest_eigenvalue: float
    codes: Codes
    cautions: tuple[Text, ...]

    @property
    def positive_definite(self) -> bool:
        return self.smallest_eigenvalue > 1e-10

    def frame(self) -> pd.DataFrame:
        """One row per pair: first, second, correlation, standard_error, n, empty, at_bound."""
        i, j = np.triu_indices(len(self.items), 1)
        pairs = [(self.items[a], self.items[b]) for a, b in zip(i, j, strict=True)]
        return pd.DataFrame(
            {
                "first": [a for a, _ in pairs], "second": [b for _, b in pairs],
                "correlation": self.correlations[i, j], "standard_error": self.standard_errors[i, j],
                "n": self.pair_counts[i, j], "empty": [pair in self.empty for pair in pairs],
                "at_bound": [pair in self.at_bound for pair in pairs],
            }
        )  # fmt: skip

    def sentence(self, language: str) -> str:
        i, j = np.triu_indices(len(self.items), 1)
        r = self.correlations[i, j]
        sentences = [say("scales.polychoric.found", language, k=len(self.items), n=self.n, lost=self.lost,
                         low=float(r.min()), high=float(r.max()))]  # fmt: skip
        return " ".join(sentences + [caution.to(language) for caution in self.cautions])


def polychoric(
    values: pd.DataFrame,
    *,
    zero_cells: ZeroCells = "half-2x2",
    missing: Literal["listwise", "pairwise"] = "listwise",
    errors: bool = True,
) -> Polychoric:
    """Estimate thresholds from each item's shares, then each correlation by Newton's method at those thresholds.

    Parameters
    ----------
    values : DataFrame of float
        One column per item; each different value is a category, only their order counts.
    zero_cells : {"none", "half", "half-2x2"}
    missing : {"listwise", "pairwise"}
        Rows that answered every item, or for each pair those that answered both (thresholds then from all answers).
    errors : bool
        Whether standard errors are wanted; they take longer than the correlations.

    Raises
    ------
    ItemsError
        What `items_of` refuses, more than 20 categories, or a pair that nobody answered together.
    """
    data = items_of(values, missing=missing)
    codes, categories = coded(data.matrix, data.names)
    sizes = np.array([len(found) for found in categories])
    tables = pair_tables(codes, sizes, zero_cells)
    k = len(data.names)
    pair_counts = tables.counts.sum(axis=(1, 2))
    for at in np.flatnonzero(pair_counts < 2)[:1]:
        raise ItemsError("cells", terms=(data.names[tables.first[at]], data.names[tables.second[at]]))
    r = correlations_of(tables)
    R = _square(r, k, 1.0)
    cuts = thresholds_of(codes, sizes)
    smallest, vectors = np.linalg.eigh(R)
    bound = np.abs(r) >= BOUND
    pairs = [(data.names[a], data.names[b]) for a, b in zip(tables.first, tables.second, strict=True)]
    empty = tuple(pair for pair, hit in zip(pairs, tables.empty, strict=True) if hit)
    at_bound = tuple(pair for pair, hit in zip(pairs, bound, strict=True) if hit)
    error = np.full(len(r), np.nan)
    if errors:
        error = np.where(bound, np.inf, _errors(codes, sizes, cuts, r, tables))
    return Polychoric(
        data.names, categories, tuple(row[: size - 1] for row, size in zip(cuts, sizes, strict=True)), R,
        _square(error, k, np.nan), _square(pair_counts, k, 0).astype(np.int64) + np.diag((codes >= 0).sum(axis=0)),
        data.n, data.lost, zero_cells, empty, at_bound, float(smallest[0]), codes,
        (*_cautions(data.n, empty, at_bound, zero_cells, float(smallest[0]), blamed(vectors[:, 0], data.names)),
         *empty_categories(pd.DataFrame(data.matrix, columns=list(data.names)))),
    )  # fmt: skip


def _errors(codes: Codes, sizes: NDArray[np.int64], cuts: Array, r: Array, tables: PairTables) -> Array:
    """Standard error of each correlation, a part of the pairs at a time so that memory stays small."""
    parts = []
    for some in np.array_split(np.arange(len(r)), 1 + len(r) * len(codes) // AT_ONCE):
        casewise = influences(codes, sizes, cuts, r[some], _part(tables, some))[:, -len(some) :]
        parts.append(np.sqrt((casewise**2).sum(axis=0)))
    return np.concatenate(parts)


def _square(upper: Array, k: int, diagonal: float) -> Array:
    square = np.zeros((k, k))
    square[np.triu_indices(k, 1)] = upper
    square += square.T
    np.fill_diagonal(square, diagonal)
    return square


def coded(X: Array, names: tuple[str, ...]) -> tuple[Codes, tuple[tuple[float, ...], ...]]:
    """Categories from 0 in each column, −1 where missing.

    Raises
    ------
    ItemsError
        More categories than `MOST_CATEGORIES`.
    """
    codes, found = np.full(X.shape, -1, dtype=np.int64), []
    for j, (name, column) in enumerate(zip(names, X.T, strict=True)):
        answered = ~np.isnan(column)
        values, place = np.unique(column[answered], return_inverse=True)
        if len(values) > MOST_CATEGORIES:
            raise ItemsError("categories", terms=(name,), found=len(values), most=MOST_CATEGORIES)
        codes[answered, j] = place
        found.append(tuple(map(float, values)))
    return codes, tuple(found)


def _cautions(
    n: int, empty: tuple[tuple[str, str], ...], at_bound: tuple[tuple[str, str], ...], zero_cells: ZeroCells,
    smallest: float, items: tuple[str, ...],
) -> tuple[Text, ...]:  # fmt: skip
    cautions = []
    if empty:
        cautions.append(both(f"scales.polychoric.empty.{zero_cells}", pairs=len(empty)))
    if at_bound:
        cautions.append(both("scales.polychoric.bound", pairs=enumeration(tuple("–".join(pair) for pair in at_bound))))
    if smallest <= 1e-10:
        cautions.append(indefinite(smallest, items))
    if n < FEW:
        cautions.append(both("scales.polychoric.few", n=n, least=FEW))
    return tuple(cautions)


def indefinite(smallest: float, items: tuple[str, ...]) -> Text:
    """That the matrix is no correlation matrix and was left so."""
    told = Text({language: number(smallest, language, 3) for language in ("nl", "en")})
    return both("scales.polychoric.indefinite", smallest=told, items=enumeration(items))


def correlations_of(tables: PairTables) -> Array:
    """Correlation of every pair at its thresholds, shape (P,).

    Newton's method on the correlation; where the likelihood is not concave Fisher's information takes the place of its
    curvature, and a step that lowers the likelihood is halved.
    """
    r = _start(tables)
    value, step_size = _likelihood(r, tables)
    active = np.arange(len(r))
    for _ in range(MOST_STEPS):
        some = _part(tables, active)
        wanted = np.clip(r[active] + step_size, (r[active] - BOUND) / 2, (r[active] + BOUND) / 2)
        # Near the bound: half the way there, and onto it at last.
        wanted = np.where(BOUND - np.abs(wanted) < 1e-9, np.sign(wanted) * BOUND, wanted)
        reached, next_step = _likelihood(wanted, some)
        for _ in range(40):
            worse = ~(reached >= value[active] - 1e-12 * np.abs(value[active]))
            if not worse.any():
                break
            wanted = np.where(worse, (wanted + r[active]) / 2, wanted)
            reached, next_step = _likelihood(wanted, some)
        moved = np.abs(wanted - r[active])
        r[active], value[active] = wanted, reached
        going = (moved > LEAST_RISE) & (np.abs(next_step) > LEAST_RISE) & (np.abs(wanted) < BOUND)
        active, step_size = active[going], next_step[going]
        if not len(active):
            break
    return _to_bound(r, value, tables)


def _to_bound(r: Array, value: Array, tables: PairTables) -> Array:
    """Move to the bound what is as likely there: a likelihood that only flattens out has no maximum inside."""
    bound = np.where(r < 0, -BOUND, BOUND)
    there, _ = _likelihood(bound, tables)
    return np.where(there >= value - 1e-10 * np.abs(value), bound, r)


def _part(tables: PairTables, which: NDArray[np.int64]) -> PairTables:
    if len(which) == len(tables.first):
        return tables
    return PairTables(
        tables.first[which], tables.second[which], tables.counts[which], tables.used[which],
        tables.cuts_first[which], tables.cuts_second[which], tables.empty[which],
    )  # fmt: skip


def _start(tables: PairTables) -> Array:
    """Pearson's correlation of the codes, from the tables."""
    counts, place = tables.counts, np.arange(tables.counts.shape[1], dtype=float)
    n = counts.sum(axis=(1, 2))
    a, b = counts.sum(axis=2), counts.sum(axis=1)
    mean_a, mean_b = a @ place / n, b @ place / n
    spread = np.sqrt((a @ place**2 / n - mean_a**2) * (b @ place**2 / n - mean_b**2))
    product = np.einsum("pij,i,j->p", counts, place, place) / n - mean_a * mean_b
    start: Array = np.clip(np.divide(product, spread, out=np.zeros(len(n)), where=spread > 0), -0.9, 0.9)
    return start


def _likelihood(r: Array, tables: PairTables) -> tuple[Array, Array]:
    """Log-likelihood of each pair, and the step of Newton or Fisher."""
    h, k, rho = tables.cuts_first[:, :, None], tables.cuts_second[:, None, :], r[:, None, None]
    p = np.maximum(cell_probabilities(r, tables.cuts_first, tables.cuts_second), TINY)
    density = bivariate_density(h, k, rho)
    first = cell_slopes(density)
    second = cell_slopes(density * bivariate_density_slope(h, k, rho))
    value = (tables.used * np.log(p)).sum(axis=(1, 2))
    answered = tables.used > 0
    share, bend = np.where(answered, first / p, 0), np.where(answered, second / p, 0)
    slope = (tables.used * share).sum(axis=(1, 2))
    observed = (tables.used * (share**2 - bend)).sum(axis=(1, 2))
    expected = tables.used.sum(axis=(1, 2)) * np.where(p > 1e-12, first * first / p, 0).sum(axis=(1, 2))
    information = np.where(observed > 0, observed, np.maximum(expected, 1e-8))
    return value, slope / information
