"""Work on a Dask cluster: a worker that dies loses nothing, one with another program is not used."""

from __future__ import annotations

import logging
import queue
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any

from clustergov.problems import ClustergovError, InputError, Problem
from clustergov.spread.threads import on_one_thread
from clustergov.spread.versions import versions

Numbered = tuple[int, Any]

REACH = 10.0
"""Seconds in which a scheduler must answer."""
LOGS = ("distributed.client", "distributed.core", "distributed.comm", "asyncio", "tornado.application")
PATIENCE = 60.0
"""Seconds to wait for a worker while there is none."""


class _OtherProgramError(ClustergovError):
    """Raised on a worker whose versions differ from those of the process that asks."""


def on_cluster(
    work: Callable[[Any], Any], tasks: list[Numbered], address: str, remark: Callable[[str], None]
) -> Iterator[Numbered]:
    """Do the tasks on the workers of a Dask scheduler.

    The client of `distributed` and not joblib's backend for it: the scheduler gives the tasks of a worker that dies to
    others, and results come one by one as they are ready.

    Raises
    ------
    InputError
        `distributed` is not installed, nothing answers at the address, it has no workers or loses all, a worker's versions differ.
    ClustergovError
        The scheduler goes away, or a task takes one worker after another with it.
    """
    _refuse_without_dask()
    with _unlogged(), closing(_client(address)) as client:
        _wait_for_workers(client, address)
        here = _here()
        _refuse_other_programs(client, address, here)
        finished: queue.SimpleQueue[Any] = queue.SimpleQueue()
        futures = {client.submit(_checked, work, task, here, pure=False): place for place, task in tasks}
        for future in futures:
            future.add_done_callback(finished.put)
        try:
            for _ in tasks:
                future = _next(finished, client, address, remark)
                place = futures.pop(future)
                yield place, _result(future, address)
        finally:
            client.cancel(list(futures))


@contextmanager
def _unlogged() -> Iterator[None]:
    """Keep the client's log off the terminal: what a person has to know of it is told in words, without a traceback."""
    names = [
        name for name in logging.root.manager.loggerDict if name.split(".")[0] in ("distributed", "asyncio", "tornado")
    ]
    loggers = [logging.getLogger(name) for name in {*names, *LOGS}]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)


def _here() -> dict[str, str]:
    return versions()


def _refuse_without_dask() -> None:
    try:
        import distributed  # noqa: F401  # sets the levels of its log when it is first imported
    except ImportError:
        raise InputError(Problem("no-dask", "a scheduler needs the package distributed, which is not installed.",
                                 "Install it: pip install 'clustergov[dask]'.")) from None  # fmt: skip


def _client(address: str) -> Any:
    from distributed import Client

    try:
        return Client(address, timeout=REACH, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise _problem("no-scheduler", address, f"expected a Dask scheduler there, found none ({_first_line(error)}).",
                       "Start one (dask scheduler), or correct the address: tcp://HOST:8786.") from None  # fmt: skip


def _wait_for_workers(client: Any, address: str) -> None:
    try:
        client.wait_for_workers(1, timeout=REACH)
    except TimeoutError:
        raise _problem("no-workers", address, f"the scheduler has had no workers for {REACH:.0f} seconds.",
                       f"Start some: dask worker {address}.") from None  # fmt: skip


def _refuse_other_programs(client: Any, address: str, here: dict[str, str]) -> None:
    problems = []
    for worker, there in client.run(versions, on_error="return").items():
        if isinstance(there, Exception):
            problems.append(_problem("other-program", address, f"worker {worker} cannot load clustergov ({_first_line(there)}).",
                                     "Install the same clustergov there.").problems[0])  # fmt: skip
        elif differing := _differing(here, there):
            problems.append(_problem("other-program", address, f"worker {worker} has {differing}.",
                                     "Install the same versions there: numbers may differ otherwise.").problems[0])  # fmt: skip
    if problems:
        raise InputError(problems)


def _differing(here: dict[str, str], there: dict[str, str]) -> str:
    return ", ".join(f"{name} {there.get(name, 'none')} where this process has {mine}"
                     for name, mine in here.items() if there.get(name) != mine)  # fmt: skip


def _checked(work: Callable[[Any], Any], task: Any, asked: dict[str, str]) -> Any:
    """On the worker: workers may join after the work began."""
    if differing := _differing(asked, versions()):
        raise _OtherProgramError(differing)
    return on_one_thread(work, task)


def _next(finished: queue.SimpleQueue[Any], client: Any, address: str, remark: Callable[[str], None]) -> Any:
    """Wait for the next task that ends, and see meanwhile that there is somebody to end it."""
    last = time.monotonic()
    told = False
    while True:
        try:
            return finished.get(timeout=1.0)
        except queue.Empty:
            if client.status != "running":
                raise _gone(address) from None
            if client.scheduler_info(n_workers=1)["workers"]:
                last = time.monotonic()
            elif time.monotonic() - last > PATIENCE:
                raise _problem("no-workers", address, f"every worker is gone, for {PATIENCE:.0f} seconds now.",
                               f"Start some (dask worker {address}) and run again; with --keep finished work is not lost.") from None  # fmt: skip
            elif not told:
                told = True
                remark(f"The scheduler {address} has no worker left: waiting for one.")


def _result(future: Any, address: str) -> Any:
    from distributed import KilledWorker
    from distributed.client import FutureCancelledError

    try:
        return future.result()
    except KilledWorker as error:
        raise ClustergovError(
            f"One task took several workers of {address} with it, most likely for want of memory ({_first_line(error)}): "
            "give workers more memory, or ask for less at once."
        ) from None
    except FutureCancelledError:
        raise _gone(address) from None
    except _OtherProgramError as error:
        raise _problem("other-program", address, f"a worker that joined later has {error}.",
                       "Install the same versions there: numbers may differ otherwise.") from None  # fmt: skip


def _gone(address: str) -> InputError:
    return _problem("scheduler-gone", address, "the scheduler went away before the work was done.",
                    "Start it and run again; with --keep finished work is not lost.")  # fmt: skip


def _problem(rule: str, address: str, message: str, fix: str) -> InputError:
    return InputError(Problem(rule, message, fix, place=f"--scheduler {address}"))


def _first_line(error: Exception) -> str:
    return (str(error) or type(error).__name__).splitlines()[0]
