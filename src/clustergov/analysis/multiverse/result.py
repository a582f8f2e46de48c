"""What a multiverse shows: the estimate of every universe, the curves they make, and what is said of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from clustergov.analysis.multiverse.curve import Curve
from clustergov.analysis.multiverse.declaration import MultiverseSpecification
from clustergov.analysis.multiverse.telling import summary

Array = NDArray[np.float64]
Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Multiverse:
    """A declaration, and what came of it; arrays have one place per universe, in the order of the full factorial.

    Attributes
    ----------
    specification : MultiverseSpecification
    options : array of int, shape (m, forks)
    estimate, error, df, low, high, p : array, shape (m,)
        Of the focal predictor; NaN where there is none. Intervals at the declared level.
    n, parameters : array of int, shape (m,)
    unit, refusal : array of str, shape (m,)
        Of the estimate; and why there is none, "" where there is one.
    same : array of int, shape (m,)
        The universe that stands for this one; itself in most cases, −1 without an estimate.
    wrong : array of bool, shape (m,)
        Has an option that is wrong in hindsight.
    region : array of str, shape (m,)
        Where the interval lies; "" without one.
    preregistered : int
        The place of the preregistered universe.
    curves : tuple of Curve
        The preregistered universe's first.
    started : int
        Respondents, used or not.
    synthetic : bool
    seed : int
        Of the permutations.
    """

    specification: MultiverseSpecification
    options: Places
    estimate: Array
    error: Array
    df: Array
    low: Array
    high: Array
    p: Array
    n: Places
    parameters: Places
    unit: NDArray[np.str_]
    refusal: NDArray[np.str_]
    same: Places
    wrong: NDArray[np.bool_]
    region: NDArray[np.str_]
    preregistered: int
    curves: tuple[Curve, ...]
    started: int
    synthetic: bool
    seed: int

    @property
    def duplicates(self) -> int:
        """Universes that say what another one says."""
        return int(((self.same >= 0) & (self.same != np.arange(len(self.same)))).sum())

    def frame(self) -> pd.DataFrame:
        """One row per universe: universe, one column per fork (the option's code), unit, estimate, standard_error, df,
        low, high, p, n, parameters, region, same_as, wrong_in_hindsight, preregistered, refusal."""
        forks = self.specification.forks
        choices = {
            fork.code: np.array([option.code for option in fork.options])[self.options[:, place]]
            for place, fork in enumerate(forks)
        }
        return pd.DataFrame(
            {
                "universe": np.arange(len(self.n)), **choices, "unit": self.unit, "estimate": self.estimate,
                "standard_error": self.error, "df": self.df, "low": self.low, "high": self.high, "p": self.p,
                "n": self.n, "parameters": self.parameters, "region": self.region, "same_as": self.same,
                "wrong_in_hindsight": self.wrong, "preregistered": np.arange(len(self.n)) == self.preregistered,
                "refusal": self.refusal,
            }
        )  # fmt: skip

    def influence(self) -> pd.DataFrame:
        """One row per curve and fork: unit, fork, class, alone, whole; shares of the variance of the estimates."""
        return pd.DataFrame(
            [
                {"unit": curve.unit, "fork": fork.code, "class": fork.standing, "alone": curve.alone[fork.code],
                 "whole": curve.whole[fork.code]}
                for curve in self.curves for fork in self.specification.forks if fork.code in curve.whole
            ],
            columns=["unit", "fork", "class", "alone", "whole"],
        )  # fmt: skip

    def refusals(self) -> dict[str, int]:
        """Universes without an estimate, by reason."""
        reasons, counts = np.unique(self.refusal[self.refusal != ""], return_counts=True)
        return {str(reason): int(count) for reason, count in zip(reasons, counts, strict=True)}

    def sentence(self, language: str) -> str:
        """The multiverse in words: universes, curve, preregistered universe, joint test, forks, and what is left out."""
        return " ".join(summary(self, language))
