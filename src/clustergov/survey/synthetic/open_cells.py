"""Questions that respondents leave open, and options marked blank that they choose, at the declared rates."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from clustergov.instruments.questionnaire import Blank, Questionnaire, Variable
from clustergov.instruments.routing import parse
from clustergov.survey.synthetic.composition import Stream
from clustergov.survey.synthetic.planted import opened
from clustergov.survey.synthetic.plausible import is_beside
from clustergov.survey.synthetic.sketch_declaration import NonresponseEntry
from clustergov.survey.synthetic.steps import Step


def left_open(
    step: Step,
    n: int,
    entry: NonresponseEntry,
    questionnaire: Questionnaire,
    drawn: Mapping[str, NDArray[np.object_] | NDArray[np.float64]],
    stream: Stream,
) -> dict[str, NDArray[np.bool_]]:
    """Who leaves each variable of a question open: the question as a whole, or each row of a list by itself."""
    own = [variable for variable, _ in step.asked if not is_beside(variable)]
    if step.question.required or not own:
        return {}
    found = {}
    for variable in own:
        rowwise = step.question.kind == "array"
        rate = _rate(variable, entry, questionnaire, drawn, n)
        chance = stream(f"{variable.name if rowwise else step.question.code} open").random(len(rate))
        found[variable.name] = chance < rate
    return found


def _rate(
    variable: Variable,
    entry: NonresponseEntry,
    questionnaire: Questionnaire,
    drawn: Mapping[str, NDArray[np.object_] | NDArray[np.float64]],
    n: int,
) -> NDArray[np.float64]:
    rate = np.full(n, entry.rate)
    for exception in entry.exceptions:
        named = {variable.name, variable.question.code} & set(exception.questions)
        if not named and variable.name not in opened(exception.questions, questionnaire)[0]:
            continue
        where = np.ones(n, dtype=bool)
        if exception.when:
            condition = parse(exception.when)
            columns = {name: drawn.get(name, np.full(n, None, dtype=object)) for name in condition.variables}
            where = condition.holds_in(columns)
        rate[where] = exception.rate
    return rate


def blank_options(
    step: Step,
    given: Mapping[str, NDArray[np.object_] | NDArray[np.float64]],
    shown: Mapping[str, NDArray[np.bool_]],
    entry: NonresponseEntry,
    stream: Stream,
) -> None:
    """Put, in place, an option marked blank where somebody chooses it; of several of a kind one at random."""
    rates = {Blank.REFUSED.value: entry.refused, Blank.NOT_APPLICABLE.value: entry.not_applicable}
    for variable, _ in step.asked:
        if variable.kind != "choice" or step.question.kind == "ranking" or variable.scale is None:
            continue
        column = given[variable.name]
        for kind, rate in rates.items():
            codes = [option.code for option in variable.scale.options if option.blank == kind]
            if not codes:
                continue
            rng = stream(f"{variable.name} {kind}")
            chosen = (rng.random(len(column)) < rate) & shown[variable.name] & (column != None)  # noqa: E711  # elementwise
            which = (stream(f"{variable.name} which {kind}").random(len(column)) * len(codes)).astype(int)
            column[chosen] = np.array(codes, dtype=object)[which[chosen]]
