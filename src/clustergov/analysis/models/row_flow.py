"""Where rows are lost on the way into a model, and which rows stand twice."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from clustergov.language import Text, both, say

MOST_TOLD = 5
"""Rows that a caution names."""


@dataclass(frozen=True, slots=True)
class RowFlow:
    """How many rows a model uses.

    Attributes
    ----------
    rows : int
        Rows of the table.
    missing : tuple of (str, int)
        Rows without a value, per column.
    lost : tuple of (str, int)
        Rows that drop out at this column and not before, in the order of the columns.
    used : int
    """

    rows: int
    missing: tuple[tuple[str, int], ...]
    lost: tuple[tuple[str, int], ...]
    used: int

    def frame(self) -> pd.DataFrame:
        """Columns step ("rows", "lost" or "used"), column, missing, lost, n (what remains)."""
        n, table = self.rows, [("rows", "", 0, 0, self.rows)]
        for (name, missing), (_, lost) in zip(self.missing, self.lost, strict=True):
            n -= lost
            table.append(("lost", name, missing, lost, n))
        table.append(("used", "", 0, 0, self.used))
        return pd.DataFrame(table, columns=["step", "column", "missing", "lost", "n"])

    def sentence(self, language: str) -> str:
        """Rows, how many each column lost, and rows used."""
        parts = ", ".join(f"{name} {lost}" for name, lost in self.lost if lost)
        key = "lost" if parts else "none"
        return say(f"models.flow.{key}", language, rows=self.rows, parts=parts, used=self.used)


def row_flow(columns: pd.DataFrame) -> RowFlow:
    """Follow the rows through the columns of a model, in their order."""
    blank = columns.isna()
    whole = ~blank.any(axis=1)
    first = np.where(whole, "", np.asarray(blank.columns, dtype=object)[blank.to_numpy().argmax(axis=1)])
    return RowFlow(
        len(columns), tuple((str(name), int(blank[name].sum())) for name in blank),
        tuple((str(name), int((first == name).sum())) for name in blank), int(whole.sum()),
    )  # fmt: skip


def duplicated_rows(table: pd.DataFrame) -> Text | None:
    """A caution that names rows which hold the same in every column, if there are any."""
    answered = table[table.notna().any(axis=1)]
    twice = answered[answered.duplicated(keep=False)]
    if twice.empty:
        return None
    groups = [list(map(str, rows.index)) for _, rows in twice.groupby(list(table.columns), dropna=False, sort=False)]
    told = "; ".join(", ".join(rows[:MOST_TOLD]) for rows in groups[:MOST_TOLD])
    return both("models.caution.duplicated", rows=len(twice), groups=len(groups),
                told=told + ("; …" if len(groups) > MOST_TOLD else ""))  # fmt: skip
