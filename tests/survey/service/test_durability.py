"""An answer that was acknowledged survives: kill -9 under load, a killed PostgreSQL, a full disk, a database that is gone.

Respondents in threads send real pages to the real command, repeat what was not acknowledged with the same key, and note
what was. Then the database has to hold every acknowledged page, complete and once, and nothing that is half of one.
``CLUSTERGOV_KILLS`` says how often the service is killed (20 by default).
"""

from __future__ import annotations

import contextlib
import http.client
import os
import random
import resource
import sqlite3
import subprocess
import threading
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from clustergov.survey.service.storage import Storage
from postgresql_server import PostgresqlServer
from serving import Client, Got, Launcher, Service, serving

KILLS = int(os.environ.get("CLUSTERGOV_KILLS", "20"))
RESPONDENTS = 8

QUESTIONNAIRE = """\
questionnaire: durability
version: 1
title: {nl: Proef, en: Trial}
languages: [en, nl]
scales:
  agree:
    direction: ascending
    options: [{code: A1, text: {en: less, nl: minder}}, {code: A2, text: {en: more, nl: meer}}]
sections:
  - code: first
    title: {en: First, nl: Eerst}
    questions:
      - {code: mark, kind: text, required: true, text: {en: Mark, nl: Merk}}
      - code: rows
        kind: array
        scale: agree
        text: {en: Rows, nl: Rijen}
        items: [{code: a, text: {en: a, nl: a}}, {code: b, text: {en: b, nl: b}}, {code: c, text: {en: c, nl: c}}]
  - code: second
    title: {en: Second, nl: Tweede}
    questions:
      - {code: number, kind: number, integer: true, required: true, text: {en: Number, nl: Getal}}
      - {code: long, kind: text, text: {en: Long, nl: Lang}}
"""


def answers(mark: str) -> tuple[dict[str, str], dict[str, str]]:
    """What the respondent with this mark answers, on the first page and on the second: everything follows from the mark."""
    number = uuid.UUID(mark).int
    first = {"mark": mark, **{f"rows_{item}": f"A{1 + (number >> place) % 2}" for place, item in enumerate("abc")}}
    return first, {"number": str(number % 100_000), "long": f"“{mark}” – é\n" * (1 + number % 40) + "end"}


def stored(mark: str) -> dict[str, str]:
    first, second = answers(mark)
    return first | second


@dataclass
class Load:
    """Respondents who keep coming until `stop` is set, and what was acknowledged to them."""

    port: int
    seed: int
    begun: set[str] = field(default_factory=set)
    pages: set[str] = field(default_factory=set)
    sent: set[str] = field(default_factory=set)
    repeated: int = 0
    wrong: list[str] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)

    def respond(self, number: int) -> None:
        chance = random.Random(f"{self.seed} {number}")
        while not self.stop.is_set():
            try:
                self._one(chance)
            except _Stopped:
                return

    def _one(self, chance: random.Random) -> None:
        mark = str(uuid.UUID(int=chance.getrandbits(128)))
        first, second = answers(mark)
        client = Client(self.port, timeout=20)
        self.begun.add(mark)
        page = self._until(client, "/en/1")
        got = self._until(client, "/en/1", {**page.hidden, **first, "move": "next"})
        if not self._is(got, "/en/2"):
            return
        self.pages.add(mark)
        if chance.random() < 0.2:
            return  # who comes no further: what was sent must stay
        page = self._until(client, "/en/2")
        form = {**page.hidden, **second, "move": "submit"}
        if not self._is(self._until(client, "/en/2", form), "/en/thanks"):
            return
        self.sent.add(mark)
        if chance.random() < 0.3:
            # Twice: the same acknowledgement, and no second response.
            self.repeated += self._is(self._until(client, "/en/2", form), "/en/thanks")

    def _is(self, got: Got, location: str) -> bool:
        if got.status == 303 and got.headers.get("location") == location:
            return True
        self.wrong.append(f"{got.status} {got.headers.get('location')} instead of {location}: {got.text[:300]}")
        return False

    def _until(self, client: Client, path: str, form: dict[str, str] | None = None) -> Got:
        """Ask until there is an answer that is not “try again”, as a person does; always with the very same form."""
        while not self.stop.is_set():
            with contextlib.suppress(OSError, http.client.HTTPException):
                got = client.get(path) if form is None else client.post(path, form)
                if got.status != 503:
                    return got
            client.reconnect()
            time.sleep(0.01)
        raise _Stopped


