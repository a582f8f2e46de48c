"""Scale scores: the mean, or the prorated sum, of the valid items of a construct."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from clustergov.instruments.questionnaire import Construct, Questionnaire
from clustergov.instruments.rules.constructs import item_range
from clustergov.problems import InputError, Problem

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

ROWS_NAMED = 5
"""How many rows a message about wrong values names."""


def score(construct: Construct, questionnaire: Questionnaire, values: Mapping[str, Any]) -> NDArray[np.float64]:
    """The construct's score of every respondent.

    Parameters
    ----------
    construct : Construct
        Its items; which of them are turned within their range (lowest + highest − value); how many have to be valid.
    questionnaire : Questionnaire
        Tells each item's range.
    values : mapping of str to array of shape (n,)
        Per item its numbers, NaN where blank: for a choice the position in the scale, 1 for the least.

    Returns
    -------
    ndarray, shape (n,)
        A mean in the unit of the items; where the construct's score is a sum, that mean times the number of items. NaN
        where fewer than `minimum_valid` items are valid.

    Raises
    ------
    InputError
        There are no items; or an item is not given, has no range, differs in length, or holds values outside its range:
        every such item.
    """
    import numpy as np

    columns = {name: np.asarray(values[name], dtype=float) for name in construct.items if name in values}
    problems = [problem for name in construct.items for problem in _problems(name, columns, questionnaire)]
    if not construct.items:
        problems = [
            Problem("missing-items", "expected items, found none.", "Name its variables.", place=construct.code)
        ]
    if problems:
        raise InputError(problems, summary=f"The score “{construct.code}” cannot be computed:")
    turned = [
        _turn(columns[name], questionnaire, name) if name in construct.reversed else columns[name]
        for name in construct.items
    ]
    table = np.column_stack(turned)
    valid = np.isfinite(table)
    count = valid.sum(axis=1)
    total = np.where(valid, table, 0.0).sum(axis=1)
    times = len(construct.items) if construct.score == "sum" else 1
    return np.where(count >= construct.minimum_valid, total * times / np.maximum(count, 1), np.nan)


def _turn(column: NDArray[np.float64], questionnaire: Questionnaire, name: str) -> NDArray[np.float64]:
    limits = item_range(questionnaire.by_name[name])
    return column if limits is None else sum(limits) - column


def _problems(name: str, columns: Mapping[str, NDArray[np.float64]], questionnaire: Questionnaire) -> list[Problem]:
    import numpy as np

    variable = questionnaire.by_name.get(name)
    if variable is None or name not in columns:
        return [Problem("missing-item", "expected values of this item, found none.", "Give its column.", place=name)]
    limits = item_range(variable)
    if limits is None:
        fix = "Only ticks, ordered choices and numbers with both limits can be scored."
        return [Problem("item-without-range", "this item has no numbers within limits.", fix, place=name)]
    column = columns[name]
    length = len(next(iter(columns.values())))
    if column.ndim != 1 or len(column) != length:
        message = f"expected {length} values, found an array of shape {column.shape}."
        return [Problem("item-length", message, "Give one value per respondent.", place=name)]
    low, high = limits
    outside = np.flatnonzero(~np.isnan(column) & ~((column >= low) & (column <= high)))
    if not outside.size:
        return []
    shown = ", ".join(f"{column[row]:g} in row {row + 1}" for row in outside[:ROWS_NAMED])
    more = f" and {outside.size - ROWS_NAMED} more" if outside.size > ROWS_NAMED else ""
    message = f"expected values from {low:g} to {high:g}, found {shown}{more}."
    return [Problem("out-of-range", message, "Correct them, or leave the cells blank.", place=name)]
