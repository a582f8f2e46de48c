"""Values as they are written in ExpressionScript: numbers, and codes in quotation marks."""

from __future__ import annotations

from clustergov.instruments.arithmetic import plain


class NotInExpressionScriptError(ValueError):
    """A condition that ExpressionScript cannot express; its text says what of it."""


def literal(number: float) -> str:
    """A number that LimeSurvey takes for one: it knows those that PHP writes in 14 digits and without an exponent."""
    written = plain(number)
    known = f"{number:.14G}" == written
    return written if known else f"sum({written})"


def quoted(code: str) -> str:
    if "\\" in code or ('"' in code and "'" in code):
        raise NotInExpressionScriptError(f"the code “{code}” holds characters that LimeSurvey cannot compare with")
    return f"'{code}'" if '"' in code else f'"{code}"'


def as_number(value: str | float) -> float | None:
    """The number that a numeric field holds when it equals this; none for a code that no number is written as."""
    if isinstance(value, float):
        return value
    number = number_of(value)
    return number if number is not None and plain(number) == value else None


def number_of(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if number - number == 0 else None
