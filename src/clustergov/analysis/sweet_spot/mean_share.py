"""Whether a mean share is the named one: equivalence within a declared margin, in all organisations and by class of age."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import stdtr, stdtrit

from clustergov.analysis.description.funding import AGE_CLASSES, AGES
from clustergov.analysis.interval import Interval
from clustergov.analysis.sampling.finite_population import population_mean
from clustergov.analysis.sweet_spot.refusal import SweetSpotError
from clustergov.language import Text, both
from clustergov.survey.disclosure import suppress
from clustergov.survey.frame.design import SamplingDesign

Array = NDArray[np.float64]

AgreementVerdict = Literal["equivalent", "different", "inconclusive"]
"""equivalent: the interval at 1 − 2·alpha lies inside value ± margin; different: the interval at `level` lies outside all
of it; else inconclusive."""


@dataclass(frozen=True, slots=True)
class GroupShare:
    """The mean share of one group.

    Attributes
    ----------
    code : str
        ``all``, ``0-4``, ``5-9``, ``10+`` or ``unknown``.
    n : int or None
        Organisations; None when hidden.
    mean : float
        NaN when hidden or when nobody is in it.
    interval, equivalence : Interval or None
        At `level`, and at 1 − 2·alpha: inside value ± margin it is the outcome of two one-sided tests at alpha (Schuirmann
        1987). None when hidden, or for fewer than two that differ.
    p : float
        The larger of the two one-sided p-values; NaN where there is no interval.
    verdict : AgreementVerdict or None
        None where there is no interval.
    """

    code: str
    label: Text
    n: int | None
    mean: float
    interval: Interval | None
    equivalence: Interval | None
    p: float
    verdict: AgreementVerdict | None


@dataclass(frozen=True, slots=True)
class _Estimate:
    mean: float
    error: float
    df: float
    n: int


def agreement(
    mean: float, error: float, df: float, value: float, margin: float, *, alpha: float, level: float
) -> tuple[Interval, Interval, float, AgreementVerdict]:
    """Two one-sided tests of a mean against value ± margin, and the interval at `level`.

    Returns
    -------
    interval, equivalence, p, verdict
    """

    def around(own: float) -> Interval:
        reach = float(stdtrit(df, 0.5 + own / 2)) * error
        return Interval(mean - reach, mean + reach, own)

    interval, equivalence = around(level), around(1 - 2 * alpha)
    low, high = value - margin, value + margin
    if error:
        p = float(max(stdtr(df, -(mean - low) / error), stdtr(df, (mean - high) / error)))
    else:  # of a census, where there is no error
        p = 0.0 if low < mean < high else 1.0
    verdict: AgreementVerdict = "inconclusive"
    if equivalence.inside(low, high):
        verdict = "equivalent"
    elif interval.high < low or interval.low > high:
        verdict = "different"
    return interval, equivalence, p, verdict


def group_shares(
    share: pd.Series[float], ages: pd.Series[float] | None, *, value: float, margin: float, alpha: float = 0.05,
    level: float = 0.95, design: SamplingDesign | None = None, minimum: int | None = None,
) -> tuple[GroupShare, ...]:  # fmt: skip
    """The mean share of all organisations, then by class of age.

    Parameters
    ----------
    share : Series of float
        By respondent; missing values are left out.
    ages : Series of float or None
        Years since the start, one index with `share`.
    design : SamplingDesign, optional
        Then means and errors are those of `finite_population` (weights, strata, finite population correction), a class
        of age being a domain.
    minimum : int or None
        Classes of fewer are hidden, and others from which they could be worked out.

    Raises
    ------
    SweetSpotError
        Fewer than two organisations have a share, or all have the same.
    """
    used = share.notna()
    if used.sum() < 2 or not np.ptp(share[used].to_numpy(dtype=float)):
        raise SweetSpotError("mean share", n=int(used.sum()))
    everybody = pd.Series(True, index=share.index)
    settings = (value, margin, alpha, level)
    groups = [_group("all", both("sweet_spot.age.all"), share, everybody, design, settings, shown=True)]
    if ages is None:
        return tuple(groups)
    classes = _classes(ages)
    names = [*AGE_CLASSES, "unknown"]
    counts = classes[used].value_counts().reindex(names, fill_value=0)
    shown = counts.astype(float) if minimum is None else suppress(counts, minimum)
    for name in names:
        if counts[name]:
            visible = bool(np.isfinite(shown[name]))
            groups.append(_group(name, _label(name), share, classes == name, design, settings, shown=visible))
    return tuple(groups)


def _classes(ages: pd.Series[float]) -> pd.Series[str]:
    classes = pd.cut(ages, [*AGES, np.inf], right=False, labels=list(AGE_CLASSES))
    return classes.astype("str").where(classes.notna(), "unknown")


def _label(name: str) -> Text:
    if name == "unknown":
        return both("sweet_spot.age.unknown")
    if name.endswith("+"):
        return both("sweet_spot.age.from", low=int(name[:-1]))
    low, high = name.split("-")
    return both("sweet_spot.age.between", low=int(low), high=int(high))


def _group(
    code: str, label: Text, share: pd.Series[float], inside: pd.Series[bool], design: SamplingDesign | None,
    settings: tuple[float, float, float, float], *, shown: bool,
) -> GroupShare:  # fmt: skip
    value, margin, alpha, level = settings
    if not shown:
        return GroupShare(code, label, None, np.nan, None, None, np.nan, None)
    own = share[inside].dropna()
    if len(own) < 2 or not np.ptp(own.to_numpy(dtype=float)):
        return GroupShare(code, label, len(own), float(own.mean()), None, None, np.nan, None)
    found = _estimate(share, inside, own, design)
    interval, equivalence, p, verdict = agreement(
        found.mean, found.error, found.df, value, margin, alpha=alpha, level=level
    )
    return GroupShare(code, label, found.n, found.mean, interval, equivalence, p, verdict)


def _estimate(
    share: pd.Series[float], inside: pd.Series[bool], own: pd.Series[float], design: SamplingDesign | None
) -> _Estimate:
    if design is None:
        return _Estimate(float(own.mean()), float(own.std(ddof=1) / np.sqrt(len(own))), len(own) - 1, len(own))
    found = population_mean(share, design, domain=inside)
    return _Estimate(found.mean, found.error, found.df, found.n)
