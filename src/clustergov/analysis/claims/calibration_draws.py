"""Many samples at once: the estimators of claims on counts, an axis of draws in front; equal to those on one sample."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri, stdtrit

from clustergov.analysis.models.weighted_cumulative import WeightedCumulative

Array = NDArray[np.float64]
Counts = NDArray[np.int64]
Ends = Callable[[float], tuple[Array, Array]]


@dataclass(frozen=True, slots=True, eq=False)
class Draws:
    """One estimate per draw.

    Attributes
    ----------
    value : array, shape (draws,)
        As `Estimate.value`; NaN where there is none.
    ends : function
        Level → lower and upper ends, (draws,) each.
    """

    value: Array
    ends: Ends


def taus(counts: Counts) -> Draws:
    """Kendall's tau-b with its interval on Fisher's scale, of tables (draws, rows, columns)."""
    table = counts.astype(float)
    n = table.sum(axis=(1, 2))
    rows, columns = table.sum(axis=2), table.sum(axis=1)
    w_r, w_c = n**2 - (rows**2).sum(axis=1), n**2 - (columns**2).sum(axis=1)
    w = np.sqrt(w_r * w_c)
    w[w == 0] = np.nan
    d = _surplus(table)
    tau = (table * d).sum(axis=(1, 2)) / w
    v = rows[:, :, None] * w_c[:, None, None] + columns[:, None, :] * w_r[:, None, None]
    spread = (2 * d / w[:, None, None] + tau[:, None, None] * v / w[:, None, None] ** 2) ** 2
    variance = (table * spread).sum(axis=(1, 2)) - n**3 * tau**2 * ((w_r + w_c) / w**2) ** 2
    error = np.sqrt(np.maximum(variance, 0.0)) / (1 - tau**2)
    middle = np.arctanh(tau)

    def ends(level: float) -> tuple[Array, Array]:
        reach = stdtrit(n - 2, 0.5 + level / 2) * error
        return np.tanh(middle - reach), np.tanh(middle + reach)

    return Draws(tau, ends)


def _surplus(table: Array) -> Array:
    """Per cell, observations in concordant cells less those in discordant cells."""
    below = np.pad(table.cumsum(axis=1).cumsum(axis=2), ((0, 0), (1, 0), (1, 0)))
    lower_left = below[:, :-1, :-1]
    lower_right = below[:, :-1, -1:] - below[:, :-1, 1:]
    upper_left = below[:, -1:, :-1] - below[:, 1:, :-1]
    upper_right = below[:, -1:, -1:] - below[:, -1:, 1:] + below[:, 1:, 1:] - below[:, 1:, -1:]
    difference: Array = lower_left + upper_right - lower_right - upper_left
    return difference


def shares(yes: Counts, n: int) -> Draws:
    """Shares with Wilson's interval."""
    share = yes / n

    def ends(level: float) -> tuple[Array, Array]:
        z = float(ndtri(0.5 + level / 2))
        middle = (share + z**2 / (2 * n)) / (1 + z**2 / n)
        reach = z * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2)) / (1 + z**2 / n)
        return np.maximum(middle - reach, 0.0), np.minimum(middle + reach, 1.0)

    return Draws(share, ends)


def means(counts: Counts, values: Array) -> Draws:
    """Means of shares with the t interval, from how many gave each value; NaN where they do not vary."""
    n = counts.sum(axis=1)
    mean = counts @ values / n
    squares = (counts * (values - mean[:, None]) ** 2).sum(axis=1)
    error = np.sqrt(squares / (n - 1) / n)
    mean = np.where(error > 0, mean, np.nan)

    def ends(level: float) -> tuple[Array, Array]:
        reach = stdtrit(n - 1, 0.5 + level / 2) * error
        return np.maximum(mean - reach, 0.0), np.minimum(mean + reach, 1.0)

    return Draws(mean, ends)


def dominances(higher: Counts, lower: Counts, n: int) -> Draws:
    """Differences of matched proportions with Agresti and Min's interval."""
    b, c, size = higher + 0.5, lower + 0.5, n + 2

    def ends(level: float) -> tuple[Array, Array]:
        reach = float(ndtri(0.5 + level / 2)) * np.sqrt(b + c - (b - c) ** 2 / size) / size
        return np.maximum((b - c) / size - reach, -1.0), np.minimum((b - c) / size + reach, 1.0)

    return Draws((higher - lower) / n, ends)


def log_odds(counts: Counts) -> Draws:
    """Log odds ratios of a higher category between two groups (cumulative logit), of tables (draws, 2, categories).

    NaN where one category or group is left, or the groups are separated, as the model then refuses.
    """
    value, error = np.full(len(counts), np.nan), np.full(len(counts), np.nan)
    given = counts.sum(axis=1) > 0
    for pattern in np.unique(given, axis=0):
        chosen = np.flatnonzero((given == pattern).all(axis=1))
        if pattern.sum() > 1:
            value[chosen], error[chosen] = _cumulative(counts[chosen][:, :, pattern])
    return _normal(value, error)


def _cumulative(counts: Counts) -> tuple[Array, Array]:
    draws, _, J = counts.shape
    X = np.tile([0.0, 1.0], J)[:, None]
    model = WeightedCumulative.of(X, np.full(J, 2), "logit")
    weights = counts.transpose(0, 2, 1).reshape(draws, 2 * J).astype(float)
    totals = weights.sum(axis=0).reshape(J, 2).sum(axis=1)
    below = np.cumsum(totals)[:-1] / totals.sum()
    phi, settled = model.maximise(np.append(np.log(below / (1 - below)), 0.0), weights)
    value, error = np.full(draws, np.nan), np.full(draws, np.nan)
    kept = np.flatnonzero(settled & (counts.sum(axis=2) > 0).all(axis=1) & (np.abs(phi[:, -1]) < 15))
    _, information = model.slopes(phi[kept], weights[kept])
    value[kept] = phi[kept, -1]
    error[kept] = np.sqrt(np.linalg.inv(information)[:, -1, -1])
    return value, error


def _normal(value: Array, error: Array) -> Draws:
    def ends(level: float) -> tuple[Array, Array]:
        reach = float(ndtri(0.5 + level / 2)) * error
        return value - reach, value + reach

    return Draws(np.where(np.isfinite(error), value, np.nan), ends)
