"""A line that is broken once, where it fits best, and where it is highest: the picture of a sharp or lopsided top."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from clustergov.analysis.sweet_spot.robust_lines import beside

Array = NDArray[np.float64]

BREAKS = 39
"""Places between the smallest and the largest share at which a line may break: every fortieth part of the range."""


def broken_tops(x: Array, y: Array, controls: Array | None, weights: Array) -> tuple[Array, float]:
    """The place of the highest value of b₀ + b₁ x + b₂ max(x − c, 0) in every resample; an end where it has no top inside.

    The break c is the one of `BREAKS` with the smallest sum of squares (Hudson, D. J. (1966). Fitting segmented curves
    whose join points have to be estimated. JASA 61(316), 1097–1129). A spline and a parabola turn smoothly and therefore
    lean to the flatter side of a lopsided top; this one does not.

    Parameters
    ----------
    x, y : array, shape (n,)
    controls : array, shape (n, c), or None
        What is held equal.
    weights : array, shape (r, n)
        How often each organisation stands in each resample.

    Returns
    -------
    tops : array, shape (r,)
        Resamples that cannot be fitted are left out.
    squares : float
        What the best broken line leaves of the squares of y in the data themselves.
    """
    low, scale = float(x.min()), float(np.ptp(x))
    t = (x - low) / scale
    breaks = np.linspace(0, 1, BREAKS + 2)[1:-1]
    plain = beside(np.stack([np.ones_like(t), t], axis=1)[None], controls)[0]
    Q, R = np.linalg.qr(plain)
    hinges = np.maximum(t[:, None] - breaks, 0.0)
    told = Q.T @ hinges
    own = hinges - Q @ told  # what a hinge adds to the straight line
    alone, rest = (own**2).sum(axis=0), y - Q @ (Q.T @ y)
    worth = alone > 1e-9 * (hinges**2).sum(axis=0)
    squares = float(rest @ rest - np.where(worth, (rest @ own) ** 2 / np.where(worth, alone, 1.0), 0.0).max())
    # Of each resample: squares and products of the straight line's columns, of the hinges, and of both with y.
    n, k = Q.shape
    lines = (weights @ (Q[:, :, None] * Q[:, None, :]).reshape(n, k * k)).reshape(-1, k, k)
    kept = np.linalg.eigvalsh(lines)[:, 0] > 1e-9
    weights, lines = weights[kept], lines[kept]
    crossed = (weights @ (Q[:, :, None] * own[:, None, :]).reshape(n, k * BREAKS)).reshape(-1, k, BREAKS)
    straight = np.linalg.solve(lines, np.concatenate([crossed, (weights @ (Q * y[:, None]))[:, :, None]], axis=2))
    left = weights @ own**2 - (crossed * straight[:, :, :-1]).sum(axis=1)
    moment = weights @ (own * y[:, None]) - (crossed * straight[:, :, -1:]).sum(axis=1)
    usable = left > 1e-9 * (hinges**2).sum(axis=0)
    best = np.where(usable, moment**2 / np.where(usable, left, 1.0), -1.0).argmax(axis=1)
    each = np.arange(len(best))
    bend = np.where(usable[each, best], moment[each, best] / np.where(usable, left, 1.0)[each, best], 0.0)
    line = straight[each, :, -1] - straight[each, :, best] * bend[:, None]
    # Back from the orthonormal columns: the slope before the break, per range of the share.
    before = np.linalg.solve(R, line.T - told[:, best] * bend)[1]
    at = breaks[best]
    heights = np.stack([np.zeros_like(at), before * at, before + bend * (1 - at)])
    places: Array = np.stack([np.zeros_like(at), at, np.ones_like(at)])[heights.argmax(axis=0), each]
    return low + scale * places, squares
