"""One function for inference on any linear fit: it looks at the design, chooses the method that keeps its level, says why."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtr, stdtrit

from clustergov.analysis.inference import permutation, wild_bootstrap
from clustergov.analysis.inference.choosing import Choice, choose_grouped, choose_independent
from clustergov.analysis.inference.exact import share_difference, unconditional
from clustergov.analysis.inference.inference import Inference
from clustergov.analysis.inference.reason import Reason
from clustergov.analysis.inference.refusals import ExactFitError
from clustergov.analysis.inference.regressors import Array, Codes, Regressors, coded, regressors
from clustergov.analysis.inference.rows import cautions_of, rows_of
from clustergov.language import Text

SEED = 20260101
DRAWS = 9_999

LEAST_EXPECTED = 5.0
"""Expected count of a two by two table below which shares are compared exactly (Cochran, W. G. (1954). Biometrics 10, 417–451)."""

MOST_EXACT = 200
"""Rows up to which the exact comparison is made; with more, the sandwich is as good."""


@dataclass(frozen=True, slots=True, eq=False)
class Outcomes:
    """Inference for m outcomes on one design; each array has shape (k, m) and the meaning it has in `Inference`."""

    estimates: Array
    standard_errors: Array
    df: Array
    p: Array
    low: Array
    high: Array


@dataclass(frozen=True, slots=True, eq=False)
class Policy:
    """What will be done with any outcome on this design.

    Attributes
    ----------
    terms : tuple of str, length k
    design : Regressors
        The predictors and, last, the constant.
    choices : tuple of Choice, length k
    codes : array of int, shape (n,), or None
    groups : int
        0 when rows are taken as independent.
    level : float
    seed, draws : int
        Of bootstrap and permutation; the same draws for every outcome and every term.
    """

    terms: tuple[str, ...]
    design: Regressors
    choices: tuple[Choice, ...]
    codes: Codes | None
    groups: int
    level: float
    seed: int
    draws: int

    def of(self, Y: Array, *, null: Array | float = 0.0, intervals: bool = True) -> Outcomes:
        """Inference for outcomes Y, shape (n, m).

        Parameters
        ----------
        null : float, or array that fits (k, m)
            What the p-values say of: the coefficient is this.
        intervals : bool
            Whether to invert bootstrap and permutation tests, which takes some forty times as long as their p.
        """
        estimates = self.design.coefficients(Y)[: len(self.terms)]
        residuals = self.design.residuals(Y)
        nulls = np.broadcast_to(np.asarray(null, dtype=float), estimates.shape)
        rows = [self._term(j, Y, estimates[j], nulls[j], residuals, intervals) for j in range(len(self.terms))]
        errors, df, p, low, high = (np.stack(each) for each in zip(*rows, strict=True))
        return Outcomes(estimates, errors, df, p, low, high)

    def _term(self, j: int, Y: Array, b: Array, null: Array, residuals: Array, intervals: bool) -> tuple[Array, ...]:
        choice = self.choices[j]
        gap: Array = np.full(b.shape, np.nan)
        if choice.method == "none":
            return gap, gap, gap, gap, gap
        error = np.sqrt(choice.sandwich.variance(j, residuals))
        if choice.method == "wild bootstrap":
            return error, gap, *self._wild(j, Y, b, null, error, intervals)
        if choice.method == "permutation":
            return error, gap, *self._permuted(j, Y, b, null, error, intervals)
        if choice.method == "exact":
            return error, gap, *_exact(self.design.matrix[:, j], Y, null, self.level)
        t = np.divide(b - null, error, out=np.zeros_like(b), where=error > 0)
        reach = stdtrit(choice.df, 0.5 + self.level / 2) * error
        p: Array = np.asarray(2 * stdtr(choice.df, -np.abs(t)))
        return error, np.full(b.shape, choice.df), p, b - reach, b + reach

    def _wild(
        self, j: int, Y: Array, b: Array, null: Array, error: Array, intervals: bool
    ) -> tuple[Array, Array, Array]:
        assert self.codes is not None
        drawn = wild_bootstrap.signs(self.groups, self.draws, np.random.default_rng(self.seed))
        sums = wild_bootstrap.restricted(self.design, j, self.codes, self.groups, Y)
        p = wild_bootstrap.p_values(sums, drawn, null)
        if not intervals:
            return p, np.full(b.shape, np.nan), np.full(b.shape, np.nan)
        return p, *wild_bootstrap.interval(sums, drawn, b, error, self.level)

    def _permuted(
        self, j: int, Y: Array, b: Array, null: Array, error: Array, intervals: bool
    ) -> tuple[Array, Array, Array]:
        values = self.design.matrix[:, j]
        treated, step = values == values.max(), float(np.ptp(values))
        rng = np.random.default_rng(self.seed)
        tried = permutation.assignments(int(treated.sum()), len(values), self.draws, rng, treated)
        p = permutation.two_arms(Y, treated, tried, null * step)
        if not intervals:
            return p, np.full(b.shape, np.nan), np.full(b.shape, np.nan)
        low, high = permutation.two_arms_interval(Y, treated, tried, b * step, error * step, self.level)
        return p, low / step, high / step


def _exact(values: Array, Y: Array, null: Array, level: float) -> tuple[Array, ...]:
    """Exact comparison of shares for outcomes of two values each, in units of the outcome per unit of the regressor."""
    treated, step = values == values.max(), float(np.ptp(values))
    n1, n0 = int(treated.sum()), int((~treated).sum())
    found = []
    for y, value in zip(Y.T, null, strict=True):
        yes, size = y == y.max(), float(np.ptp(y))
        counts = int(yes[treated].sum()), n1, int(yes[~treated].sum()), n0
        each = share_difference(*counts, level)
        p = unconditional(*counts, float(value) * step / size) if value else each.p
        found.append((p, each.low * size / step, each.high * size / step))
    return tuple(np.array(found).T)


def policy(
    X: Array, terms: Sequence[str], groups: NDArray[np.generic] | None = None, *, weights: Array | None = None,
    level: float = 0.95, seed: int = SEED, draws: int = DRAWS, assigned: Collection[str] = (),
) -> Policy:  # fmt: skip
    """Choose the method for every term of a design without missing values.

    Parameters
    ----------
    X : array, shape (n, k)
        Without a constant, which is added; of full rank with it.
    groups : array, shape (n,), or None
        Labels. When every row has one of its own, rows are independent.
    assigned : collection of str
        Terms whose values were dealt out to rows at random, so that permutation is exact whatever the errors are.
    """
    X = np.asarray(X, dtype=float)
    prepared = regressors(np.column_stack([X, np.ones(len(X))]), weights)
    codes, count = (None, 0) if groups is None else coded(np.asarray(groups))
    if count == len(X):
        codes, count = None, 0
    choices = tuple(
        choose_independent(prepared, j, level, term in assigned)
        if codes is None
        else choose_grouped(prepared, j, codes, count, level)
        for j, term in enumerate(terms)
    )
    return Policy(tuple(terms), prepared, choices, codes, count, level, seed, draws)


def infer(
    y: Array, X: Array, terms: Sequence[str], groups: NDArray[np.generic] | None = None, *,
    weights: Array | None = None, level: float = 0.95, seed: int = SEED, draws: int = DRAWS, outcome: str = "y",
    unit: Text | str = "", assigned: Collection[str] = (),
) -> Inference:  # fmt: skip
    """Least squares of y on X and a constant, and inference for every term by the method that this design allows.

    Parameters
    ----------
    y : array, shape (n,)
        NaN is a missing value; rows with one are left out and counted.
    X : array, shape (n, k)
        Predictors without a constant.
    groups : array, shape (n,), or None
        Labels of the groups whose rows may go together (country, programme); None: rows are independent. A missing
        label (None, NaN) loses the row, which is counted.
    weights : array, shape (n,), or None
        Those of weighted least squares, positive; a row of weight 0 carries nothing and is counted as lost.
    draws : int
        Of bootstrap and permutation where not all can be tried.
    assigned : collection of str
        Terms whose values were dealt out to rows at random, such as the version of a question.

    Raises
    ------
    FitError
        The coefficients themselves do not exist: too few rows, no variance, collinear, infinite, negative weights.
    """
    rows = rows_of(y, X, terms, groups, weights, outcome)
    labels = None if groups is None else np.asarray(groups, dtype=object)[rows.used].astype(str)
    carried = None if weights is None else np.asarray(weights, dtype=float)[rows.used]
    plan = policy(
        rows.data.matrix,
        rows.data.terms,
        labels,
        weights=carried,
        level=level,
        seed=seed,
        draws=draws,
        assigned=assigned,
    )
    plan = _with_shares(plan, rows.data.outcome)
    if plan.design.follows(rows.data.outcome):
        raise ExactFitError(rows.data.n)
    found = plan.of(rows.data.outcome[:, None])
    return Inference(
        outcome, unit, rows.data.terms, found.estimates[:, 0], found.standard_errors[:, 0], found.df[:, 0],
        found.p[:, 0], found.low[:, 0], found.high[:, 0], tuple(each.method for each in plan.choices),
        tuple(each.reason for each in plan.choices), float(plan.design.coefficients(rows.data.outcome)[-1]),
        rows.data.n, len(rows.used) - rows.data.n, rows.unlabelled, plan.groups, level, seed,
        cautions_of(rows, grouped=labels is not None, alone=plan.codes is None),
    )  # fmt: skip


def _with_shares(plan: Policy, y: Array) -> Policy:
    """Where a yes or no is compared between two arms in a small table, the exact comparison is the method."""
    design = plan.design
    if plan.codes is not None or design.k != 2 or design.weights is not None or design.n > MOST_EXACT:
        return plan
    x = design.matrix[:, 0]
    if len(np.unique(y)) != 2 or len(np.unique(x)) != 2:
        return plan
    arm, yes = (x == x.max()).mean(), (y == y.max()).mean()
    least = design.n * min(arm, 1 - arm) * min(yes, 1 - yes)
    if least >= LEAST_EXPECTED:
        return plan
    reason = Reason("reason.exact", {"n": design.n, "least": float(least)})
    return replace(plan, choices=(replace(plan.choices[0], method="exact", df=np.nan, reason=reason),))
