"""Verdicts on synthetic responses beside the truth that was planted: whether the road recovers it, nothing else."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import pandas as pd

from clustergov.analysis.claims.assessment import Assessment, PartAssessment
from clustergov.analysis.claims.claim import Claims, Part, Term
from clustergov.analysis.claims.measurement import Estimate, measure
from clustergov.analysis.claims.verdicts import EQUIVALENCE, DecisionTable, Verdict
from clustergov.analysis.claims.yardstick import Yardstick
from clustergov.analysis.interval import Interval
from clustergov.language import say
from clustergov.survey.responses import Responses
from clustergov.survey.synthetic.truth import Truth

Outcome = Literal["recovered", "not recovered: too few responses", "wrong", "not assessable", "no planted truth"]
"""recovered: the verdict says something that is true of the planted number. not recovered: it is inconclusive. wrong: it
says something that is not true of it, as 5 % of families may; docs/verdict-calibration.md tells how many do."""
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)

Origin = Literal["model", "large draw", "none"]
TOLERANCE = 1e-9
"""Planted numbers that are nearer to zero are zero: they were solved for numerically."""


@dataclass(frozen=True, slots=True)
class PartRehearsal:
    """One part of a claim beside its planted truth.

    Attributes
    ----------
    claim, part : str
        Their ids.
    planted, estimate : float or None
        On the scale of `PartAssessment.estimate`.
    origin : {"model", "large draw", "none"}
        Whether the planted number follows from the model, or was estimated in the same way on a large draw from it.
    covered : bool or None
        Whether the plain interval (this part alone) holds the planted number.
    outcome : Outcome
    """

    claim: str
    part: str
    asserted: bool
    planted: float | None
    origin: Origin
    estimate: float | None
    covered: bool | None
    verdict: Verdict
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """All parts of all claims beside the truth, in the order of the claims. It says nothing about clusters."""

    parts: tuple[PartRehearsal, ...]

    def frame(self) -> pd.DataFrame:
        """One row per part: claim, part, asserted, planted, origin, estimate, covered, verdict, outcome."""
        columns = list(PartRehearsal.__slots__)
        rows = [[getattr(part, column) for column in columns] for part in self.parts]
        frame = pd.DataFrame(rows, columns=columns)
        return frame.astype({"planted": float, "estimate": float, "covered": "boolean"})

    def of(self, claim: str) -> tuple[PartRehearsal, ...]:
        """The asserted parts of one claim."""
        return tuple(part for part in self.parts if part.claim == claim and part.asserted)

    def outcome_text(self, claim: str, language: str) -> str:
        """In few words what became of the asserted parts of a claim."""
        counts = Counter(part.outcome for part in self.of(claim))
        if len(counts) == 1:
            return say(f"claims.rehearsal.{next(iter(counts))}", language)
        return "; ".join(
            f"{counts[outcome]} {say(f'claims.rehearsal.{outcome}', language)}"
            for outcome in OUTCOMES
            if counts[outcome]
        )

    def claim_sentence(self, claim: str, language: str) -> str:
        """What became of a claim, as a sentence."""
        return say("claims.rehearsal.claim", language, outcome=self.outcome_text(claim, language))

    def sentence(self, language: str) -> str:
        """What became of all asserted parts of all claims."""
        asserted = [part for part in self.parts if part.asserted]
        counts = Counter(part.outcome for part in asserted)
        known = [part.covered for part in self.parts if part.covered is not None]
        return say(
            "claims.rehearsal.all", language, total=len(asserted), recovered=counts["recovered"],
            few=counts["not recovered: too few responses"], wrong=counts["wrong"],
            other=counts["not assessable"] + counts["no planted truth"], covered=sum(known), known=len(known),
        )  # fmt: skip


def rehearse(
    claims: Claims,
    decision_table: DecisionTable,
    assessments: Sequence[Assessment],
    truth: Truth,
    *,
    large: Responses | None = None,
) -> Rehearsal:
    """Hold every verdict against what was planted.

    Parameters
    ----------
    truth : Truth
        Of the simulation that the assessed responses were drawn from.
    large : Responses or None
        Some 20,000 responses of the same simulation. Orderings, adjusted odds ratios and correlations of scores do not
        follow from the model in a closed form; their planted number is what the same estimator finds there, and no
        effect where its 95 % interval holds none. Without it they stay without comparison.
    """  # fmt: skip
    return Rehearsal(
        tuple(
            _part(assessment.claim.id, found, claims, decision_table, truth, large)
            for assessment in assessments
            for found in assessment.parts
        )
    )


def _part(
    claim: str, found: PartAssessment, claims: Claims, table: DecisionTable, truth: Truth, large: Responses | None
) -> PartRehearsal:
    part = found.part
    planted, origin = planted_number(part, claims, truth, large)
    outcome = outcome_of(found.verdict, part, table, planted)
    shown = None if planted is None else math.exp(planted) if part.measure == "odds ratio" else planted
    covered = None if shown is None or found.plain is None else shown in found.plain
    return PartRehearsal(claim, part.id, part.asserted, shown, origin, found.estimate, covered, found.verdict, outcome)


def planted_number(part: Part, claims: Claims, truth: Truth, large: Responses | None) -> tuple[float | None, Origin]:
    """What was planted of one part, and how that is known; log odds for odds ratios."""
    terms = claims.terms(part)
    constructs = {entry.code: entry.items for entry in large.questionnaire.constructs} if large else {}
    planted = planted_by_model(part, terms, truth, constructs=constructs)
    if planted is not None:
        return planted, "model"
    planted = _planted_in(part, terms, claims, large)
    return planted, "none" if planted is None else "large draw"


def outcome_of(verdict: Verdict, part: Part, table: DecisionTable, planted: float | None) -> Outcome:
    """What became of one part, given what was planted of it."""
    return "no planted truth" if planted is None else _outcome(verdict, part, Yardstick.of(part, table), planted)


def planted_by_model(
    part: Part, terms: Sequence[Term], truth: Truth, *, constructs: Mapping[str, tuple[str, ...]] | None = None
) -> float | None:
    """The planted number where the model fixes it; log odds for odds ratios. None where it does not.

    Parameters
    ----------
    constructs : mapping of code to variables
        What scores are made of.
    """
    known = truth.marginals
    match part.measure:
        case "tau" if part.groups is None:
            outcomes = (constructs or {}).get(part.outcome, (part.outcome,)) if part.outcome else part.items
            taus = {truth.tau(part.driver, outcome) for outcome in outcomes}
            # A sum or score of several variables is known to be unrelated when all of them are, and nothing else.
            return taus.pop() if len(outcomes) == 1 or taus == {0.0} else None
        case "share" if part.outcome in known:
            if part.yes:
                return truth.share(part.outcome, part.yes)
            return None if part.above is None else truth.share_above(part.outcome, part.above)
        case "mean share" if part.yes and set(part.items) <= set(known):
            return float(np.mean([truth.share(item, part.yes) for item in part.items]))
        case "mean share" if not part.yes and all(_has_mean(item, truth) for item in part.items):
            return sum(truth.mean(item) for item in part.items) / 100
        case "odds ratio":
            # Nothing else is exact: a covariate in classes leaves part of the association that runs through it.
            others = (part.outcome, *(term.variable for term in terms))
            return 0.0 if all(truth.tau(part.driver, other) == 0 for other in others) else None
    return None


def _has_mean(item: str, truth: Truth) -> bool:
    return item in truth.marginals or any(item in composition.parts for composition in truth.compositions.values())


def _planted_in(part: Part, terms: Sequence[Term], claims: Claims, large: Responses | None) -> float | None:
    if large is None:
        return None
    found = measure(part, terms, large, levels=(0.95,), minimum_n=claims.minimum_n)
    if not isinstance(found, Estimate):
        return None
    threshold = part.threshold if part.form == "threshold" and part.threshold is not None else 0.0
    return threshold if threshold in found.intervals[0] else found.value


def _outcome(verdict: Verdict, part: Part, yardstick: Yardstick, planted: float) -> Outcome:
    if verdict == "not assessable":
        return "not assessable"
    if verdict == "inconclusive":
        return "not recovered: too few responses"
    turned = yardstick.turn(Interval(planted, planted)).low
    theta = 0.0 if abs(turned) < TOLERANCE else turned
    return "recovered" if holds(verdict, part, yardstick, theta) else "wrong"


def holds(verdict: Verdict, part: Part, yardstick: Yardstick, theta: float) -> bool:
    """Whether what a conclusive verdict says is true of a number measured from zero in the claimed direction."""
    small = abs(theta) <= yardstick.smallest + TOLERANCE
    if part.form in EQUIVALENCE:
        return small if verdict == "supported" else not small
    published = yardstick.published[0] if yardstick.published else math.inf
    return {
        "supported": theta > 0,
        "weaker than published": 0 < theta < published,
        "contradicted": theta < 0,
        "practically null": small,
    }[verdict]
