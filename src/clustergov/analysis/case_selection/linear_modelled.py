"""Organisations under a linear model: studentised residuals, leverage, Cook's distance, DFBETAS, two kinds of interval.

Belsley, D. A., Kuh, E. & Welsch, R. E. (1980). Regression Diagnostics. Wiley, chapter 2; Cook, R. D. (1977). Detection of
influential observation in linear regression. Technometrics 19(1), 15–18. As R's rstudent, hatvalues, cooks.distance,
dfbetas and predict.lm.
"""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import stdtrit

from clustergov.analysis.case_selection.modelled import Modelled, Prediction
from clustergov.analysis.models.design import FitError, design

Array = NDArray[np.float64]


def linear_modelled(outcome: pd.Series[float], predictors: pd.DataFrame, level: float = 0.95) -> Modelled:
    """Fit by least squares on the complete rows and look at each of them.

    Intervals take the errors to have one variance: without that, there is no prediction interval for one organisation.

    Raises
    ------
    FitError
        See `design`; also when a row is followed exactly, or the predictors give the outcome exactly.
    """
    whole = outcome.notna() & predictors.notna().all(axis=1)
    data = design(outcome[whole], predictors[whole])
    n, p = data.n, len(data.terms) + 1
    if n < p + 2:
        raise FitError("too few", n=n, parameters=p, needed=p + 2)
    centre, spread = data.matrix.mean(axis=0), data.matrix.std(axis=0)
    X = np.column_stack([np.ones(n), (data.matrix - centre) / spread])
    inverse = np.linalg.inv(X.T @ X)
    leverage = np.einsum("ij,jk,ik->i", X, inverse, X)
    if followed := int((leverage > 1 - 1e-10).sum()):
        raise FitError("leverage", rows=followed)
    beta = inverse @ (X.T @ data.outcome)
    predicted = X @ beta
    residual = data.outcome - predicted
    variance = float(residual @ residual) / (n - p)
    if variance <= 1e-20 * float(np.var(data.outcome)):
        raise FitError("nothing left", term=str(outcome.name))
    left_out = _variance_without(residual, leverage, variance, n - p)
    # Coefficients less what they are without each organisation, in their standard errors.
    shift = (X @ inverse) * (residual / (1 - leverage))[:, None]
    dfbetas = shift / np.sqrt(left_out[:, None] * np.diag(inverse))
    predict = partial(_predict, centre, spread, inverse, beta, variance, n - p, level)
    reach = float(stdtrit(n - p, 0.5 + level / 2)) * np.sqrt(variance)
    of_mean, of_one = reach * np.sqrt(leverage), reach * np.sqrt(1 + leverage)
    return Modelled(
        "linear", str(outcome.name), data.terms, tuple(map(str, outcome.index[whole])), data.matrix, data.outcome, predicted,
        predicted - of_one, predicted + of_one, predicted - of_mean, predicted + of_mean,
        residual, residual / np.sqrt(left_out * (1 - leverage)), leverage,
        residual**2 * leverage / (p * variance * (1 - leverage) ** 2), dfbetas[:, 1:], level, (), predict,
    )  # fmt: skip


def _variance_without(residual: Array, leverage: Array, variance: float, df: int) -> Array:
    """The residual variance without each row, (n,)."""
    found: Array = (variance * df - residual**2 / (1 - leverage)) / (df - 1)
    return np.maximum(found, np.finfo(float).tiny)


def _predict(
    centre: Array, spread: Array, inverse: Array, beta: Array, variance: float, df: int, level: float, values: Array
) -> Prediction:
    x = np.concatenate([[1.0], (np.asarray(values, dtype=float) - centre) / spread])
    at, h = float(x @ beta), float(x @ inverse @ x)
    reach = float(stdtrit(df, 0.5 + level / 2)) * float(np.sqrt(variance))
    of_mean, of_one = reach * np.sqrt(h), reach * np.sqrt(1 + h)
    return Prediction(at, at - of_one, at + of_one, at - of_mean, at + of_mean, np.empty((0, 3)))
