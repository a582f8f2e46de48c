"""Weights of respondents and the report of how they came about: deviations, range, design effect."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from clustergov.language import say


@dataclass(frozen=True)
class Weighting:
    """Weights and how they came about.

    Attributes
    ----------
    weights : Series of float
        Per respondent, in their order; they add up to the population.
    deviations : DataFrame
        One row per margin's category: variable, category, target, unweighted (scaled to the total), weighted, deviation
        (weighted less target, as a share of the total).
    iterations : int
        Passes through all margins.
    converged : bool
        Whether all margins are met, under the cap where there is one.
    cap : float or None
        Largest weight allowed as a multiple of the mean weight.
    capped : int
        Respondents at the cap.
    source : str
        Where the targets come from.
    smallest : float or None
        Where raking or the cap did not hold of itself: the smallest cap under which any weights could meet the margins;
        None when none could, or when it was not needed.
    """

    weights: pd.Series[float]
    deviations: pd.DataFrame
    iterations: int
    converged: bool
    cap: float | None
    capped: int
    source: str
    smallest: float | None = None

    @property
    def n(self) -> int:
        return len(self.weights)

    @property
    def design_effect(self) -> float:
        return kish(self.weights)

    @property
    def effective_n(self) -> float:
        return self.n / self.design_effect

    @property
    def range(self) -> tuple[float, float]:
        """Smallest and largest weight as multiples of the mean."""
        mean = float(self.weights.mean())
        return float(self.weights.min()) / mean, float(self.weights.max()) / mean

    @property
    def largest(self) -> pd.Series[float]:
        """Largest deviation of each margin, as a share of the total."""
        return self.deviations.groupby("variable", sort=False)["deviation"].agg(lambda part: part.abs().max())

    def frame(self) -> pd.DataFrame:
        """One row per respondent: id, weight, relative (multiple of the mean)."""
        values = self.weights.to_numpy(dtype=float)
        return pd.DataFrame({"id": self.weights.index, "weight": values, "relative": values / values.mean()})

    def sentence(self, language: str) -> str:
        names = ", ".join(dict.fromkeys(self.deviations["variable"]))
        low, high = self.range
        told = say("frame.weights.converged" if self.converged else "frame.weights.not converged", language,
                   names=names, n=self.n, passes=self.iterations, deviation=100 * float(self.largest.max()))  # fmt: skip
        told += " " + say("frame.weights.effect", language, low=low, high=high, effect=self.design_effect,
                          effective=self.effective_n, n=self.n)  # fmt: skip
        if self.cap is not None:
            told += " " + say("frame.weights.cap", language, cap=self.cap, capped=self.capped)
        if not self.converged:
            key = "impossible" if self.smallest is None else "slow"
            if self.smallest is not None and self.cap is not None and self.smallest > self.cap:
                key = "too low"
            told += " " + say(f"frame.weights.{key}", language, cap=self.cap or 0.0, smallest=self.smallest or 0.0)
        return told


def kish(weights: ArrayLike) -> float:
    """Design effect of unequal weights, 1 + CV² = n Σw² / (Σw)².

    Kish, L. (1992). Weighting for unequal Pi. Journal of Official Statistics 8(2), 183–200, eq. 2.3 (his 1 + L).
    """
    w = np.asarray(weights, dtype=np.float64)
    return float(len(w) * (w**2).sum() / w.sum() ** 2)