class _Stopped(Exception):  # noqa: N818 - no error
    pass


@contextlib.contextmanager
def load(port: int, seed: int) -> Iterator[Load]:
    """Respondents at work; at the end they stop where they are."""
    coming = Load(port, seed)
    threads = [threading.Thread(target=coming.respond, args=(number,)) for number in range(RESPONDENTS)]
    for thread in threads:
        thread.start()
    try:
        yield coming
    finally:
        coming.stop.set()
        for thread in threads:
            thread.join(timeout=60)


def verify(database: str, coming: Load) -> None:
    """Hold the database against what was acknowledged."""
    assert not coming.wrong, coming.wrong[:3]
    storage = Storage(database)
    rows = list(storage.rows())
    storage.close()
    marks = [row.answers["mark"] for row in rows]
    assert len(set(marks)) == len(marks), "a response is there twice"
    assert set(marks) <= coming.begun, "a response that nobody sent"
    complete = {row.answers["mark"]: row.answers for row in rows if row.submitted}
    partial = {row.answers["mark"]: row.answers for row in rows if not row.submitted}
    assert coming.sent <= set(complete), f"lost: {len(coming.sent - set(complete))} of {len(coming.sent)} acknowledged"
    assert coming.pages <= set(marks), f"lost: {len(coming.pages - set(marks))} acknowledged pages"
    assert complete == {mark: stored(mark) for mark in complete}, "a submitted response is not what was sent"
    assert partial == {mark: answers(mark)[0] for mark in partial}, "half of a page was kept"


