"""Who is asked what, as a DDI codebook tells it: the condition, what it looks at, and what looks at this."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from clustergov.instruments.asking import asked_when
from clustergov.instruments.questionnaire import Questionnaire


@dataclass(frozen=True, slots=True)
class Route:
    """The way through one variable's question.

    Attributes
    ----------
    number : int
        Of its question, from 1.
    condition : str
        Under which it is asked; empty means always.
    forward, backward : tuple of (str, str)
        Conditions and, blank-separated, the IDs of later questions that are asked under them, or of earlier ones that they look at.
    """

    number: int
    condition: str
    forward: tuple[tuple[str, str], ...]
    backward: tuple[tuple[str, str], ...]


def routes(questionnaire: Questionnaire, asked: dict[str, str]) -> dict[str, Route]:
    """The route of every variable by its name; `asked` gives the ID of each variable's question.

    Raises
    ------
    InputError
        Some `when` is no condition.
    """
    conditions = {variable.name: asked_when(variable) for variable in questionnaire.variables}
    later: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for name, condition in conditions.items():
        for earlier in condition.variables if condition is not None else ():
            later[earlier][str(condition)].append(asked[name])
    numbers = {question.code: number for number, question in enumerate(questionnaire.questions, start=1)}
    found = {}
    for variable in questionnaire.variables:
        condition = conditions[variable.name]
        seen = [asked[name] for name in condition.variables if name in asked] if condition is not None else []
        found[variable.name] = Route(
            number=numbers[variable.question.code],
            condition=str(condition) if condition is not None else "",
            forward=tuple((text, " ".join(ids)) for text, ids in later[variable.name].items()),
            backward=((str(condition), " ".join(seen)),) if condition is not None else (),
        )
    return found
