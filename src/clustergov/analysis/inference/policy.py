"""One function for inference on any linear fit: it looks at the design, chooses the method that keeps its level, says why."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import stdtr, stdtrit

from clustergov.analysis.inference.cluster_robust import cluster_robust
from clustergov.analysis.inference.heteroskedasticity import heteroskedastic
from clustergov.analysis.inference.inference import Inference
from clustergov.analysis.inference.regressors import Array, coded, regressors
from clustergov.analysis.inference.sandwich import moments
from clustergov.analysis.models.design import design
from clustergov.language import Text, both

SEED = 20260101


def infer(
    y: Array, X: Array, terms: Sequence[str], groups: NDArray[np.generic] | None = None, *,
    weights: Array | None = None, level: float = 0.95, seed: int = SEED, outcome: str = "y", unit: Text | str = "",
) -> Inference:  # fmt: skip
    """Least squares of y on X and a constant, and inference for every term by the method that this design allows.

    Parameters
    ----------
    y : array, shape (n,)
        NaN is a missing value; rows with one are left out and counted.
    X : array, shape (n, k)
        Predictors without a constant.
    groups : array, shape (n,), or None
        Labels of the groups whose rows may go together (country, programme); None: rows are independent. A missing
        label (None, NaN) loses the row, which is counted.
    weights : array, shape (n,), or None
        Positive; those of weighted least squares.

    Raises
    ------
    FitError
        The coefficients themselves do not exist: too few rows, no variance, collinear, infinite.
    """
    frame = pd.DataFrame(X, columns=list(terms), dtype=float)
    label = np.zeros(len(frame), bool) if groups is None else pd.isna(np.asarray(groups, dtype=object))
    whole = ~label
    data = design(pd.Series(y, name=outcome, dtype=float)[whole], frame[whole])
    used = whole & ~(np.isnan(np.asarray(y, float)) | frame.isna().any(axis=1).to_numpy())
    prepared = regressors(np.column_stack([data.matrix, np.ones(data.n)]), None if weights is None else weights[used])
    codes, count = (None, 0) if groups is None else coded(np.asarray(groups)[used])
    kind = "HC2" if codes is None else "CR2"
    robust = heteroskedastic(prepared, "HC2") if codes is None else cluster_robust(prepared, codes, count, "CR2")
    k = len(data.terms)
    estimates = prepared.coefficients(data.outcome)
    errors = np.sqrt(robust.variances(prepared.residuals(data.outcome)[:, None])[:k, 0])
    df = np.array([found.df for found in moments(robust)])[:k]
    reach = stdtrit(df, 0.5 + level / 2) * errors
    return Inference(
        outcome, unit, data.terms, estimates[:k], errors, df, 2 * stdtr(df, -np.abs(estimates[:k] / errors)),
        estimates[:k] - reach, estimates[:k] + reach, (kind,) * k, (both(f"inference.reason.{kind}"),) * k,
        float(estimates[k]), data.n, len(frame) - data.n, int(label.sum()), count, level, seed,
    )  # fmt: skip
