"""``fieldwork.yml``: what it says, and what is said about its mistakes."""

from __future__ import annotations

from pathlib import Path

import pytest

from clustergov.problems import InputError
from clustergov.survey.collection.fieldwork import read_fieldwork


def test_shipped_fieldwork_names_the_shipped_questionnaire(root: Path) -> None:
    fieldwork = read_fieldwork(root / "survey" / "fieldwork.yml")
    assert (root / "survey" / fieldwork.questionnaire).resolve() == root / "instruments" / "cluster-organisation.yml"
    assert [consent.use for consent in fieldwork.consent if consent.required] == ["analysis"]
    for message in (fieldwork.invitation, fieldwork.reminder):
        assert message is not None
        assert all("{name}" in body and "{link}" in body for body in message.body.values())


def test_every_mistake_is_told_at_once(tmp_path: Path) -> None:
    file = tmp_path / "fieldwork.yml"
    file.write_text(
        "fieldwork: x\nquestionnaire: a.yml\nacces: open\nanonymous: maybe\nretention: {personal data: soon}\n"
        "partial from: 2\nconsent:\n  - {use: Analysis, text: {nl: a, en: b}}\n",
        encoding="utf-8",
    )
    with pytest.raises(InputError) as error:
        read_fieldwork(file)
    told = {(problem.line, problem.place) for problem in error.value.problems}
    assert told == {
        (3, "acces"), (4, "anonymous"), (5, "retention.personal data"), (6, "partial from"), (8, "consent[0].use"),
    }  # fmt: skip
    assert "2027-06-30" in str(error.value)


def test_a_use_is_asked_for_once(tmp_path: Path) -> None:
    file = tmp_path / "fieldwork.yml"
    consent = "  - {use: a, text: {nl: a, en: b}}\n"
    file.write_text(f"fieldwork: x\nquestionnaire: a.yml\nconsent:\n{consent}{consent}", encoding="utf-8")
    with pytest.raises(InputError, match="every use of the answers once"):
        read_fieldwork(file)


def test_a_date_in_another_form_is_no_text_without_a_language(tmp_path: Path) -> None:
    path = tmp_path / "fieldwork.yml"
    path.write_text("fieldwork: x\nquestionnaire: x.yml\nretention: {responses: 30-06-2027}\n")
    with pytest.raises(InputError, match="expected a date such as 2027-06-30; found “30-06-2027”") as refused:
        read_fieldwork(path)
    assert "language" not in str(refused.value)
