"""Completed tables, and how the chains got there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from clustergov.analysis.missing.variables import Event
from clustergov.language import say

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Imputed:
    """A table completed m times.

    Attributes
    ----------
    frame : DataFrame, shape (n, p)
        As it was.
    values : array, shape (m, n, p)
        Missing cells filled, except those of constant columns and those that were to stay blank.
    imputed : array of bool, shape (n, p)
        Cells that were filled.
    methods : mapping of column to method
        Of the columns with something filled, in the order in which they were visited.
    predictors : DataFrame of bool
        Row: what was imputed; column: from what, at the end.
    chain_means, chain_deviations : array, shape (iterations, m, p)
        Mean and standard deviation of the filled cells after each iteration; NaN for columns with none (or one cell).
    events : tuple of Event
        What was left out or done otherwise, by name.
    seed : int
    """

    frame: pd.DataFrame
    values: Array
    imputed: NDArray[np.bool_]
    methods: dict[str, str]
    predictors: pd.DataFrame
    chain_means: Array
    chain_deviations: Array
    events: tuple[Event, ...]
    seed: int

    @property
    def m(self) -> int:
        return len(self.values)

    @property
    def iterations(self) -> int:
        return len(self.chain_means)

    def frames(self) -> Iterator[pd.DataFrame]:
        """The m completed tables, one after the other."""
        for values in self.values:
            yield pd.DataFrame(values.copy(), index=self.frame.index, columns=self.frame.columns)

    def long(self) -> pd.DataFrame:
        """All of them under each other, with the columns imputation (1 … m) and row before theirs."""
        tables = [
            frame.assign(imputation=at, row=frame.index).reset_index(drop=True)
            for at, frame in enumerate(self.frames(), start=1)
        ]
        return pd.concat(tables, ignore_index=True)[["imputation", "row", *self.frame.columns]]

    def counts(self) -> pd.DataFrame:
        """One row per column: variable, method, observed, imputed, blank (missing and not filled), predictors."""
        missing = self.frame.isna().to_numpy()
        names = [str(name) for name in self.frame.columns]
        return pd.DataFrame(
            {
                "variable": names,
                "method": [self.methods.get(name, "") for name in names],
                "observed": (~missing).sum(axis=0),
                "imputed": self.imputed.sum(axis=0),
                "blank": (missing & ~self.imputed).sum(axis=0),
                "predictors": [
                    int(self.predictors.loc[name].to_numpy().sum()) if name in self.methods else 0 for name in names
                ],
            }
        )

    def sentence(self, language: str) -> str:
        """How many cells of how many rows were filled, how often and how, and what was left out."""
        rows = int(self.imputed.any(axis=1).sum())
        used = ", ".join(dict.fromkeys(self.methods.values())) or "–"
        told = say("missing.imputed", language, cells=int(self.imputed.sum()), rows=rows, n=len(self.frame), m=self.m,
                   iterations=self.iterations, methods=used, columns=len(self.methods), seed=str(self.seed))  # fmt: skip
        return " ".join([told, *(event.text.to(language) for event in self.events)])
