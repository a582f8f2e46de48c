"""An action on a sheet, and the line of a journal that tells of it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from clustergov.casestudies.coding.sheet import Change

Act = Literal[
    "code", "remove", "change", "memo", "done", "open", "undo", "redo", "resolve", "reopen", "recode", "reanchor", "settle"
]  # fmt: skip

_KEYS = frozenset(("n", "session", "time", "coder", "act", "changes", "of", "present", "settled"))


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
        return encoded(entry)


def encoded(entry: object) -> bytes:
    """One line of JSON."""
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
        return encoded(
            {"journal": 1, "case": self.case, "document": self.document, "coder": self.coder, "round": self.round}
        )


def head_of(line: bytes) -> Head:
    """Read the first line of a journal.

    Raises
    ------
    ValueError, TypeError, KeyError
        It is none.
    """
    entry = json.loads(line.decode("utf-8"))
    if entry["journal"] != 1:
        raise ValueError("another form")
    return Head(str(entry["case"]), str(entry["document"]), str(entry["coder"]), int(entry["round"]))
