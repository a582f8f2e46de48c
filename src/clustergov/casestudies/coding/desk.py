"""The sheets of a study by case, document, coder and round: found on disk, made when first written to."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from clustergov.casestudies.coding.action import Act, Action, Head
from clustergov.casestudies.coding.coding import CONSENSUS
from clustergov.casestudies.coding.journal import SUFFIX
from clustergov.casestudies.coding.sheet import Sheet
from clustergov.casestudies.coding.standing import Draft, Standing
from clustergov.casestudies.coding.store import Store, file_name, open_stores
from clustergov.problems import InputError, Problem


def new_session() -> str:
    """A name that no other run of a program has."""
    return secrets.token_hex(4)


class Desk:
    """Every sheet of a study.

    Parameters
    ----------
    folder : Path
        Of the case studies.
    stores : iterable of Store
        Those that were read.
    session : str
    """

    def __init__(self, folder: Path, stores: Iterable[Store], session: str) -> None:
        self.folder = folder
        self._session = session
        self._stores: dict[Head, Store] = {}
        self._by_document: dict[tuple[str, str, int], list[Store]] = {}
        for store in stores:
            self._add(store)
        self._seen: dict[str, tuple[int, int]] = {}
        self._busy: set[Path] = set()

    def __iter__(self) -> Iterator[Store]:
        return iter(self._stores.values())

    def coders(self, cases: Iterable[str]) -> frozenset[str]:
        """Everybody of whom there is a sheet, without the consensus; also who began in another program since."""
        for case in cases:
            self._look_again(case)
        return frozenset(head.coder for head in self._stores) - {CONSENSUS}

    def store(self, case: str, document: str, coder: str, round_: int) -> Store:
        """One sheet, which need not be on disk yet."""
        head = Head(case, document, coder, round_)
        if head not in self._stores:
            self._look_again(case)
        if head not in self._stores:
            return Store(self._free_path(head), head, self._session)
        return self._stores[head]

    def act(self, store: Store, coder: str, act: Act, make: Callable[[Standing], Draft], *,
            present: Sequence[str] = ()) -> Action | None:  # fmt: skip
        """Let something happen on a sheet, and remember the sheet; see `Store.act`."""
        self._busy = {store.path, store.journal.path}
        try:
            action = store.act(coder, act, make, present=present)
        finally:
            self._busy = set()
        if action is not None:
            self._add(store)
        return action

    def sheets(self, case: str, document: str, round_: int) -> list[Sheet]:
        """All sheets of one document in one round as they stand now, by coder."""
        self._look_again(case)
        return [store.read().sheet for store in self._by_document.get((case, document, round_), ())]

    def sheet(self, case: str, document: str, coder: str, round_: int) -> Sheet:
        """One sheet as it stands now; an empty one where nothing was done."""
        return self.store(case, document, coder, round_).read().sheet

    def settle(self) -> int:
        """Write every file of codings whose journal is ahead of it; how many there were."""
        return sum(store.settle() for store in list(self._stores.values()))

    def _add(self, store: Store) -> None:
        if store.head not in self._stores:
            self._stores[store.head] = store
            beside = self._by_document.setdefault(store.head.sheet, [])
            beside.append(store)
            beside.sort(key=lambda one: one.head.coder)

    def _look_again(self, case: str) -> None:
        """Take in sheets that another program made since."""
        codings = self.folder / case / "codings"
        try:
            status = codings.stat()
        except OSError:
            return
        stamp = status.st_mtime_ns, status.st_ino
        if self._seen.get(case) == stamp:
            return
        # What is being written to for the first time is ours, and locked.
        known = {path for store in self._stores.values() for path in (store.path, store.journal.path)} | self._busy
        present = {path for path in codings.iterdir() if path.name.endswith((".yml", ".yaml", SUFFIX))}
        if present - known:
            stores, problems = open_stores(self.folder / case, self._session, known=known)
            if problems:
                raise InputError(problems)
            for store in stores:
                self._add(store)
        self._seen[case] = stamp

    def _free_path(self, head: Head) -> Path:
        """A name that no file of another sheet has."""
        folder = self.folder / head.case / "codings"
        path = folder / file_name(head.document, head.coder, head.round)
        taken = {str(store.path).casefold() for store in self._stores.values()}
        number = 2
        while str(path).casefold() in taken:
            path = path.with_name(f"{path.stem}-{number}.yml")
            number += 1
        return path


def every_store(folder: Path) -> list[Store]:
    """Every sheet of a study, whether or not its codebook and cases fit it.

    Raises
    ------
    InputError
        With every mistake in a file of codings or a journal.
    """
    session = new_session()
    stores: list[Store] = []
    problems: list[Problem] = []
    for place in sorted({path.parent for path in folder.glob("*/codings")}):
        found, mistakes = open_stores(place, session)
        stores += found
        problems += mistakes + [problem for store in found for problem in store.read().repeated]
    if problems:
        raise InputError(problems)
    return stores


def refuse(rule: str, message: str, fix: str, *, place: str = "", file: str = "") -> InputError:
    """One reason why something cannot be done."""
    return InputError(Problem(rule, message, fix, place=place, file=file))


def list_of(names: Sequence[str]) -> str:
    return ", ".join(f"“{name}”" for name in names) or "(nobody)"
