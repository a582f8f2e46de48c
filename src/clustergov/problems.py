"""What is wrong with an input: one message, every mistake, where it stands and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake in one place of an input.

    Attributes
    ----------
    rule : str
        Short stable name of the rule that is broken, e.g. ``unknown-scale``.
    message : str
        What was expected and what was found.
    fix : str
        What to do, in one sentence.
    file : str
        The file as the user named it; empty when the input is not a file.
    line, column : int or None
        Counted from 1; None where the input has no lines.
    place : str
        Where inside the document, e.g. ``sections[2].questions[0].scale`` or ``row 7, funding``.
    severity : {"error", "warning"}
    imported : bool
        A warning of what an import took over from its original as it was.
    """

    rule: str
    message: str
    fix: str = ""
    file: str = ""
    line: int | None = None
    column: int | None = None
    place: str = ""
    severity: Severity = "error"
    imported: bool = False

    def __str__(self) -> str:
        where = self.file
        if self.line is not None:
            where += f":{self.line}"
            if self.column is not None:
                where += f":{self.column}"
        parts = [part for part in (where, self.place) if part]
        head = f"{' '.join(parts)}: " if parts else ""
        level = ("warning (imported): " if self.imported else "warning: ") if self.severity == "warning" else ""
        fix = f" {self.fix}" if self.fix else ""
        return f"{head}{level}{self.message}{fix} [{self.rule}]"


class ClustergovError(Exception):
    """Base of every error that a user can cause; the command line turns it into one message and exit code 2."""

    def __reduce__(self) -> tuple[Any, ...]:
        # An error of another process arrives with all that it holds; Exception alone would build it from its text.
        return _again, (type(self), self.args, self.__dict__)


def _again(kind: type[ClustergovError], args: tuple[Any, ...], held: dict[str, Any]) -> ClustergovError:
    error = kind.__new__(kind, *args)
    error.args = args
    error.__dict__.update(held)
    return error


class InputError(ClustergovError):
    """An input is wrong.

    Attributes
    ----------
    problems : tuple of Problem
        Every mistake that was found, not only the first.
    """

    def __init__(self, problems: Problem | Iterable[Problem], *, summary: str = "") -> None:
        self.problems: tuple[Problem, ...] = (problems,) if isinstance(problems, Problem) else tuple(problems)
        self.summary = summary
        super().__init__(str(self))

    def __str__(self) -> str:
        return report(self.problems, summary=self.summary)


def report(problems: Sequence[Problem], *, summary: str = "", most: int = 60) -> str:
    """Write problems one a line under a summary line; past `most` only their number is told."""
    lines = [summary] if summary else []
    lines += [str(problem) for problem in problems[:most]]
    if len(problems) > most:
        lines.append(f"… and {len(problems) - most} more.")
    return "\n".join(lines)


def missing_file(path: Path | str, *, wanted: str, rule: str = "missing-file") -> InputError:
    """Say that a file which something needs is not there."""
    if Path(path).is_dir():
        return InputError(
            Problem(rule, f"expected {wanted}, found a folder.", "Name a file in it.", file=str(path))
        )  # fmt: skip
    return InputError(
        Problem(rule, f"expected {wanted}, found no such file.", "Check the path and its spelling.", file=str(path))
    )
