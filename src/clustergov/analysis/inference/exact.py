"""Two shares in a small table: tests that keep their level whatever the shares are.

The unconditional exact test orders tables by the score statistic and takes the largest probability over what is not known
(Suissa, S. & Shuster, J. J. (1985). Journal of the Royal Statistical Society A 148, 317–327); inverted at other
differences it gives the interval of Agresti, A. & Min, Y. (2001). Biometrics 57, 963–971, so that interval and p agree.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln, xlog1py, xlogy

from clustergov.analysis.inference.regressors import Array

NUISANCE = 101
REFINED = 3
"""Points at which the unknown share is tried, and rounds of them, each around the best point of the last; the probability
is a polynomial in the share."""

_TIE = 1 - 1e-9


@dataclass(frozen=True, slots=True)
class ShareDifference:
    """Share in one arm minus share in the other.

    Attributes
    ----------
    estimate : float
    p : float
        Exact unconditional, two-sided.
    low, high : float
        Ends of the interval, between −1 and 1, to 0.0001 outwards.
    """

    estimate: float
    p: float
    low: float
    high: float


def share_difference(a: int, n1: int, b: int, n0: int, level: float = 0.95) -> ShareDifference:
    """Compare a of n1 with b of n0."""
    estimate = a / n1 - b / n0
    alpha = 1 - level
    coarse = np.linspace(-1, 1, 161)[1:-1]
    kept = np.array([unconditional(a, n1, b, n0, float(each), 1) > alpha for each in coarse])
    inside = coarse[kept] if kept.any() else np.array([estimate])

    def refine(inner: float, outer: float) -> float:
        for _ in range(10):
            middle = (inner + outer) / 2
            inner, outer = (middle, outer) if unconditional(a, n1, b, n0, middle) > alpha else (inner, middle)
        return outer

    step = coarse[1] - coarse[0]
    low = refine(min(float(inside[0]), estimate), max(float(inside[0]) - step, -1.0))
    high = refine(max(float(inside[-1]), estimate), min(float(inside[-1]) + step, 1.0))
    return ShareDifference(estimate, unconditional(a, n1, b, n0, 0.0), float(low), float(high))


def unconditional(a: int, n1: int, b: int, n0: int, difference: float = 0.0, rounds: int = REFINED) -> float:
    """Exact two-sided p of the difference of shares being `difference`: the largest over the unknown share."""
    x1, x0 = np.arange(n1 + 1.0)[:, None], np.arange(n0 + 1.0)[None, :]
    statistic = score(x1, n1, x0, n0, difference)
    extreme = (statistic >= statistic[a, b] * _TIE).astype(float)
    low, high = max(0.0, -difference), min(1.0, 1.0 - difference)
    for _ in range(rounds):
        p0 = np.linspace(low, high, NUISANCE)
        first, second = _binomial(n1, np.clip(p0 + difference, 0, 1)), _binomial(n0, p0)
        share = ((first @ extreme) * second).sum(axis=1)
        at, step = int(share.argmax()), (high - low) / (NUISANCE - 1)
        low, high = max(low, p0[at] - step), min(high, p0[at] + step)
    return float(min(1.0, share.max()))


def score(x1: Array, n1: int, x0: Array, n0: int, difference: float) -> Array:
    """z² of a difference of shares, its variance at the most likely shares with that difference.

    Miettinen, O. & Nurminen, M. (1985). Statistics in Medicine 4, 213–226, appendix: the cubic's closed solution, without
    their factor n / (n − 1), which does not change the order of tables.
    """
    n, x = n1 + n0, x1 + x0
    d = difference
    L3, L2 = n, (n1 + 2 * n0) * d - n - x
    L1, L0 = (n0 * d - n - 2 * x0) * d + x, x0 * d * (1 - d)
    q = L2**3 / (3 * L3) ** 3 - L1 * L2 / (6 * L3**2) + L0 / (2 * L3)
    p = np.where(q < 0, -1.0, 1.0) * np.sqrt(np.maximum(L2**2 / (3 * L3) ** 2 - L1 / (3 * L3), 0))
    ratio = np.divide(q, p**3, out=np.zeros_like(q, dtype=float), where=p != 0)
    angle = (np.pi + np.arccos(np.clip(ratio, -1, 1))) / 3
    s0 = np.clip(2 * p * np.cos(angle) - L2 / (3 * L3), 0, 1)
    s1 = np.clip(s0 + d, 0, 1)
    variance = s1 * (1 - s1) / n1 + s0 * (1 - s0) / n0
    gap = np.asarray((x1 / n1 - x0 / n0 - d) ** 2, dtype=float)
    large = np.where(gap > 1e-18, 1e12, 0.0)
    squared: Array = np.divide(gap, variance, out=large, where=variance > 1e-14)
    return squared


def fisher(a: int, n1: int, b: int, n0: int) -> float:
    """Fisher's exact p, two-sided: the tables with the same margins that are no more probable than this one."""
    total = a + b
    possible = np.arange(max(0, total - n0), min(n1, total) + 1.0)
    log = np.asarray(_choose(n1, possible) + _choose(n0, total - possible))
    share = np.exp(log - log.max())
    share /= share.sum()
    return float(min(1.0, share[share <= share[possible == a][0] * (1 + 1e-7)].sum()))


def _choose(n: int, k: Array) -> Array:
    chosen: Array = gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)
    return chosen


def _binomial(n: int, p: Array) -> Array:
    """Probabilities of 0 … n, shape (points, n + 1)."""
    k = np.arange(n + 1.0)
    probability: Array = np.exp(_choose(n, k) + xlogy(k, p[:, None]) + xlog1py(n - k, -p[:, None]))
    return probability
