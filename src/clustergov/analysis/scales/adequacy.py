"""Whether items have enough in common to look for factors: Kaiser–Meyer–Olkin and Bartlett's test of sphericity."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import chdtrc

from clustergov.analysis.models.design import enumeration
from clustergov.analysis.scales.item_correlations import ItemCorrelations
from clustergov.analysis.scales.items import refuse_singular
from clustergov.language import Text, both, say

Array = NDArray[np.float64]

LEAST_ADEQUACY = 0.5
"""Kaiser, H. F. & Rice, J. (1974). Educational and Psychological Measurement 34, p. 112: below it “unacceptable”."""


@dataclass(frozen=True, slots=True, eq=False)
class Adequacy:
    """How far correlations of items are their own and not those of other items.

    Attributes
    ----------
    items : tuple of str
    n : int
    overall : float
        Sum of squared correlations over that sum plus the squared partial correlations; 0 to 1.
    per_item : array, shape (k,)
    chi_square, df, p
        Bartlett, M. S. (1951). Biometrika 38, 337–344: are all correlations zero? Nearly always refused in any real
        sample, so it is a floor and no praise.
    cautions : tuple of Text
    """

    items: tuple[str, ...]
    n: int
    overall: float
    per_item: Array
    chi_square: float
    df: int
    p: float
    cautions: tuple[Text, ...]

    def frame(self) -> pd.DataFrame:
        """One row per item: item, adequacy."""
        return pd.DataFrame({"item": self.items, "adequacy": self.per_item})

    def sentence(self, language: str) -> str:
        found = say("scales.adequacy.found", language, k=len(self.items), n=self.n, overall=self.overall,
                    low=float(self.per_item.min()), chi=self.chi_square, df=self.df)  # fmt: skip
        return " ".join([found, *(caution.to(language) for caution in self.cautions)])


def adequacy(correlations: ItemCorrelations) -> Adequacy:
    """KMO (Kaiser 1970, Psychometrika 35, 401–415) and Bartlett's test.

    Raises
    ------
    ItemsError
        The matrix has no inverse.
    """
    R, n, k = correlations.matrix, correlations.n, len(correlations.items)
    refuse_singular(R, correlations.items)
    inverse = np.linalg.inv(R)
    scale = 1 / np.sqrt(np.diag(inverse))
    off = ~np.eye(k, dtype=bool)
    simple = np.where(off, R, 0) ** 2
    partial = np.where(off, inverse * np.outer(scale, scale), 0) ** 2
    per_item = simple.sum(axis=1) / (simple.sum(axis=1) + partial.sum(axis=1))
    overall = float(simple.sum() / (simple.sum() + partial.sum()))
    chi = float(-np.linalg.slogdet(R)[1] * (n - 1 - (2 * k + 5) / 6))
    df = k * (k - 1) // 2
    low = tuple(name for name, value in zip(correlations.items, per_item, strict=True) if value < LEAST_ADEQUACY)
    cautions = (both("scales.adequacy.low", items=enumeration(low), least=LEAST_ADEQUACY),) if low else ()
    return Adequacy(correlations.items, n, overall, per_item, chi, df, float(chdtrc(df, chi)), cautions)
