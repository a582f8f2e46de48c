"""A table of cases out of a file: one row per case, numbers as numbers, the cases by name."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from clustergov.problems import InputError, Problem

if TYPE_CHECKING:
    import pandas as pd


def read_cases(data: Path, case_column: str | None, used: Sequence[str]) -> pd.DataFrame:
    """Read a table; its index names the cases.

    Parameters
    ----------
    case_column : str or None
        The column with the names. None: the first column when it is none of `used` and holds words, else the row as a
        spreadsheet shows it.
    used : sequence of str
        Conditions and outcome.

    Raises
    ------
    InputError
        The file is no table, has no rows, or lacks the column; two cases have one name, or none.
    """
    from clustergov.study.data import read_data
    from clustergov.survey.table import read_table

    table = read_data(data).table
    if case_column is None:
        first = table.columns[0] if len(table.columns) else None
        if first is None or first in used or table[first].dtype.kind == "f":
            return table.rename(index=lambda row: f"row {row}")
        case_column = str(first)
    if case_column not in table:
        raise InputError(Problem("qca-case-column", f"expected a column {case_column}, found "
                                 f"{', '.join(map(str, table.columns))}.", "Correct --case-column.", file=str(data)))  # fmt: skip
    names = read_table(data).rows[case_column].str.strip()  # as written: NA may be Namibia
    blank = [str(row) for row, name in names.items() if name != name or not name]
    if blank:
        raise InputError(Problem("qca-case-name", f"expected a name for every case, found none in row "
                                 f"{', '.join(blank[:8])}.", f"Fill in {case_column}.", file=str(data)))  # fmt: skip
    return table.set_index(names.loc[table.index])
