"""What the same analysis finds when the outcome is dealt to the cases at random: chance is what a finding is held against.

Braumoeller, B. F. (2015). Guarding against false positives in Qualitative Comparative Analysis. Political Analysis 23(4),
471–487.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.stats import beta

from clustergov.casestudies.qca.calibrated_table import Array
from clustergov.casestudies.qca.expression import Expression, Term
from clustergov.casestudies.qca.fit import sufficiency
from clustergov.casestudies.qca.reruns import Reruns
from clustergov.casestudies.qca.specified import Specified
from clustergov.language import Text, say

LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Share:
    """A share of draws, with its Clopper–Pearson interval.

    Attributes
    ----------
    count, draws : int
    low, high : float
    """

    count: int
    draws: int
    low: float
    high: float

    @property
    def value(self) -> float:
        return self.count / self.draws

    @classmethod
    def of(cls, count: int, draws: int, level: float = LEVEL) -> Share:
        tail = (1 - level) / 2
        low = float(beta.ppf(tail, count, draws - count + 1)) if count else 0.0
        high = float(beta.ppf(1 - tail, count + 1, draws - count)) if count < draws else 1.0
        return cls(count, draws, low, high)


@dataclass(frozen=True, slots=True)
class ByChance:
    """One term, or the model, against shuffled outcomes.

    Attributes
    ----------
    formula : str
    inclusion : float
        As found.
    middle, high : float
        Median and 95th percentile of its inclusion in shuffled outcomes.
    reached : Share
        Draws in which its inclusion is at least as high as found.
    """

    formula: str
    inclusion: float
    middle: float
    high: float
    reached: Share


@dataclass(frozen=True, slots=True)
class Shuffled:
    """The analysis on shuffled outcomes.

    Attributes
    ----------
    draws, seed : int
    rows : int
        Rows with OUT 1 as found.
    rows_by_chance : tuple of (float, float)
        Median and 95th percentile of their number in shuffled outcomes.
    any_solution : Share
        Draws with at least one row with OUT 1: there, too, a solution would have been reported.
    inclusion, inclusion_by_chance : float
        Of the union of the rows with OUT 1: as found, and the median in draws that have some (NaN if none has).
    as_consistent : Share
        Draws in which that union is at least as consistent as found: here the search counts, since rows are chosen anew.
    parts : tuple of ByChance
        The terms of the first model, then the model.
    """

    draws: int
    seed: int
    rows: int
    rows_by_chance: tuple[float, float]
    any_solution: Share
    inclusion: float
    inclusion_by_chance: float
    as_consistent: Share
    parts: tuple[ByChance, ...]

    def frame(self) -> pd.DataFrame:
        """One row per term and one for the model."""
        return pd.DataFrame(
            [[one.formula, one.inclusion, one.middle, one.high, one.reached.count, one.reached.draws, one.reached.value,
              one.reached.low, one.reached.high] for one in self.parts],
            columns=["formula", "inclusion", "median_by_chance", "p95_by_chance", "reached", "draws", "share", "low", "high"],
        )  # fmt: skip

    def sentence(self, language: str) -> str:
        """How often chance alone gives a solution, how consistent that is, and how often it is as consistent as here."""
        any_, whole = self.any_solution, self.parts[-1]
        told = say("qca_robustness.shuffled", language, draws=self.draws, any=any_.value, any_low=any_.low,
                   any_high=any_.high, rows=self.rows, middle=self.rows_by_chance[0], level=LEVEL)  # fmt: skip
        if not np.isnan(self.inclusion_by_chance):
            same = self.as_consistent
            told += " " + say("qca_robustness.shuffled_inclusion", language, inclusion=self.inclusion_by_chance,
                              found=self.inclusion, share=same.value, low=same.low, high=same.high, level=LEVEL)  # fmt: skip
        return f"{told} " + say(
            "qca_robustness.shuffled_model", language, found=whole.inclusion, middle=whole.middle, high=whole.high,
            share=whole.reached.value, low=whole.reached.low, high_share=whole.reached.high, level=LEVEL,
        )  # fmt: skip


def shuffled(specified: Specified, *, draws: int, seed: int) -> Shuffled | Text:
    """Deal the outcome to the cases at random, many times, and look for rows that go with it by the same cut-offs.

    The truth table is judged anew in every draw; rows are not minimised, since their union is what the conservative
    solution says.

    Returns
    -------
    Shuffled or Text
        A text says why there is no solution to begin with.
    """
    reruns = Reruns(specified)
    if isinstance(reruns.initial, Text):
        return reruns.initial
    values = specified.values
    y, found = reruns.outcome(values), reruns.rows(values)
    generator = np.random.default_rng(seed)
    dealt = generator.permuted(np.tile(y, (draws, 1)), axis=1)
    counts, unions = _rows_by_chance(reruns, values, dealt)
    observed = int((found.out(specified.cut_offs) == 1).sum())
    whole = unions[~np.isnan(unions)]
    model = reruns.initial[0]
    parts: list[Term | Expression] = [*model.terms, *([model] if len(model.terms) > 1 else [])]
    rows_found = found.near[found.out(specified.cut_offs) == 1].max(axis=0)
    union = sufficiency(rows_found, y).inclusion
    return Shuffled(
        draws, seed, observed, (float(np.median(counts)), float(np.quantile(counts, LEVEL))),
        Share.of(int((counts > 0).sum()), draws),
        union, float(np.median(whole)) if len(whole) else float("nan"),
        Share.of(int((whole >= union - 1e-12).sum()), draws),
        tuple(_by_chance(part, specified, y, dealt) for part in parts),
    )  # fmt: skip


def _rows_by_chance(reruns: Reruns, values: Array, dealt: Array) -> tuple[Array, Array]:
    """Per draw: rows with OUT 1, and the inclusion of their union."""
    rows, cut_offs = reruns.rows(values), reruns.specified.cut_offs
    counts, unions = np.zeros(len(dealt)), np.full(len(dealt), np.nan)
    whole = rows.near.sum(axis=1)
    for draw, y in enumerate(dealt):
        both = np.minimum(rows.near, y)
        ambiguous = np.minimum(both, 1 - y).sum(axis=1)
        with np.errstate(invalid="ignore", divide="ignore"):
            inclusion, pri = both.sum(axis=1) / whole, (both.sum(axis=1) - ambiguous) / (whole - ambiguous)
        positive = replace(rows, inclusion=inclusion, pri=pri).out(cut_offs) == 1
        counts[draw] = positive.sum()
        if positive.any():
            unions[draw] = sufficiency(rows.near[positive].max(axis=0), y).inclusion
    return counts, unions


def _by_chance(part: Term | Expression, specified: Specified, y: Array, dealt: Array) -> ByChance:
    x = part.membership(specified.table)
    found = sufficiency(x, y).inclusion
    by_chance = np.minimum(x, dealt).sum(axis=1) / max(float(x.sum()), 1e-12)
    reached = Share.of(int((by_chance >= found - 1e-12).sum()), len(dealt))
    return ByChance(str(part), found, float(np.median(by_chance)), float(np.quantile(by_chance, LEVEL)), reached)
