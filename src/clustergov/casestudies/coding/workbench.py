"""The workbench of coders: what one of them may see, what each does, undone and redone, and what they decide together.

Every action is durable before it returns, and refused with an `InputError` that says why. One thread at a time uses a
workbench; several programs may have one of the same study.
"""

# ruff: noqa: A002 - a round is called `round` and an identifier `id` by everybody who calls these methods.

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Literal

from clustergov.casestudies.coding import consensus
from clustergov.casestudies.coding.action import Action
from clustergov.casestudies.coding.basis import Basis
from clustergov.casestudies.coding.coding import CONSENSUS, Coding, Polarity
from clustergov.casestudies.coding.desk import Desk, new_session, refuse
from clustergov.casestudies.coding.disagreement import Disagreement, Resolution
from clustergov.casestudies.coding.held import KEEP, Choice, Held, Hit, Keep, Name, Progress, Step
from clustergov.casestudies.coding.rounds import Round
from clustergov.casestudies.coding.sheet import CASE, Change, Sheet, as_json
from clustergov.casestudies.coding.standing import Draft, Standing
from clustergov.casestudies.coding.store import Store, now
from clustergov.casestudies.coding.target import memo_of
from clustergov.casestudies.coding.view import View
from clustergov.casestudies.corpus import Corpus, read_with_stores
from clustergov.problems import InputError

__all__ = [
    "CASE", "KEEP", "Choice", "Disagreement", "Held", "Hit", "Progress", "Resolution", "Round", "Step", "Workbench",
]  # fmt: skip

MANY = 200
"""Actions that a program which was killed left behind: more of them are settled first, so that later openings are fast."""


