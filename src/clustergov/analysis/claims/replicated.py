"""What stands beside the verdicts: criteria of replication, published figures rechecked, and deviations."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import pandas as pd

from clustergov.analysis.claims.assessment import Assessment
from clustergov.analysis.claims.claim import Claims
from clustergov.analysis.claims.criteria import Criteria, criteria
from clustergov.analysis.claims.deviation import Deviation, deviations_frame
from clustergov.analysis.claims.reported import Sample, recheck
from clustergov.analysis.claims.verdicts import DecisionTable
from clustergov.analysis.recheck.outcome import Recheck
from clustergov.language import say


@dataclass(frozen=True, slots=True)
class Replicated:
    """Beside the verdicts.

    Attributes
    ----------
    criteria : Criteria
    rechecks : tuple of (str, Recheck)
        Of every part with a reported figure, by its id.
    deviations : tuple of (str, Deviation)
        Of a source or a claim.
    samples : tuple of (str, Sample)
        What is known of each source's n.
    """

    criteria: Criteria
    rechecks: tuple[tuple[str, Recheck], ...]
    deviations: tuple[tuple[str, Deviation], ...]
    samples: tuple[tuple[str, Sample], ...]

    def recheck_frame(self) -> pd.DataFrame:
        """A row per reported figure: part, and the columns of `Recheck.frame`."""
        rows = [found.frame().assign(part=part) for part, found in self.rechecks]
        if not rows:
            return pd.DataFrame(columns=["part"])
        table = pd.concat(rows, ignore_index=True)
        return table[["part", *(name for name in table if name != "part")]]

    def deviations_frame(self, language: str) -> pd.DataFrame:
        return deviations_frame(self.deviations, language)

    def recheck_sentence(self, language: str) -> str:
        counts = Counter(found.finding for _, found in self.rechecks)
        return say("recheck.all", language, total=len(self.rechecks), fits=counts["consistent"],
                   clash=counts["inconsistent"], unknown=counts["not checkable"])  # fmt: skip


def rechecks(claims: Claims) -> tuple[tuple[str, Recheck], ...]:
    """Every reported figure held against what is reported beside it; it needs no answers."""
    return tuple(
        (part.id, recheck(part.reported, claims.samples.get(claim.source)))
        for claim in claims.claims
        for part in claim.parts
        if part.reported is not None
    )


def replicated(claims: Claims, table: DecisionTable, assessments: tuple[Assessment, ...]) -> Replicated:
    """All of it for claims that were assessed."""
    return Replicated(
        criteria(claims, table, assessments),
        rechecks(claims),
        claims.listed_deviations(),
        tuple(claims.samples.items()),
    )
