"""Means and shares of a finite population from those of it who answered: weights, strata, and the part that answered."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtri, stdtrit

from clustergov.analysis.interval import Interval
from clustergov.survey.frame.design import SamplingDesign

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class PopulationMean:
    """An estimate of the mean over all N members of a population, or of a domain in it.

    Attributes
    ----------
    mean : float
        Weighted mean, Σ w y / Σ w over the domain.
    variance : float
        Of the estimate, by Taylor linearisation with finite population correction; 0 when everybody answered.
    df : int
        Degrees of freedom of t: usable respondents in the domain less their strata.
    n : int
        Usable respondents in the domain.
    fraction : float
        Part of the population that is usable, f; over strata, of their sum.
    design_effect : float
        Variance as a multiple of that of as many drawn at random without weights and strata; Kish's 1 + CV² where the
        values do not vary. NaN for fewer than two.
    """

    mean: float
    variance: float
    df: int
    n: int
    fraction: float
    design_effect: float

    @property
    def error(self) -> float:
        return float(np.sqrt(self.variance))

    def interval(self, level: float = 0.95) -> Interval:
        """Student's t on the linearised error. Of a census: one point."""
        reach = float(stdtrit(self.df, 0.5 + level / 2)) * self.error if self.variance else 0.0
        return Interval(self.mean - reach, self.mean + reach, level)

    @property
    def effective_n(self) -> float:
        """Number of draws from an endless population that would tell as much; infinite when everybody answered.

        n / design effect, divided by (N − n) / (N − 1): with equal weights a share then has the variance
        P (1 − P) (N − n) / (n (N − 1)) that it has under simple random sampling without replacement (Cochran, W. G.
        (1977). Sampling Techniques, 3rd ed., §3.2).
        """
        if self.fraction >= 1:
            return float("inf")
        size = self.n / self.fraction
        return self.n / self.design_effect * (size - 1) / (size - self.n)


def population_mean(
    values: pd.Series[float], design: SamplingDesign, *, domain: pd.Series[bool] | None = None
) -> PopulationMean:
    """Estimate the mean of the population from the respondents whose value is not missing.

    The same as ``svymean`` on ``svydesign(ids = ~1, strata = , weights = , fpc = N)`` of the usable respondents (and of
    ``subset`` of it with a domain) in R's survey package: with z = w (y − mean) / Σ w, which is 0 outside the domain, the
    variance is the sum over strata of (1 − n/N) n/(n − 1) Σ (z − mean of z)² (Särndal, C.-E., Swensson, B. & Wretman, J.
    (1992). Model Assisted Survey Sampling, §5.7; Lumley, T. (2010). Complex Surveys, §2.2 and appendix A). A blank counts
    as not having been reached: n is the number of values, so that a census with blanks is no census. Weights are taken
    as given; that raking fixed some totals, which would make intervals somewhat narrower, is not used.

    Parameters
    ----------
    values : Series of float
        By respondent's id; missing values are left out.
    domain : Series of bool, optional
        By the same ids: the part of the population that is asked about, such as an age class, whose size is not known.

    Raises
    ------
    ValueError
        There is no usable value.
    """
    usable = values.notna().to_numpy()
    index, y = values.index[usable], np.asarray(values, dtype=np.float64)[usable]
    weights, strata, sizes = design.of(index)
    inside = np.ones(len(y), dtype=bool) if domain is None else domain.to_numpy(dtype=bool)[usable]
    n = int(inside.sum())
    if not n:
        raise ValueError("there is no value")
    total = float(weights[inside].sum())
    mean = float(weights[inside] @ y[inside] / total)
    z = np.where(inside, weights * (y - mean) / total, 0.0)
    variance, df = _variance(z, strata, sizes), max(n - len(np.unique(strata[inside])), 1)
    fraction = len(y) / float(design.population)
    return PopulationMean(
        mean, variance, df, n, fraction, _design_effect(y[inside], weights[inside], mean, variance, fraction)
    )


def _variance(z: Array, strata: NDArray[np.intp], sizes: Array) -> float:
    variance = 0.0
    for stratum in np.unique(strata):
        own, size = z[strata == stratum], float(sizes[strata == stratum][0])
        n = len(own)
        if n > 1:
            variance += (1 - n / size) * n / (n - 1) * float(((own - own.mean()) ** 2).sum())
        elif size > 1:
            # One value of several members: as in R's lonely.psu = "adjust", around 0, the mean of z over all strata.
            variance += (1 - n / size) * float((own**2).sum())
    return max(variance, 0.0)


def _design_effect(y: Array, weights: Array, mean: float, variance: float, fraction: float) -> float:
    n = len(y)
    if n < 2:
        return float("nan")
    spread = float(weights @ (y - mean) ** 2 / weights.sum())
    plain = (1 - fraction) * spread / (n - 1)
    return variance / plain if plain > 0 and variance > 0 else float(n * (weights**2).sum() / weights.sum() ** 2)


def share_interval(found: PopulationMean, *, level: float = 0.95) -> Interval:
    """Wilson's interval of a share with the effective n in place of n; one point when everybody answered.

    With equal weights it inverts the score test whose variance is that of sampling without replacement, exactly.
    With weights: Korn, E. L. & Graubard, B. I. (1998). Confidence intervals for proportions with small expected number of
    positive counts estimated from survey data. Survey Methodology 24(2), 193–201, for the effective n; Franco, C.,
    Little, R. J. A., Louis, T. A. & Slud, E. V. (2019). Comparative study of confidence intervals for proportions in
    complex sample surveys. Journal of Survey Statistics and Methodology 7(3), 334–364, for Wilson's form with it.
    """
    p, n = found.mean, found.effective_n
    if not np.isfinite(n):
        return Interval(p, p, level) if found.fraction >= 1 else Interval(0.0, 1.0, level)
    z2 = float(ndtri(0.5 + level / 2)) ** 2
    centre = (p + z2 / (2 * n)) / (1 + z2 / n)
    reach = float(np.sqrt(z2 * (p * (1 - p) / n + z2 / (4 * n**2)))) / (1 + z2 / n)
    return Interval(max(centre - reach, 0.0), min(centre + reach, 1.0), level)
