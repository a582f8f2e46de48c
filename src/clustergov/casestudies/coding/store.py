"""Sheets on disk: a file of codings and a journal of later actions, read together, written so that nothing is lost."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from clustergov.casestudies.coding.action import Act, Action, Head
from clustergov.casestudies.coding.canonical import remarks
from clustergov.casestudies.coding.coding import LatePositions, read_file
from clustergov.casestudies.coding.journal import SUFFIX, Journal, Pen, sync_names
from clustergov.casestudies.coding.record import Record, history, record
from clustergov.casestudies.coding.standing import Draft, File, Past, Standing, happen, read_standing
from clustergov.problems import InputError, Problem

Stamp = tuple[int, int, int]
Stamps = tuple[Stamp | None, Stamp | None]


class Store:
    """One sheet on disk.

    Parameters
    ----------
    path : Path
        The file of codings, which need not be there yet; the journal lies beside it.
    head : Head
    session : str
        Of the program that opened the study.
    """

    def __init__(self, path: Path, head: Head, session: str) -> None:
        self.path = path
        self.head = head
        self.journal = Journal(path.with_name(path.stem + SUFFIX), head)
        self._session = session
        self._standing: Standing | None = None
        self._past: Past | None = None
        self._record = Record()
        self._stamps: Stamps = None, None

    @classmethod
    def of_file(cls, path: Path, case: str, session: str) -> Store:
        """The sheet of a file of codings.

        Raises
        ------
        InputError
            The file or its journal holds mistakes.
        """
        stamp = _stamp(path)
        file = read_file(path, case=case)
        store = cls(path, Head(case, file[0].document, file[0].coder, file[0].round), session)
        store._stamps = stamp, _stamp(store.journal.path)
        store._take_in(record(store.journal.content(), str(store.journal.path)), file)
        return store

    def read(self) -> Standing:
        """How the sheet stands now, with what other programs and editors did to it since.

        Raises
        ------
        InputError
            The file or the journal holds mistakes.
        """
        stamps = _stamp(self.path), _stamp(self.journal.path)
        if self._standing is None or stamps != self._stamps:
            # The journal first: should another program settle in between, its actions are applied twice, which is once.
            held = record(self.journal.content(), str(self.journal.path))
            if self._standing is None or stamps[0] != self._stamps[0] or held != self._record:
                self._take_in(held, read_file(self.path, case=self.head.case) if stamps[0] else None)
            self._stamps = stamps
        assert self._standing is not None
        return self._standing

    def past(self) -> Past:
        """What was done before, as far back as the journal goes.

        Raises
        ------
        InputError
            A line of the journal is damaged.
        """
        self.read()
        if self._past is None:
            self._past = Past()
            for action in history(self.journal.content(), str(self.journal.path)):
                self._past.take(action)
        return self._past

    def act(self, coder: str, act: Act, make: Callable[[Standing], Draft], *,
            present: Sequence[str] = ()) -> Action | None:  # fmt: skip
        """Let something happen, durably; None where nothing changes.

        Parameters
        ----------
        coder : str
            Who does it.
        make : callable
            From how the sheet stands to what changes; an InputError of it refuses the action.

        Raises
        ------
        InputError
            It was refused or could not be stored; nothing was changed.
        """
        if not self.journal.path.exists() and not make(self.read()).changes:
            return None  # and no journal is begun for what is refused or is nothing
        with self._writing() as (pen, standing):
            draft = make(standing)
            if not draft.changes:
                return None
            action = Action(self._next, self._session, now(), coder, act, draft.changes, draft.of, tuple(present))
            self._appended(action, pen.append([action], self._record))
            happen(standing, self._record.lines, action)
            standing.cautions = ()
        return action

    def settle(self) -> bool:
        """Write the file of codings with every action in it; whether there was anything to write.

        Raises
        ------
        InputError
            It could not be written; the actions stay in the journal.
        """
        if not self.journal.path.exists() or not self.read().unsettled:
            return False
        with self._writing() as (pen, standing):
            _write_whole(self.path, self._remarks() + standing.sheet.text())
            action = Action(self._next, self._session, now(), self.head.coder, "settle", settled=self._record.last)
            self._appended(action, pen.append([action], self._record))
            in_order = sorted(standing.sheet.codings.values(), key=lambda coding: coding.order)
            standing.places = {coding.key: index for index, coding in enumerate(in_order)}
            standing.positions, standing.unsettled = LatePositions(str(self.path)), 0
        return True

    def _remarks(self) -> str:
        """What a person noted in the file, which would be lost by writing it anew."""
        if not self.path.is_file():
            return ""
        return "".join(f"{line}\n" for line in remarks(self.path.read_text(encoding="utf-8-sig"), str(self.path)))

    @property
    def _next(self) -> int:
        return self._record.last.get(self._session, 0) + 1

    @contextmanager
    def _writing(self) -> Iterator[tuple[Pen, Standing]]:
        """Nobody else writes to this sheet meanwhile; how it stands then."""
        with self.journal.writing() as pen:
            standing = self.read()
            if standing.twice:
                raise InputError(standing.repeated)
            yield pen, standing
            self._stamps = _stamp(self.path), _stamp(self.journal.path)

    def _take_in(self, held: Record, file: File | None) -> None:
        if held.head is not None and held.head != self.head:
            raise InputError(_another_journal(held.head, self))
        self._standing = read_standing(file, self.path, self.journal.path, self.head, held)
        self._record, self._past = held, None

    def _appended(self, action: Action, size: int) -> None:
        """Follow an action of our own without reading everything again."""
        held = self._record
        lines = held.lines + (1 if held.head is not None else 2)
        last = held.last | {self._session: action.n}
        settled, later = held.settled, held.later
        if action.act == "settle":
            settled, later = last, ()
        else:
            later = (*later, (lines, action))
        self._record = Record(self.head, later, settled, last, lines, b"", size)
        if self._past is not None:
            self._past.take(action)


def _stamp(path: Path) -> Stamp | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino


def _write_whole(path: Path, text: str) -> None:
    """Write beside and rename, so that the file is the old one or the new one, also after a power cut."""
    fresh = ""
    try:
        number, fresh = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
        with os.fdopen(number, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(fresh).chmod(0o644)
        Path(fresh).replace(path)
        sync_names(path.parent)
    except OSError as error:
        if fresh:
            Path(fresh).unlink(missing_ok=True)
        raise InputError(
            Problem("unwritable", f"cannot be written: {error.strerror or error}.",
                    "Nothing is lost: the actions stay in the journal beside it.", file=str(path))
        ) from None  # fmt: skip


def now() -> str:
    """The time, UTC, to the millisecond."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def file_name(document: str, coder: str, round_: int) -> str:
    """The name of a file of codings; whatever a coder is called, it stays a name in this folder."""
    safe = quote(coder, safe=" ").replace(".", "%2E").replace("~", "%7E").replace(" ", "_")
    return f"{document}.{safe}.yml" if round_ == 1 else f"{document}.{safe}.r{round_}.yml"


