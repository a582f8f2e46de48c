"""Margins to rake to: for each variable how many of the population are in each category, from the frame or a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from clustergov.problems import InputError, Problem
from clustergov.survey.frame.frame import SamplingFrame
from clustergov.survey.table import read_table

SAME_TOTAL = 1e-6
"""Relative difference by which the totals of margins may differ."""


@dataclass(frozen=True)
class Margins:
    """Targets of raking.

    Attributes
    ----------
    targets : mapping of str to Series of float
        Per variable and category: members of the population. All series have the same total.
    source : str
        The file they come from.
    """

    targets: Mapping[str, pd.Series[float]]
    source: str

    @property
    def total(self) -> float:
        return float(next(iter(self.targets.values())).sum())


def margins_of(frame: SamplingFrame, variables: Sequence[str]) -> Margins:
    """The counts of the frame's eligible members.

    Raises
    ------
    InputError
        The frame has no such column.
    """
    found, problems = dict[str, "pd.Series[float]"](), list[Problem]()
    for name in variables:
        try:
            found[name] = frame.categories(name).value_counts().sort_index().astype(float)
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return Margins(found, frame.file)


def read_margins(path: Path | str, *, population: int) -> Margins:
    """Read targets: a table with the columns variable, category and count or share.

    Shares of a variable must add up to 1 or 100 and are multiplied by `population`; counts of all variables must add up
    to one total.

    Raises
    ------
    InputError
        With every mistake.
    """
    path = Path(path)
    table = read_table(path)
    names = {header.casefold(): place for place, header in enumerate(table.headers)}
    figure = next((name for name in ("count", "share", "aantal", "aandeel") if name in names), "")
    missing = [name for name in ("variable", "category") if name not in names] + ([] if figure else ["count"])
    if missing:
        raise InputError(
            Problem("missing-column", f"expected the columns variable, category and count (or share), found no {', '.join(missing)}.",
                    "Name them so in the first row.", file=str(path), place="headings")
        )  # fmt: skip
    cells = table.rows.iloc[:, [names["variable"], names["category"], names[figure]]].fillna("").map(str.strip)
    cells.columns = pd.Index(["variable", "category", "figure"])
    comma = table.decimal == "," or table.delimiter == ";"
    cells["number"] = pd.to_numeric(
        cells["figure"].str.replace(",", ".") if comma else cells["figure"], errors="coerce"
    )
    shares = figure in ("share", "aandeel")
    problems = [*_problems(cells, path), *(() if cells["number"].isna().any() else _totals(cells, path, shares=shares))]
    if problems:
        raise InputError(problems)
    targets = {}
    for name, rows in cells.groupby("variable", sort=False):
        margin = rows.set_index("category")["number"].astype(float)
        targets[str(name)] = margin / margin.sum() * population if shares else margin
    return Margins(targets, path.name)


def _problems(cells: pd.DataFrame, path: Path) -> Iterator[Problem]:
    twice = cells.duplicated(["variable", "category"])
    for row in cells.index:
        place = f"row {row}"
        number, written = float(cells.loc[row, "number"]), str(cells.loc[row, "figure"])
        if not np.isfinite(number) or number <= 0:
            yield Problem("target", f"expected a number above 0, found “{written[:40]}”.",
                          "Leave out or merge categories that the population does not have.", file=str(path), place=place)  # fmt: skip
        if twice[row]:
            yield Problem("duplicate", "expected every category of a variable once.", "Keep one row.",
                          file=str(path), place=place)  # fmt: skip


def _totals(cells: pd.DataFrame, path: Path, *, shares: bool) -> Iterator[Problem]:
    sums = cells.groupby("variable", sort=False)["number"].sum()
    if shares:
        for name, total in sums.items():
            # Published shares are rounded: half a percentage point is no mistake.
            if abs(total - 1) > 0.005 and abs(total - 100) > 0.5:
                yield Problem("target-total", f"expected the shares of {name} to add up to 1 (or 100), found {total:g}.",
                              "Complete or correct them.", file=str(path), place=str(name))  # fmt: skip
    elif float(sums.max() - sums.min()) > SAME_TOTAL * float(sums.max()):
        told = ", ".join(f"{name} {total:g}" for name, total in sums.items())
        yield Problem("target-total", f"expected one total for all variables, found {told}: no weights can meet both.",
                      "Correct the counts, or give shares.", file=str(path))  # fmt: skip
