"""A sandwich variance as sums of adjusted residuals over groups, and Satterthwaite's degrees of freedom of it.

Row i of the data enters the variance of coefficient j with the factor ``scores[j, i]``; the variance is
V_j = Σ_g (Σ_{i in g} s_ji e_i)². Every estimator HC0–HC4 (groups of one row) and CR0–CR3 is one choice of s.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from clustergov.analysis.inference.regressors import Array, Codes, Regressors, group_sums


@dataclass(frozen=True, slots=True, eq=False)
class Sandwich:
    """Adjusted scores of each coefficient.

    Attributes
    ----------
    design : Regressors
    scores : array, shape (k, n)
    codes : array of int, shape (n,), or None
        Group of each row, 0 … groups − 1; None: every row its own.
    groups : int
    """

    design: Regressors
    scores: Array
    codes: Codes | None
    groups: int

    def variances(self, residuals: Array) -> Array:
        """V_j for each coefficient, shape (k, m) of residuals (n, m)."""
        if self.codes is None:
            squared: Array = self.scores**2 @ residuals**2
            return squared
        return np.stack([self.variance(j, residuals) for j in range(len(self.scores))])

    def variance(self, j: int, residuals: Array) -> Array:
        """V_j alone, shape (m,) of residuals (n, m)."""
        if self.codes is None:
            squared: Array = self.scores[j] ** 2 @ residuals**2
            return squared
        summed: Array = ((self._by_group(j) @ residuals) ** 2).sum(axis=0)
        return summed

    def covariance(self, residuals: Array) -> Array:
        """The matrix (k, k) for the residuals (n,) of one outcome."""
        sums = self.group_scores(residuals)
        product: Array = sums.T @ sums
        return product

    def group_scores(self, residuals: Array) -> Array:
        """Σ_{i in g} s_ji e_i, shape (groups, k)."""
        values = (self.scores * residuals).T
        return values if self.codes is None else group_sums(values, self.codes, self.groups)

    def _by_group(self, j: int) -> Array:
        """scores[j] spread over groups, shape (groups, n)."""
        assert self.codes is not None
        spread = np.zeros((self.groups, self.design.n))
        spread[self.codes, np.arange(self.design.n)] = self.scores[j]
        return spread


@dataclass(frozen=True, slots=True, eq=False)
class Working:
    """What is supposed of the errors when degrees of freedom are computed: variances, and correlation within groups.

    Attributes
    ----------
    variances : array, shape (n,), or None
        Up to a factor; None is equal.
    correlation : float
        Of what a group shares with the rest of a row's error, 0 to 1.
    loadings : array, shape (n,), or None
        How strongly each row feels what its group shares; None is 1, a regressor is a slope that differs by group.
    """

    variances: Array | None = None
    correlation: float = 0.0
    loadings: Array | None = None


EQUAL = Working()


@dataclass(frozen=True, slots=True)
class Moments:
    """Of one variance estimator under a working model.

    Attributes
    ----------
    df : float
        2 E(V)² / Var(V): the χ² with the same first two moments (Satterthwaite, F. E. (1946). An approximate
        distribution of estimates of variance components. Biometrics Bulletin 2(6), 110–114).
    ratio : float
        E(V) divided by the true variance of the coefficient; below 1 the standard error is too small on average.
    """

    df: float
    ratio: float


def moments(sandwich: Sandwich, working: Working = EQUAL) -> tuple[Moments, ...]:
    """Moments of the variance of each coefficient under a working model with normal errors.

    V_j = y'(I−H)'S S'(I−H)y with S the scores spread over groups. With P = S'(I−H)Ω(I−H)'S, E(V) = tr P and
    Var(V) = 2‖P‖². Bell, R. M. & McCaffrey, D. F. (2002). Bias reduction in standard errors for linear regression with
    multi-stage samples. Survey Methodology 28(2), 169–181, eq. 3.3; Pustejovsky, J. E. & Tipton, E. (2018). Small-sample
    methods for cluster-robust variance estimation and hypothesis testing in fixed effects models. Journal of Business &
    Economic Statistics 36(4), 672–683, eq. 11. P is diagonal plus rank 2k, so that nothing of size n × n or
    groups × groups is made.
    """
    return tuple(moments_of(sandwich, j, working) for j in range(len(sandwich.scores)))


def moments_of(sandwich: Sandwich, j: int, working: Working = EQUAL) -> Moments:
    """Moments of the variance of one coefficient."""
    parts = _parts(sandwich, j, working)
    UNU = ((parts.U @ parts.N) * parts.U).sum(axis=1)
    inner = parts.N @ (parts.U.T @ parts.U)
    trace = float(parts.diagonal.sum() + UNU.sum())
    square = float((parts.diagonal**2).sum() + 2 * (parts.diagonal * UNU).sum() + (inner * inner.T).sum())
    return Moments(trace**2 / square if square > 0 else 0.0, trace / parts.variance)


def joint(sandwich: Sandwich, j: int, working: Working = EQUAL) -> Array:
    """Covariance (groups + 1, groups + 1) of coefficient j and its group scores under a working model."""
    parts = _parts(sandwich, j, working)
    k = len(sandwich.design.solver)
    F, T = parts.U[:, :k], parts.U[:, k:]
    across = T[:, j] - F @ parts.N[:k, j]
    P = np.diag(parts.diagonal) + parts.U @ parts.N @ parts.U.T
    return np.block([[np.array([[parts.variance]]), across[None, :]], [across[:, None], P]])


@dataclass(frozen=True, slots=True, eq=False)
class _Parts:
    """P = diag(diagonal) + U N U', and the coefficient's own variance."""

    diagonal: Array
    U: Array
    N: Array
    variance: float


def _parts(sandwich: Sandwich, j: int, working: Working) -> _Parts:
    X, C, s = sandwich.design.matrix, sandwich.design.solver, sandwich.scores[j]
    root = np.ones(sandwich.design.n) if working.variances is None else np.sqrt(working.variances)
    spreadC = _times(working, C.T, root, sandwich)
    O = C @ spreadC  # noqa: E741  # Ω seen through the solver, CΩC'
    k = len(C)
    N = np.block([[O, -np.eye(k)], [-np.eye(k), np.zeros((k, k))]])
    U = np.hstack([_sums(s[:, None] * X, sandwich), _sums(s[:, None] * spreadC, sandwich)])
    return _Parts(_quadratic(working, s * root, sandwich), U, N, float(O[j, j]))


def _sums(values: Array, sandwich: Sandwich) -> Array:
    return values if sandwich.codes is None else group_sums(values, sandwich.codes, sandwich.groups)


def _loading(working: Working, n: int) -> Array:
    return np.ones(n) if working.loadings is None else working.loadings


def _times(working: Working, values: Array, root: Array, sandwich: Sandwich) -> Array:
    """Ω times the columns of `values`; Ω_g = D(1 − ρ)D + ρ D l l' D, with D the standard deviations."""
    scaled = root[:, None] * values
    if sandwich.codes is None or not working.correlation:
        return root[:, None] * scaled
    load = _loading(working, sandwich.design.n)[:, None]
    shared = load * _sums(load * scaled, sandwich)[sandwich.codes]
    return root[:, None] * ((1 - working.correlation) * scaled + working.correlation * shared)


def _quadratic(working: Working, scaled: Array, sandwich: Sandwich) -> Array:
    """s_g' Ω_g s_g per group, from s times the standard deviations."""
    if sandwich.codes is None:
        squared: Array = scaled**2
        return squared
    columns = np.column_stack([scaled**2, _loading(working, len(scaled)) * scaled])
    squares, sums = group_sums(columns, sandwich.codes, sandwich.groups).T
    mixed: Array = (1 - working.correlation) * squares + working.correlation * sums**2
    return mixed
