"""Which method a design allows for one coefficient, decided before any outcome is seen, and why."""

from __future__ import annotations

from dataclasses import dataclass
from math import comb

import numpy as np
from scipy.special import stdtrit

from clustergov.analysis.inference.cluster_robust import cluster_robust
from clustergov.analysis.inference.heteroskedasticity import heteroskedastic
from clustergov.analysis.inference.inference import Method
from clustergov.analysis.inference.promise import FAVOURED, lowered, working_models, worst_by_moments, worst_of
from clustergov.analysis.inference.reason import Reason
from clustergov.analysis.inference.regressors import Array, Codes, Regressors
from clustergov.analysis.inference.sandwich import Sandwich, joint, moments_of

SLACK = 1.06
"""Rejections that a method by group may reach in the least favourable working model, as a multiple of the nominal share:
5.3% at 5%, so that answers that are not normal have room to 6%."""

SPARED = 0.8
"""The same for HC2: skewed answers in a small part of independent rows cost more, a percentage point and over."""

SAYS_NOTHING = 4.0
"""Width of an interval, as a multiple of the one with known variances, from which on it is not given; own choice."""

LEAST_ARM = 3
"""Groups on the smaller side of a regressor that only differs between groups; with fewer nothing tells their variance."""

LEAST_SIGNED = 8
"""Groups from which on the wild bootstrap may be chosen: 2⁷ = 128 different draws, a smallest p of 0.008."""

LEAST_ROWS = 4
"""Rows per group on average from which on the wild bootstrap may be chosen; groups of one to four were seen at 5.9%."""

MISSED = 1.5
"""CR2's computed rejections, as a multiple of the nominal share, up to which the wild bootstrap may be chosen: where one
group carries nearly everything both fail, and CR2's computation shows it."""

MOST_SPENT = 0.1
"""Parameters per row up to which the wild bootstrap may be chosen: it draws residuals, which a model with many parameters
leaves too small; nine parameters of 60 rows in 12 groups were seen at 6.6%, of 110 rows at 5.8%."""

EVEN = 0.7
"""CR2's degrees of freedom as a share of groups − 1 from which on the wild bootstrap may be chosen: below it a few groups
carry the estimate, and its rejections were seen to pass 6% (docs/inference-policy.md)."""

EXACT_FORM = 400
"""Groups, or rows without groups, up to which rejections are computed exactly rather than by Satterthwaite."""

MANY = 20.0
"""Degrees of freedom from which on Satterthwaite's approximation is as good as the exact form: see its test."""

LEAST_COMMON = 9.0
"""Lowest degrees of freedom from which on HC3 keeps n − k: with fewer, skewed answers of twelve or sixteen rows were seen to
be rejected in 6.6% (docs/inference-policy.md)."""

LEAST_ASSIGNMENTS = 70
"""Assignments from which on a permutation test can reject at 5% with room: two arms of four."""


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """The method for one coefficient.

    Attributes
    ----------
    method : Method
    sandwich : Sandwich
        Gives the standard error.
    df : float
        Of t; NaN where no t is used.
    worst : float
        Largest share of true nulls rejected in the working models, computed; NaN where it is not.
    reason : Reason
    """

    method: Method
    sandwich: Sandwich
    df: float
    worst: float
    reason: Reason


def choose_independent(design: Regressors, j: int, level: float, assigned: bool = False) -> Choice:
    """For rows that are independent of each other; `assigned`: the regressor's values were dealt out at random."""
    alpha = 1 - level
    models = working_models(design.solver[j], grouped=False)
    hc3 = heteroskedastic(design, "HC3")
    found = [moments_of(hc3, j, model) for model in models]
    residual = design.n - design.k
    if assigned and _permutable(design, j):
        reason = Reason("reason.permutation", {"n": design.n})
        return Choice("permutation", heteroskedastic(design, "HC2"), np.nan, np.nan, reason)
    if min(each.ratio for each in found) < 0.25:
        return _nothing(hc3, Reason("nothing.leverage", {}))
    common = worst_by_moments(found, residual, level)
    df = min(each.df for each in found)
    if common <= alpha and df >= LEAST_COMMON:
        return Choice("HC3", hc3, residual, common, Reason("reason.HC3", {"df": residual, **_promise(common, level)}))
    exactly = design.n <= EXACT_FORM and df < MANY
    if exactly:
        hc2 = heteroskedastic(design, "HC2")
        usual = moments_of(hc2, j).df
        reached = worst_of([joint(hc2, j, model) for model in models], usual, level)
        if reached <= SPARED * alpha:
            return _spoken(
                Choice("HC2", hc2, usual, reached, Reason("reason.HC2", {"df": usual, **_promise(reached, level)})),
                j,
                level,
            )
    covariances = [joint(hc3, j, model) for model in models] if exactly else []
    reached = worst_of(covariances, df, level) if covariances else worst_by_moments(found, df, level)
    reason = Reason("reason.HC3 lowered", {"df": df, "usual": residual, "common": common, **_promise(reached, level)})
    return _spoken(Choice("HC3", hc3, df, reached, reason), j, level)


