"""Whether chains have come together: the means of what they fill in, within and between chains."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from clustergov.analysis.missing.imputed import Imputed
from clustergov.language import say

Array = NDArray[np.float64]

APART = 1.2
"""R̂ from which a sentence says that chains have not come together (Gelman et al. 2013, Bayesian Data Analysis, p. 287)."""
LEAST = 4
"""Iterations below which nothing can be said: halves of a chain must hold two values each."""


@dataclass(frozen=True, slots=True, eq=False)
class Convergence:
    """R̂ and autocorrelation of the means and standard deviations of imputed values.

    Attributes
    ----------
    table : DataFrame
        One row per imputed variable and statistic (mean, sd): variable, statistic, r_hat, autocorrelation, drift.
        r_hat: split R̂ over all iterations, so that a way from the start counts as being apart. autocorrelation: of successive iterations, mean over the
        chains. drift: mean of the last quarter less that of the quarter before, in standard deviations of the mean over
        chains. Missing where a statistic does not vary or there are too few iterations.
    iterations, m : int
    """

    table: pd.DataFrame
    iterations: int
    m: int

    def apart(self) -> tuple[str, ...]:
        """Variables for which some R̂ is above `APART`."""
        return tuple(dict.fromkeys(self.table.loc[self.table["r_hat"] > APART, "variable"]))

    def sentence(self, language: str, labels: Mapping[str, str] | None = None) -> str:
        """The largest R̂ and where, by `labels` where given, or that there are too few iterations to tell."""
        words = labels or {}
        known = self.table.dropna(subset="r_hat")
        if known.empty:
            return say("missing.convergence.unknown", language, iterations=self.iterations, m=self.m)
        worst = known.iloc[int(known["r_hat"].to_numpy().argmax())]
        key = "apart" if self.apart() else "together"
        return say(f"missing.convergence.{key}", language, m=self.m, iterations=self.iterations, limit=APART,
                   r_hat=float(worst["r_hat"]), variable=words.get(worst["variable"], worst["variable"]),
                   names=", ".join(words.get(name, name) for name in self.apart()))  # fmt: skip


def convergence(imputed: Imputed) -> Convergence:
    """Hold the chains of every imputed variable against each other."""
    rows = []
    names = [str(name) for name in imputed.frame.columns]
    for name in imputed.methods:
        at = names.index(name)
        for statistic, chains in (("mean", imputed.chain_means), ("sd", imputed.chain_deviations)):
            own = chains[:, :, at]
            rows.append({"variable": name, "statistic": statistic, "r_hat": r_hat(own),
                         "autocorrelation": autocorrelation(own), "drift": drift(own)})  # fmt: skip
    columns = ["variable", "statistic", "r_hat", "autocorrelation", "drift"]
    return Convergence(pd.DataFrame(rows, columns=columns), imputed.iterations, imputed.m)


def r_hat(chains: Array) -> float:
    """Split R̂ of draws (iterations, m): √((n − 1)/n + B/(n W)) over the 2m halves.

    Gelman, A., Carlin, J. B., Stern, H. S., Dunson, D. B., Vehtari, A. & Rubin, D. B. (2013). Bayesian Data Analysis, 3rd
    ed., eq. 11.1–11.4. NaN for fewer than four iterations, or draws that do not vary.
    """
    half = len(chains) // 2
    if half < LEAST // 2 or not np.isfinite(chains).all():
        return float("nan")
    parts = np.concatenate([chains[:half], chains[-half:]], axis=1)
    within, between = parts.var(axis=0, ddof=1).mean(), half * parts.mean(axis=0).var(ddof=1)
    return float(np.sqrt((half - 1) / half + between / (half * within))) if within > 0 else float("nan")


def autocorrelation(chains: Array) -> float:
    """Correlation of each iteration with the one before within a chain, mean over chains; NaN where undefined."""
    if len(chains) < LEAST or not np.isfinite(chains).all():
        return float("nan")
    off = chains - chains.mean(axis=0)
    spread = (off**2).sum(axis=0)
    if (spread <= 0).any():
        return float("nan")
    return float(((off[1:] * off[:-1]).sum(axis=0) / spread).mean())


def drift(chains: Array) -> float:
    """Mean of the last quarter of the iterations less that of the quarter before, in its own standard deviations."""
    quarter = max(len(chains) // 4, 1)
    if len(chains) < LEAST or not np.isfinite(chains).all():
        return float("nan")
    moved = chains[-quarter:].mean(axis=0) - chains[-2 * quarter : -quarter].mean(axis=0)
    spread = float(chains[-2 * quarter :].std(ddof=1))
    return float(moved.mean() / spread) if spread > 0 else float("nan")
