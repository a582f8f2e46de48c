"""Agreement on where, counted in characters: with the universe named, since it decides what comes out.

Over all text, two coders who both left most of it alone agree on that silence; over coded text only, silence does not
count and the coefficient of two coders who mark different places may fall below zero. Both are given. Characters beside
each other are not independent, so no interval is made by the character: blocks of text (paragraphs) are resampled.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from clustergov.casestudies.agreement.continuum import Continuum
from clustergov.casestudies.agreement.unitising import coincidences, continuum_alpha, expected_coincidences, own_pairs

FEWEST_BLOCKS = 10
"""Paragraphs from which a bootstrap of paragraphs is made."""


@dataclass(frozen=True, slots=True)
class Overlap:
    """What coders marked of one text, in characters; for more than two coders the mean over pairs of coders.

    Attributes
    ----------
    length : int
        Of the text.
    marked : tuple of int
        By each coder.
    either, both : float
        Characters that at least one of two coders marked, and that both did.
    jaccard : float or None
        both / either: universe is the coded text. None when nothing was marked.
    dice : float or None
        2 both / (marked by the one + marked by the other).
    agreement : float
        Share of all text on which two coders say the same.
    kappa : float or None
        Scott's pi over all text; None when nothing or everything is marked.
    kappa_coded : float or None
        The same over coded text only: no characters that neither marked.
    """

    length: int
    marked: tuple[int, ...]
    either: float
    both: float
    jaccard: float | None
    dice: float | None
    agreement: float
    kappa: float | None
    kappa_coded: float | None


def overlap(text: Continuum) -> Overlap:
    """Count the characters that were marked, whatever the code; take `text.of(code)` for one code."""
    there = text.values > 0
    marked = there @ text.pieces
    pairs = [(one, other) for one in range(len(text.coders)) for other in range(one)]
    both = float(np.mean([(there[one] & there[other]) @ text.pieces for one, other in pairs])) if pairs else 0.0
    either = float(np.mean([(there[one] | there[other]) @ text.pieces for one, other in pairs])) if pairs else 0.0
    alike = 1 - (either - both) / text.length
    share = (both + either) / 2
    return Overlap(
        text.length, tuple(int(count) for count in marked), either, both,
        both / either if either else None, 2 * both / (both + either) if either else None, alike,
        _pi(alike, share / text.length), _pi(both / either, share / either) if either else None,
    )  # fmt: skip


def _pi(alike: float, share: float) -> float | None:
    chance = share**2 + (1 - share) ** 2
    return None if chance > 1 - 1e-12 else (alike - chance) / (1 - chance)


@dataclass(frozen=True, slots=True)
class BlockInterval:
    """Ends of an interval of u-alpha from resampled paragraphs; None with fewer than ten of them."""

    low: float | None
    high: float | None
    blocks: int


def block_interval(
    text: Continuum, blocks: tuple[tuple[int, int], ...], *, draws: int, seed: int, level: float
) -> BlockInterval:
    """An interval of u-alpha: paragraphs drawn with replacement, each with the parts of units that lie in it."""
    if len(blocks) < FEWEST_BLOCKS or not text.segments:
        return BlockInterval(None, None, len(blocks))
    cut = _cut(text, blocks)
    place = np.searchsorted([start for start, _ in blocks], cut.cuts[:-1], side="right") - 1
    rng = np.random.default_rng(seed)
    drawn = rng.multinomial(len(blocks), np.full(len(blocks), 1 / len(blocks)), size=draws)
    values = []
    for counts in drawn[:, np.maximum(place, 0)].astype(np.float64):
        observed = coincidences(cut, counts)
        values.append(continuum_alpha(observed, expected_coincidences(observed, own_pairs(cut, counts))))
    kept = np.array([value for value in values if value is not None])
    if len(kept) < draws / 2 or np.ptp(kept) == 0:
        return BlockInterval(None, None, len(blocks))
    low, high = np.quantile(kept, [(1 - level) / 2, (1 + level) / 2])
    return BlockInterval(float(low), float(high), len(blocks))


def _cut(text: Continuum, blocks: tuple[tuple[int, int], ...]) -> Continuum:
    """The same text with cuts at the begin of every block as well."""
    cut = Continuum(text.length, text.coders, text.segments)
    cut.__dict__["cuts"] = np.unique([*text.cuts, *(start for start, _ in blocks)])
    return cut


def paragraphs(text: str) -> tuple[tuple[int, int], ...]:
    """Offsets of the lines that hold something, each with the line end after it."""
    found, start = [], 0
    for line in text.splitlines(keepends=True):
        if line.strip():
            found.append((start, start + len(line)))
        start += len(line)
    return tuple(found)
