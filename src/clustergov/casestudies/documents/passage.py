"""A passage of a document: kept by its text, its surroundings and its place, so that it is found again after edits."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from clustergov.problems import InputError, Problem

CONTEXT = 32
"""Code points kept on either side of a passage."""

ENOUGH = 8
"""Code points of context on one side that must agree before text found elsewhere counts as the same passage."""

DISTINCTIVE = 40
"""A passage of at least this many code points that occurs once is the same passage whatever surrounds it now."""

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
    starts = list(_occurrences(passage.exact, text))
    if not starts:
        return Found("lost", reason="changed")
    agreement = {start: _agreement(passage, text, start) for start in starts}
    best = max(agreement.values())
    chosen = [start for start in starts if agreement[start] == best]
    if len(chosen) > 1:
        return Found("lost", reason="ambiguous")
    if not _convincing(passage, text, chosen[0], unique=len(starts) == 1):
        return Found("lost", reason="elsewhere")
    start = chosen[0]
    return Found("same" if start == passage.start else "moved", start, start + len(passage.exact))


def reanchor(passage: Passage, text: str) -> Passage | None:
    """The passage with its place and surroundings in `text`; None when it is lost."""
    found = find(passage, text)
    if found.start is None or found.end is None:
        return None
    return replace(anchor(text, found.start, found.end), document=passage.document)


def line_and_column(text: str, offset: int) -> tuple[int, int]:
    """The line and column of an offset, both counted from 1, as an editor shows them."""
    return text.count("\n", 0, offset) + 1, offset - (text.rfind("\n", 0, offset) + 1) + 1


def _occurrences(exact: str, text: str) -> Iterator[int]:
    start = text.find(exact) if exact else -1
    while start >= 0:
        yield start
        start = text.find(exact, start + 1)


def _sides(passage: Passage, text: str, start: int) -> tuple[int, int]:
    """Code points of context that agree, before and after the passage put at `start`."""
    left = text[max(0, start - CONTEXT) : start]
    right = text[start + len(passage.exact) :][:CONTEXT]
    return _common(passage.before[::-1], left[::-1]), _common(passage.after, right)


def _agreement(passage: Passage, text: str, start: int) -> int:
    return sum(_sides(passage, text, start))


def _convincing(passage: Passage, text: str, start: int, *, unique: bool) -> bool:
    if unique and (len(passage.exact) >= DISTINCTIVE or not (passage.before or passage.after)):
        return True
    # Blanks agree everywhere: only what can be read counts.
    left, right = _sides(passage, text, start)
    kept = ((passage.before, passage.before[len(passage.before) - left :]), (passage.after, passage.after[:right]))
    return any(
        visible and _visible(agreed) >= min(ENOUGH, visible)
        for context, agreed in kept
        if (visible := _visible(context))
    )


def _visible(text: str) -> int:
    return sum(not character.isspace() for character in text)


def _common(one: str, other: str) -> int:
    return next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
