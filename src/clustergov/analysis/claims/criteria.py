"""Several criteria of replication for each part of a claim with a published figure; none of them is a verdict.

The verdict is the decision table's alone. These stand beside it because most of them rest on the original's n, which is
often only known to lie in a range, and because picking the best of seven criteria afterwards would be a choice with the
result in view. They tell where the verdict's comparison with a number “as it stands” is too strict or too lenient.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import pandas as pd
from scipy.special import ndtri

from clustergov.analysis.claims.assessment import Assessment, PartAssessment
from clustergov.analysis.claims.claim import Claims, Part
from clustergov.analysis.claims.reported import Sample
from clustergov.analysis.claims.verdicts import EQUIVALENCE, DecisionTable
from clustergov.analysis.claims.yardstick import Yardstick
from clustergov.analysis.interval import Interval
from clustergov.analysis.replication.bayes_factor import by_normal
from clustergov.analysis.replication.equivalence import equivalence
from clustergov.analysis.replication.prediction import prediction_interval, sceptical_p
from clustergov.analysis.replication.telescopes import detectable, smaller_p
from clustergov.language import Text, both, say

Name = Literal[
    "direction", "published in interval", "prediction interval", "equivalence", "small telescopes", "Bayes factor",
    "sceptical p",
]  # fmt: skip
NAMES: tuple[Name, ...] = get_args(Name)
Says = Literal["agrees", "disagrees", "open", "not applicable"]
SAYS: tuple[Says, ...] = get_args(Says)

SIZES = 7
"""Sizes of the original's sample that are tried between the least and the most it can have been."""
EVIDENCE = 3.0
"""A Bayes factor from which, or below the inverse of which, evidence is called moderate (Jeffreys 1961, app. B)."""
ONE_SIDED = 0.025


@dataclass(frozen=True, slots=True)
class Criterion:
    """What one criterion says of one part.

    Attributes
    ----------
    says : {"agrees", "disagrees", "open", "not applicable"}
        agrees: with the published figure, or its direction. open: it cannot tell, or it depends on the original's n.
    low, high : float
        The criterion's number over everything that rounding and the original's n leave open; NaN where none is.
        direction: our interval; published in interval: the published range; prediction interval: its widest; equivalence:
        p; small telescopes: p; Bayes factor: itself; sceptical p: itself. On the turned scale: positive is the claimed
        direction, 0 the part's zero, logs for odds ratios.
    """

    name: Name
    says: Says
    low: float = math.nan
    high: float = math.nan


@dataclass(frozen=True, slots=True)
class PartCriteria:
    """All criteria of one part.

    Attributes
    ----------
    n_original : (int, int) or None
    original_mark : str
        Of that n; D: a range of our own, so that the criteria are a sensitivity band.
    estimate, error : float
        Ours, turned.
    """

    part: Part
    criteria: tuple[Criterion, ...]
    n: int
    n_original: tuple[int, int] | None
    original_mark: str
    estimate: float
    error: float
    note: Text | None = None

    def count(self, says: Says) -> int:
        return sum(criterion.says == says for criterion in self.criteria)

    def sentence(self, language: str) -> str:
        applicable = len(self.criteria) - self.count("not applicable")
        told = say("replication.part", language, part=self.part.id, total=applicable, agrees=self.count("agrees"),
                   disagrees=self.count("disagrees"), open=self.count("open"), n=self.n)  # fmt: skip
        return f"{told} {self.note.to(language)}" if self.note else told


@dataclass(frozen=True, slots=True)
class Criteria:
    """The criteria of every part that has a published figure and an estimate, in the order of the claims."""

    parts: tuple[PartCriteria, ...]

    def frame(self) -> pd.DataFrame:
        """A row per part and criterion: part, criterion, says, low, high, n, n_original_low, n_original_high, mark."""
        columns = ["part", "criterion", "says", "low", "high", "n", "n_original_low", "n_original_high", "mark"]
        rows = [
            (found.part.id, each.name, each.says, each.low, each.high, found.n,
             *(found.n_original or (math.nan, math.nan)), found.original_mark)
            for found in self.parts
            for each in found.criteria
        ]  # fmt: skip
        return pd.DataFrame(rows, columns=columns)

    def sentence(self, language: str) -> str:
        return say("replication.all", language, parts=len(self.parts),
                   agrees=sum(part.count("agrees") for part in self.parts),
                   disagrees=sum(part.count("disagrees") for part in self.parts),
                   open=sum(part.count("open") for part in self.parts))  # fmt: skip


def criteria(claims: Claims, table: DecisionTable, assessments: tuple[Assessment, ...]) -> Criteria:
    """Every criterion for every part with a published figure and an estimate."""
    return Criteria(
        tuple(
            _Comparison(found, table, (found.part.reported and found.part.reported.n) or sample).all()
            for assessment in assessments
            for sample in [claims.samples.get(assessment.claim.source)]
            for found in assessment.parts
            if found.part.published is not None and found.plain is not None
        )
    )


def standard_error(found: PartAssessment) -> float:
    """The error that the plain interval implies: its width over twice the normal quantile, of logs for odds ratios."""
    if found.plain is None:
        return math.nan
    plain = _logged(found.part, found.plain)
    return (plain.high - plain.low) / (2 * float(ndtri(0.5 + plain.level / 2)))


def value_of(found: PartAssessment) -> float:
    """The estimate on the scale of `standard_error`."""
    if found.estimate is None:
        return math.nan
    return math.log(found.estimate) if found.part.measure == "odds ratio" and found.estimate > 0 else found.estimate


def _logged(part: Part, interval: Interval) -> Interval:
    if part.measure != "odds ratio":
        return interval
    low, high = (math.log(end) if 0 < end < math.inf else math.copysign(math.inf, end - 1) for end in
                 (interval.low, interval.high))  # fmt: skip
    return Interval(low, high, interval.level)