class Workbench(View):
    """A study opened for coding; see `open`."""

    def __init__(self, corpus: Corpus, desk: Desk, basis: Basis) -> None:
        super().__init__(corpus, desk)
        self._basis = basis

    @classmethod
    def open(cls, folder: Path | str) -> Workbench:
        """Open the folder of the case studies of a study.

        Raises
        ------
        InputError
            With every mistake in it.
        """
        session = new_session()
        corpus, stores = read_with_stores(folder, session)
        for store in stores:
            if store.read().unsettled > MANY:
                with suppress(InputError):  # somebody else is at it, or the folder is only to be read
                    store.settle()
        return cls(corpus, Desk(Path(folder), stores, session), Basis(Path(folder)))

    def __enter__(self) -> Workbench:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Settle; what cannot be settled now stays in the journals."""
        self.settle()

    def settle(self) -> int:
        """Write every file of codings whose journal is ahead of it; how many there were."""
        return self._desk.settle()

    # ---- what a coder does

    def code(
        self, coder: str, round: int, case: str, document: str, concept: str, *, at: str = "", start: int | None = None,
        end: int | None = None, polarity: Polarity | None = None, memo: Mapping[str, str] | None = None,
    ) -> Held:  # fmt: skip
        """Give a concept to a statement or paragraph (`at`), or to a passage (code points, `end` exclusive)."""
        name = self._coder(coder, round, case, document)
        choice = Choice(concept, polarity, at, start, end, memo_of(memo))
        coding = self._target.coding(case, document, name, round, choice)

        def make(standing: Standing) -> Draft:
            self._may(standing.sheet)
            return Draft((_added(standing.sheet, coding),))

        self._desk.act(self._desk.store(case, document, name, round), name, "code", make)
        return Held.of(coding)

    def change(
        self, coder: str, id: str, *, polarity: Polarity | Keep | None = KEEP,
        memo: Mapping[str, str] | Keep | None = KEEP, concept: str | Keep = KEEP,
    ) -> Held:  # fmt: skip
        """Change polarity, memo or concept of one's own coding; what is left out stays."""
        store, name, key = self._own(coder, id)
        new: list[Coding] = []

        def make(standing: Standing) -> Draft:
            self._may(standing.sheet)
            old = _coding(standing.sheet, key)
            changed = replace(
                old,
                polarity=old.polarity if isinstance(polarity, Keep) else self._target.polarity(polarity),
                memo=old.memo if isinstance(memo, Keep) else memo_of(memo),
                concept=old.concept if isinstance(concept, Keep) else self._target.concept(concept),
            )
            new.append(changed)
            before = Change("coding", key, as_json(old), None)
            if changed.key != key:
                return Draft((before, _added(standing.sheet, changed)))
            return Draft(() if changed == old else (replace(before, after=as_json(changed)),))

        self._desk.act(store, name, "change", make)
        return Held.of(new[-1])

    def remove(self, coder: str, id: str) -> Held:
        """Take one's own coding away; what it was."""
        store, name, key = self._own(coder, id)
        old: list[Coding] = []

        def make(standing: Standing) -> Draft:
            self._may(standing.sheet)
            old.append(_coding(standing.sheet, key))
            return Draft((Change("coding", key, as_json(old[-1]), None),))

        self._desk.act(store, name, "remove", make)
        return Held.of(old[-1])

    def write_memo(self, coder: str, round: int, case: str, document: str, memo: Mapping[str, str] | None) -> None:
        """Write, change or remove (None) the memo about a document, or with "" about the whole case."""
        name = self._coder(coder, round, case, document or CASE)
        after = memo_of(memo)

        def make(standing: Standing) -> Draft:
            self._may(standing.sheet)
            before = standing.sheet.value("memo")
            return Draft((Change("memo", (), before, dict(after) if after else None),) if before != after else ())

        self._desk.act(self._desk.store(case, document or CASE, name, round), name, "memo", make)

    def set_done(self, coder: str, round: int, case: str, document: str, done: bool) -> None:
        """Say that one is done with a document, or is not yet; never once the round is closed."""
        name = self._coder(coder, round, case, document)

        def make(standing: Standing) -> Draft:
            self._open(standing.sheet)
            if bool(standing.sheet.done) == done:
                return Draft(())
            return Draft((Change("done", (), standing.sheet.value("done"), now() if done else None),))

        self._desk.act(self._desk.store(case, document, name, round), name, "done" if done else "open", make)

    def finish(self, coder: str, round: int) -> None:
        """Say that one is done with every document of a round."""
        for case, document in self._members.documents(self._members.round(round)):
            if not self.is_done(coder, round, case, document):
                self.set_done(coder, round, case, document, True)

    def undo(self, coder: str, round: int, case: str, document: str, *, present: Sequence[str] = ()) -> Step | None:
        """Take back the last action of `coder` on a document; None when there is none.

        The coder may be `consensus`: then a decision is taken back by those who are `present`.
        """
        return self._step("undo", coder, round, case, document, present)

    def redo(self, coder: str, round: int, case: str, document: str, *, present: Sequence[str] = ()) -> Step | None:
        """Do again what was taken back last; None when there is nothing, or something else was done since."""
        return self._step("redo", coder, round, case, document, present)

    def _step(self, act: Literal["undo", "redo"], coder: str, round_: int, case: str, document: str,
              present: Sequence[str]) -> Step | None:  # fmt: skip
        together = coder == CONSENSUS
        name = CONSENSUS if together else self._coder(coder, round_, case, document or CASE)
        there = consensus.those_present(present) if together else ()
        store = self._desk.store(case, document or CASE, name, round_)
        found: list[Action] = []

        def make(standing: Standing) -> Draft:
            past = store.past()
            stack = past.undoable if act == "undo" else past.redoable
            if not stack:
                return Draft(())
            action = stack[-1]
            if not together:
                (self._open if action.act in ("done", "open") else self._may)(standing.sheet)
            changes = tuple(c.reversed for c in reversed(action.changes)) if act == "undo" else action.changes
            _unchanged_since(standing.sheet, changes)
            found.append(action)
            return Draft(changes, of=action.name)

        done = self._desk.act(store, name, act, make, present=there)
        if done is None:
            return None
        return Step(found[-1].act, tuple(Held.of(coding) for coding in _touched(store.read().sheet, done)))

    # ---- what coders decide together

    def disagreements(self, round: int, *, coder: str = "") -> tuple[Disagreement, ...]:
        """Where the coders of a round disagree, by case, document and place.

        Parameters
        ----------
        coder : str
            Who looks; without the documents that this coder is coding blind in another round.

        Raises
        ------
        InputError
            The round is blind and not closed.
        """
        name = self._members.reader(coder, round) if coder else ""
        return consensus.listed(self._members, self._desk, round, name)

    def resolve(
        self, round: int, id: str, keep: Sequence[str] = (), *, choices: Sequence[Choice] = (), present: Sequence[str],
        memo: Mapping[str, str] | None = None,
    ) -> Disagreement:  # fmt: skip
        """Settle a disagreement together: keep some of its codings, agree on others, or on none."""
        found = consensus.find(self.disagreements(round), id)
        self._basis.check(found.case)
        codings = consensus.decided(found, keep, choices, self._target)
        consensus.resolve(self._desk, found, codings, present=present, memo=memo_of(memo))
        return consensus.find(self.disagreements(round), id)

    def reopen(self, round: int, id: str, *, present: Sequence[str]) -> Disagreement:
        """Take a decision back: the disagreement is open again."""
        found = consensus.find(self.disagreements(round), id)
        consensus.reopen(self._desk, found, present=present)
        return consensus.find(self.disagreements(round), id)

    # ---- shared by the above

    def _coder(self, coder: str, round_: int, case: str, document: str) -> str:
        name = self._members.enter(coder, round_)
        self._basis.check(case)
        if document != CASE:
            self._target.document(case, document)
            if not self._members.round(round_).holds(case, document):
                raise refuse("not-in-round", f"“{document}” of “{case}” is not in round {round_}.",
                             "Choose a document of the round, or add it to rounds.yml.")  # fmt: skip
        elif case not in self.corpus.by_case:
            raise refuse("unknown-document", f"there is no case “{case}”.", "Load the list of cases again.")
        return name

    def _own(self, coder: str, identifier: str) -> tuple[Store, str, tuple[str, str]]:
        name = Name.read(identifier)
        own = self._coder(coder, name.round, name.case, name.document)
        if name.coder != own:
            raise refuse("not-yours", "this coding is not yours to change.", "Give your own coding beside it.")
        return self._desk.store(name.case, name.document, own, name.round), own, (name.where, name.concept)

    def _open(self, sheet: Sheet) -> None:
        if self.is_closed(sheet.round):
            raise refuse("round-closed", f"round {sheet.round} is closed; its codings stay as they are.",
                         "Resolve disagreements together, or code in a later round.")  # fmt: skip

    def _may(self, sheet: Sheet) -> None:
        self._open(sheet)
        if sheet.done:
            raise refuse("coder-done", f"“{sheet.coder}” is done with “{sheet.document}”.", "Take that back first.")
        self._target.anchored(sheet)


def _coding(sheet: Sheet, key: tuple[str, str]) -> Coding:
    if key not in sheet.codings:
        raise refuse("unknown-coding", f"“{key[1]}” is not coded at {key[0]} of “{sheet.document}” any more.",
                     "Load the document again.")  # fmt: skip
    return sheet.codings[key]


def _added(sheet: Sheet, coding: Coding) -> Change:
    if coding.key in sheet.codings:
        raise refuse("coding-twice", f"“{coding.concept}” is coded here already.", "Change that coding instead.")
    return Change("coding", coding.key, None, as_json(coding))


def _unchanged_since(sheet: Sheet, changes: tuple[Change, ...]) -> None:
    for change in changes:
        if sheet.value(change.what, change.key) != change.before:
            raise refuse("changed-since", "what would be taken back was changed in its file since.",
                         "Make the change by hand.")  # fmt: skip


def _touched(sheet: Sheet, action: Action) -> list[Coding]:
    return [
        sheet.codings.get((change.key[0], change.key[1])) or sheet.coding(change.before)
        for change in action.changes
        if change.what == "coding"
    ]
