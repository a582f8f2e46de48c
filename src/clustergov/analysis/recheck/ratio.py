"""A published odds ratio (or any ratio) against its confidence interval and p."""

from __future__ import annotations

import math

from scipy.special import ndtr, ndtri

from clustergov.analysis.recheck.outcome import Recheck, found
from clustergov.analysis.recheck.reported_p import ReportedP
from clustergov.analysis.recheck.rounding import Printed
from clustergov.problems import InputError, Problem


def recheck_ratio(
    ratio: Printed, low: Printed, high: Printed, p: ReportedP | None = None, *, level: float = 0.95
) -> Recheck:
    """Whether a ratio lies in the middle of its interval on the log scale, and its p is that of the interval.

    Of Wald intervals; profile likelihood intervals and exact ones are not symmetric, so that “inconsistent” may only mean
    that the source computed its interval in another way.

    Raises
    ------
    InputError
        Numbers that are not above 0, ends in the wrong order, a level outside 0 to 1.
    """
    if min(ratio.value, low.value, high.value) <= 0 or not low.value < high.value or not 0 < level < 1:
        raise InputError(
            Problem("impossible-interval", f"expected a ratio and both ends above 0, the lower first; found {ratio.text} "
                    f"({low.text} to {high.text}) at {level:g}.", "Correct them.")
        )  # fmt: skip
    figures = f"ratio = {ratio.text} ({low.text} to {high.text})" + (f", p {p.text}" if p else "")
    lows, highs, ratios = (_logs(each) for each in (low, high, ratio))
    middle = ((lows[0] + highs[0]) / 2, (lows[1] + highs[1]) / 2)
    if ratios[0] > middle[1] + 1e-12 or ratios[1] < middle[0] - 1e-12:
        return found("odds ratio", figures, False, math.exp(middle[0]), math.exp(middle[1]), "ratio", "ratio.middle")
    ps = _p_range(lows, highs, (max(ratios[0], middle[0]), min(ratios[1], middle[1])), level)
    if p is None:
        return found("odds ratio", figures, True, *ps, "p", "ratio.fits")
    return found("odds ratio", figures, p.meets(*ps), *ps, "p", "p")


def _logs(number: Printed) -> tuple[float, float]:
    smallest = max(number.low, number.unit * 1e-6)
    return math.log(smallest), math.log(number.high)


def _p_range(
    lows: tuple[float, float], highs: tuple[float, float], ratio: tuple[float, float], level: float
) -> tuple[float, float]:
    z = float(ndtri(0.5 + level / 2))
    errors = (max(highs[0] - lows[1], 1e-12) / (2 * z), (highs[1] - lows[0]) / (2 * z))
    near = 0.0 if ratio[0] <= 0 <= ratio[1] else min(abs(ratio[0]), abs(ratio[1]))
    far = max(abs(ratio[0]), abs(ratio[1]))
    return float(2 * ndtr(-far / errors[0])), float(2 * ndtr(-near / errors[1]))
