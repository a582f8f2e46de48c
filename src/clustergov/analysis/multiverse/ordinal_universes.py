"""Universes with an ordered outcome: each fitted by the cumulative logit, in a curve of its own (log odds)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from clustergov.analysis.models.design import FitError
from clustergov.analysis.models.ordinal import cumulative_logit
from clustergov.analysis.multiverse.fitting import Fitted
from clustergov.analysis.multiverse.pooled import pooled
from clustergov.analysis.multiverse.sampling import LEAST, Sampled
from clustergov.analysis.multiverse.source import Source
from clustergov.analysis.multiverse.universes import Universes
from clustergov.spread import Spread, spread

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Ordered:
    """One fit: the outcome, and the predictors with the focal one first."""

    outcome: Array
    predictors: Array


def with_ordinal(fits: Fitted, universes: Universes, sample: Sampled, sources: Sequence[Source], how: Spread) -> Fitted:
    """Fit the universes that are not linear and put them beside the others.

    Parameters
    ----------
    sources : sequence of Source
        The answers, then the completed tables.
    """
    chosen = np.flatnonzero(~universes.linear)
    if not len(chosen):
        return fits
    tables = [universes.values(source) for source in sources]
    tasks, where = [], []
    for universe in chosen:
        rows = np.flatnonzero(sample.masks[sample.which[universe]])
        columns = [universes.focal[universe], *np.flatnonzero(universes.covariates[universe])]
        own = tables[1:] if sample.copies[universe] > 1 else tables[:1]
        for copy, table in enumerate(own):
            tasks.append(Ordered(table[rows, universes.outcome[universe]], table[np.ix_(rows, columns)]))
            where.append((universe, copy))
    shape = (len(sample.n), int(sample.copies.max()))
    estimate, error, refusal = np.full(shape, np.nan), np.full(shape, np.nan), fits.refusal.copy()
    for (universe, copy), found in zip(where, spread(ordered_fit, tasks, how), strict=True):
        estimate[universe, copy], error[universe, copy], reason = found
        refusal[universe] = reason or refusal[universe]
    value, deviation, df = pooled(estimate, error, np.full(shape, 1e12), sample.copies)
    linear = universes.linear
    return replace(
        fits, estimate=np.where(linear, fits.estimate, value), error=np.where(linear, fits.error, deviation),
        df=np.where(linear, fits.df, np.where(np.isfinite(value), df, np.nan)), refusal=refusal,
    )  # fmt: skip


def ordered_fit(task: Ordered) -> tuple[float, float, str]:
    """Log odds per unit of the focal predictor, their error, and why there is neither ("" where there is)."""
    if len(task.outcome) < LEAST:
        return np.nan, np.nan, "too few"
    predictors = pd.DataFrame(task.predictors, columns=[f"x{place}" for place in range(task.predictors.shape[1])])
    try:
        fit = cumulative_logit(pd.Series(task.outcome, name="y"), predictors)
    except FitError as error:
        return np.nan, np.nan, error.failure
    return float(fit.estimates[0]), float(fit.standard_errors[0]), ""
