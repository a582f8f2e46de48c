"""``clustergov survey invite``, ``remind``, ``status``, ``fetch``, ``close``, on an imitated LimeSurvey and our own service."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from clustergov.cli import command
from clustergov.instruments.check import read_questionnaire
from clustergov.instruments.limesurvey.write import to_lss
from clustergov.instruments.questionnaire import Questionnaire
from clustergov.survey.collection.fieldwork import Fieldwork
from clustergov.survey.limesurvey.connection import Connection
from clustergov.survey.limesurvey.credentials import Credentials
from remote_control import PASSWORD, USER, FakeLimeSurvey, FakeSurvey, fake_limesurvey

PEOPLE = "pseudonym,email,name,language\nAAA,a@example.org,Jan Jansen,nl\nBBB,b@example.org,,en\n"
FIELDWORK = """\
fieldwork: test
questionnaire: questionnaire.yml
contact: {name: The team, email: team@example.org}
invitation:
  subject: {nl: "Uitnodiging {name}", en: Invitation}
  body: {nl: "Beste {name}, {link} {anders}", en: "Dear {name}, {link}"}
"""

BRIEF = """\
questionnaire: brief
version: 1
title: {nl: Kort, en: Brief}
languages: [nl, en]
sections:
  - code: all
    title: {nl: Alles, en: All}
    questions:
      - {code: staff, kind: number, text: {nl: Hoeveel mensen?, en: How many people?}}
      - {code: remark, kind: text, text: {nl: Nog iets?, en: Anything else?}}
"""


def survey(*words: object, typed: str = "") -> Result:
    return CliRunner().invoke(command, ["survey", *(str(word) for word in words)], input=typed)


@pytest.fixture
def people(tmp_path: Path) -> Path:
    path = tmp_path / "people.csv"
    path.write_text(PEOPLE)
    return path


@pytest.fixture
def fieldwork(tmp_path: Path) -> Path:
    path = tmp_path / "fieldwork.yml"
    path.write_text(FIELDWORK)
    return path


@pytest.fixture(scope="module")
def file(root: Path) -> Path:
    return root / "tests" / "instruments" / "every_kind.yml"


@pytest.fixture(scope="module")
def asked(file: Path) -> Questionnaire:
    return read_questionnaire(file)


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeLimeSurvey]:
    with fake_limesurvey() as server:
        for name, value in (("URL", server.url), ("USER", USER), ("PASSWORD", PASSWORD)):
            monkeypatch.setenv(f"CLUSTERGOV_LIMESURVEY_{name}", value)
        yield server


@pytest.fixture
def lime(fake: FakeLimeSurvey, asked: Questionnaire) -> FakeSurvey:
    with Connection(Credentials(fake.url, USER, PASSWORD)) as server:
        number = server.tell("import_survey", io.BytesIO(to_lss(asked).content), "lss")
        fake.surveys[number].row["anonymized"] = "N"
        server.tell("activate_survey", number)
    return fake.surveys[number]


@pytest.fixture
def service(tmp_path: Path) -> str:
    """The address of our own service's database, as `serve` leaves it."""
    from clustergov.survey.service.record import prepare
    from clustergov.survey.service.storage import Storage

    url = f"sqlite:///{tmp_path}/answers.db"
    (tmp_path / "brief.yml").write_text(BRIEF)
    prepare(
        url,
        read_questionnaire(tmp_path / "brief.yml"),
        Fieldwork(fieldwork="x", questionnaire="x", access="invited", anonymous=False),
    )
    storage = Storage(url)
    storage.set_setting("public", "https://survey.example.org")
    storage.close()
    return url


def answer(lime: FakeSurvey, number: int, *, submitted: bool = True, token: str | None = None) -> None:
    lime.responses = [row for row in lime.responses if row["id"] != number]
    lime.responses.append(
        {"id": number, "submitdate": "1980-01-01 00:00:00" if submitted else None, "lastpage": 1, "startlanguage": "nl",
         "token": token, "colour": "red", "why": None}
    )  # fmt: skip


