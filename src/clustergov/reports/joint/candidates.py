"""Concepts that deviant cases hold more often than typical ones: candidates for a driver that the model leaves out."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from clustergov.analysis.case_selection.selection import CaseSelection
from clustergov.analysis.inference.exact import fisher, share_difference
from clustergov.casestudies.corpus import Corpus
from clustergov.casestudies.joint import Joint
from clustergov.casestudies.matrix import matrix_cell
from clustergov.language import Text, say

ALPHA = 0.05
Group = Literal["high", "low", "typical"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """One concept.

    Attributes
    ----------
    deviant, typical : int
        Cases that hold it: at least one coded passage about the case, mark U and contrast aside.
    high, low : int
        Of the deviant ones, those above and below the model.
    difference, least, most : float
        Share among deviant less share among typical cases, with its exact unconditional interval.
    p : float
        Fisher's exact test, two-sided.
    """

    concept: str
    name: Text
    deviant: int
    typical: int
    high: int
    low: int
    difference: float
    least: float
    most: float
    p: float


@dataclass(frozen=True, slots=True)
class Candidates:
    """What coded cases under the model suggest.

    Attributes
    ----------
    found : tuple of Candidate
        Concepts held by a larger share of deviant than of typical cases, the largest difference first.
    looked_at : int
        Concepts that no predictor of the model stands for.
    groups : tuple of (str, Group)
        Cases that are linked to a respondent in the model, and where they lie.
    least_p : float
        The smallest p that so many cases could give at all; NaN without cases in both groups.
    """

    found: tuple[Candidate, ...]
    looked_at: int
    groups: tuple[tuple[str, Group], ...]
    least_p: float

    def count(self, *groups: Group) -> int:
        return sum(group in groups for _, group in self.groups)

    @property
    def too_few(self) -> bool:
        """No count of any concept could be told apart from chance."""
        return not self.least_p < ALPHA

    def sentences(self, language: str) -> tuple[str, ...]:
        """What was looked at, whether the cases are enough, and that a candidate is no finding."""
        deviant, typical = self.count("high", "low"), self.count("typical")
        if not deviant or not typical:
            return (say("joint.candidates.none", language, deviant=deviant, typical=typical),)
        head = say("joint.candidates.counted", language, deviant=deviant, typical=typical, looked_at=self.looked_at,
                   found=len(self.found))  # fmt: skip
        few = say("joint.candidates.too_few", language, least=self.least_p) if self.too_few else ""
        return tuple(part for part in (head, few, say("joint.candidates.limit", language)) if part)


def candidates(corpus: Corpus, joint: Joint, selection: CaseSelection, shown: Collection[str]) -> Candidates:
    """Count concepts in deviant and typical cases, of those whose respondent is in `shown`.

    Whether a case is deviant tells something of its answers, so that a case that did not agree is not counted.

    A case is deviant or typical as it was chosen; one that was not chosen by such a rule is deviant outside its prediction
    interval and typical inside (Rohlfing, I. & Starke, P. (2013). Building on solid ground: robust case selection in
    multi-method research. Swiss Political Science Review 19(4), 492–512).
    """
    groups = tuple(
        (case.case, _group(case.respondent, selection))
        for case in corpus.cases
        if case.respondent in selection.modelled.respondents and case.respondent in shown
    )
    explained = {concept for driver in joint.drivers if driver.predictors for concept in driver.concepts}
    concepts = [concept for concept in corpus.codebook.codable if concept.code not in explained]
    deviant = [case for case, group in groups if group != "typical"]
    typical = [case for case, group in groups if group == "typical"]
    if not deviant or not typical:
        return Candidates((), len(concepts), groups, np.nan)
    found = []
    for concept in concepts:
        holds = {case for case, _ in groups if matrix_cell(corpus, case, (concept.code,)).coded}
        a, b = len(holds & set(deviant)), len(holds & set(typical))
        if a * len(typical) <= b * len(deviant):
            continue
        told = share_difference(a, len(deviant), b, len(typical))
        high = sum(group == "high" and case in holds for case, group in groups)
        found.append(Candidate(concept.code, concept.name, a, b, high, a - high, told.estimate, told.low, told.high,
                               fisher(a, len(deviant), b, len(typical))))  # fmt: skip
    ordered = sorted(found, key=lambda each: (-each.difference, each.concept))
    return Candidates(tuple(ordered), len(concepts), groups, _least_p(len(deviant), len(typical)))


def _group(respondent: str, selection: CaseSelection) -> Group:
    rules: Sequence[str] = [each.rule.rule for each in selection.rules_of(respondent)]
    order: tuple[tuple[str, Group], ...] = (("deviant high", "high"), ("deviant low", "low"), ("typical", "typical"))
    for rule, group in order:
        if rule in rules:
            return group
    at = selection.modelled.respondents.index(respondent)
    if selection.modelled.inside[at]:
        return "typical"
    return "high" if selection.modelled.deviance[at] > 0 else "low"


def _least_p(deviant: int, typical: int) -> float:
    """Fisher's p of the most extreme table: every deviant case holds a concept and no typical one does."""
    return fisher(deviant, deviant, 0, typical)
