"""Many least-squares fits at once, each with the covariance that holds under unequal variances (HC3) and t."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtr, stdtrit

from clustergov.analysis.interval import Interval

Array = NDArray[np.float64]

FOLLOWED = 1e-9
"""A row whose leverage is closer to 1 than this is followed exactly by its model: HC3 does not exist."""


@dataclass(frozen=True, slots=True, eq=False)
class RobustFits:
    """Fits of B data sets by one model; NaN where a data set cannot tell every coefficient.

    Attributes
    ----------
    estimates : array, shape (B, k)
    covariance : array, shape (B, k, k)
        HC3: MacKinnon, J. G. & White, H. (1985), Journal of Econometrics 29(3), 305–325, as e² / (1 − h)².
    df : int
        Of t: rows less coefficients.
    leverage : array, shape (B, n)
    residuals : array, shape (B, n)
    """

    estimates: Array
    covariance: Array
    df: int
    leverage: Array
    residuals: Array

    def one(self, at: int) -> RobustFits:
        """Of one data set alone."""
        own = slice(at, at + 1)
        return RobustFits(self.estimates[own], self.covariance[own], self.df, self.leverage[own], self.residuals[own])

    def errors(self, at: int) -> Array:
        """Standard errors of one coefficient, shape (B,)."""
        found: Array = np.sqrt(self.covariance[:, at, at])
        return found

    def t(self, at: int) -> Array:
        """Estimate over standard error, shape (B,)."""
        found: Array = self.estimates[:, at] / self.errors(at)
        return found

    def p(self, at: int) -> Array:
        """Two-sided, shape (B,)."""
        found: Array = 2 * stdtr(self.df, -np.abs(self.t(at)))
        return found

    def above(self, at: int) -> Array:
        """One-sided p-values against “the coefficient is at most 0”, shape (B,)."""
        found: Array = stdtr(self.df, -self.t(at))
        return found

    def interval(self, at: int, level: float = 0.95) -> Interval:
        """Of one coefficient in the first data set."""
        centre, reach = float(self.estimates[0, at]), float(stdtrit(self.df, 0.5 + level / 2) * self.errors(at)[0])
        return Interval(centre - reach, centre + reach, level)


def robust_fits(X: Array, y: Array) -> RobustFits:
    """Fit every data set by least squares through the QR decomposition.

    Parameters
    ----------
    X : array, shape (B, n, k)
        With its constant.
    y : array, shape (B, n)
    """
    _, n, k = X.shape
    # Columns of one length: whether they can be told apart does not depend on their units, euros or billions.
    length = np.sqrt((X**2).sum(axis=1))
    length = np.where(length > 0, length, 1.0)
    Q, R = np.linalg.qr(X / length[:, None, :])
    diagonal = np.abs(np.diagonal(R, axis1=1, axis2=2))
    told = diagonal.min(axis=1) > 1e-10 * np.maximum(diagonal.max(axis=1), 1e-300)
    R = np.where(told[:, None, None], R, np.eye(k))
    back = np.linalg.inv(R) / length[:, :, None]
    rotated = (Q.swapaxes(1, 2) @ y[:, :, None])[:, :, 0]
    residuals = y - (Q @ rotated[:, :, None])[:, :, 0]
    leverage = (Q**2).sum(axis=2)
    told &= leverage.max(axis=1) < 1 - FOLLOWED
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        scores = Q * (residuals / (1 - leverage))[:, :, None]
        covariance = back @ (scores.swapaxes(1, 2) @ scores) @ back.swapaxes(1, 2)
    estimates = (back @ rotated[:, :, None])[:, :, 0]
    return RobustFits(
        np.where(told[:, None], estimates, np.nan), np.where(told[:, None, None], covariance, np.nan), n - k,
        leverage, residuals,
    )  # fmt: skip


def beside(columns: Array, controls: Array | None) -> Array:
    """Put what is held equal behind the columns of every data set; controls of shape (n, c) or (B, n, c)."""
    if controls is None or not controls.shape[-1]:
        return columns
    return np.concatenate([columns, np.broadcast_to(controls, (*columns.shape[:2], controls.shape[-1]))], axis=2)
