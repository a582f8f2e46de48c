"""One respondent's way through a questionnaire: question after question, as routing shows them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from clustergov.survey.synthetic.plausible import Manner, answers_to
from clustergov.survey.synthetic.steps import Answer, Step, Steps, substantive


@dataclass(frozen=True, slots=True)
class Walk:
    """What one respondent met and answered.

    Attributes
    ----------
    answers : dict of variable to answer
        Also options marked blank; boxes that were shown and left open are N.
    asked, passed : frozenset of str
        Codes of questions and names of variables that routing showed, and did not show.
    """

    answers: dict[str, Answer]
    asked: frozenset[str]
    passed: frozenset[str]

    def before(self, steps: Steps, section: str) -> dict[str, Answer]:
        """The answers given before a section is shown."""
        early: set[str] = set()
        for step in steps.steps:
            if step.section.code == section:
                break
            early |= {variable.name for variable, _ in step.asked}
        return {name: answer for name, answer in self.answers.items() if name in early}


def walk(steps: Steps, rng: np.random.Generator, manner: Manner, *, skip: float = 0.0) -> Walk:
    """Walk through a questionnaire; a part `skip` of the questions that are not compulsory is left open."""
    manner = replace(manner, telling_values=steps.telling)
    answers: dict[str, Answer] = {}
    known: dict[str, Answer] = {}
    asked: set[str] = set()
    passed: set[str] = set()
    for step in steps.steps:
        shown = [variable for variable, condition in step.asked if condition is None or condition.holds(known)]
        here = step.when is None or step.when.holds(known)
        (asked if here and (shown or not step.asked) else passed).add(step.question.code)
        asked |= {variable.name for variable in shown}
        passed |= {variable.name for variable, _ in step.asked} - {variable.name for variable in shown}
        leave = not step.question.required and rng.random() < skip and not _wished(step, manner.wishes)
        given = {} if leave else answers_to(step, shown, known, rng, manner)
        given |= {v.name: "N" for v in shown if v.kind == "tick" and v.name not in given}
        answers |= given
        known |= {v.name: given[v.name] for v in shown if v.name in given and substantive(v, given[v.name])}
    return Walk(answers, frozenset(asked), frozenset(passed))


def _wished(step: Step, wishes: Mapping[str, Answer]) -> bool:
    return any(variable.name in wishes for variable, _ in step.asked)
