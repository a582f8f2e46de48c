"""One coefficient's error when answers within a group go together: CR2 with Satterthwaite's degrees of freedom."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def clustered(columns: Array, direction: Array, groups: NDArray[np.int64]) -> tuple[Array, float]:
    """Scores whose sums over groups, of residuals, squared and added up, are CR2's variance of one coefficient.

    Bell, R. M. & McCaffrey, D. F. (2002). Bias reduction in standard errors for linear regression with multi-stage
    samples. Survey Methodology 28(2), 169–181; with the symmetric square root, and the working model of equal variances,
    of Pustejovsky, J. E. & Tipton, E. (2018). JBES 36(4), 672–683, eq. 9 and 11.

    Parameters
    ----------
    columns : array, shape (n, k)
        The whole design, constant included.
    direction : array, shape (n,)
        Weight of each outcome in the coefficient: focal residuals over their sum of squares.
    groups : array of int, shape (n,)

    Returns
    -------
    scores : array, shape (n,)
    df : float
    """
    Q = np.linalg.qr(columns)[0]
    scores = np.empty(len(direction))
    labels = np.unique(groups)
    own, outside = np.empty(len(labels)), np.empty((len(labels), Q.shape[1]))
    for place, label in enumerate(labels):
        at = np.flatnonzero(groups == label)
        q = Q[at]
        scores[at] = _turned(q, direction[at])
        own[place] = scores[at] @ scores[at]
        outside[place] = q.T @ scores[at]
    # Covariances of the groups' sums when errors are independent and alike: S'(I − H)S.
    products = np.diag(own) - outside @ outside.T
    return scores, float(np.trace(products) ** 2 / (products**2).sum())


def _turned(q: Array, direction: Array) -> Array:
    """(I − qq')^(−1/2) times the direction; a part that the group alone determines stays out."""
    left, singular, _ = np.linalg.svd(q, full_matrices=False)
    rest = 1 - singular**2
    open_ = rest > 1e-10
    gain = np.zeros_like(rest)
    gain[open_] = rest[open_] ** -0.5
    turned: Array = direction + left @ ((gain - 1) * (left.T @ direction))
    return turned
