"""Respondents of a SurveyJS form: what they answer, what of it they are asked, and how SurveyJS stores it."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

from clustergov.instruments.arithmetic import Answer
from clustergov.instruments.asking import asked_when
from clustergov.instruments.questionnaire import Questionnaire, Variable
from clustergov.instruments.surveyjs.names import Names, other_value

Answers = dict[str, Any]


def drawn(questionnaire: Questionnaire, rng: random.Random, *, open_part: float = 0.2) -> Answers:
    """An answer to every variable but some, asked or not; numbers within their limits, each option ranked once."""
    found: Answers = {}
    for question in questionnaire.questions:
        variables = list(questionnaire.of(question.code))
        if question.kind == "ranking":
            places = [variable for variable in variables if variable.item is not None]
            scale = places[0].scale
            assert scale is not None
            options = rng.sample([option.code for option in scale.options], len(scale.options))
            count = rng.randint(0, len(places))
            found |= {place.name: code for place, code in zip(places[:count], options, strict=False)}
            variables = [variable for variable in variables if variable.item is None]
        for variable in variables:
            if variable.kind == "tick" or rng.random() >= open_part:
                found[variable.name] = _value(variable, rng)
    return found


def _value(variable: Variable, rng: random.Random) -> Any:
    question = variable.question
    match variable.kind:
        case "choice":
            assert variable.scale is not None
            return rng.choice(variable.scale.options).code
        case "tick":
            return rng.choice("YN")
        case "number":
            low = question.minimum if question.minimum is not None else -9
            high = question.maximum if question.maximum is not None else 999
            numbers = (0, 1, 2, 5, 33.3, 0.5, 50, 100, 16.65, -1, low, high)
            whole = question.integer
            return rng.choice([x for x in numbers if low <= x <= high and (not whole or x == int(x))])
        case "date":
            return f"2026-01-0{rng.randint(1, 9)}"
        case "file":
            return "plan.pdf"
        case _:
            return rng.choice(["text", "Two words", "0"])


def asked_answers(questionnaire: Questionnaire, given: Mapping[str, Any]) -> tuple[Answers, dict[str, Answer]]:
    """Those answers that are asked, as the questionnaire's own routing decides; and the same as routing sees them."""
    found: Answers = {}
    substantive: dict[str, Answer] = {}
    for variable in questionnaire.variables:
        name = variable.name
        condition = asked_when(variable)
        value = given.get(name, "N" if variable.kind == "tick" else None)
        if (
            value is None
            or (condition is not None and not condition.holds(substantive))
            or _beside(name, variable, found)
        ):
            continue
        found[name] = float(value) if variable.kind == "number" else value
        blank = variable.scale is not None and value not in variable.scale.codes
        substantive[name] = None if blank else found[name]
    return found, substantive


def _beside(name: str, variable: Variable, found: Answers) -> bool:
    """A remark beside a box that is not ticked, or a free answer beside another choice: the form has no field for it."""
    if variable.kind != "text":
        return False
    if name.endswith("comment") and variable.question.kind == "multiple":
        return found.get(name.removesuffix("comment")) != "Y"
    if name.endswith("_other") and variable.question.other and variable.question.kind == "single":
        return found.get(variable.question.code) != "other"
    return False


def stored(questionnaire: Questionnaire, given: Mapping[str, Any]) -> dict[str, Any]:
    """The answers as SurveyJS keeps them, by element."""
    names, data = Names(questionnaire), dict[str, Any]()
    for variable in questionnaire.variables:
        value = given.get(variable.name)
        element, part = names.element(variable)
        kind = variable.question.kind
        if variable.kind == "tick":
            data.setdefault(element, [])
            data[element] += [part] if value == "Y" else []
        elif value is None:
            continue
        elif kind == "array" and part:
            data.setdefault(element, {})[part] = value
        elif kind == "ranking" and part:
            data.setdefault(element, []).append(value)
        elif variable.kind == "file":
            data[element] = [{"name": value, "type": "application/pdf", "content": "data:,"}]
        else:
            data[element] = value
    for question in questionnaire.questions:  # a free “other” stands beside a box of its own
        if question.kind == "multiple" and f"{question.code}_other" in data:
            data[question.code].append(other_value(question))
    return {element: value for element, value in data.items() if value != []}
