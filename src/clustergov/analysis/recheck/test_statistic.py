"""Published t, F, χ², z against their degrees of freedom and p."""

from __future__ import annotations

import math
from itertools import product
from typing import Literal, get_args

from scipy.special import chdtrc, fdtrc, ndtr, stdtr

from clustergov.analysis.recheck.outcome import Recheck, found, not_checkable
from clustergov.analysis.recheck.reported_p import ReportedP
from clustergov.analysis.recheck.rounding import Printed
from clustergov.problems import InputError, Problem

Test = Literal["t", "F", "chi2", "z"]
TESTS: tuple[Test, ...] = get_args(Test)
NEEDS: dict[Test, int] = {"t": 1, "F": 2, "chi2": 1, "z": 0}
"""Degrees of freedom that each needs."""

Direction = Literal["positive", "negative"]


def p_of(test: Test, value: float, df: tuple[float, ...]) -> float:
    """Two-sided p of t and z, upper tail of F and χ²."""
    match test:
        case "t":
            return float(2 * stdtr(df[0], -abs(value)))
        case "z":
            return float(2 * ndtr(-abs(value)))
        case "F":
            return float(fdtrc(df[0], df[1], max(value, 0.0)))
        case "chi2":
            return float(chdtrc(df[0], max(value, 0.0)))


def recheck_test(
    test: Test, value: Printed, df: tuple[Printed, ...], p: ReportedP, *, direction: Direction | None = None
) -> Recheck:
    """Whether a test statistic, its degrees of freedom and its p can stand together under rounding.

    Parameters
    ----------
    df : tuple of Printed
        As printed; Welch's are rounded too.
    direction : {"positive", "negative"} or None
        Where the source states beforehand that one tail is tested, which one; only for t and z.

    Raises
    ------
    InputError
        Degrees of freedom that are not above 0, a negative F or χ², one tail of a test that has one.
    """
    figures = f"{test}{_spelt(df)} = {value.text}, p {p.text}"
    if len(df) < NEEDS[test]:
        return not_checkable(test, figures, "df", needed=NEEDS[test])
    _refuse(test, value, df, direction)
    values = [value.low, value.high, *([0.0] if value.low < 0 < value.high else [])]
    corners = product(values, *(_ends(each) for each in df[: NEEDS[test]]))
    ps = [_tailed(p_of(test, number, tuple(rest)), number, direction) for number, *rest in corners]
    low, high = min(ps), max(ps)
    return found(test, figures, p.meets(low, high), low, high, "p", "p")


def _spelt(df: tuple[Printed, ...]) -> str:
    return f"({', '.join(each.text for each in df)})" if df else ""


def _ends(df: Printed) -> tuple[float, ...]:
    """A whole number is exact; one with decimals was rounded."""
    return (df.low, df.high) if df.decimals else (df.value,)


def _tailed(p: float, number: float, direction: Direction | None) -> float:
    if direction is None:
        return p
    claimed = number >= 0 if direction == "positive" else number <= 0
    return p / 2 if claimed else 1 - p / 2


def _refuse(test: Test, value: Printed, df: tuple[Printed, ...], direction: Direction | None) -> None:
    if any(not each.value > 0 or math.isinf(each.value) for each in df):
        raise InputError(
            Problem("impossible-df", f"expected degrees of freedom above 0, found {_spelt(df)}.", "Correct them.")
        )
    if test in ("F", "chi2") and value.value < 0:
        raise InputError(
            Problem("impossible-statistic", f"{test} cannot be negative; found {value.text}.", "Correct it.")
        )
    if test in ("F", "chi2") and direction is not None:
        raise InputError(
            Problem("one-tailed", f"{test} has no direction, so it has no one-tailed test.", "Leave the direction out.")
        )
