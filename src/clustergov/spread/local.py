"""Work in this process, or in several on this machine."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from clustergov.problems import ClustergovError
from clustergov.spread.threads import on_one_thread

Numbered = tuple[int, Any]

MOST_DEATHS = 3
"""Processes that may die one after another without a task being finished in between."""
LOOK = 0.5
"""Seconds between two looks at whether the process that asks is there."""


def in_this_process(work: Callable[[Any], Any], tasks: list[Numbered]) -> Iterator[Numbered]:
    """Do the tasks one after another."""
    for place, task in tasks:
        yield place, on_one_thread(work, task)


def in_processes(
    work: Callable[[Any], Any], tasks: list[Numbered], jobs: int, remark: Callable[[str], None]
) -> Iterator[Numbered]:
    """Do the tasks in `jobs` processes; tasks of a process that dies are done again by others.

    Raises
    ------
    ClustergovError
        Processes die again and again without finishing anything.
    """
    from joblib.externals.loky.process_executor import TerminatedWorkerError

    left, deaths = dict(tasks), 0
    while left:
        try:
            for place, result in _once(work, list(left.items()), jobs):
                del left[place]
                deaths = 0
                yield place, result
        except TerminatedWorkerError:
            deaths += 1
            if deaths == MOST_DEATHS:
                raise ClustergovError(
                    f"Processes died {deaths} times without finishing a task, most likely for want of memory: "
                    "ask for fewer jobs, or for less at once."
                ) from None
            remark(f"A process died; the {len(left)} tasks without a result are done by others.")


def _once(work: Callable[[Any], Any], tasks: list[Numbered], jobs: int) -> Iterator[Numbered]:
    from joblib import Parallel, delayed

    # At least two: joblib does the work of one in the process that asks, which would then die with a task that kills.
    workers = max(min(os.cpu_count() or 1 if jobs == -1 else jobs, len(tasks)), 2)
    parallel = Parallel(n_jobs=workers, backend="loky", return_as="generator_unordered", batch_size=1)
    results: Iterator[Numbered] = parallel(delayed(_numbered)(work, place, task, os.getpid()) for place, task in tasks)
    yield from results


def _numbered(work: Callable[[Any], Any], place: int, task: Any, parent: int) -> Numbered:
    _end_with(parent)
    return place, on_one_thread(work, task)


@cache
def _end_with(parent: int) -> None:
    """Let this process end when the one that asks has been killed; by itself it would wait for work for five minutes."""
    # A spread inside a process of another spread is done there: nobody is to be watched.
    if os.name == "posix" and os.getpid() != parent:
        threading.Thread(target=_watch, args=(parent,), daemon=True).start()


def _watch(parent: int) -> None:
    # A worker is a child of the process that asks; it gets another parent at once when that ends, even unawaited.
    while os.getppid() == parent:
        time.sleep(LOOK)
    os._exit(1)
