"""How a sheet stands: its file of codings, the actions of its journal on top, and where each coding is written."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from clustergov.casestudies.coding.action import Action, Head
from clustergov.casestudies.coding.coding import Coding, CodingFile, Key
from clustergov.casestudies.coding.record import Record
from clustergov.casestudies.coding.sheet import Change, Sheet
from clustergov.problems import InputError, Problem
from clustergov.yaml_file import Positions

File = tuple[CodingFile, tuple[Coding, ...], Positions]


@dataclass(frozen=True, slots=True)
class Draft:
    """What an action is to change, and for undo and redo which action it takes back or repeats."""

    changes: tuple[Change, ...]
    of: str = ""


@dataclass(slots=True)
class Standing:
    """A sheet with where each of its codings stands, for messages.

    Attributes
    ----------
    sheet : Sheet
    positions : Positions or None
        Of the file of codings; None where there is none yet.
    places : dict
        Key of a coding → its index in the file, or the line of the journal as a negative number.
    twice : tuple of int
        Indices of codings of the file that repeat an earlier one.
    unsettled : int
        Actions that are not in the file yet.
    cautions : tuple of Problem
        A torn line, which was never acknowledged.
    """

    sheet: Sheet
    positions: Positions | None
    journal: str
    places: dict[Key, int] = field(default_factory=dict)
    twice: tuple[int, ...] = ()
    unsettled: int = 0
    cautions: tuple[Problem, ...] = ()

    def problem(self, key: Key, part: str, rule: str, message: str, fix: str = "") -> Problem:
        """A mistake in one coding, with the line of the file or journal that it stands on."""
        place = self.places.get(key, 0)
        if place < 0 or self.positions is None:
            return Problem(rule, message, fix, file=self.journal, line=abs(place) or None)
        return self.positions.problem(("codings", place, part) if part else ("codings", place), rule, message, fix)

    def head_problem(self, part: str, rule: str, message: str, fix: str = "") -> Problem:
        """A mistake in what the whole file is about."""
        if self.positions is None:
            return Problem(rule, message, fix, file=self.journal, line=1)
        return self.positions.problem((part,), rule, message, fix)

    @property
    def repeated(self) -> list[Problem]:
        """A problem per coding of the file that repeats an earlier one."""
        return [
            self.positions.problem(("codings", index), "coding-twice",
                                   "this concept is coded twice in the same place by one coder.", "Remove one.")
            for index in self.twice if self.positions is not None
        ]  # fmt: skip


@dataclass(slots=True)
class Past:
    """What was done on a sheet before, for undo and redo, and when.

    Attributes
    ----------
    undoable, redoable : list of Action
        The last one is undone or redone first.
    times : dict
        Key of a coding → when it got its present form, UTC.
    """

    undoable: list[Action] = field(default_factory=list)
    redoable: list[Action] = field(default_factory=list)
    times: dict[Key, str] = field(default_factory=dict)

    def take(self, action: Action) -> None:
        """Let an action become part of the past."""
        for change in action.changes:
            if change.what == "coding":
                self.times[change.key[0], change.key[1]] = action.time
        if action.act == "undo":
            self.redoable += [one for one in self.undoable if one.name == action.of]
            self.undoable = [one for one in self.undoable if one.name != action.of]
        elif action.act == "redo":
            self.undoable += [one for one in self.redoable if one.name == action.of]
            self.redoable = [one for one in self.redoable if one.name != action.of]
        elif action.act in ("recode", "reanchor"):
            # What was done before speaks of codes or places that are no more.
            self.undoable, self.redoable = [], []
        elif action.act != "settle":
            self.undoable.append(action)
            self.redoable = []


def read_standing(file: File | None, path: Path, journal: Path, head: Head, held: Record) -> Standing:
    """Put a file of codings and its journal together.

    Raises
    ------
    InputError
        With every line of the journal that tells of no coding.
    """
    if file is not None:
        written, codings, positions = file
        standing = Standing(Sheet.of_file(head.case, written, codings), positions, str(journal))
        for index, coding in enumerate(codings):
            if standing.places.setdefault(coding.key, index) != index:
                standing.twice = (*standing.twice, index)
    else:
        standing = Standing(Sheet(head.case, head.document, head.coder, head.round), None, str(journal))
    problems = []
    for line, action in held.later:
        try:
            happen(standing, line, action)
        except (ValueError, TypeError, KeyError, IndexError):
            problems.append(Problem("journal-line", "expected an action on a coding, found something else.",
                                    "Restore the line from an earlier version.", file=str(journal), line=line))  # fmt: skip
    if problems:
        raise InputError(problems)
    if held.torn:
        standing.cautions = (_torn(journal, held),)
    if held.settled and file is None:
        standing.cautions = (*standing.cautions, _file_gone(path, journal))
    return standing


def happen(standing: Standing, line: int, action: Action) -> None:
    """Let an action of the journal happen."""
    standing.unsettled += 1
    for change in action.changes:
        standing.sheet.apply(change)
        if change.what == "coding":
            standing.places[change.key[0], change.key[1]] = -line


def _torn(journal: Path, held: Record) -> Problem:
    return Problem(
        "journal-torn", f"the last line was cut off while it was written ({len(held.torn)} bytes); it was never "
        "acknowledged and does not count.", f"The next action sets it aside in {journal.name}.torn.",
        file=str(journal), line=held.lines + 1, severity="warning",
    )  # fmt: skip


def _file_gone(path: Path, journal: Path) -> Problem:
    return Problem(
        "codings-missing", f"actions of this journal were settled in {path.name}, which is not there.",
        "Restore that file from an earlier version; the journal keeps what was done.", file=str(journal),
        severity="warning",
    )  # fmt: skip
