"""Parameters of fit: how consistent a set relation is with the cases, and how much of the outcome it covers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from clustergov.casestudies.qca.calibrated_table import Array


@dataclass(frozen=True, slots=True)
class SufficiencyFit:
    """X is a subset of Y.

    Attributes
    ----------
    inclusion : float
        inclS, consistency: Σ min(x, y) / Σ x; NaN where no case has any membership in X. Ragin, C. C. (2006). Set
        relations in social research. Political Analysis 14(3), 291–310.
    pri : float
        Proportional reduction in inconsistency: (Σ min(x, y) − Σ min(x, y, 1 − y)) / (Σ x − Σ min(x, y, 1 − y)).
        Schneider, C. Q. & Wagemann, C. (2012). Set-theoretic methods for the social sciences, p. 242.
    coverage : float
        covS, raw coverage: Σ min(x, y) / Σ y.
    unique_coverage : float or None
        covU: raw coverage less what the other terms of the model cover too. None for a whole model, and for the only
        term of one.
    """

    inclusion: float
    pri: float
    coverage: float
    unique_coverage: float | None = None


@dataclass(frozen=True, slots=True)
class NecessityFit:
    """X is a superset of Y.

    Attributes
    ----------
    inclusion : float
        inclN: Σ min(x, y) / Σ y.
    ron : float
        Relevance of necessity, low for a trivial X: Σ (1 − x) / Σ (1 − min(x, y)). Schneider & Wagemann (2012), p. 236.
    coverage : float
        covN: Σ min(x, y) / Σ x.
    """

    inclusion: float
    ron: float
    coverage: float


def sufficiency(x: Array, y: Array, *, others: Array | None = None) -> SufficiencyFit:
    """How far X is a subset of Y.

    Parameters
    ----------
    x, y : ndarray of float, shape (n,)
        Memberships in [0, 1].
    others : ndarray of float, shape (n,), optional
        Membership in the union of the other terms of the model; with it unique coverage is computed.
    """
    both = np.minimum(x, y)
    ambiguous = np.minimum(both, 1 - y).sum()
    unique = None
    if others is not None:
        unique = _ratio(both.sum() - np.minimum(both, others).sum(), y.sum())
    return SufficiencyFit(
        _ratio(both.sum(), x.sum()),
        _ratio(both.sum() - ambiguous, x.sum() - ambiguous),
        _ratio(both.sum(), y.sum()),
        unique,
    )


def necessity(x: Array, y: Array) -> NecessityFit:
    """How far X is a superset of Y; both of shape (n,), in [0, 1]."""
    both = np.minimum(x, y)
    return NecessityFit(
        _ratio(both.sum(), y.sum()), _ratio((1 - x).sum(), (1 - both).sum()), _ratio(both.sum(), x.sum())
    )


def _ratio(part: float, whole: float) -> float:
    return float(part / whole) if whole != 0 else float("nan")
