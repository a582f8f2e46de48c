"""Rotation of factors: varimax and oblimin, with or without Kaiser's normalisation."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from clustergov.analysis.scales.items import ItemsError

Array = NDArray[np.float64]

Rotation = Literal["oblimin", "varimax", "none"]
ROTATIONS: tuple[Rotation, ...] = get_args(Rotation)

MOST_STEPS = 5000
SETTLED = 1e-10


@dataclass(frozen=True, slots=True, eq=False)
class Rotated:
    """Loadings (k, m) and correlations of the factors (m, m): the identity where they are orthogonal."""

    loadings: Array
    correlations: Array


def rotate(loadings: Array, rotation: Rotation, *, kaiser: bool | None = None) -> Rotated:
    """Rotate unrotated loadings (k, m) and put the factors in an order that does not depend on the start.

    Parameters
    ----------
    kaiser : bool or None
        Rows of unit length while rotating (Kaiser 1958, Psychometrika 23, 187–200). By default with varimax and not
        with oblimin, as R's varimax, GPArotation and psych do.

    Returns
    -------
    Rotated
        Factors in descending order of the variance they account for, each with a positive sum of loadings.
    """
    m = loadings.shape[1]
    if m == 1 or rotation == "none":
        return _sorted(loadings, np.eye(m))
    normal = rotation == "varimax" if kaiser is None else kaiser
    lengths = np.sqrt((loadings**2).sum(axis=1, keepdims=True)) if normal else np.ones((len(loadings), 1))
    lengths = np.where(lengths > 0, lengths, 1)
    turn = varimax if rotation == "varimax" else oblimin
    found = turn(loadings / lengths)
    return _sorted(found.loadings * lengths, found.correlations)


def varimax(A: Array) -> Rotated:
    """Orthogonal rotation to the largest variance of squared loadings, plane by plane, each angle in closed form.

    Kaiser, H. F. (1958), as above. Each turn can only raise the criterion, whereas the usual decomposition of all factors
    at once may stop short.
    """
    L, m = A.copy(), A.shape[1]
    for _ in range(MOST_STEPS):
        largest = 0.0
        for p, q in combinations(range(m), 2):
            angle = _best_angle(L[:, p], L[:, q])
            largest = max(largest, abs(angle))
            turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
            L[:, [p, q]] = L[:, [p, q]] @ turn
        if largest < SETTLED:
            return Rotated(L, np.eye(m))
    raise ItemsError("not converged", iterations=MOST_STEPS)


def _best_angle(x: Array, y: Array) -> float:
    """The angle that brings two columns to the largest variance of their squares."""
    u, v = x * x - y * y, 2 * x * y
    over = 2 * (u @ v - u.sum() * v.sum() / len(x))
    under = u @ u - v @ v - (u.sum() ** 2 - v.sum() ** 2) / len(x)
    return float(np.arctan2(over, under)) / 4 if abs(over) + abs(under) > 1e-300 else 0.0


def oblimin(A: Array) -> Rotated:
    """Oblique rotation with γ = 0 (quartimin) by gradient projection.

    Jennrich, R. I. (2002). A simple general method for oblique rotation. Psychometrika 67(1), 7–19; criterion of Jennrich
    & Sampson (1966), Psychometrika 31, 313–323: Σ over pairs of factors and items of the product of squared loadings / 4.
    """
    m = A.shape[1]
    others = 1 - np.eye(m)
    T, length = np.eye(m), 1.0

    def at(T: Array) -> tuple[Array, float, Array]:
        inverse = np.linalg.inv(T)
        L = A @ inverse.T
        product = L**2 @ others
        return L, float((L**2 * product).sum() / 4), -((L.T @ (L * product) @ inverse).T)

    L, value, gradient = at(T)
    for _ in range(MOST_STEPS):
        projected = gradient - T * (T * gradient).sum(axis=0)
        steepness = float(np.sqrt((projected**2).sum()))
        if steepness < SETTLED:
            return Rotated(L, T.T @ T)
        length *= 2
        for _ in range(40):
            X = T - length * projected
            X /= np.sqrt((X**2).sum(axis=0))
            L, reached, slope = at(X)
            if value - reached > 0.5 * steepness**2 * length:
                break
            length /= 2
        else:
            # The criterion no longer falls in double precision: this is the minimum, unless the slope is far from 0.
            if steepness < 1e-6:
                return Rotated(L, X.T @ X)
            raise ItemsError("not converged", iterations=MOST_STEPS)
        T, value, gradient = X, reached, slope
    if steepness < 1e-6:
        return Rotated(L, T.T @ T)
    raise ItemsError("not converged", iterations=MOST_STEPS)


def _sorted(loadings: Array, correlations: Array) -> Rotated:
    sign = np.where(loadings.sum(axis=0) < 0, -1.0, 1.0)
    loadings, correlations = loadings * sign, correlations * np.outer(sign, sign)
    order = np.argsort(-np.diag(correlations @ loadings.T @ loadings), kind="stable")
    return Rotated(loadings[:, order], correlations[np.ix_(order, order)])
