"""The erasure of a person: all of it or, until it begins, none; begun and interrupted, it is finished by running it again.

Every new file is prepared beside the old one. Then a journal is written that says by what the person is known, because
the survey software, which knew, is asked next. After that the prepared files take the places of the old ones, one line
without anything personal is written, and the journal goes.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import secrets
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from clustergov.problems import InputError, Problem
from clustergov.survey.collection.private_file import flush_folder, write_private
from clustergov.survey.privacy.erasure_plan import Change, ErasurePlan
from clustergov.survey.privacy.search import bearing
from clustergov.survey.privacy.study_files import JOURNAL, PREPARED, SurveyFiles, outputs, stale_outputs
from clustergov.survey.privacy.tombstone import Reason, Rewritten, Tombstone, set_tombstone
from clustergov.survey.privacy.traces import Traces

Collected = Literal["limesurvey", "service", ""]
_NOT_SEARCHED = {".git", ".venv", "node_modules", "__pycache__"}


@dataclass(frozen=True, slots=True)
class Journal:
    """An erasure that has begun.

    Attributes
    ----------
    erasure : str
        A random number.
    who : str
        As it was asked for.
    traces : Traces
    collected : {"limesurvey", "service", ""}
    reason : str
    files : tuple of Rewritten
    """

    erasure: str
    who: str
    traces: Traces
    collected: Collected
    reason: Reason
    files: tuple[Rewritten, ...] = ()


@dataclass(frozen=True, slots=True)
class Erased:
    """What was done.

    Attributes
    ----------
    tombstone : Tombstone
    bearing : tuple of Path
        Files of the study that still have a word of theirs; they were not altered.
    stale : tuple of Path
        Folders that `clustergov run` has to write again.
    """

    tombstone: Tombstone
    bearing: tuple[Path, ...]
    stale: tuple[Path, ...]


def begun(files: SurveyFiles) -> Journal | None:
    """The erasure that was begun here and not finished.

    Raises
    ------
    InputError
        Its journal cannot be read.
    """
    path = files.folder / JOURNAL
    if not path.is_file():
        return None
    try:
        found = json.loads(path.read_bytes())
        traces = Traces(found["pseudonym"], frozenset(found["responses"]), frozenset(found["tokens"]))
        told = tuple(Rewritten(**each) for each in found["files"])
        return Journal(found["erasure"], found["who"], traces, found["collected"], found["reason"], told)
    except (OSError, ValueError, KeyError, TypeError):
        raise InputError(
            Problem("erasure-journal", "an erasure was begun here, and its journal cannot be read.",
                    "Remove the journal and erase the person again.", file=str(path))
        ) from None  # fmt: skip


def erase(
    files: SurveyFiles,
    plan: ErasurePlan,
    journal: Journal,
    *,
    from_software: Callable[[], None] | None = None,
    today: datetime.date | None = None,
) -> Erased:
    """Carry out a plan.

    Parameters
    ----------
    journal : Journal
        A new one (`new_journal`), or that of an erasure which was begun.
    from_software : callable, optional
        Erases the person from where the survey was fielded; safe to repeat.

    Raises
    ------
    InputError
        Before anything was changed: a file cannot be written. Afterwards: the software refused or a file was changed
        meanwhile; then the journal stays, and running the command again finishes the erasure.
    """
    for path in files.prepared():
        path.unlink()
    _prepare(plan.changes)
    journal = _noted(files, journal, plan)
    if from_software is not None:
        _ask(from_software, files, journal)
    for change in plan.changes:
        _put(change)
    from clustergov.survey.collection.laid_out import note_again

    for store, _ in files.stores():
        note_again(store.folder.parent, store.folder)
    left = bearing(files.study, plan.words, skip={*_NOT_SEARCHED, *(folder.name for folder in outputs(files.study))})
    left = [path for path in left if path != files.folder / JOURNAL]
    stale = stale_outputs(files.study)
    day = (today or datetime.datetime.now(datetime.UTC).date()).isoformat()
    tombstone = Tombstone(
        journal.erasure, day, journal.reason, journal.files, journal.collected, by_hand(files, journal, left, stale)
    )
    set_tombstone(files.folder, tombstone)
    (files.folder / JOURNAL).unlink(missing_ok=True)
    flush_folder(files.folder)
    return Erased(tombstone, tuple(left), tuple(stale))


def new_journal(who: str, traces: Traces, collected: Collected, reason: Reason) -> Journal:
    """That of an erasure which is about to begin."""
    return Journal(secrets.token_hex(8), who, traces, collected, reason)


def by_hand(files: SurveyFiles, journal: Journal, words_in: Sequence[Path], stale: Sequence[Path]) -> tuple[str, ...]:
    """What only a person can do, without anything personal."""
    told = ["Backups and copies of these files, also in the history of git where they were kept in it."]
    if not journal.collected:
        told.append("The survey software was not named: what it has of them comes back with the next fetch.")
    else:
        told.append(
            "Dumps and logs of the database server, such as PostgreSQL's write-ahead log, until they are written over."
        )
    told.append("Reports and exports that were written elsewhere, or handed on.")
    told += [f"{folder.name}/ tells of who was erased: run clustergov run." for folder in stale]
    if in_use := [
        path for path in words_in if path.name.partition("-wal")[0] in {each.name for each in files.databases()}
    ]:
        told.append("The database was being read: stop the service once, so that old pages leave its file.")
    if left := [path for path in words_in if path not in in_use]:
        told.append(f"{len(left)} other files of the study have words of theirs; they were listed on the terminal.")
    if any(each.role == "weights" for each in journal.files):
        told.append("The weights of the others are to be computed again.")
    if any(each.role in ("letter", "personal links") for each in journal.files) or journal.collected == "limesurvey":
        told.append("Invitations in mailboxes, and in the outgoing mail of the survey server.")
    return tuple(told)


def _ask(from_software: Callable[[], None], files: SurveyFiles, journal: Journal) -> None:
    """Have the software erase; where there was nothing to be changed, its refusal leaves no journal."""
    try:
        from_software()
    except InputError:
        if not journal.files:
            (files.folder / JOURNAL).unlink(missing_ok=True)
        raise


def _prepare(changes: Sequence[Change]) -> None:
    """Write every new file beside the old one; when one cannot be written, none stays."""
    done: list[Path] = []
    try:
        for change in changes:
            if change.content is not None:
                done.append(_beside(change.path))
                write_private(done[-1], change.content)
    except InputError:
        for path in done:
            path.unlink(missing_ok=True)
        raise


def _noted(files: SurveyFiles, journal: Journal, plan: ErasurePlan) -> Journal:
    """The journal with these files in it, on the disk."""
    known = {(each.role, each.name): each for each in journal.files if each.name}
    told = [each for each in journal.files if not each.name]
    for change in plan.changes:
        after = hashlib.sha256(change.content).hexdigest() if change.content is not None else ""
        name = files.name(change.path) if change.named else ""
        before = known[change.role, name].before if (change.role, name) in known else change.before
        if name:
            known[change.role, name] = Rewritten(change.role, name, before, after)
        elif change.before not in {each.before for each in told}:
            told.append(Rewritten(change.role, "", change.before, after))
    fresh = Journal(
        journal.erasure, journal.who, plan.traces, journal.collected, journal.reason, (*known.values(), *told)
    )
    content: dict[str, Any] = {
        "erasure": fresh.erasure, "who": fresh.who, "pseudonym": fresh.traces.pseudonym,
        "responses": sorted(fresh.traces.responses), "tokens": sorted(fresh.traces.tokens),
        "collected": fresh.collected, "reason": fresh.reason, "files": [asdict(each) for each in fresh.files],
    }  # fmt: skip
    write_private(files.folder / JOURNAL, json.dumps(content).encode())
    return fresh


def _put(change: Change) -> None:
    """Let a prepared file take its place."""
    try:
        if hashlib.sha256(change.path.read_bytes()).hexdigest() != change.before:
            raise InputError(
                Problem("changed-meanwhile", "the file was changed while the person was being erased.",
                        "Run the command again: it finishes what was begun.", file=str(change.path))
            )  # fmt: skip
        if change.content is None:
            change.path.unlink()
        else:
            prepared = _beside(change.path)
            prepared.chmod(change.path.stat().st_mode & 0o777)
            prepared.replace(change.path)
        flush_folder(change.path.parent)
    except OSError as error:
        raise InputError(
            Problem("unwritable", f"the erasure has begun and stopped here: {error.strerror}.",
                    "Run the command again: it finishes what was begun.", file=str(change.path))
        ) from None  # fmt: skip


def _beside(path: Path) -> Path:
    return path.with_name(f".{path.name}{PREPARED}")
