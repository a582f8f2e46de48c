"""Rules applied to what a model says of every organisation: who is typical, deviant, influential, extreme, diverse, alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from clustergov.analysis.case_selection.declaration import PAIRS, SelectionRule, SelectionSpecification
from clustergov.analysis.case_selection.distance import distances
from clustergov.analysis.case_selection.modelled import Modelled
from clustergov.analysis.case_selection.pairs import best_pairs

Array = NDArray[np.float64]
Order = NDArray[np.int64]
Measure = Literal[
    "absolute deviance", "deviance", "cooks distance", "dfbetas", "standard score", "stratum and absolute deviance", "distance"
]  # fmt: skip
"""By which number a rule ranks."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """One organisation, or pair of them, that a rule asks for.

    Attributes
    ----------
    rule : SelectionRule
    rank : int
        From 1, the best first.
    places : tuple of int
        Rows of the model: one, or two for a pair.
    measure : Measure
    value : float
        Of the measure.
    tied : int
        Others that the rule could not tell from it; the seed decided.
    """

    rule: SelectionRule
    rank: int
    places: tuple[int, ...]
    measure: Measure
    value: float
    tied: int = 0


def choose(specification: SelectionSpecification, modelled: Modelled) -> tuple[Chosen, ...]:
    """Apply every rule, in declared order; an organisation may be asked for by more than one."""
    shuffled = np.random.default_rng(specification.seed).permutation(modelled.n)
    found: list[Chosen] = []
    for rule in specification.rules:
        if rule.rule in PAIRS:
            found += _pairs(rule, specification, modelled, shuffled)
        elif rule.rule == "diverse":
            found += _diverse(rule, modelled, shuffled)
        else:
            found += _ranked(rule, *_SCORES[rule.rule](rule, modelled), shuffled)
    return tuple(found)


def _ranked(rule: SelectionRule, measure: Measure, score: Array, value: Array, shuffled: Order) -> list[Chosen]:
    """Those with the highest score; NaN is never chosen."""
    told = _rounded(score)
    order = shuffled[np.argsort(-np.nan_to_num(told[shuffled], nan=-np.inf), kind="stable")]
    kept = [int(row) for row in order if np.isfinite(score[row])][: rule.count]
    return [
        Chosen(rule, rank, (row,), measure, float(value[row]), int((told == told[row]).sum()) - 1)
        for rank, row in enumerate(kept, start=1)
    ]


def _rounded(score: Array) -> Array:
    """Scores to eleven digits, so that a tie on one machine is a tie on all."""
    largest = float(np.nanmax(np.abs(score), initial=0.0)) or 1.0
    found: Array = np.round(score / largest, 11)
    return found


def _typical(rule: SelectionRule, modelled: Modelled) -> tuple[Measure, Array, Array]:
    return "absolute deviance", -np.abs(modelled.deviance), np.abs(modelled.deviance)


def _high(rule: SelectionRule, modelled: Modelled) -> tuple[Measure, Array, Array]:
    return "deviance", modelled.deviance, modelled.deviance


def _low(rule: SelectionRule, modelled: Modelled) -> tuple[Measure, Array, Array]:
    return "deviance", -modelled.deviance, modelled.deviance


def _influential(rule: SelectionRule, modelled: Modelled) -> tuple[Measure, Array, Array]:
    if not rule.driver:
        return "cooks distance", modelled.cooks_distance, modelled.cooks_distance
    own = modelled.dfbetas[:, modelled.terms.index(rule.driver)]
    return "dfbetas", np.abs(own), own


def _extreme(rule: SelectionRule, modelled: Modelled) -> tuple[Measure, Array, Array]:
    """|x − mean| in standard deviations (Seawright & Gerring 2008)."""
    own = modelled.predictors[:, modelled.terms.index(rule.driver)] if rule.driver else modelled.observed
    standard = (own - own.mean()) / own.std(ddof=1)
    return "standard score", np.abs(standard), standard


_SCORES: dict[str, Callable[[SelectionRule, Modelled], tuple[Measure, Array, Array]]] = {
    "typical": _typical, "deviant high": _high, "deviant low": _low, "influential": _influential, "extreme": _extreme,
}  # fmt: skip


def _diverse(rule: SelectionRule, modelled: Modelled, shuffled: Order) -> list[Chosen]:
    """Along a driver, cut into as many groups of equal size as are asked for: the most typical organisation of each."""
    own = modelled.predictors[:, modelled.terms.index(rule.driver)]
    order = shuffled[np.argsort(own[shuffled], kind="stable")]
    chosen = []
    for rank, group in enumerate(np.array_split(order, min(rule.count, modelled.n)), start=1):
        distance = _rounded(np.abs(modelled.deviance[group]))
        best = int(np.argmin(distance))
        row = int(group[best])
        tied = int((distance == distance[best]).sum()) - 1
        chosen.append(
            Chosen(rule, rank, (row,), "stratum and absolute deviance", float(abs(modelled.deviance[row])), tied)
        )
    return chosen


def _pairs(
    rule: SelectionRule, specification: SelectionSpecification, modelled: Modelled, shuffled: Order
) -> list[Chosen]:
    between = distances(modelled.predictors, specification.distance)
    gap = np.abs(modelled.observed[:, None] - modelled.observed[None])
    similar = rule.rule == "most similar"
    allowed = gap >= (rule.apart or 0) - 1e-9 if similar else gap <= (rule.within or 0) + 1e-9
    np.fill_diagonal(allowed, val=False)
    # The seed decides last: its part is far below any difference of outcomes.
    noise = np.argsort(shuffled) / (1e6 * modelled.n)
    prefer = (gap if similar else -gap) + noise[:, None] + noise[None]
    pairs = best_pairs(between if similar else -between, allowed, rule.count, prefer)
    found = []
    for rank, (one, other) in enumerate(pairs, start=1):
        upper, lower = (one, other) if modelled.observed[one] >= modelled.observed[other] else (other, one)
        same = int((np.triu(allowed, 1) & np.isclose(between, between[one, other], rtol=0, atol=1e-9)).sum()) - 1
        found.append(Chosen(rule, rank, (upper, lower), "distance", float(between[one, other]), same))
    return found
