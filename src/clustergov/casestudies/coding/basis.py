"""What codings rest on, codebook, rounds, cases and texts, as they were when they were read."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from clustergov.casestudies.coding.desk import refuse
from clustergov.casestudies.documents.document import DocumentList
from clustergov.yaml_file import read as read_yaml

_COMMON = ("codebook.yml", "rounds.yml")

Stamp = tuple[int, int] | None


@dataclass(slots=True)
class _Read:
    """One file: when it was last looked at, and what it held."""

    stamp: Stamp
    digest: bytes


class Basis:
    """The files of a study that are read once, when it is opened.

    Parameters
    ----------
    folder : Path
        Of case studies without a mistake.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._common = {folder / name: _read(folder / name) for name in _COMMON}
        self._own = {
            file.parent.name: {path: _read(path) for path in _files(file.parent)} for file in folder.glob("*/case.yml")
        }

    def check(self, case: str) -> None:
        """Refuse what would be coded by a codebook, or on a text, that is not the study's any more.

        Raises
        ------
        InputError
            One of the files holds something else now.
        """
        for path, held in (*self._common.items(), *self._own.get(case, {}).items()):
            if (stamp := _stamp(path)) == held.stamp:
                continue
            if _digest(path) != held.digest:
                raise refuse("study-changed", f"{path.relative_to(self._folder)} was changed since this program read it.",
                             "Stop the program and start it again.", file=str(path))  # fmt: skip
            held.stamp = stamp  # written anew with the same content, as git does


def _files(folder: Path) -> Iterator[Path]:
    """The case, its list of documents, and their texts; whatever else lies there is nobody's business here."""
    listed = folder / "documents.yml"
    yield folder / "case.yml"
    yield listed
    if listed.is_file():
        yield from (folder / entry.file for entry in read_yaml(listed, DocumentList)[0].documents)


def _read(path: Path) -> _Read:
    return _Read(_stamp(path), _digest(path))


def _stamp(path: Path) -> Stamp:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size


def _digest(path: Path) -> bytes:
    try:
        return hashlib.sha256(path.read_bytes()).digest()
    except OSError:
        return b""
