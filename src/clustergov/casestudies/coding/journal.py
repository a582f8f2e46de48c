"""The journal of a sheet: one appended line per action, durable before it is acknowledged, and never rewritten."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from clustergov.casestudies.coding.action import Action, Head
from clustergov.casestudies.coding.lock import locked
from clustergov.casestudies.coding.record import Record
from clustergov.problems import InputError, Problem

SUFFIX = ".journal.jsonl"
TORN = ".torn"

_BINARY = getattr(os, "O_BINARY", 0)


class Journal:
    """A journal on disk.

    Parameters
    ----------
    path : Path
        Its file, which need not be there yet.
    head : Head
        Written when it is not.
    """

    def __init__(self, path: Path, head: Head) -> None:
        self.path = path
        self.head = head

    def content(self) -> bytes:
        """What it holds; nothing where there is no file.

        Raises
        ------
        InputError
            The file cannot be read.
        """
        return self.read(self.path)

    @staticmethod
    def read(path: Path) -> bytes:
        """What a file holds; nothing where there is none.

        Raises
        ------
        InputError
            It cannot be read.
        """
        try:
            # Without a lock: two programs that each write to one sheet and look at the other's would wait for each other.
            # A line that is being written looks torn, and is read again as soon as the file has grown.
            return path.read_bytes()
        except FileNotFoundError:
            return b""
        except OSError as error:
            raise InputError(
                Problem("unreadable", f"cannot be read: {error.strerror or error}.", "Give the right to read it, or move it.",
                        file=str(path))
            ) from None  # fmt: skip

    @contextmanager
    def writing(self) -> Iterator[Pen]:
        """Nobody else writes to this sheet meanwhile.

        Raises
        ------
        InputError
            Another program holds it too long, or the file cannot be written.
        """
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            fresh = not self.path.exists()
            number = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND | _BINARY, 0o644)
        except OSError as error:
            raise _unusable(self.path, error) from None
        try:
            if fresh:
                _begin(self.path.parent)
            with locked(number, str(self.path)):
                yield Pen(self, number)
        finally:
            os.close(number)


class Pen:
    """The right to write to a journal, held for the time of one action."""

    def __init__(self, journal: Journal, number: int) -> None:
        self._journal = journal
        self._number = number

    def append(self, actions: Iterable[Action], known: Record) -> int:
        """Append actions; they are on disk when this returns. A torn line is set aside first.

        Parameters
        ----------
        known : Record
            What the journal holds now.

        Returns
        -------
        int
            Bytes of the journal afterwards.

        Raises
        ------
        InputError
            They could not be stored; the journal is as it was.
        """
        size = known.size
        try:
            if known.torn:
                self._set_aside(known)
            lines = [one.line() for one in actions]
            if known.head is None:
                lines.insert(0, self._journal.head.line())
            elif not self._ends_in_line(size):
                lines.insert(0, b"\n")
            _write(self._number, b"".join(lines))
            os.fsync(self._number)
        except OSError as error:
            with suppress(OSError):
                os.ftruncate(self._number, size)
            raise _unusable(self._journal.path, error) from None
        return os.fstat(self._number).st_size

    def _ends_in_line(self, size: int) -> bool:
        os.lseek(self._number, size - 1, os.SEEK_SET)
        return os.read(self._number, 1) == b"\n"

    def _set_aside(self, known: Record) -> None:
        aside = self._journal.path.with_name(self._journal.path.name + TORN)
        number = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_APPEND | _BINARY, 0o644)
        try:
            _write(number, known.torn + b"\n")
            os.fsync(number)
        finally:
            os.close(number)
        os.ftruncate(self._number, known.size)


def _write(number: int, content: bytes) -> None:
    while content:
        content = content[os.write(number, content) :]


def _begin(folder: Path) -> None:
    """Two branches append to the same journal: git is told to keep the lines of both."""
    attributes = folder / ".gitattributes"
    with suppress(FileExistsError), attributes.open("x", encoding="utf-8", newline="\n") as file:
        file.write(f"*{SUFFIX} merge=union\n")
    sync_names(folder)


def sync_names(folder: Path) -> None:
    """Make the names of new and renamed files durable, since syncing a file does that for its content only."""
    if os.name == "nt":  # which cannot open a folder, and keeps names by itself
        return
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def _unusable(path: Path, error: OSError) -> InputError:
    return InputError(
        Problem("journal-unwritable", f"the action was not stored: {error.strerror or error}.",
                "Choose a folder that is yours and has room, then do it again.", file=str(path))
    )  # fmt: skip
