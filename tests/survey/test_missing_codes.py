"""Codes for blank cells: none is left blank, every reason can be read back, and no answer is mistaken for one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from clustergov.instruments.check import read_questionnaire
from clustergov.instruments.questionnaire import Blank, Questionnaire
from clustergov.instruments.statistical.blank_codes import BLANK_CODES
from clustergov.problems import InputError
from clustergov.survey.blanks import explain_blanks, substantive
from clustergov.survey.missing_codes import with_missing_codes
from clustergov.survey.responses import Origin, Responses
from clustergov.survey.synthetic.simulation import read_simulation, simulate


@pytest.fixture(scope="module")
def simulated(root: Path) -> Responses:
    questionnaire = read_questionnaire(root / "instruments" / "cluster-organisation.yml")
    model = read_simulation(root / "survey" / "simulation.yml", questionnaire)
    return simulate(model, questionnaire, n=400, rng=np.random.default_rng(20261122)).responses


def test_no_cell_is_blank_and_the_columns_keep_their_kind(simulated):
    coded = with_missing_codes(simulated)
    assert not coded.isna().any().any()
    assert coded.dtypes.equals(simulated.frame.dtypes)
    assert coded.index.equals(simulated.frame.index)
    assert list(coded.columns) == list(simulated.frame.columns)


def test_answers_and_reasons_can_be_read_back_exactly(simulated):
    coded = with_missing_codes(simulated)
    for variable in simulated.questionnaire.variables:
        reasons = {code if variable.kind == "number" else str(code): blank.value for blank, code in BLANK_CODES.items()}
        options = variable.scale.options if variable.scale is not None else ()
        reasons |= {option.code: option.blank for option in options if option.blank is not None}
        column = coded[variable.name]
        found = column.map(reasons)
        pd.testing.assert_series_equal(found.fillna("").astype("str"), simulated.blanks[variable.name])
        pd.testing.assert_series_equal(column.mask(found.notna()), simulated.frame[variable.name])


def test_the_simulation_leaves_cells_blank_for_several_reasons(simulated):
    assert {"skipped", "not applicable", "abandoned", "refused or don't know"} <= set(np.unique(simulated.blanks))


def one_respondent(small: Questionnaire, answers: dict[str, object]) -> Responses:
    codes = pd.DataFrame({name: [value] for name, value in answers.items()}, index=pd.Index(["1"], name="id"))
    blanks = explain_blanks(codes, small, complete=pd.Series([True], index=codes.index), not_asked=["remarks"])
    return Responses(small, substantive(codes, blanks, small), blanks, Origin("real"))


def test_each_reason_has_its_own_code(small):
    answers = {name: None for name in small.by_name if name != "year"}
    coded = with_missing_codes(
        one_respondent(small, {**answers, "legal": "N", "contact_firms": "98", "contact_govern": "97"})
    )
    row = coded.iloc[0]
    assert row["field"] == str(BLANK_CODES[Blank.SKIPPED])
    assert row["board_priv"] == BLANK_CODES[Blank.NOT_APPLICABLE]
    assert row["contact_firms"] == "98"
    assert row["contact_govern"] == "97"
    assert row["remarks"] == str(BLANK_CODES[Blank.NOT_ASKED])
    assert row["year"] == BLANK_CODES[Blank.NOT_RECORDED]


def test_an_answer_that_is_such_a_code_is_refused(small):
    responses = one_respondent(small, dict.fromkeys(small.by_name))
    frame = responses.frame.copy()
    frame.loc["1", ["year", "remarks"]] = [-992.0, "-991"]
    with pytest.raises(InputError) as refused:
        with_missing_codes(replace(responses, frame=frame))
    assert [(each.rule, each.place) for each in refused.value.problems] == [
        ("taken-code", "year"),
        ("taken-code", "remarks"),
    ]
    assert "-992" in str(refused.value)


def test_an_option_that_is_such_a_code_is_refused(small):
    data = small.model_dump()
    data["scales"]["often"]["options"][0]["code"] = "-996"
    other = Questionnaire.model_validate(data)
    responses = one_respondent(other, dict.fromkeys(other.by_name))
    with pytest.raises(InputError) as refused:
        with_missing_codes(responses)
    assert {each.place for each in refused.value.problems} == {"contact_firms", "contact_govern"}
