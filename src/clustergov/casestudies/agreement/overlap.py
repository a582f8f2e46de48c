"""Agreement on where, counted in characters: with the universe named, since it decides what comes out.

Over all text, two coders who both left most of it alone agree on that silence; over coded text only, silence does not
count and the coefficient of two coders who mark different places may fall below zero. Both are given. Characters beside
each other are not independent, so no interval is made by the character: blocks of text (paragraphs) are resampled.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from clustergov.casestudies.agreement.continuum import Continuum
from clustergov.casestudies.agreement.unitising import own_lengths

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
    drawn = _drawn(len(blocks), draws, seed)
    pairs, own = _by_block(cut, np.maximum(place, 0), len(blocks))
    # Coincidences add up over blocks, so that a thousand samples are one product of matrices.
    size = len(text.codes) + 1
    observed = (drawn @ pairs).reshape(draws, size, size)
    own = drawn @ own
    kept = _alphas(observed, own)
    if len(kept) < draws / 2 or np.ptp(kept) == 0:
        return BlockInterval(None, None, len(blocks))
    low, high = np.quantile(kept, [(1 - level) / 2, (1 + level) / 2])
    return BlockInterval(float(low), float(high), len(blocks))


@lru_cache(maxsize=2)
def _drawn(blocks: int, draws: int, seed: int) -> np.ndarray:
    """How often each paragraph is in each sample: the same for every code of a text."""
    rng = np.random.default_rng(seed)
    return np.asarray(rng.multinomial(blocks, np.full(blocks, 1 / blocks), size=draws)).astype(np.float64)


def _by_block(text: Continuum, block: np.ndarray, blocks: int) -> tuple[np.ndarray, np.ndarray]:
    """Coincidences (blocks, codes × codes) and pairs of units with themselves (blocks, codes) of each paragraph."""
    size, m = len(text.codes) + 1, len(text.coders)
    pairs, own = np.zeros(blocks * size**2), np.zeros(blocks * size)
    for one in range(m):
        for other in range(m):
            if one != other:
                cell = (block * size + text.values[one]) * size + text.values[other]
                pairs += np.bincount(cell, weights=text.pieces / (m - 1), minlength=len(pairs))
        own += np.bincount(block * size + text.values[one], weights=own_lengths(text)[one], minlength=len(own))
    return pairs.reshape(blocks, size**2), own.reshape(blocks, size)


def _alphas(observed: np.ndarray, own: np.ndarray) -> np.ndarray:
    """u-alpha of each sample: `observed` (samples, codes, codes), `own` (samples, codes); undefined ones left out."""
    margins = observed.sum(axis=1)
    total = margins.sum(axis=1)
    most = total**2 - own.sum(axis=1)
    apart = total - np.trace(observed, axis1=1, axis2=2)
    with np.errstate(divide="ignore", invalid="ignore"):
        alike = total * ((margins**2).sum(axis=1) - own.sum(axis=1)) / most
        values = 1 - apart / (total - alike)
    return np.asarray(values[(most > 0) & (total - alike > 1e-9 * total)])


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
