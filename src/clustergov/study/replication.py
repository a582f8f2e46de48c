"""One draw of a study before its fieldwork: simulated answers, analysed as the real ones will be, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from clustergov.study.analyse import MINIMUM
from clustergov.study.plan import Plan

if TYPE_CHECKING:
    from clustergov.analysis.claims.verdicts import Verdict
    from clustergov.analysis.description.overview import Overview
    from clustergov.survey.responses import Responses

Thin = str
"""What is left of a table or chapter: “whole”, “partly hidden”, “hidden” or “empty”."""


@dataclass(frozen=True, slots=True)
class DriverRow:
    """One coefficient of one model: adjusted p, and the estimate on the scale on which 0 is none."""

    model: str
    outcome: str
    term: str
    p_adjusted: float
    estimate: float
    failure: str


@dataclass(frozen=True, slots=True)
class Replication:
    """What one draw came to.

    Attributes
    ----------
    n, submitted : int
    verdicts : mapping of claim to verdict
    parts : mapping of part to (verdict, respondents used)
    drivers : tuple of DriverRow
    used : mapping of model to respondents used
    tables, chapters : mapping of name to Thin
        Under the rules for real respondents; empty where they were not looked at in this draw.
    """

    n: int
    submitted: int
    verdicts: Mapping[str, Verdict]
    parts: Mapping[str, tuple[Verdict, int]]
    drivers: tuple[DriverRow, ...]
    used: Mapping[str, int]
    tables: Mapping[str, Thin] = field(default_factory=dict)
    chapters: Mapping[str, Thin] = field(default_factory=dict)


def replicate(plan: Plan, n: int, seed: tuple[int, ...], *, tables: bool) -> Replication:
    """Draw n respondents and analyse them; `tables` also looks at what real respondents' privacy would hide."""
    from clustergov.survey.synthetic.simulation import simulate

    if plan.simulation is None:
        raise ValueError("a dry run needs a simulation")
    drawn = simulate(plan.simulation, plan.questionnaire, n=n, rng=np.random.default_rng(np.random.SeedSequence(seed)))
    return analysed(plan, drawn.responses, tables=tables)


def analysed(plan: Plan, responses: Responses, *, tables: bool) -> Replication:
    """Analyse responses as a run of the study would, without its reports."""
    from clustergov.analysis.claims.assessment import assess
    from clustergov.analysis.models.drivers import drivers_of_performance

    assessments = (
        assess(plan.declared.claims, plan.declared.decisions, responses)
        if plan.declared.claims and plan.declared.decisions
        else ()
    )
    drivers = drivers_of_performance(plan.declared.drivers, responses) if plan.declared.drivers else None
    rows = driver_rows(drivers.frame()) if drivers is not None else ()
    found, chapters = _thin(plan, responses) if tables else ({}, {})
    if tables and assessments:
        chapters["claims"] = _left([assessment.verdict != "not assessable" for assessment in assessments])
    if tables and rows:
        chapters["drivers"] = _left([not row.failure for row in rows])
    return Replication(
        responses.n,
        responses.n if responses.complete is None else int(responses.complete.sum()),
        {assessment.claim.id: assessment.verdict for assessment in assessments},
        {part.part.id: (part.verdict, part.n) for assessment in assessments for part in assessment.parts},
        rows,
        {model.model.code: model.n for model in drivers.models} if drivers is not None else {},
        found,
        chapters,
    )


def driver_rows(frame: pd.DataFrame) -> tuple[DriverRow, ...]:
    """The rows of a table of drivers; odds ratios as logarithms."""
    return tuple(
        DriverRow(
            row["model"], row["outcome"], row["term"], float(row["p_adjusted"]),
            float(np.log(row["estimate"]) if row["measure"] == "odds ratio" else row["estimate"]), row["failure"],
        )
        for row in frame.to_dict("records")
    )  # fmt: skip


def _thin(plan: Plan, responses: Responses) -> tuple[dict[str, Thin], dict[str, Thin]]:
    from clustergov.analysis.description.funding import Funding
    from clustergov.analysis.description.overview import overview
    from clustergov.analysis.scales.reliability import Reliability, reliability_of_arrays, reliability_of_constructs
    from clustergov.study.analyse import funding_of

    tables = _tables(overview(responses, minimum=MINIMUM))
    chapters = {"items": _left([left != "hidden" and left != "empty" for left in tables.values()])}
    scales = (*reliability_of_constructs(responses), *reliability_of_arrays(responses))
    if scales:
        chapters["reliability"] = _left([isinstance(scale, Reliability) for scale in scales])
    funding = funding_of(plan, responses, MINIMUM)
    if isinstance(funding, Funding):
        chapters["funding"] = _left([group.n is not None for group in funding.groups])
    return tables, chapters


def _tables(found: Overview) -> dict[str, Thin]:
    """What is left of each question's table."""
    left: dict[str, Thin] = {}
    for summary in found.summaries:
        if summary.kind == "answers":
            continue
        numbers = summary.statistics if summary.kind == "numbers" else summary.counts
        shown = numbers.notna().to_numpy()
        name = (
            summary.question.code if summary.question.code not in left else f"{summary.question.code} ({summary.kind})"
        )
        if not (summary.answered.fillna(1) > 0).any():
            left[name] = "empty"
        elif summary.kind == "numbers":
            # The spread of one answer, or of none, is not defined and hides nothing.
            known = summary.statistics["n"].notna().to_numpy()
            left[name] = "whole" if known.all() else "partly hidden" if known.any() else "hidden"
        else:
            left[name] = "whole" if shown.all() else "partly hidden" if shown.any() else "hidden"
    return left


def _left(there: list[bool]) -> Thin:
    return "whole" if all(there) else "partly hidden" if any(there) else "empty"
