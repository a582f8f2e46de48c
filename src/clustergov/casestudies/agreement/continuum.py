"""A text in which several coders marked stretches: what each of them says about each piece between two marks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from clustergov.problems import InputError, Problem

GAP = 0
"""Place of a stretch that a coder left uncoded; codes follow from 1."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch that one coder marked with one code: offsets from 0, `end` exclusive."""

    coder: str
    start: int
    end: int
    code: str


@dataclass(frozen=True, eq=False)
class Continuum:
    """What coders marked in one text.

    Attributes
    ----------
    length : int
        Of the whole text, coded or not, in code points.
    coders : tuple of str
        Who read it; one who marked nothing is here too.
    segments : tuple of Segment
        Of one coder they do not overlap.
    """

    length: int
    coders: tuple[str, ...]
    segments: tuple[Segment, ...]

    @cached_property
    def codes(self) -> tuple[str, ...]:
        return tuple(sorted({segment.code for segment in self.segments}))

    @cached_property
    def cuts(self) -> np.ndarray:
        """Offsets between which nobody changes: ascending, from 0 to `length`."""
        ends = [place for segment in self.segments for place in (segment.start, segment.end)]
        return np.unique([0, self.length, *ends])

    @cached_property
    def pieces(self) -> np.ndarray:
        """Length of the stretches between cuts: shape (pieces,)."""
        return np.diff(self.cuts).astype(np.float64)

    @cached_property
    def marks(self) -> np.ndarray:
        """Number of the segment, from 1, that each coder has on each piece; 0 for none: shape (coders, pieces)."""
        marks = np.zeros((len(self.coders), len(self.pieces)), dtype=np.int64)
        row = {coder: index for index, coder in enumerate(self.coders)}
        for number, segment in enumerate(self.segments, start=1):
            first, last = np.searchsorted(self.cuts, (segment.start, segment.end))
            marks[row[segment.coder], first:last] = number
        return marks

    @cached_property
    def values(self) -> np.ndarray:
        """Place of the code from 1, 0 for a gap: shape (coders, pieces)."""
        place = {code: index for index, code in enumerate(self.codes, start=1)}
        codes = np.array([GAP, *(place[segment.code] for segment in self.segments)], dtype=np.int64)
        return np.asarray(codes[self.marks])

    def of(self, code: str) -> Continuum:
        """The same text with the segments of one code only."""
        return Continuum(self.length, self.coders, tuple(s for s in self.segments if s.code == code))


def continuum(length: int, coders: Sequence[str], segments: Sequence[Segment], *, file: str = "") -> Continuum:
    """A text with its segments; stretches of one coder and one code that overlap become one.

    Raises
    ------
    InputError
        The text has no length, offsets lie outside it or hold nothing, or a coder is not among `coders`.
    """
    problems = [] if length > 0 else [Problem("empty-text", "expected a text, found one of length 0.", file=file)]
    for segment in segments:
        if not 0 <= segment.start < segment.end <= length:
            problems.append(
                Problem("passage-offsets", f"expected 0 ≤ start < end ≤ {length}, found {segment.start} and "
                        f"{segment.end} (coder {segment.coder}, code {segment.code}).",
                        "Offsets count code points from 0; the end is exclusive.", file=file)
            )  # fmt: skip
        if segment.coder not in coders:
            problems.append(Problem("unknown-coder", f"“{segment.coder}” is not one of the coders.", file=file))
    if problems:
        raise InputError(problems)
    return Continuum(length, tuple(coders), tuple(_joined(segments)))


def _joined(segments: Sequence[Segment]) -> list[Segment]:
    """Overlapping stretches of one coder and code as one; those that only touch stay two units."""
    joined: list[Segment] = []
    for segment in sorted(segments, key=lambda s: (s.coder, s.code, s.start, s.end)):
        last = joined[-1] if joined else None
        if last and (last.coder, last.code) == (segment.coder, segment.code) and segment.start < last.end:
            joined[-1] = Segment(last.coder, last.start, max(last.end, segment.end), last.code)
        else:
            joined.append(segment)
    return joined


def exclusive(text: Continuum) -> bool:
    """Whether no coder gave two codes to one stretch, as alpha over all codes of a continuum demands."""
    ordered = sorted(text.segments, key=lambda s: (s.coder, s.start))
    return all(one.coder != other.coder or one.end <= other.start for one, other in pairwise(ordered))
