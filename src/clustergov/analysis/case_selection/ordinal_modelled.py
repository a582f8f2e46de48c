"""Organisations under a cumulative link model: probability-scale residuals, and influence by leaving each one out.

Li, C. & Shepherd, B. E. (2012). A new residual for ordinal outcomes. Biometrika 99(2), 473–480.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit, logit, ndtri

from clustergov.analysis.case_selection.modelled import Modelled, Prediction
from clustergov.analysis.models.design import FitError
from clustergov.analysis.models.ordered_rows import OrderedRows
from clustergov.analysis.models.ordinal import OrdinalFit, cumulative_logit
from clustergov.analysis.models.response_surface import surface
from clustergov.analysis.models.weighted_cumulative import WeightedCumulative

Array = NDArray[np.float64]

AT_ONCE = 256
"""Organisations left out in one batch of fits."""


def ordinal_modelled(outcome: pd.Series[float], predictors: pd.DataFrame, level: float = 0.95) -> Modelled:
    """Fit the cumulative logit on the complete rows and look at each of them.

    Raises
    ------
    FitError
        See `cumulative_logit`.
    """
    whole = outcome.notna() & predictors.notna().all(axis=1)
    own, table = outcome[whole], predictors[whole]
    fit = cumulative_logit(own, table)
    rows = OrderedRows.of(own, table)
    predict = _Predictor(fit, level)
    categories = np.array(fit.categories)
    probabilities = surface(fit).probabilities(table)[0].T
    residual = probability_scale_residual(probabilities, rows.place)
    median, low, high = (categories[_quantile(probabilities, q)] for q in (0.5, 0.5 - level / 2, 0.5 + level / 2))
    shift = _shift(rows, fit)
    k = len(fit.terms)
    precision = np.linalg.inv(fit.covariance[:k, :k])
    unknown = np.full(rows.n, np.nan)
    return Modelled(
        "ordinal", fit.outcome, fit.terms, tuple(map(str, own.index)), rows.matrix, np.asarray(own, dtype=float), median,
        low, high, unknown, unknown, residual, residual, unknown,
        np.einsum("ij,jk,ik->i", shift, precision, shift) / k, shift / fit.standard_errors, level, fit.categories, predict,
    )  # fmt: skip


def probability_scale_residual(probabilities: Array, place: NDArray[np.int64]) -> Array:
    """P(Y < y) − P(Y > y) of each row, from probabilities (n, J) and the place of its category; its mean is 0 at the fit."""
    below = np.cumsum(probabilities, axis=1)
    at = np.arange(len(place))
    own: Array = probabilities[at, place]
    under = below[at, place] - own
    found: Array = under - (1 - below[at, place])
    return found


@dataclass(frozen=True, slots=True, eq=False)
class _Predictor:
    """Probabilities of every category at given values, each with its interval on the logit scale (delta method)."""

    fit: OrdinalFit
    level: float

    def __call__(self, values: Array) -> Prediction:
        shape = surface(self.fit)
        row = pd.DataFrame([list(map(float, values))], columns=list(self.fit.terms))
        p, slopes = (found[:, 0] for found in shape.probabilities(row))
        error = np.sqrt(np.einsum("jp,pq,jq->j", slopes, shape.covariance, slopes))
        reach = float(ndtri(0.5 + self.level / 2)) * error / np.maximum(p * (1 - p), 1e-300)
        told = np.column_stack([p, expit(logit(p) - reach), expit(logit(p) + reach)])
        quantiles = (0.5, 0.5 - self.level / 2, 0.5 + self.level / 2)
        median, low, high = (self.fit.categories[int(_quantile(p[None], q)[0])] for q in quantiles)
        return Prediction(median, low, high, np.nan, np.nan, told)


def _quantile(probabilities: Array, share: float) -> NDArray[np.intp]:
    """The place of the first category at which at least `share` of the distribution is reached, (n,)."""
    reached = np.cumsum(probabilities, axis=1) >= share - 1e-12
    reached[:, -1] = True
    found: NDArray[np.intp] = reached.argmax(axis=1)
    return found


def _shift(rows: OrderedRows, fit: OrdinalFit) -> Array:
    """Coefficients less what they are when each organisation is left out, (n, k); NaN where that fit does not exist."""
    order = np.argsort(rows.place, kind="stable")
    many = WeightedCumulative.of(rows.X[order], rows.counts, "logit")
    # On standardised predictors: b = β s, t_j = θ_j − Σ β m.
    start = np.concatenate([fit.thresholds - fit.estimates @ rows.centre, fit.estimates * rows.spread])
    left_out = np.full((rows.n, len(fit.terms)), np.nan)
    for first in range(0, rows.n, AT_ONCE):
        here = np.arange(first, min(first + AT_ONCE, rows.n))
        weights = np.ones((len(here), rows.n))
        weights[np.arange(len(here)), here] = 0
        phi, settled = many.maximise(start, weights)
        phi[~settled] = np.nan
        left_out[order[here]] = phi[:, rows.J - 1 :] / rows.spread
    # The only answer in its category takes the category with it: the thresholds around it are lost, not the slopes alone.
    left_out[rows.counts[rows.place] == 1] = np.nan
    shift: Array = fit.estimates - left_out
    if np.isnan(shift).all():
        raise FitError("not converged", iterations=0)
    return shift
