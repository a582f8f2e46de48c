"""The answers first."""

from __future__ import annotations

from collections import Counter
from typing import get_args

from clustergov.analysis.claims.verdicts import Verdict
from clustergov.analysis.multiverse.result import Multiverse
from clustergov.analysis.multiverse.telling import preregistered
from clustergov.language import say
from clustergov.reports.chapters.claims import verdict, verdicts_table
from clustergov.reports.document import Block, Bullets, Heading, Inline, Notice, Paragraph
from clustergov.reports.findings import Claimed, Findings
from clustergov.reports.wording import around


def summary(findings: Findings, language: str) -> list[Block]:
    """What was found, per claim where there are claims; and which chapters the study leaves out."""
    blocks: list[Block] = [Heading(1, say("chapters.summary.title", language), "chapter-summary")]
    found = findings.claimed
    if found is not None:
        blocks += [Paragraph(_claims(findings, found, language)), verdicts_table(found, language)]
        if found.rehearsal is not None:
            blocks.append(Paragraph(found.rehearsal.sentence(language)))
    else:
        blocks.append(Paragraph(_plain(findings, language)))
    if beside := _beside(findings, language):
        blocks.append(Bullets(beside))
    left_out = omitted(findings)
    if left_out:
        names = ", ".join(say(f"chapters.omitted.{name}", language) for name in left_out)
        blocks.append(
            Notice(say("chapters.omitted.title", language), say("chapters.summary.left_out", language, chapters=names))
        )
    return blocks


def _beside(findings: Findings, language: str) -> tuple[str, ...]:
    """One sentence from each chapter that answers a question of its own."""
    told: list[str] = []
    if findings.sweet_spot is not None:
        told += findings.sweet_spot.told(language)[:1]
        if findings.sweet_spot.mean_share is not None:
            told += findings.sweet_spot.mean_share.told(language)[:1]
    if isinstance(findings.multiverse, Multiverse):
        title = findings.multiverse.specification.title.to(language)
        told.append(f"{title}. {preregistered(findings.multiverse, language)}")
    if findings.preregistered is not None:
        key = "kept" if findings.preregistered.kept else "deviates"
        told.append(say(f"chapters.summary.plan_{key}", language, count=len(findings.preregistered.deciding)))
    return tuple(told)


def omitted(findings: Findings) -> tuple[str, ...]:
    """The chapters that this study has no data for."""
    parts = {"claims": findings.claimed, "drivers": findings.drivers, "cases": findings.cases}
    return tuple(name for name, part in parts.items() if part is None)


def _claims(findings: Findings, found: Claimed, language: str) -> str:
    counts = Counter(assessment.verdict for assessment in found.assessments)
    told = ", ".join(
        say("chapters.summary.count", language, n=counts[each], verdict=verdict(each, language))
        for each in get_args(Verdict)
        if counts[each]
    )
    key = "claims_synthetic" if findings.responses.synthetic else "claims_real"
    return say(
        f"chapters.summary.{key}", language, n=findings.responses.n, claims=len(found.assessments), counts=told,
    )  # fmt: skip


def _plain(findings: Findings, language: str) -> Inline:
    questionnaire = findings.responses.questionnaire
    return around(
        "chapters.summary.plain", questionnaire.title, language, n=findings.responses.n,
        variables=len(questionnaire.variables), questions=len(questionnaire.questions),
    )  # fmt: skip
