"""Two one-sided tests that an effect lies within limits."""

from __future__ import annotations

import math
from dataclasses import dataclass

from scipy.special import ndtr, ndtri, stdtr, stdtrit

from clustergov.analysis.interval import Interval


@dataclass(frozen=True, slots=True)
class Equivalence:
    """Schuirmann (1987), Journal of Pharmacokinetics and Biopharmaceutics 15, 657–680.

    Attributes
    ----------
    p_low, p_high, p : float
        Against the lower and the upper limit; the larger of both.
    interval : Interval
        At 1 − 2α; within the limits exactly when p < α.
    """

    p_low: float
    p_high: float
    p: float
    interval: Interval


def equivalence(
    estimate: float, error: float, low: float, high: float, *, df: float = math.inf, alpha: float = 0.05
) -> Equivalence:
    """Whether an effect lies between low and high; by t with df, or the normal distribution.

    Raises
    ------
    ValueError
        The error is not above 0, or low is not below high.
    """
    if not error > 0 or not low < high:
        raise ValueError(
            f"an error above 0 and a lower limit below the upper one are needed, not {error}, {low}, {high}"
        )
    p_low, p_high = (
        float(ndtr(z) if math.isinf(df) else stdtr(df, z))
        for z in ((low - estimate) / error, (estimate - high) / error)
    )
    reach = error * float(ndtri(1 - alpha) if math.isinf(df) else stdtrit(df, 1 - alpha))
    return Equivalence(p_low, p_high, max(p_low, p_high), Interval(estimate - reach, estimate + reach, 1 - 2 * alpha))
