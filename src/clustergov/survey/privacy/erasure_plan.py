"""What the erasure of a person takes: by what they are known, and which file becomes what. Nothing is changed here."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from clustergov.problems import InputError, Problem
from clustergov.survey.collection.raw_store import Entry as RawEntry
from clustergov.survey.privacy.key_file import Entry, KeyFile, sealed_bytes
from clustergov.survey.privacy.search import bearing
from clustergov.survey.privacy.study_files import SurveyFiles, role
from clustergov.survey.privacy.traces import Parted, Traces, part

_WORDS = 12
"""Characters from which a text in somebody's own words is looked for elsewhere."""
_LAID_OUT = {"responses", "partial responses", "dispositions"}
_NAMED = 5
"""Characters from which a cell of the key file is."""


@dataclass(frozen=True, slots=True)
class Key:
    """An opened key file and what opens it."""

    path: Path
    content: KeyFile
    passphrase: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Change:
    """One file that becomes another, or goes.

    Attributes
    ----------
    path : Path
    role : str
    before : str
        SHA-256 of what stands there.
    content : bytes or None
        What will stand there; None when the file goes.
    rows : int
        That are taken out.
    named : bool
        Whether its name may be written down: that of a letter is a pseudonym.
    """

    path: Path
    role: str
    before: str
    content: bytes | None = field(repr=False)
    rows: int = 0
    named: bool = True


@dataclass(frozen=True, slots=True)
class ErasurePlan:
    """What is to be done.

    Attributes
    ----------
    traces : Traces
    changes : tuple of Change
    words : frozenset of str
        Their name, address, codes and own words, to look for in other files.
    """

    traces: Traces
    changes: tuple[Change, ...]
    words: frozenset[str] = field(repr=False)


def plan_erasure(
    files: SurveyFiles, traces: Traces, *, key: Key | None, others: Iterable[str] = (), named: bool = False,
    database: Path | None = None,
) -> ErasurePlan:  # fmt: skip
    """Which files change, and how.

    Parameters
    ----------
    others : iterable of str
        Pseudonyms that somebody has.
    named : bool
        Whether the survey software was asked who they are.
    database : Path, optional
        The file of our own service's database, from which the person is erased as well.

    Raises
    ------
    InputError
        A file cannot be read, a raw export is not what was stored, it cannot be told which raw rows are theirs, or they
        are in a database that was not named.
    """
    apart = frozenset(others) - {traces.pseudonym}
    entry = key.content.entry(traces.pseudonym) if key else None
    removed: list[Mapping[str, str]] = []
    changes = [*_raw(files, traces, removed)]
    _refuse_unnamed(files, traces, database)
    changes += _tables(files, traces, apart, removed)
    changes += _letters(files, traces, entry)
    changes += _choices(files, traces)
    if key is not None and entry is not None:
        content = sealed_bytes(key.content.without(entry.pseudonym), key.passphrase)
        changes.append(Change(key.path, "key file", key.content.sha256, content, rows=1))
    words = _words(traces, entry, removed)
    changes += [_gone(path, "unfinished copy") for path in files.left_behind()]
    _refuse_half(files, traces, changes, named=named)
    return ErasurePlan(traces, tuple(changes), words)


def _raw(files: SurveyFiles, traces: Traces, removed: list[Mapping[str, str]]) -> Iterator[Change]:
    for store, entries in files.stores():
        fresh: list[RawEntry] = []
        for entry in entries:
            content = files.raw(store, entry)
            path = store.folder / entry.file
            parted = part(content, path, traces, raw=True) if content else Parted(b"", (), 0)
            sha256 = hashlib.sha256(parted.content).hexdigest()
            deleted = tuple(number for number in entry.deleted if number not in traces.responses)
            entry_now = replace(entry, deleted=deleted)
            if sha256 != entry.sha256:
                entry_now = replace(
                    entry_now, rows=parted.rows, bytes=len(parted.content), sha256=sha256,
                    replaces=(*entry.replaces, entry.sha256),
                )  # fmt: skip
            fresh.append(entry_now)
            if parted.removed:
                removed += parted.removed
                yield Change(
                    path, "raw export", hashlib.sha256(content).hexdigest(), parted.content, len(parted.removed)
                )
        if tuple(fresh) != entries:
            lines = b"".join(json.dumps(asdict(each), ensure_ascii=False).encode() + b"\n" for each in fresh)
            yield Change(store.index, "index of raw exports", _sha256(store.index), lines)


