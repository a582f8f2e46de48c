"""What is kept until when, and who says that it is due."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from clustergov.cli import command
from clustergov.survey.collection.fieldwork import Fieldwork
from clustergov.survey.privacy.retention import kept, overdue, warnings

LAST = datetime.date(2027, 6, 30)
FIELDWORK = Fieldwork.model_validate(
    {
        "fieldwork": "f",
        "questionnaire": "q.yml",
        "retention": {"personal data": "2027-06-30", "responses": "2037-01-01"},
    }
)


def study(folder: Path, until: str) -> Path:
    survey = folder / "survey"
    (survey / "invitation-1").mkdir(parents=True)
    (survey / "fieldwork.yml").write_text(
        f"fieldwork: f\nquestionnaire: q.yml\nretention:\n  personal data: {until}\n  responses: 2999-01-01\n",
        encoding="utf-8",
    )
    (survey / "key.enc").write_bytes(b"x")
    (survey / "frame.csv").write_text("pseudonym,country\nA,NL\n", encoding="utf-8")
    (survey / "invitation-1" / "links.csv").write_text("pseudonym,link\nA,https://x.example\n", encoding="utf-8")
    (survey / "invitation-1" / "A.eml").write_text("To: a@example.org\n\nx", encoding="utf-8")
    return folder


def test_the_last_day_is_a_day_on_which_it_is_kept() -> None:
    assert overdue(FIELDWORK, LAST) == ()
    assert overdue(FIELDWORK, LAST + datetime.timedelta(days=1)) == ("personal data",)
    assert overdue(FIELDWORK, datetime.date(2037, 1, 2)) == ("personal data", "responses")
    assert overdue(Fieldwork(fieldwork="f", questionnaire="q.yml"), datetime.date(2999, 1, 1)) == ()
    (told,) = warnings(FIELDWORK, datetime.date(2030, 1, 1))
    assert "2027-06-30" in told


def test_what_lies_where(tmp_path: Path) -> None:
    found = kept(study(tmp_path, "2027-06-30"), FIELDWORK, datetime.date(2030, 1, 1))
    assert [(each.kind, each.what, each.place, each.due) for each in found] == [
        ("personal data", "1 letters with personal links", "survey/invitation-1/", True),
        ("personal data", "personal links", "survey/invitation-1/links.csv", True),
        ("personal data", "key file", "survey/key.enc", True),
        ("responses", "frame", "survey/frame.csv", False),
    ]


@pytest.mark.parametrize(("until", "code"), [("2999-01-01", 0), ("2020-01-01", 1)])
def test_on_the_command_line(tmp_path: Path, until: str, code: int) -> None:
    done = CliRunner().invoke(command, ["survey", "retention", str(study(tmp_path, until))])
    assert done.exit_code == code, done.output
    assert ("is past" in done.output) == bool(code)
    assert "survey/key.enc" in done.output


def test_an_unfinished_erasure_is_told(tmp_path: Path) -> None:
    (study(tmp_path, "2999-01-01") / "survey" / ".journal.erasing").write_text("{}", encoding="utf-8")
    done = CliRunner().invoke(command, ["survey", "retention", str(tmp_path)])
    assert done.exit_code == 1
    assert "not finished" in done.output


def test_without_a_description_of_fieldwork(tmp_path: Path) -> None:
    assert CliRunner().invoke(command, ["survey", "retention", str(tmp_path)]).exit_code == 2
