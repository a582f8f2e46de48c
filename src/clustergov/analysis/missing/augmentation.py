"""A few made-up rows of small weight that keep categorical models finite where answers separate."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def augmented(X: Array, categories: int) -> tuple[Array, NDArray[np.intp], float]:
    """Rows to add, their category, and the weight of each.

    For each predictor and category two rows: the predictor half a standard deviation above and below its mean, all
    others at theirs, so that the additions know of no association; their weights add up to the number of predictors
    plus 1. White, I. R., Daniel, R. & Royston, P. (2010). Avoiding bias due to perfect prediction in multiple imputation
    of incomplete categorical variables. Computational Statistics & Data Analysis 54(10), 2267–2275, §3.

    Parameters
    ----------
    X : array, shape (m, n, p)
        Predictors without the constant.
    categories : int
        J.

    Returns
    -------
    rows : array, shape (m, 2 p J, p)
        Within the range of the predictors.
    places : array of int, shape (2 p J,)
    weight : float
    """
    p = X.shape[2]
    signs = np.tile([0.5, -0.5], categories)
    # Block v of 2J rows moves predictor v alone.
    shift = (np.eye(p)[:, None, :] * signs[None, :, None]).reshape(2 * p * categories, p)
    mean, spread = X.mean(axis=1, keepdims=True), X.std(axis=1, ddof=1, keepdims=True)
    low, high = X.min(axis=1, keepdims=True), X.max(axis=1, keepdims=True)
    rows = np.clip(mean + shift * spread, low, high)
    places = np.tile(np.repeat(np.arange(categories), 2), p)
    return rows, places, (p + 1) / len(places) if len(places) else 0.0
