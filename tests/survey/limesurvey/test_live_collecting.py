"""Invitations, fetching and closing on a real LimeSurvey: what the imitation was made after."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from clustergov.instruments.check import read_questionnaire
from clustergov.instruments.limesurvey.write import to_lss
from clustergov.instruments.questionnaire import Questionnaire
from clustergov.survey.collection.collecting import Person, RawExport
from clustergov.survey.collection.fetching import lay_out
from clustergov.survey.collection.fieldwork import Fieldwork
from clustergov.survey.collection.raw_rows import gather, read_rows
from clustergov.survey.collection.raw_store import RawStore
from clustergov.survey.limesurvey.collector import LimeSurveyCollector
from clustergov.survey.limesurvey.connection import Connection
from clustergov.survey.limesurvey.credentials import Credentials
from clustergov.survey.reading import read_responses
from live_limesurvey import MISSING, LimeServer, LiveSurvey, configured

pytestmark = pytest.mark.skipif(not configured(), reason=MISSING)

FIELDWORK = Fieldwork(fieldwork="test", questionnaire="every_kind.yml")
PEOPLE = [
    Person(f"P{number:02d}", f"p{number}@example.org", f"Name {number}", ("nl", "en")[number % 2])
    for number in range(12)
]


@pytest.fixture(scope="module")
def asked(root: Path) -> Questionnaire:
    return read_questionnaire(root / "tests" / "instruments" / "every_kind.yml")


@pytest.fixture
def live(asked: Questionnaire) -> Iterator[LiveSurvey]:
    """An active survey whose responses are not anonymous."""
    server = LimeServer.from_environment()
    content = to_lss(asked).content
    with server.survey(content) as survey:
        survey.client.set_survey_properties(survey.number, anonymized="N", alloweditaftercompletion="Y")
        survey.activate()
        yield survey
    server.close()


@pytest.fixture
def collector(live: LiveSurvey) -> Iterator[LimeSurveyCollector]:
    with Connection(Credentials.find()) as server:
        yield LimeSurveyCollector(live.number, server)


def add(live: LiveSurvey, **values: Any) -> int:
    """A response by RemoteControl; answers by the names of their variables."""
    columns = live.columns()
    named = {columns.get(name, name): value for name, value in values.items()}
    return int(live.client.session.add_response(live.number, named))


def ids(exports: tuple[RawExport, ...], kind: str) -> list[str]:
    return [row.id for export in exports if export.kind == kind
            for row in read_rows(export.content, masked=False, file=Path("x"))]  # fmt: skip


def test_a_mail_server_that_is_dead_is_told_of_every_person_and_nobody_counts_as_invited(
    collector: LimeSurveyCollector,
) -> None:
    people = [*PEOPLE, Person("BAD", "no address")]
    done = collector.invite(people, FIELDWORK)
    if done.sent:
        pytest.skip("this LimeSurvey has a mail server that takes mails for example.org")
    assert {name for name, _ in done.failed} == {person.pseudonym for person in people}
    assert all(reason and "@" not in reason for _, reason in done.failed)
    rows = collector.participants.all()
    assert [row.pseudonym for row in rows] == [person.pseudonym for person in PEOPLE]  # more than a page of ten
    assert not any(row.sent for row in rows)
    assert len({row.token for row in rows}) == len(PEOPLE)
    assert all(len(row.token) == 26 for row in rows)
    again = collector.invite(people, FIELDWORK)
    assert len(again.failed) == len(people)
    assert len(collector.participants.all()) == len(PEOPLE)
    status = collector.status()
    assert (status.invited, status.completed, status.state) == (0, 0, "open")
    assert collector.remind(FIELDWORK).failed == ()  # nobody was invited


def test_pages_of_participants_are_all_read(collector: LimeSurveyCollector, monkeypatch: pytest.MonkeyPatch) -> None:
    collector.invite(PEOPLE, FIELDWORK)
    first = collector.participants.all()
    collector.server.tell("delete_participants", collector.number, [first[4].number, first[5].number])
    monkeypatch.setattr("clustergov.survey.limesurvey.participants.PAGE", 3)
    assert [row.pseudonym for row in collector.participants.all()] == [
        person.pseudonym for place, person in enumerate(PEOPLE) if place not in (4, 5)
    ]


def test_responses_come_home_once_each_by_pseudonym(
    live: LiveSurvey, collector: LimeSurveyCollector, asked: Questionnaire, tmp_path: Path
) -> None:
    assert [export.rows for export in collector.fetch()] == [0, 0]
    collector.invite(PEOPLE[:3], FIELDWORK)
    tokens = {pseudonym: token for token, pseudonym in collector.pseudonyms().items()}
    late = add(live, token=tokens["P00"], submitdate=None, colour="r")
    second = add(live, token=tokens["P01"], names_x='a "quoted"; text\nof two lines')
    third = add(live)
    store = RawStore(tmp_path / "raw")

    def fetch() -> tuple[RawExport, ...]:
        exports = collector.fetch(have=gather(store).complete.keys())
        for export in exports:
            store.add(export, address=collector.address)
        return exports

    first = fetch()
    assert (ids(first, "partial"), ids(first, "complete")) == ([str(late)], [str(second), str(third)])
    live.client.session.update_response(live.number, {"id": late, "submitdate": "2026-03-01 10:00:00"})
    fourth = add(live)
    again = fetch()
    assert (ids(again, "partial"), ids(again, "complete")) == ([], [str(late), str(fourth)])
    assert ids(fetch(), "complete") == []
    live.client.delete_response(live.number, third)
    gone = fetch()
    assert next(export.deleted for export in gone if export.kind == "complete") == (str(third),)
    store.check()

    found = lay_out(gather(store), asked, pseudonyms=collector.pseudonyms())
    assert {row[0] for row in found.complete.rows} == {"P00", "P01", str(fourth)}
    assert found.partial.rows == ()
    assert found.unknown == found.missing == ()
    path = tmp_path / "responses.csv"
    path.write_bytes(found.complete.content())
    responses = read_responses(path, asked, strict=True)
    assert responses.frame.loc["P00", "colour"] == "r"
    assert responses.frame.loc["P01", "names_x"] == 'a "quoted"; text\nof two lines'
    assert not [token for token in tokens.values() if token.encode() in path.read_bytes()]


def test_nothing_of_a_participant_is_in_an_export(live: LiveSurvey, collector: LimeSurveyCollector) -> None:
    collector.invite(PEOPLE[:1], FIELDWORK)
    (token,) = collector.pseudonyms()
    add(live, token=token)
    content = b"".join(export.content for export in collector.fetch())
    assert token.encode() in content
    assert b"example.org" not in content
    assert b"Name 0" not in content
    heading = content.split("\ufeff".encode())[1].split(b"\r\n")[0].decode().replace('"', "").split(";")
    assert heading[:5] == ["id", "submitdate", "lastpage", "startlanguage", "token"]
    assert not {"ipaddr", "refurl", "startdate", "datestamp", "firstname", "email"} & set(heading)


def test_closing_keeps_what_is_there_and_lets_nobody_in(live: LiveSurvey, collector: LimeSurveyCollector) -> None:
    add(live)
    collector.close()
    status = collector.status()
    assert (status.state, status.complete) == ("closed", 1)
    assert ids(collector.fetch(), "complete") == ["1"]
    page = live.server.web.get(live.address("en")).text
    assert 'id="limesurvey"' not in page or "thisstep" not in page
    collector.close()


def test_erasing_a_person_takes_participant_and_responses(live: LiveSurvey, collector: LimeSurveyCollector) -> None:
    collector.invite(PEOPLE[:2], FIELDWORK)
    tokens = {pseudonym: token for token, pseudonym in collector.pseudonyms().items()}
    first = add(live, token=tokens["P00"])
    add(live, token=tokens["P01"])
    assert collector.erase("P00") == (str(first),)
    assert [row.pseudonym for row in collector.participants.all()] == ["P01"]
    assert ids(collector.fetch(), "complete") == ["2"]


def test_an_anonymised_survey_ties_nothing_to_anybody(asked: Questionnaire) -> None:
    server = LimeServer.from_environment()
    with server.survey(to_lss(asked).content) as survey, Connection(Credentials.find()) as connection:
        survey.activate()
        collector = LimeSurveyCollector(survey.number, connection)
        collector.invite(PEOPLE[:1], FIELDWORK)
        (token,) = collector.pseudonyms()
        add(survey, token=token)
        content = b"".join(export.content for export in collector.fetch())
        assert b"token" not in content
        assert token.encode() not in content
        assert collector.erase("P00") == ()
    server.close()
