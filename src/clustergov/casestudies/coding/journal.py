"""The journal of a sheet: one appended line per action, durable before it is acknowledged, and never rewritten."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, get_args

from clustergov.casestudies.coding.lock import locked
from clustergov.casestudies.coding.sheet import Change
from clustergov.problems import InputError, Problem

Act = Literal[
    "code", "remove", "change", "memo", "done", "open", "undo", "redo", "resolve", "reopen", "recode", "reanchor", "settle"
]  # fmt: skip

SUFFIX = ".journal.jsonl"
TORN = ".torn"

_BINARY = getattr(os, "O_BINARY", 0)

_KEYS = frozenset(("n", "session", "time", "coder", "act", "changes", "of", "present", "settled"))
_MARKERS = (b"<<<<<<<", b"=======", b">>>>>>>", b"|||||||")


@dataclass(frozen=True, slots=True)
class Action:
    """One thing that somebody did.

    Attributes
    ----------
    n : int
        Counts the actions of one session on one sheet, from 1.
    session : str
        Drawn when a program opened the study: two branches of a repository never share one.
    time : str
        UTC.
    coder : str
        Who did it.
    act : str
    changes : tuple of Change
    of : str
        For undo and redo: ``session:n`` of what is undone or redone.
    present : tuple of str
        For what was decided together: who was there.
    settled : dict
        For settle: session → number of its last action that stands in the file.
    """

    n: int
    session: str
    time: str
    coder: str
    act: Act
    changes: tuple[Change, ...] = ()
    of: str = ""
    present: tuple[str, ...] = ()
    settled: dict[str, int] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"{self.session}:{self.n}"

    def line(self) -> bytes:
        entry: dict[str, Any] = {"n": self.n, "session": self.session, "time": self.time, "coder": self.coder}
        entry["act"] = self.act
        if self.of:
            entry["of"] = self.of
        if self.present:
            entry["present"] = self.present
        if self.changes:
            entry["changes"] = [[c.what, list(c.key), c.before, c.after] for c in self.changes]
        if self.settled:
            entry["settled"] = self.settled
        return _encoded(entry)


def _encoded(entry: object) -> bytes:
    return json.dumps(entry, ensure_ascii=False, separators=(", ", ": ")).encode("utf-8") + b"\n"


def action(line: bytes) -> Action:
    """Read one line.

    Raises
    ------
    ValueError, TypeError, KeyError
        It is no action.
    """
    entry = json.loads(line.decode("utf-8"))
    if not isinstance(entry, dict) or not _KEYS.issuperset(entry) or entry["act"] not in get_args(Act):
        raise ValueError("no action")
    changes = tuple(Change(what, tuple(key), before, after) for what, key, before, after in entry.get("changes", ()))
    settled = {str(session): int(number) for session, number in entry.get("settled", {}).items()}
    return Action(
        int(entry["n"]), str(entry["session"]), str(entry["time"]), str(entry["coder"]), entry["act"], changes,
        str(entry.get("of", "")), tuple(map(str, entry.get("present", ()))), settled,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Head:
    """The first line: whose journal it is."""

    case: str
    document: str
    coder: str
    round: int

    @property
    def sheet(self) -> tuple[str, str, int]:
        """Case, document and round, whoever codes."""
        return self.case, self.document, self.round

    def line(self) -> bytes:
        return _encoded(
            {"journal": 1, "case": self.case, "document": self.document, "coder": self.coder, "round": self.round}
        )


@dataclass(frozen=True, slots=True)
class Record:
    """What a journal holds.

    Attributes
    ----------
    head : Head or None
        None: nothing whole was ever written.
    actions : tuple of (int, Action)
        With the number of their line.
    torn : bytes
        A last line that was cut off while it was written, and so never acknowledged.
    size : int
        Bytes of the whole lines.
    """

    head: Head | None
    actions: tuple[tuple[int, Action], ...]
    torn: bytes
    size: int


def record(content: bytes, file: str) -> Record:
    """Read a journal.

    Raises
    ------
    InputError
        With every line that is damaged; a torn last line is none of them.
    """
    lines = content.split(b"\n")
    tail = lines.pop()
    if tail and _whole(tail, first=not lines):
        lines, tail = [*lines, tail], b""
    head: Head | None = None
    actions: list[tuple[int, Action]] = []
    problems: list[Problem] = []
    for number, line in enumerate(lines, 1):
        try:
            if line.startswith(b'{"journal"'):
                head = _same_head(head, _head(line))
            else:
                actions.append((number, action(line)))
        except (ValueError, TypeError, KeyError, AttributeError):
            problems.append(_damaged(line, number, file))
    if lines and head is None and not problems:
        problems.append(Problem("journal-line", "expected whose journal this is, found no such line.",
                                "Restore the first line from an earlier version.", file=file, line=1))  # fmt: skip
    if problems:
        raise InputError(problems)
    return Record(head, tuple(actions), tail, len(content) - len(tail))


def _whole(tail: bytes, *, first: bool) -> bool:
    """Whether only the line end is missing, as after an editor that drops it."""
    try:
        _head(tail) if first else action(tail)
    except (ValueError, TypeError, KeyError, AttributeError):
        return False
    return True


def _head(line: bytes) -> Head:
    entry = json.loads(line.decode("utf-8"))
    if entry["journal"] != 1:
        raise ValueError("another form")
    return Head(str(entry["case"]), str(entry["document"]), str(entry["coder"]), int(entry["round"]))


def _same_head(one: Head | None, other: Head) -> Head:
    # Two branches that each began a journal have the line twice after a merge.
    if one is not None and one != other:
        raise ValueError("another journal")
    return other


def _damaged(line: bytes, number: int, file: str) -> Problem:
    if line.startswith(_MARKERS):
        return Problem("journal-conflict", "two branches were merged and left a mark of conflict.",
                       "Keep the lines of both sides, one after the other, and remove the marks.",
                       file=file, line=number)  # fmt: skip
    return Problem("journal-line", "expected an action, found something else.",
                   "Restore the line from an earlier version; a journal is only ever appended to.",
                   file=file, line=number)  # fmt: skip


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

    def read(self) -> Record:
        """What it holds; nothing where there is no file.

        Raises
        ------
        InputError
            A line is damaged, or the file cannot be read.
        """
        try:
            with self.path.open("rb") as file, locked(file.fileno(), str(self.path), shared=True):
                return record(file.read(), str(self.path))
        except FileNotFoundError:
            return Record(None, (), b"", 0)
        except OSError as error:
            raise _unusable(self.path, error) from None

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

    def read(self) -> Record:
        """What the journal holds now.

        Raises
        ------
        InputError
            A line is damaged.
        """
        os.lseek(self._number, 0, os.SEEK_SET)
        with os.fdopen(self._number, "rb", closefd=False) as file:
            return record(file.read(), str(self._journal.path))

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
    """Make the name of a new file durable, since syncing the file does that for its content only.

    Two branches append to the same journal: git is told to keep the lines of both.
    """
    attributes = folder / ".gitattributes"
    with suppress(FileExistsError), attributes.open("x", encoding="utf-8", newline="\n") as file:
        file.write(f"*{SUFFIX} merge=union\n")
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
