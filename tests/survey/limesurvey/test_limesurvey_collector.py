"""A survey on LimeSurvey as a collector: nothing fetched twice, nothing missed, nothing personal asked for."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from clustergov.instruments.check import read_questionnaire
from clustergov.instruments.limesurvey.write import to_lss
from clustergov.survey.collection.collecting import Collector, Person, RawExport
from clustergov.survey.collection.fieldwork import Fieldwork
from clustergov.survey.collection.raw_rows import read_rows
from clustergov.survey.limesurvey.collector import LimeSurveyCollector
from clustergov.survey.limesurvey.connection import Connection
from clustergov.survey.limesurvey.credentials import Credentials
from clustergov.survey.limesurvey.errors import NoSuchSurveyError, RefusedError
from remote_control import PASSWORD, USER, FakeLimeSurvey, FakeSurvey, fake_limesurvey

FIELDWORK = Fieldwork(fieldwork="test", questionnaire="every_kind.yml")


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
    content = to_lss(read_questionnaire(root / "tests" / "instruments" / "every_kind.yml")).content
    number = server.tell("import_survey", io.BytesIO(content), "lss")
    fake.surveys[number].row["anonymized"] = "N"
    server.tell("activate_survey", number)
    return fake.surveys[number]


@pytest.fixture
def collector(survey: FakeSurvey, server: Connection) -> LimeSurveyCollector:
    return LimeSurveyCollector(survey.sid, server)


def answer(survey: FakeSurvey, number: int, *, submitted: bool = True, **answers: Any) -> None:
    """A response in the table, as respondents would have left it."""
    moment = "2026-03-01 10:00:00" if submitted else None
    row = {"id": number, "submitdate": moment, "lastpage": 1, "startlanguage": "nl", "token": None, "colour": None}
    survey.responses = [other for other in survey.responses if other["id"] != number]
    survey.responses.append({**row, **answers})
    survey.responses.sort(key=lambda each: int(each["id"]))


def ids(exports: tuple[RawExport, ...], kind: str) -> list[str]:
    found = [row.id for export in exports if export.kind == kind
             for row in read_rows(export.content, masked=False, file=Path("x"))]  # fmt: skip
    assert sum(export.rows for export in exports if export.kind == kind) == len(found)
    return found


def test_it_keeps_to_the_protocol(collector: LimeSurveyCollector) -> None:
    as_protocol: Collector = collector
    assert as_protocol.fetch()


def test_before_anybody_answered_there_is_nothing_and_no_error(collector: LimeSurveyCollector) -> None:
    exports = collector.fetch()
    assert [(export.kind, export.rows, export.deleted) for export in exports] == [
        ("partial", 0, ()),
        ("complete", 0, ()),
    ]


def test_a_survey_that_was_never_activated_has_nothing_either(
    survey: FakeSurvey, collector: LimeSurveyCollector
) -> None:
    survey.row["active"] = "N"
    assert [export.rows for export in collector.fetch()] == [0, 0]
    assert collector.status().state == "not active"


def test_complete_and_partial_are_kept_apart(survey: FakeSurvey, collector: LimeSurveyCollector) -> None:
    for number in (1, 2, 3, 4):
        answer(survey, number, submitted=number % 2 == 0)
    exports = collector.fetch()
    assert ids(exports, "complete") == ["2", "4"]
    assert ids(exports, "partial") == ["1", "3"]


def test_whoever_finishes_late_is_fetched_though_later_numbers_were_before(
    survey: FakeSurvey, collector: LimeSurveyCollector
) -> None:
    answer(survey, 1, submitted=False)
    for number in (2, 3, 4):
        answer(survey, number)
    have = ids(collector.fetch(), "complete")
    answer(survey, 1)
    answer(survey, 5)
    assert ids(collector.fetch(have=have), "complete") == ["1", "5"]


def test_only_what_is_missing_is_asked_for(survey: FakeSurvey, collector: LimeSurveyCollector) -> None:
    for number in range(1, 31):
        answer(survey, number)
    have = {str(number) for number in range(1, 31) if number not in (3, 4, 17, 30)}
    assert ids(collector.fetch(have=have), "complete") == ["3", "4", "17", "30"]
    assert ids(collector.fetch(have={str(n) for n in range(1, 31)}), "complete") == []


def test_many_gaps_are_fetched_in_one_go(
    fake: FakeLimeSurvey, survey: FakeSurvey, collector: LimeSurveyCollector
) -> None:
    for number in range(1, 31):
        answer(survey, number)
    fake.calls.clear()
    exports = collector.fetch(have={str(number) for number in range(2, 30, 2)})
    assert set(ids(exports, "complete")) >= {str(number) for number in range(1, 31, 2)}
    assert fake.calls.count("export_responses") == 3  # partial ones, ids, one range


def test_what_was_deleted_on_the_server_is_told(survey: FakeSurvey, collector: LimeSurveyCollector) -> None:
    answer(survey, 2)
    exports = collector.fetch(have=("1", "2", "11"))
    assert next(export for export in exports if export.kind == "complete").deleted == ("1", "11")


def test_neither_names_nor_addresses_nor_times_of_starting_are_asked_for(
    monkeypatch: pytest.MonkeyPatch, server: Connection, collector: LimeSurveyCollector
) -> None:
    asked: list[Any] = []
    original = server.ask

    def spy(method: str, *arguments: Any, **options: Any) -> Any:
        if method == "export_responses":
            asked.append(options["fields"])
        return original(method, *arguments, **options)

    monkeypatch.setattr(server, "ask", spy)
    extra = {
        name: {"fieldname": name, "qid": "", "title": ""}
        for name in ("ipaddr", "refurl", "startdate", "datestamp", "seed")
    }
    fieldmap = server.ask("get_fieldmap", collector.number)
    monkeypatch.setattr("citric.Client.get_fieldmap", lambda self, number: {**extra, **fieldmap})
    collector.fetch()
    assert all(fields is not None for fields in asked)
    everything = {name for fields in asked for name in fields}
    assert {name for name in everything if not name[0].isdigit()} == {
        "id",
        "submitdate",
        "lastpage",
        "startlanguage",
        "token",
    }


def test_an_answer_of_the_server_that_is_lost_is_asked_for_again(
    fake: FakeLimeSurvey, survey: FakeSurvey, collector: LimeSurveyCollector
) -> None:
    answer(survey, 1)
    fake.trouble("export_responses", "hung up")
    assert ids(collector.fetch(), "complete") == ["1"]


def test_invitations_need_a_survey_that_is_open(survey: FakeSurvey, collector: LimeSurveyCollector) -> None:
    person = Person("P1", "a@example.org")
    survey.row["active"] = "N"
    with pytest.raises(RefusedError, match="not active"):
        collector.invite([person], FIELDWORK)
    survey.row |= {"active": "Y", "expires": "2020-01-01 00:00:00"}
    with pytest.raises(RefusedError, match="closed"):
        collector.invite([person], FIELDWORK)
    with pytest.raises(RefusedError, match="closed"):
        collector.remind(FIELDWORK)
    assert survey.participants is None


def test_status_counts_people_and_responses(
    survey: FakeSurvey, collector: LimeSurveyCollector, fake: FakeLimeSurvey
) -> None:
    before = collector.status()
    assert (before.state, before.complete, before.partial, before.invited) == ("open", 0, 0, None)
    assert before.title == "Alle soorten vragen & antwoorden"
    collector.invite([Person(f"P{n}", f"p{n}@example.org") for n in range(3)], FIELDWORK)
    (survey.participants or [])[0]["completed"] = "2026-01-01 10:00"
    (survey.participants or [])[1]["remindersent"] = "2026-01-01 10:00"
    answer(survey, 1)
    answer(survey, 2, submitted=False)
    now = collector.status()
    assert (now.complete, now.partial, now.invited, now.reminded, now.completed) == (1, 1, 3, 1, 1)
    assert now.address == f"{fake.url.removesuffix('/admin/remotecontrol')}/{survey.sid}"


def test_tokens_lead_to_pseudonyms(survey: FakeSurvey, collector: LimeSurveyCollector) -> None:
    assert collector.pseudonyms() == {}
    collector.invite([Person("P1", "a@example.org"), Person("P2", "b@example.org")], FIELDWORK)
    tokens = {row["attribute_1"]: row["token"] for row in survey.participants or []}
    assert collector.pseudonyms() == {tokens["P1"]: "P1", tokens["P2"]: "P2"}


def test_closing_ends_the_survey_by_every_clock_and_keeps_the_responses(
    survey: FakeSurvey, collector: LimeSurveyCollector, fake: FakeLimeSurvey
) -> None:
    answer(survey, 1)
    collector.close()
    assert collector.status().state == "closed"
    assert ids(collector.fetch(), "complete") == ["1"]
    end = survey.row["expires"]
    collector.close()
    assert survey.row["expires"] == end
    assert fake.calls.count("set_survey_properties") == 1


def test_a_close_that_limesurvey_did_not_do_is_no_success(
    fake: FakeLimeSurvey, survey: FakeSurvey, collector: LimeSurveyCollector, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(fake), "rpc_set_survey_properties", lambda self, number, values: {"expires": False})
    with pytest.raises(RefusedError, match="did not take the end"):
        collector.close()


def test_a_person_is_erased_from_the_server(survey: FakeSurvey, collector: LimeSurveyCollector) -> None:
    collector.invite([Person("P1", "a@example.org"), Person("P2", "b@example.org")], FIELDWORK)
    token = (survey.participants or [])[0]["token"]
    answer(survey, 1, token=token)
    answer(survey, 2, submitted=False, token=token)
    answer(survey, 3)
    assert collector.erase("P1") == ("1", "2")
    assert [row["attribute_1"] for row in survey.participants or []] == ["P2"]
    assert collector.erase("3") == ("3",)
    assert collector.erase("nobody") == collector.erase("99") == ()
    assert survey.responses == []


def test_a_survey_that_is_not_there_is_told(server: Connection) -> None:
    with pytest.raises(NoSuchSurveyError):
        LimeSurveyCollector(999999, server).status()
