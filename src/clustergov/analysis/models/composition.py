"""Parts of a whole as log-ratios: coordinates that can enter a model, and what a zero means, said aloud."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from clustergov.analysis.models.design import FitError, enumeration
from clustergov.language import Text, both, say

Array = NDArray[np.float64]
Coordinates = Literal["alr", "clr", "ilr"]
Zeros = Literal["refuse", "replace", "drop"]

SEPARATOR = "·"


@dataclass(frozen=True, slots=True, eq=False)
class Composition:
    """Log-ratio coordinates of a composition of D parts.

    Aitchison, J. (1986). The Statistical Analysis of Compositional Data (alr p. 65, clr p. 79); Egozcue, J. J. et al.
    (2003). Isometric logratio transformations. Mathematical Geology 35(3), 279–300; as pivot coordinates: Fišerová, E. &
    Hron, K. (2011). Mathematical Geosciences 43, 455–468, eq. 5.

    Attributes
    ----------
    parts : tuple of str, length D
    kind : {"alr", "clr", "ilr"}
    coordinates : DataFrame
        One row per row of the parts, NaN where a part is missing or the row was dropped. alr: D − 1 logarithms of the
        others over the last part; clr: D logarithms over the geometric mean, which add up to 0 and so never enter a
        model whole; ilr: D − 1 pivot coordinates, each a part against the geometric mean of those after it.
    basis : array, shape (D, columns)
        The coordinates are ``clr @ basis``.
    zeros : {"refuse", "replace", "drop"}
    zero_cells, zero_rows : int
        Zeros that were replaced, or rows with a zero that were dropped.
    small : float
        The share that took the place of a zero; 0 where none did.
    cautions : tuple of Text
    """

    parts: tuple[str, ...]
    kind: Coordinates
    coordinates: pd.DataFrame
    basis: Array
    zeros: Zeros
    zero_cells: int
    zero_rows: int
    small: float
    cautions: tuple[Text, ...]

    def frame(self) -> pd.DataFrame:
        return self.coordinates

    def sentence(self, language: str) -> str:
        """Which coordinates stand for the parts, and what was done about zeros."""
        told = [say(f"composition.{self.kind}", language, parts=enumeration(self.parts), last=self.parts[-1])]
        if self.zero_cells:
            told.append(say(f"composition.zeros.{self.zeros}", language, cells=self.zero_cells, rows=self.zero_rows,
                            small=100 * self.small))  # fmt: skip
        return " ".join(told + [caution.to(language) for caution in self.cautions])

    @property
    def doubling(self) -> float:
        """How far a pivot coordinate moves when the ratio of its part to the others' geometric mean doubles."""
        D = len(self.parts)
        return float(np.log(2) * np.sqrt((D - 1) / D))

    def turned(self, part: str) -> pd.DataFrame:
        """The same composition in pivot coordinates with `part` first; not for clr, whose columns depend on each other."""
        order = [part, *(name for name in self.parts if name != part)]
        basis, columns = _basis(tuple(order), "ilr")
        centred = self.coordinates.to_numpy() @ np.linalg.pinv(self.basis)
        places = [self.parts.index(name) for name in order]
        return pd.DataFrame(centred[:, places] @ basis, index=self.coordinates.index, columns=list(columns))

    def part_effects(self, terms: Sequence[str], estimates: Array, covariance: Array) -> pd.DataFrame:
        """What the model says of each part: the coefficient per doubling of its ratio to the others' geometric mean.

        Does not depend on which coordinates the model was fitted with, nor on the order of the parts (Hron, K.,
        Filzmoser, P. & Thompson, K. 2012, Journal of Applied Statistics 39(5), 1115–1128).

        Parameters
        ----------
        terms, estimates, covariance
            Of a fit with `coordinates` (alr or ilr) among its predictors; `covariance` may have more rows at its end.

        Returns
        -------
        DataFrame
            Columns part, estimate, standard_error, in the units of the model's coefficients.
        """
        places = [list(terms).index(name) for name in self.coordinates.columns]
        # coordinates = clr · basis, so ∂/∂clr = basis · b; doubling one part against the others moves clr along a
        # direction whose product with that is log 2 times the centred slope.
        centre = np.eye(len(self.parts)) - 1 / len(self.parts)
        turn = np.log(2) * centre @ self.basis
        spread = turn @ covariance[np.ix_(places, places)] @ turn.T
        return pd.DataFrame(
            {"part": self.parts, "estimate": turn @ estimates[places], "standard_error": np.sqrt(np.diag(spread))}
        )


