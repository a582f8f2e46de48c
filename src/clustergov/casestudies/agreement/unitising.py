"""Krippendorff's alphas for unitised continua: where coders mark something, and what they see where both did.

Krippendorff, Mathet, Bouvry and Widlöcher (2016), On the reliability of unitizing textual continua: Further
developments, Quality & Quantity 50, 2347–2364 (erratum 2365): equations 1, 4, 5, 6, 10, 11 and 13. Numbers of characters
take the place of numbers of units; a unit is never compared with itself, so that what chance does is lessened by the
square of each unit's length, and by the length of gaps, which have no parts.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from clustergov.casestudies.agreement.continuum import Continuum, exclusive


@dataclass(frozen=True, slots=True)
class CodeOnContinuum:
    """One code where units of coders meet, for `(k)u-alpha`; `covered` is the share of its marked length that meets."""

    code: str
    alpha: float | None
    covered: float


@dataclass(frozen=True, slots=True)
class UnitisedAlpha:
    """The family of alphas of one text.

    Attributes
    ----------
    u : float or None
        Where and what together, gaps included. None with the `reason`.
    relevance : float or None
        Marked against unmarked, whatever the code (written |u).
    cu : float or None
        What, on the stretches that several coders marked, weighted by length.
    codes : tuple of CodeOnContinuum
        (k)u-alpha per code.
    covered : float
        Share of the text, averaged over coders, on which marks of coders meet: what `cu` speaks about.
    reason : str
        one-coder, nothing-marked, all-marked-alike or overlapping-codes.
    """

    u: float | None
    relevance: float | None
    cu: float | None
    codes: tuple[CodeOnContinuum, ...]
    covered: float
    reason: str = ""


def unitised_alpha(text: Continuum) -> UnitisedAlpha:
    """u-alpha, |u-alpha, cu-alpha and (k)u-alpha of one text."""
    reason = _undefined(text)
    if reason:
        return UnitisedAlpha(None, None, None, (), 0.0, reason)
    observed = coincidences(text)
    expected = expected_coincidences(observed, own_pairs(text))
    cu, codes, covered = _on_common_ground(text, observed)
    return UnitisedAlpha(continuum_alpha(observed, expected), continuum_alpha(_binary(observed), _binary(expected)), cu, codes, covered,
                         "" if len(observed) > 1 else "all-marked-alike")  # fmt: skip


def _undefined(text: Continuum) -> str:
    if len(text.coders) < 2:
        return "one-coder"
    if not text.segments:
        return "nothing-marked"
    return "" if exclusive(text) else "overlapping-codes"


def coincidences(text: Continuum) -> np.ndarray:
    """Length on which two different coders have each pair of codes, gaps first: equation 1, shape (codes + 1, codes + 1)."""
    given = np.stack([(text.values == code).sum(axis=0) for code in range(len(text.codes) + 1)]).astype(np.float64)
    pairs = (given * text.pieces) @ given.T - np.diag(given @ text.pieces)
    return np.asarray(pairs / (len(text.coders) - 1))


def own_lengths(text: Continuum) -> np.ndarray:
    """Each piece's part in the pairs of its unit with itself (length × length of the unit); for gaps its length.

    Shape (coders, pieces).
    """
    whole = np.array([0.0, *(segment.end - segment.start for segment in text.segments)])
    return np.asarray(np.where(text.marks > 0, whole[text.marks], 1.0) * text.pieces)


def own_pairs(text: Continuum) -> np.ndarray:
    """Pairs of a unit with itself, by code: squares of lengths; for gaps their length. Shape (codes + 1,)."""
    return np.bincount(text.values.ravel(), weights=own_lengths(text).ravel(), minlength=len(text.codes) + 1)


def expected_coincidences(observed: np.ndarray, own: np.ndarray) -> np.ndarray:
    """What chance would give: equation 4."""
    margins = observed.sum(axis=0)
    total = margins.sum()
    most = total**2 - own.sum()
    if most <= 0:
        return np.zeros_like(observed)
    return np.asarray(total * (np.outer(margins, margins) - np.diag(own)) / most)


def continuum_alpha(observed: np.ndarray, expected: np.ndarray) -> float | None:
    """1 − observed / expected disagreement (equation 5); None where chance leaves no disagreement."""
    chance = expected.sum() - np.trace(expected)
    if chance <= 1e-9 * max(1.0, observed.sum()):
        return None
    return float(1 - (observed.sum() - np.trace(observed)) / chance)


def _binary(table: np.ndarray) -> np.ndarray:
    """Gaps against everything that was marked."""
    return np.array([[table[0, 0], table[0, 1:].sum()], [table[1:, 0].sum(), table[1:, 1:].sum()]])


def _on_common_ground(text: Continuum, observed: np.ndarray) -> tuple[float | None, tuple[CodeOnContinuum, ...], float]:
    """cu-alpha and (k)u-alpha: equations 10, 11 and 13."""
    met = observed[1:, 1:]
    margins, marked = met.sum(axis=0), observed[1:].sum(axis=1)
    covered = np.divide(margins, marked, out=np.zeros_like(margins), where=marked > 0)
    share = float(met.sum() / observed.sum())
    own = _own_pairs_met(text)
    total = margins.sum()
    most = total - own.sum() / total if total else 0.0
    if most <= 0:
        nothing = tuple(
            CodeOnContinuum(code, None, float(part)) for code, part in zip(text.codes, covered, strict=True)
        )
        return None, nothing, share
    expected = (np.outer(margins, margins) - np.diag(own)) / most
    codes = tuple(
        CodeOnContinuum(code, _alpha_of_code(met, expected, place), float(covered[place]))
        for place, code in enumerate(text.codes)
    )
    return continuum_alpha(met, expected), codes, share


def _own_pairs_met(text: Continuum) -> np.ndarray:
    """Squares of the length of each unit that meets units of another coder, averaged over the other coders: by code."""
    total = np.zeros(len(text.codes) + 1)
    places = {code: place for place, code in enumerate(text.codes, start=1)}
    rows = {coder: row for row, coder in enumerate(text.coders)}
    of_segment = np.array([0, *(places[segment.code] for segment in text.segments)])
    coder_of = np.array([-1, *(rows[segment.coder] for segment in text.segments)])
    for other in range(len(text.coders)):
        there = text.pieces * (text.marks[other] > 0)
        for own in range(len(text.coders)):
            if own == other:
                continue
            lengths = np.bincount(text.marks[own], weights=there, minlength=len(text.segments) + 1)
            lengths[coder_of != own] = 0.0
            total += np.bincount(of_segment, weights=lengths**2, minlength=len(total))
    return np.asarray(total[1:] / (len(text.coders) - 1))


def _alpha_of_code(met: np.ndarray, expected: np.ndarray, place: int) -> float | None:
    seen, chance = met[:, place].sum(), expected[:, place].sum()
    apart = chance - expected[place, place]
    if seen <= 0 or apart <= 1e-9:
        return None
    return float(1 - chance / seen * (seen - met[place, place]) / apart)
