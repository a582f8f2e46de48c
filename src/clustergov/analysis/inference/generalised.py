"""The policy for generalised linear models: the fit as the weighted least squares that it is at its own estimates.

At the estimates a generalised linear model is least squares of residuals over their standard deviations, e = (y − μ) / √v, on
the predictors times μ' / √v. There the variances by row and by group, their degrees of freedom and the rejections computed
from the design all hold as for a linear model, up to the curvature that the fit leaves out; CR2 and its degrees of freedom
are then those of clubSandwich::vcovCR.glm (Pustejovsky & Tipton 2018, section 2.1). The wild bootstrap is not offered: it
would need its score form (Kline, P. & Santos, A. (2012). Journal of Econometric Methods 1, 23–41).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtr, stdtrit

from clustergov.analysis.inference.choosing import choose_grouped, choose_independent
from clustergov.analysis.inference.inference import Inference
from clustergov.analysis.inference.regressors import Array, coded, regressors
from clustergov.language import Text, both

CURVED_BELOW = 20
"""Groups below which the reader is told that the computation leaves curvature out; own choice."""


def infer_generalised(
    estimates: Array, X: Array, residuals: Array, variances: Array, slopes: Array, terms: Sequence[str],
    groups: NDArray[np.generic] | None = None, *, level: float = 0.95, outcome: str = "y", unit: Text | str = "",
    lost: int = 0,
) -> Inference:  # fmt: skip
    """Inference for the terms of a fitted generalised linear model on complete rows.

    Parameters
    ----------
    estimates : array, shape (k + 1,)
        The terms' coefficients and, last, the constant.
    X : array, shape (n, k)
        Predictors without a constant.
    residuals : array, shape (n,)
        y − μ.
    variances : array, shape (n,)
        v, the outcome's variance at μ up to a factor: μ (1 − μ) for a yes or no, and for a share.
    slopes : array, shape (n,)
        dμ/dη; for a logit equal to v.
    groups : array, shape (n,), or None
        Labels; None: rows are independent.
    """
    deviations = np.sqrt(variances)
    raw = np.column_stack([np.asarray(X, dtype=float), np.ones(len(residuals))])
    design = regressors(raw * (slopes / deviations)[:, None])
    left = (residuals / deviations)[:, None]
    k = len(terms)
    codes, count = (None, 0) if groups is None else coded(np.asarray(groups))
    if codes is None or count == len(left):
        codes, count = None, 0
        choices = [choose_independent(design, j, level) for j in range(k)]
    else:
        choices = [
            choose_grouped(design, j, codes, count, level, raw=raw[:, j], scale=variances, bootstrap=False)
            for j in range(k)
        ]
    tested = np.array([choice.method != "none" for choice in choices])
    errors = np.array([float(np.sqrt(choice.sandwich.variance(j, left)[0])) for j, choice in enumerate(choices)])
    errors = np.where(tested, errors, np.nan)
    df = np.array([choice.df for choice in choices])
    reach = stdtrit(df, 0.5 + level / 2) * errors
    curved = (both("inference.caution.curved", groups=count),) if 0 < count < CURVED_BELOW else ()
    return Inference(
        outcome, unit, tuple(terms), estimates[:k], errors, df, 2 * stdtr(df, -np.abs(estimates[:k] / errors)),
        estimates[:k] - reach, estimates[:k] + reach, tuple(choice.method for choice in choices),
        tuple(choice.reason for choice in choices), float(estimates[k]), len(left), lost, 0, count, level, 0, curved,
    )  # fmt: skip
