"""Where rows go: how many an analysis of complete rows keeps, and by which variable the others are lost."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from clustergov.language import say


@dataclass(frozen=True, slots=True)
class Flow:
    """Rows on their way to a complete-case analysis.

    Attributes
    ----------
    started : int
    variables : tuple of str
        In the order in which they are asked for.
    missing : tuple of int
        Rows without a value, per variable.
    lost : tuple of int
        Rows whose first missing value is this variable's.
    alone : tuple of int
        Rows that miss this variable and nothing else: what is gained by leaving it out.
    """

    started: int
    variables: tuple[str, ...]
    missing: tuple[int, ...]
    lost: tuple[int, ...]
    alone: tuple[int, ...]

    @property
    def used(self) -> int:
        return self.started - sum(self.lost)

    def frame(self) -> pd.DataFrame:
        """One row per step: step (started, lost, used), variable, missing, lost, alone, n."""
        left = self.started - np.cumsum(self.lost)
        rows = [("started", "", 0, 0, 0, self.started)]
        rows += [("lost", *row) for row in zip(self.variables, self.missing, self.lost, self.alone, map(int, left), strict=True)]  # fmt: skip
        rows.append(("used", "", 0, 0, 0, self.used))
        return pd.DataFrame(rows, columns=["step", "variable", "missing", "lost", "alone", "n"])

    def sentence(self, language: str) -> str:
        """Rows used of rows started, and the variable by which most are lost."""
        told = say("missing.flow", language, started=self.started, used=self.used, lost=self.started - self.used)
        if not any(self.lost):
            return told
        at = int(np.argmax(self.missing))
        return f"{told} {say('missing.most', language, variable=self.variables[at], missing=self.missing[at])}"


def complete_case_flow(frame: pd.DataFrame) -> Flow:
    """The flow of rows through the columns, from left to right."""
    blank = frame.isna().to_numpy()
    names = tuple(map(str, frame.columns))
    whole = ~blank.any(axis=1)
    first = blank.argmax(axis=1) if blank.size else np.zeros(len(frame), dtype=int)
    lost = np.bincount(first[~whole], minlength=len(names))
    alone = blank[blank.sum(axis=1) == 1].sum(axis=0)
    return Flow(len(frame), names, *(tuple(map(int, counts)) for counts in (blank.sum(axis=0), lost, alone)))


def patterns(frame: pd.DataFrame) -> pd.DataFrame:
    """Which columns are missing together (``md.pattern`` of mice).

    One row per pattern, the most frequent first: per column whether it is observed, then `rows` and `missing`, the number
    of columns without a value.
    """
    there = frame.notna()
    counts = there.value_counts(sort=True).rename("rows").reset_index()
    counts["missing"] = (~counts[list(frame.columns)]).sum(axis=1)
    return counts.sort_values(["rows", "missing"], ascending=[False, True], kind="stable", ignore_index=True)
