"""Claims assessed on responses: each part estimated, its region found, its verdict read from the decision table."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from clustergov.analysis.claims.claim import KIND_OF, Claim, Claims, Part, Published
from clustergov.analysis.claims.claim_reading import read_claims
from clustergov.analysis.claims.measurement import Estimate, Obstacle, measure
from clustergov.analysis.claims.verdicts import EQUIVALENCE, VERDICTS, Decision, DecisionTable, Region, Verdict
from clustergov.analysis.claims.yardstick import Yardstick, needed
from clustergov.analysis.interval import Interval
from clustergov.analysis.multiplicity import Correction, adjusted, holm, simultaneous_level
from clustergov.language import LANGUAGES, Text, both, number, say
from clustergov.survey.responses import Responses

__all__ = [
    "Assessment", "Claim", "Claims", "Part", "PartAssessment", "Published", "assess", "claims_frame", "level_text",
    "read_claims",
]  # fmt: skip

COLUMNS = ("claim", "statement", "published", "estimate", "low", "high", "n", "verdict", "reason")
UNASSESSED = Region("effect", False, "far below", "far below", False, "none")


@dataclass(frozen=True, slots=True)
class PartAssessment:
    """What the responses say about one part of a claim.

    Attributes
    ----------
    part : Part
    estimate : float or None
        tau and dominance in [−1, 1]; shares as proportions; odds ratios as such, not as logs. None: not assessable.
    interval : Interval or None
        The one that the table shows, on the scale of the estimate: the simultaneous one for effects, thresholds and
        orders; at 1 − 2 · alpha for values and “no difference”.
    plain, simultaneous : Interval or None
        At 1 − alpha for this part alone; at 1 − alpha / m for all m parts of the family together.
    family : int
        m.
    p, p_holm : float
        Two-sided, of no association, equal order or the share named; Holm's within the family. NaN where none is. The
        verdict does not use them: it rests on Bonferroni's intervals, which conclude less often than Holm's tests (and
        with tau on the error under the estimate, not under zero). An undecided part may therefore have p_holm < alpha.
    correction : {"holm", "benjamini-hochberg", "benjamini-yekutieli"}
        What the claim's family declares.
    p_adjusted : float
        Under that correction, within the family; NaN where p is, and where the part is not asserted.
    n : int
        Respondents used.
    lost : tuple of (str, int)
        Respondents not used, by reason; n and these add up to all.
    smallest : float
        Smallest effect of interest as it was used: in the unit of the estimate, a factor for odds ratios.
    region : Region
    verdict : Verdict
    rule : str
        Id of the rule in the decision table.
    reason : Text
    n_needed : int or None
        Roughly how many usable answers would decide if the estimate stayed; only where inconclusive.
    cautions : tuple of Text
        What the model behind an odds ratio warns of, such as answers that few gave.
    """

    part: Part
    estimate: float | None
    interval: Interval | None
    plain: Interval | None
    simultaneous: Interval | None
    family: int
    p: float
    p_holm: float
    n: int
    lost: tuple[tuple[str, int], ...]
    smallest: float
    region: Region
    verdict: Verdict
    rule: str
    reason: Text
    n_needed: int | None = None
    cautions: tuple[Text, ...] = ()
    correction: Correction = "holm"
    p_adjusted: float = math.nan


@dataclass(frozen=True, slots=True)
class Assessment:
    """A claim, its parts and the verdict that they come to.

    Attributes
    ----------
    n : int
        The smallest of the asserted parts.
    rule : str
        Id of the rule in the roll-up table.
    """

    claim: Claim
    parts: tuple[PartAssessment, ...]
    n: int
    verdict: Verdict
    rule: str
    reason: Text

    def frame(self) -> pd.DataFrame:
        """One row per part, full precision: see `PartAssessment`, intervals as two columns each."""
        rows = [
            {
                "claim": self.claim.id, "part": found.part.id, "asserted": found.part.asserted,
                "form": found.part.form, "measure": found.part.measure,
                "published_low": found.part.published.low if found.part.published else np.nan,
                "published_high": found.part.published.high if found.part.published else np.nan,
                "estimate": np.nan if found.estimate is None else found.estimate,
                **_ends("", found.interval), **_ends("plain_", found.plain), **_ends("simultaneous_", found.simultaneous),
                "family": found.family, "p": found.p, "p_holm": found.p_holm, "correction": found.correction,
                "p_adjusted": found.p_adjusted, "n": found.n,
                "lost": sum(count for _, count in found.lost), "smallest": found.smallest,
                "verdict": found.verdict, "rule": found.rule,
            }
            for found in self.parts
        ]  # fmt: skip
        return pd.DataFrame(rows)

    def sentence(self, language: str) -> str:
        return say("claims.claim", language, claim=self.claim.id, statement=self.claim.statement,
                   verdict=say(f"claims.verdict.{self.verdict}", language), reason=self.reason)  # fmt: skip


def assess(claims: Claims, decision_table: DecisionTable, responses: Responses) -> tuple[Assessment, ...]:
    """Give every claim its verdict, in the order of the claims."""
    found = {
        part.id: _part(part, len(claims.family(claim)), claims, decision_table, responses)
        for claim in claims.claims
        for part in claim.parts
    }
    for claim in claims.claims:
        family = [part.id for part in claims.family(claim)]
        correction, ps = claims.correction(claim), [found[name].p for name in family]
        for name, by_holm, declared in zip(family, holm(ps), adjusted(ps, correction), strict=True):
            found[name] = replace(found[name], p_holm=float(by_holm), correction=correction, p_adjusted=float(declared))
    return tuple(
        _claim(claim, tuple(found[part.id] for part in claim.parts), decision_table) for claim in claims.claims
    )


def claims_frame(assessments: tuple[Assessment, ...], language: str) -> pd.DataFrame:
    """The table of verdicts: a row per claim, each followed by the rows of its parts.

    Columns: claim, statement, published, estimate, low, high, n, verdict, reason. Estimates are tau and dominance in
    [−1, 1], shares as proportions, odds ratios as such; low and high are the interval that the verdict rests on. A
    claim with several asserted parts has no estimate of its own, and the smallest n among them. Statement, published
    figure and reason are in `language`, verdicts in English, so that they can be counted in every language.
    """
    rows: list[tuple[object, ...]] = []
    for found in assessments:
        asserted = [part for part in found.parts if part.part.asserted]
        only = asserted[0] if len(asserted) == 1 else None
        claim = found.claim
        rows.append((claim.id, claim.statement.to(language), claim.published.to(language), *_numbers(only), found.n,
                     found.verdict, found.reason.to(language)))  # fmt: skip
        rows += [
            (part.part.id, part.part.label.to(language), _published(part.part, language), *_numbers(part), part.n,
             part.verdict, part.reason.to(language))
            for part in found.parts
        ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _numbers(found: PartAssessment | None) -> tuple[float, float, float]:
    if found is None or found.estimate is None or found.interval is None:
        return (np.nan, np.nan, np.nan)
    return (found.estimate, found.interval.low, found.interval.high)


def _published(part: Part, language: str) -> str:
    return part.published.figure.to(language) if part.published else say("claims.published.none", language)


def _ends(name: str, interval: Interval | None) -> dict[str, float]:
    low, high, level = (interval.low, interval.high, interval.level) if interval else (np.nan,) * 3
    return {f"{name}low": low, f"{name}high": high, f"{name}level": level}


def _claim(claim: Claim, parts: tuple[PartAssessment, ...], table: DecisionTable) -> Assessment:
    asserted = [found for found in parts if found.part.asserted]
    decision = table.combine(found.verdict for found in asserted)
    if len(asserted) > 1:
        counts = Counter(found.verdict for found in asserted)
        reason = _join(decision.because, _tally(counts), claim.caveat)
    else:
        reason = _join(asserted[0].reason, claim.caveat)
    return Assessment(claim, parts, min(found.n for found in asserted), decision.verdict, decision.rule, reason)


def _part(part: Part, m: int, claims: Claims, table: DecisionTable, responses: Responses) -> PartAssessment:
    yardstick = Yardstick.of(part, table)
    smallest = math.exp(yardstick.smallest) if part.measure == "odds ratio" else yardstick.smallest
    levels = (1 - table.alpha, simultaneous_level(table.alpha, m), 1 - 2 * table.alpha)
    found = measure(part, claims.terms(part), responses, levels=levels, minimum_n=claims.minimum_n)
    if isinstance(found, Obstacle):
        region = replace(UNASSESSED, form=part.form)
        decision = table.decide(region)
        reason = _join(decision.because, found.reason, None if part.asserted else both("claims.unasserted"))
        return PartAssessment(part, None, None, None, None, m, math.nan, math.nan, found.n, found.lost, smallest,
                              region, decision.verdict, decision.rule, reason)  # fmt: skip
    _, simultaneous, equivalence = found.intervals
    region = yardstick.region(part, simultaneous, equivalence)
    decision = table.decide(region)
    enough = None
    if decision.verdict == "inconclusive":
        enough = needed(part, yardstick, table, found.value, simultaneous, equivalence, found.n)
    shown = _shown(part, found)
    return PartAssessment(
        part, shown[0], shown[3] if part.form in EQUIVALENCE else shown[2], shown[1], shown[2], m, found.p, math.nan,
        found.n, found.lost, smallest, region, decision.verdict, decision.rule,
        _reason(part, decision, found, shown, m, smallest, enough), enough, found.cautions,
    )  # fmt: skip


def _shown(part: Part, found: Estimate) -> tuple[float, Interval, Interval, Interval]:
    """Estimate and intervals (plain, simultaneous, equivalence) as a reader sees them: odds ratios instead of logs."""
    turn = _odds if part.measure == "odds ratio" else float
    plain, simultaneous, equivalence = (Interval(turn(i.low), turn(i.high), i.level) for i in found.intervals)
    return turn(found.value), plain, simultaneous, equivalence


def _odds(log_odds: float) -> float:
    return math.exp(log_odds) if log_odds < 700 else math.inf


def _reason(
    part: Part, decision: Decision, found: Estimate, shown: tuple[float, Interval, Interval, Interval], m: int,
    smallest: float, enough: int | None,
) -> Text:  # fmt: skip
    value, _, simultaneous, equivalence = shown
    interval = equivalence if part.form in EQUIVALENCE else simultaneous
    key = part.form if part.form in ("value", "threshold") else KIND_OF[part.measure]
    same = (part.published.middle - smallest, part.published.middle + smallest) if part.published else (0.0, 0.0)
    return _join(
        decision.because,
        both(f"claims.numbers.{key}", estimate=value, low=interval.low, high=interval.high, same_low=same[0],
             same_high=same[1], smallest=smallest, points=100 * smallest, threshold=part.threshold or 0.0, n=found.n,
             level=level_text(interval.level), lost=sum(count for _, count in found.lost)),
        both(f"claims.family.{_correction(part, m)}", m=m, level=level_text(simultaneous.level)),
        _needed_text(decision, enough),
        None if part.asserted else both("claims.unasserted"),
    )  # fmt: skip


def _correction(part: Part, m: int) -> str:
    """Which sentence tells how a part stands to the correction: one that is not asserted is no member of the family."""
    number_of_tests = "several" if m > 1 else "one"
    if part.form in EQUIVALENCE:
        return f"equivalence.{number_of_tests}" if part.asserted else "beside.equivalence"
    return f"{'effect' if part.asserted else 'beside'}.{number_of_tests}"


def level_text(level: float) -> Text:
    """A level in words: 95%, 97.5%, 98.8%; a decimal only where there is one."""
    decimals = 0 if math.isclose(100 * level, round(100 * level)) else 1
    return Text({language: number(100 * level, language, decimals) + "%" for language in LANGUAGES})


def _needed_text(decision: Decision, enough: int | None) -> Text | None:
    if decision.verdict != "inconclusive":
        return None
    return both("claims.needed.some", n=enough) if enough else both("claims.needed.none")


def _tally(counts: Counter[Verdict]) -> Text:
    """How many parts got which verdict, in words."""
    return Text(
        {
            language: say("claims.tally", language, total=counts.total(), counts=", ".join(
                f"{counts[verdict]} {say(f'claims.verdict.{verdict}', language)}"
                for verdict in VERDICTS if counts[verdict]
            ))
            for language in LANGUAGES
        }
    )  # fmt: skip


def _join(*texts: Text | None) -> Text:
    """Sentences one after the other, in every language."""
    given = [text for text in texts if text is not None]
    return Text({language: " ".join(text.to(language) for text in given) for language in LANGUAGES})
