"""A reported p-value as the range that it leaves open: ``.03``, ``< .05``, ``<= .01``, ``> .05``."""

from __future__ import annotations

import re
from dataclasses import dataclass

from clustergov.analysis.recheck.rounding import printed
from clustergov.problems import InputError, Problem

SLACK = 1e-9
"""Ends that are missed by less count as reached."""


@dataclass(frozen=True, slots=True)
class ReportedP:
    """Ends of the range; both count, because sources write < where they mean at most."""

    text: str
    low: float
    high: float

    def meets(self, low: float, high: float) -> bool:
        """Whether any p of a range could have been reported so."""
        return high >= self.low - SLACK and low <= self.high + SLACK


def reported_p(text: str, *, truncated: bool = False, place: str = "") -> ReportedP:
    """Read a p-value as reported; without a sign it was rounded (or truncated), with one it is a bound.

    Raises
    ------
    InputError
        It is no number from 0 to 1.
    """
    found = re.fullmatch(r"\s*(<=|≤|<|>=|≥|>|=)?\s*(.*?)\s*", text)
    sign, rest = (found[1] or "=", found[2]) if found else ("=", text)
    number = printed(rest, truncated=truncated, place=place)
    never = (sign == "<" and number.value == 0) or (sign == ">" and number.value == 1)
    if not 0 <= number.value <= 1 or number.percentage or never:
        raise InputError(
            Problem("impossible-p", f"expected a p-value from 0 to 1, found “{text}”.", "Correct it.", place=place)
        )
    told = f"{sign.replace('<=', '≤').replace('>=', '≥')} {rest}"
    if sign in ("<", "<=", "≤"):
        return ReportedP(told, 0.0, number.value)
    if sign in (">", ">=", "≥"):
        return ReportedP(told, number.value, 1.0)
    return ReportedP(told, max(number.low, 0.0), min(number.high, 1.0))
