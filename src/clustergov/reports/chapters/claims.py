"""The claims one by one: what was published, what these answers say, and the verdict."""

from __future__ import annotations

import math

import pandas as pd

from clustergov.analysis.claims.assessment import Assessment, PartAssessment, level_text
from clustergov.analysis.claims.claim import Claim
from clustergov.language import number, say
from clustergov.reports.chapters.response import population_note
from clustergov.reports.document import Block, Figure, Heading, Notice, Paragraph, Span, Table
from clustergov.reports.figures.verdicts import verdict_alt, verdict_chart
from clustergov.reports.findings import Claimed, Findings
from clustergov.reports.wording import mark_of, per_cent
from clustergov.survey.frame.design import SamplingDesign


def verdicts_table(found: Claimed, language: str) -> Table:
    """One row per claim: statement, published figure, verdict; on synthetic data also what the rehearsal found."""
    header = ["number", "statement", "published_title", "verdict"]
    rows = []
    for assessment in found.assessments:
        claim = assessment.claim
        row = [
            claim.id,
            claim.statement.to(language),
            claim.published.to(language),
            verdict(assessment.verdict, language),
        ]
        if found.rehearsal is not None:
            row.append(found.rehearsal.outcome_text(claim.id, language))
        rows.append(tuple(row))
    if found.rehearsal is not None:
        header.append("rehearsal")
    data = pd.DataFrame(
        [(a.claim.id, a.claim.statement.to(language), a.claim.published.to(language), a.verdict) for a in found.assessments],
        columns=["claim", "statement", "published", "verdict"],
    )  # fmt: skip
    return Table(
        id="verdicts",
        caption=say("chapters.summary.verdicts_table", language),
        header=tuple(say(f"chapters.claims.{key}", language) for key in header),
        rows=tuple(rows),
        data=data,
        align="l" * len(header),
    )


def claims(findings: Findings, found: Claimed, language: str) -> list[Block]:
    """How verdicts come about, the chart of all parts, then a section per claim."""
    smallest = found.decisions.smallest_effects
    blocks: list[Block] = [
        Heading(1, say("chapters.claims.title", language), "chapter-claims"),
        Paragraph(
            say(
                "chapters.claims.how",
                language,
                tau=smallest.tau,
                dominance=smallest.ordering,
                points=100 * smallest.share,
                odds=smallest.odds_ratio,
            )
        ),
        Paragraph(say("chapters.claims.families", language)),
    ]
    if _one_source(found):
        source = _citation(found, found.assessments[0].claim.source)
        blocks.append(Paragraph(say("chapters.claims.source", language, source=source)))
    for assessment in found.assessments:
        blocks += _claim(assessment, found, findings.responses.design, language)
    blocks += [
        Heading(2, say("chapters.claims.together", language), "claims-together"),
        _chart(findings, found, language),
    ]
    return blocks


def _one_source(found: Claimed) -> bool:
    return len({assessment.claim.source for assessment in found.assessments}) == 1


def _citation(found: Claimed, source: str) -> str:
    return found.claims.sources[source].citation.rstrip(".")


def _heading(claim: Claim, language: str) -> str:
    number_of = say("chapters.claims.claim", language, claim=claim.id)
    return f"{number_of}: {claim.title.to(language)}" if claim.title else number_of


def verdict(found: str, language: str) -> str:
    return say(f"claims.verdict.{found}", language)


def _claim(assessment: Assessment, found: Claimed, design: SamplingDesign | None, language: str) -> list[Block]:
    claim = assessment.claim
    locator = claim.locator.to(language)
    if not _one_source(found):
        locator = f"{_citation(found, claim.source)}, {locator}"
    published = say(
        "chapters.claims.published", language, published=claim.published, locator=locator,
        mark=mark_of(claim.mark, language),
    )  # fmt: skip
    blocks: list[Block] = [
        Heading(2, _heading(claim, language), f"claim-{claim.id}"),
        Paragraph((Span(claim.statement.to(language), strong=True),)),
        Paragraph(published),
        _parts(assessment, design, language),
        Notice(
            f"{say('chapters.claims.verdict', language)}: {verdict(assessment.verdict, language)}",
            assessment.reason.to(language),
        ),
    ]
    if found.rehearsal is not None:
        title = say("chapters.claims.rehearsal", language)
        blocks.append(Paragraph((Span(f"{title}: ", strong=True), found.rehearsal.claim_sentence(claim.id, language))))
    return blocks


