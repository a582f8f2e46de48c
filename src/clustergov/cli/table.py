"""Tables: shown on the terminal, and the files that they may be written to."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from clustergov.problems import InputError, Problem


def refuse_unwritable(out: Path) -> None:
    if out.suffix.casefold() != ".csv" or not out.parent.is_dir() or out.is_dir():
        raise InputError(
            Problem(
                "out", "expected a file name ending in .csv in a folder that exists.", "Correct --out.", file=str(out)
            )
        )


def print_table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for place, heading in enumerate(headings):
        number = place > 0 and all(row[place].isdigit() for row in rows)
        table.add_column(heading, justify="right" if number else "left", overflow="fold")
    for row in rows:
        table.add_row(*row)
    Console(width=None if sys.stdout.isatty() else 140, markup=False, highlight=False).print(table)