def choose_grouped(
    design: Regressors, j: int, codes: Codes, groups: int, level: float, *, raw: Array | None = None,
    scale: Array | None = None, bootstrap: bool = True,
) -> Choice:  # fmt: skip
    """For rows of which those of one group may go together.

    Parameters
    ----------
    raw : array, shape (n,), or None
        The regressor as it was measured, where the design holds it otherwise.
    scale : array, shape (n,), or None
        See `cluster_robust`.
    bootstrap : bool
        Whether the wild bootstrap may be chosen.
    """
    alpha = 1 - level
    cr2 = cluster_robust(design, codes, groups, "CR2", scale=scale)
    if groups < 2:
        return _nothing(cr2, Reason("nothing.one group", {}))
    between, arm = _sides(design.matrix[:, j] if raw is None else raw, codes, groups)
    if between and arm < LEAST_ARM:
        return _nothing(cr2, Reason("nothing.few treated", {"arm": arm, "groups": groups, "least": LEAST_ARM}))
    models = working_models(design.solver[j], grouped=True)

    def reached(sandwich: Sandwich, df: float) -> float:
        if groups > EXACT_FORM:
            return worst_by_moments([moments_of(sandwich, j, model) for model in models], df, level)
        return worst_of([joint(sandwich, j, model) for model in models], df, level)

    df2 = moments_of(cr2, j).df
    worst2 = reached(cr2, df2)
    if worst2 <= SLACK * alpha:
        reason = Reason("reason.CR2", {"groups": groups, "df": df2, **_promise(worst2, level)})
        return _spoken(Choice("CR2", cr2, df2, worst2, reason), j, level)
    if bootstrap and not between and _signable(design, groups, df2, worst2 / alpha):
        reason = Reason("reason.wild bootstrap", {"groups": groups, "cr2": worst2, "nominal": alpha})
        return Choice("wild bootstrap", cr2, np.nan, np.nan, reason)
    cr3 = cluster_robust(design, codes, groups, "CR3")
    df3 = moments_of(cr3, j).df
    worst3 = reached(cr3, df3)
    less = _lowered(cr2, j, df2, level)
    if worst3 > SLACK * alpha or _width(less, j, level) < _width_of(cr3, j, df3, level):
        return less if less.method == "none" else _spoken(less, j, level)
    reason = Reason("reason.CR3", {"groups": groups, "df": df3, "cr2": worst2, **_promise(worst3, level)})
    return _spoken(Choice("CR3", cr3, df3, worst3, reason), j, level)


def _signable(design: Regressors, groups: int, df: float, missed: float) -> bool:
    """Whether the wild bootstrap may be chosen: groups and rows enough, and no group that carries the estimate alone."""
    enough = groups >= LEAST_SIGNED and design.n >= max(LEAST_ROWS * groups, design.k / MOST_SPENT)
    return enough and df >= EVEN * (groups - 1) and missed <= MISSED


def _lowered(cr2: Sandwich, j: int, df: float, level: float) -> Choice:
    """CR2 with as many degrees of freedom as keep the nominal share in every working model."""
    models = working_models(cr2.design.solver[j], grouped=True)
    covariances = [joint(cr2, j, model) for model in models]
    less = lowered(covariances, df, level, 1 - level)
    if less < 1:
        return _nothing(cr2, Reason("nothing.no method", {"groups": cr2.groups}))
    worst = worst_of(covariances, less, level)
    values = {"groups": cr2.groups, "df": less, "usual": df, **_promise(worst, level)}
    return Choice("CR2", cr2, less, worst, Reason("reason.CR2 lowered", values))


def _width(choice: Choice, j: int, level: float) -> float:
    return np.inf if choice.method == "none" else _width_of(choice.sandwich, j, choice.df, level)


def _width_of(sandwich: Sandwich, j: int, df: float, level: float) -> float:
    """Half an interval, as a multiple of the coefficient's true standard error, when errors are equal and independent."""
    return float(stdtrit(df, 0.5 + level / 2) * np.sqrt(moments_of(sandwich, j).ratio))


def _promise(worst: float, level: float) -> dict[str, float]:
    return {"worst": worst, "nominal": 1 - level, "times": FAVOURED}


def _nothing(sandwich: Sandwich, reason: Reason) -> Choice:
    return Choice("none", sandwich, np.nan, np.nan, reason)


def _spoken(choice: Choice, j: int, level: float) -> Choice:
    """Refuse an interval so wide that it says nothing."""
    width = _width(choice, j, level)
    known = stdtrit(np.inf, 0.5 + level / 2)
    if np.isfinite(width) and width <= SAYS_NOTHING * known:
        return choice
    return _nothing(choice.sandwich, Reason("nothing.says nothing", {"df": choice.df, "times": float(width / known)}))


def _sides(values: Array, codes: Codes, groups: int) -> tuple[bool, int]:
    """Whether a regressor differs between groups only, and with two values the number of groups on the smaller side."""
    low, high = np.full(groups, np.inf), np.full(groups, -np.inf)
    np.minimum.at(low, codes, values)
    np.maximum.at(high, codes, values)
    if (high > low).any():
        return False, groups
    counts = np.unique(low, return_counts=True)[1]
    return True, int(counts.min()) if len(counts) == 2 else groups


def _permutable(design: Regressors, j: int) -> bool:
    """Whether the only regressor has two values and enough assignments."""
    if design.k != 2 or design.weights is not None:
        return False
    counts = np.unique(design.matrix[:, j], return_counts=True)[1]
    return len(counts) == 2 and int(counts.min()) > 1 and comb(design.n, int(counts.min())) >= LEAST_ASSIGNMENTS
