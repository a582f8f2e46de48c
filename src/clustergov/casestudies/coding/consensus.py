"""What coders decide together about their disagreements: attributable, reversible, and kept as the coder `consensus`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Literal

from clustergov.casestudies.coding.coding import CONSENSUS, Coding, Key, ResolutionEntry
from clustergov.casestudies.coding.desk import Desk, refuse
from clustergov.casestudies.coding.disagreement import Disagreement, Resolution, about, disagreements, identifier
from clustergov.casestudies.coding.held import Choice, Held
from clustergov.casestudies.coding.members import Members
from clustergov.casestudies.coding.names import clean
from clustergov.casestudies.coding.sheet import Change, Sheet, as_json
from clustergov.casestudies.coding.standing import Draft, Standing
from clustergov.casestudies.coding.store import now
from clustergov.casestudies.coding.target import Target
from clustergov.language import Text


def listed(members: Members, desk: Desk, number: int, coder: str = "") -> tuple[Disagreement, ...]:
    """The disagreements of a round, with how they were settled.

    Parameters
    ----------
    coder : str
        Who looks; without the documents that this coder is coding blind in another round. Empty: nobody in particular.

    Raises
    ------
    InputError
        The round is blind and not closed.
    """
    round_ = members.round(number)
    if round_.blind and not members.is_closed(round_):
        raise refuse("blind-round", f"round {number} is blind and not closed yet.", "Wait until its coders are done.")
    found: list[Disagreement] = []
    for case, document in members.documents(round_):
        if coder and members.blinded(coder, number, case, document):
            continue
        sheets = desk.sheets(case, document, number)
        codings = [coding for sheet in sheets for coding in sheet.codings.values()]
        together = next((sheet for sheet in sheets if sheet.coder == CONSENSUS), None)
        found += (
            _with_resolution(one, together) for one in disagreements(codings, members.expected(round_, case, document))
        )
    return tuple(found)


def _with_resolution(found: Disagreement, sheet: Sheet | None) -> Disagreement:
    entry = sheet.resolutions.get(found.id) if sheet else None
    if sheet is None or entry is None:
        return found
    kept = tuple(Held.of(sheet.codings[key]) for key in entry.kept if key in sheet.codings)
    return replace(found, resolution=Resolution(entry.present, entry.time, kept, entry.memo))


def find(found: Iterable[Disagreement], identifier: str) -> Disagreement:
    """One of them.

    Raises
    ------
    InputError
        There is none such: a coding that it was about was changed since.
    """
    for one in found:
        if one.id == identifier:
            return one
    raise refuse("unknown-disagreement", "there is no such disagreement, or no longer.", "Load the list again.")


def those_present(names: Sequence[str]) -> tuple[str, ...]:
    """Who was there.

    Raises
    ------
    InputError
        Nobody was, or one of them has no name.
    """
    found = tuple(dict.fromkeys(clean(name) for name in names))
    if not found:
        raise refuse("nobody-present", "expected who decided, found nobody.", "Name those who were there.")
    return found


def decided(found: Disagreement, keep: Sequence[str], choices: Sequence[Choice], target: Target) -> list[Coding]:
    """The codings of the consensus that a decision makes.

    Raises
    ------
    InputError
        What is to be kept is not part of the disagreement, or the same concept is kept twice in one place.
    """
    sides = {held.id: held.coding for side in found.held.values() for held in side}
    unknown = [identifier for identifier in keep if identifier not in sides]
    if unknown:
        raise refuse("unknown-coding", "what is to be kept is not part of this disagreement.", "Load the list again.")
    codings = [replace(sides[identifier], coder=CONSENSUS) for identifier in dict.fromkeys(keep)]
    codings += [target.coding(found.case, found.document, CONSENSUS, found.round, choice) for choice in choices]
    by_key: dict[tuple[str, str], Coding] = {}
    for coding in codings:
        other = by_key.setdefault(coding.key, coding)
        if other.polarity != coding.polarity:
            raise refuse("coding-twice", f"“{coding.concept}” is kept twice in one place, with different polarity.",
                         "Keep one of them.")  # fmt: skip
    return list(by_key.values())


def resolve(desk: Desk, found: Disagreement, codings: Sequence[Coding], *, present: Sequence[str],
            memo: Text | None = None) -> None:  # fmt: skip
    """Store a decision; an earlier one on the same disagreement makes way for it.

    Raises
    ------
    InputError
        Nobody was there, or another decision keeps one of the codings with another polarity.
    """
    there = those_present(present)
    entry = ResolutionEntry(
        disagreement=found.id,
        about=about(held.coding for side in found.held.values() for held in side),
        kept=tuple(coding.key for coding in codings),
        present=there,
        time=now(),
        memo=memo,
    )

    def make(standing: Standing) -> Draft:
        sheet = standing.sheet
        changes = [change for change in _withdrawn(sheet, found.id) if change.key not in entry.kept]
        for coding in codings:
            before, after = sheet.value("coding", coding.key), as_json(coding)
            shared = any(coding.key in other.kept for name, other in sheet.resolutions.items() if name != found.id)
            if shared and before is not None and before.get("polarity") != coding.polarity:
                raise refuse("coding-twice", f"“{coding.concept}” stands in the consensus here, with another polarity.",
                             "Reopen that decision first.")  # fmt: skip
            if before != after:
                changes.append(Change("coding", coding.key, before, after))
        after = entry.model_dump(mode="json", exclude_defaults=True)
        changes.append(Change("resolution", (found.id,), sheet.value("resolution", (found.id,)), after))
        return Draft(tuple(changes))

    _act(desk, found, "resolve", make, there)


def reopen(desk: Desk, found: Disagreement, *, present: Sequence[str]) -> None:
    """Take a decision back.

    Raises
    ------
    InputError
        Nobody was there, or there is no decision.
    """
    there = those_present(present)
    if found.resolution is None:
        raise refuse("not-resolved", "there is no decision on this disagreement.", "Load the list again.")

    def make(standing: Standing) -> Draft:
        before = standing.sheet.value("resolution", (found.id,))
        withdrawn = _withdrawn(standing.sheet, found.id)
        return Draft((*withdrawn, Change("resolution", (found.id,), before, None)) if before else ())

    _act(desk, found, "reopen", make, there)


def _withdrawn(sheet: Sheet, identifier: str) -> list[Change]:
    """The codings that only this decision keeps go with it."""
    entry = sheet.resolutions.get(identifier)
    others = {key for name, other in sheet.resolutions.items() if name != identifier for key in other.kept}
    return [
        Change("coding", key, sheet.value("coding", key), None)
        for key in (entry.kept if entry else ())
        if key not in others and key in sheet.codings
    ]


def followed(sheet: Sheet, move: Callable[[str, str, str], Key]) -> list[Change]:
    """The decisions of a sheet after codings came to stand elsewhere or got another concept.

    Parameters
    ----------
    move : callable
        From coder, where and concept to where and concept as they are now.
    """
    gone: list[Change] = []
    come: list[Change] = []
    for name, entry in sheet.resolutions.items():
        # Two codings that became one are one.
        moved = tuple(dict.fromkeys((one[0], *move(one[0], one[1], one[2]), one[3]) for one in entry.about))
        fresh = entry.model_copy(
            update={
                "about": moved,
                "kept": tuple(dict.fromkeys(move(CONSENSUS, *key) for key in entry.kept)),
                "disagreement": identifier(sheet.round, sheet.case, sheet.document, moved),
            }
        )
        if fresh != entry:
            gone.append(Change("resolution", (name,), sheet.value("resolution", (name,)), None))
            after = fresh.model_dump(mode="json", exclude_defaults=True)
            come.append(Change("resolution", (fresh.disagreement,), None, after))
    return [*gone, *come]


def _act(desk: Desk, found: Disagreement, act: Literal["resolve", "reopen"], make: Callable[[Standing], Draft],
         present: tuple[str, ...]) -> None:  # fmt: skip
    store = desk.store(found.case, found.document, CONSENSUS, found.round)
    desk.act(store, CONSENSUS, act, make, present=present)
