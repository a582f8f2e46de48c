"""The schema refuses what the survey room refuses of a response, but for what its notes name."""

from __future__ import annotations

import json
import random
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from clustergov.instruments.arithmetic import is_blank
from clustergov.instruments.check import read_questionnaire
from clustergov.instruments.json_schema import to_json_schema
from clustergov.instruments.questionnaire import Questionnaire, Variable
from clustergov.survey.blanks import explain_blanks, substantive
from clustergov.survey.responses import Origin, Responses
from clustergov.survey.validation import validate
from conftest import ROOT
from questionnaire_strategy import EXAMPLES, questionnaires, tries
from surveyjs_respondent import asked_answers, drawn

SHIPPED = ROOT / "instruments" / "cluster-organisation.yml"


def _checker(questionnaire: Questionnaire) -> Draft202012Validator:
    schema = json.loads(to_json_schema(questionnaire).content)
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def _violations(questionnaire: Questionnaire, answers: list[dict[str, Any]]) -> list[set[tuple[str, str]]]:
    """What the survey room finds wrong with each of some complete responses: variable or question, and rule."""
    index = pd.Index([f"r{number}" for number in range(len(answers))])
    columns, unlisted = {}, {}
    for variable in questionnaire.variables:
        values = [each.get(variable.name) for each in answers]
        strange = [value is not None and not _listed(variable, value) for value in values]
        kept = [None if odd or is_blank(value) else value for value, odd in zip(values, strange, strict=True)]
        kind = "float64" if variable.kind == "number" else "str"
        columns[variable.name] = pd.Series(kept, index=index, dtype=kind)
        unlisted[variable.name] = pd.Series(strange, index=index)
    frame, odd_cells = pd.DataFrame(columns), pd.DataFrame(unlisted)
    complete = pd.Series(True, index=index)
    blanks = explain_blanks(frame, questionnaire, complete=complete, last_page=None, not_asked=(), unlisted=odd_cells)
    found = [
        (respondent, name, str(each[name]))
        for respondent, each in zip(index, answers, strict=True)
        for name in frame
        if odd_cells.loc[respondent, name]
    ]
    responses = Responses(
        questionnaire, substantive(frame, blanks, questionnaire), blanks, Origin("real"),
        pd.DataFrame(found, columns=["respondent", "variable", "value"], dtype="str"), complete,
    )  # fmt: skip
    table = validate(responses, rows=range(len(answers)))
    rules = list(zip(table["row"], table["question"].astype(str), table["rule"].astype(str), strict=True))
    return [{(name, rule) for row, name, rule in rules if row == number} for number in range(len(answers))]


def _listed(variable: Variable, value: Any) -> bool:
    if variable.scale is not None:
        return value in [option.code for option in variable.scale.options]
    return isinstance(value, float) if variable.kind == "number" else isinstance(value, str)


def _spoiled(questionnaire: Questionnaire, answers: dict[str, Any], rng: random.Random) -> dict[str, Any]:
    """The response with one cell emptied, filled in or exchanged."""
    variable = rng.choice(questionnaire.variables)
    if variable.scale is not None:
        value: Any = rng.choice([*(option.code for option in variable.scale.options), "zz", None])
    elif variable.kind == "number":
        value = rng.choice([0.0, 1.5, -7.0, 3000.0, 42.0, None])
    else:
        value = rng.choice(["2026-01-01", None])
    return {**answers, variable.name: value}


@tries(max(25, EXAMPLES // 2))
@given(questionnaires(), st.integers(0, 10**6))
def test_schema_and_survey_room_agree(questionnaire, seed):
    if not questionnaire.variables:
        return
    rng = random.Random(seed)
    exported = to_json_schema(questionnaire)
    checker = _checker(questionnaire)
    unchecked = {note.place.split(",")[0].removeprefix("question ") for note in exported.notes}
    responses = []
    for _ in range(3):
        answers = asked_answers(questionnaire, drawn(questionnaire, rng))[0]
        responses += [answers, _spoiled(questionnaire, answers, rng), _spoiled(questionnaire, answers, rng)]
    for response, found in zip(responses, _violations(questionnaire, responses), strict=True):
        wrong = {name for name, rule in found if rule not in ("required", "total")}
        refused = [error.message for error in checker.iter_errors(response)]
        if refused:
            assert wrong, (refused, response)
        else:
            assert [name for name in wrong if name.split("_")[0] not in unchecked] == [], response


def test_the_shipped_questionnaire():
    questionnaire = read_questionnaire(SHIPPED)
    exported = to_json_schema(questionnaire)
    schema = json.loads(exported.content)
    checker = _checker(questionnaire)
    legal = schema["properties"]["legal"]
    assert legal["oneOf"][:2] == [{"const": "N", "title": "nee"}, {"const": "Y", "title": "ja"}]
    assert legal["x-blank"] == ["98"]
    fees = schema["properties"]["funding_fees"]
    assert (fees["type"], fees["minimum"], fees["maximum"], fees["x-total"]) == (["number", "null"], 0, 100, 100)
    board = next(name for name in schema["properties"] if name.startswith("board_"))
    assert schema["properties"][board]["x-when"] == 'legal = "Y"'
    assert [(note.place, note.rule) for note in exported.notes] == [
        ("question funding, total", "json-schema-unchecked")
    ]
    allowed: list[dict[str, Any]] = [
        {},
        {"legal": None},
        {"legal": "Y", board: 3},
        {"legal": "98"},
        {"legal": "N", board: None},
    ]
    refused: list[dict[str, Any]] = [
        {"legal": "y"}, {"legal": "N", board: 3}, {"legal": "98", board: 3}, {board: 3}, {"legal": "Y", board: 2.5},
        {"legal": "Y", board: 51}, {"funding_fees": "10"}, {"nobody": 1}, {"legal": True},
    ]  # fmt: skip
    assert [response for response in allowed if not checker.is_valid(response)] == []
    assert [response for response in refused if checker.is_valid(response)] == []


@pytest.mark.parametrize("seed", range(5))
def test_respondents_of_the_shipped_questionnaire_are_let_pass(seed):
    questionnaire = read_questionnaire(SHIPPED)
    given_answers = drawn(questionnaire, random.Random(seed))
    assert list(_checker(questionnaire).iter_errors(asked_answers(questionnaire, given_answers)[0])) == []


@tries(5)
@given(questionnaires())
def test_equal_questionnaires_make_equal_bytes(questionnaire):
    assert to_json_schema(questionnaire) == to_json_schema(questionnaire.model_copy(deep=True))
