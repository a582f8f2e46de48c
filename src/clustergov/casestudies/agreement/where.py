"""Where coders mark a document, per code: alpha of the continuum with its interval, and the overlap in characters."""

from __future__ import annotations

from dataclasses import dataclass

from clustergov.casestudies.agreement.alpha_u import alpha_u
from clustergov.casestudies.agreement.continuum import Continuum, Segment, continuum
from clustergov.casestudies.agreement.overlap import Overlap, block_interval, overlap
from clustergov.casestudies.agreement.unitising import unitised_alpha


@dataclass(frozen=True, slots=True)
class Where:
    """Agreement on where in one document.

    Attributes
    ----------
    case, document : str
    code : str
        Empty: all codes together.
    coders : tuple of str
    segments : tuple of int
        Marked by each coder.
    overlap : Overlap
    alpha : float or None
        u-alpha: marked with the code against everything else; for all codes together |u-alpha, marked at all.
    low, high : float or None
        From resampled paragraphs; None with fewer than ten paragraphs or without variation.
    blocks : int
        Paragraphs of the text.
    alpha_1995 : float or None
        Krippendorff's first coefficient, which squares distances of ends.
    cu, covered : float or None
        All codes together only: alpha of the codes where marks meet, and the share of the text where they do.
    reason : str
        Why `alpha` is missing.
    """

    case: str
    document: str
    code: str
    coders: tuple[str, ...]
    segments: tuple[int, ...]
    overlap: Overlap
    alpha: float | None
    low: float | None
    high: float | None
    blocks: int
    alpha_1995: float | None
    cu: float | None = None
    covered: float | None = None
    reason: str = ""


def where(
    length: int, coders: tuple[str, ...], segments: tuple[Segment, ...], *, blocks: tuple[tuple[int, int], ...] = (),
    case: str = "", document: str = "", level: float = 0.95, draws: int = 1000, seed: int = 1,
) -> tuple[Where, ...]:  # fmt: skip
    """Agreement on where in one text: first for all codes together, then per code.

    Parameters
    ----------
    length : int
        Of the text, in code points.
    blocks : tuple of (int, int)
        Its paragraphs, from which the interval is made; without them there is none.

    Raises
    ------
    InputError
        Offsets outside the text; a segment of somebody who is not among `coders`.
    """
    whole = continuum(length, coders, segments, file=document)
    marked = continuum(length, coders, tuple(Segment(s.coder, s.start, s.end, "") for s in segments))
    family = unitised_alpha(whole)
    settings = {"draws": draws, "seed": seed}

    def one(part: Continuum, code: str) -> Where:
        found = unitised_alpha(part)
        ends = block_interval(part, blocks, level=level, **settings)
        kept = found.u is not None and ends.low is not None
        return Where(
            case, document, code, coders, tuple(sum(s.coder == coder for s in part.segments) for coder in coders),
            overlap(part), found.u, ends.low if kept else None, ends.high if kept else None, ends.blocks, alpha_u(part),
            None if code else family.cu, None if code else family.covered,
            found.reason or ("all-marked-alike" if found.u is None else ""),
        )  # fmt: skip

    return (one(marked, ""), *(one(whole.of(code), code) for code in whole.codes))
