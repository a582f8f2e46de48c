"""The survey's side of a joint display: per driver the verdicts on its claims and the estimates in the models."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from clustergov.analysis.claims.assessment import Assessment
from clustergov.analysis.claims.verdicts import Verdict
from clustergov.analysis.models.drivers import Drivers
from clustergov.casestudies.integration import fingerprint
from clustergov.casestudies.joint import Driver
from clustergov.language import Text, both


@dataclass(frozen=True, slots=True)
class ClaimPart:
    """One asserted part of a claim: its estimate as the table of claims shows it; None where it cannot be assessed."""

    claim: str
    part: str
    measure: str
    estimate: float | None
    low: float | None
    high: float | None
    n: int


@dataclass(frozen=True, slots=True)
class ModelEstimate:
    """The coefficient of a predictor in a model of performance."""

    model: str
    outcome: str
    outcome_label: Text
    term: str
    label: Text
    measure: str
    estimate: float
    low: float
    high: float
    p_adjusted: float
    n: int


@dataclass(frozen=True, slots=True)
class SurveySide:
    """What the survey says on one driver.

    Attributes
    ----------
    verdicts : tuple of (str, Verdict)
        Of the claims in which the driver appears, by their number.
    parts : tuple of ClaimPart
    estimates : tuple of ModelEstimate
        Of the linear models, and for ordinal ones of every outcome.
    """

    verdicts: tuple[tuple[str, Verdict], ...]
    parts: tuple[ClaimPart, ...]
    estimates: tuple[ModelEstimate, ...]

    @property
    def hash(self) -> str:
        """Fingerprint of verdicts and estimates, to six digits: what a judgement rested on."""
        lines = [f"{claim}:{verdict}" for claim, verdict in self.verdicts]
        lines += [
            f"{each.claim}/{each.part}:{_digits(each.estimate, each.low, each.high)}:{each.n}" for each in self.parts
        ]
        lines += [
            f"{each.model}/{each.outcome}/{each.term}:{_digits(each.estimate, each.low, each.high)}:{each.n}"
            for each in self.estimates
        ]
        return fingerprint("\n".join(sorted(lines)))


def survey_side(
    driver: Driver, assessments: Mapping[str, Assessment], drivers: Drivers | None, table: pd.DataFrame
) -> SurveySide:
    """Gather what the survey says on a driver; `table` is the frame of `drivers`, made once for all."""
    own = [assessments[str(claim)] for claim in driver.claims if str(claim) in assessments]
    parts = tuple(
        ClaimPart(
            found.claim.id, part.part.id, part.part.measure, part.estimate, part.interval.low if part.interval else None,
            part.interval.high if part.interval else None, part.n,
        )
        for found in own
        for part in found.parts
        if part.part.asserted
    )  # fmt: skip
    return SurveySide(
        tuple((found.claim.id, found.verdict) for found in own), parts, _estimates(driver, drivers, table)
    )


def _estimates(driver: Driver, drivers: Drivers | None, frame: pd.DataFrame) -> tuple[ModelEstimate, ...]:
    if drivers is None or not driver.predictors:
        return ()
    own = frame[frame["term"].isin(driver.predictors) & (frame["failure"] == "")]
    return tuple(
        ModelEstimate(
            row["model"], row["outcome"], drivers.label(row["outcome"]), row["term"],
            both("joint.per", label=drivers.label(row["term"]), step=drivers.step(row["term"])), row["measure"],
            row["estimate"], row["low"], row["high"], row["p_adjusted"], row["n"],
        )
        for row in own.to_dict("records")
    )  # fmt: skip


def _digits(*values: float | None) -> str:
    return " ".join("-" if value is None or pd.isna(value) else f"{value:.6g}" for value in values)
