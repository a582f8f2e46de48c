"""Exploratory factor analysis: minres or maximum likelihood, rotated, with what tells how well it fits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import chdtr, chdtrc, chndtr

from clustergov.analysis.interval import Interval
from clustergov.analysis.models.design import enumeration
from clustergov.analysis.scales.factor_extraction import LEAST_UNIQUENESS, Method, extract
from clustergov.analysis.scales.item_correlations import Correlation, ItemCorrelations
from clustergov.analysis.scales.items import ItemsError, refuse_singular
from clustergov.analysis.scales.rotation import Rotation, rotate
from clustergov.language import Text, both, say

Array = NDArray[np.float64]

SALIENT = 0.3
"""Loading from which an item is said to belong to a factor; a usual reading, own choice."""


@dataclass(frozen=True, slots=True, eq=False)
class FactorFit:
    """How far m factors reproduce the correlations of k items.

    Attributes
    ----------
    chi_square, df, p
        Bartlett's corrected likelihood ratio, (n − 1 − (2k + 5) / 6 − 2m / 3) F; p NaN with df = 0.
    rmsea : float
        √(max(χ² − df, 0) / (df (n − 1))); NaN with df = 0.
    rmsea_interval : Interval or None
        Of 90 % by the noncentral χ² (Steiger & Lind 1980).
    tli : float
        Tucker, L. R. & Lewis, C. (1973). Psychometrika 38(1), 1–10.
    rmsr : float
        Root mean square of the residual correlations.
    bic : float
        χ² − df log n.
    """

    chi_square: float
    df: int
    p: float
    rmsea: float
    rmsea_interval: Interval | None
    tli: float
    rmsr: float
    bic: float


@dataclass(frozen=True, slots=True, eq=False)
class Exploration:
    """Factors found in the correlations of items.

    Attributes
    ----------
    items : tuple of str, length k
    factors : int
    method : {"minres", "ml"}
    rotation : {"oblimin", "varimax", "none"}
        None with one factor.
    kaiser : bool
        Whether rows were given unit length while rotating.
    correlation : {"pearson", "polychoric"}
    n, lost : int
    loadings : array, shape (k, m)
        Pattern; factors in descending order of variance, each with a positive sum.
    factor_correlations : array, shape (m, m)
    communalities, uniquenesses : array, shape (k,)
    complexity : array, shape (k,)
        Hofmann, R. J. (1978). Psychometrika 43(2), 247–250: 1 where an item belongs to one factor alone.
    variance : array, shape (m,)
        Share of the items' variance that each factor accounts for.
    eigenvalues : array, shape (k,)
        Of the correlations, descending.
    fit : FactorFit
    heywood : tuple of str
        Items whose uniqueness stands at its bound of 0.005.
    cautions : tuple of Text
    """

    items: tuple[str, ...]
    factors: int
    method: Method
    rotation: Rotation
    kaiser: bool
    correlation: Correlation
    n: int
    lost: int
    loadings: Array
    factor_correlations: Array
    communalities: Array
    uniquenesses: Array
    complexity: Array
    variance: Array
    eigenvalues: Array
    fit: FactorFit
    heywood: tuple[str, ...]
    cautions: tuple[Text, ...]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(f"F{j + 1}" for j in range(self.factors))

    def frame(self) -> pd.DataFrame:
        """One row per item: item, F1 …, communality, uniqueness, complexity."""
        columns: dict[str, object] = {"item": self.items}
        columns |= {name: self.loadings[:, j] for j, name in enumerate(self.names)}
        columns |= {
            "communality": self.communalities, "uniqueness": self.uniquenesses, "complexity": self.complexity,
        }  # fmt: skip
        return pd.DataFrame(columns)

    def order(self) -> list[int]:
        """Items by the factor on which they load most, then by the size of that loading."""
        home = np.abs(self.loadings).argmax(axis=1)
        size = np.abs(self.loadings).max(axis=1)
        return sorted(range(len(self.items)), key=lambda i: (home[i], -size[i]))

    def sentence(self, language: str) -> str:
        fit = self.fit
        how = ", ".join(word for word in (self.correlation, self.method, self.rotation) if word != "none")
        sentences = [say("scales.factors.found", language, factors=self.factors, k=len(self.items), n=self.n,
                         lost=self.lost, how=how, share=float(self.variance.sum()))]  # fmt: skip
        if fit.rmsea_interval is not None:
            sentences.append(say("scales.factors.fit", language, chi=fit.chi_square, df=fit.df, rmsea=fit.rmsea,
                                 level=fit.rmsea_interval.level, low=fit.rmsea_interval.low,
                                 high=fit.rmsea_interval.high, tli=fit.tli, rmsr=fit.rmsr))  # fmt: skip
        return " ".join(sentences + [caution.to(language) for caution in self.cautions])


def explore(
    correlations: ItemCorrelations,
    factors: int,
    *,
    method: Method = "minres",
    rotation: Rotation = "oblimin",
    kaiser: bool | None = None,
) -> Exploration:
    """Extract and rotate factors.

    Raises
    ------
    ItemsError
        More factors than the items can tell apart, a correlation matrix without inverse, or no minimum found.
    """
    k, R = len(correlations.items), correlations.matrix
    df = ((k - factors) ** 2 - (k + factors)) // 2
    if factors < 1 or df < 0 or factors >= k:
        raise ItemsError("factors", factors=factors, k=k, df=df)
    refuse_singular(R, correlations.items)
    found = extract(R[None], factors, method)
    if not found.converged[0]:
        raise ItemsError("not converged", iterations=200)
    psi = found.uniquenesses[0]
    rotation = rotation if factors > 1 else "none"
    turned = rotate(found.loadings[0], rotation, kaiser=kaiser)
    L, phi = turned.loadings, turned.correlations
    squares = L**2
    heywood = tuple(n for n, u in zip(correlations.items, psi, strict=True) if u <= LEAST_UNIQUENESS * 1.0001)
    communalities = np.einsum("ij,jk,ik->i", L, phi, L)
    return Exploration(
        correlations.items, factors, method, rotation,
        (rotation == "varimax" if kaiser is None else kaiser) and rotation != "none",
        correlations.kind, correlations.n, correlations.lost, L, phi, communalities, 1 - communalities,
        squares.sum(axis=1) ** 2 / (squares**2).sum(axis=1), np.diag(phi @ L.T @ L) / k,
        np.asarray(np.linalg.eigvalsh(R)[::-1], dtype=float), factor_fit(R, L @ phi @ L.T, factors, correlations.n), heywood,
        (*correlations.cautions, *_cautions(L, heywood, correlations.items)),
    )  # fmt: skip


def _cautions(L: Array, heywood: tuple[str, ...], items: tuple[str, ...]) -> list[Text]:
    cautions = []
    if heywood:
        cautions.append(both("scales.factors.heywood", items=enumeration(heywood)))
    if weak := tuple(name for name, row in zip(items, np.abs(L), strict=True) if row.max() < SALIENT):
        cautions.append(both("scales.factors.weak", items=enumeration(weak), least=SALIENT))
    home = np.abs(L).argmax(axis=1)
    thin = tuple(f"F{j + 1}" for j in range(L.shape[1]) if ((home == j) & (np.abs(L[:, j]) >= SALIENT)).sum() < 3)
    if thin and len(items) > 3:
        cautions.append(both("scales.factors.thin", factors=enumeration(thin)))
    return cautions


def factor_fit(R: Array, model: Array, factors: int, n: int) -> FactorFit:
    """Hold correlations R (k, k) against those of a model without its uniquenesses."""
    k = len(R)
    df = ((k - factors) ** 2 - (k + factors)) // 2
    residual = R - model
    np.fill_diagonal(residual, 0)
    rmsr = float(np.sqrt((residual**2).sum() / (k * (k - 1))))
    whole = model.copy()
    np.fill_diagonal(whole, np.diag(R))
    ratio = np.linalg.solve(whole, R)
    discrepancy = float(np.trace(ratio) - np.linalg.slogdet(ratio)[1] - k)
    weight = n - 1 - (2 * k + 5) / 6 - 2 * factors / 3
    chi = max(discrepancy * weight, 0.0)
    none = float(-np.linalg.slogdet(R)[1])
    if df == 0:
        return FactorFit(chi, 0, np.nan, np.nan, None, np.nan, rmsr, chi)
    null, per_df = none * 2 / (k * (k - 1)), discrepancy / df
    return FactorFit(
        chi, df, float(chdtrc(df, chi)), float(np.sqrt(max(chi - df, 0) / (df * (n - 1)))),
        rmsea_interval(chi, df, n), (null - per_df) / (null - 1 / weight), rmsr, float(chi - df * np.log(n)),
    )  # fmt: skip


def rmsea_interval(chi: float, df: int, n: int, level: float = 0.90) -> Interval:
    """Interval of the RMSEA: noncentralities at which the observed χ² stands at the two tails."""
    tail, most = (1 - level) / 2, 4 * chi + 10 * df + 100

    def at(share: float) -> float:
        if chdtr(df, chi) <= share:
            return 0.0
        noncentrality = brentq(lambda x: float(chndtr(chi, df, x)) - share, 0, most, xtol=1e-10, rtol=1e-12)
        return float(np.sqrt(noncentrality / ((n - 1) * df)))

    return Interval(at(1 - tail), at(tail), level)
