"""Where coders of a round disagree: other concepts, other bounds, another polarity, or seen by some only."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from clustergov.casestudies.coding.coding import Coding
from clustergov.casestudies.coding.held import Held
from clustergov.language import Text

Kind = Literal["concept", "extent", "polarity", "unseen"]


@dataclass(frozen=True, slots=True)
class Resolution:
    """How a disagreement was settled.

    Attributes
    ----------
    present : tuple of str
        Who was there.
    time : str
        UTC.
    kept : tuple of Held
        The codings of the consensus that came of it; none is an answer too.
    """

    present: tuple[str, ...]
    time: str
    kept: tuple[Held, ...]
    memo: Text | None = None


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One place that coders of a round coded differently.

    Attributes
    ----------
    id : str
        Made of the codings that differ: once one of them is changed it is another disagreement.
    kind : {"concept", "extent", "polarity", "unseen"}
        The same place under other concepts; one concept with other bounds; one concept with another polarity; seen by
        some coders only.
    at : str
        Code of the unit; empty for a document.
    start, end : int or None
        Code points from the first to the last character that it is about.
    held : dict
        Every coder of the round → their codings in question; none where they saw nothing.
    resolution : Resolution or None
    """

    id: str
    round: int
    case: str
    document: str
    kind: Kind
    at: str
    start: int | None
    end: int | None
    held: Mapping[str, tuple[Held, ...]]
    resolution: Resolution | None = None


def disagreements(codings: Iterable[Coding], coders: Sequence[str]) -> tuple[Disagreement, ...]:
    """Compare the codings of one document in one round.

    What every coder has, the same place, concept and polarity, is agreed. Of the rest, first codings of one concept that
    overlap belong together, then whatever overlaps.

    Parameters
    ----------
    codings : iterable of Coding
        Of `coders`; others are left out.
    coders : sequence of str
        Everybody who was to code the document; fewer than two cannot disagree.
    """
    if len(coders) < 2:
        return ()
    rest = _not_agreed([coding for coding in codings if coding.coder in coders], coders)
    found: list[list[Coding]] = []
    alone: list[Coding] = []
    for group in _joined(rest, lambda one, other: one.concept == other.concept and _overlap(one, other)):
        if len({coding.coder for coding in group}) > 1:
            found.append(group)
        else:
            alone += group
    found += _joined(alone, lambda one, other: one.coder != other.coder and _overlap(one, other))
    return tuple(sorted((_of(group, coders) for group in found), key=lambda one: (one.at, one.start or 0, one.id)))


def _not_agreed(codings: list[Coding], coders: Sequence[str]) -> list[Coding]:
    held: dict[tuple[str, str, str | None], set[str]] = {}
    for coding in codings:
        held.setdefault((*coding.key, coding.polarity), set()).add(coding.coder)
    return [coding for coding in codings if len(held[(*coding.key, coding.polarity)]) < len(coders)]


def _overlap(one: Coding, other: Coding) -> bool:
    if one.passage is None or other.passage is None:
        return one.passage is None and other.passage is None and one.at == other.at
    return one.passage.start < other.passage.end and other.passage.start < one.passage.end


def _joined(codings: list[Coding], belong: Callable[[Coding, Coding], bool]) -> list[list[Coding]]:
    """Groups of codings of which each belongs to another one, directly or through others."""
    ordered = sorted(codings, key=lambda coding: (coding.order, coding.coder))
    parent = list(range(len(ordered)))

    def root(index: int) -> int:
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    open_now: list[int] = []
    for index, coding in enumerate(ordered):
        # In order of place, only codings that have not ended can still overlap.
        open_now = [other for other in open_now if _overlap(ordered[other], coding) or _later(ordered[other], coding)]
        for other in open_now:
            if belong(ordered[other], coding):
                parent[root(index)] = root(other)
        open_now.append(index)
    groups: dict[int, list[Coding]] = {}
    for index, coding in enumerate(ordered):
        groups.setdefault(root(index), []).append(coding)
    return list(groups.values())


def _later(one: Coding, other: Coding) -> bool:
    """Whether `one` reaches beyond the begin of `other`, so that something after it may still overlap."""
    return one.passage is not None and other.passage is not None and one.passage.end > other.passage.start


def _of(group: list[Coding], coders: Sequence[str]) -> Disagreement:
    first = group[0]
    passages = [coding.passage for coding in group if coding.passage is not None]
    return Disagreement(
        id=identifier(first.round, first.case, first.document, about(group)),
        round=first.round,
        case=first.case,
        document=first.document,
        kind=_kind(group),
        at=first.at,
        start=min((passage.start for passage in passages), default=None),
        end=max((passage.end for passage in passages), default=None),
        held={coder: tuple(Held.of(coding) for coding in group if coding.coder == coder) for coder in coders},
    )


def _kind(group: list[Coding]) -> Kind:
    if len({coding.coder for coding in group}) == 1:
        return "unseen"
    if len({coding.concept for coding in group}) > 1:
        return "concept"
    if len({coding.where for coding in group}) > 1:
        return "extent"
    return "polarity" if len({coding.polarity for coding in group}) > 1 else "unseen"


def about(codings: Iterable[Coding]) -> tuple[tuple[str, str, str, str], ...]:
    """What tells one disagreement from another: coder, where, concept and polarity of its codings."""
    return tuple(sorted((coding.coder, *coding.key, coding.polarity or "") for coding in codings))


def identifier(round_: int, case: str, document: str, parts: Iterable[tuple[str, str, str, str]]) -> str:
    """The name of a disagreement."""
    whole = json.dumps([round_, case, document, sorted(map(list, parts))], ensure_ascii=False)
    return "d" + hashlib.sha256(whole.encode("utf-8")).hexdigest()[:15]