class _Comparison:
    """One part's estimate beside the published figure, both measured from zero in the claimed direction."""

    def __init__(self, found: PartAssessment, table: DecisionTable, sample: Sample | None) -> None:
        assert found.plain is not None  # `criteria` leaves out what was not estimated
        self.found, self.part, self.alpha = found, found.part, table.alpha
        self.yardstick = Yardstick.of(found.part, table)
        self.plain = self.yardstick.turn(_logged(found.part, found.plain))
        self.error = standard_error(found)
        value = value_of(found)
        self.estimate = self.yardstick.turn(Interval(value, value)).low
        self.published = self.yardstick.published or (math.nan, math.nan)
        self.sample = sample
        self.value = self.part.form in EQUIVALENCE
        # “More than 80 %” names a bound: there is no number whose error or detectability could be asked after.
        self.bound = self.published[1] - self.published[0] > 2 * self.yardstick.smallest
        self.usable = math.isfinite(self.error) and self.error > 0

    def all(self) -> PartCriteria:
        sizes = self.sample.range if self.sample else None
        told = tuple(self._criteria())
        return PartCriteria(self.part, told, self.found.n, sizes, self.sample.mark if self.sample else "",
                            self.estimate, self.error, self._note(told))  # fmt: skip

    def _note(self, told: tuple[Criterion, ...]) -> Text | None:
        says = {each.name: each.says for each in told}
        if self.found.verdict == "weaker than published" and says["prediction interval"] in ("agrees", "open"):
            return both(f"replication.weaker.{says['prediction interval']}")
        return None

    def _criteria(self) -> Iterator[Criterion]:
        methods: dict[Name, Callable[[], Criterion]] = {
            "direction": self._direction, "published in interval": self._published_in_interval,
            "prediction interval": self._prediction, "equivalence": self._equivalence,
            "small telescopes": self._telescopes, "Bayes factor": self._bayes_factor, "sceptical p": self._sceptical,
        }  # fmt: skip
        for name, method in methods.items():
            yield method() if self._applies(name) else Criterion(name, "not applicable")

    def _applies(self, name: Name) -> bool:
        if name == "published in interval":
            return True
        if name in ("direction", "small telescopes", "Bayes factor", "sceptical p") and self.value:
            return False
        if name in ("direction", "equivalence"):
            return self.usable
        return self.usable and self.sample is not None and not self.bound

    def _direction(self) -> Criterion:
        says: Says = "agrees" if self.plain.low > 0 else "disagrees" if self.plain.high < 0 else "open"
        return Criterion("direction", says, self.plain.low, self.plain.high)

    def _published_in_interval(self) -> Criterion:
        low, high = self.published
        meets = self.plain.low <= high and low <= self.plain.high
        return Criterion("published in interval", "agrees" if meets else "disagrees", low, high)

    def _originals(self) -> Iterator[tuple[float, float]]:
        """Every published number, with its error, that rounding and the range of n leave open."""
        assert self.sample is not None
        for n in np.unique(np.linspace(*self.sample.range, SIZES).round()):
            for figure in (self.published[0], sum(self.published) / 2, self.published[1]):
                yield figure, self._original_error(figure, float(n))

    def _original_error(self, figure: float, n: float) -> float:
        """Of a share by its binomial variance; of all else as ours would have been with the original's n."""
        if self.part.measure == "share":
            share = self.yardstick.zero + self.yardstick.sign * figure
            return math.sqrt(max(share * (1 - share), 0.25 / n) / n)
        return self.error * math.sqrt(self.found.n / n)

    def _prediction(self) -> Criterion:
        intervals = [prediction_interval(figure, error, self.error) for figure, error in self._originals()]
        inside = [self.estimate in interval for interval in intervals]
        says: Says = "agrees" if all(inside) else "open" if any(inside) else "disagrees"
        return Criterion("prediction interval", says, min(each.low for each in intervals),
                         max(each.high for each in intervals))  # fmt: skip

    def _equivalence(self) -> Criterion:
        """Of a value: to it. Of all else: to nothing, so that being equivalent disagrees."""
        d = self.yardstick.smallest
        tested = equivalence(self.estimate, self.error, -d, d, alpha=self.alpha)
        interval, same = tested.interval, tested.p < self.alpha
        if self.value:
            apart = interval.low > d or interval.high < -d
            says: Says = "agrees" if same else "disagrees" if apart else "open"
        else:
            says = "disagrees" if interval.high < d else "agrees" if interval.low > d else "open"
        return Criterion("equivalence", says, tested.p, tested.p)

    def _telescopes(self) -> Criterion:
        ps = [smaller_p(self.estimate, self.error, detectable(error)) for _, error in self._originals()]
        says: Says = "open"
        if max(ps) < self.alpha:
            says = "disagrees"
        elif min(ps) >= self.alpha and self.plain.low > 0:
            says = "agrees"
        return Criterion("small telescopes", says, min(ps), max(ps))

    def _bayes_factor(self) -> Criterion:
        factors = [by_normal(figure, error, self.estimate, self.error) for figure, error in self._originals()]
        low, high = min(factors), max(factors)
        says: Says = "agrees" if low >= EVIDENCE else "disagrees" if high <= 1 / EVIDENCE else "open"
        return Criterion("Bayes factor", says, low, high)

    def _sceptical(self) -> Criterion:
        ps = [sceptical_p(figure / error, self.estimate / self.error, (error / self.error) ** 2)
              for figure, error in self._originals()]  # fmt: skip
        says: Says = "agrees" if max(ps) <= ONE_SIDED else "open"
        return Criterion("sceptical p", says, min(ps), max(ps))