def test_status_tells_where_a_survey_stands_also_as_json(lime: FakeSurvey, tmp_path: Path) -> None:
    answer(lime, 1)
    answer(lime, 2, submitted=False)
    result = survey("status", lime.sid, "--json", tmp_path / "status.json")
    assert result.exit_code == 0, result.output
    assert "open" in result.output
    told = json.loads((tmp_path / "status.json").read_text())
    assert (told["complete"], told["partial"], told["invited"], told["state"]) == (1, 1, None, "open")


def test_limesurvey_invites_whoever_was_not_yet(fake: FakeLimeSurvey, lime: FakeSurvey, people: Path) -> None:
    result = survey("invite", lime.sid, "--people", people, typed="y\n")
    assert result.exit_code == 0, result.output
    assert "Invite 2 people to “Alle soorten vragen & antwoorden”" in result.output
    assert "LimeSurvey sent 2 mails." in result.output
    assert sorted(mail["to"] for mail in fake.mails) == ["a@example.org", "b@example.org"]
    again = survey("invite", lime.sid, "--people", people, "--yes")
    assert "2 people had been invited before" in again.output
    assert len(fake.mails) == 2


@pytest.mark.parametrize("typed", ["", "n\n"])
def test_without_a_yes_nothing_is_done(fake: FakeLimeSurvey, lime: FakeSurvey, people: Path, typed: str) -> None:
    for words in (("invite", lime.sid, "--people", people), ("close", lime.sid)):
        result = survey(*words, typed=typed)
        assert result.exit_code == 2
        assert "not-confirmed" in result.output
    assert fake.mails == []
    assert lime.participants is None
    assert lime.row["expires"] is None


def test_who_could_not_be_invited_is_named_and_the_exit_code_says_so(
    fake: FakeLimeSurvey, lime: FakeSurvey, people: Path
) -> None:
    fake.mail_errors = {"b@example.org": "SMTP Error: Could not connect to SMTP host for b@example.org"}
    result = survey("invite", lime.sid, "--people", people, "--yes")
    assert result.exit_code == 1
    assert "1 person got nothing" in result.output
    assert "BBB" in result.output
    assert "SMTP Error" in result.output
    assert "b@example.org" not in result.output


def test_reminders_go_to_who_was_invited_and_has_not_completed(
    fake: FakeLimeSurvey, lime: FakeSurvey, people: Path
) -> None:
    assert "Nobody was invited" in survey("remind", lime.sid, "--yes").output
    survey("invite", lime.sid, "--people", people, "--yes")
    for row in lime.participants or []:
        row["sent"] = "2026-01-01 10:00"
    (lime.participants or [])[0]["completed"] = "2026-01-02 10:00"
    fake.mails.clear()
    result = survey("remind", lime.sid, "--yes")
    assert result.exit_code == 0, result.output
    assert [mail["to"] for mail in fake.mails] == ["b@example.org"]
    (lime.participants or [])[1]["completed"] = "2026-01-02 10:00"
    assert "everybody who was invited has completed" in survey("remind", lime.sid, "--yes").output


def test_fetch_brings_responses_home_once_each(lime: FakeSurvey, people: Path, file: Path, tmp_path: Path) -> None:
    survey("invite", lime.sid, "--people", people, "--yes")
    token = (lime.participants or [])[0]["token"]
    answer(lime, 1, token=token, submitted=False)
    answer(lime, 2)
    out = tmp_path / "home"
    words = ("fetch", lime.sid, "--questionnaire", file, "--out", out)
    first = survey(*words)
    assert first.exit_code == 0, first.output
    assert "+1 complete since the last fetch, 1 in all" in first.output
    assert [row["id"] for row in csv.DictReader((out / "partial.csv").open())] == ["AAA"]
    answer(lime, 1, token=token)
    second = survey(*words)
    assert "+1 complete since the last fetch, 2 in all" in second.output
    rows = list(csv.DictReader((out / "responses.csv").open()))
    assert [(row["id"], row["complete"], row["colour"]) for row in rows] == [("2", "yes", "red"), ("AAA", "yes", "red")]
    assert not (out / "partial.csv").exists()
    raw = sorted(path.name for path in (out / "raw").iterdir())
    assert "+0 complete since" in survey(*words).output
    assert sorted(path.name for path in (out / "raw").iterdir()) == raw
    everything = b"".join(path.read_bytes() for path in out.glob("*.csv"))
    assert token.encode() not in everything
    assert b"example.org" not in everything
    assert {path.stat().st_mode & 0o777 for path in [*out.glob("*.csv"), *(out / "raw").iterdir()]} == {0o600}


