"""Shares: of respondents who answer yes (Wilson's interval), and the mean of a share that each respondent has (t)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy import stats
from scipy.special import ndtr

from clustergov.analysis.interval import Interval
from clustergov.analysis.sampling.finite_population import PopulationMean, population_mean, share_interval
from clustergov.language import say
from clustergov.survey.frame.design import SamplingDesign


@dataclass(frozen=True, slots=True)
class Share:
    """A proportion, or the mean of proportions, in one sample.

    Attributes
    ----------
    share : float
        In [0, 1].
    interval : Interval
        Of a proportion: Wilson, E. B. (1927). Probable inference, the law of succession, and statistical inference.
        Journal of the American Statistical Association 22, 209–212; not symmetric, inside [0, 1]. Of a mean: Student's
        t, cut at 0 and 1.
    p : float
        Two-sided, against `against` (score test of a proportion, t test of a mean); NaN when nothing is tested.
    against : float or None
        The share under the null hypothesis.
    n, lost : int
        Values used; missing values left out.

    With a design, share, interval and p are those of `finite_population`.
    """

    share: float
    interval: Interval
    p: float
    against: float | None
    n: int
    lost: int

    def frame(self) -> pd.DataFrame:
        """One row: share, low, high, level, against, p, n, lost."""
        return pd.DataFrame(
            {
                "share": [self.share], "low": [self.interval.low], "high": [self.interval.high],
                "level": [self.interval.level], "against": [np.nan if self.against is None else self.against],
                "p": [self.p], "n": [self.n], "lost": [self.lost],
            }
        )  # fmt: skip

    def sentence(self, language: str) -> str:
        return say("claims.share", language, share=self.share, low=self.interval.low, high=self.interval.high,
                   level=self.interval.level, n=self.n)  # fmt: skip


def proportion(yes: ArrayLike, *, level: float = 0.95, against: float | None = None) -> Share:
    """Share of ones among zeros and ones; missing values are left out and counted.

    Raises
    ------
    ValueError
        There is no value, or one that is neither 0 nor 1.
    """
    given = np.asarray(yes, dtype=float)
    used = given[~np.isnan(given)]
    if not len(used) or not np.isin(used, (0.0, 1.0)).all():
        raise ValueError("a proportion needs zeros and ones")
    n, share = len(used), float(used.mean())
    p = float("nan")
    if against is not None and 0 < against < 1:
        p = float(2 * ndtr(-abs(share - against) / np.sqrt(against * (1 - against) / n)))
    return Share(share, wilson(int(used.sum()), n, level=level), p, against, n, len(given) - n)


def population_proportion(
    yes: pd.Series[float], design: SamplingDesign, *, level: float = 0.95, against: float | None = None,
    domain: pd.Series[bool] | None = None,
) -> Share:  # fmt: skip
    """Share of ones in the finite population that the respondents are part of, or in a domain of it.

    Raises
    ------
    ValueError
        There is no value, or one that is neither 0 nor 1.
    """
    used = (yes if domain is None else yes[domain]).dropna()
    if not len(used) or not used.isin((0.0, 1.0)).all():
        raise ValueError("a proportion needs zeros and ones")
    found = population_mean(yes, design, domain=domain)
    p = float("nan")
    if against is not None and 0 < against < 1:
        p = _p(found, against, np.sqrt(against * (1 - against) / found.effective_n))
    return Share(found.mean, share_interval(found, level=level), p, against, found.n, len(yes) - found.n)


def _p(found: PopulationMean, against: float, error: float, df: float = np.inf) -> float:
    """Two-sided; of a census, where there is no error, 0 or 1: the share is known."""
    if not error:
        return float(found.mean == against)
    return float(2 * stats.t.sf(abs(found.mean - against) / error, df))


def wilson(successes: int, n: int, *, level: float = 0.95) -> Interval:
    """Wilson's score interval of a proportion."""
    from statsmodels.stats.proportion import proportion_confint

    low, high = proportion_confint(successes, n, alpha=1 - level, method="wilson")
    return Interval(max(float(low), 0.0), min(float(high), 1.0), level)


def mean_share(values: ArrayLike, *, level: float = 0.95, against: float | None = None) -> Share:
    """Mean of shares in [0, 1], each respondent counting once; missing values are left out and counted.

    Raises
    ------
    ValueError
        There are fewer than two values, they do not vary, or one lies outside [0, 1].
    """
    given = np.asarray(values, dtype=float)
    used = given[~np.isnan(given)]
    if len(used) < 2 or not used.std():
        raise ValueError("a mean share needs at least two values that differ")
    if used.min() < 0 or used.max() > 1:
        raise ValueError("shares lie between 0 and 1")
    n, mean = len(used), float(used.mean())
    error = float(used.std(ddof=1) / np.sqrt(n))
    reach = float(stats.t.ppf(0.5 + level / 2, n - 1)) * error
    p = float("nan") if against is None else float(2 * stats.t.sf(abs(mean - against) / error, n - 1))
    return Share(mean, Interval(max(mean - reach, 0.0), min(mean + reach, 1.0), level), p, against, n, len(given) - n)


def population_mean_share(
    values: pd.Series[float], design: SamplingDesign, *, level: float = 0.95, against: float | None = None,
    domain: pd.Series[bool] | None = None,
) -> Share:  # fmt: skip
    """Mean of shares in the finite population that the respondents are part of, or in a domain of it, each member once.

    Raises
    ------
    ValueError
        There are fewer than two values, they do not vary, or one lies outside [0, 1].
    """
    used = (values if domain is None else values[domain]).dropna()
    if len(used) < 2 or not np.ptp(used.to_numpy()):
        raise ValueError("a mean share needs at least two values that differ")
    if used.min() < 0 or used.max() > 1:
        raise ValueError("shares lie between 0 and 1")
    found = population_mean(values, design, domain=domain)
    interval = found.interval(level)
    p = float("nan") if against is None else _p(found, against, found.error, found.df)
    return Share(found.mean, Interval(max(interval.low, 0.0), min(interval.high, 1.0), level), p, against, found.n,
                 len(values) - found.n)  # fmt: skip
