"""One program at a time writes to a file; the others wait a little, then are told."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from clustergov.problems import InputError, Problem

PATIENCE = 5.0
"""Seconds to wait for another program; an action takes it some thousandths."""

if sys.platform == "win32":
    import msvcrt
    import os

    _FAR = 2**30

    def _take(number: int) -> None:
        os.lseek(number, _FAR, os.SEEK_SET)
        msvcrt.locking(number, msvcrt.LK_NBLCK, 1)
        os.lseek(number, 0, os.SEEK_SET)

    def _give_back(number: int) -> None:
        os.lseek(number, _FAR, os.SEEK_SET)
        msvcrt.locking(number, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _take(number: int) -> None:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _give_back(number: int) -> None:
        fcntl.flock(number, fcntl.LOCK_UN)


@contextmanager
def locked(number: int, file: str) -> Iterator[None]:
    """Hold the lock of an open file; the system gives it back should this program be killed.

    Raises
    ------
    InputError
        Another program kept it for longer than `PATIENCE` seconds.
    """
    until = time.monotonic() + PATIENCE
    while True:
        try:
            _take(number)
            break
        except (BlockingIOError, PermissionError):
            if time.monotonic() > until:
                raise InputError(
                    Problem("locked", "another program is writing to this file and does not let go.",
                            "Close it, or wait until it is done.", file=file)
                ) from None  # fmt: skip
            time.sleep(0.002)
    try:
        yield
    finally:
        _give_back(number)
