"""The items that an analysis of scales is asked of: named columns, turned and held to their range."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clustergov.problems import InputError, Problem

if TYPE_CHECKING:
    import pandas as pd

    from clustergov.study.data import Data

MOST_TOLD = 5


def items_asked(data: Data, items: list[str], reverse: list[str], limits: str | None) -> pd.DataFrame:
    """The named columns as numbers, those of `reverse` turned as low + high − value.

    Raises
    ------
    InputError
        A column that is not there or holds no numbers; --reverse without --range, or of a column that is not among the
        items; a value outside the range.
    """
    values = data.numbers(items, option="--items")
    problems = [
        Problem("reverse", f"{name} is to be reversed and is not among --items.", "Correct --reverse.", file=data.file)
        for name in reverse
        if name not in items
    ]
    if reverse and limits is None:
        problems.append(
            Problem("range", "--reverse needs the lowest and the highest possible answer.", "Add --range, e.g. 1:6.",
                    file=data.file)
        )  # fmt: skip
    bounds = _bounds(limits, data.file) if limits is not None else None
    if bounds:
        problems += _outside(values, bounds, data.file)
    if problems:
        raise InputError(problems)
    if bounds:
        for name in reverse:
            values[name] = sum(bounds) - values[name]
    return values


def _bounds(limits: str, file: str) -> tuple[float, float]:
    low, colon, high = limits.partition(":")
    try:
        bounds = float(low), float(high)
    except ValueError:
        bounds = (1.0, 0.0)
    if not colon or not bounds[0] < bounds[1] or not abs(bounds[0]) + abs(bounds[1]) < float("inf"):
        message = f"expected the lowest and the highest answer with a colon between them, found “{limits}”."
        raise InputError(Problem("range", message, "Write --range 1:6, for instance.", file=file))
    return bounds


def _outside(values: pd.DataFrame, bounds: tuple[float, float], file: str) -> list[Problem]:
    problems = []
    for name in values:
        column = values[name]
        wrong = column[(column < bounds[0]) | (column > bounds[1])]
        if len(wrong):
            told = ", ".join(f"{value:g} (row {row})" for row, value in wrong.iloc[:MOST_TOLD].items())
            more = ", …" if len(wrong) > MOST_TOLD else ""
            message = f"expected answers from {bounds[0]:g} to {bounds[1]:g} in {name}, found {told}{more}."
            problems.append(
                Problem("range", message, "Correct --range, or these cells; an answer such as 9 for “don't know” is left empty.",
                        file=file, place="--range")
            )  # fmt: skip
    return problems