def test_a_table_that_somebody_edited_is_not_replaced_without_being_told(
    lime: FakeSurvey, file: Path, tmp_path: Path
) -> None:
    answer(lime, 1)
    words = ("fetch", lime.sid, "--questionnaire", file, "--out", tmp_path)
    assert survey(*words).exit_code == 0
    edited = tmp_path / "responses.csv"
    edited.write_text(edited.read_text() + "my own row\n")
    answer(lime, 2)
    result = survey(*words)
    assert result.exit_code == 2
    assert "file-exists" in result.output
    assert edited.read_text().endswith("my own row\n")
    assert survey(*words, "--overwrite").exit_code == 0
    assert "my own row" not in edited.read_text()


def test_an_altered_raw_export_stops_the_fetch(lime: FakeSurvey, file: Path, tmp_path: Path) -> None:
    answer(lime, 1)
    words = ("fetch", lime.sid, "--questionnaire", file, "--out", tmp_path)
    survey(*words)
    (path,) = (tmp_path / "raw").glob("*-complete.csv")
    path.write_bytes(path.read_bytes().replace(b"red", b"blu"))
    result = survey(*words)
    assert result.exit_code == 2
    assert "raw-altered" in result.output


def test_closing_asks_and_tells(lime: FakeSurvey) -> None:
    answer(lime, 1)
    result = survey("close", lime.sid, typed="y\n")
    assert result.exit_code == 0, result.output
    assert "is closed: 1 complete, 0 partial" in result.output
    assert lime.row["expires"] is not None
    assert survey("close", lime.sid).exit_code == 0  # nothing left to ask


def test_our_own_service_gives_links_and_letters(service: str, people: Path, fieldwork: Path, tmp_path: Path) -> None:
    out = tmp_path / "links"
    result = survey("invite", service, "--people", people, "--fieldwork", fieldwork, "--out", out, "--yes")
    assert result.exit_code == 0, result.output
    (folder,) = out.iterdir()
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    rows = list(csv.DictReader(io.StringIO((folder / "links.csv").read_bytes().decode("utf-8-sig"))))
    assert [(row["pseudonym"], row["name"], row["email"], row["language"]) for row in rows] == [
        ("AAA", "Jan Jansen", "a@example.org", "nl"),
        ("BBB", "", "b@example.org", "en"),
    ]
    assert len({row["link"] for row in rows}) == 2
    assert all(row["link"].startswith("https://survey.example.org/i/") for row in rows)
    letter = message_from_bytes((folder / "AAA.eml").read_bytes(), policy=default)
    assert letter["To"] == "Jan Jansen <a@example.org>"
    assert letter["From"] == "The team <team@example.org>"
    assert letter["Subject"] == "Uitnodiging Jan Jansen"
    assert letter.get_content().strip() == f"Beste Jan Jansen, {rows[0]['link']} {{anders}}"
    unnamed = message_from_bytes((folder / "BBB.eml").read_bytes(), policy=default)
    assert unnamed.get_content().startswith("Dear Sir or Madam, https://")
    again = survey("invite", service, "--people", people, "--fieldwork", fieldwork, "--out", out, "--yes")
    assert "2 people had been invited before" in again.output
    assert list(out.iterdir()) == [folder]


def test_reminders_of_our_own_service_are_addressed_from_the_list(
    service: str, people: Path, fieldwork: Path, tmp_path: Path
) -> None:
    words = ("--people", people, "--fieldwork", fieldwork, "--out", tmp_path / "links", "--yes")
    survey("invite", service, *words)
    result = survey("remind", service, *words)
    assert result.exit_code == 0, result.output
    (folder,) = (tmp_path / "links").glob("reminder-*")
    letter = message_from_bytes((folder / "AAA.eml").read_bytes(), policy=default)
    assert letter["To"] == "Jan Jansen <a@example.org>"
    assert "/i/" in letter.get_content()


