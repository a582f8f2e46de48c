"""Answers that go missing from a simulated survey, each with the reason that only a simulation knows for certain."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from clustergov.instruments.asking import asked_when
from clustergov.instruments.questionnaire import Blank, Question, Questionnaire, Variable
from clustergov.survey.synthetic.composition import Stream
from clustergov.survey.synthetic.declaration import MissingEntry


def blank_out(
    answers: pd.DataFrame, questionnaire: Questionnaire, missing: MissingEntry, stream: Stream
) -> tuple[pd.DataFrame, pd.DataFrame, NDArray[np.bool_]]:
    """Take answers away by the declared rates, then by routing.

    Routing looks at the answers as given: a question whose condition rests on a blank is passed by. A question that
    routing passes by is not applicable also to somebody who stopped before it, unless they stopped before routing
    could decide.

    Returns
    -------
    frame, blanks : DataFrame
        As in `Responses`.
    complete : ndarray of bool
        Respondents who did not stop.
    """
    frame, stopped = answers.copy(), _stops(len(answers), questionnaire, missing.abandoned.rate, stream)
    blanks = pd.DataFrame("", index=answers.index, columns=answers.columns, dtype="str")
    order = {section.code: place for place, section in enumerate(questionnaire.sections)}
    for question in questionnaire.questions:
        variables = questionnaire.of(question.code)
        if not variables:
            continue
        gone = stopped <= order[variables[0].section.code]
        for variable, reason in _reasons(question, variables, answers, missing, stream):
            passed = _passed_by(variable, frame, blanks)
            reason[gone] = Blank.ABANDONED
            reason[passed] = Blank.NOT_APPLICABLE
            blanks[variable.name] = pd.array(reason.astype(str), dtype="str")
            frame.loc[reason.astype(str) != "", variable.name] = np.nan
    return frame, blanks, stopped == len(questionnaire.sections)


def _stops(n: int, questionnaire: Questionnaire, rate: float, stream: Stream) -> NDArray[np.intp]:
    """The section before which each respondent stops, counted from 0; their number for those who go on to the end."""
    sections = len(questionnaire.sections)
    gives_up = stream("abandoned").random(n) < rate
    where = stream("abandoned where").integers(1, max(sections, 2), n)
    return np.where(gives_up & (sections > 1), where, sections)


def _passed_by(variable: Variable, frame: pd.DataFrame, blanks: pd.DataFrame) -> NDArray[np.bool_]:
    condition = asked_when(variable)
    if condition is None:
        return np.zeros(len(frame), dtype=bool)
    undecided = (blanks[list(condition.variables)] == Blank.ABANDONED.value).any(axis=1).to_numpy(dtype=bool)
    return ~condition.holds_in(frame) & ~undecided


def _reasons(
    question: Question, variables: tuple[Variable, ...], answers: pd.DataFrame, missing: MissingEntry, stream: Stream
) -> Iterator[tuple[Variable, NDArray[np.object_]]]:
    """Why each cell would be blank if the question were put to everybody; "" where it is answered."""
    n = len(answers)
    together = np.zeros(n, dtype=bool)
    if not question.required and question.kind != "array":
        together = stream(f"{question.code} skipped").random(n) < missing.skipped.rate
    for variable in variables:
        reason = np.full(n, "", dtype=object)
        chance = stream(f"{variable.name} blank").random((n, 3))
        offered = {option.blank for option in variable.scale.options} if variable.scale else set()
        if Blank.REFUSED in offered:
            reason[chance[:, 0] < missing.refused.rate] = Blank.REFUSED
        if Blank.NOT_APPLICABLE in offered:
            reason[chance[:, 1] < missing.not_applicable.rate] = Blank.NOT_APPLICABLE
        if not question.required:
            reason[chance[:, 2] < missing.skipped.rate if question.kind == "array" else together] = Blank.SKIPPED
        if answers[variable.name].isna().all():
            # A text is not simulated. That beside “other” is not asked of those who chose a listed answer.
            beside = variable.name == f"{question.code}_other"
            reason[:] = np.where(together | (not beside), Blank.SKIPPED, Blank.NOT_APPLICABLE)
        yield variable, reason
