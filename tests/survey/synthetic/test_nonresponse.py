"""Missing answers of a simulated survey: the declared rates, routing, and each cell's own reason."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from clustergov.instruments.questionnaire import Blank, Questionnaire
from clustergov.survey.synthetic.declaration import MissingEntry
from clustergov.survey.synthetic.nonresponse import blank_out
from clustergov.yaml_file import read

N = 20_000

RATE = 0.01
"""Four standard errors of a rate of .1 at 20,000 draws are 0.0085."""

QUESTIONNAIRE = """\
questionnaire: small
version: 1
title: {en: Small}
languages: [en]
scales:
  yesno:
    direction: ascending
    options: [{code: N, text: {en: n}}, {code: Y, text: {en: y}},
              {code: 97, text: {en: na}, blank: not applicable}, {code: 98, text: {en: dk}, blank: refused or don't know}]
sections:
  - code: one
    title: {en: One}
    questions:
      - {code: legal, kind: single, scale: yesno, text: {en: a}, other: true}
      - {code: must, kind: number, text: {en: b}, required: true}
  - code: two
    title: {en: Two}
    questions:
      - {code: late, kind: single, scale: yesno, text: {en: c}}
      - {code: boxes, kind: multiple, text: {en: d}, items: [{code: p, text: {en: p}}, {code: q, text: {en: q}}]}
      - {code: rows, kind: array, scale: yesno, text: {en: d}, items: [{code: p, text: {en: p}}, {code: q, text: {en: q}}]}
  - code: three
    title: {en: Three}
    questions:
      - {code: seats, kind: number, text: {en: e}, when: legal = "Y"}
      - {code: deep, kind: number, text: {en: f}, when: late = "Y"}
"""


def rates(**given: float) -> MissingEntry:
    names = ("skipped", "refused", "not_applicable", "abandoned")
    return MissingEntry.model_validate({name: {"rate": given.get(name, 0.0), "mark": "U"} for name in names})


def stream(name: str) -> np.random.Generator:
    return np.random.default_rng([3, *name.encode()])


@pytest.fixture
def questionnaire(tmp_path: Path) -> Questionnaire:
    path = tmp_path / "small.yml"
    path.write_text(QUESTIONNAIRE, encoding="utf-8")
    return read(path, Questionnaire)[0]


@pytest.fixture
def answers(questionnaire: Questionnaire) -> pd.DataFrame:
    columns = {}
    for variable in questionnaire.variables:
        kind = {"number": "float64"}.get(variable.kind, "str")
        value = {"number": 3.0, "text": np.nan}.get(variable.kind, "Y")
        columns[variable.name] = pd.Series([value] * N, dtype=kind)
    columns["legal"] = pd.Series(np.where(np.arange(N) % 2, "Y", "N"), dtype="str")
    return pd.DataFrame(columns)


def test_without_rates_only_routing_blanks(questionnaire: Questionnaire, answers: pd.DataFrame) -> None:
    before = answers.copy()
    frame, blanks, complete = blank_out(answers, questionnaire, rates(), stream)
    pd.testing.assert_frame_equal(answers, before)
    assert complete.all()
    assert (blanks["seats"] == np.where(answers["legal"] == "Y", "", "not applicable")).all()
    assert frame["seats"].notna().equals(answers["legal"] == "Y")
    assert (blanks["legal_other"] == Blank.NOT_APPLICABLE.value).all()
    assert (blanks[["must", "late", "boxes_p", "rows_p", "deep"]] == "").all(axis=None)


def test_each_reason_comes_at_its_rate_and_only_where_it_is_offered(
    questionnaire: Questionnaire, answers: pd.DataFrame
) -> None:
    _, blanks, _ = blank_out(answers, questionnaire, rates(refused=0.1, not_applicable=0.1), stream)
    assert (blanks["rows_p"] == Blank.REFUSED.value).mean() == pytest.approx(0.09, abs=RATE)  # some are both
    assert (blanks["rows_p"] == Blank.NOT_APPLICABLE.value).mean() == pytest.approx(0.1, abs=RATE)
    assert (blanks[["must", "boxes_p", "boxes_q"]] == "").all(axis=None)


def test_boxes_are_skipped_together_rows_one_by_one_and_the_compulsory_never(
    questionnaire: Questionnaire, answers: pd.DataFrame
) -> None:
    _, blanks, _ = blank_out(answers, questionnaire, rates(skipped=0.1), stream)
    skipped = blanks == Blank.SKIPPED.value
    assert skipped["boxes_p"].equals(skipped["boxes_q"])
    assert skipped["boxes_p"].mean() == pytest.approx(0.1, abs=RATE)
    assert (skipped["rows_p"] & skipped["rows_q"]).mean() == pytest.approx(0.01, abs=RATE / 2)
    assert not skipped["must"].any()
    assert skipped["legal_other"].equals(skipped["legal"])
    assert (blanks.loc[skipped["legal"], "seats"] == Blank.NOT_APPLICABLE.value).all()


def test_who_stops_is_blank_from_there_on_unless_routing_had_decided(
    questionnaire: Questionnaire, answers: pd.DataFrame
) -> None:
    frame, blanks, complete = blank_out(answers, questionnaire, rates(abandoned=0.4), stream)
    assert 1 - complete.mean() == pytest.approx(0.4, abs=0.014)  # four standard errors
    gone = blanks == Blank.ABANDONED.value
    assert not gone[["legal", "must"]].any(axis=None)
    early = gone["late"]
    assert early.mean() == pytest.approx(0.2, abs=0.012)  # before the second or the third section, equally likely
    assert gone.loc[early, "deep"].all()  # nobody had answered what it depends on
    assert (blanks.loc[early & (frame["legal"] == "N"), "seats"] == Blank.NOT_APPLICABLE.value).all()
    assert gone.loc[early & (frame["legal"] == "Y"), "seats"].all()
    assert not gone[complete].any(axis=None)