def test_a_letter_without_a_link_stops_everything_beforehand(
    service: str, people: Path, fieldwork: Path, tmp_path: Path
) -> None:
    fieldwork.write_text(FIELDWORK.replace("Dear {name}, {link}", "Dear {name}"))
    result = survey("invite", service, "--people", people, "--fieldwork", fieldwork, "--out", tmp_path / "x", "--yes")
    assert result.exit_code == 2
    assert "letter-without-link" in result.output
    assert not (tmp_path / "x").exists()
    assert json.loads(_json_of_status(service, tmp_path))["invited"] is None


def _json_of_status(address: str, folder: Path) -> str:
    assert survey("status", address, "--json", folder / "status.json").exit_code == 0
    return (folder / "status.json").read_text()


def test_links_that_cannot_be_written_are_not_made(service: str, people: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    result = survey("invite", service, "--people", people, "--out", tmp_path / "file", "--yes")
    assert result.exit_code == 2
    assert "unwritable" in result.output
    assert json.loads(_json_of_status(service, tmp_path))["invited"] is None


def test_only_who_is_in_the_frame_is_invited(
    fake: FakeLimeSurvey, lime: FakeSurvey, people: Path, tmp_path: Path
) -> None:
    frame = tmp_path / "frame.csv"
    frame.write_text("pseudonym,country\nBBB,NL\nCCC,NL\n")
    result = survey("invite", lime.sid, "--people", people, "--frame", frame, "--yes")
    assert result.exit_code == 0, result.output
    assert [mail["to"] for mail in fake.mails] == ["b@example.org"]
    assert "1 of 2 in the frame have no address" in result.output


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        ("pseudonym\nAAA\n", "people-columns"),
        ("pseudonym,email,shoe size\nAAA,a@b.nl,43\n", "people-columns"),
        ("pseudonym,email\nAAA,a@b.nl\nAAA,c@d.nl\n", "duplicate-pseudonym"),
        ("pseudonym,email\nAAA,private-address\n", "e-mail"),
        ("pseudonym,email\n../x,a@b.nl\n", "pseudonym"),
        ("pseudonym,email\n", "no-people"),
        ("", "no-people"),
    ],
)
def test_a_list_of_people_that_will_not_do_is_told_without_repeating_it(
    lime: FakeSurvey, people: Path, content: str, rule: str
) -> None:
    people.write_text(content)
    result = survey("invite", lime.sid, "--people", people, "--yes")
    assert result.exit_code == 2
    assert f"[{rule}]" in result.output
    assert "private-address" not in result.output
    assert "c@d.nl" not in result.output


