"""A passage of a document: kept by its text, its surroundings and its place, so that it is found again after edits."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from clustergov.casestudies.documents.occurrences import occurrences
from clustergov.problems import InputError, Problem

CONTEXT = 32
"""Code points kept on either side of a passage."""

ENOUGH = 8
"""Visible code points of context that must agree on a side for it to speak for a place."""

ALONE = 24
"""Visible code points, of the passage and the context that agrees, where only one side speaks for a place and not wholly."""

DISTINCTIVE = 40
"""A passage of at least this many code points that occurs once is the same passage whatever surrounds it now."""

_MOST = 200

Status = Literal["same", "moved", "lost"]


# Thousands of passages ask the same of one long text; a string remembers its own hash, so asking again costs nothing.
@lru_cache(maxsize=8)
def normalise(text: str) -> str:
    """Remove a byte-order mark at the start and write every line end as LF; change nothing else, so nothing is lost."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


@lru_cache(maxsize=8)
def digest(text: str) -> str:
    """The SHA-256 of a text, normalised and encoded as UTF-8, in hexadecimal."""
    return hashlib.sha256(normalise(text).encode("utf-8")).hexdigest()


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a normalised text.

    Attributes
    ----------
    document : str
        Code of the document.
    sha256 : str
        Of the whole normalised text at the time of anchoring.
    exact : str
        The passage itself.
    before, after : str
        Up to 32 code points on either side.
    start, end : int
        Offsets in Unicode code points of the normalised text; `end` is exclusive.
    """

    document: str
    sha256: str
    exact: str
    before: str
    after: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Found:
    """Where a passage stands in a text now.

    Attributes
    ----------
    status : {"same", "moved", "lost"}
    start, end : int or None
        Offsets now; None when lost.
    reason : {"", "changed", "ambiguous", "elsewhere"}
        Why it is lost: its text is gone or changed; it occurs several times and the context does not tell which; its
        words occur, but among other words, so that they need not be the same passage.
    """

    status: Status
    start: int | None = None
    end: int | None = None
    reason: Literal["", "changed", "ambiguous", "elsewhere"] = ""


def anchor(text: str, start: int, end: int, *, document: str = "") -> Passage:
    """Anchor the passage ``text[start:end]``; offsets count in the normalised text.

    Raises
    ------
    InputError
        The offsets lie outside the text, or hold nothing.
    """
    text = normalise(text)
    if not 0 <= start < end <= len(text):
        raise InputError(
            Problem("passage-offsets", f"expected 0 ≤ start < end ≤ {len(text)}, found {start} and {end}.",
                    "Count code points of the text, the first one as 0; the end is exclusive.", place=document)
        )  # fmt: skip
    return Passage(
        document=document,
        sha256=digest(text),
        exact=text[start:end],
        before=text[max(0, start - CONTEXT) : start],
        after=text[end : end + CONTEXT],
        start=start,
        end=end,
    )


def find(passage: Passage, text: str) -> Found:
    """Find a passage in a text that may have been edited since. A doubtful place is reported as lost, never guessed."""
    text = normalise(text)
    if digest(text) == passage.sha256 and text[passage.start : passage.end] == passage.exact:
        return Found("same", passage.start, passage.end)
    starts = [start for start in _near(passage, text) if _convincing(passage, text, start)]
    if not starts:
        return _without_surroundings(passage, text)
    best = max(starts, key=lambda start: _agreement(passage, text, start))
    if any(_rivals(passage, text, best, start) for start in starts if start != best):
        return Found("lost", reason="ambiguous")
    return _found(passage, best)


def _found(passage: Passage, start: int) -> Found:
    return Found("same" if start == passage.start else "moved", start, start + len(passage.exact))


def _near(passage: Passage, text: str) -> list[int]:
    """Where the words stand with enough of what stood before or after them: no other place can convince."""
    head, tail = _least(passage.before[::-1])[::-1], _least(passage.after)
    starts = {start + len(head) for start in occurrences(head + passage.exact, text)} if head else set()
    return sorted(starts.union(occurrences(passage.exact + tail, text) if tail else ()))


def _least(context: str) -> str:
    """Its beginning as far as it takes to speak for a place; empty where nothing of it can be seen."""
    wanted = min(ENOUGH, _visible(context))
    lengths = (length for length in range(wanted, len(context) + 1) if _visible(context[:length]) >= wanted)
    return context[: next(lengths)] if wanted else ""


def _without_surroundings(passage: Passage, text: str) -> Found:
    """Words among other words are the passage only where they are many and stand once."""
    starts = occurrences(passage.exact, text, most=_MOST)
    if not starts:
        return Found("lost", reason="changed")
    if len(starts) == 1 and (len(passage.exact) >= DISTINCTIVE or not (passage.before or passage.after)):
        return _found(passage, starts[0])
    agreement = sorted(_agreement(passage, text, start) for start in starts)
    return Found("lost", reason="ambiguous" if agreement[-2:-1] == agreement[-1:] else "elsewhere")


def _rivals(passage: Passage, text: str, best: int, other: int) -> bool:
    """Whether a second place leaves the best one in doubt.

    It does where it agrees as well; and where it is the nearer one with all that stood on one side, as when a paragraph
    was copied to elsewhere and then edited where it stood.
    """
    if _agreement(passage, text, other) == _agreement(passage, text, best):
        return True
    left, right = _sides(passage, text, other)
    whole = left == len(passage.before) >= ENOUGH or right == len(passage.after) >= ENOUGH
    return whole and abs(other - passage.start) < abs(best - passage.start)


def reanchor(passage: Passage, text: str) -> Passage | None:
    """The passage with its place and surroundings in `text`; None when it is lost."""
    found = find(passage, text)
    if found.start is None or found.end is None:
        return None
    return replace(anchor(text, found.start, found.end), document=passage.document)


def line_and_column(text: str, offset: int) -> tuple[int, int]:
    """The line and column of an offset, both counted from 1, as an editor shows them."""
    return text.count("\n", 0, offset) + 1, offset - (text.rfind("\n", 0, offset) + 1) + 1


def _sides(passage: Passage, text: str, start: int) -> tuple[int, int]:
    """Code points of context that agree, before and after the passage put at `start`."""
    left = text[max(0, start - CONTEXT) : start]
    end = start + len(passage.exact)
    right = text[end : end + CONTEXT]
    return _common(passage.before[::-1], left[::-1]), _common(passage.after, right)


def _agreement(passage: Passage, text: str, start: int) -> int:
    return sum(_sides(passage, text, start))


def _convincing(passage: Passage, text: str, start: int) -> bool:
    """Whether the surroundings say that this is the place.

    They do where both sides speak for it; or one, if it is all there or makes up, with the words, for what the other
    side does not tell: short words with a few known ones behind them stand in many places of a long text.
    """
    left, right = _sides(passage, text, start)
    # Blanks agree everywhere: only what can be read counts.
    agreed = _visible(passage.before[len(passage.before) - left :]), _visible(passage.after[:right])
    whole = _visible(passage.before), _visible(passage.after)
    speaks = [seen > 0 and known >= min(ENOUGH, seen) for known, seen in zip(agreed, whole, strict=True)]
    if all(speaks) or (any(speaks) and 0 in whole):
        return True
    words = _visible(passage.exact)
    return any(
        one and (words + known >= ALONE or known == seen >= 2 * ENOUGH)
        for one, known, seen in zip(speaks, agreed, whole, strict=True)
    )


def _visible(text: str) -> int:
    return sum(map(len, text.split()))


def _common(one: str, other: str) -> int:
    if one == other:
        return len(one)
    return next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
