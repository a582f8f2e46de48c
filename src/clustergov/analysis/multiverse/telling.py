"""A multiverse in words, Dutch and English."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from clustergov.analysis.models.design import enumeration
from clustergov.analysis.multiverse.curve import REGIONS, Curve
from clustergov.language import number, say

if TYPE_CHECKING:
    from clustergov.analysis.multiverse.result import Multiverse

UNITS = {"sd": "sd", "log odds": "log odds"}


def summary(result: Multiverse, language: str) -> Iterator[str]:
    """Sentences: how many universes, each curve, the preregistered universe, forks, what was not counted and why."""
    yield say("multiverse.universes", language, title=result.specification.title, universes=len(result.n),
              forks=len(result.specification.forks), least=int(result.n[result.estimate == result.estimate].min()),
              most=int(result.n.max()), started=result.started)  # fmt: skip
    yield from left_out(result, language)
    yield preregistered(result, language)
    for place, curve in enumerate(result.curves):
        yield from of_curve(result, curve, language, several=len(result.curves) > 1, first=place == 0)


def unit(name: str, language: str) -> str:
    """The unit of estimates in words."""
    if name in UNITS:
        return say(f"multiverse.unit.{name}", language)
    return say("multiverse.unit.answered", language, scale=name)


def preregistered(result: Multiverse, language: str) -> str:
    """The preregistered universe: its n, estimate, interval and where that lies."""
    at = result.preregistered
    if result.refusal[at]:
        return say("multiverse.preregistered missing", language,
                   reason=say(f"multiverse.refusal.{result.refusal[at]}", language))  # fmt: skip
    lying = say(f"multiverse.region.{result.region[at]}", language)
    return say("multiverse.preregistered", language, n=int(result.n[at]), estimate=float(result.estimate[at]),
               unit=unit(str(result.unit[at]), language), level=result.specification.level, low=float(result.low[at]),
               high=float(result.high[at]), region=lying)  # fmt: skip


def of_curve(result: Multiverse, curve: Curve, language: str, *, several: bool, first: bool) -> Iterator[str]:
    """One curve: its median and range, where the intervals lie, its joint test, and what the forks make of it."""
    counted = result.n[curve.counted]
    yield say("multiverse.curve", language, counted=len(counted), unit=unit(curve.unit, language), median=curve.median,
              lowest=curve.lowest, highest=curve.highest)  # fmt: skip
    if first:
        parts = [
            say("multiverse.share", language, share=curve.regions[name], region=say(f"multiverse.region.{name}", language))
            for name in REGIONS if curve.regions[name] > 0
        ]  # fmt: skip
        yield say("multiverse.regions", language, parts="; ".join(parts),
                  smallest=number(result.specification.smallest_effect.value, language))  # fmt: skip
    yield joint_test(curve, language)
    if curve.whole and max(curve.whole.values()) > 0:
        yield strongest(result, curve, language)
    if several and first:
        yield say("multiverse.separate", language, curves=len(result.curves))


def joint_test(curve: Curve, language: str) -> str:
    """The joint test, or why there is none."""
    if curve.joint is None:
        return say("multiverse.untested", language)
    test = curve.joint
    return say("multiverse.joint", language, permutations=test.permutations, median=abs(test.median), p=test.p_median,
               one_sign=test.share_one_sign, p_one_sign=test.p_share_one_sign, apart=test.share_apart,
               p_apart=test.p_share_apart, z=test.mean_z, p_z=test.p_mean_z)  # fmt: skip


def strongest(result: Multiverse, curve: Curve, language: str) -> str:
    """The forks in order of what they do to the estimates."""
    labels = {fork.code: fork.label for fork in result.specification.forks}
    order = sorted(curve.whole.items(), key=lambda item: -item[1])[:3]
    parts = tuple(f"{labels[code].to(language)} ({number(100 * part, language, 0)}%)" for code, part in order)
    return say("multiverse.influence", language, forks=enumeration(parts).to(language))


def left_out(result: Multiverse, language: str) -> Iterator[str]:
    """Universes that do not count: without an estimate, said twice, wrong in hindsight."""
    reasons = [say("multiverse.refused", language, count=count, reason=say(f"multiverse.refusal.{reason}", language))
               for reason, count in result.refusals().items()]  # fmt: skip
    if reasons:
        yield say("multiverse.without", language, count=int((result.refusal != "").sum()), reasons="; ".join(reasons))
    if result.duplicates:
        yield say("multiverse.duplicates", language, count=result.duplicates)
    if wrong := int((result.wrong & (result.refusal == "")).sum()):
        own = result.unit == result.unit[result.preregistered]
        estimates = result.estimate[result.wrong & (result.refusal == "") & own]
        median = say("multiverse.wrong median", language, median=float(np.median(estimates))) if len(estimates) else ""
        yield say("multiverse.wrong", language, count=wrong, median=median)
