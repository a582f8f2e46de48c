"""The files of a study in which somebody can stand, and what each of them is."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from clustergov.survey.collection.raw_store import INDEX, Entry, RawStore

SURVEY = "survey"
OUTPUT_RECORD = "manifest.json"
FROZEN_CHOICE = "case-selection.lock.json"
"""In a folder of raw exports: which organisations a model chose to be looked at more closely, by pseudonym."""
PREPARED = ".erasing"
JOURNAL = f".journal{PREPARED}"
_TABLES = (".csv", ".tsv")
_NOBODY = {"instruments", "analysis", "casestudies", "reports", "docs", "tests", "src", "node_modules", "venv"}
"""Folders of a study (or of the program) in which no respondent stands by row; case studies are for people to look at."""
_LEFT_BEHIND = re.compile(r"\.(?P<name>.+)-[a-z0-9_]{8}")
"""What a program that was interrupted while it wrote leaves beside a file, see `private_file`."""
_ROLES = {
    "responses": "responses", "partial": "partial responses", "dispositions": "dispositions", "frame": "frame",
    "weights": "weights", "links": "personal links", "people": "list of people", "pseudonyms": "pseudonyms of responses",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class SurveyFiles:
    """The files of a study in which rows of persons lie: its folder ``survey``, and tables beside it.

    Parameters
    ----------
    study : Path
        The study's own folder.
    done : mapping of str to str
        Name → SHA-256 of what an erasure that was interrupted may already have put there.
    """

    study: Path
    done: Mapping[str, str] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        return self.study / SURVEY

    def stores(self) -> Iterator[tuple[RawStore, tuple[Entry, ...]]]:
        """Every folder of raw exports, with its index."""
        for index in sorted(self.folder.rglob(INDEX)):
            store = RawStore(index.parent)
            yield store, store.entries()

    def raw(self, store: RawStore, entry: Entry) -> bytes:
        """The bytes of a raw export: those that are on record, or those that an interrupted erasure put there.

        Raises
        ------
        InputError
            They are others, or gone.
        """
        path = store.folder / entry.file
        expected = self.done.get(self.name(path))
        if expected and path.is_file() and hashlib.sha256(content := path.read_bytes()).hexdigest() == expected:
            return content
        return store.read(entry)

    def tables(self) -> Iterator[Path]:
        """Tables that are no raw exports of an index."""
        stored = {store.folder / entry.file for store, entries in self.stores() for entry in entries}
        yield from (path for path in self._all() if path.suffix.casefold() in _TABLES and path not in stored)

    def letters(self) -> Iterator[Path]:
        """Messages that were made ready to be sent, one file per person."""
        yield from (path for path in self._all() if path.suffix.casefold() == ".eml")

    def choices(self) -> Iterator[Path]:
        """Frozen choices of respondents; none can be edited without breaking its hash."""
        yield from (path for path in self._all() if path.name == FROZEN_CHOICE)

    def left_behind(self) -> Iterator[Path]:
        """What interrupted programs left beside a file: unfinished copies that nothing looks at any more."""
        for path in sorted(self.folder.rglob(".*")) if self.folder.is_dir() else ():
            if path.is_file() and not path.is_symlink() and _LEFT_BEHIND.fullmatch(path.name):
                yield path

    def prepared(self) -> Iterator[Path]:
        """New versions that an interrupted erasure had prepared."""
        for path in sorted(self.folder.rglob(f".*{PREPARED}")):
            if path.is_file() and path.name != JOURNAL:
                yield path

    def databases(self) -> Iterator[Path]:
        """SQLite databases of our own service."""
        for path in self._all():
            with path.open("rb") as file:
                if file.read(16) == b"SQLite format 3\0":
                    yield path

    def _all(self) -> Iterator[Path]:
        """Files of the study, without those that hold nobody's rows: what is asked, how it is analysed, and reports."""
        passed_by = {*_NOBODY, *(folder.name for folder in outputs(self.study))}
        for top in sorted(self.study.iterdir()) if self.study.is_dir() else ():
            if top.name in passed_by or top.name.startswith(".") or top.is_symlink():
                continue
            for path in [top] if top.is_file() else sorted(top.rglob("*")):
                if path.is_file() and not path.is_symlink() and not path.name.startswith("."):
                    yield path

    def name(self, path: Path) -> str:
        """A file's path as seen from the study."""
        return path.relative_to(self.study).as_posix() if path.is_relative_to(self.study) else path.name


def role(path: Path) -> str:
    """What a table is, by its name."""
    stem = path.name.casefold()
    return next((told for start, told in _ROLES.items() if stem.startswith(start)), "table")


def outputs(study: Path) -> list[Path]:
    """The folders in `study` that `clustergov run` wrote."""
    return sorted(path.parent for path in study.glob(f"*/{OUTPUT_RECORD}"))


def stale_outputs(study: Path) -> list[Path]:
    """Those of them whose inputs have changed since, or are gone: they tell of what is no longer there."""
    return [folder for folder in outputs(study) if _stale(folder / OUTPUT_RECORD, study)]


def _stale(record: Path, study: Path) -> bool:
    try:
        inputs = json.loads(record.read_text(encoding="utf-8"))["inputs"]
        return any(hashlib.sha256((study / name).read_bytes()).hexdigest() != before for name, before in inputs.items())
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return True
