"""Omega hierarchical: a general factor beside group factors, by the Schmid–Leiman transformation."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from clustergov.analysis.models.design import enumeration
from clustergov.analysis.scales.factor_extraction import LEAST_UNIQUENESS, extract
from clustergov.analysis.scales.item_correlations import Correlation, ItemCorrelations
from clustergov.analysis.scales.items import ItemsError, refuse_singular
from clustergov.analysis.scales.rotation import rotate
from clustergov.language import Text, both, say

Array = NDArray[np.float64]

LEAST_FACTORS = 2


@dataclass(frozen=True, slots=True, eq=False)
class OmegaHierarchical:
    """One general factor and m group factors, orthogonal to each other, of k standardised items.

    Schmid, J. & Leiman, J. M. (1957). Psychometrika 22, 53–61; Zinbarg, R. E. et al. (2005). Psychometrika 70, 123–133.
    Minres, varimax, then oblimin, then one factor of the factors' correlations: as psych::omega.

    Attributes
    ----------
    items : tuple of str
    factors : int
    n, lost : int
    correlation : {"pearson", "polychoric"}
        With polychoric ones the omegas are of sums of the normal variables behind the answers, not of the answers.
    omega_hierarchical : float
        Share of the sum's variance due to the general factor.
    omega_schmid_leiman : float
        Share due to all factors, general and group: psych's "omega total", not McDonald's of one factor.
    explained_common_variance : float
        General factor's share of the common variance.
    general : array, shape (k,)
    groups : array, shape (k, m)
    communalities : array, shape (k,)
    turned : tuple of str
        Items with a negative general loading, turned before the omegas were computed, as psych does.
    factor_correlations : array, shape (m, m)
        Of the oblique factors.
    cautions : tuple of Text
    """

    items: tuple[str, ...]
    factors: int
    n: int
    lost: int
    correlation: Correlation
    omega_hierarchical: float
    omega_schmid_leiman: float
    explained_common_variance: float
    general: Array
    groups: Array
    communalities: Array
    turned: tuple[str, ...]
    factor_correlations: Array
    cautions: tuple[Text, ...]

    def frame(self) -> pd.DataFrame:
        """One row per item: item, general, group1 …, communality."""
        columns: dict[str, object] = {"item": self.items, "general": self.general}
        columns |= {f"group{j + 1}": self.groups[:, j] for j in range(self.factors)}
        return pd.DataFrame({**columns, "communality": self.communalities})

    def sentence(self, language: str) -> str:
        found = say("scales.hierarchical.found", language, hierarchical=self.omega_hierarchical,
                    total=self.omega_schmid_leiman, factors=self.factors, k=len(self.items), n=self.n)  # fmt: skip
        return " ".join([found, *(caution.to(language) for caution in self.cautions)])


def omega_hierarchical(correlations: ItemCorrelations, *, factors: int = 3) -> OmegaHierarchical:
    """Split the common variance into a general factor and group factors.

    Parameters
    ----------
    factors : int
        With two the loadings of the group factors on the general one cannot be told apart and are set equal.

    Raises
    ------
    ItemsError
        Fewer than two factors or too many for the items; a matrix without inverse; no minimum found.
    """
    R, k = correlations.matrix, len(correlations.items)
    df = ((k - factors) ** 2 - (k + factors)) // 2
    # psych goes on with negative degrees of freedom; then the factors are not determined and neither is omega.
    if factors < LEAST_FACTORS or df < 0:
        raise ItemsError("factors", factors=factors, k=k, df=df)
    refuse_singular(R, correlations.items)
    found = extract(R[None], factors, "minres")
    if not found.converged[0]:
        raise ItemsError("not converged", iterations=200)
    upright = rotate(found.loadings[0], "varimax")
    oblique = rotate(upright.loadings, "oblimin")
    phi = oblique.correlations
    on_general, second_heywood = _second_order(phi)
    general = oblique.loadings @ on_general
    groups = oblique.loadings * np.sqrt(np.maximum(1 - on_general**2, 0))
    communalities = (upright.loadings**2).sum(axis=1)
    sign = np.where(general < 0, -1.0, 1.0)
    turned = tuple(name for name, s in zip(correlations.items, sign, strict=True) if s < 0)
    total = float((R * np.outer(sign, sign)).sum())
    general, groups = general * sign, groups * sign[:, None]
    heywood = tuple(
        name
        for name, u in zip(correlations.items, found.uniquenesses[0], strict=True)
        if u <= LEAST_UNIQUENESS * 1.0001
    )
    cautions = list(correlations.cautions)
    if factors == LEAST_FACTORS:
        cautions.append(both("scales.hierarchical.two"))
    if heywood:
        cautions.append(both("scales.factors.heywood", items=enumeration(heywood)))
    if second_heywood:
        cautions.append(both("scales.hierarchical.heywood"))
    if turned:
        cautions.append(both("scales.hierarchical.turned", items=enumeration(turned)))
    squares = float((general**2).sum()), float((groups**2).sum())
    return OmegaHierarchical(
        correlations.items, factors, correlations.n, correlations.lost, correlations.kind,
        float(general.sum() ** 2 / total), float((total - (1 - communalities).sum()) / total),
        squares[0] / sum(squares), general, groups, communalities, turned, phi, tuple(cautions),
    )  # fmt: skip


def _second_order(phi: Array) -> tuple[Array, bool]:
    """Loadings of the group factors on the general one; whether one of them is at its bound."""
    if len(phi) == LEAST_FACTORS:
        root = np.sqrt(abs(phi[0, 1]))
        return np.array([root, np.sign(phi[0, 1]) * root]), False
    second = extract(phi[None], 1, "minres")
    return second.loadings[0, :, 0], bool((second.uniquenesses[0] <= LEAST_UNIQUENESS * 1.0001).any())
