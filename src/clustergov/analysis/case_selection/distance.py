"""How unlike two organisations are on their drivers: Mahalanobis's or Gower's distance."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Distance = Literal["mahalanobis", "gower"]


def distances(predictors: Array, kind: Distance) -> Array:
    """Distances between every two rows, shape (n, n).

    mahalanobis: with the covariance of the rows, so that correlated drivers do not count twice. gower: the mean over
    drivers of the difference as a share of the driver's range (Gower, J. C. (1971). A general coefficient of similarity
    and some of its properties. Biometrics 27(4), 857–871; for numbers).
    """
    X = np.asarray(predictors, dtype=float)
    if kind == "gower":
        found: Array = np.abs((X[:, None] - X[None]) / np.ptp(X, axis=0)).mean(axis=2)
        return found
    centred = (X - X.mean(axis=0)) / X.std(axis=0, ddof=1)
    white = centred @ np.linalg.inv(np.linalg.cholesky(np.cov(centred, rowvar=False).reshape(2 * (X.shape[1],)))).T
    gap = white[:, None] - white[None]
    apart: Array = np.sqrt((gap**2).sum(axis=2))
    return apart
