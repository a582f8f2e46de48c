"""BLAS on one thread: sums are then added up in one order on every machine, and processes do not fight for processors."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

Task = TypeVar("Task")
Result = TypeVar("Result")


def on_one_thread(work: Callable[[Task], Result], task: Task) -> Result:
    """Do the work while BLAS of this process uses one thread."""
    # Made each time, in half a millisecond: libraries that are loaded later bring a BLAS of their own.
    from threadpoolctl import ThreadpoolController

    with ThreadpoolController().limit(limits=1):
        return work(task)
