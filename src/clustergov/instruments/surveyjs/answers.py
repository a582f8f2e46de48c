"""The result of a SurveyJS form as our variables."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from clustergov.instruments.arithmetic import Answer, plain
from clustergov.instruments.asking import asked_when
from clustergov.instruments.questionnaire import Questionnaire, Variable
from clustergov.instruments.routing import parse
from clustergov.instruments.surveyjs.names import Names
from clustergov.problems import InputError, Problem


def answers(questionnaire: Questionnaire, data: Mapping[str, Any], *, complete: bool = True) -> dict[str, str | float]:
    """Read what one respondent answered in the form that `to_surveyjs` makes.

    Parameters
    ----------
    questionnaire : Questionnaire
    data : mapping
        SurveyJS's ``survey.data``. Names that are none of the form's, such as those that a server adds, are passed by.
    complete : bool
        Whether the form was completed: then a question with boxes that was asked, and has none ticked, was left
        unticked (N). Otherwise it may never have been seen and stays open.

    Returns
    -------
    dict of variable to answer
        Codes, texts, dates (ISO) and names of files as text, numbers as floats, ticks as Y and N; variables without an
        answer are left out. A row that was hidden after it had been answered, as SurveyJS keeps until the form is
        completed, is left out too.

    Raises
    ------
    InputError
        Rule ``surveyjs-answer``, once per element that holds something else than the form makes of it.
    """
    names = Names(questionnaire)
    found: dict[str, str | float] = {}
    substantive: dict[str, Answer] = {}
    problems: dict[str, Problem] = {}
    for variable in questionnaire.variables:
        try:
            value = _value(variable, names, data)
        except _Unexpected as unexpected:
            element = names.element(variable)[0]
            message = f"expected {unexpected}, found {str(data.get(element))[:80]}."
            problems.setdefault(
                element, Problem("surveyjs-answer", message, "Give it the result of this form.", place=element)
            )
            continue
        item = variable.item
        if item is not None and item.when and not parse(item.when).holds(substantive):
            continue
        if value is None and variable.kind == "tick" and complete:
            condition = asked_when(variable)
            value = "N" if condition is None or condition.holds(substantive) else None
        if value is not None:
            found[variable.name] = value
            blank = variable.scale is not None and value not in variable.scale.codes
            substantive[variable.name] = None if blank else value
    if problems:
        raise InputError(problems.values())
    return found


class _Unexpected(Exception):  # noqa: N818 - told as an InputError
    """Something else stands there; the message says what was expected."""


def _value(variable: Variable, names: Names, data: Mapping[str, Any]) -> str | float | None:
    element, part = names.element(variable)
    value = data.get(element)
    if value is None or value in ("", [], {}):
        return None
    match variable.kind:
        case "tick":
            return "Y" if part in _list(value) else "N"
        case "number":
            return _number(value)
        case "file":
            return ", ".join(_file(each) for each in (value if isinstance(value, list) else [value]))
    match variable.question.kind:
        case "ranking" if part:
            ranked = _list(value)
            return ranked[int(part)] if int(part) < len(ranked) else None
        case "array" if part:
            if not isinstance(value, Mapping):
                raise _Unexpected("one code per row")
            return None if value.get(part) in (None, "") else _code(value[part])
        case _:
            return _code(value)


def _list(value: Any) -> list[str]:
    if not isinstance(value, list):
        raise _Unexpected("a list of codes")
    return [_code(each) for each in value]


def _code(value: Any) -> str:
    """Text as it is; a number as it would be written as a code."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise _Unexpected("a code or text")
    return plain(float(value))


def _number(value: Any) -> float:
    try:
        number = math.nan if isinstance(value, bool) else float(value)
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if not math.isfinite(number):
        raise _Unexpected("a number")
    return number


def _file(value: Any) -> str:
    if not isinstance(value, Mapping) or not isinstance(value.get("name"), str):
        raise _Unexpected("files, each with its name")
    return str(value["name"])
