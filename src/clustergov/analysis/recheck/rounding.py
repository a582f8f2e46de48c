"""A printed number as the interval of numbers that could have been printed so."""

from __future__ import annotations

import re
from dataclasses import dataclass

from clustergov.problems import InputError, Problem

SLACK = 1e-9
"""Share of a printed unit by which an end may be missed: 0.165 is no exact number in floating point."""

_PRINTED = re.compile(r"([-+\N{MINUS SIGN}\N{EN DASH}]?)(\d*)(?:[.,](\d+))?\s*(%?)")


@dataclass(frozen=True, slots=True)
class Printed:
    """What a printed number leaves open.

    Attributes
    ----------
    text : str
        As printed.
    low, high : float
        Ends. Rounded: half a unit of the last place around it; both ends count, because conventions for a five differ.
        Truncated: from the number away from zero to just before the next.
    unit : float
        One in the last place.
    percentage : bool
        It was printed with a per cent sign; the numbers are per cent all the same.
    """

    text: str
    low: float
    high: float
    unit: float
    percentage: bool = False

    @property
    def value(self) -> float:
        """The number itself, as printed."""
        return float(_parsed(self.text)[0])

    @property
    def decimals(self) -> int:
        return _parsed(self.text)[1]

    def holds(self, low: float, high: float | None = None) -> bool:
        """Whether a number, or any of an interval, could have been printed so."""
        slack = SLACK * self.unit
        return (low if high is None else high) >= self.low - slack and low <= self.high + slack


def printed(text: str, *, truncated: bool = False, place: str = "") -> Printed:
    """Read a number as printed: ``.11``, ``0,110``, ``-1.3``, ``89%``. Trailing zeros count as digits.

    Raises
    ------
    InputError
        It is no number.
    """
    value, decimals, percentage = _parsed(text, place)
    unit = 10.0**-decimals
    if not truncated:
        return Printed(text, round(value - unit / 2, 12), round(value + unit / 2, 12), unit, percentage)
    if value == 0:
        return Printed(text, -unit, unit, unit, percentage)
    ends = sorted((value, round(value + (unit if value > 0 else -unit), 12)))
    return Printed(text, ends[0], ends[1], unit, percentage)


def _parsed(text: str, place: str = "") -> tuple[float, int, bool]:
    found = _PRINTED.fullmatch(text.strip())
    if found is None or not (found[2] or found[3]):
        raise InputError(
            Problem("not-a-number", f"expected a number as printed, such as .11 or 89%, found “{text}”.",
                    "Give the digits as they stand in the source, with their trailing zeros.", place=place)
        )  # fmt: skip
    size = float(f"{found[2] or 0}.{found[3] or 0}")
    return (size if found[1] in ("", "+") else -size), len(found[3] or ""), bool(found[4])
