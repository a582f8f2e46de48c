"""Predictive mean matching: each missing value is that of an observed row whose prediction lies near."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from clustergov.analysis.missing.linear_draw import LinearPosterior

Array = NDArray[np.float64]
Places = NDArray[np.intp]

DONORS = 5


def match(X: Array, y: Array, wanted: Array, rng: np.random.Generator, *, donors: int = DONORS) -> Places:
    """For each wanted row the place of its donor among the observed ones, in each chain.

    Type 1 matching: predictions of the observed rows come from the least-squares coefficients, those of the missing ones
    from the drawn ones (Rubin, D. B. (1986). Statistical matching using file concatenation with adjusted weights and
    multiple imputations. Journal of Business & Economic Statistics 4(1), 87–94; van Buuren, S. (2018). Flexible
    Imputation of Missing Data, 2nd ed., §3.4, whose five donors these are).

    Parameters
    ----------
    X : array, shape (m, n, q)
    y : array, shape (n,)
    wanted : array, shape (m, w, q)

    Returns
    -------
    array of int, shape (m, w)
    """
    posterior = LinearPosterior.of(X, y)
    beta, _ = posterior.draw(rng)
    targets = (wanted @ beta[:, :, None])[:, :, 0]
    near = nearest(posterior.fitted, targets, rng.random(posterior.fitted.shape), donors)
    pick = rng.integers(near.shape[2], size=targets.shape)
    return np.take_along_axis(near, pick[:, :, None], axis=2)[:, :, 0]


def nearest(predictions: Array, targets: Array, ties: Array, donors: int = DONORS) -> Places:
    """The `donors` observed rows whose prediction is nearest to each target; all of them where there are fewer.

    Parameters
    ----------
    predictions : array, shape (m, n)
    targets : array, shape (m, w)
    ties : array, shape (m, n)
        Random numbers: of equal predictions, those with the smaller number come first.

    Returns
    -------
    array of int, shape (m, w, donors)
    """
    m, n = predictions.shape
    k = min(donors, n)
    shuffled = np.argsort(ties, axis=1)
    values = np.take_along_axis(predictions, shuffled, axis=1)
    by_value = np.argsort(values, axis=1, kind="stable")
    rows = np.take_along_axis(shuffled, by_value, axis=1)
    values = np.take_along_axis(values, by_value, axis=1)
    at = np.stack([np.searchsorted(own, wanted) for own, wanted in zip(values, targets, strict=True)])
    # The k nearest lie among the k on either side of where the target would stand.
    width = min(2 * k, n)
    window = np.clip(at - k, 0, n - width)[:, :, None] + np.arange(width)
    chain = np.arange(m)[:, None, None]
    away = np.abs(values[chain, window] - targets[:, :, None])
    kept = np.argsort(away, axis=2, kind="stable")[:, :, :k]
    return np.asarray(rows[chain, np.take_along_axis(window, kept, axis=2)], dtype=np.intp)
