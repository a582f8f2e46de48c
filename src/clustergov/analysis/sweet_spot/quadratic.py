"""The quadratic of performance in a share: its curvature, and the place of its top with Fieller's interval."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from clustergov.analysis.interval import Interval
from clustergov.analysis.sweet_spot.robust_lines import RobustFits, beside, robust_fits

Array = NDArray[np.float64]
Shape = Literal["bounded", "two rays", "everywhere"]
"""Of Fieller's set: an interval; everything but an interval; every value."""


@dataclass(frozen=True, slots=True, eq=False)
class Quadratic:
    """y = b₀ + b₁ x + b₂ x² and what is held equal.

    Attributes
    ----------
    slope, curvature : float
        b₁ and b₂, per unit and unit² of x.
    curvature_interval : Interval
        From HC3 and t.
    turning : float
        Where the parabola turns, −b₁ / 2 b₂; infinite where b₂ is 0.
    fieller : Interval or None
        Fieller's interval of that place; None unless his set is bounded.
    fieller_set : {"bounded", "two rays", "everywhere"}
    low_slope, high_slope : float
        Slope at the smallest and at the largest x.
    top : float or None
        The place of the optimum: only where the parabola opens downward and turns inside the data.
    """

    slope: float
    curvature: float
    curvature_interval: Interval
    turning: float
    fieller: Interval | None
    fieller_set: Shape
    low_slope: float
    high_slope: float
    top: float | None


def quadratic_fits(x: Array, y: Array, controls: Array | None = None) -> RobustFits:
    """Fit many at once; coefficients 1, x, x² first. Shapes (B, n)."""
    return robust_fits(beside(np.stack([np.ones_like(x), x, x**2], axis=2), controls), y)


def quadratic(x: Array, y: Array, controls: Array | None = None, *, level: float = 0.95) -> Quadratic:
    """Fit one. x of shape (n,) is centred and scaled inside, so that powers of it can be told apart."""
    centre, scale = float(x.mean()), float(np.ptp(x)) / 2
    t = (x - centre) / scale
    fits = quadratic_fits(t[None], y[None], controls)
    b, V = fits.estimates[0], fits.covariance[0]
    # Back from the centred and scaled share: derivatives in x of b₀ + b₁ t + b₂ t².
    curvature, reach = b[2] / scale**2, float(stdtrit(fits.df, 0.5 + level / 2)) * float(np.sqrt(V[2, 2])) / scale**2
    slope = b[1] / scale - 2 * centre * curvature
    turning = centre + scale * (-b[1] / (2 * b[2])) if b[2] else np.inf
    kind, ends = fieller(b[1], 2 * b[2], V[1, 1], 4 * V[2, 2], 2 * V[1, 2], float(stdtrit(fits.df, 0.5 + level / 2)))
    bounded = None if ends is None else Interval(centre + scale * ends[0], centre + scale * ends[1], level)
    inside = bool(curvature < 0 and x.min() < turning < x.max())
    return Quadratic(
        float(slope), float(curvature), Interval(float(curvature - reach), float(curvature + reach), level),
        float(turning), bounded, kind, float(slope + 2 * curvature * x.min()), float(slope + 2 * curvature * x.max()),
        float(turning) if inside else None,
    )  # fmt: skip


def fieller(
    a: float, b: float, var_a: float, var_b: float, cov: float, t: float
) -> tuple[Shape, tuple[float, float] | None]:
    """The values θ for which a + b θ = 0 is not rejected: (a + bθ)² ≤ t² (var_a + 2 θ cov + θ² var_b).

    Fieller, E. C. (1954). Some problems in interval estimation. JRSS B 16(2), 175–185; for the top of a parabola Lind, J.
    T. & Mehlum, H. (2010). With or without U? Oxford Bulletin of Economics and Statistics 72(1), 109–118, eq. 8.

    Returns
    -------
    kind, ends
        The ends only when the set is an interval.
    """
    leading, middle, last = b**2 - t**2 * var_b, a * b - t**2 * cov, a**2 - t**2 * var_a
    under = middle**2 - leading * last
    if leading <= 0:
        return ("everywhere" if under < 0 else "two rays"), None
    root = float(np.sqrt(max(under, 0.0)))
    return "bounded", ((-middle - root) / leading, (-middle + root) / leading)
