"""Who did not submit is partial or broke off, by the share of the questions put to them that they answered."""

from __future__ import annotations

from pathlib import Path

import pytest

from clustergov.instruments.check import read_questionnaire
from clustergov.survey.breaking_off import told_apart
from clustergov.survey.collection.fetching import Fetched, Table
from clustergov.survey.frame.disposition import read_dispositions

FOUR = """\
questionnaire: four
version: 1
title: {en: Four}
languages: [en]
sections:
  - code: all
    title: {en: All}
    questions:
      - {code: one, kind: number, text: {en: One?}, required: false}
      - {code: two, kind: number, text: {en: Two?}, required: false}
      - {code: three, kind: number, text: {en: Three?}, required: false}
      - {code: more, kind: number, text: {en: More?}, when: three > 5, required: false}
"""


def fetched(*rows: tuple[str | None, ...]) -> Fetched:
    ids = [str(row[0]) for row in rows]
    return Fetched(
        complete=Table(("id", "complete", "one", "two", "three", "more"), (("c", "yes", "1", None, None, None),)),
        partial=Table(("id", "complete", "one", "two", "three", "more"), tuple((row[0], "no", *row[1:]) for row in rows)),
        dispositions=Table(
            ("id", "disposition"), (("c", "complete"), *((name, "partial") for name in ids), ("r", "refused"), ("b", "begun"))
        ),
        without_use=0, set_aside=0, linked=0, deleted=(), missing=(), unknown=(),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("partial_from", "few"), [(0.0, {"none"}), (0.5, {"none", "third"}), (0.6, {"none", "third", "half"})]
)
def test_by_the_share_that_was_answered(tmp_path: Path, partial_from: float, few: set[str]) -> None:
    (tmp_path / "four.yml").write_text(FOUR, encoding="utf-8")
    asked = read_questionnaire(tmp_path / "four.yml")
    found = fetched(
        ("none", None, None, None, None), ("third", "7", None, None, None),
        ("half", None, "2", "9", None),  # asked four, as the third is above five
        ("two", "1", "2", "3", None),  # all that applies
    )  # fmt: skip
    rows = dict(told_apart(found, asked, partial_from=partial_from).dispositions.rows)
    assert {name for name, told in rows.items() if told == "break-off"} == few
    assert (rows["c"], rows["r"], rows["b"], rows["two"]) == ("complete", "refused", "begun", "partial")


def test_outcome_rates_understand_every_word_of_it(tmp_path: Path) -> None:
    (tmp_path / "four.yml").write_text(FOUR, encoding="utf-8")
    found = told_apart(
        fetched(("p", "1", "2", None, None), ("q", None, None, None, None)), read_questionnaire(tmp_path / "four.yml"),
        partial_from=0.5,
    )  # fmt: skip
    path = tmp_path / "dispositions.csv"
    path.write_bytes(found.dispositions.content())
    assert read_dispositions(path, {"c", "p", "q", "r", "b"}) == {"c": "I", "p": "P", "q": "R", "r": "R", "b": "R"}


def test_nobody_who_did_not_submit(tmp_path: Path) -> None:
    (tmp_path / "four.yml").write_text(FOUR, encoding="utf-8")
    found = fetched()
    assert told_apart(found, read_questionnaire(tmp_path / "four.yml"), partial_from=0.5) == found
