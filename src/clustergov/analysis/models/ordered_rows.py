"""The complete rows of an ordered outcome: its categories, the place of each row in them, standardised predictors."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from clustergov.analysis.models.cumulative import Cumulative, Link, cut_designs, marginal_thresholds
from clustergov.analysis.models.design import FitError, design

Array = NDArray[np.float64]

SUSPECT = 25.0
"""|linear predictor| past which, or steps past 12, separation is looked for: it never gets there otherwise."""


@dataclass(frozen=True, slots=True, eq=False)
class OrderedRows:
    """What a model of an ordered outcome is fitted to.

    Attributes
    ----------
    outcome : str
    terms : tuple of str, length k
    matrix : array, shape (n, k)
        Predictors as they came.
    X : array, shape (n, k)
        Predictors less their mean, in units of their standard deviation.
    centre, spread : array, shape (k,)
    categories : array, shape (J,)
        Values of the outcome that occur in the rows used, ascending.
    place : array of int, shape (n,)
        Category of each row, counted from 0.
    counts : array of int, shape (J,)
    J : int
        Categories.
    lost : int
        Rows left out because a value is missing.
    """

    outcome: str
    terms: tuple[str, ...]
    matrix: Array
    X: Array
    centre: Array
    spread: Array
    categories: Array
    place: NDArray[np.int64]
    counts: NDArray[np.int64]
    J: int
    lost: int

    @classmethod
    def of(cls, outcome: pd.Series[float], predictors: pd.DataFrame, *, constants: int | None = None) -> OrderedRows:
        """Take the complete rows.

        Raises
        ------
        FitError
            See `design`.
        """
        thresholds = max(int(outcome.nunique()) - 1, 1)
        data = design(outcome, predictors, constants=thresholds if constants is None else constants)
        categories, place = np.unique(data.outcome, return_inverse=True)
        centre, spread = data.matrix.mean(axis=0), data.matrix.std(axis=0)
        return cls(
            str(outcome.name), data.terms, data.matrix, (data.matrix - centre) / spread, centre, spread, categories,
            place, np.bincount(place), len(categories), data.lost,
        )  # fmt: skip

    @property
    def n(self) -> int:
        return len(self.place)

    @property
    def names(self) -> tuple[str, ...]:
        """The thresholds by the categories on their two sides, such as “1|2”."""
        pairs = zip(self.categories[:-1], self.categories[1:], strict=True)
        return tuple(f"{low:g}|{high:g}" for low, high in pairs)

    def binary(self, threshold: int) -> OrderedRows:
        """The same rows with two categories: up to and including category `threshold`, and above it."""
        above = (self.place > threshold).astype(np.int64)
        return replace(self, place=above, counts=np.bincount(above), categories=np.array([0.0, 1.0]), J=2)

    def maximum(
        self, link: Link, free: NDArray[np.bool_] | None = None, start: Array | None = None
    ) -> tuple[Cumulative, Array, float, int]:
        """The likelihood, its maximum φ on the standardised predictors, its value there, and the steps.

        Raises
        ------
        FitError
            Separation, or no rest.
        """
        rows = Cumulative.of(cut_designs(self.X, self.J, free), self.place, link)
        if start is None:
            start = np.zeros(rows.upper.shape[1])
            start[: self.J - 1] = marginal_thresholds(self.counts, link)
        phi, value, steps, settled = rows.maximise(start)
        if not settled or steps > 12 or np.abs(rows.upper @ phi).max() > SUSPECT:
            self._refuse_separation(rows, free)
        if not settled:
            raise FitError("not converged", iterations=steps)
        return rows, phi, value, steps

    def _refuse_separation(self, rows: Cumulative, free: NDArray[np.bool_] | None) -> None:
        direction = rows.escape()
        if direction is None:
            return
        free = np.zeros(len(self.terms), dtype=bool) if free is None else free
        terms = np.array(self.terms)
        owners = [*terms[~free], *np.tile(terms[free], self.J - 1)]
        moving = np.abs(direction[self.J - 1 :]) > 1e-7
        blamed = dict.fromkeys(str(term) for term, moves in zip(owners, moving, strict=True) if moves)
        raise FitError("separation", terms=tuple(blamed))

    def back(self, free: NDArray[np.bool_] | None = None) -> Array:
        """The linear map from φ on standardised predictors to φ on the predictors as they came.

        β = b / s and θ_j = t_j + Σ b_j m / s.
        """
        free = np.zeros(len(self.terms), dtype=bool) if free is None else free
        J, a, b = self.J, int((~free).sum()), int(free.sum())
        back = np.eye(J - 1 + a + (J - 1) * b)
        for j in range(J - 1):
            own = slice(J - 1 + a + j * b, J - 1 + a + (j + 1) * b)
            back[j, J - 1 : J - 1 + a] = (self.centre / self.spread)[~free]
            back[j, own] = (self.centre / self.spread)[free]
            back[own, own] = np.diag(1 / self.spread[free])
        common = slice(J - 1, J - 1 + a)
        back[common, common] = np.diag(1 / self.spread[~free])
        return back
