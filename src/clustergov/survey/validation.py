"""Answers that the questionnaire does not allow: one row per violation, and the same as problems to be read."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import pandas as pd

from clustergov.instruments.asking import asked_when, enforced
from clustergov.instruments.questionnaire import Blank, Question, Questionnaire, Variable
from clustergov.problems import Problem
from clustergov.survey.blank_options import with_blank_options
from clustergov.survey.blanks import passed_by
from clustergov.survey.implied import reaches_total
from clustergov.survey.responses import Responses
from clustergov.survey.total import TOTAL_TOLERANCE

COLUMNS = ("row", "question", "value", "rule")
WARNINGS = ("required",)
"""Rules whose violation is worth knowing and no reason to refuse a file."""

Violation = tuple[int, str, str, str]
"""Row, variable or question, value, rule."""
Cell = tuple[str, str, str, str]
"""Respondent, variable or question, value, rule."""

_TEXTS = ("text", "texts")


def validate(
    responses: Responses,
    *,
    rows: Sequence[int] | None = None,
    ids: Sequence[str] | None = None,
    not_asked: Collection[str] = (),
) -> pd.DataFrame:
    """Check every answer against the questionnaire.

    Rules: ``unknown-code`` an answer that is none of the options; ``not-a-number``, ``not-a-date``; ``out-of-range``;
    ``not-integer``; ``total`` numbers that do not add up to the question's total within half a per cent of it (shares:
    99.5 to 100.5), checked when every field was recorded; ``constraint`` answers that do not keep to the question's
    constraint, where those it needs are there; ``answered-but-not-asked`` an answer to a question that
    routing passed by, or that was declared not asked; ``required`` (a warning) a compulsory question left open by someone
    who submitted; ``duplicate-id``.

    Parameters
    ----------
    responses : Responses
    rows : sequence of int, optional
        Row of each respondent in its file; by default as in a table whose first row holds headings: 2, 3, …
    ids : sequence of str, optional
        Identifiers as the file has them, where they may stand twice.
    not_asked : collection of str
        Codes of questions or names of variables that were declared not asked.

    Returns
    -------
    DataFrame with columns row (int), question (name of the variable, or code of the question), value, rule (str)
        One row per violation, by row and then in questionnaire order; empty when there is none.
    """
    number = dict(zip(responses.frame.index, rows or range(2, responses.n + 2), strict=True))
    codes = with_blank_options(responses)
    found: list[Violation] = _duplicates(ids or [], list(number.values()))
    for question in responses.questionnaire.questions:
        cells = _unlisted(question, responses) + _numbers(question, responses) + _total(question, responses)
        cells += _not_asked(question, responses, codes, not_asked) + _required(question, responses)
        cells += _constraint(question, responses)
        found += [(number[respondent], name, value, rule) for respondent, name, value, rule in cells]
    found.sort(key=lambda violation: violation[0])
    table = pd.DataFrame(found, columns=list(COLUMNS))
    return table.astype({"row": "int64", "question": "str", "value": "str", "rule": "str"})


def _duplicates(ids: Sequence[str], rows: Sequence[int]) -> list[Violation]:
    first: dict[str, int] = {}
    numbered = [(name, row) for name, row in zip(ids, rows, strict=False) if name]
    return [(row, "id", name, "duplicate-id") for name, row in numbered if first.setdefault(name, row) != row]


def _unlisted(question: Question, responses: Responses) -> list[Cell]:
    rules = {"number": "not-a-number", "date": "not-a-date"}
    kinds = {variable.name: variable.kind for variable in responses.questionnaire.of(question.code)}
    own = responses.unlisted[responses.unlisted["variable"].isin(list(kinds))]
    return [
        (respondent, name, value, rules.get(kinds[name], "unknown-code"))
        for respondent, name, value in zip(own["respondent"], own["variable"], own["value"], strict=True)
    ]


def _numbers(question: Question, responses: Responses) -> list[Cell]:
    cells: list[Cell] = []
    for variable in responses.questionnaire.of(question.code):
        if variable.kind != "number":
            continue
        numbers = responses.frame[variable.name].dropna()
        low = numbers < (question.minimum if question.minimum is not None else -float("inf"))
        high = numbers > (question.maximum if question.maximum is not None else float("inf"))
        broken = (numbers % 1 != 0) & question.integer
        for rule, wrong in (("out-of-range", low | high), ("not-integer", broken)):
            cells += [
                (str(respondent), variable.name, _plain(value), rule) for respondent, value in numbers[wrong].items()
            ]
    return cells


def _total(question: Question, responses: Responses) -> list[Cell]:
    """Sums that miss the total, where every field is on record and the respondent did not stop halfway."""
    if question.kind != "numbers" or question.total is None:
        return []
    names = [variable.name for variable in responses.questionnaire.of(question.code) if variable.kind == "number"]
    unknown = [Blank.NOT_RECORDED.value, Blank.NOT_ASKED.value, Blank.ABANDONED.value]
    whole = ~responses.blanks[names].isin(unknown).any(axis=1)
    sums = responses.frame[names].sum(axis=1, min_count=1).round(9)
    wrong = sums.notna() & whole & ~reaches_total(sums, question.total)
    return [(str(respondent), question.code, _plain(value), "total") for respondent, value in sums[wrong].items()]


def _constraint(question: Question, responses: Responses) -> list[Cell]:
    """Respondents whose answers are all there and do not keep to the question's constraint."""
    condition = enforced(question)
    if condition is None:
        return []
    broken = ~pd.Series(condition.holds_in(responses.frame), index=responses.frame.index)
    own = [variable.name for variable in responses.questionnaire.of(question.code)]
    shown = responses.frame.loc[broken, own]
    return [
        (str(respondent), question.code, ", ".join(_plain(value) for value in row if value == value), "constraint")
        for respondent, row in zip(shown.index, shown.itertuples(index=False), strict=True)
    ]


