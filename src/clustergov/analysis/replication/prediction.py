"""Where a replication's estimate may lie if the original's is right; and the sceptical p-value of both."""

from __future__ import annotations

import math

from scipy.special import ndtr, ndtri

from clustergov.analysis.interval import Interval


def prediction_interval(original: float, original_error: float, new_error: float, *, level: float = 0.95) -> Interval:
    """Where the new estimate lies when both estimate one effect.

    Patil, P., Peng, R. D. & Leek, J. T. (2016). What should researchers expect when they replicate studies? Perspectives
    on Psychological Science 11, 539–544.
    """
    reach = float(ndtri(0.5 + level / 2)) * math.hypot(original_error, new_error)
    return Interval(original - reach, original + reach, level)


def sceptical_p(original_z: float, new_z: float, ratio: float) -> float:
    """One-sided sceptical p-value: small only when both studies are convincing and in the same direction.

    Parameters
    ----------
    original_z, new_z : float
        Estimates over their errors.
    ratio : float
        Variance of the original over that of the new one.

    Notes
    -----
    Held, L. (2020). A new standard for the analysis and design of replication studies. Journal of the Royal Statistical
    Society, Series A 183, 431–448, eq. (7)–(9); without recalibration (“nominal”).
    """
    one, two = original_z**2, new_z**2
    if one == 0 or two == 0:
        return 0.5
    arithmetic, harmonic = (one + two) / 2, 2 / (1 / one + 1 / two)
    if math.isclose(ratio, 1.0, rel_tol=1e-9):
        squared = harmonic / 2
    else:
        squared = (math.sqrt(arithmetic * (arithmetic + (ratio - 1) * harmonic)) - arithmetic) / (ratio - 1)
    z = math.sqrt(max(squared, 0.0))
    return float(ndtr(-z if original_z * new_z > 0 else z))