def composition(
    parts: pd.DataFrame, *, kind: Coordinates = "ilr", zeros: Zeros = "refuse", small: float | None = None
) -> Composition:
    """Turn the parts of a whole into log-ratio coordinates.

    Parameters
    ----------
    parts : DataFrame, shape (n, D)
        Amounts or shares in any unit; only their ratios count.
    zeros : {"refuse", "replace", "drop"}
        The logarithm of 0 does not exist, so what a zero means is the caller's to say. replace: by the share `small`, the
        other parts scaled down so that their ratios stay (Martín-Fernández, J. A., Barceló-Vidal, C. & Pawlowsky-Glahn, V.
        2003, Mathematical Geology 35(3), 253–278, eq. 6); drop: leave rows with a zero out, counted.
    small : float
        Share of the whole, between 0 and 1/D; with "replace" only.

    Raises
    ------
    FitError
        One part, text, infinite or negative values, zeros where they were to be refused.
    """
    names = tuple(map(str, parts.columns))
    if len(names) < 2:
        raise FitError("one part", terms=names)
    x, whole = _cells(parts, names)
    shares = x / x.sum(axis=1, keepdims=True)
    zero = (shares == 0) & whole[:, None]
    cells, rows = int(zero.sum()), int(zero.any(axis=1).sum())
    cautions: list[Text] = []
    if cells and zeros == "refuse":
        raise FitError("parts zero", terms=_with(names, zero), zeros=cells, rows=rows)
    used = 0.0
    if cells and zeros == "replace":
        used, least = _small(small, len(names)), float(shares[shares > 0].min())
        shares = np.where(zero, used, shares * (1 - used * zero.sum(axis=1, keepdims=True)))
        if used > least:
            cautions.append(both("composition.large", small=100 * used, least=100 * least))
    kept = whole & ~zero.any(axis=1) if zeros == "drop" else whole
    basis, columns = _basis(names, kind)
    logarithms = np.full(shares.shape, np.nan)
    logarithms[kept] = np.log(shares[kept])
    centred = logarithms - logarithms.mean(axis=1, keepdims=True)
    table = pd.DataFrame(centred @ basis, index=parts.index, columns=list(columns))
    return Composition(names, kind, table, basis, zeros, cells, rows, used, tuple(cautions))


def _cells(parts: pd.DataFrame, names: tuple[str, ...]) -> tuple[Array, NDArray[np.bool_]]:
    """Amounts with 1 in place of missing rows, and which rows are whole."""
    for name in parts.columns:
        if not pd.api.types.is_numeric_dtype(parts[name].dtype):
            raise FitError("not numeric", terms=(str(name),), term=str(name))
    x: Array = parts.to_numpy(dtype=np.float64, na_value=np.nan, copy=True)
    if infinite := _with(names, np.isinf(x)):
        raise FitError("infinite", terms=infinite, term=infinite[0])
    if negative := _with(names, x < 0):
        raise FitError("parts not positive", terms=negative)
    whole = ~np.isnan(x).any(axis=1) & (np.nansum(x, axis=1) > 0)
    x[~whole] = 1.0
    return x, whole


def _with(names: tuple[str, ...], cells: NDArray[np.bool_]) -> tuple[str, ...]:
    """The columns in which some cell is marked."""
    return tuple(names[place] for place in np.flatnonzero(cells.any(axis=0)))


def _small(small: float | None, D: int) -> float:
    if small is None or not 0 < small < 1 / D:
        raise ValueError(f"small must be a share between 0 and 1/{D}")
    return small


def _basis(names: tuple[str, ...], kind: Coordinates) -> tuple[Array, tuple[str, ...]]:
    D = len(names)
    if kind == "clr":
        return np.eye(D), tuple(f"clr({name})" for name in names)
    if kind == "alr":
        basis = np.vstack([np.eye(D - 1), -np.ones((1, D - 1))])
        return basis, tuple(f"log({name}/{names[-1]})" for name in names[:-1])
    basis = np.zeros((D, D - 1))
    for j in range(D - 1):
        rest = D - j - 1
        basis[j, j], basis[j + 1 :, j] = np.sqrt(rest / (rest + 1)), -1 / np.sqrt(rest * (rest + 1))
    return basis, tuple(f"{name}:{SEPARATOR.join(names[j + 1 :])}" for j, name in enumerate(names[:-1]))
