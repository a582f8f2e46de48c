"""One coefficient of agreement with its interval, or the reason why there is none."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from clustergov.language import say


@dataclass(frozen=True, slots=True)
class Coefficient:
    """A coefficient of agreement.

    Attributes
    ----------
    name : str
        percent, alpha, cohen, conger, fleiss, scott, ac or brennan-prediger.
    weights : str
        How near categories are; for alpha its scale: nominal, ordinal, interval or ratio.
    value : float or None
        None: not defined; `reason` says why. It is never written as 0 or 1.
    se : float or None
        Standard error over samples of units.
    low, high : float or None
        Ends of the interval.
    level : float
        Of the interval.
    distribution : str
        What the interval rests on, such as ``t`` or ``bootstrap``.
    df : int
        Degrees of freedom of t and of chi-square; number of samples of a bootstrap.
    observed, expected : float or None
        Agreement found, and expected by the coefficient's idea of chance; NaN-free.
    units, pairable, coders : int
        Units rated by anybody, by at least two coders, and coders.
    reason : str
        Empty, or why value or interval is missing.
    """

    name: str
    weights: str
    value: float | None
    se: float | None = None
    low: float | None = None
    high: float | None = None
    level: float = 0.95
    distribution: str = ""
    df: int = 0
    observed: float | None = None
    expected: float | None = None
    units: int = 0
    pairable: int = 0
    coders: int = 0
    reason: str = ""

    @property
    def title(self) -> str:
        """Its key in the catalogue; AC1 is called AC2 as soon as categories have distances."""
        return "ac2" if self.name == "ac" and self.weights != "identity" else self.name

    def label(self, language: str) -> str:
        return say(f"agreement.coefficient.{self.title}", language)

    def basis(self, language: str) -> str:
        """What the interval rests on, as a reader sees it."""
        return say(f"agreement.distribution.{self.distribution}", language, df=self.df) if self.distribution else ""

    def text(self, language: str) -> str:
        """Value and interval, or the reason why there is none."""
        if self.value is None:
            return say(f"agreement.reason.{self.reason}", language)
        if self.low is None or self.high is None:
            why = say(f"agreement.reason.{self.reason}", language)
            return say("agreement.value_only", language, value=self.value, why=why)
        return say("agreement.value", language, value=self.value, low=self.low, high=self.high)

    def sentence(self, language: str) -> str:
        """Name, n, estimate, interval and what it rests on."""
        counts = {"n": self.pairable, "coders": self.coders}
        if self.value is None or self.low is None:
            return say(
                "agreement.sentence_short", language, name=self.label(language), text=self.text(language), **counts
            )
        return say(
            "agreement.sentence", language, name=self.label(language), value=self.value, low=self.low, high=self.high,
            level=self.level, basis=self.basis(language), **counts,
        )  # fmt: skip


def frame(coefficients: tuple[Coefficient, ...]) -> pd.DataFrame:
    """One row per coefficient, in full precision."""
    names = list(Coefficient.__dataclass_fields__)
    return pd.DataFrame([[getattr(found, name) for name in names] for found in coefficients], columns=names)
