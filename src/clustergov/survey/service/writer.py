"""Writing to SQLite: one thread, which commits together whatever has come in while the disk was busy.

SQLite lets one connection write at a time, and with full durability every commit waits for the disk. Requests that
arrive during that wait share the next one (group commit: Hagmann 1987, “Reimplementing the Cedar file system using
logging and group commit”, SOSP). Nobody is answered before the commit that holds their own work.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from sqlalchemy import Connection, Engine

Job = Callable[[Connection], Any]
MOST = 64
"""Jobs in one commit."""


class Writer:
    """Runs jobs in order. A job that fails takes nothing of the others with it.

    Parameters
    ----------
    engine : Engine
        Whose transactions begin by taking the lock.
    check : callable
        Tells which database is there and raises when there is none; asked before and at the end of every transaction.
    fatal : tuple of exception classes
        By which the database itself fails, and not one job.
    """

    def __init__(self, engine: Engine, check: Callable[[], object], fatal: tuple[type[BaseException], ...]) -> None:
        self._engine, self._check, self._fatal = engine, check, fatal
        self._jobs: queue.SimpleQueue[tuple[Job, Future[Any]] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self._thread.start()

    def submit(self, job: Job) -> Future[Any]:
        """Done when the job's work is on the disk; its exception where it is not, and then nothing of it is."""
        future: Future[Any] = Future()
        self._jobs.put((job, future))
        return future

    def close(self) -> None:
        """Finish what has been handed in, then stop."""
        self._jobs.put(None)
        self._thread.join()

    def _run(self) -> None:
        open_ = True
        while open_:
            batch, open_ = self._batch()
            if not batch:
                continue
            try:
                results = self._commit([job for job, _ in batch])
            except BaseException as error:
                self._one_by_one(batch, error)
            else:
                for (_, future), result in zip(batch, results, strict=True):
                    future.set_result(result)

    def _batch(self) -> tuple[list[tuple[Job, Future[Any]]], bool]:
        """Everything that waits; False when nothing comes after it."""
        batch: list[tuple[Job, Future[Any]]] = []
        entry = self._jobs.get()
        while entry is not None:
            batch.append(entry)
            if len(batch) == MOST:
                return batch, True
            try:
                entry = self._jobs.get_nowait()
            except queue.Empty:
                return batch, True
        return batch, False

    def _commit(self, jobs: list[Job]) -> list[Any]:
        before = self._check()
        with self._engine.begin() as connection:
            results = [job(connection) for job in jobs]
            if self._check() != before:
                # Another file stands in its place: what is committed to this one nobody finds again.
                raise OSError("the database's file was replaced")
        return results

    def _one_by_one(self, batch: list[tuple[Job, Future[Any]]], error: BaseException) -> None:
        """One of them failed, and all were undone: each has its own transaction now, and its own error.

        Not when it is the database that failed: each would wait for it again.
        """
        if len(batch) == 1 or isinstance(error, self._fatal):
            for _, future in batch:
                future.set_exception(error)
            return
        for job, future in batch:
            try:
                future.set_result(self._commit([job])[0])
            except BaseException as own:
                future.set_exception(own)
