"""Erasing reaches where the survey was fielded: PostgreSQL, and LimeSurvey (an imitation, and a real one)."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from clustergov.survey.limesurvey.connection import Connection
from clustergov.survey.limesurvey.credentials import Credentials
from fielded_study import (
    PASSPHRASE,
    PEOPLE,
    FieldedStudy,
    clustergov,
    field_in_service,
    field_on_limesurvey,
    run,
    traces,
    words_of,
)
from live_limesurvey import MISSING, configured
from postgresql_server import PostgresqlServer
from remote_control import PASSWORD, USER, FakeLimeSurvey, fake_limesurvey

MARIE = "marie@food.example.org"
JAN = "jan@water.example.org"


@pytest.fixture(autouse=True)
def passphrase(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLUSTERGOV_PASSPHRASE", PASSPHRASE)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "study" / "survey").mkdir(parents=True)
    return tmp_path / "study"


def test_postgresql(postgresql: str, postgresql_server: PostgresqlServer, folder: Path) -> None:
    import psycopg

    study = field_in_service(folder, postgresql)
    marie, jan = words_of(study, MARIE), words_of(study, JAN)
    with psycopg.connect(postgresql, autocommit=True) as connection:
        connection.execute("CHECKPOINT")
    assert _in_tables(postgresql_server, marie), "the test would find nothing in the tables"
    run("survey", "erase", study.pseudonyms[MARIE], "--study", folder, "--address", postgresql, "--yes")
    assert traces(folder, marie) == []
    with psycopg.connect(postgresql, autocommit=True) as connection:
        rows = connection.execute(
            "SELECT r::text FROM response r UNION ALL SELECT i::text FROM invitation i"
        ).fetchall()
        assert len(rows) == 2 + 3
        connection.execute("CHECKPOINT")
    for _ in range(50):  # files of tables that were written anew go after the checkpoint
        if not (left := _in_tables(postgresql_server, marie)):
            break
        time.sleep(0.1)
    assert left == set()
    assert _in_tables(postgresql_server, jan)


def _in_tables(server: PostgresqlServer, words: set[str]) -> set[str]:
    """The words that stand in any file of any table, whether PostgreSQL still shows them or not."""
    found = set()
    for path in (server.folder / "data" / "base").rglob("*"):
        with contextlib.suppress(OSError):
            content = path.read_bytes() if path.is_file() else b""
            found |= {word for word in words if word.encode() in content}
    return found


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeLimeSurvey]:
    pytest.importorskip("citric", reason="pip install 'clustergov[limesurvey]'")
    with fake_limesurvey() as server:
        monkeypatch.setenv("CLUSTERGOV_LIMESURVEY_URL", server.url)
        monkeypatch.setenv("CLUSTERGOV_LIMESURVEY_USER", USER)
        monkeypatch.setenv("CLUSTERGOV_LIMESURVEY_PASSWORD", PASSWORD)
        yield server


@pytest.fixture
def imitated(fake: FakeLimeSurvey, folder: Path) -> FieldedStudy:
    def answer(number: int, token: str, answers: Mapping[str, str], submitted: bool) -> None:
        responses = fake.surveys[number].responses
        moment = "2026-03-01 10:00:00" if submitted else None
        head = {"id": len(responses) + 1, "submitdate": moment, "lastpage": 2, "startlanguage": "nl", "token": token}
        responses.append({**head, **answers})

    return field_on_limesurvey(folder, answer)


def test_limesurvey(imitated: FieldedStudy, fake: FakeLimeSurvey) -> None:
    survey = fake.surveys[int(imitated.url)]
    words = words_of(imitated, MARIE)
    others = {address: traces(imitated.folder, words_of(imitated, address)) for address in PEOPLE if address != MARIE}
    assert any("raw/" in line for line in traces(imitated.folder, words))
    run("survey", "erase", imitated.pseudonyms[MARIE], "--study", imitated.folder, "--address", imitated.url, "--yes")
    run("survey", "fetch", imitated.url, "--study", imitated.folder)
    assert traces(imitated.folder, words) == []
    assert not any(word in repr((survey.responses, survey.participants)) for word in words)
    assert (len(survey.responses), len(survey.participants or ())) == (2, 3)
    for address, found in others.items():
        assert traces(imitated.folder, words_of(imitated, address)) == found


@pytest.mark.parametrize("method", ["delete_response", "delete_participants"])
def test_a_server_that_hangs_up_is_asked_again(imitated: FieldedStudy, fake: FakeLimeSurvey, method: str) -> None:
    words, marie = words_of(imitated, MARIE), imitated.pseudonyms[MARIE]
    fake.trouble(method, "done, then hung up")
    command = ("survey", "erase", marie, "--study", imitated.folder, "--address", imitated.url, "--yes")
    assert clustergov(*command).exit_code == 2
    other = clustergov("survey", "erase", imitated.pseudonyms[JAN], *command[3:])
    assert "[unfinished-erasure]" in other.output
    assert "begun and interrupted" in run(*command)
    assert traces(imitated.folder, words) == []
    assert (
        len(fake.surveys[int(imitated.url)].responses),
        len(fake.surveys[int(imitated.url)].participants or ()),
    ) == (2, 3)


def test_without_the_server_by_what_fetching_noted(imitated: FieldedStudy) -> None:
    words = words_of(imitated, MARIE)
    told = run("survey", "erase", imitated.pseudonyms[MARIE], "--study", imitated.folder, "--yes")
    assert "comes back with the next fetch" in told
    assert traces(imitated.folder, words) == []


def test_without_the_server_and_the_note_it_cannot_be_told_which_rows(imitated: FieldedStudy) -> None:
    (imitated.survey / "raw" / "pseudonyms.csv").unlink()
    command = ("survey", "erase", imitated.pseudonyms[MARIE], "--study", imitated.folder, "--yes")
    done = clustergov(*command)
    assert done.exit_code == 2
    assert "[which-response]" in done.output
    words = words_of(imitated, MARIE)
    run(*command, "--response", "2")
    assert traces(imitated.folder, words) == []


@pytest.mark.skipif(not configured(), reason=MISSING)
def test_a_real_limesurvey(folder: Path) -> None:
    with Connection(Credentials.find()) as server:
        study = field_on_limesurvey(folder, _answering(server))
        try:
            words = words_of(study, MARIE)
            assert any("raw/" in line for line in traces(folder, words))
            run("survey", "erase", study.pseudonyms[MARIE], "--study", folder, "--address", study.url, "--yes")
            run("survey", "fetch", study.url, "--study", folder)
            assert traces(folder, words) == []
            people = server.rows("list_participants", int(study.url), start=0, limit=100, attributes=["attribute_1"])
            exported = server.ask("export_responses", int(study.url), file_format="csv").decode()
            assert len(people) == 3
            assert not any(word in f"{people}{exported}" for word in words)
        finally:
            server.tell("delete_survey", int(study.url))


def _answering(server: Connection) -> Callable[[int, str, Mapping[str, str], bool], None]:
    def answer(number: int, token: str, answers: Mapping[str, str], submitted: bool) -> None:
        fields: Mapping[str, Mapping[str, Any]] = server.ask("get_fieldmap", number)
        own = {entry["title"]: name for name, entry in fields.items() if entry.get("qid")}
        row: dict[str, Any] = {own[code]: value for code, value in answers.items()}
        row |= {"token": token, "startlanguage": "nl", "lastpage": 2}
        row["submitdate"] = "2026-03-01 10:00:00" if submitted else None
        server.tell("add_response", number, row)

    return answer
