"""What a database is set to, and what becomes of a write when something happens to the database in the midst of it."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from clustergov.survey.service.database import Database, StorageUnavailableError

Put = Callable[..., Any]


def asked(connection: Connection, statement: str) -> object:
    return connection.exec_driver_sql(statement).scalar_one()


def test_every_commit_waits_for_the_disk(put: Put, database: str) -> None:
    """No kill of a process shows it: what the operating system has been handed it still writes."""
    used = put().storage.database
    if used.sqlite:
        settings = {"journal_mode": "wal", "synchronous": 2, "secure_delete": 1, "temp_store": 2}
        for name, value in settings.items():
            for way in (used.read, used.write):
                assert way(lambda connection, name=name: asked(connection, f"PRAGMA {name}")) == value
        return
    lax = Database(database)
    lax.write(lambda connection: connection.exec_driver_sql("ALTER ROLE CURRENT_USER SET synchronous_commit = off"))
    try:
        fresh = Database(database)
        assert fresh.write(lambda connection: asked(connection, "SHOW synchronous_commit")) == "on"
        fresh.close()
    finally:
        lax.write(lambda connection: connection.exec_driver_sql("ALTER ROLE CURRENT_USER RESET synchronous_commit"))
        lax.close()


def test_what_is_written_to_a_file_that_is_replaced_meanwhile_is_not_acknowledged(put: Put, database: str) -> None:
    storage = put().storage
    if not storage.database.sqlite:
        pytest.skip("Nobody replaces a file of PostgreSQL's.")
    file = Path(database.removeprefix("sqlite:///"))
    storage.set_setting("before", "1")

    def bring_back_a_copy(connection: Connection) -> None:
        connection.exec_driver_sql("INSERT INTO login (name, value) VALUES ('lost', 'x')")
        shutil.copy(file, file.with_name("copy"))
        file.with_name("copy").replace(file)
        storage.database._check()  # as any request does that comes in between

    with pytest.raises(StorageUnavailableError):
        storage.database.write(bring_back_a_copy)


def test_the_first_writes_share_one_thread(put: Put) -> None:
    storage = put().storage
    if not storage.database.sqlite:
        pytest.skip("Only SQLite has a thread that writes.")
    storage.database.close()
    gate = threading.Barrier(8)

    def write(number: int) -> None:
        gate.wait()
        storage.set_setting(f"n{number}", "x")

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    before = sum(each.name == "writer" for each in threading.enumerate())
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(each.name == "writer" for each in threading.enumerate()) == before + 1


@pytest.mark.parametrize("mask", [0o000, 0o077])
def test_files_are_their_owners_whatever_the_mask(put: Put, database: str, mask: int) -> None:
    if not database.startswith("sqlite"):
        pytest.skip("PostgreSQL's files are PostgreSQL's.")
    before = os.umask(mask)
    try:
        put().browser().send("/en/1", member="N")
    finally:
        os.umask(before)
    file = Path(database.removeprefix("sqlite:///"))
    assert {path.stat().st_mode & 0o777 for path in file.parent.glob("answers.db*")} == {0o600}


def test_links_are_not_lost_with_the_acknowledgement_of_their_commit(put: Put, monkeypatch: pytest.MonkeyPatch) -> None:
    """Then the job runs a second time, and finds everybody invited already."""
    storage = put(access="invited").storage
    write = storage.database.write
    monkeypatch.setattr(storage.database, "write", lambda job: (write(job), write(job))[1])
    made = storage.invitations.invite([("P1", "nl"), ("P2", "en")])
    assert sorted(made) == ["P1", "P2"]
    again = storage.invitations.renew()
    assert {who: language for who, (_, language) in again.items()} == {"P1": "nl", "P2": "en"}
    for token in (*made.values(), *(token for token, _ in again.values())):
        assert storage.invitations.find(token) is not None
    assert len(storage.invitations.all()) == 4
    assert storage.invitations.invite([("P1", "nl")]) == {}
    assert storage.invitations.renew() == {}


def test_a_page_whose_commit_was_acknowledged_to_nobody_is_acknowledged_and_stored_once(
    put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    field = put(access="invited", anonymous=False)
    token = field.storage.invitations.invite([("P1", "en")])["P1"]
    database = field.app.state.storage.database
    write = database.write
    monkeypatch.setattr(database, "write", lambda job: (write(job), write(job))[1])
    browser = field.browser()
    browser.get(f"/i/{token}")
    assert browser.send("/en/1", name="An", member="N").headers["location"] == "/en/3"
    assert browser.send("/en/3", "submit", remark="once").headers["location"] == "/en/thanks"
    (row,) = field.storage.rows()
    assert (row.submitted != "", row.revision) == (True, 2)
    assert row.answers == {"name": "An", "member": "N", "remark": "once"}
