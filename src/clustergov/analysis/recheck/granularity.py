"""Means, standard deviations and percentages of whole numbers: only some can come from n respondents."""

from __future__ import annotations

import math
from collections.abc import Sequence

from clustergov.analysis.recheck.outcome import Recheck, found
from clustergov.analysis.recheck.rounding import SLACK, Printed
from clustergov.problems import InputError, Problem


def recheck_mean(mean: Printed, n: int, *, items: int = 1, scale: tuple[int, int] | None = None) -> Recheck:
    """Whether n respondents' answers in whole numbers to `items` items can have a mean that is printed so (GRIM).

    Brown, N. J. L. & Heathers, J. A. J. (2017). The GRIM test. Social Psychological and Personality Science 8, 363–369.
    """
    _refuse(n, items)
    figures = f"mean = {mean.text}, n = {n}"
    if scale is not None and not (mean.high >= scale[0] and mean.low <= scale[1]):
        return found("mean", figures, False, *scale, "mean", "outside_scale")
    totals = _totals(mean, n * items, scale)
    below = math.floor(mean.value * n * items)
    low, high = (totals[0], totals[-1]) if totals else (below, below + 1)
    return found("mean", figures, bool(totals), low / (n * items), high / (n * items), "mean",
                 "grim.fits" if totals else "grim.none", count=n * items)  # fmt: skip


def recheck_sd(mean: Printed, sd: Printed, n: int, *, items: int = 1, scale: tuple[int, int] | None = None) -> Recheck:
    """Whether answers in whole numbers can have both the mean and the standard deviation that are printed (GRIMMER).

    Totals that the mean leaves open each allow sums of squares of the same parity only, not below that of the most equal
    answers nor, on a scale, above that of the most unequal ones. With several items the persons' sums are the whole
    numbers. Anaya, J. (2016). The GRIMMER test. PeerJ Preprints 4:e2400v1; parity after Allard, A. (2018).

    Raises
    ------
    InputError
        n below 2, a negative standard deviation.
    """
    _refuse(n, items)
    if n < 2 or sd.value < 0:
        raise InputError(Problem("impossible-sd", f"expected n of at least 2 and a standard deviation of at least 0; found "
                                 f"n = {n} and {sd.text}.", "Correct them."))  # fmt: skip
    figures = f"mean = {mean.text}, sd = {sd.text}, n = {n}"
    ends = None if scale is None else (scale[0] * items, scale[1] * items)
    totals = _totals(mean, n * items, scale)
    if not totals:
        whole = recheck_mean(mean, n, items=items, scale=scale)
        return found("sd", figures, False, whole.low, whole.high, "mean", "grim.none", count=n * items)
    reachable = [value for total in totals for value in _deviations(total, sd, n, items, ends)]
    low, high = (min(reachable), max(reachable)) if reachable else (sd.low, sd.high)
    return found("sd", figures, bool(reachable), low, high, "sd", "grimmer.fits" if reachable else "grimmer.none")


def recheck_percentage(percentage: Printed, n: tuple[int, int]) -> Recheck:
    """Whether a whole number of n respondents can be printed as this percentage, for which n of a range."""
    _refuse(n[0], 1)
    if not (percentage.high >= 0 and percentage.low <= 100) or n[1] < n[0]:
        raise InputError(Problem("impossible-percentage", f"expected 0 to 100 and a range of n; found {percentage.text}, "
                                 f"{n[0]} to {n[1]}.", "Correct them."))  # fmt: skip
    figures = f"{percentage.text.rstrip('% ')}%, n = {n[0]}" + (f"–{n[1]}" if n[1] > n[0] else "")
    counts = {size: _count(percentage, size) for size in range(n[0], min(n[1], n[0] + 100_000) + 1)}
    possible = {size: count for size, count in counts.items() if count is not None}
    if not possible:
        below = math.floor(percentage.value * n[0] / 100)
        near = (100 * below / n[0], 100 * (below + 1) / n[0])
        return found("percentage", figures, False, near[0], near[1], "percentage", "percentage.none")
    shares = [100 * count / size for size, count in possible.items()]
    key = "percentage.all" if len(possible) == len(counts) else "percentage.some"
    return found("percentage", figures, True, min(shares), max(shares), "percentage", key, fits=len(possible),
                 tried=len(counts), least=min(possible))  # fmt: skip


def recheck_shares(shares: Sequence[Printed], total: float = 100.0) -> Recheck:
    """Whether shares of one whole can add up to it, each having been rounded."""
    if len(shares) < 2:
        raise InputError(
            Problem("too-few-shares", f"expected at least two shares, found {len(shares)}.", "Give all parts.")
        )
    low, high = sum(share.low for share in shares), sum(share.high for share in shares)
    slack = SLACK * len(shares) * shares[0].unit
    figures = " + ".join(share.text for share in shares)
    return found("shares", figures, low - slack <= total <= high + slack, low, high, "sum", "shares", total=total)


def _refuse(n: int, items: int) -> None:
    if n < 1 or items < 1:
        raise InputError(Problem("impossible-n", f"expected at least one respondent and one item; found n = {n}, "
                                 f"{items} items.", "Correct them."))  # fmt: skip


def _totals(mean: Printed, count: int, scale: tuple[int, int] | None) -> list[int]:
    """Whole totals of `count` answers whose mean is printed so."""
    slack = SLACK * mean.unit * count
    first, last = math.ceil(mean.low * count - slack), math.floor(mean.high * count + slack)
    if scale is not None:
        first, last = max(first, scale[0] * count), min(last, scale[1] * count)
    return list(range(first, last + 1))


def _deviations(total: int, sd: Printed, n: int, items: int, ends: tuple[int, int] | None) -> list[float]:
    """Smallest and largest standard deviation within what is printed that persons' sums with this total can have."""
    slack = SLACK * (1 + total * total / n)
    squares = [(n - 1) * (end * items) ** 2 + total * total / n for end in (max(sd.low, 0.0), sd.high)]
    low, extra = divmod(total, n)
    first = max(math.ceil(squares[0] - slack), (n - extra) * low**2 + extra * (low + 1) ** 2)
    last = math.floor(squares[1] + slack)
    if ends is not None:
        last = min(last, _most_unequal(total, n, ends))
    first += (first - total) % 2
    last -= (last - total) % 2
    return [math.sqrt(max(s - total * total / n, 0) / (n - 1)) / items for s in (first, last)] if first <= last else []


def _most_unequal(total: int, n: int, ends: tuple[int, int]) -> int:
    """Largest sum of squares: all but one at an end of the scale."""
    low, high = ends
    full, rest = divmod(total - n * low, high - low) if high > low else (0, 0)
    return full * high**2 + (n - full) * low**2 + ((low + rest) ** 2 - low**2 if rest else 0)


def _count(percentage: Printed, n: int) -> int | None:
    slack = SLACK * percentage.unit
    count = math.ceil((percentage.low - slack) * n / 100)
    return count if 0 <= count <= n and 100 * count / n <= percentage.high + slack else None
