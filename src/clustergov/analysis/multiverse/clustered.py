"""One coefficient's error when answers within a group go together: CR2 with Satterthwaite's degrees of freedom."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def clustered(columns: Array, direction: Array, groups: NDArray[np.int64]) -> tuple[Array, Array]:
    """Scores whose sums over groups, of residuals, squared and added up, are CR2's variance of one coefficient.

    Bell, R. M. & McCaffrey, D. F. (2002). Bias reduction in standard errors for linear regression with multi-stage
    samples. Survey Methodology 28(2), 169–181; with the symmetric square root, and the working model of equal variances,
    of Pustejovsky, J. E. & Tipton, E. (2018). JBES 36(4), 672–683, eq. 9 and 11.

    Parameters
    ----------
    columns : array, shape (m, n, k)
        The whole design of each of m specifications, constant included.
    direction : array, shape (m, n)
        Weight of each outcome in the coefficient: focal residuals over their sum of squares.
    groups : array of int, shape (n,)

    Returns
    -------
    scores : array, shape (m, n)
    df : array, shape (m,)
    """
    Q = np.linalg.qr(columns)[0]
    scores = np.empty_like(direction)
    labels = np.unique(groups)
    own, outside = np.empty((len(Q), len(labels))), np.empty((len(Q), len(labels), Q.shape[2]))
    for place, label in enumerate(labels):
        at = np.flatnonzero(groups == label)
        q = Q[:, at]
        turned = _turned(q, direction[:, at])
        scores[:, at] = turned
        own[:, place] = (turned**2).sum(axis=1)
        outside[:, place] = (q.transpose(0, 2, 1) @ turned[:, :, None])[:, :, 0]
    # Covariances of the groups' sums when errors are independent and alike: S'(I − H)S.
    products = -outside @ outside.transpose(0, 2, 1)
    trace = np.trace(products, axis1=1, axis2=2) + own.sum(axis=1)
    diagonal = np.arange(len(labels))
    products[:, diagonal, diagonal] += own
    df: Array = trace**2 / (products**2).sum(axis=(1, 2))
    return scores, df


def _turned(q: Array, direction: Array) -> Array:
    """(I − qq')^(−1/2) times the direction, (m, rows); a part that the group alone determines stays out.

    With q'q = VΛV' it is d + qV((1 − Λ)^(−1/2) − 1)Λ^(−1)V'q'd: only a k × k problem, however large the group is.
    """
    size, vectors = np.linalg.eigh(q.transpose(0, 2, 1) @ q)
    rest = 1 - size
    with np.errstate(divide="ignore", invalid="ignore"):
        gain = np.where(rest > 1e-10, rest**-0.5, 0.0) - 1
        gain = np.where(size > 1e-8, gain / size, 0.5)  # its limit where the direction does not lie in the group
    inner = vectors.transpose(0, 2, 1) @ (q.transpose(0, 2, 1) @ direction[:, :, None])
    turned: Array = direction + (q @ (vectors @ (gain[:, :, None] * inner)))[:, :, 0]
    return turned
