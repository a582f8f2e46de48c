"""How many passages two or more coders must code for an interval of a wanted width, per code.

The common correlation model (Bloch and Kraemer 1989, Biometrics 45, 269–287; Donner and Eliasziw 1992): a share of
passages carries the code, and any two coders agree beyond chance by the same alpha. For two coders the three counts that
this leads one to expect are put into the interval that the results use; for more coders a passage is taken to be clear
to all with probability alpha, and otherwise each decides alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import comb

import numpy as np
import pandas as pd

from clustergov.casestudies.agreement import alpha as krippendorff
from clustergov.casestudies.agreement import interval
from clustergov.casestudies.agreement.ratings import Patterns
from clustergov.language import say
from clustergov.problems import InputError, Problem

MOST = 10_000_000
"""Passages beyond which a plan is no plan."""


@dataclass(frozen=True, slots=True)
class Assumed:
    """What a plan rests on: share of passages with the code, alpha, coders, and the interval that is wanted."""

    prevalence: float
    alpha: float
    coders: int = 2
    width: float = 0.2
    level: float = 0.95


@dataclass(frozen=True, slots=True)
class CodingPlan:
    """How many passages, and what simulated rounds of that size gave.

    Attributes
    ----------
    passages : int
        To be coded by every coder; those without the code count too.
    draws : int
        Simulated rounds; 0: not simulated.
    median_width, within, covered, undefined : float or None
        Over the rounds: median width of the interval, share of intervals no wider than wanted, share that hold the
        assumed alpha, share of rounds in which nobody or everybody saw the code everywhere.
    """

    assumed: Assumed
    passages: int
    draws: int = 0
    median_width: float | None = None
    within: float | None = None
    covered: float | None = None
    undefined: float | None = None

    def frame(self) -> pd.DataFrame:
        a = self.assumed
        row = {
            "prevalence": a.prevalence, "alpha": a.alpha, "coders": a.coders, "width": a.width, "level": a.level,
            "passages": self.passages, "with_code": self.passages * a.prevalence, "draws": self.draws,
            "median_width": self.median_width, "within": self.within, "covered": self.covered,
            "undefined": self.undefined,
        }  # fmt: skip
        return pd.DataFrame([row])

    def sentence(self, language: str) -> str:
        a = self.assumed
        text = say(
            "agreement.plan.sentence", language, passages=self.passages, coders=a.coders, width=a.width, level=a.level,
            prevalence=a.prevalence, alpha=a.alpha, seen=round(self.passages * a.prevalence),
        )  # fmt: skip
        if not self.draws or self.median_width is None:
            return text
        return f"{text} " + say(
            "agreement.plan.simulated", language, draws=self.draws, median=self.median_width, within=self.within,
            covered=self.covered,
        )  # fmt: skip


def plan(assumed: Assumed, *, draws: int = 0, seed: int = 1) -> CodingPlan:
    """The smallest number of passages whose expected interval is no wider than wanted.

    Raises
    ------
    InputError
        A prevalence, alpha or width out of range, fewer than two coders, or more than ten million passages.
    """
    _check(assumed)
    low, high = 4, 8
    while expected_width(assumed, high) > assumed.width:
        low, high = high, 2 * high
        if high > MOST:
            raise InputError(
                Problem("plan-too-large", f"expected a plan below {MOST:,} passages, found none.",
                        "Ask for a wider interval, or for a code that is less rare.")
            )  # fmt: skip
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if expected_width(assumed, middle) <= assumed.width else (middle, high)
    return simulated(assumed, high, draws=draws, seed=seed) if draws else CodingPlan(assumed, high)


def _check(assumed: Assumed) -> None:
    a = assumed
    wrong = [
        (not 0 < a.prevalence < 1, "prevalence", "a share between 0 and 1", a.prevalence),
        (not 0 <= a.alpha < 1, "alpha", "a number from 0 to below 1", a.alpha),
        (not 0 < a.width < 2, "width", "a number above 0 and below 2", a.width),
        (not 0.5 <= a.level < 1, "level", "a share from 0.5 to below 1", a.level),
        (not 2 <= a.coders <= 20, "coders", "2 to 20", a.coders),
    ]
    problems = [
        Problem("plan-value", f"expected {wanted}, found {value:g}.", "Correct it.", place=name)
        for bad, name, wanted, value in wrong
        if bad
    ]
    if problems:
        raise InputError(problems)


def shares(assumed: Assumed) -> np.ndarray:
    """Shares of passages in which 0, 1, … coders see the code: shape (coders + 1,)."""
    p, kappa, m = assumed.prevalence, assumed.alpha, assumed.coders
    alone = np.array([comb(m, k) * p**k * (1 - p) ** (m - k) for k in range(m + 1)])
    found = (1 - kappa) * alone
    found[0] += kappa * (1 - p)
    found[m] += kappa * p
    return np.asarray(found)


def expected_width(assumed: Assumed, passages: int) -> float:
    """Width of the interval where the counts are just as expected."""
    return width(shares(assumed) * passages, assumed.level)


def width(counts: np.ndarray, level: float) -> float:
    """Width of the interval of alpha from the passages in which 0, 1, … coders saw the code; NaN where undefined."""
    ends = ends_of(counts, level)
    return float("nan") if ends is None else ends[1] - ends[0]


def ends_of(counts: np.ndarray, level: float) -> tuple[float, float] | None:
    """Ends of the interval of alpha, cut off at −1 and 1; None where everybody or nobody saw the code everywhere."""
    m, n = len(counts) - 1, float(counts.sum())
    seen = float(counts @ np.arange(m + 1))
    if seen <= 0 or seen >= n * m:
        return None
    if m == 2:
        made = interval.goodness_of_fit(counts[2], counts[1], counts[0], level)
        small = 1 - 1 / (2 * n)
        return 1 - (1 - made.low) * small, 1 - (1 - made.high) * small
    # One row per number of coders: who they are does not matter to alpha.
    rows = np.array([[1] * k + [0] * (m - k) for k in range(m + 1)])
    kept = counts > 0
    patterns = Patterns(rows[kept], counts[kept].astype(np.float64), 2)
    scores = np.array([0.0, 1.0])
    value = float(krippendorff.alpha("nominal", patterns, scores, patterns.counts[None, :]).value[0])
    se = krippendorff.standard_error("nominal", patterns, scores)
    if se <= 1e-12:
        return None
    made = interval.log_t(value, se, max(2, round(n)), level)
    return max(-1.0, made.low), min(1.0, made.high)


def simulated(assumed: Assumed, passages: int, *, draws: int, seed: int = 1) -> CodingPlan:
    """Rounds of coding drawn under the assumptions, and the intervals that they would give."""
    rng = np.random.default_rng(seed)
    counts = rng.multinomial(passages, shares(assumed), size=draws)
    rows, place = np.unique(counts, axis=0, return_inverse=True)
    ends = [ends_of(row.astype(np.float64), assumed.level) for row in rows]
    low, high = (
        np.array([float("nan") if pair is None else pair[side] for pair in ends])[place.ravel()] for side in (0, 1)
    )
    there = np.isfinite(low)
    if not there.any():
        return CodingPlan(assumed, passages, draws, undefined=1.0)
    widths = (high - low)[there]
    covered = (low[there] <= assumed.alpha) & (assumed.alpha <= high[there])
    return CodingPlan(
        assumed, passages, draws, float(np.median(widths)), float((widths <= assumed.width).mean()),
        float(covered.mean()), float(1 - there.mean()),
    )  # fmt: skip
