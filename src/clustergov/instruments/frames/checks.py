"""What a frame of answers is checked for, with pandas and pandera alone.

The text of this module opens every schema that `frames.schema.to_pandera` writes, so it imports nothing of this package,
and it is imported where a schema is built only: pandera takes a second or two.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

import pandas as pd
import pandera.pandas as pa

Frame = pd.DataFrame
Cells = pd.Series
Number = pd.Series | float
Holds = Callable[[Frame], Cells]

TOTAL_TOLERANCE = 0.005
"""How far a sum may be from its total, as a part of it: 99.5 to 100.5 for shares."""
DECIMALS = 6
"""To how many decimals two computed numbers are compared."""
SIGNS: dict[str, Callable[[Any, Any], Cells]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def choice(codes: Sequence[str]) -> Any:
    """A column of codes; options that are no substantive answer are among them."""
    return pa.Column("str", pa.Check.isin(list(codes), error="unknown-code"), nullable=True)


def number(minimum: float | None = None, maximum: float | None = None, *, whole: bool = False) -> Any:
    """A column of numbers."""
    checks = []
    if minimum is not None:
        checks.append(pa.Check.ge(minimum, error=f"out-of-range: at least {minimum:g}"))
    if maximum is not None:
        checks.append(pa.Check.le(maximum, error=f"out-of-range: at most {maximum:g}"))
    if whole:
        checks.append(pa.Check(lambda cells: cells % 1 == 0, error="not-integer"))
    return pa.Column("float64", checks, nullable=True)


def date() -> Any:
    """A column of dates as ISO 8601 writes them."""
    return pa.Column("str", pa.Check(lambda cells: cells.map(is_date), error="not-a-date"), nullable=True)


def text() -> Any:
    return pa.Column("str", nullable=True)


def is_date(cell: str) -> bool:
    try:
        datetime.fromisoformat(cell)
    except ValueError:
        return False
    return True


def asked(name: str, holds: Holds, when: str, blank: Sequence[str] = (), *, tick: bool = False) -> Any:
    """No answer where the question was not asked; a box left unticked is none."""
    no_answer = [*blank, "N"] if tick else list(blank)

    def check(frame: Frame) -> Cells:
        return substantive(frame[name], no_answer).isna() | holds(frame)

    return _of_rows(check, "answered-but-not-asked", f"{name} is asked only when {when}")


def total(question: str, names: Sequence[str], wanted: float) -> Any:
    """Numbers that add up, where all of them are there."""

    def check(frame: Frame) -> Cells:
        cells = frame[list(names)]
        # The small addition keeps 99.5 on the right side of a comparison of binary fractions.
        away = (cells.sum(axis=1).round(9) - wanted).abs()
        return cells.isna().any(axis=1) | (away <= TOTAL_TOLERANCE * abs(wanted) + 1e-9)

    return _of_rows(check, "total", f"{question} adds up to {wanted:g}")


def constraint(question: str, holds: Holds, wanted: str) -> Any:
    """What has to hold among several answers."""
    return _of_rows(holds, "constraint", f"{question}: {wanted}")


def schema(columns: dict[str, Any], checks: Sequence[Any]) -> Any:
    """These columns in this order and no others; respondents by an id that is unique."""
    return pa.DataFrameSchema(
        columns, checks=list(checks), index=pa.Index("str", unique=True), strict=True, ordered=True
    )  # fmt: skip


def _of_rows(holds: Holds, name: str, error: str) -> Any:
    # A row with a blank somewhere, as nearly every row has, is checked all the same.
    return pa.Check(holds, error=f"{name}: {error}", ignore_na=False)


def substantive(cells: Cells, blank: Sequence[str]) -> Cells:
    """The cells without options that are no answer."""
    return cells.mask(cells.isin([*blank, ""]))


def answered(cells: Cells) -> Cells:
    return cells.notna()


def compare(cells: Cells, sign: str, wanted: str | float) -> Cells:
    """Whether cells hold a code, or relate to a number; never where they are blank."""
    if isinstance(wanted, str):
        return cells.notna() & SIGNS[sign](written(cells), wanted)
    numbers = pd.to_numeric(cells, errors="coerce")
    no_number = numbers.isna() if sign == "!=" else False
    return cells.notna() & (SIGNS[sign](numbers, wanted) | no_number)


def relate(left: Number, sign: str, right: Number) -> Cells:
    """Whether one number relates to another; never where one of them is missing."""
    difference = pd.Series(left - right).round(DECIMALS)
    return difference.notna() & SIGNS[sign](difference, 0.0)


def value(cells: Cells) -> Cells:
    """The numbers that cells hold, or that their codes are."""
    return pd.to_numeric(cells, errors="coerce").astype("float64")


def add(*columns: Cells) -> Cells:
    """A sum in which a blank counts as nothing."""
    return pd.concat([value(cells).fillna(0.0) for cells in columns], axis=1).sum(axis=1)


def count(columns: Sequence[Cells], code: str | None = None) -> Cells:
    """How many are answered, or hold a code."""
    found = [cells.notna() if code is None else cells.notna() & (written(cells) == code) for cells in columns]
    return pd.concat(found, axis=1).sum(axis=1).astype("float64")


def ratio(left: Number, right: Number) -> Number:
    """A quotient; none on division by 0."""
    if isinstance(right, pd.Series):
        return left / right.mask(right == 0)
    return left / right if right else left * float("nan")


def written(cells: Cells) -> Cells:
    """Cells as text; a number as its code would be written: 3, not 3.0."""
    if not pd.api.types.is_numeric_dtype(cells):
        return cells.astype("str")
    return cells.map(lambda cell: _plain(cell) if cell == cell else None).astype("str")


def _plain(cell: float) -> str:
    return str(int(cell)) if float(cell).is_integer() else f"{Decimal(repr(float(cell))):f}"
