"""A value of a spreadsheet's cell as the text that a person typed."""

from __future__ import annotations

from datetime import date, datetime, time


def cell_text(value: object) -> str:
    """The text of a cell's value: 3 for 3.0, TRUE for true, an ISO date for a date; "" for an empty one."""
    match value:
        case None:
            return ""
        case bool():
            return str(value).upper()
        case float() if value.is_integer():
            return str(int(value))
        case datetime() if value.time() != time():
            return value.isoformat(sep=" ", timespec="seconds")
        case datetime():
            return value.date().isoformat()
        case date() | time():
            return value.isoformat()
        case _:
            return str(value)
