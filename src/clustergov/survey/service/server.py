"""Running the service: an address that is free, a database that is ready, and processes that answer."""

from __future__ import annotations

import os
import secrets
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from clustergov.problems import InputError
from clustergov.survey.service.app import create_app
from clustergov.survey.service.database import Database, StorageUnavailableError
from clustergov.survey.service.listening import WAITING
from clustergov.survey.service.login import SETTING, set_password
from clustergov.survey.service.record import UNREACHABLE, Survey, prepare, unreachable
from clustergov.survey.service.settings import Settings
from clustergov.survey.service.storage import Storage

if TYPE_CHECKING:
    import socket

    from fastapi import FastAPI

    from clustergov.survey.collection.fielding import Fielding

PATIENCE = 60
"""Seconds in which a process has to come up, also on a machine that is busy with other things."""


def leave_at_once() -> None:
    """Until it answers, a signal ends the process there and then: nothing is half-written that a transaction holds.

    An exception could be swallowed, by a callback of the garbage collector for one, and the service would start after all.
    """

    def leave(_number: int, _frame: object) -> None:
        os.write(2, b"Stopped before it began to answer.\n")
        os._exit(130)

    for stop in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stop, leave)


def make_ready(fielding: Fielding, settings: Settings) -> Survey:
    """Make the database, or make sure that it is of this survey, and note under which address it is found.

    Raises
    ------
    InputError
        See `record.prepare`; or it asks for something that the service cannot put to respondents.
    """
    from clustergov.survey.service.form import Form

    Form(fielding.questionnaire, fielding.fieldwork.paging)
    survey = prepare(settings.database, fielding.questionnaire, fielding.fieldwork)
    with _opened(settings) as storage:
        storage.set_setting("public", settings.base_url)
        storage.scatter()
    return survey


def set_manager_password(settings: Settings, given: str) -> str | None:
    """Set the manager's password to the one given; without one, make one up where there is none.

    Returns
    -------
    str or None
        A password that was made up, to be shown once; nothing but its hash is kept.
    """
    with _opened(settings) as storage:
        if given:
            set_password(storage, given)
            return None
        if storage.setting(SETTING) is not None:
            return None
        made = secrets.token_urlsafe(12)
        set_password(storage, made)
        return made


@contextmanager
def _opened(settings: Settings) -> Iterator[Storage]:
    storage = Storage(settings.database)
    try:
        yield storage
    except StorageUnavailableError as error:
        raise unreachable(storage.database.shown, error) from None
    finally:
        storage.close()


def warnings(url: str) -> list[str]:
    """What about the database would break the promise that an acknowledged answer stays."""
    database = Database(url)
    if database.sqlite:
        return []
    try:
        settings = database.read(_protection)
    finally:
        database.close()
    return [
        f"PostgreSQL runs with {name} = {value}: answers may be lost when its machine fails. Switch it on."
        for name, value in settings.items()
        if value != "on"
    ]


def _protection(connection: Connection) -> dict[str, str]:
    names = ("fsync", "full_page_writes")
    return {name: str(connection.exec_driver_sql(f"SHOW {name}").scalar_one()) for name in names}


def patient_app(settings: Settings) -> FastAPI:
    """The application of one process; a database that is being restarted just then is waited for."""
    for _ in range(PATIENCE // 2):
        try:
            return create_app(settings)
        except InputError as error:
            if error.problems[0].rule != UNREACHABLE:
                raise
            time.sleep(1)
    return create_app(settings)


def serve(settings: Settings, listening: socket.socket, *, workers: int = 1) -> None:
    """Answer until stopped (Ctrl-C or SIGTERM): requests under way are finished first."""
    import uvicorn
    from uvicorn.supervisors import Multiprocess

    config = uvicorn.Config(
        partial(patient_app, settings), factory=True, http="httptools", ws="none", loop="asyncio",
        access_log=False, log_level="warning", server_header=False, date_header=True, proxy_headers=False,
        timeout_keep_alive=5, timeout_graceful_shutdown=10, timeout_worker_healthcheck=PATIENCE, backlog=WAITING, workers=workers,
    )  # fmt: skip
    for stop in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stop, signal.default_int_handler)
    try:
        if workers > 1:
            Multiprocess(config, sockets=[listening]).run()
        else:
            uvicorn.Server(config).run(sockets=[listening])
    except KeyboardInterrupt:
        pass  # uvicorn hands the signal on after it has ended in an orderly way
    finally:
        listening.close()
