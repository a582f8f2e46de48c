"""What must be known of a table before any analysis of it: rows that repeat another, answers that cannot be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clustergov.language import Text, both

if TYPE_CHECKING:
    from clustergov.study.data import Data
    from clustergov.survey.responses import Responses

MANY_COLUMNS = 12
MANY_VALUES = 20
"""A table with so many columns, or one with so many different values, seldom holds two equal rows by chance; own choice."""

MOST_TOLD = 5
"""Answers and questions that a caution names."""


def data_cautions(data: Data) -> list[Text]:
    """Cautions in Dutch and English, none where there is nothing to tell."""
    found = _repeated(data)
    if data.responses is not None and data.plan is None:  # a study's plan refuses such answers
        found += _impossible(data.responses) + _unanswered(data.responses)
    return found


def _repeated(data: Data) -> list[Text]:
    from clustergov.analysis.models.row_flow import duplicated_rows

    table = data.table
    if table.shape[1] < MANY_COLUMNS and not any(table[name].nunique() > MANY_VALUES for name in table):
        return []
    twice = duplicated_rows(table)
    return [twice] if twice else []


def _impossible(responses: Responses) -> list[Text]:
    from clustergov.survey.validation import WARNINGS, validate

    wrong = validate(responses)
    wrong = wrong[~wrong["rule"].isin(WARNINGS)]
    if wrong.empty:
        return []
    told = [f"{row.question} “{row.value}” ({row.rule}, {row.row})" for row in wrong.head(MOST_TOLD).itertuples()]
    return [both("data_cautions.impossible", count=len(wrong), told=_listed(told, len(wrong)))]


def _unanswered(responses: Responses) -> list[Text]:
    empty = [str(name) for name in responses.frame if responses.frame[name].isna().all()]
    closed = [name for name in empty if responses.questionnaire.by_name[name].kind not in ("text", "file")]
    return [both("data_cautions.unanswered", told=_listed(closed[:MOST_TOLD], len(closed)))] if closed else []


def _listed(told: list[str], count: int) -> str:
    return "; ".join(told) + ("; …" if count > len(told) else "")
