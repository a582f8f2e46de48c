"""What a recheck of published figures comes to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import pandas as pd

from clustergov.language import LANGUAGES, Text, both, number, say

Finding = Literal["consistent", "inconsistent", "not checkable"]
"""consistent: some numbers that round to the figures fit together; more is not said. inconsistent: none do.
not checkable: what would be needed is not published."""


@dataclass(frozen=True, slots=True)
class Recheck:
    """Whether published figures can stand together.

    Attributes
    ----------
    statistic : str
        tau, r, t, F, chi2, z, mean, sd, percentage, odds ratio, shares.
    figures : str
        As published.
    finding : Finding
    low, high : float
        The range of the recomputed quantity over everything that rounding (and an unknown n) leaves open; NaN: none.
    quantity : str
        What was recomputed: p, n, mean, sd, percentage, sum.
    least, most : int or None
        For a correlation: the smallest n at which the figures are possible under the assumption that needs the fewest,
        and from which on they hold under every assumption.
    reason : Text
    """

    statistic: str
    figures: str
    finding: Finding
    low: float
    high: float
    quantity: str
    reason: Text
    least: int | None = None
    most: int | None = None

    def frame(self) -> pd.DataFrame:
        """One row: statistic, figures, finding, quantity, low, high, least, most."""
        cells = (self.statistic, self.figures, self.finding, self.quantity, self.low, self.high, self.least, self.most)
        return pd.DataFrame(
            [cells], columns=["statistic", "figures", "finding", "quantity", "low", "high", "least", "most"]
        )

    def sentence(self, language: str) -> str:
        return say("recheck.sentence", language, figures=self.figures, reason=self.reason,
                   finding=say(f"recheck.finding.{self.finding}", language))  # fmt: skip


def found(
    statistic: str, figures: str, fits: bool, low: float, high: float, quantity: str, key: str, /, **values: object
) -> Recheck:
    """A finding with the sentence ``recheck.<key>`` as its reason."""
    finding: Finding = "consistent" if fits else "inconsistent"
    ends = (_p_text(low), _p_text(high)) if quantity == "p" else (low, high)
    reason = both(f"recheck.{key}", low=ends[0], high=ends[1], **values)
    return Recheck(statistic, figures, finding, float(low), float(high), quantity, reason)


def not_checkable(statistic: str, figures: str, key: str, /, **values: object) -> Recheck:
    """What cannot be checked, and why."""
    return Recheck(
        statistic, figures, "not checkable", float("nan"), float("nan"), "", both(f"recheck.why.{key}", **values)
    )


def _p_text(value: float) -> Text:
    """A p-value as an end of a range: four decimals, and never a bare zero."""
    if value < 0.00005:
        return Text({language: "< " + number(0.0001, language, 4) for language in LANGUAGES})
    return Text({language: number(value, language, 4) for language in LANGUAGES})
