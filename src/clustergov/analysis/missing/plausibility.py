"""Whether imputed values look like answers: their distribution beside that of the observed ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from clustergov.analysis.missing.imputed import Imputed
from clustergov.language import say

FAR = 0.5
"""Difference of means, in standard deviations of the observed, from which a sentence asks for a reason."""


@dataclass(frozen=True, slots=True, eq=False)
class Plausibility:
    """Observed and imputed values side by side.

    Attributes
    ----------
    table : DataFrame
        One row per imputed variable: variable, method, observed and imputed (cells), observed_mean, imputed_mean,
        observed_sd, imputed_sd, difference (of means, in observed standard deviations; 0 where they do not vary),
        low, high (of the imputed values), outside (imputed values outside the range, over all m tables).
    """

    table: pd.DataFrame

    def far(self) -> tuple[str, ...]:
        """Variables whose imputed mean lies `FAR` observed standard deviations or more from the observed one."""
        return tuple(self.table.loc[self.table["difference"].abs() >= FAR, "variable"])

    def sentence(self, language: str, labels: Mapping[str, str] | None = None) -> str:
        """Values outside the range, and where, by `labels` where given, imputed differ most from observed ones."""
        if self.table.empty:
            return say("missing.plausible.none", language)
        worst = self.table.iloc[int(self.table["difference"].abs().to_numpy().argmax())]
        name = (labels or {}).get(worst["variable"], worst["variable"])
        told = say("missing.plausible.difference", language, variable=name, difference=float(worst["difference"]))
        outside = int(self.table["outside"].sum())
        return f"{say('missing.plausible.' + ('outside' if outside else 'inside'), language, n=outside)} {told}"


def plausibility(imputed: Imputed, *, ranges: Mapping[str, tuple[float, float]] | None = None) -> Plausibility:
    """Hold imputed against observed values, and against what can be answered.

    A difference is not wrong by itself: where answers are missing at random given the others, imputed values may well be
    higher or lower than observed ones (van Buuren 2018, §6.6).

    Parameters
    ----------
    ranges : mapping of column to (lowest, highest), optional
        What can be answered; the range of the observed values where a column is not named.
    """
    names = [str(name) for name in imputed.frame.columns]
    rows = []
    for name, method in imputed.methods.items():
        at = names.index(name)
        known = imputed.frame.iloc[:, at].dropna().to_numpy(dtype=np.float64)
        filled = imputed.values[:, imputed.imputed[:, at], at]
        if not filled.size:
            continue
        low, high = (ranges or {}).get(name, (float(known.min()), float(known.max())))
        spread = float(known.std(ddof=1))
        rows.append(
            {
                "variable": name, "method": method, "observed": len(known), "imputed": filled.shape[1],
                "observed_mean": float(known.mean()), "imputed_mean": float(filled.mean()), "observed_sd": spread,
                "imputed_sd": float(np.sqrt(((filled - filled.mean()) ** 2).mean())),
                "difference": (float(filled.mean()) - float(known.mean())) / spread if spread > 0 else 0.0,
                "low": float(filled.min()), "high": float(filled.max()),
                "outside": int(((filled < low) | (filled > high)).sum()),
            }
        )  # fmt: skip
    columns = ["variable", "method", "observed", "imputed", "observed_mean", "imputed_mean", "observed_sd", "imputed_sd",
               "difference", "low", "high", "outside"]  # fmt: skip
    return Plausibility(pd.DataFrame(rows, columns=columns))
