"""One way of reading and writing for SQLite and PostgreSQL: every write is one transaction, on the disk when it returns."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, Table, create_engine, event
from sqlalchemy import exc as errors
from sqlalchemy.engine import URL, make_url

from clustergov.problems import ClustergovError, InputError, Problem
from clustergov.survey.service.log import RECORD
from clustergov.survey.service.writer import Writer

T = TypeVar("T")

WAIT = 5
"""Seconds that a lock, a connection or a place in the pool is waited for before a respondent is told to try again."""


class StorageUnavailableError(ClustergovError):
    """The database cannot be read or written now: full, locked or lost. Nothing of the work was kept."""


class Database:
    """A database by its address. Threads share it.

    Parameters
    ----------
    url : str
        ``sqlite:///file.db`` or ``postgresql://user@host/name``.

    Raises
    ------
    InputError
        It is no such address, or what it takes is not installed.
    """

    def __init__(self, url: str) -> None:
        self.url = parse_url(url)
        self.sqlite = self.url.get_backend_name() == "sqlite"
        self.file = Path(str(self.url.database)).absolute() if self.sqlite else None
        self._inode: tuple[int, int] | None = None
        self._engine = _sqlite_engine(self.file) if self.file is not None else _postgresql_engine(self.url)
        self._writing = self._engine.execution_options(writing=True)
        self._writer: Writer | None = None
        self._starting = threading.Lock()
        # Also the driver's own: what fails while a connection is made ready does not come by way of SQLAlchemy.
        driver = self._engine.dialect.loaded_dbapi.Error
        self._failures = (errors.DBAPIError, errors.TimeoutError, errors.PendingRollbackError, driver, OSError)

    def __repr__(self) -> str:
        return f"Database({self.shown!r})"

    @property
    def shown(self) -> str:
        """The address without a password."""
        return shown(self.url)

    def read(self, job: Callable[[Connection], T]) -> T:
        """Run a job that only reads.

        Raises
        ------
        StorageUnavailableError
        """
        try:
            try:
                return self._read(job)
            except errors.DBAPIError as error:
                if not error.connection_invalidated:
                    raise
                return self._read(job)  # the connection was lost in between, as when the server was restarted
        except self._failures as error:
            raise _unavailable(error) from None

    def _read(self, job: Callable[[Connection], T]) -> T:
        self._check()
        with self._engine.connect() as connection:
            return job(connection)

    def write(self, job: Callable[[Connection], T]) -> T:
        """Run a job in one transaction; when it returns, its work is on the disk.

        A job may be run twice (its connection was lost, or a job in the same commit failed) and has to be safe to repeat.

        Raises
        ------
        StorageUnavailableError
            Nothing was kept; or, where the connection was lost during the commit itself, that cannot be told: repeat it.
        """
        try:
            if self.sqlite:
                result: T = self._thread().submit(job).result()
                return result
            try:
                return self._transaction(job)
            except errors.DBAPIError as error:
                if not error.connection_invalidated:
                    raise
                return self._transaction(job)
        except self._failures as error:
            raise _unavailable(error) from None

    def _transaction(self, job: Callable[[Connection], T]) -> T:
        with self._engine.begin() as connection:
            return job(connection)

    def _thread(self) -> Writer:
        with self._starting:
            if self._writer is None:
                self._writer = Writer(
                    self._writing, self._check, (errors.OperationalError, StorageUnavailableError, OSError)
                )
            return self._writer

    def _check(self) -> tuple[int, int] | None:
        """Which file is there. One that was deleted or replaced can be written on for ever, and nobody finds it again."""
        if self.file is None:
            return None
        try:
            found = os.stat(self.file)  # noqa: PTH116 - a tenth of the time of Path.stat, at every request
        except OSError:
            self._engine.dispose()
            raise StorageUnavailableError("the database's file is not there") from None
        inode = (found.st_dev, found.st_ino)
        if inode != self._inode:
            if self._inode is not None:
                self._engine.dispose()
            self._inode = inode
        return inode

    def scatter(self, tables: Sequence[Table]) -> bool:
        """Rewrite tables in the order of their keys, which are random, and clear what is left of earlier versions.

        In what order rows were last written, and which of two tables in one transaction, stands in the system columns of
        PostgreSQL (xmin, ctid) and in SQLite's write-ahead log: it would tell which invitation a response answers.
        PostgreSQL's statistics hold samples of what was erased, until they are taken anew.

        Returns
        -------
        bool
            False where others were reading or writing SQLite's file all the time: it is to be done again.
        """
        if self.sqlite:
            with contextlib.suppress(StorageUnavailableError):
                return self.read(_vacuum)
            return False

        def job(connection: Connection) -> None:
            for table in tables:
                # The names are ours.
                connection.exec_driver_sql(f"LOCK TABLE {table.name} IN ACCESS EXCLUSIVE MODE")
                connection.exec_driver_sql(f"CREATE TEMPORARY TABLE scattered ON COMMIT DROP AS TABLE {table.name}")
                connection.exec_driver_sql(f"TRUNCATE {table.name}")
                key = next(iter(table.primary_key)).name
                connection.exec_driver_sql(f"INSERT INTO {table.name} SELECT * FROM scattered ORDER BY {key}")
                connection.exec_driver_sql("DROP TABLE scattered")
                connection.exec_driver_sql(f"ANALYZE {table.name}")

        self.write(job)
        return True

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()
            self._writer = None
        self._engine.dispose()


def _vacuum(connection: Connection) -> bool:
    """Whether nothing is left in the log either."""
    connection.exec_driver_sql("VACUUM").close()
    busy, _, _ = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
    return not busy


def _unavailable(error: BaseException) -> StorageUnavailableError:
    # Never the statement or its parameters: they hold answers.
    cause = error.orig if isinstance(error, errors.DBAPIError) and error.orig is not None else error
    kind = getattr(cause, "sqlite_errorname", None) or getattr(cause, "sqlstate", None) or ""
    if RECORD.handlers:  # a running service; a command tells it by itself
        RECORD.error("the database cannot be used: %s %s", type(cause).__name__, kind)
    return StorageUnavailableError(f"{type(cause).__name__}: {str(cause).splitlines()[0] if str(cause) else kind}")


def shown(url: URL) -> str:
    """An address without a password, as it would be typed."""
    return url.set(drivername=url.get_backend_name()).render_as_string(hide_password=True)


def parse_url(url: str) -> URL:
    """An address of a database as SQLAlchemy takes it; PostgreSQL by psycopg 3.

    Raises
    ------
    InputError
        It is none, of other software, or of a database in memory. The message does not repeat it: it may hold a password.
    """
    try:
        parsed = make_url(url)
        backend = parsed.get_backend_name()
    except (errors.ArgumentError, ValueError):
        raise _bad_url("found something else") from None
    if backend == "sqlite":
        if parsed.database in (None, "", ":memory:"):
            raise _bad_url("found a SQLite database in memory, which keeps nothing")
        return parsed
    if parsed.drivername in ("postgresql", "postgres", "postgresql+psycopg"):
        return parsed.set(drivername="postgresql+psycopg")
    raise _bad_url(f"found “{parsed.drivername}”")


def _bad_url(found: str) -> InputError:
    return InputError(
        Problem(
            "database-url",
            f"expected the address of a database, sqlite:///file.db or postgresql://user@host/name, {found}.",
            "Write sqlite:/// (three slashes) before a path, four before one that begins with a slash.",
        )
    )


def _sqlite_engine(file: Path) -> Engine:
    # mode=rw: a file that has gone is an error, and not a new, empty database.
    engine = create_engine(
        f"sqlite:///file:{_quoted(file)}?mode=rw&uri=true",
        connect_args={"timeout": WAIT, "check_same_thread": False, "cached_statements": 256},
        pool_timeout=WAIT,
        pool_size=16,
        max_overflow=32,
    )
    event.listen(engine, "connect", _sqlite_settings)
    event.listen(engine, "begin", _sqlite_begin)
    return engine


def _quoted(file: Path) -> str:
    from urllib.parse import quote

    return quote(str(file))


def _sqlite_settings(connection: Any, _record: Any) -> None:
    """Full durability: in WAL mode only FULL waits for the disk at every commit (sqlite.org/pragma.html#pragma_synchronous)."""
    connection.isolation_level = None  # transactions begin where we say, and not where Python thinks
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "secure_delete=ON",
        "temp_store=MEMORY",  # VACUUM would leave a copy of all answers behind in /tmp
        f"busy_timeout={int(WAIT * 1000)}",
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def _sqlite_begin(connection: Connection) -> None:
    # IMMEDIATE: a transaction that reads first and writes later could not wait for another's end (SQLITE_BUSY_SNAPSHOT).
    if connection.get_execution_options().get("writing"):
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _postgresql_engine(url: URL) -> Engine:
    try:
        import psycopg  # noqa: F401 - only whether it is there
    except ImportError:
        raise InputError(
            Problem(
                "missing-psycopg",
                "PostgreSQL needs the library psycopg, which is not installed.",
                "Install it: pip install 'clustergov[postgresql]'",
            )
        ) from None
    engine = create_engine(
        url,
        connect_args={"connect_timeout": WAIT, "application_name": "clustergov"},
        pool_pre_ping=True,
        pool_size=8,
        max_overflow=8,
        pool_timeout=WAIT,
        hide_parameters=True,
    )
    event.listen(engine, "connect", _postgresql_settings)
    return engine


def _postgresql_settings(connection: Any, _record: Any) -> None:
    """Full durability whatever the server's default; and nobody waits for a lock for ever."""
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = on")
        cursor.execute(f"SET lock_timeout = '{WAIT}s'")
        cursor.execute(f"SET statement_timeout = '{3 * WAIT}s'")
    connection.commit()
