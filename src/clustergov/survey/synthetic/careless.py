"""Respondents who do not read: their answers to lists (and, at random, to everything) replace the model's."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from clustergov.instruments.questionnaire import Questionnaire, Variable
from clustergov.survey.synthetic.composition import Stream
from clustergov.survey.synthetic.marginals import Marginal
from clustergov.survey.synthetic.sketch_declaration import CarelessEntry


def manners(entry: CarelessEntry | None, n: int, stream: Stream) -> NDArray[np.str_]:
    """How each respondent answers: "" with care, else a kind of carelessness."""
    if entry is None or not entry.share:
        return np.full(n, "", dtype="<U16")
    kinds = list(entry.kinds)
    weights = np.cumsum([entry.kinds[kind] for kind in kinds])
    which = np.searchsorted(weights / weights[-1], stream("careless kind").random(n), side="right")
    chosen = np.array(kinds, dtype="<U16")[np.minimum(which, len(kinds) - 1)]
    return np.where(stream("careless").random(n) < entry.share, chosen, "")


def make_careless(
    drawn: dict[str, NDArray[np.object_] | NDArray[np.float64]],
    manner: NDArray[np.str_],
    questionnaire: Questionnaire,
    marginals: Mapping[str, Marginal],
    stream: Stream,
) -> None:
    """Overwrite, in place, what careless respondents do not answer from the model."""
    if not (manner != "").any():
        return
    n = len(manner)
    straight = stream("careless place").random(n)
    for variable in questionnaire.variables:
        if variable.name not in drawn or variable.name not in marginals:
            continue
        values = _values(variable, marginals[variable.name])
        places = {"random": (stream(f"{variable.name} careless").random(n) * len(values)).astype(int)}
        if variable.question.kind == "array":
            places |= {
                "straightlining": (straight * len(values)).astype(int),
                "midpoint": np.full(n, (len(values) - 1) // 2),
                "first": np.zeros(n, dtype=int),
            }
        for kind, place in places.items():
            here = manner == kind
            drawn[variable.name][here] = values[place[here]]


def _values(variable: Variable, marginal: Marginal) -> NDArray[np.object_] | NDArray[np.float64]:
    """What somebody who does not read may give: the options in the order shown, or the numbers that occur."""
    if variable.scale is not None:
        return np.array(variable.scale.codes, dtype=object)
    return marginal.scores
