"""What the lines of a journal say: all of them, or only those that its file of codings does not hold yet."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from clustergov.casestudies.coding.action import Action, Head, action, head_of
from clustergov.problems import InputError, Problem

_MARKERS = (b"<<<<<<<", b"=======", b">>>>>>>", b"|||||||")
_BEGINNING = re.compile(
    rb'\{"n": (\d{1,12}), "session": "([^"\\]*)", "time": "[^"\\]*", "coder": "(?:[^"\\]|\\.)*", "act": "(settle)?'
)
_MISTAKES = (ValueError, TypeError, KeyError, AttributeError)


@dataclass(frozen=True, slots=True)
class Record:
    """What a journal holds.

    Attributes
    ----------
    head : Head or None
        None: nothing whole was ever written.
    later : tuple of (int, Action)
        What the file of codings does not hold yet, each with the number of its line.
    settled : dict
        Session → number of its last action that stands in the file of codings.
    last : dict
        Session → number of its last action.
    lines : int
        How many whole lines there are.
    torn : bytes
        A last line that was cut off while it was written, and so never acknowledged.
    size : int
        Bytes of the whole lines.
    """

    head: Head | None = None
    later: tuple[tuple[int, Action], ...] = ()
    settled: dict[str, int] = field(default_factory=dict)
    last: dict[str, int] = field(default_factory=dict)
    lines: int = 0
    torn: bytes = b""
    size: int = 0


def record(content: bytes, file: str) -> Record:
    """Read a journal; of actions that stand in the file of codings already only who and when.

    Raises
    ------
    InputError
        With every line that is damaged and needed; a torn last line is none of them.
    """
    lines, torn = _lines(content)
    problems: list[Problem] = []
    head: Head | None = None
    begun: list[tuple[int, str, int]] = []
    settled: dict[str, int] = {}
    for number, line in enumerate(lines, 1):
        try:
            found = _BEGINNING.match(line)
            if found is None or found[3]:
                head = _other_line(line, head, begun, settled, number)
            else:
                begun.append((number, found[2].decode("utf-8"), int(found[1])))
        except _MISTAKES:
            problems.append(_damaged(line, number, file))
    if lines and head is None and not problems:
        problems.append(Problem("journal-line", "expected whose journal this is, found no such line.",
                                "Restore the first line from an earlier version.", file=file, line=1))  # fmt: skip
    later: list[tuple[int, Action]] = []
    for number, session, n in begun:
        if n > settled.get(session, 0):
            try:
                later.append((number, action(lines[number - 1])))
            except _MISTAKES:
                problems.append(_damaged(lines[number - 1], number, file))
    if problems:
        raise InputError(sorted(problems, key=lambda problem: problem.line or 0))
    last: dict[str, int] = {}
    for _, session, n in begun:
        last[session] = max(n, last.get(session, 0))
    for session, n in settled.items():
        last[session] = max(n, last.get(session, 0))
    return Record(head, tuple(later), settled, last, len(lines), torn, len(content) - len(torn))


def _other_line(line: bytes, head: Head | None, begun: list[tuple[int, str, int]], settled: dict[str, int],
                number: int) -> Head | None:  # fmt: skip
    """A line that is not written as we write an action: the first one, one that settles, or one that a person wrote."""
    if line.startswith(b'{"journal"'):
        found = head_of(line)
        # Two branches that each began a journal have the line twice after a merge.
        if head is not None and head != found:
            raise ValueError("another journal")
        return found
    one = action(line)
    if one.act == "settle":
        for session, n in (*one.settled.items(), (one.session, one.n)):
            settled[session] = max(n, settled.get(session, 0))
    else:
        begun.append((number, one.session, one.n))
    return head


def history(content: bytes, file: str) -> Iterator[Action]:
    """Every action that a journal tells of, from the first.

    Raises
    ------
    InputError
        A line is damaged.
    """
    for number, line in enumerate(_lines(content)[0], 1):
        try:
            if line.startswith(b'{"journal"'):
                head_of(line)
            else:
                yield action(line)
        except _MISTAKES:
            raise InputError(_damaged(line, number, file)) from None


def _lines(content: bytes) -> tuple[list[bytes], bytes]:
    """Whole lines, and what is left of one that was cut off."""
    lines = content.split(b"\n")
    tail = lines.pop()
    if tail and _whole(tail, first=not lines):
        return [*lines, tail], b""
    return lines, tail


def _whole(tail: bytes, *, first: bool) -> bool:
    """Whether only the line end is missing, as after an editor that drops it."""
    try:
        head_of(tail) if first else action(tail)
    except _MISTAKES:
        return False
    return True


def _damaged(line: bytes, number: int, file: str) -> Problem:
    if line.startswith(_MARKERS):
        return Problem("journal-conflict", "two branches were merged and left a mark of conflict.",
                       "Keep the lines of both sides, one after the other, and remove the marks.",
                       file=file, line=number)  # fmt: skip
    return Problem("journal-line", "expected an action, found something else.",
                   "Restore the line from an earlier version; a journal is only ever appended to.",
                   file=file, line=number)  # fmt: skip
