"""When each case was first coded, as far as journals tell: a choice of cases should be older than their reading."""

from __future__ import annotations

import datetime
import json
from dataclasses import dataclass
from pathlib import Path

from clustergov.casestudies.coding.journal import SUFFIX
from clustergov.problems import InputError, Problem


@dataclass(frozen=True, slots=True)
class FirstCoded:
    """One case.

    Attributes
    ----------
    time : datetime or None
        Of the first action in any of its journals, in UTC; None without one.
    untimed : int
        Files of codings without a journal: when they were made is not known.
    """

    case: str
    time: datetime.datetime | None
    untimed: int

    def before(self, moment: datetime.datetime) -> bool | None:
        """Whether coding began before a moment; None: that is not known."""
        if self.time is not None and self.time < moment:
            return True
        return None if self.untimed else False


def first_coded(folder: Path | str) -> dict[str, FirstCoded]:
    """Case → when it was first coded, for every case folder with codings.

    Raises
    ------
    InputError
        A journal cannot be read.
    """
    found = {}
    for codings in sorted(Path(folder).glob("*/codings")):
        journals = sorted(codings.glob(f"*{SUFFIX}"))
        with_journal = {path.name.removesuffix(SUFFIX) for path in journals}
        files = [path for path in sorted(codings.glob("*.y*ml")) if path.stem not in with_journal]
        times = [time for path in journals if (time := _first(path)) is not None]
        case = codings.parent.name
        found[case] = FirstCoded(case, min(times, default=None), len(files))
    return found


def moment_of(text: str) -> datetime.datetime:
    """A time in ISO form; without a zone it counts as UTC.

    Raises
    ------
    ValueError
        It is none.
    """
    found = datetime.datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=datetime.UTC)


def _first(path: Path) -> datetime.datetime | None:
    """The earliest time in a journal: also of what was undone or removed since, for it was read then."""
    lines = path.read_bytes().split(b"\n")[:-1]  # without what was cut off in a last line
    try:
        entries = [json.loads(line) for line in lines if line.strip()]
        times = [moment_of(str(entry["time"])) for entry in entries if "time" in entry]
    except (ValueError, TypeError):
        raise InputError(
            Problem("journal-line", "expected a time in every action of the journal, found something else.",
                    "Restore the line from an earlier version.", file=str(path))
        ) from None  # fmt: skip
    return min(times, default=None)
