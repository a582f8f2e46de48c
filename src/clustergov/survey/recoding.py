"""One answer to an older version of a questionnaire in the terms of a newer one."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pandas as pd

from clustergov.instruments.questionnaire import Blank, Variable
from clustergov.instruments.versions.crosswalk import Step, class_limits


def recoded(value: Any, reason: str, step: Step, own: Variable, variable: Variable) -> tuple[Any, str]:
    """A cell in new terms, and why it is blank if it is.

    `value` is the old code, also of an option marked blank; `reason` why the old cell was blank.
    """
    empty = float("nan") if variable.kind == "number" else None
    if pd.isna(value):
        return empty, reason
    if variable.kind == "number":
        number = float(Fraction(repr(float(value))) * step.multiplier)
        return (number, "") if step.codes is None and _allowed(number, variable) else (empty, Blank.NOT_RECORDED.value)
    code = value if step.codes is None else _new_code(value, step.codes, own)
    if reason and (step.codes is None or value not in step.codes):
        # “Don't know” stays the blank that it was, whatever its code is used for now.
        return empty, reason
    if code is None:
        return empty, Blank.NOT_RECORDED.value
    options = variable.scale.options if variable.scale is not None else ()
    blank = next((option.blank for option in options if option.code == code), None)
    return (code, "") if blank is None else (empty, blank)


def _new_code(value: Any, codes: dict[str, str], own: Variable) -> str | None:
    if own.kind != "number":
        return codes.get(value)
    limits = ((class_limits(key), code) for key, code in codes.items())
    return next((code for found, code in limits if found and found[0] <= float(value) <= found[1]), None)


def _allowed(number: float, variable: Variable) -> bool:
    question = variable.question
    low = -float("inf") if question.minimum is None else question.minimum
    high = float("inf") if question.maximum is None else question.maximum
    return low <= number <= high and (number.is_integer() or not question.integer)
