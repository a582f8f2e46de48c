"""One factor behind the items of a scale, and each respondent's score on it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from clustergov.analysis.models.design import FitError

Array = NDArray[np.float64]

MOST_STEPS = 5000


def one_factor(values: Array, names: tuple[str, ...]) -> Array:
    """Regression scores on the one common factor of complete items.

    Principal axes are repeated until the communalities stay, which is where least squares of the residual correlations
    (minres) has its minimum; scores by Thurstone's regression. Harman, H. H. (1976). Modern Factor Analysis, 3rd ed.,
    § 8.3 and 16.3.

    Parameters
    ----------
    values : array, shape (n, items)

    Returns
    -------
    array, shape (n,)
        Mean 0; higher where the items are.

    Raises
    ------
    FitError
        An item does not vary, items determine each other, there are fewer than three, or no such factor is found.
    """
    n, k = values.shape
    if n <= k + 1 or k < 3:
        raise FitError("too few", n=n, parameters=k, needed=k + 2)
    spread = values.std(axis=0)
    if flat := tuple(name for name, s in zip(names, spread, strict=True) if s == 0):
        raise FitError("no variance", terms=flat, term=flat[0], n=n)
    standard = (values - values.mean(axis=0)) / spread
    R = standard.T @ standard / n
    if np.linalg.eigvalsh(R)[0] < 1e-10:
        raise FitError("collinear", terms=names, term=names[0], others=", ".join(names[1:]))
    communality = 1 - 1 / np.diag(np.linalg.inv(R))
    for _ in range(MOST_STEPS):
        reduced = R.copy()
        np.fill_diagonal(reduced, communality)
        size, direction = np.linalg.eigh(reduced)
        loading = direction[:, -1] * np.sqrt(max(size[-1], 0.0))
        step = np.abs(loading**2 - communality).max()
        communality = loading**2
        if step < 1e-12:
            break
    if step > 1e-8 or communality.max() >= 1:
        raise FitError("not converged", iterations=MOST_STEPS)
    scores: Array = standard @ np.linalg.solve(R, loading * np.sign(loading.sum()))
    return scores
