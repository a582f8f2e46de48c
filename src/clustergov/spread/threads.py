"""BLAS on one thread: sums are then added up in one order on every machine, and processes do not fight for processors."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

Task = TypeVar("Task")
Result = TypeVar("Result")


@contextmanager
def one_thread() -> Iterator[None]:
    """BLAS of this process uses one thread in here."""
    # Made each time, in half a millisecond: libraries that are loaded later bring a BLAS of their own.
    from threadpoolctl import ThreadpoolController

    with ThreadpoolController().limit(limits=1):
        yield


def on_one_thread(work: Callable[[Task], Result], task: Task) -> Result:
    """Do the work while BLAS of this process uses one thread."""
    with one_thread():
        return work(task)
