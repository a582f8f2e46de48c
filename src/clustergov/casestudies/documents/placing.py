"""Where a passage stands after its document was edited, also when its own words were altered."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from clustergov.casestudies.documents.occurrences import occurrences
from clustergov.casestudies.documents.passage import Passage, find, normalise

ANCHORS = (32, 24, 16, 12)
"""Code points of context, or of the passage's own beginning or end, that are looked for; the longest that occur count."""

ALIKE = 0.5
"""Share of words that an altered passage has in common with the one that was coded (Ratcliff and Obershelp's measure)."""

_MOST_PLACES = 50

PlacedStatus = Literal["same", "moved", "changed", "lost"]
Reason = Literal["", "changed", "ambiguous", "elsewhere", "removed", "taken"]


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a passage stands now.

    Attributes
    ----------
    status : {"same", "moved", "changed", "lost"}
        changed: its surroundings tell the place for certain, and its words there are others.
    start, end : int or None
        None when lost.
    reason : str
        Why it is lost: its words are gone or too different (changed), they occur at several places that its
        surroundings do not tell apart (ambiguous) or only among other words (elsewhere), they were taken out while
        their surroundings stayed (removed), or another coding of the same concept stands there now (taken).
    """

    status: PlacedStatus
    start: int | None = None
    end: int | None = None
    reason: Reason = ""


def place(passage: Passage, text: str) -> Placed:
    """Place a passage in a text that may have been edited since. A doubtful place is lost, never guessed.

    A passage whose words were altered is placed where exactly one beginning and one end fit: a beginning is where the
    code points before it end, or where its own first ones stand; an end likewise. At least one of the two must be
    known by its surroundings, and half of the words must be the same.
    """
    text = normalise(text)
    found = find(passage, text)
    if found.start is not None and found.end is not None:
        if found.status == "moved" and _altered_nearer(passage, text, found.start, found.end):
            return Placed("lost", reason="ambiguous")
        return Placed(found.status, found.start, found.end)
    if found.reason == "ambiguous":
        return Placed("lost", reason="ambiguous")
    spans = sorted(set(_spans(passage, text)))
    if len(spans) > 1:
        return Placed("lost", reason="ambiguous")
    if spans:
        start, end = spans[0]
        if text[start:end] == passage.exact:  # its own words, and only the surroundings are others
            return Placed("same" if start == passage.start else "moved", start, end)
        return Placed("changed", start, end)
    return Placed("lost", reason="removed" if _removed(passage, text) else found.reason)


def _spans(passage: Passage, text: str) -> Iterator[tuple[int, int]]:
    """Every place that fits, wider than the passage was only as far as an edit of it goes."""
    length = len(passage.exact)
    after_context = [(start, True) for start in _after(passage.before, text)]
    starts = after_context or [(start, False) for start in _before(passage.exact[: length // 2], text)]
    before_context = [(end, True) for end in _before(passage.after, text)]
    ends = before_context or [(end, False) for end in _after(passage.exact[length // 2 :], text)]
    if not passage.before and not after_context:
        starts = [(0, True)]
    if not passage.after and not before_context:
        ends = [(len(text), True)]
    for start, known in starts:
        for end, also in ends:
            if (known or also) and start < end <= start + 3 * length + 80 and alike(passage.exact, text[start:end]):
                yield _trimmed(passage.exact, text, start, end)


def _trimmed(exact: str, text: str, start: int, end: int) -> tuple[int, int]:
    """Without words that were put in before its first or behind its last word: they were never part of the passage."""
    old = re.findall(r"\S+", exact)
    new = list(re.finditer(r"\S+", text[start:end]))
    blocks = SequenceMatcher(None, old, [word.group() for word in new], autojunk=False).get_matching_blocks()[:-1]
    if blocks and blocks[0].a == 0 and blocks[0].b > 0:
        return _trimmed(exact, text, start + new[blocks[0].b].start(), end)
    if blocks and blocks[-1].a + blocks[-1].size == len(old) and blocks[-1].b + blocks[-1].size < len(new):
        end = start + new[blocks[-1].b + blocks[-1].size - 1].end()
    return start, end


def _altered_nearer(passage: Passage, text: str, start: int, end: int) -> bool:
    """Whether nearer to the old place there are altered words with all that stood before or after: these may be a copy."""
    length, moved = len(passage.exact), abs(start - passage.start)
    starts = [at + len(passage.before) for at in _places(passage.before, text)]
    starts += [at - length for at in _places(passage.after, text) if at != end]
    return any(
        abs(other - passage.start) < moved and alike(passage.exact, text[max(0, other) : max(0, other) + length])
        for other in starts
        if other != start
    )


def _removed(passage: Passage, text: str) -> bool:
    """Whether what stood on either side stands together now, blanks aside."""
    before, after = passage.before.rstrip()[-16:], passage.after.lstrip()[:16]
    if len(before) < 8 or len(after) < 8:
        return False
    ends = (start + len(before) for start in _places(before, text))
    return any(text[end : end + 100].lstrip().startswith(after) for end in ends)


def alike(one: str, other: str) -> bool:
    """Whether two wordings share at least half of their words, capitals and punctuation aside."""
    words, others = (re.findall(r"\w+", text.casefold()) for text in (one, other))
    if len(words) <= 2:  # of one or two words letters tell more
        return SequenceMatcher(None, one.casefold(), other.casefold(), autojunk=False).ratio() >= ALIKE
    return SequenceMatcher(None, words, others, autojunk=False).ratio() >= ALIKE


def _lengths(context: str) -> list[int]:
    """How much of a context is looked for, the most first."""
    whole = [len(context)] if 8 <= len(context) < ANCHORS[-1] else []
    return [length for length in ANCHORS if length <= len(context)] or whole


def _after(context: str, text: str) -> list[int]:
    """Where a context ends: of its longest end that occurs."""
    for length in _lengths(context):
        if found := _places(context[-length:], text):
            return [start + length for start in found]
    return []


def _before(context: str, text: str) -> list[int]:
    """Where a context begins: of its longest beginning that occurs."""
    for length in _lengths(context):
        if found := _places(context[:length], text):
            return found
    return []


def _places(part: str, text: str) -> list[int]:
    if sum(map(len, part.split())) < 8:
        return []  # blanks stand everywhere
    return occurrences(part, text, most=_MOST_PLACES)
