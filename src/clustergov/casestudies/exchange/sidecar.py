"""Which GUIDs, names and times things had in the file that they came from, so that an export gives them back."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from clustergov.casestudies.exchange.guid import canonical, stable
from clustergov.problems import InputError, Problem

NAME = "exchange.csv"
_COLUMNS = ("kind", "key", "guid", "name", "time")


@dataclass(frozen=True, slots=True)
class Known:
    """One thing of a study in the file that it came from.

    Attributes
    ----------
    kind : str
        ``code``, ``user``, ``case``, ``source``, ``selection``, ``coding`` or ``variable``.
    key : str
        What it is in the study: its code, or codes joined by slashes.
    name : str
        As it was written there, where a study writes it otherwise.
    time : str
        When it was made, as it was written there.
    """

    kind: str
    key: str
    guid: str
    name: str = ""
    time: str = ""


@dataclass(slots=True)
class Sidecar:
    """The GUIDs of one study: those that came from a file, and for everything else one that is always the same."""

    study: str
    known: dict[tuple[str, str], Known] = field(default_factory=dict)
    _given: dict[str, tuple[str, str]] = field(default_factory=dict)

    def guid(self, kind: str, key: str) -> str:
        """The GUID of a thing; never one that another thing was given."""
        own = (kind, key)
        found = self.known.get(own)
        if found is not None and self._given.setdefault(found.guid, own) == own:
            return found.guid
        return stable(self.study, kind, key)

    def of(self, kind: str, key: str) -> Known | None:
        """What is known of a thing from the file that it came from."""
        return self.known.get((kind, key))

    def add(self, entries: Iterable[Known]) -> None:
        """Take up what came from a file; what is known already stays."""
        for entry in entries:
            if entry.guid:
                self.known.setdefault((entry.kind, entry.key), entry)

    def text(self) -> str:
        """The table as CSV, in order."""
        buffer = io.StringIO()
        writer = csv.writer(buffer, lineterminator="\n")
        writer.writerow(_COLUMNS)
        for entry in sorted(self.known.values(), key=lambda each: (each.kind, each.key)):
            writer.writerow([getattr(entry, column) for column in _COLUMNS])
        return buffer.getvalue()


def read_sidecar(folder: Path, study: str) -> Sidecar:
    """Read the table of a study; an empty one where there is none.

    Raises
    ------
    InputError
        It is not the table that we write.
    """
    path, sidecar = folder / NAME, Sidecar(study)
    if not path.is_file():
        return sidecar
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.reader(file))
    except (OSError, UnicodeError, csv.Error) as error:
        raise _refusal(path, f"cannot be read: {error}", 1) from None
    if not rows or tuple(rows[0]) != _COLUMNS:
        raise _refusal(path, f"expected the columns {', '.join(_COLUMNS)}", 1)
    for number, row in enumerate(rows[1:], start=2):
        if not row:
            continue
        if len(row) != len(_COLUMNS) or not canonical(row[2]):
            raise _refusal(path, "expected kind, key, a GUID, a name and a time", number)
        sidecar.add([Known(row[0], row[1], canonical(row[2]), row[3], row[4])])
    return sidecar


def _refusal(path: Path, message: str, line: int) -> InputError:
    fix = "Restore it, or remove it: then an export gives new GUIDs."
    return InputError(Problem("exchange-table", f"{message}.", fix, file=str(path), line=line))
