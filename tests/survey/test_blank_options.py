"""Options that are no answer keep their own code, also where a scale has two of a kind; hidden fields are never filled."""

from __future__ import annotations

from pathlib import Path

import pytest

from clustergov import yaml_file
from clustergov.instruments.questionnaire import Blank, Questionnaire
from clustergov.survey.blank_options import with_blank_options
from clustergov.survey.missing_codes import with_missing_codes
from clustergov.survey.reading import read_responses
from clustergov.survey.writing import write_responses

TEXT = """questionnaire: two
version: "1"
title: {en: Two}
languages: [en]
scales:
  yesno:
    direction: ascending
    options:
      - {code: "N", text: {en: "no"}}
      - {code: "Y", text: {en: "yes"}}
      - {code: "98", text: {en: don't know}, blank: refused or don't know}
      - {code: "99", text: {en: rather not say}, blank: refused or don't know}
sections:
  - code: one
    title: {en: One}
    questions:
      - {code: fee, kind: single, scale: yesno, text: {en: Is there a fee?}}
      - code: share
        kind: numbers
        minimum: 0
        maximum: 100
        total: 100
        text: {en: Shares}
        items:
          - {code: fees, text: {en: fees}, when: fee = "Y"}
          - {code: publ, text: {en: government}}
          - {code: rest, text: {en: other}}
"""
ANSWERS = "id,fee,share_fees,share_publ,share_rest\r\na,98,,60,40\r\nb,99,,100,\r\nc,Y,,60,40\r\nd,N,,60,40\r\n"


@pytest.fixture
def questionnaire(tmp_path: Path) -> Questionnaire:
    (tmp_path / "two.yml").write_text(TEXT, encoding="utf-8")
    return yaml_file.read(tmp_path / "two.yml", Questionnaire)[0]


@pytest.fixture
def answers(tmp_path: Path) -> Path:
    (tmp_path / "answers.csv").write_text(ANSWERS, encoding="utf-8", newline="")
    return tmp_path / "answers.csv"


def test_two_options_of_a_kind_stay_apart(questionnaire: Questionnaire, answers: Path, tmp_path: Path) -> None:
    responses = read_responses(answers, questionnaire, strict=True)
    before = responses.frame.copy()
    assert with_blank_options(responses)["fee"].tolist() == ["98", "99", "Y", "N"]
    assert responses.frame.equals(before)
    assert responses.blanks["fee"].tolist() == [Blank.REFUSED.value] * 2 + ["", ""]
    assert with_missing_codes(responses)["fee"].astype(str).tolist() == ["98", "99", "Y", "N"]
    write_responses(responses, tmp_path / "again.csv")
    again = read_responses(tmp_path / "again.csv", questionnaire, strict=True)
    assert with_blank_options(again)["fee"].tolist() == ["98", "99", "Y", "N"]


def test_an_item_that_was_not_shown_is_not_filled_with_nought(questionnaire: Questionnaire, answers: Path) -> None:
    responses = read_responses(answers, questionnaire, strict=True)
    assert responses.frame["share_fees"].fillna(-1).tolist() == [-1, -1, 0, -1]
    assert responses.frame["share_rest"].tolist() == [40, 0, 40, 40]
    assert responses.blanks["share_fees"].tolist() == [Blank.NOT_APPLICABLE.value] * 2 + [
        "",
        Blank.NOT_APPLICABLE.value,
    ]
