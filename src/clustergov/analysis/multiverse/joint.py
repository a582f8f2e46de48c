"""One test over a whole curve of specifications: its median, how one-sided it is, and how far from zero it lies."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri, stdtr

from clustergov.analysis.multiverse.permutation import share_as_extreme

Array = NDArray[np.float64]

STATISTICS = ("median", "share_one_sign", "share_apart", "mean_z")
FARTHEST = 37.0
"""|z| past which the normal distribution has no number left."""


@dataclass(frozen=True, slots=True)
class Joint:
    """Joint inference over the universes of one curve.

    Simonsohn, U., Simmons, J. P. & Nelson, L. D. (2020). Specification curve analysis. Nature Human Behaviour 4,
    1208–1214, table 2: the median effect; the share of specifications with the dominant sign; the share with the
    dominant sign and an interval that leaves out zero; and their aggregate of all p-values, the mean of z.

    Attributes
    ----------
    median, share_one_sign, share_apart, mean_z : float
        Observed.
    p_median, p_share_one_sign, p_share_apart, p_mean_z : float
        Two-sided: shares of permutations with a value at least as far out, the observed data counted as one.
    permutations : int
    universes : int
        That count: fitted, not wrong in hindsight, each once.
    """

    median: float
    share_one_sign: float
    share_apart: float
    mean_z: float
    p_median: float
    p_share_one_sign: float
    p_share_apart: float
    p_mean_z: float
    permutations: int
    universes: int


def statistics(estimate: Array, error: Array, df: Array, *, level: float = 0.95) -> Array:
    """The four statistics; (…, m) → (…, 4) in the order of `STATISTICS`, the first and last signed."""
    with np.errstate(divide="ignore", invalid="ignore"):
        t = np.where(error > 0, estimate / error, np.sign(estimate) * np.inf)
    tail = stdtr(df, -np.abs(np.nan_to_num(t, posinf=1e300, neginf=-1e300)))
    z = np.sign(t) * np.minimum(-ndtri(np.maximum(tail, 1e-300)), FARTHEST)
    apart = tail < (1 - level) / 2
    up, down = (estimate > 0), (estimate < 0)
    return np.stack(
        [
            np.median(estimate, axis=-1),
            np.maximum(up.mean(axis=-1), down.mean(axis=-1)),
            np.maximum((up & apart).mean(axis=-1), (down & apart).mean(axis=-1)),
            z.mean(axis=-1),
        ],
        axis=-1,
    )  # fmt: skip


def joint(observed: Array, permuted: Array, universes: int) -> Joint:
    """Compare the observed statistics (4,) with the permuted ones (B, 4)."""
    p = [share_as_extreme(abs(value), np.abs(column)) for value, column in zip(observed, permuted.T, strict=True)]
    return Joint(
        median=float(observed[0]), share_one_sign=float(observed[1]), share_apart=float(observed[2]),
        mean_z=float(observed[3]), p_median=p[0], p_share_one_sign=p[1], p_share_apart=p[2], p_mean_z=p[3],
        permutations=len(permuted), universes=universes,
    )  # fmt: skip
