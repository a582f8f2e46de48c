"""Standard errors that hold when rows of one group go together: CR0, CR1S, CR2 and CR3.

Liang, K.-Y. & Zeger, S. L. (1986). Biometrika 73, 13–22 (CR0); Stata's factor G(n − 1) / ((G − 1)(n − k)) (CR1S); Bell,
R. M. & McCaffrey, D. F. (2002). Survey Methodology 28, 169–181, and with weights and absorbed directions Pustejovsky,
J. E. & Tipton, E. (2018). Journal of Business & Economic Statistics 36, 672–683, eq. 8 (CR2, unbiased when errors are
equal and independent); the latter's CR3 is the jackknife over groups. Held against clubSandwich.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np

from clustergov.analysis.inference.regressors import Array, Codes, Regressors
from clustergov.analysis.inference.sandwich import Sandwich

Kind = Literal["CR0", "CR1S", "CR2", "CR3"]

ABSORBED = 1e-12
"""Share of a direction that the model leaves to a group's residuals, below which nothing of it is left (clubSandwich's)."""


def cluster_robust(
    design: Regressors, codes: Codes, groups: int, kind: Kind, *, scale: Array | None = None
) -> Sandwich:
    """The sandwich for errors that are independent between groups only.

    Parameters
    ----------
    codes : array of int, shape (n,)
        0 … groups − 1.
    scale : array, shape (n,), or None
        Variances of the errors whose square roots the rows were divided by. CR2's root is not unique; Pustejovsky and
        Tipton take the symmetric one before the division, which makes a difference in a generalised model.
    """
    if kind in ("CR0", "CR1S"):
        n, k = design.n, design.k
        factor = 1.0 if kind == "CR0" else np.sqrt(groups * (n - 1) / ((groups - 1) * max(n - k, 1)))
        return Sandwich(design, design.solver * factor, codes, groups)
    power = -0.5 if kind == "CR2" else -1.0
    adjust: Callable[..., Array] = _equal_weights if design.weights is None else _weighted
    scores = np.empty_like(design.solver)
    roots = np.linalg.cholesky(design.bread) if design.weights is None else design.bread
    for g in range(groups):
        rows = np.flatnonzero(codes == g)
        if scale is not None and kind == "CR2":
            scores[:, rows] = _scaled(design, rows, scale[rows])
        else:
            scores[:, rows] = adjust(design, roots, rows, power)
    return Sandwich(design, scores, codes, groups)


def _equal_weights(design: Regressors, root: Array, rows: Codes, power: float) -> Array:
    """C_g (I − H_gg)^power through the few directions of the group that the model touches."""
    part = design.matrix[rows] @ root
    U, lengths, _ = np.linalg.svd(part, full_matrices=False)
    room = 1 - lengths**2
    change = np.where(room > ABSORBED, np.maximum(room, ABSORBED) ** power, 0.0) - 1
    C = design.solver[:, rows]
    adjusted: Array = C + (C @ U * change) @ U.T
    return adjusted


def _weighted(design: Regressors, bread: Array, rows: Codes, power: float) -> Array:
    """The same with weights, errors supposed equal and independent as clubSandwich does for lm."""
    X, C = design.matrix[rows], design.solver[:, rows]
    H = X @ C
    rest = np.eye(len(rows)) - H
    if power == -1.0:
        jackknifed: Array = C @ np.linalg.pinv(rest, rcond=ABSORBED)
        return jackknifed
    B = rest - H.T + X @ (design.solver @ design.solver.T) @ X.T
    values, vectors = np.linalg.eigh(B)
    scaled = np.where(values > ABSORBED, np.maximum(values, ABSORBED) ** power, 0.0)
    adjusted: Array = (C @ vectors * scaled) @ vectors.T
    return adjusted


def _scaled(design: Regressors, rows: Codes, scale: Array) -> Array:
    """C_g (Θ (I − H_gg) Θ)^(−1/2) Θ, with Θ the scale."""
    C = design.solver[:, rows]
    B = scale[:, None] * (np.eye(len(rows)) - design.matrix[rows] @ C) * scale
    values, vectors = np.linalg.eigh(B)
    least = ABSORBED * values.max()
    roots = np.where(values > least, np.maximum(values, least) ** -0.5, 0.0)
    adjusted: Array = (C @ vectors * roots) @ vectors.T * scale
    return adjusted
