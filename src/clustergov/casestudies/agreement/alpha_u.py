"""Krippendorff's first alpha for unitising, which punishes ends of units by the square of their distance.

Krippendorff (1995), On the Reliability of Unitizing Continuous Data, Sociological Methodology 25, 47–76, with the
expected disagreement as corrected in Krippendorff (2004), Content Analysis, 2nd ed., ch. 11.6. It depends on the
length in which the text is counted; the family of 2016 (`unitising`) does not square distances.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from clustergov.casestudies.agreement.continuum import Continuum

Stretch = tuple[int, int]


def alpha_u(text: Continuum, code: str = "") -> float | None:
    """Alpha of one code, or over all codes of the text; None with one coder or where nothing was marked."""
    codes = (code,) if code else text.codes
    if len(text.coders) < 2 or not text.segments:
        return None
    expected = sum(expected_disagreement(text, each) for each in codes)
    if expected <= 0:
        return None
    return 1 - sum(observed_disagreement(text, each) for each in codes) / expected


def observed_disagreement(text: Continuum, code: str) -> float:
    """Mean over pairs of coders of squared distances, in shares of the squared length of the text."""
    units = _units(text, code)
    m = len(text.coders)
    total = sum(
        _difference(units[one], units[other]) for one in range(m) for other in range(m) if one != other
    )  # fmt: skip
    return total / (m * (m - 1) * text.length**2)


def expected_disagreement(text: Continuum, code: str) -> float:
    """What all placements of the same units and gaps would give."""
    units = _units(text, code)
    lengths = np.array([end - start for own in units for start, end in own], dtype=np.float64)
    gaps = np.array([end - start for own in units for start, end in _gaps(own, text.length)], dtype=np.float64)
    whole = float(len(text.coders) * text.length)
    pairs = whole * (whole - 1) - float((lengths * (lengths - 1)).sum())
    if pairs <= 0:
        return 0.0
    inside = np.maximum(gaps[None, :] - lengths[:, None] + 1, 0.0).sum(axis=1)
    placed = (len(lengths) - 1) / 3 * (2 * lengths**3 - 3 * lengths**2 + lengths) + lengths**2 * inside
    return float(2 / text.length * placed.sum() / pairs)


def _units(text: Continuum, code: str) -> list[list[Stretch]]:
    return [
        sorted((s.start, s.end) for s in text.segments if s.coder == coder and s.code == code) for coder in text.coders
    ]


def _gaps(units: Sequence[Stretch], length: int) -> list[Stretch]:
    edges = [0, *(place for unit in units for place in unit), length]
    return [(start, end) for start, end in zip(edges[::2], edges[1::2], strict=True) if end > start]


def _difference(units: Sequence[Stretch], others: Sequence[Stretch]) -> float:
    """Seen from one coder: ends of units that meet; the squared length of units that meet nothing counts for both.

    Every pair of coders is taken in both orders, so that a unit in the other's gap counts once in each.
    """
    here, there = (np.array(stretches, dtype=np.float64).reshape(-1, 2) for stretches in (units, others))
    begins = here[:, None, 0] - there[None, :, 0]
    ends = here[:, None, 1] - there[None, :, 1]
    met = (there[None, :, 0] < here[:, None, 1]) & (here[:, None, 0] < there[None, :, 1])
    alone = sum(
        float(((stretches[:, 1] - stretches[:, 0])[~touched] ** 2).sum())
        for stretches, touched in ((here, met.any(axis=1)), (there, met.any(axis=0)))
    )
    return float((begins**2 + ends**2)[met].sum()) + alone
