"""Cells that were left open but whose value follows from the cells beside them; nothing is estimated."""

from __future__ import annotations

import pandas as pd

from clustergov.instruments.asking import asked_when
from clustergov.instruments.questionnaire import Question, Questionnaire
from clustergov.survey.blanks import holds
from clustergov.survey.total import room


def fill_implied(frame: pd.DataFrame, questionnaire: Questionnaire) -> pd.DataFrame:
    """Fill the cells that their siblings decide, in two cases only.

    *Multiple choice.* Survey software stores an unticked box as an empty cell. When any box of the question is ticked,
    its text beside “other” is filled, or any cell says no outright, the question was answered and its other cells are
    N. When all are empty nothing is filled: not ticked, not shown and not reached look the same.

    *Numbers with a total.* When the numbers given reach the total and none may be negative, the fields left open can
    only be 0; not one that routing hid from the respondent: it was never open.

    Parameters
    ----------
    frame : DataFrame
        Codes; columns are variables that the file has, others are not added.
    questionnaire : Questionnaire

    Returns
    -------
    DataFrame of the same shape.
    """
    filled = frame.copy()
    for question in questionnaire.questions:
        if question.kind == "multiple":
            _fill_ticks(filled, question)
        elif question.kind == "numbers" and question.total is not None:
            _fill_zeros(filled, question, question.total, questionnaire)
    return filled


def _present(frame: pd.DataFrame, question: Question) -> list[str]:
    return [name for item in question.items if (name := f"{question.code}_{item.code}") in frame.columns]


def _fill_ticks(frame: pd.DataFrame, question: Question) -> None:
    names = _present(frame, question)
    beside = [name for name in (f"{question.code}_other",) if name in frame.columns]
    answered = frame[names + beside].notna().any(axis=1)
    for name in names:
        frame.loc[answered & frame[name].isna(), name] = "N"


def _fill_zeros(frame: pd.DataFrame, question: Question, total: float, questionnaire: Questionnaire) -> None:
    names = _present(frame, question)
    if question.minimum is None or question.minimum < 0 or len(names) < len(question.items):
        return
    reached = reaches_total(frame[names].sum(axis=1, min_count=1), total)
    for name in names:
        condition = asked_when(questionnaire.by_name[name])
        shown = reached
        if condition is not None and set(condition.variables) <= set(frame.columns):
            shown = reached & holds(condition, questionnaire, frame)
        frame.loc[shown & frame[name].isna(), name] = 0.0


def reaches_total(sums: pd.Series[float], total: float) -> pd.Series[bool]:
    """Whether sums equal a total within `total.TOTAL_TOLERANCE`; an undefined sum does not."""
    return (sums - total).abs() <= room(total)
