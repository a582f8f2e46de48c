"""Work done on many tasks, wherever there is room for it: what is asked, in which order results return, what is told."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import numpy as np

from clustergov.problems import InputError, Problem
from clustergov.spread.kept import Kept

Task = TypeVar("Task")
Result = TypeVar("Result")


class SpreadWarning(UserWarning):
    """Something about the work that its results do not show, such as a kept result that had to be made again."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the work is.

    Attributes
    ----------
    done, total : int
        Tasks; those taken from the folder count as done.
    kept : int
        Tasks whose results were taken from the folder of an earlier run.
    remark : str
        Something that a person should read, in English; mostly empty.
    """

    done: int
    total: int
    kept: int = 0
    remark: str = ""


Tell = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class Spread:
    """Where work is done.

    Attributes
    ----------
    jobs : int
        Processes on this machine, at least 1; −1 for as many as it has processors.
    scheduler : str
        Address of a Dask scheduler, such as ``tcp://10.0.0.4:8786``; takes the place of `jobs`.
    keep : Path or None
        Folder for the result of every finished task, so that the same work goes on after an interruption. Its files
        are pickles: use no folder that somebody else may write to.
    tell : callable or None
        Is told the progress; without it remarks become a `SpreadWarning`.

    Raises
    ------
    InputError
        `jobs` is neither −1 nor at least 1, or both a scheduler and several jobs are asked for.
    """

    jobs: int = 1
    scheduler: str = ""
    keep: Path | None = None
    tell: Tell | None = None

    def __post_init__(self) -> None:
        if self.jobs < 1 and self.jobs != -1:
            raise InputError(Problem("jobs", f"expected 1 or more jobs, or -1 for all processors, found {self.jobs}.",
                                     "Correct the number of jobs."))  # fmt: skip
        if self.scheduler and self.jobs != 1:
            raise InputError(Problem("jobs", "expected jobs or a scheduler, found both.",
                                     "A scheduler has its own workers: leave the number of jobs out."))  # fmt: skip


def seeds(seed: int, count: int) -> list[np.random.SeedSequence]:
    """One seed per task, independent of each other and of the number of workers."""
    return np.random.SeedSequence(seed).spawn(count)


def spread(work: Callable[[Task], Result], tasks: Sequence[Task], how: Spread = Spread()) -> list[Result]:
    """Do `work` on every task and return the results in the order of the tasks.

    A task holds all that its result depends on, its own seed included (`seeds`): then the numbers are the same for any
    number of jobs or workers. BLAS computes on one thread wherever the work is done, for the same reason.

    Parameters
    ----------
    work : callable
        A function at the top of a module, or a `functools.partial` of one; its arguments can be pickled.
    tasks : sequence
        Small values that can be pickled; each worth at least some ten milliseconds.
    how : Spread

    Raises
    ------
    InputError
        The folder cannot be used, the scheduler cannot be reached or has no workers, its workers have other versions.
    Exception
        What `work` raises on a task, as it is; results finished until then stay in the folder.
    """
    told = _Told(how.tell or _warn, len(tasks))
    kept = Kept(how.keep, work) if how.keep is not None else None
    found: dict[int, Result] = {}
    if kept is not None:
        for place, task in enumerate(tasks):
            if (stored := kept.read(task)) is not None:
                found[place] = stored.value
        told.kept(len(found), kept.damaged)
    left = [(place, task) for place, task in enumerate(tasks) if place not in found]
    with closing(_results(work, left, how, told)) as results:
        for place, result in results:
            found[place] = result
            if kept is not None:
                kept.write(tasks[place], result)
            told.done(len(found))
    return [found[place] for place in range(len(tasks))]


def _results(
    work: Callable[[Task], Result], tasks: list[tuple[int, Task]], how: Spread, told: _Told
) -> Generator[tuple[int, Result]]:
    """Give place and result of every task, as they come."""
    if how.scheduler and tasks:
        from clustergov.spread.cluster import on_cluster

        yield from on_cluster(work, tasks, how.scheduler, told.remark)
        return
    from clustergov.spread.local import in_processes, in_this_process

    alone = how.jobs == 1 or len(tasks) < 2
    yield from in_this_process(work, tasks) if alone else in_processes(work, tasks, how.jobs, told.remark)


def _warn(progress: Progress) -> None:
    if progress.remark:
        warnings.warn(progress.remark, SpreadWarning, stacklevel=2)


class _Told:
    """What has been told so far."""

    def __init__(self, tell: Tell, total: int) -> None:
        self._tell = tell
        self._now = Progress(0, total)

    def done(self, done: int) -> None:
        self._now = replace(self._now, done=done)
        self._tell(self._now)

    def remark(self, remark: str) -> None:
        self._tell(replace(self._now, remark=remark))

    def kept(self, kept: int, damaged: list[str]) -> None:
        self._now = replace(self._now, done=kept, kept=kept)
        self._tell(self._now)
        for file in damaged:
            self.remark(f"{file} was damaged: its result is made again.")
