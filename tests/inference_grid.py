"""The grid of designs and errors on which inference is tried, and how often each of them rejects a true null.

A design is drawn once, with a seed of its own; outcomes without any effect are then drawn many times over. Everything is
a product of matrices over all draws at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri, stdtrit

from clustergov.analysis.inference.cluster_robust import cluster_robust
from clustergov.analysis.inference.policy import Policy, policy

Array = NDArray[np.float64]
Kind = Literal["yes/no, within", "graded, within", "yes/no, between", "graded, between"]
Errors = Literal["normal", "Likert", "steep Likert", "exponential"]

ROWS = (40, 80, 160, 356)
GROUPS = (0, 5, 8, 20)
RATIOS = (1, 4, 9)
ERRORS: tuple[Errors, ...] = ("normal", "Likert")
TREATED = {5: 2, 8: 3, 20: 4}
"""Groups with the smaller value of an unbalanced yes/no regressor between groups; two of eight or fewer are not tested."""

CORRELATION = 0.2
"""Share of the errors' variance that rows of one group have in common."""

SLOPES = 0.3
"""Standard deviation between groups of the effect of a regressor within groups, around 0, per its standard deviation."""

FOUND_BY_ORACLE = float(ndtri(0.975) + ndtri(0.8))
"""Effect in true standard errors of the coefficient that a test which knows them finds in 80% of draws."""

BOOTSTRAPPED = 199
"""Bootstrap draws per outcome: (199 + 1) × 5% is whole, so that the test keeps its level with few draws too."""

# Answers from 1 to 5 of which the upper are frequent, as agreement has; and what bunches at the bottom.
LIKERT = {"Likert": (0.05, 0.10, 0.20, 0.40, 0.25), "steep Likert": (0.45, 0.25, 0.15, 0.10, 0.05)}


@dataclass(frozen=True, slots=True)
class Design:
    """Which rows, groups and regressor.

    Attributes
    ----------
    n, groups : int
    balanced : bool
        Groups of equal size, half of the rows (or groups) with the regressor at 1, graded values evenly spread; else group
        sizes 1 : 2 : 3 …, a fifth of the rows at 1 (3 of 8 groups, 4 of 20), graded values skewed.
    kind : Kind
    """

    n: int
    groups: int
    balanced: bool
    kind: Kind


def designs() -> list[Design]:
    """All of them, in the order of the page."""
    found = []
    for groups, n, balanced in product(GROUPS, ROWS, (True, False)):
        kinds: tuple[Kind, ...] = ("yes/no, within", "graded, within")
        if groups:
            kinds = (*kinds, "yes/no, between", "graded, between")
        found += [Design(n, groups, balanced, kind) for kind in kinds]
    return found


def sizes(n: int, groups: int, balanced: bool) -> NDArray[np.intp]:
    """Rows per group."""
    share = np.ones(groups) if balanced else np.arange(1.0, groups + 1)
    ends = np.round(np.cumsum(share) / share.sum() * n).astype(np.intp)
    return np.diff(ends, prepend=0)


@cache
def regressor(which: Design) -> tuple[Array, Array, NDArray[np.intp] | None]:
    """The regressor that is tested, a covariate, and the group of each row."""
    rng = np.random.default_rng([which.n, which.groups, which.balanced, len(which.kind)])
    n, share = which.n, 0.5 if which.balanced else 0.2
    codes = np.repeat(np.arange(which.groups), sizes(n, which.groups, which.balanced)) if which.groups else None
    x = np.zeros(n)
    if which.kind == "graded, within":
        x = rng.normal(size=n) if which.balanced else rng.exponential(size=n)
    elif codes is None:
        x[: round(share * n)] = 1
    elif which.kind == "yes/no, within":
        for g in range(which.groups):
            rows = rng.permutation(np.flatnonzero(codes == g))
            x[rows[: round(share * len(rows) + rng.uniform(-0.499, 0.499))]] = 1
    elif which.kind == "yes/no, between":
        treated = which.groups // 2 if which.balanced else TREATED[which.groups]
        x = np.isin(codes, rng.permutation(which.groups)[:treated]).astype(float)
    else:
        values = np.arange(which.groups) if which.balanced else np.exp(0.7 * rng.normal(size=which.groups))
        x = rng.permutation(values.astype(float))[codes]
    return x, rng.normal(size=n), codes


