"""Answers that lead somewhere: what to answer so that a condition holds, or does not, including the way to it."""

from __future__ import annotations

import numpy as np

from clustergov.instruments.condition import Answered, Comparison, Condition, Expression, Junction, Negation
from clustergov.instruments.questionnaire import Variable
from clustergov.survey.synthetic.plausible import allowed
from clustergov.survey.synthetic.steps import Answer, Steps


def wishes_for(condition: Condition, wanted: bool, steps: Steps, rng: np.random.Generator) -> dict[str, Answer]:
    """Answers under which `condition` probably is as `wanted`; of several ways one at random.

    What is computed from several answers is left to chance. Questions that the condition looks at and that are routed
    themselves are wished for as well.
    """
    made: dict[str, Answer] = {}
    _wish(condition.expression, wanted, steps, rng, made)
    routes = {variable.name: route for step in steps.steps for variable, route in step.asked if route is not None}
    todo = [name for name in condition.variables if name in routes]
    seen: set[str] = set()
    while todo:
        name = todo.pop()
        if name in seen:
            continue
        seen.add(name)
        earlier: dict[str, Answer] = {}
        _wish(routes[name].expression, True, steps, rng, earlier)
        made = {**earlier, **made}
        todo += [other for other in routes[name].variables if other in routes]
    return made


def _wish(
    expression: Expression, wanted: bool, steps: Steps, rng: np.random.Generator, made: dict[str, Answer]
) -> None:
    match expression:
        case Negation(part):
            _wish(part, not wanted, steps, rng, made)
        case Junction(operator, parts):
            every = (operator == "and") == wanted
            for part in parts if every else (parts[rng.integers(len(parts))],):
                _wish(part, wanted, steps, rng, made)
        case Comparison(name, _, _) if name in steps.questionnaire.by_name:
            answers = _candidates(steps.questionnaire.by_name[name], expression)
            fitting = [answer for answer in answers if expression.admits(answer) == wanted]
            if fitting:
                made[name] = fitting[rng.integers(len(fitting))]
        case Answered(name) if name in steps.questionnaire.by_name and not wanted:
            variable = steps.questionnaire.by_name[name]
            blank = [o.code for o in variable.scale.options if o.blank is not None] if variable.scale else []
            if blank:
                made[name] = blank[rng.integers(len(blank))]


def _candidates(variable: Variable, comparison: Comparison) -> list[Answer]:
    if variable.scale is not None:
        return list(variable.scale.codes)
    if variable.kind != "number":
        return [value for value in comparison.values if isinstance(value, str)]
    near = [float(value) + step for value in comparison.values for step in (-1.0, 0.0, 1.0) if isinstance(value, float)]
    question = variable.question
    ends = [end for end in (question.minimum, question.maximum) if end is not None]
    return [number for number in (*near, *ends) if allowed(question, number)]