def test_what_is_missing_is_asked_for(
    lime: FakeSurvey, service: str, people: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for words, rule in [
        (("invite", lime.sid, "--yes"), "which-people"),
        (("invite", lime.sid, "--key", "k", "--people", people, "--yes"), "two-lists"),
        (("invite", lime.sid, "--key", "nothing.enc", "--yes"), "missing-file"),
        (("invite", lime.sid, "--people", "nothing.csv", "--yes"), "missing-file"),
        (("invite", service, "--people", people, "--yes"), "out"),
        (("fetch", lime.sid), "which-questionnaire"),
        (("fetch", lime.sid, "--questionnaire", "q.yml"), "out"),
        (("status", 999999), "limesurvey-no-survey"),
        (("status", f"sqlite:///{tmp_path}/nothing.db"), "]"),
        (("status", "postgresql://me:tiger@127.0.0.1:1/x"), "]"),
    ]:
        result = survey(*words)
        assert result.exit_code == 2, (words, result.output)
        assert rule in result.output, (words, result.output)
        assert "Traceback" not in result.output
        assert ":tiger@" not in result.output
    assert not (tmp_path / "nothing.db").exists()


def test_fetch_from_our_own_service_ties_answers_to_whom_they_are_from(
    service: str, people: Path, tmp_path: Path
) -> None:
    from clustergov.survey.service.keys import response_hash
    from clustergov.survey.service.storage import Page, Storage

    survey("invite", service, "--people", people, "--out", tmp_path / "links", "--yes")
    (table,) = (tmp_path / "links").glob("*/links.csv")
    rows = list(csv.DictReader(io.StringIO(table.read_bytes().decode("utf-8-sig"))))
    token = rows[1]["link"].rsplit("/", 1)[1]
    assert rows[1]["pseudonym"] == "BBB"
    storage = Storage(service)
    storage.keep(Page(response_hash(token), "step", 0, {}, {}, 2, "nl", False, "BBB"))
    storage.close()
    out = tmp_path / "home"
    words = ("fetch", service, "--questionnaire", tmp_path / "brief.yml", "--out", out)
    for _ in range(2):
        result = survey(*words)
        assert result.exit_code == 0, result.output
        rows = list(csv.DictReader((out / "partial.csv").open()))
        assert [(row["id"], row["complete"]) for row in rows] == [("BBB", "no")]
    assert "1 of all questionnaires by pseudonym" in result.output
    assert list(csv.DictReader((out / "responses.csv").open())) == []


def test_pseudonyms_stay_when_limesurvey_has_forgotten_them(
    lime: FakeSurvey, people: Path, file: Path, tmp_path: Path
) -> None:
    survey("invite", lime.sid, "--people", people, "--yes")
    answer(lime, 1, token=(lime.participants or [])[0]["token"])
    words = ("fetch", lime.sid, "--questionnaire", file, "--out", tmp_path / "home")
    survey(*words)
    lime.participants = None
    assert survey(*words).exit_code == 0
    assert [row["id"] for row in csv.DictReader((tmp_path / "home" / "responses.csv").open())] == ["AAA"]
    assert (tmp_path / "home" / "raw" / "pseudonyms.csv").stat().st_mode & 0o777 == 0o600


def test_a_survey_that_was_emptied_does_not_empty_what_was_fetched(
    lime: FakeSurvey, file: Path, tmp_path: Path
) -> None:
    for number in range(1, 7):
        answer(lime, number)
    words = ("fetch", lime.sid, "--questionnaire", file, "--out", tmp_path)
    survey(*words)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    lime.responses = lime.responses[:1]
    result = survey(*words)
    assert result.exit_code == 2
    assert "5 of the 6 complete responses" in result.output
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before
    assert survey(*words, "--accept-deleted").exit_code == 0
    assert [row["id"] for row in csv.DictReader((tmp_path / "responses.csv").open())] == ["1"]


@pytest.fixture
def late(tmp_path: Path) -> Path:
    """A study whose personal data were to be kept until a day that is past."""
    folder = tmp_path / "study"
    (folder / "survey").mkdir(parents=True)
    (folder / "study.yml").write_text("study: late\n")
    (folder / "survey" / "fieldwork.yml").write_text(FIELDWORK + "retention: {personal_data: 2020-01-31}\n")
    return folder


@pytest.mark.parametrize("verb", ["status", "invite", "remind"])
def test_what_is_past_its_date_is_told(verb: str, late: Path, people: Path, service: str, tmp_path: Path) -> None:
    words: list[object] = [verb, service, "--study", late]
    if verb != "status":
        words += ["--people", people, "--out", tmp_path / "out", "--yes"]
    result = survey(*words)
    assert result.exit_code == 0, result.output
    assert result.stderr.count("were to be kept until 2020-01-31: they are due to be deleted") == 1
    file = late / "survey" / "fieldwork.yml"
    file.write_text(file.read_text().replace("2020-", "2999-"))
    assert "due to be deleted" not in survey(*words).stderr


def test_links_that_nobody_reaches_are_warned_of(service: str, people: Path, tmp_path: Path) -> None:
    from clustergov.survey.service.storage import Storage

    storage = Storage(service)
    storage.set_setting("public", "http://127.0.0.1:8000")
    storage.close()
    invited = survey("invite", service, "--people", people, "--out", tmp_path / "near", "--yes")
    assert "open on this machine only" in invited.output
    storage = Storage(service)
    storage.set_setting("public", "https://survey.example.org")
    storage.close()
    reminded = survey("remind", service, "--people", people, "--out", tmp_path / "far", "--yes")
    assert "2 personal links" in reminded.output
    assert "open on this machine only" not in reminded.output
