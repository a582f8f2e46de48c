"""Published rank and product-moment correlations against their p-values: at which n can they stand together?"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
from scipy.special import stdtr

from clustergov.analysis.recheck.null_tau import UNTIED, p_range
from clustergov.analysis.recheck.outcome import Recheck, found, not_checkable
from clustergov.analysis.recheck.reported_p import ReportedP
from clustergov.analysis.recheck.rounding import Printed
from clustergov.language import both
from clustergov.problems import InputError, Problem

MOST_N = 10_000_000
"""Largest n that is looked for."""
LOOKED_AT = 2_000
"""Different n of a range that are tried, its ends included."""

Range = Callable[[int], tuple[float, float]]
"""Smallest and largest two-sided p at an n."""


def recheck_tau(
    value: Printed, p: ReportedP, n: tuple[int, int] | None, *, categories: tuple[int, int] = (UNTIED, UNTIED),
    tails: int = 2,
) -> Recheck:  # fmt: skip
    """Whether a Kendall tau and its p are possible together.

    Parameters
    ----------
    n : (int, int) or None
        Between which n lies; None: not known, and only the smallest possible n is told.
    categories : (int, int)
        Different values of each variable, which bound what ties do to the error; 0 where not known.
    tails : {2, 1}
        1 only where the source states a direction beforehand; half of p, in that direction, is compared.
    """
    _refuse_impossible(value, n)
    return _recheck("tau", value, p, n, lambda size: p_range(value.low, value.high, size, categories), tails)


def recheck_r(value: Printed, p: ReportedP, n: tuple[int, int] | None, *, tails: int = 2) -> Recheck:
    """Whether a product-moment (or Spearman) correlation and its p, by t with n − 2 degrees of freedom, are possible."""
    _refuse_impossible(value, n)

    near = 0.0 if value.low <= 0 <= value.high else min(abs(value.low), abs(value.high))
    far = max(abs(value.low), abs(value.high))

    def by_t(size: int) -> tuple[float, float]:
        return _p_of_r(far, size), _p_of_r(near, size)

    return _recheck("r", value, p, n, by_t, tails)


def _p_of_r(r: float, n: int) -> float:
    if r >= 1:
        return 0.0
    return float(2 * stdtr(n - 2, -r * math.sqrt((n - 2) / (1 - r * r))))


def _refuse_impossible(value: Printed, n: tuple[int, int] | None) -> None:
    if not -1 <= value.value <= 1:
        raise InputError(
            Problem(
                "impossible-correlation", f"expected a correlation from −1 to 1, found {value.text}.", "Correct it."
            )
        )
    if n is not None and not 4 <= n[0] <= n[1] <= MOST_N:
        raise InputError(
            Problem("impossible-n", f"expected n of at least 4, the smaller first; found {n[0]} to {n[1]}.",
                    "Give one n, or the range that is known, such as 120:400.")
        )  # fmt: skip


def _recheck(
    statistic: str, value: Printed, p: ReportedP, n: tuple[int, int] | None, both_ends: Range, tails: int
) -> Recheck:
    def ends(size: int) -> tuple[float, float]:
        low, high = both_ends(size)
        return (low / 2, high / 2) if tails == 1 else (low, high)

    ties = both(f"recheck.ties.{statistic}")
    figures = f"{statistic} = {value.text}, p {p.text}"
    least = _first(lambda size: ends(size)[0] <= p.high)
    most = _first(lambda size: ends(size)[1] <= p.high)
    if n is None:
        unknown = not_checkable(
            statistic, figures, "n" if least else "n_never", least=least or 0, most=most or 0, ties=ties
        )
        return replace(unknown, least=least, most=most)
    sizes = np.unique(np.linspace(n[0], n[1], min(LOOKED_AT, n[1] - n[0] + 1)).round().astype(int))
    ranges = [ends(int(size)) for size in sizes]
    fits = any(p.meets(low, high) for low, high in ranges)
    always = all(p.low <= low and high <= p.high for low, high in ranges)
    low, high = min(low for low, _ in ranges), max(high for _, high in ranges)
    key = f"correlation.{'always' if always else 'some' if fits else 'never'}"
    key += ".known" if least is not None and most is not None else ".open"
    told = found(statistic, figures, fits, low, high, "p", key, n_low=n[0], n_high=n[1], least=least or 0,
                 most=most or 0, ties=ties)  # fmt: skip
    return replace(told, least=least, most=most)


def _first(holds: Callable[[int], bool]) -> int | None:
    """Smallest n from 4 on for which something holds that holds for every larger one; None up to MOST_N."""
    if not holds(MOST_N):
        return None
    low, high = 3, MOST_N
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle, high)
    return high
