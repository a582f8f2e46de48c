"""One scale's internal consistency by alpha and by omega, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from clustergov.analysis.models.design import FitError
from clustergov.analysis.scales.item_correlations import copied_rows, item_correlations
from clustergov.analysis.scales.items import ItemsError, items_of
from clustergov.analysis.scales.omega import OmegaTotal, omega_total
from clustergov.analysis.scales.reliability import (
    LEAST_COMPLETE,
    NotComputed,
    Reliability,
    item_values,
    reliability,
    reliability_of_arrays,
    reliability_of_constructs,
    standardised_alpha,
)
from clustergov.analysis.scales.schmid_leiman import OmegaHierarchical, omega_hierarchical
from clustergov.language import Text, both
from clustergov.survey.responses import Responses


@dataclass(frozen=True, slots=True, eq=False)
class Consistency:
    """Alpha and omega of one scale on the same respondents.

    Attributes
    ----------
    alpha : Reliability
        With Feldt's interval and the item statistics.
    standardised_alpha : float
    omega : OmegaTotal or None
        None with two items, or where no factor could be fitted: `omega_reason` says why.
    omega_reason : Text or None
    hierarchical : OmegaHierarchical or None
        Only where group factors were asked for.
    hierarchical_reason : Text or None
    """

    alpha: Reliability
    standardised_alpha: float
    omega: OmegaTotal | None
    omega_reason: Text | None
    hierarchical: OmegaHierarchical | None
    hierarchical_reason: Text | None

    def sentence(self, language: str) -> str:
        parts = [self.alpha.sentence(language)]
        for found, reason in (
            (self.omega, self.omega_reason), (self.hierarchical, self.hierarchical_reason),
        ):  # fmt: skip
            if found is not None:
                parts.append(found.sentence(language))
            elif reason is not None:
                parts.append(reason.to(language))
        return " ".join(parts)


def consistency(
    values: pd.DataFrame,
    *,
    turned: Sequence[str] = (),
    factors: int | None = None,
    draws: int = 1000,
    seed: int = 1,
) -> Consistency:
    """Alpha, omega total and, with `factors`, omega hierarchical of the columns of `values`.

    Parameters
    ----------
    values : DataFrame of float
        One column per item; those in `turned` are turned already.
    draws : int
        Resamples behind omega's interval; 0 for none.

    Raises
    ------
    ItemsError
        Fewer than two items, fewer than ten complete rows, an item without variance, text or infinite values.
    """
    data = items_of(values, least=2, rows=LEAST_COMPLETE)
    label = ", ".join(data.names)
    found = reliability(values, scale=label, label=Text({"nl": label, "en": label}), turned=turned)
    if isinstance(found, NotComputed):  # items that contradict each other exactly: their sum does not vary
        raise ItemsError("constant", terms=data.names, n=data.n)
    if (copies := copied_rows(values)) is not None:
        found = replace(found, cautions=(*found.cautions, copies))
    return _with_omega(found, values, factors, draws, seed)


def consistencies(
    responses: Responses, *, factors: int | None = None, draws: int = 1000, seed: int = 1
) -> tuple[list[Consistency], list[NotComputed]]:
    """Every construct and every array of responses; a scale that is both is told once, as construct."""
    found, refused, seen = [], [], set()
    for result in (*reliability_of_constructs(responses), *reliability_of_arrays(responses)):
        if isinstance(result, NotComputed):
            refused.append(result)
            continue
        key = (frozenset(result.items), frozenset(result.reversed))
        if key not in seen:
            seen.add(key)
            found.append(_with_omega(result, item_values(responses, result), factors, draws, seed))
    return found, refused


def with_omega(
    results: Sequence[Reliability | NotComputed], responses: Responses, *, draws: int = 1000, seed: int = 1
) -> tuple[Reliability | NotComputed, ...]:
    """Add omega total to each reliability of these responses; where none exists the reason becomes a caution.

    A scale and an array of the same items share one omega.
    """
    known: dict[tuple[frozenset[str], frozenset[str]], Consistency] = {}
    found: list[Reliability | NotComputed] = []
    for result in results:
        if isinstance(result, NotComputed):
            found.append(result)
            continue
        key = (frozenset(result.items), frozenset(result.reversed))
        if key not in known:
            known[key] = _with_omega(result, item_values(responses, result), None, draws, seed)
        both_ways = known[key]
        told = both_ways.omega.cautions if both_ways.omega else ()
        if both_ways.omega is None and both_ways.omega_reason is not None and len(result.items) > 2:
            told = (both_ways.omega_reason,)
        found.append(replace(result, omega=both_ways.omega, cautions=(*result.cautions, *told)))
    return tuple(found)


def _with_omega(found: Reliability, values: pd.DataFrame, factors: int | None, draws: int, seed: int) -> Consistency:
    values = values[list(found.items)]
    omega = omega_reason = hierarchical = hierarchical_reason = None
    if len(found.items) < 3:
        omega_reason = both("scales.omega.two items")
    else:
        try:
            omega = omega_total(values, rng=np.random.default_rng(seed) if draws else None, draws=draws)
        except FitError as refusal:
            omega_reason = refusal.reason
    if factors is not None:
        try:
            hierarchical = omega_hierarchical(item_correlations(values), factors=factors)
        except FitError as refusal:
            hierarchical_reason = refusal.reason
    X = values.dropna().to_numpy(dtype=float)
    return Consistency(found, standardised_alpha(X), omega, omega_reason, hierarchical, hierarchical_reason)