@pytest.fixture
def questionnaire(tmp_path: Path) -> Path:
    path = tmp_path / "durability.yml"
    path.write_text(QUESTIONNAIRE, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def launcher() -> Iterator[Launcher]:
    launcher = Launcher()
    yield launcher
    launcher.close()


def test_every_acknowledged_answer_survives_kill_9_on_sqlite(questionnaire: Path, launcher: Launcher) -> None:
    database = f"sqlite:///{questionnaire.with_suffix('.db')}"
    service = Service(questionnaire, database, launcher)
    chance = random.Random(KILLS)
    service.start()
    with load(service.port, seed=1) as coming:
        for kill in range(KILLS):
            time.sleep(chance.uniform(0.02, 0.3))
            service.kill()
            # Now and then it is killed again before it answers, while it opens the database.
            service.start(wait=kill % 5 != 4)
        service.wait()
        time.sleep(0.2)
    service.kill()
    verify(database, coming)
    assert len(coming.sent) >= KILLS, "hardly anybody was served"
    assert coming.repeated
    with contextlib.closing(sqlite3.connect(questionnaire.with_suffix(".db"))) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_every_acknowledged_answer_survives_kills_of_service_and_server_on_postgresql(
    questionnaire: Path, launcher: Launcher, postgresql_server: PostgresqlServer
) -> None:
    postgresql_server.start()
    database = postgresql_server.database()
    service = Service(questionnaire, database, launcher, workers=2)
    chance = random.Random(KILLS)
    service.start()
    try:
        with load(service.port, seed=2) as coming:
            for kill in range(max(4, KILLS // 10)):
                time.sleep(chance.uniform(0.05, 0.5))
                if kill % 2:
                    service.kill()
                    service.start()
                else:
                    postgresql_server.kill()
                    time.sleep(chance.uniform(0.0, 0.3))
                    postgresql_server.start()
            service.wait()
            time.sleep(0.5)
    finally:
        service.kill()
        postgresql_server.start()
    verify(database, coming)
    assert coming.sent, "nobody was served"


@dataclass
class Trial:
    """A respondent on the second page of a service whose database fails in between."""

    service: Service
    client: Client
    form: dict[str, str]
    mark: str

    @classmethod
    def begin(cls, service: Service) -> Trial:
        client, mark = Client(service.port), str(uuid.uuid4())
        first, second = answers(mark)
        page = client.get("/en/1")
        assert client.post("/en/1", {**page.hidden, **first, "move": "next"}).status == 303
        # Long enough that it needs a new page in the database.
        second["long"] = mark * 250
        return cls(service, client, {**client.get("/en/2").hidden, **second, "move": "submit"}, mark)

    def fails(self) -> Got:
        """The page says so, and all that was typed is still in it."""
        self.client.reconnect()
        got = self.client.post("/en/2", self.form)
        assert got.status == 503
        assert self.form["long"] in got.text
        assert self.form["number"] in got.text
        assert got.hidden["step"] == self.form["step"]
        return got

    def works(self, database: str) -> None:
        """Sent again as it is, it is acknowledged, and stored once."""
        self.client.reconnect()
        got = self.client.post("/en/2", self.form)
        assert (got.status, got.headers.get("location")) == (303, "/en/thanks"), got.text[:500]
        storage = Storage(database)
        (row,) = [row for row in storage.rows() if row.answers["mark"] == self.mark]
        storage.close()
        assert row.submitted
        assert row.answers["long"] == self.form["long"]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 2 MB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        pytest.skip(f"no file system may be mounted here: {done.stderr.strip()}")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=False)


def test_nothing_is_acknowledged_on_a_full_disk_and_nothing_is_lost(
    questionnaire: Path, launcher: Launcher, small_disk: Path
) -> None:
    database = f"sqlite:///{small_disk / 'answers.db'}"
    with serving(questionnaire, database, launcher=launcher) as service:
        trial = Trial.begin(service)
        filler = small_disk / "filler"
        with filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
            while file.write(b"x" * 1024):
                pass
        trial.fails()
        assert Storage(database).counts().complete == 0
        filler.unlink()
        trial.works(database)


def test_nothing_is_acknowledged_when_a_file_may_not_grow(questionnaire: Path, launcher: Launcher) -> None:
    """As on a full disk, by a limit on the size of files, which needs no right to mount."""
    file = questionnaire.with_suffix(".db")
    database = f"sqlite:///{file}"
    with serving(questionnaire, database, launcher=launcher) as service:
        trial = Trial.begin(service)
        written = file.with_name(file.name + "-wal").stat().st_size
        limits = resource.prlimit(service.process, resource.RLIMIT_FSIZE, (written, resource.RLIM_INFINITY))
        trial.fails()
        resource.prlimit(service.process, resource.RLIMIT_FSIZE, limits)
        trial.works(database)


def test_a_lost_database_is_told_and_comes_back(questionnaire: Path, launcher: Launcher) -> None:
    file = questionnaire.with_suffix(".db")
    with serving(questionnaire, f"sqlite:///{file}", launcher=launcher) as service:
        trial = Trial.begin(service)
        away = file.with_name("away")
        file.rename(away)
        trial.client.reconnect()
        assert trial.client.get("/health").status == 503
        got = trial.fails()
        # The answers on record cannot be read: what was sent is kept as it is, to be sent again.
        assert {**got.hidden} == {**trial.form, "csrf": got.hidden["csrf"]}
        assert not file.exists()
        away.rename(file)
        trial.works(f"sqlite:///{file}")


def test_postgresql_that_is_gone_is_told_and_comes_back(
    questionnaire: Path, launcher: Launcher, postgresql_server: PostgresqlServer
) -> None:
    postgresql_server.start()
    database = postgresql_server.database()
    with serving(questionnaire, database, launcher=launcher) as service:
        trial = Trial.begin(service)
        postgresql_server.kill()
        try:
            trial.fails()
        finally:
            postgresql_server.start()
        trial.works(database)
