"""Numbers as a constant plus factors times terms, with fractions instead of rounded numbers."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

from clustergov.instruments.arithmetic import Sign

Linear = dict[str, Fraction]
"""Factor by term, the constant under “”."""


def exact(number: float) -> Fraction:
    """The number as it is written: 0.1 is a tenth."""
    return Fraction(Decimal(repr(float(number))))


def added(parts: Iterable[Linear]) -> Linear:
    """The sum of several."""
    total: Linear = {}
    for part in parts:
        for term, factor in part.items():
            total[term] = total.get(term, Fraction(0)) + factor
    return total


def combined(sign: Sign, one: Linear, other: Linear) -> Linear | None:
    """Two of them added, subtracted, multiplied or divided; None where the result is not linear.

    Raises
    ------
    ZeroDivisionError
        It is divided by the constant 0.
    """
    if sign in "+-":
        return added([one, _times(other, Fraction(1 if sign == "+" else -1))])
    constant = _constant(other)
    if sign == "/":
        return None if constant is None else _times(one, 1 / constant)
    if constant is not None:
        return _times(one, constant)
    factor = _constant(one)
    return None if factor is None else _times(other, factor)


def _constant(linear: Linear) -> Fraction | None:
    return linear.get("", Fraction(0)) if not any(factor for term, factor in linear.items() if term) else None


def _times(linear: Linear, factor: Fraction) -> Linear:
    return {term: each * factor for term, each in linear.items()}
