"""Answer sheets: what each of some synthetic respondents fills in, so that every route of a questionnaire is walked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TypedDict

import numpy as np

from clustergov.instruments.arithmetic import plain
from clustergov.instruments.questionnaire import Questionnaire
from clustergov.survey.synthetic.plausible import Manner
from clustergov.survey.synthetic.steps import Steps, steps_of
from clustergov.survey.synthetic.walk import Walk, walk
from clustergov.survey.synthetic.wishes import wishes_for

TRIES = 40
"""Walks that are tried for each goal before it is given up: most goals need one."""

Goal = tuple[str, str, str]
"""“asked” or “passed”, and a question or variable; or “chosen”, a variable and its option."""


class AnswerSheet(TypedDict):
    """One respondent.

    answers : variable → option code, Y or N, plain number, ISO date or text; what is not there is left blank.
    language : of the pages that they see.
    stop : code of the section before which they stop; "" for whoever goes on to the end and submits.
    """

    answers: dict[str, str]
    language: str
    stop: str


def answer_sheets(
    questionnaire: Questionnaire,
    n: int,
    rng: np.random.Generator,
    languages: Sequence[str] = (),
    *,
    covering: bool = True,
    stopping: float = 0.15,
    skipping: float = 0.1,
) -> list[AnswerSheet]:
    """Draw respondents who keep to everything that the questionnaire demands.

    Parameters
    ----------
    questionnaire : Questionnaire
        As it is fielded.
    n : int
        Respondents; more are given where covering takes more.
    rng : Generator
    languages : sequence of str
        By default those of the questionnaire.
    covering : bool
        In each language some respondents, who all go on to the end, together are asked every question and item, are
        passed by every routed one, and choose each option (also those marked blank) of every variable that routing
        looks at; as far as such a respondent was found (`uncovered` tells what was not).
    stopping : float
        Part of the other respondents who stop before a section after the first.
    skipping : float
        Part of the questions that are not compulsory which each leaves open.

    Returns
    -------
    list of AnswerSheet
        Boxes that were shown are Y or N; files are never handed in.
    """
    steps = steps_of(questionnaire)
    sheets: list[AnswerSheet] = []
    for language in languages or questionnaire.languages:
        for found in _covering(steps, rng, language) if covering else ():
            sheets.append(_sheet(found.answers, language))
    spoken = tuple(languages or questionnaire.languages)
    while len(sheets) < n:
        sheets.append(_any(steps, rng, spoken[len(sheets) % len(spoken)], stopping, skipping))
    return sheets


def uncovered(questionnaire: Questionnaire, sheets: Sequence[AnswerSheet]) -> list[Goal]:
    """What no respondent of these was asked, passed by or chose; in questionnaire order."""
    steps = steps_of(questionnaire)
    reached: set[Goal] = set()
    for sheet in sheets:
        if not sheet["stop"]:
            reached |= _reached(replay(steps, sheet["answers"]), steps)
    return [goal for goal in goals(steps) if goal not in reached]


def replay(steps: Steps, answers: dict[str, str]) -> Walk:
    """The walk of whoever gave these answers."""
    known: dict[str, str | float] = {}
    asked: set[str] = set()
    passed: set[str] = set()
    for step in steps.steps:
        shown = {variable.name for variable, when in step.asked if when is None or when.holds(known)}
        here = step.when is None or step.when.holds(known)
        (asked if here and (shown or not step.asked) else passed).add(step.question.code)
        asked |= shown
        passed |= {variable.name for variable, _ in step.asked} - shown
        for variable, _ in step.asked:
            answer = answers.get(variable.name)
            if answer is not None and (variable.scale is None or answer in variable.scale.codes):
                known[variable.name] = float(answer) if variable.kind == "number" else answer
    return Walk(dict(answers), frozenset(asked), frozenset(passed))


def goals(steps: Steps) -> Iterator[Goal]:
    """Everything that a covering set reaches."""
    for step in steps.steps:
        yield ("asked", step.question.code, "")
        if step.when is not None:
            yield ("passed", step.question.code, "")
        for variable, condition in step.asked:
            if variable.item is not None and variable.item.when and condition is not None:
                yield ("asked", variable.name, "")
                yield ("passed", variable.name, "")
    for name in steps.routing:
        scale = steps.questionnaire.by_name[name].scale
        for option in scale.options if scale is not None else ():
            yield ("chosen", name, option.code)


def _reached(found: Walk, steps: Steps) -> set[Goal]:
    chosen = {("chosen", name, str(found.answers[name])) for name in steps.routing if name in found.answers}
    return {("asked", name, "") for name in found.asked} | {("passed", name, "") for name in found.passed} | chosen


def _covering(steps: Steps, rng: np.random.Generator, language: str) -> list[Walk]:
    """Walks that together reach every goal; those that others make needless are left out."""
    missing = dict.fromkeys(goals(steps))
    kept: list[Walk] = []
    while missing:
        goal = next(iter(missing))
        found = _towards(goal, steps, rng, language)
        del missing[goal]
        if found is not None:
            kept.append(found)
            for reached in _reached(found, steps):
                missing.pop(reached, None)
    return _needed(kept, steps)


def _towards(goal: Goal, steps: Steps, rng: np.random.Generator, language: str) -> Walk | None:
    what, name, code = goal
    conditions = {step.question.code: step.when for step in steps.steps}
    conditions |= {variable.name: condition for step in steps.steps for variable, condition in step.asked}
    condition = conditions[name] if what != "chosen" else conditions.get(name)
    for attempt in range(TRIES):
        wishes = {} if condition is None else wishes_for(condition, what != "passed", steps, rng)
        if what == "chosen":
            wishes[name] = code
        # Leaving open is a way past a question, too.
        skip = 0.3 if attempt % 4 == 3 else 0.0
        found = walk(steps, rng, Manner(telling=0.5, language=language, wishes=wishes), skip=skip)
        if goal in _reached(found, steps):
            return found
    return None


def _needed(kept: list[Walk], steps: Steps) -> list[Walk]:
    """The walks without those whose goals are all reached by others; the ones that reach least go first."""
    wanted = set(goals(steps))
    reaches = [_reached(found, steps) & wanted for found in kept]
    counts = Counter(goal for reached in reaches for goal in reached)
    needed = []
    for place in sorted(range(len(kept)), key=lambda place: len(reaches[place])):
        if all(counts[goal] > 1 for goal in reaches[place]):
            counts.subtract(reaches[place])
        else:
            needed.append(kept[place])
    return needed


def _any(steps: Steps, rng: np.random.Generator, language: str, stopping: float, skipping: float) -> AnswerSheet:
    found = walk(steps, rng, Manner(telling=0.3, language=language), skip=skipping)
    later = [section.code for section in steps.questionnaire.sections[1:]]
    if later and rng.random() < stopping:
        stop = later[rng.integers(len(later))]
        return _sheet(found.before(steps, stop), language, stop)
    return _sheet(found.answers, language)


def _sheet(answers: dict[str, str | float], language: str, stop: str = "") -> AnswerSheet:
    written = {name: plain(value) if isinstance(value, float) else value for name, value in answers.items()}
    return AnswerSheet(answers=written, language=language, stop=stop)