def _tables(
    files: SurveyFiles, traces: Traces, others: frozenset[str], removed: list[Mapping[str, str]]
) -> Iterator[Change]:
    for path in files.tables():
        content = _read(path)
        if not content.strip():
            continue
        try:
            parted = part(content, path, traces, others=others)
        except InputError:
            if path.is_relative_to(files.folder):
                raise
            continue  # something else than a table of respondents; were they in it, the search at the end would tell
        if parted.removed:
            removed += parted.removed
            before = hashlib.sha256(content).hexdigest()
            yield Change(path, role(path), before, parted.content, len(parted.removed))


def _letters(files: SurveyFiles, traces: Traces, entry: Entry | None) -> Iterator[Change]:
    words = {*traces.unmistakable, *([entry.email] if entry and entry.email else [])}
    for path in files.letters():
        if path.stem == traces.pseudonym or path in bearing(path.parent, words):
            yield _gone(path, "letter")


def _choices(files: SurveyFiles, traces: Traces) -> Iterator[Change]:
    """A choice that names the person goes as a whole: its hash would no longer hold."""
    ids = {each for each in (traces.pseudonym, *traces.responses) if each}
    for path in files.choices():
        text = path.read_text(encoding="utf-8", errors="replace")
        if any(json.dumps(each, ensure_ascii=False) in text for each in ids):
            yield _gone(path, "frozen choice of cases")


def _gone(path: Path, what: str) -> Change:
    return Change(path, what, _sha256(path), None, rows=1, named=False)


def _words(traces: Traces, entry: Entry | None, removed: list[Mapping[str, str]]) -> frozenset[str]:
    """What nobody else would write: codes, name, address, and texts in their own words."""
    cells = [*entry.cells.values(), entry.name, entry.email] if entry else []
    named = {cell for cell in cells if len(cell) >= _NAMED and not cell.isdigit()}
    texts = {cell for row in removed for cell in row.values() if len(cell) >= _WORDS and " " in cell.strip()}
    return frozenset({*traces.unmistakable, *named, *(text for text in texts if not text[:4].isdigit())})


def _refuse_half(files: SurveyFiles, traces: Traces, changes: list[Change], *, named: bool) -> None:
    """Erasing here and not there would leave the rest for ever, since nothing would lead to it any more."""
    laid_out = {change.role for change in changes} & _LAID_OUT
    exported = any(change.role == "raw export" for change in changes)
    stored = any(entry.rows for _, entries in files.stores() for entry in entries)
    if laid_out and stored and not exported and not traces.responses:
        raise InputError(
            Problem("which-response", "this person has answered, and nothing here tells which rows of the raw exports are theirs.",
                    "Name the survey with --address, or the id of the response with --response.",
                    file=str(files.folder))
        )  # fmt: skip
    if exported and not laid_out and not named and any(role(path) in _LAID_OUT for path in files.tables()):
        raise InputError(
            Problem("which-pseudonym", "this response is in the raw exports, and in the responses it goes by another name.",
                    "Name the survey with --address, or erase by pseudonym and add --response.",
                    file=str(files.folder))
        )  # fmt: skip


def _refuse_unnamed(files: SurveyFiles, traces: Traces, database: Path | None) -> None:
    """A database that lies here and was not named would keep what every file loses."""
    for path in files.databases():
        if (database is None or path.resolve() != database.resolve()) and bearing(
            path.parent, traces.unmistakable, only=path
        ):
            raise InputError(
                Problem("unnamed-database", "this person is in this database too.",
                        f"Add --address sqlite:///{path}.", file=str(path))
            )  # fmt: skip


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(Problem("unreadable", f"cannot be read: {error.strerror}.", file=str(path))) from None


def _sha256(path: Path) -> str:
    return hashlib.sha256(_read(path)).hexdigest()
