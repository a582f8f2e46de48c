"""Participants of a LimeSurvey survey: added once, invited once, told apart by pseudonym alone."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from clustergov.instruments.check import read_questionnaire
from clustergov.instruments.limesurvey.write import to_lss
from clustergov.survey.collection.collecting import Person
from clustergov.survey.limesurvey.connection import Connection
from clustergov.survey.limesurvey.credentials import Credentials
from clustergov.survey.limesurvey.errors import RefusedError
from clustergov.survey.limesurvey.participants import Participants, new_token
from remote_control import PASSWORD, USER, FakeLimeSurvey, FakeSurvey, fake_limesurvey

LANGUAGES = ("nl", "en")


@pytest.fixture
def fake() -> Iterator[FakeLimeSurvey]:
    with fake_limesurvey() as server:
        yield server


@pytest.fixture
def server(fake: FakeLimeSurvey) -> Iterator[Connection]:
    with Connection(Credentials(fake.url, USER, PASSWORD), sleep=lambda seconds: None) as connection:
        yield connection


@pytest.fixture
def survey(fake: FakeLimeSurvey, server: Connection, root: Path) -> FakeSurvey:
    """An active survey without participants."""
    content = to_lss(read_questionnaire(root / "tests" / "instruments" / "every_kind.yml")).content
    number = server.tell("import_survey", io.BytesIO(content), "lss")
    server.tell("activate_survey", number)
    return fake.surveys[number]


def people(count: int, start: int = 0) -> list[Person]:
    return [
        Person(f"P{n:03d}", f"p{n}@example.org", f"Name {n}", LANGUAGES[n % 2]) for n in range(start, start + count)
    ]


def test_everybody_is_added_with_an_own_token_and_pseudonym_and_invited(
    fake: FakeLimeSurvey, server: Connection, survey: FakeSurvey
) -> None:
    table = Participants(survey.sid, server)
    assert not table.exist()
    done = table.invite(people(23), LANGUAGES)
    assert sorted(done.sent) == [f"P{n:03d}" for n in range(23)]
    assert done.failed == ()
    assert len(fake.mails) == 23
    rows = survey.participants or []
    assert {row["attribute_1"] for row in rows} == set(done.sent)
    assert len({row["token"] for row in rows}) == 23
    assert all(len(row["token"]) == 26 for row in rows)  # 128 bits: LimeSurvey's own have 15 signs
    assert {row["language"] for row in rows} == {"nl", "en"}
    assert {row["firstname"] for row in rows} == {f"Name {n}" for n in range(23)}


def test_nobody_is_added_or_invited_twice(fake: FakeLimeSurvey, server: Connection, survey: FakeSurvey) -> None:
    table = Participants(survey.sid, server)
    table.invite(people(12), LANGUAGES)
    again = table.invite(people(15), LANGUAGES)
    assert sorted(again.sent) == ["P012", "P013", "P014"]
    assert len(fake.mails) == len({mail["to"] for mail in fake.mails}) == 15
    assert len(survey.participants or []) == 15


def test_all_are_seen_where_limesurvey_gives_a_page_at_a_time(
    monkeypatch: pytest.MonkeyPatch, server: Connection, survey: FakeSurvey
) -> None:
    monkeypatch.setattr("clustergov.survey.limesurvey.participants.PAGE", 7)
    table = Participants(survey.sid, server)
    table.invite(people(30), LANGUAGES)
    del (survey.participants or [])[3:9]  # numbers with a gap: “start” is a number and no offset
    assert [row.pseudonym for row in table.all()] == [f"P{n:03d}" for n in range(30) if not 3 <= n < 9]


def test_a_mail_that_fails_is_told_of_its_person_and_tried_again_next_time(
    fake: FakeLimeSurvey, server: Connection, survey: FakeSurvey
) -> None:
    fake.mail_errors = {"p1@example.org": "SMTP Error: recipient p1@example.org refused"}
    table = Participants(survey.sid, server)
    done = table.invite(people(3), LANGUAGES)
    assert sorted(done.sent) == ["P000", "P002"]
    assert [name for name, _ in done.failed] == ["P001"]
    assert "SMTP Error" in done.failed[0][1]
    assert "p1@example" not in done.failed[0][1]
    fake.mail_errors = {}
    assert table.invite(people(3), LANGUAGES).sent == ("P001",)


def test_a_server_that_sends_few_at_a_time_is_asked_until_all_are_sent(
    fake: FakeLimeSurvey, server: Connection, survey: FakeSurvey
) -> None:
    fake.max_emails = 3
    assert len(Participants(survey.sid, server).invite(people(11), LANGUAGES).sent) == 11


@pytest.mark.parametrize("email", ["", "nobody", "a@b.nl; c@d.nl", "a@b.nl,c@d.nl", "a b@c.nl", "<a@b.nl>"])
def test_what_is_not_one_address_is_not_added(server: Connection, survey: FakeSurvey, email: str) -> None:
    done = Participants(survey.sid, server).invite([Person("P1", email), *people(1)], LANGUAGES)
    assert done.sent == ("P000",)
    assert [name for name, _ in done.failed] == ["P1"]
    assert len(survey.participants or []) == 1


def test_a_language_that_the_survey_lacks_becomes_its_base_language(server: Connection, survey: FakeSurvey) -> None:
    Participants(survey.sid, server).invite([Person("P1", "a@b.nl", language="fr")], LANGUAGES)
    assert (survey.participants or [])[0]["language"] == "nl"


def test_after_a_lost_answer_limesurvey_is_asked_whom_it_sent_to(
    fake: FakeLimeSurvey, server: Connection, survey: FakeSurvey
) -> None:
    fake.trouble("invite_participants", "done, then hung up")
    table = Participants(survey.sid, server)
    done = table.invite(people(25), LANGUAGES)
    assert sorted(done.sent) == [f"P{n:03d}" for n in range(20)]  # the batch whose answer was lost
    assert {name for name, _ in done.failed} == {f"P{n:03d}" for n in range(20, 25)}
    assert fake.calls.count("invite_participants") == 1
    again = table.invite(people(25), LANGUAGES)
    assert len(again.sent) == 5
    assert len(fake.mails) == len({mail["to"] for mail in fake.mails}) == 25


def test_nothing_was_sent_where_the_server_broke_off_before(
    fake: FakeLimeSurvey, server: Connection, survey: FakeSurvey
) -> None:
    fake.trouble("invite_participants", "error page")
    done = Participants(survey.sid, server).invite(people(2), LANGUAGES)
    assert done.sent == ()
    assert all("broken off" in reason for _, reason in done.failed)
    assert fake.mails == []


def test_a_row_that_limesurvey_refuses_is_told_and_the_others_are_invited(
    fake: FakeLimeSurvey, server: Connection, survey: FakeSurvey, monkeypatch: pytest.MonkeyPatch
) -> None:
    tokens = iter(["same", "same", "other"])
    monkeypatch.setattr("clustergov.survey.limesurvey.participants.new_token", lambda: next(tokens))
    done = Participants(survey.sid, server).invite(people(3), LANGUAGES)
    assert done.sent == ("P000", "P002")
    assert done.failed[0][0] == "P001"
    assert "already been taken" in done.failed[0][1]


def test_people_whom_others_added_are_left_alone(fake: FakeLimeSurvey, server: Connection, survey: FakeSurvey) -> None:
    server.tell("activate_tokens", survey.sid, [1])
    stranger = {"email": "x@example.org", "token": "abc"}
    server.tell("add_participants", survey.sid, participant_data=[stranger], create_tokens=False)
    table = Participants(survey.sid, server)
    assert table.invite(people(1), LANGUAGES).sent == ("P000",)
    assert [mail["to"] for mail in fake.mails] == ["p0@example.org"]
    assert [row.pseudonym for row in table.all()] == ["", "P000"]


def test_a_table_without_room_for_the_pseudonym_is_refused_and_left_as_it_was(
    fake: FakeLimeSurvey, server: Connection, survey: FakeSurvey
) -> None:
    server.tell("activate_tokens", survey.sid, [])
    with pytest.raises(RefusedError, match="add an attribute"):
        Participants(survey.sid, server).invite(people(1), LANGUAGES)
    assert survey.participants == []
    assert fake.mails == []


def test_an_attribute_that_is_there_for_something_else_is_not_taken(server: Connection, survey: FakeSurvey) -> None:
    server.tell("activate_tokens", survey.sid, [1])
    survey.row["attributedescriptions"] = '{"attribute_1": {"description": "shoe size"}}'
    with pytest.raises(RefusedError, match="shoe size"):
        Participants(survey.sid, server).invite(people(1), LANGUAGES)


def test_the_attribute_that_is_called_pseudonym_is_taken_whatever_its_number(
    server: Connection, survey: FakeSurvey
) -> None:
    server.tell("activate_tokens", survey.sid, [1, 2])
    survey.row["attributedescriptions"] = (
        '{"attribute_1": {"description": "shoe size"}, "attribute_2": {"description": "Pseudonym"}}'
    )
    Participants(survey.sid, server).invite(people(1), LANGUAGES)
    assert (survey.participants or [])[0]["attribute_2"] == "P000"


def test_only_who_was_invited_a_day_ago_and_has_not_completed_is_reminded(
    fake: FakeLimeSurvey, server: Connection, survey: FakeSurvey
) -> None:
    table = Participants(survey.sid, server)
    table.invite(people(4), LANGUAGES)
    table.invite([Person("OUT", "o@example.org")], LANGUAGES)
    rows = {row["attribute_1"]: row for row in survey.participants or []}
    for row in rows.values():
        row["sent"] = "2026-01-01 10:00"
    rows["P001"]["completed"] = "2026-01-02 10:00"
    rows["P002"]["sent"] = "2999-01-01 10:00"  # invited just now
    rows["OUT"]["emailstatus"] = "OptOut"
    fake.mails.clear()
    done = table.remind()
    assert sorted(done.sent) == ["P000", "P003"]
    assert done.failed == (("P002", "invited or reminded less than a day ago"),)
    assert sorted(mail["to"] for mail in fake.mails) == ["p0@example.org", "p3@example.org"]
    again = table.remind()
    assert again.sent == ()
    assert len(fake.mails) == 2


def test_who_was_never_invited_is_not_reminded(fake: FakeLimeSurvey, server: Connection, survey: FakeSurvey) -> None:
    fake.mail_errors = {"*": "SMTP connect() failed"}
    table = Participants(survey.sid, server)
    table.invite(people(2), LANGUAGES)
    fake.mail_errors = {}
    assert table.remind().sent == ()
    assert fake.mails == []


def test_who_opted_out_is_not_invited(fake: FakeLimeSurvey, server: Connection, survey: FakeSurvey) -> None:
    table = Participants(survey.sid, server)
    fake.mail_errors = {"*": "no"}
    table.invite(people(1), LANGUAGES)
    fake.mail_errors = {}
    (survey.participants or [])[0]["emailstatus"] = "OptOut"
    assert table.invite(people(1), LANGUAGES).failed == (("P000", "opted out, or mails to this address came back"),)
    assert fake.mails == []


def test_tokens_are_128_bits_of_signs_that_limesurvey_leaves_alone() -> None:
    tokens = {new_token() for _ in range(1000)}
    assert len(tokens) == 1000
    assert all(len(token) == 26 and token.isalnum() and token.islower() for token in tokens if not token.isdigit())


def test_nothing_personal_is_shown_of_a_participant(server: Connection, survey: FakeSurvey) -> None:
    table = Participants(survey.sid, server)
    table.invite(people(1), LANGUAGES)
    token = (survey.participants or [])[0]["token"]
    assert token not in repr(table.all())
    assert "example.org" not in repr(people(1))