@cache
def chosen(which: Design) -> Policy:
    """What the policy does with this design."""
    x, covariate, codes = regressor(which)
    return policy(np.column_stack([x, covariate]), ["x", "covariate"], codes, draws=BOOTSTRAPPED, seed=7)


def standard(rng: np.random.Generator, errors: Errors, shape: tuple[int, int]) -> Array:
    """Draws with mean 0 and variance 1."""
    if errors == "normal":
        return rng.standard_normal(shape)
    if errors == "exponential":
        return rng.standard_exponential(shape) - 1
    shares = np.array(LIKERT[errors])
    answers = np.repeat(np.arange(1.0, 6.0), np.round(shares * 20).astype(int))
    return ((answers - answers.mean()) / answers.std())[rng.integers(20, size=shape)]


def outcomes(which: Design, ratio: int, errors: Errors, draws: int) -> Array:
    """Outcomes (n, draws) on which the regressor has no effect on average.

    The variance is `ratio` times larger where the regressor is 1, or above its median; with groups, rows share a normal
    part, and a regressor within groups has effects that differ between groups around 0.
    """
    x, _, codes = regressor(which)
    rng = np.random.default_rng([2026, which.n, which.groups, which.balanced, len(which.kind), ratio, len(errors)])
    spread = np.where(x > np.median(x) if "graded" in which.kind else x > 0, np.sqrt(ratio), 1.0)[:, None]
    own = standard(rng, errors, (which.n, draws))
    if codes is None:
        return spread * own
    # Beyond the promise what groups share is as skewed as the rows' own part.
    shared = standard(rng, errors if errors == "exponential" else "normal", (which.groups, draws))[codes]
    Y = spread * (np.sqrt(1 - CORRELATION) * own + np.sqrt(CORRELATION) * shared)
    if "within" in which.kind:
        Y += rng.standard_normal((which.groups, draws))[codes] * (SLOPES / x.std() * x)[:, None]
    return Y


@dataclass(frozen=True, slots=True)
class Rates:
    """Shares of draws.

    Attributes
    ----------
    rejected : float
        Of a true null at 5%, by the policy.
    found : float
        Of an effect that a test which knows the standard error finds in 80%.
    classical, common : float
        Of a true null, by the usual standard errors with t; and by HC1, with groups CR1, with the normal distribution.
    """

    rejected: float
    found: float
    classical: float
    common: float


def rates(which: Design, ratio: int, errors: Errors, draws: int) -> Rates:
    """Try one cell of the grid."""
    plan = chosen(which)
    design = plan.design
    Y = outcomes(which, ratio, errors, draws)
    b = design.coefficients(Y)[0]
    residuals = design.residuals(Y)
    usual = np.sqrt((residuals**2).sum(axis=0) / (design.n - design.k) * design.bread[0, 0])
    if plan.groups:
        assert plan.codes is not None
        common = cluster_robust(design, plan.codes, plan.groups, "CR1S").variance(0, residuals)
    else:
        common = (design.solver[0] ** 2 @ residuals**2) * design.n / (design.n - design.k)
    effect = FOUND_BY_ORACLE * b.std()
    rejected, found = (np.nan, np.nan) if plan.choices[0].method == "none" else _tested(plan, Y, effect)
    return Rates(
        rejected, found, float((np.abs(b) > stdtrit(design.n - design.k, 0.975) * usual).mean()),
        float((np.abs(b) > ndtri(0.975) * np.sqrt(common)).mean()),
    )  # fmt: skip


def _tested(plan: Policy, Y: Array, effect: float) -> tuple[float, float]:
    first = Policy(
        plan.terms[:1], plan.design, plan.choices[:1], plan.codes, plan.groups, plan.level, plan.seed, plan.draws
    )
    null, away = (first.of(Y, null=each, intervals=False).p[0] <= 0.05 for each in (0.0, -effect))
    return float(null.mean()), float(away.mean())


def two_arms(arm: int, ratio: int, errors: Errors, draws: int) -> tuple[float, float]:
    """Two arms of equal size without a covariate: share of true nulls rejected, and of effects found."""
    x = np.repeat([0.0, 1.0], arm)
    plan = policy(x[:, None], ["x"])
    rng = np.random.default_rng([2027, arm, ratio, len(errors)])
    Y = standard(rng, errors, (2 * arm, draws)) * np.where(x > 0, np.sqrt(ratio), 1.0)[:, None]
    return _tested(plan, Y, FOUND_BY_ORACLE * float(plan.design.coefficients(Y)[0].std()))