def _not_asked(question: Question, responses: Responses, codes: pd.DataFrame, not_asked: Collection[str]) -> list[Cell]:
    cells: list[Cell] = []
    for variable in responses.questionnaire.of(question.code):
        passed = passed_by(variable, responses.questionnaire, codes, responses.blanks)
        column = responses.frame[variable.name]
        answered = column.notna() & (column != "N") if variable.kind == "tick" else column.notna()
        if not {question.code, variable.name} & set(not_asked):
            answered &= passed
        for respondent, value in column[answered].items():
            cells.append((str(respondent), variable.name, _plain(value), "answered-but-not-asked"))
    return cells


def _required(question: Question, responses: Responses) -> list[Cell]:
    if not question.required or responses.complete is None:
        return []
    names = [v.name for v in responses.questionnaire.of(question.code) if v.kind != "text" or question.kind in _TEXTS]
    skipped = responses.complete & (responses.blanks[names] == Blank.SKIPPED.value).any(axis=1)
    return [(str(respondent), question.code, "", "required") for respondent in skipped.index[skipped]]


def _plain(value: object) -> str:
    return f"{value:.12g}" if isinstance(value, float) else str(value)


def problems_of(violations: pd.DataFrame, questionnaire: Questionnaire, *, file: str) -> list[Problem]:
    """The violations as problems: where, what was expected, what was found, what to do."""
    return [
        _problem(int(row), name, value, rule, questionnaire, file)
        for row, name, value, rule in violations[list(COLUMNS)].itertuples(index=False)
    ]


def _problem(row: int, name: str, value: str, rule: str, questionnaire: Questionnaire, file: str) -> Problem:
    variable = questionnaire.by_name.get(name)
    question = variable.question if variable else next((q for q in questionnaire.questions if q.code == name), None)
    shown = value if len(value) <= 40 else value[:39] + "…"
    match rule:
        case "unknown-code":
            message, fix = f"expected {_options(variable)}, found “{shown}”.", "Correct the answer, or empty the cell."
        case "not-a-number":
            message, fix = f"expected a number, found “{shown}”.", "Write digits with one decimal sign, or nothing."
        case "not-a-date":
            message, fix = f"expected a date, found “{shown}”.", "Write it as 2026-03-01."
        case "out-of-range":
            message, fix = f"expected {_range(question)}, found {shown}.", "Correct the number, or empty the cell."
        case "not-integer":
            message, fix = f"expected a whole number, found {shown}.", "Correct the number, or empty the cell."
        case "total":
            total = question.total if question and question.total is not None else 0.0
            low, high = (_plain(total * (1 + sign * TOTAL_TOLERANCE)) for sign in (-1, 1))
            message = f"expected numbers that add up to {_plain(total)} ({low} to {high}), found a sum of {shown}."
            fix = "Correct them, or empty all of them."
        case "constraint":
            message = f"expected {question.constraint if question else 'the constraint to hold'}, found {shown or 'no answer'}."
            fix = "Correct one of the answers, or empty the cell."
        case "answered-but-not-asked":
            condition = asked_when(variable) if variable is not None else None
            when = f"asked only when {condition}" if condition is not None else "declared not asked"
            message, fix = (
                f"expected no answer ({when}), found “{shown}”.",
                "Correct one of the two, or empty the cell.",
            )
        case "duplicate-id":
            message, fix = f"expected each respondent once, found id “{shown}” again.", "Remove one of the rows."
        case _:
            message, fix = "expected an answer to this compulsory question, found none.", ""
    return Problem(rule, message, fix, file=file, place=f"row {row}, {name}",
                   severity="warning" if rule in WARNINGS else "error")  # fmt: skip


def _options(variable: Variable | None) -> str:
    codes = [option.code for option in variable.scale.options] if variable and variable.scale else []
    most = 12
    return f"one of the codes {', '.join(codes[:most])}{' …' if len(codes) > most else ''}"


def _range(question: Question | None) -> str:
    low, high = (question.minimum, question.maximum) if question else (None, None)
    if low is None or high is None:
        return f"at least {_plain(low)}" if low is not None else f"at most {_plain(high)}"
    return f"{_plain(low)} to {_plain(high)}"
