"""What inference says of each coefficient: estimate, standard error, degrees of freedom, p, interval, method and reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import pandas as pd

from clustergov.analysis.inference.reason import Reason, together
from clustergov.analysis.inference.regressors import Array
from clustergov.analysis.interval import Interval
from clustergov.analysis.models.design import enumeration
from clustergov.language import LANGUAGES, Text, both, say

Method = Literal["HC3", "HC2", "CR2", "CR3", "wild bootstrap", "permutation", "exact", "none"]
"""HC3, HC2: heteroskedasticity; CR2, CR3: by group; all four with t. “none”: no method keeps its level here, so there is an
estimate and no test."""


@dataclass(frozen=True, slots=True, eq=False)
class Inference:
    """Coefficients of one linear model, each by the method that its design allows.

    Attributes
    ----------
    outcome : str
    unit : Text or str
        Unit of the outcome, for the sentence; may be empty.
    terms : tuple of str, length k
        Predictors; the constant stands apart.
    estimates : array, shape (k,)
        Least squares, in units of the outcome per unit of the term.
    standard_errors, df, p, low, high : array, shape (k,)
        NaN where the method is "none"; `df` is NaN too where no t distribution is used, `standard_errors` never is then.
    methods : tuple of Method, length k
    reasons : tuple of Reason, length k
        Why that method; `text` is a sentence.
    constant : float
    n, lost : int
        Rows used; rows left out because a value is missing.
    lost_groups : int
        Of the lost, those without a group label.
    groups : int
        0 when rows are taken as independent.
    level : float
    seed : int
        Of bootstrap and permutation.
    cautions : tuple of Text
    """

    outcome: str
    unit: Text | str
    terms: tuple[str, ...]
    estimates: Array
    standard_errors: Array
    df: Array
    p: Array
    low: Array
    high: Array
    methods: tuple[Method, ...]
    reasons: tuple[Reason, ...]
    constant: float
    n: int
    lost: int
    lost_groups: int
    groups: int
    level: float
    seed: int
    cautions: tuple[Text, ...] = ()

    @property
    def method(self) -> Method | Literal["mixed"]:
        """The method of every term, or "mixed"."""
        return self.methods[0] if len(set(self.methods)) == 1 else "mixed"

    @property
    def untested(self) -> tuple[str, ...]:
        """Terms for which no method keeps its promise."""
        return tuple(term for term, method in zip(self.terms, self.methods, strict=True) if method == "none")

    @property
    def reason(self) -> Text:
        """What stands under the table: one sentence per method and reason, with the terms it is about where they differ."""
        kinds: dict[str, list[int]] = {}
        for at, reason in enumerate(self.reasons):
            kinds.setdefault(reason.key, []).append(at)
        sentences = [together([self.reasons[at] for at in places]) for places in kinds.values()]
        if len(kinds) == 1:
            return sentences[0]
        named = [enumeration(tuple(self.terms[at] for at in places)) for places in kinds.values()]
        return Text({language: " ".join(
            say("inference.for terms", language, terms=terms, reason=sentence)
            for terms, sentence in zip(named, sentences, strict=True)
        ) for language in LANGUAGES})  # fmt: skip

    def interval(self, term: str) -> Interval | None:
        """The interval of one coefficient, None where nothing is tested."""
        at = self.terms.index(term)
        if self.methods[at] == "none":
            return None
        return Interval(float(self.low[at]), float(self.high[at]), self.level)

    def frame(self) -> pd.DataFrame:
        """One row per term: term, estimate, standard_error, df, low, high, level, p, method, n, groups."""
        return pd.DataFrame(
            {
                "term": self.terms, "estimate": self.estimates, "standard_error": self.standard_errors, "df": self.df,
                "low": self.low, "high": self.high, "level": self.level, "p": self.p, "method": self.methods,
                "n": self.n, "groups": self.groups,
            }
        )  # fmt: skip

    def sentence(self, language: str) -> str:
        """n, groups, every estimate with unit and interval, the method and its reason."""
        head = "inference.grouped" if self.groups else "inference.independent"
        said = [say(head, language, n=self.n, lost=self.lost, groups=self.groups)]
        for at, term in enumerate(self.terms):
            key = "untested" if self.methods[at] == "none" else "estimate"
            unit = self.unit.to(language) if isinstance(self.unit, Text) else self.unit
            said.append(
                say(f"inference.{key}", language, term=term, estimate=float(self.estimates[at]),
                    unit=f" {unit}" if unit else "", level=self.level, low=float(self.low[at]),
                    high=float(self.high[at]), p=float(self.p[at]), method=both(f"inference.method.{self.methods[at]}"))
            )  # fmt: skip
        return " ".join([*said, self.reason.to(language), *(caution.to(language) for caution in self.cautions)])