def _parts(assessment: Assessment, design: SamplingDesign | None, language: str) -> Table:
    """What every part has in common stands in the headings once: the measure, the level, and that no figure was found."""
    measures = tuple(dict.fromkeys(part.part.measure for part in assessment.parts))
    levels = {part.interval.level for part in assessment.parts if part.interval is not None}
    level = levels.pop() if len(levels) == 1 else None
    figures = any(part.part.published for part in assessment.parts)
    rows = [_row(part, language, level=level) for part in assessment.parts]
    notes = [say(f"claims.measure.{measure}.note", language) for measure in measures]
    if any(not part.part.asserted for part in assessment.parts):
        notes.append(say("chapters.claims.unasserted", language))
    about = dict.fromkeys("share" in measure for measure in measures)
    notes += [note for each in about if (note := population_note(design, language, about_population=each))]
    columns = {
        "part": _PLAIN,
        **({"published_title": _PLAIN} if figures else {}),
        **({"measure": _PLAIN} if len(measures) > 1 else {}),
        "estimate": _NUMBER,
        "interval": _NUMBER,
        "n": _NUMBER,
        "verdict": _PLAIN,
    }
    titles = {key: say(f"chapters.claims.{key}", language) for key in columns}
    if level is not None:
        titles["interval"] = say("chapters.claims.interval_at", language, level=level_text(level))
    if len(measures) == 1:
        titles["estimate"] = _capital(say(f"claims.measure.{measures[0]}.name", language))
    return Table(
        id=f"claim-{assessment.claim.id}-parts",
        caption=say("chapters.claims.table", language, claim=assessment.claim.id),
        header=tuple(titles.values()),
        rows=tuple(tuple(row[key] for key in columns) for row in rows),
        data=assessment.frame(),
        notes=tuple(notes),
        align="".join(columns.values()),
    )


_PLAIN, _NUMBER = "l", "r"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _row(found: PartAssessment, language: str, *, level: float | None) -> dict[str, str]:
    part = found.part
    label = part.label.to(language) + ("" if part.asserted else " *")
    interval = "–"
    if found.interval is not None:
        low, high = (_number(part.measure, end, language) for end in (found.interval.low, found.interval.high))
        ends = "chapters.between" if level is not None else "chapters.claims.ends"
        interval = say(ends, language, low=low, high=high, level=level_text(found.interval.level))
    return {
        "part": f"{part.id} {label}",
        "published_title": part.published.figure.to(language)
        if part.published
        else say("claims.published.none", language),
        "measure": say(f"claims.measure.{part.measure}.name", language),
        "estimate": "–" if found.estimate is None else _number(part.measure, found.estimate, language),
        "interval": interval,
        "n": number(found.n, language, 0),
        "verdict": verdict(found.verdict, language),
    }


def _number(measure: str, value: float, language: str) -> str:
    return per_cent(value, language, 1) if "share" in measure else number(value, language, 2)


def chart_rows(found: Claimed, language: str) -> pd.DataFrame:
    """Every part in units of its smallest effect of interest, turned so that positive is the claimed direction.

    Columns claim, label, estimate, low, high, published_low, published_high, verdict; ±1 is the smallest effect.
    """
    rows = []
    for assessment in found.assessments:
        for part in assessment.parts:
            rows.append(
                {
                    "claim": assessment.claim.id,
                    "label": f"{part.part.id} {part.part.label.to(language)}",
                    **_standardised(part),
                    "asserted": part.part.asserted,
                    "verdict": part.verdict,
                }
            )
    return pd.DataFrame(rows)


def _standardised(found: PartAssessment) -> dict[str, float]:
    values = {"estimate": found.estimate}
    values |= (
        {"low": found.interval.low, "high": found.interval.high} if found.interval else {"low": None, "high": None}
    )
    published = found.part.published
    values |= {
        "published_low": published.low if published else None,
        "published_high": published.high if published else None,
    }
    turned = {key: _turn(found, value) for key, value in values.items()}
    for low, high in (("low", "high"), ("published_low", "published_high")):
        if turned[low] > turned[high]:
            turned[low], turned[high] = turned[high], turned[low]
    return turned


def _turn(found: PartAssessment, value: float | None) -> float:
    if value is None:
        return math.nan
    part = found.part
    if part.measure == "odds ratio":
        return part.sign * math.log(value) / math.log(found.smallest)
    zero = 0.0
    if part.form == "threshold" and part.threshold is not None:
        zero = part.threshold
    elif part.form == "value" and part.published is not None:
        zero = part.published.middle
    return part.sign * (value - zero) / found.smallest


def _chart(findings: Findings, found: Claimed, language: str) -> Figure:
    rows = chart_rows(found, language)
    return Figure(
        id="verdict-chart",
        caption=say("chapters.claims.chart", language),
        alt=verdict_alt(rows, language),
        png=verdict_chart(rows, language=language, banner=banner_mark(findings, language)),
        notes=(say("chapters.claims.chart_note", language),),
    )


def banner_mark(findings: Findings, language: str) -> str:
    """The word that stands inside figures of simulated answers; empty for real ones."""
    return say("general.synthetic", language) if findings.responses.synthetic else ""
