"""What an erasure leaves behind: one dated line that says which files changed, and nothing of whom."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal, get_args

from clustergov.problems import InputError, Problem
from clustergov.survey.collection.private_file import append_private

FILE = "erased.jsonl"
Reason = Literal["request", "withdrawn", "retention", "duplicate", "mistake"]
"""Why: somebody asked for it, withdrew consent, the time was up, stood twice, or should not have been there."""
REASONS: tuple[Reason, ...] = get_args(Reason)


@dataclass(frozen=True, slots=True)
class Rewritten:
    """One file that changed.

    Attributes
    ----------
    role : str
        What it is: raw export, responses, frame, key file, …
    name : str
        Its path in the study; empty where the name itself would tell something.
    before, after : str
        SHA-256 of its bytes; `after` is empty for a file that is gone.
    """

    role: str
    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Tombstone:
    """One erasure.

    Attributes
    ----------
    erasure : str
        A random number, so that a line is not written twice.
    date : str
    reason : str
    files : tuple of Rewritten
    collected : {"limesurvey", "service", ""}
        From which software the response was erased.
    by_hand : tuple of str
        What only a person can do.
    """

    erasure: str
    date: str
    reason: Reason
    files: tuple[Rewritten, ...]
    collected: Literal["limesurvey", "service", ""]
    by_hand: tuple[str, ...]


def set_tombstone(folder: Path, tombstone: Tombstone) -> None:
    """Write the line, once.

    Raises
    ------
    InputError
        It cannot be written.
    """
    if not any(line.get("erasure") == tombstone.erasure for line in tombstones(folder)):
        append_private(folder / FILE, json.dumps(asdict(tombstone), ensure_ascii=False).encode())


def tombstones(folder: Path) -> Sequence[Mapping[str, object]]:
    """The lines that were written so far.

    Raises
    ------
    InputError
        A line is none of ours.
    """
    path = folder / FILE
    if not path.is_file():
        return ()
    whole = path.read_bytes()
    try:
        return [dict(json.loads(line)) for line in whole[: whole.rfind(b"\n") + 1].splitlines()]
    except (ValueError, TypeError):
        raise InputError(
            Problem("tombstones", "expected one erasure a line, found something else.", "Bring it back from a copy.",
                    file=str(path))
        ) from None  # fmt: skip
