"""--jobs, --scheduler and --keep: where repeated fits are done; and the progress that a terminal shows of them."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from clustergov.spread import Progress, Spread

SHOWN_AFTER = 1.0
"""Seconds of work after which a terminal shows how far it is."""


def spreading(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command --jobs, --scheduler and --keep."""
    for decorate in (
        click.option("--keep", type=click.Path(path_type=Path), metavar="FOLDER",
                     help="Keep finished parts here, so that the same command goes on after an interruption."),
        click.option("--scheduler", default="", metavar="ADDRESS",
                     help="A Dask scheduler whose workers do it: tcp://HOST:8786."),
        click.option("--jobs", default=1, show_default=True, help="Processes on this machine; -1 for one per processor."),
    ):  # fmt: skip
        command = decorate(command)
    return command


@contextmanager
def spread_over(jobs: int, scheduler: str, keep: Path | None, title: str) -> Iterator[Spread]:
    """Say where work is done, with a bar on a terminal when it takes more than a second; remarks go to stderr."""
    from clustergov.spread import Spread

    with _bar(title) as show:
        yield Spread(jobs, scheduler, keep, show)


@contextmanager
def _bar(title: str) -> Iterator[Callable[[Progress], None]]:
    if not sys.stderr.isatty():
        yield _remark
        return
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed}/{task.total}"),
               TimeElapsedColumn(), TimeRemainingColumn())  # fmt: skip
    bar = Bar(*columns, console=Console(stderr=True), transient=True)
    task, began = bar.add_task(title, total=None), time.monotonic()

    def show(progress: Progress) -> None:
        _remark(progress)
        if not bar.live.is_started and time.monotonic() - began > SHOWN_AFTER:
            bar.start()
        bar.update(task, completed=progress.done, total=progress.total)

    try:
        yield show
    finally:
        if bar.live.is_started:
            bar.stop()


def _remark(progress: Progress) -> None:
    if progress.remark:
        click.echo(progress.remark, err=True)
    elif progress.kept and progress.done == progress.kept:
        click.echo(f"{progress.kept} of {progress.total} parts were kept from an earlier run.", err=True)