def open_stores(folder: Path, session: str, *, known: Collection[Path] = ()) -> tuple[list[Store], list[Problem]]:
    """Every sheet of a case, and every mistake in their files and journals.

    Parameters
    ----------
    folder : Path
        Of the case.
    known : collection of Path
        Files and journals to pass over.
    """
    codings = folder / "codings"
    stores: list[Store] = []
    problems: list[Problem] = []
    for path in sorted([*codings.glob("*.yml"), *codings.glob("*.yaml")]):
        if path in known or path.name.startswith(
            "."
        ):  # the latter: a file that was being written when the program was killed
            continue
        try:
            stores.append(Store.of_file(path, folder.name, session))
        except InputError as error:
            problems += error.problems
    journals = {*known, *(store.journal.path for store in stores)}
    told = {Path(problem.file).name for problem in problems}
    for path in sorted(codings.glob("*" + SUFFIX)):
        base = path.name.removesuffix(SUFFIX)
        if path not in journals and told.isdisjoint((path.name, f"{base}.yml", f"{base}.yaml")):
            stores += _without_file(path, base, folder.name, session, problems)
    return stores, problems


def _without_file(path: Path, base: str, case: str, session: str, problems: list[Problem]) -> Iterable[Store]:
    try:
        head = record(Journal.read(path), str(path)).head
    except InputError as error:
        problems += error.problems
        return
    if head is not None:
        store = Store(path.with_name(base + ".yml"), replace(head, case=case), session)
        try:
            store.read()
        except InputError as error:
            problems += error.problems
        else:
            yield store


def _another_journal(head: Head, store: Store) -> Problem:
    """A journal beside a file of codings must be of the same document, coder and round."""
    return Problem(
        "journal-of-another", f"this journal is of “{head.document}” of “{head.case}” by “{head.coder}” in round "
        f"{head.round}, the file of codings beside it is not.", "Give both the same document, coder and round.",
        file=str(store.journal.path), line=1,
    )  # fmt: skip
