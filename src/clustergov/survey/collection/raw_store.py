"""What was fetched, byte for byte: one file per export, and an index that tells of each when it was taken and its hash.

Nothing in here is ever changed or thrown away by fetching, only added to; `rewrite` is there for the erasure of a person,
who has a right to it.
"""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Literal

from clustergov.problems import InputError, Problem
from clustergov.survey.collection.collecting import RawExport
from clustergov.survey.collection.private_file import append_private, private_folder, write_private

INDEX = "index.jsonl"


@dataclass(frozen=True, slots=True)
class Entry:
    """One stored export: one line of ``index.jsonl``.

    Attributes
    ----------
    file : str
        Its name in the folder.
    kind : {"complete", "partial"}
    address : str
        Of which survey, without any password.
    taken : str
        ISO time in UTC, to the second.
    rows, bytes : int
    sha256 : str
    masked : bool
        As in `RawExport`.
    deleted : tuple of str
        As in `RawExport`.
    replaces : tuple of str
        Hashes that the file had before persons were erased from it, the oldest first.
    """

    file: str
    kind: Literal["complete", "partial"]
    address: str
    taken: str
    rows: int
    bytes: int
    sha256: str
    masked: bool = False
    deleted: tuple[str, ...] = ()
    replaces: tuple[str, ...] = ()


class RawStore:
    """The folder of raw exports of one survey; made when something is first stored.

    Parameters
    ----------
    folder : path
    """

    def __init__(self, folder: Path | str) -> None:
        self.folder = Path(folder)

    def __repr__(self) -> str:
        return f"RawStore({str(self.folder)!r})"

    @property
    def index(self) -> Path:
        return self.folder / INDEX

    def entries(self) -> tuple[Entry, ...]:
        """What is stored, in the order in which it came.

        Raises
        ------
        InputError
            A line of the index cannot be read.
        """
        try:
            text = self.index.read_bytes()
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise InputError(
                Problem("unreadable", f"cannot be read: {error.strerror}.", file=str(self.index))
            ) from None
        # What stands behind the last line end was cut off by a crash: nobody was told that it is stored.
        whole = text[: text.rfind(b"\n") + 1].splitlines()
        return tuple(self._entry(line, number) for number, line in enumerate(whole, start=1))

    def read(self, entry: Entry) -> bytes:
        """The bytes of one export, as they came.

        Raises
        ------
        InputError
            The file is gone, or is not what was stored.
        """
        path = self.folder / entry.file
        try:
            content = path.read_bytes()
        except OSError as error:
            raise InputError(
                Problem("raw-missing", f"expected the export that was taken at {entry.taken}: {error.strerror}.",
                        "Bring it back from a copy; the index and its files belong together.", file=str(path))
            ) from None  # fmt: skip
        if hashlib.sha256(content).hexdigest() != entry.sha256:
            raise InputError(self._altered(entry, content))
        return content

    def check(self) -> None:
        """Read every file that is stored.

        Raises
        ------
        InputError
            Naming each that is gone or altered.
        """
        problems: list[Problem] = []
        for entry in self.entries():
            try:
                self.read(entry)
            except InputError as error:
                problems += error.problems
        if problems:
            raise InputError(problems, summary="Raw exports are not what was stored:")

    def add(self, export: RawExport, *, address: str) -> Entry | None:
        """Store an export; None when it says nothing that is not stored already.

        An export of complete responses without rows, and partial ones that are the same as those stored last, are not
        stored again.

        Raises
        ------
        InputError
            The folder holds exports of another survey, or cannot be written.
        """
        standing = self.entries()
        self.refuse_another(address, standing)
        sha256 = hashlib.sha256(export.content).hexdigest()
        last = next((entry for entry in reversed(standing) if entry.kind == export.kind), None)
        if export.kind == "complete" and not export.rows and not export.deleted:
            return None
        nobody = not export.rows and (last is None or not last.rows)
        if export.kind == "partial" and (nobody or (last is not None and last.sha256 == sha256)):
            return None
        private_folder(self.folder)
        taken = export.taken.astimezone(datetime.UTC).replace(tzinfo=None, microsecond=0).isoformat() + "Z"
        entry = Entry(
            self._free_name(taken, export.kind), export.kind, address, taken, export.rows, len(export.content), sha256,
            export.masked, export.deleted,
        )  # fmt: skip
        # First the file, then the line that vouches for it: a crash in between leaves a file nobody counts on.
        write_private(self.folder / entry.file, export.content)
        append_private(self.index, _line(entry))
        return entry

    def refuse_another(self, address: str, standing: Iterable[Entry] | None = None) -> None:
        """Refuse to mix two surveys in one folder.

        Raises
        ------
        InputError
            It holds exports of another survey.
        """
        other = next((entry for entry in standing or self.entries() if entry.address != address), None)
        if other is not None:
            raise InputError(
                Problem("another-survey", f"expected raw exports of {address}, found those of {other.address}.",
                        "Name another folder with --out: the responses of two surveys are never mixed.",
                        file=str(self.folder))
            )  # fmt: skip

    def rewrite(self, entry: Entry, content: bytes, *, rows: int, deleted: tuple[str, ...] = ()) -> Entry:
        """Replace what is stored, because a person is erased from it. The old hash is kept, the old bytes are not.

        Should the machine stop between the two steps, `read` names the file as altered; rewriting it again mends it.

        Raises
        ------
        InputError
            It cannot be written, or the index does not know this entry.
        """
        standing = list(self.entries())
        place = next((number for number, each in enumerate(standing) if each.file == entry.file), None)
        if place is None:
            raise InputError(Problem("raw-missing", f"{entry.file} is not in the index.", file=str(self.index)))
        sha256 = hashlib.sha256(content).hexdigest()
        fresh = replace(entry, rows=rows, bytes=len(content), sha256=sha256, deleted=deleted,
                        replaces=(*entry.replaces, entry.sha256))  # fmt: skip
        standing[place] = fresh
        write_private(self.folder / entry.file, content)
        write_private(self.index, b"".join(_line(each) + b"\n" for each in standing))
        return fresh

    def _entry(self, line: bytes, number: int) -> Entry:
        try:
            values = json.loads(line)
            values |= {name: tuple(values[name]) for name in ("deleted", "replaces")}
            entry = Entry(**values)
            named = Path(entry.file).name == entry.file and entry.kind in ("complete", "partial")
        except (ValueError, TypeError, KeyError):
            named = False
        if not named:
            raise InputError(
                Problem("raw-index", "expected one stored export, found something else.",
                        "Bring the index back from a copy: without it nothing vouches for the files.",
                        file=str(self.index), line=number)
            )  # fmt: skip
        return entry

    def _altered(self, entry: Entry, content: bytes) -> Problem:
        return Problem(
            "raw-altered",
            f"expected the {entry.bytes:,} bytes that were stored at {entry.taken} (SHA-256 {entry.sha256[:12]}…), "
            f"found {len(content):,} others.",
            "Bring the file back from a copy. Raw exports are never edited: correct answers further down the road.",
            file=str(self.folder / entry.file),
        )

    def _free_name(self, taken: str, kind: str) -> str:
        stem = f"{taken.replace(':', '-')}-{kind}"
        names = (f"{stem}{suffix}.csv" for suffix in ("", *(f"-{number}" for number in range(2, 10_000))))
        return next(name for name in names if not (self.folder / name).exists())


def _line(entry: Entry) -> bytes:
    return json.dumps(asdict(entry), ensure_ascii=False).encode()
