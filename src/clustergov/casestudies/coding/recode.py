"""A concept deleted, renamed, merged or split while in use: its codings get another one, attributably and in every file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from clustergov.casestudies import codebook as codebook_file
from clustergov.casestudies.coding.coding import Coding, Key
from clustergov.casestudies.coding.consensus import followed
from clustergov.casestudies.coding.desk import every_store, refuse
from clustergov.casestudies.coding.names import clean
from clustergov.casestudies.coding.sheet import Change, Sheet, as_json
from clustergov.casestudies.coding.standing import Draft, Standing
from clustergov.casestudies.coding.store import Store
from clustergov.language import Text
from clustergov.problems import InputError

Side = Literal["old", "new"]


@dataclass(frozen=True, slots=True)
class Recoded:
    """What a recoding did, or would do.

    Attributes
    ----------
    old, new : str
        `new` is empty where the codings were removed.
    places : tuple of Coding
        As they were.
    merged : int
        How many of them joined a coding with the new concept in the same place.
    files : tuple of Path
        Files of codings.
    left : int
        Codings that still have the old concept, outside of what was asked for.
    written : bool
    """

    old: str
    new: str
    places: tuple[Coding, ...]
    merged: int
    files: tuple[Path, ...]
    left: int
    written: bool


def recode(folder: Path | str, old: str, new: str, *, by: str, only: Sequence[str] = (), keep: Side | None = None,
           write: bool = True) -> Recoded:  # fmt: skip
    """Give every coding with one concept another one, in every round, of every coder and of the consensus.

    Parameters
    ----------
    folder : Path
        Of the case studies.
    old, new : str
        Concepts; with `new` empty the codings are removed. `old` need not be in the codebook any more.
    by : str
        Who does it, as a role or pseudonym.
    only : sequence of str
        Beginnings of places, such as ``north``, ``north/interview`` or ``north/interview/22-45``; empty: everywhere. So
        a concept is split: some places get one new concept, the rest another.
    keep : {"old", "new"} or None
        Whose polarity stays where a coder gave both concepts to one place, with different polarity.
    write : bool
        Whether to do it, or only say what would be done.

    Raises
    ------
    InputError
        Nothing has the old concept there, the new one cannot be coded, two codings of one place differ in polarity and
        `keep` does not say which stays, or a file cannot be read; nothing was then changed.
    """
    folder = Path(folder)
    name = clean(by)
    codebook = codebook_file.read(folder / "codebook.yml")
    if new and (new not in codebook.by_code or not codebook.by_code[new].codable):
        raise refuse("unknown-concept", f"“{new}” is no concept of the codebook that can be coded.",
                     "Put it into the codebook first.", file=str(folder / "codebook.yml"))  # fmt: skip
    if old == new:
        raise refuse("same-concept", f"expected two concepts, found “{old}” twice.", "Name another one.")
    stores = every_store(folder)
    concerned = [(store, found) for store in stores if (found := _concerned(store.read().sheet, old, only))]
    places = tuple(coding for _, found in concerned for coding in found)
    if not places:
        raise _not_used(stores, old, only)
    merged = sum(_clashes(store.read(), found, new, keep) for store, found in concerned)
    if write:
        _write(stores, concerned, new, name, keep)
    left = sum(len(_concerned(store.read().sheet, old, ())) for store in stores) - (0 if write else len(places))
    return Recoded(old, new, places, merged, tuple(store.path for store, _ in concerned), left, write)


def _concerned(sheet: Sheet, old: str, only: Sequence[str]) -> list[Coding]:
    return [
        coding
        for coding in sorted(sheet.codings.values(), key=lambda one: one.order)
        if coding.concept == old and (not only or any(_within("/".join(coding.place), part) for part in only))
    ]


def _within(place: str, part: str) -> bool:
    return f"{place}/".startswith(part.rstrip("/") + "/")


def _not_used(stores: Sequence[Store], old: str, only: Sequence[str]) -> InputError:
    used = Counter(key[1] for store in stores for key in store.read().sheet.codings)
    where = f" in {', '.join(only)}" if only else ""
    known = ", ".join(f"{concept} ({number})" for concept, number in sorted(used.items())) or "(none)"
    return refuse("concept-not-used", f"no coding has the concept “{old}”{where}.", f"Concepts in use: {known}.")


def _clashes(standing: Standing, found: Sequence[Coding], new: str, keep: Side | None) -> int:
    """How many codings meet one with the new concept; their polarity must be the same or decided."""
    both = [(coding, standing.sheet.codings[coding.where, new]) for coding in found
            if (coding.where, new) in standing.sheet.codings]  # fmt: skip
    differing = [old for old, other in both if old.polarity != other.polarity]
    if differing and keep is None:
        raise InputError(
            [
                standing.problem(
                    coding.key, "", "polarity-differs",
                    f"“{coding.concept}” and “{new}” are both coded at {coding.where}, with different polarity.",
                    "Say which stays: --keep old or --keep new.",
                )
                for coding in differing
            ]
        )  # fmt: skip
    return len(both)


def _write(stores: Sequence[Store], concerned: Sequence[tuple[Store, list[Coding]]], new: str, by: str,
           keep: Side | None) -> None:  # fmt: skip
    # What decisions of the coders are about moves with the codings, also in the file of the consensus.
    moved = {(*store.head.sheet, coding.coder, *coding.key) for store, found in concerned for coding in found}
    for store in stores:
        mine = next((found for other, found in concerned if other is store), [])

        def make(standing: Standing, store: Store = store, mine: list[Coding] = mine) -> Draft:
            def move(coder: str, where: str, concept: str) -> Key:
                return (where, new) if new and (*store.head.sheet, coder, where, concept) in moved else (where, concept)

            changes = [change for coding in mine for change in _moved(standing.sheet, coding.key, new, keep)]
            return Draft((*changes, *followed(standing.sheet, move)))

        if make(store.read()).changes:
            store.act(by, "recode", make)
            store.settle()


def _moved(sheet: Sheet, key: Key, new: str, keep: Side | None) -> list[Change]:
    if key not in sheet.codings:
        return []  # another program took it away since
    coding = sheet.codings[key]
    changes = [Change("coding", key, as_json(coding), None)]
    if not new:
        return changes
    other = sheet.codings.get((coding.where, new))
    fresh = replace(coding, concept=new)
    if other is not None:
        polarity = coding.polarity if keep == "old" else other.polarity
        fresh = replace(other, polarity=polarity, memo=_both(other.memo, coding.memo))
    return [*changes, Change("coding", fresh.key, as_json(other) if other else None, as_json(fresh))]


def _both(one: Text | None, other: Text | None) -> Text | None:
    """Two memos as one, so that neither is lost."""
    if one is None or other is None or dict(one) == dict(other):
        return one or other
    languages = dict.fromkeys((*one, *other))
    return Text(
        {language: "\n".join(t for t in (one.get(language), other.get(language)) if t) for language in languages}
    )
