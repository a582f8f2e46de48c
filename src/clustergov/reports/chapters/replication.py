"""How claims replicate beside their verdicts: criteria, published figures recomputed, and what differs from the originals."""

from __future__ import annotations

import math

from clustergov.analysis.claims.criteria import NAMES, Criterion, PartCriteria
from clustergov.analysis.claims.replicated import Replicated
from clustergov.analysis.recheck.outcome import Recheck
from clustergov.language import number, say
from clustergov.reports.document import Block, Heading, Paragraph, Table
from clustergov.reports.wording import mark_of


def replication(found: Replicated, language: str) -> list[Block]:
    """Three sections; one that would be empty is left out."""
    blocks: list[Block] = [
        Heading(1, say("replication.chapter.title", language), "chapter-replication"),
        Paragraph(say("replication.chapter.how", language)),
    ]
    if found.criteria.parts:
        blocks += _criteria(found, language)
    if found.rechecks:
        blocks += _rechecks(found, language)
    if found.deviations:
        blocks += _deviations(found, language)
    return blocks


def _criteria(found: Replicated, language: str) -> list[Block]:
    header = ("part", *(f"name.{name}" for name in NAMES))
    rows = tuple(_criteria_row(part, language) for part in found.criteria.parts)
    table = Table(
        id="replication-criteria",
        caption=say("replication.chapter.criteria", language),
        header=tuple(say(f"replication.chapter.{key}", language) for key in header),
        rows=rows,
        data=found.criteria.frame(),
        notes=(say("replication.chapter.criteria_note", language), *_samples(found, language)),
        widths=(3, *(1.2 for _ in NAMES)),
        align="l" * len(header),
    )
    noted = [part.sentence(language) for part in found.criteria.parts if part.note is not None]
    return [
        Heading(2, say("replication.chapter.criteria_title", language), "replication-criteria-section"),
        Paragraph(found.criteria.sentence(language)),
        table,
        *(Paragraph(sentence) for sentence in noted),
    ]


def _samples(found: Replicated, language: str) -> list[str]:
    """For each source what is known of its n, and that a range of our own makes the criteria a sensitivity band."""
    told = []
    for source, sample in found.samples:
        key = "known" if sample.low == sample.high else "range"
        sentence = say(f"replication.chapter.sample.{key}", language, source=source, low=sample.low, high=sample.high,
                       mark=mark_of(sample.mark, language))  # fmt: skip
        told.append(f"{sentence} {sample.reason.to(language)}" if sample.reason else sentence)
    return told


def _criteria_row(part: PartCriteria, language: str) -> tuple[str, ...]:
    by_name = {each.name: each for each in part.criteria}
    return (f"{part.part.id} {part.part.label.to(language)}", *(_cell(by_name[name], language) for name in NAMES))


def _cell(criterion: Criterion, language: str) -> str:
    """What it says; of a Bayes factor also its number, because it is one."""
    says = say(f"replication.chapter.says.{criterion.says}", language)
    if criterion.name != "Bayes factor" or math.isnan(criterion.low):
        return says
    low, high = (_factor(value, language) for value in (criterion.low, criterion.high))
    return f"{says} ({low})" if low == high else f"{says} ({low}–{high})"


def _factor(value: float, language: str) -> str:
    if value > 1000:
        return "> " + number(1000, language, 0)
    if value < 0.001:
        return "< " + number(0.001, language, 3)
    return number(value, language, 2 if value < 10 else 0)


def _rechecks(found: Replicated, language: str) -> list[Block]:
    alike: dict[tuple[str, str], list[tuple[str, Recheck]]] = {}
    for part, each in found.rechecks:
        alike.setdefault((each.finding, each.reason.to(language)), []).append((part, each))
    rows = tuple(_recheck_row(group, language) for group in alike.values())
    columns = ("part", "figures", "finding", "reason")
    table = Table(
        id="replication-rechecks",
        caption=say("replication.chapter.rechecks", language),
        header=tuple(say(f"replication.chapter.{key}", language) for key in columns),
        rows=rows,
        data=found.recheck_frame(),
        notes=(say("replication.chapter.rechecks_note", language),),
        widths=(1.2, 2.2, 1.5, 5),
        align="l" * len(columns),
        marked=False,
    )
    return [
        Heading(2, say("replication.chapter.rechecks_title", language), "replication-rechecks-section"),
        Paragraph(found.recheck_sentence(language)),
        table,
    ]


def _recheck_row(alike: list[tuple[str, Recheck]], language: str) -> tuple[str, ...]:
    """Figures of which the same is found, with the same reason."""
    figures = "; ".join(found.figures for _, found in alike)
    first = alike[0][1]
    return (
        ", ".join(part for part, _ in alike),
        figures if language == "en" else figures.replace(".", ","),
        say(f"recheck.finding.{first.finding}", language),
        first.reason.to(language),
    )


def _deviations(found: Replicated, language: str) -> list[Block]:
    columns = ("of", "aspect", "original", "here")
    rows = tuple(
        (of, say(f"replication.chapter.aspects.{each.aspect}", language), f"{each.original.to(language)} ({each.mark})",
         each.here.to(language))
        for of, each in found.deviations
    )  # fmt: skip
    table = Table(
        id="replication-deviations",
        caption=say("replication.chapter.deviations", language),
        header=tuple(say(f"replication.chapter.{key}", language) for key in columns),
        rows=rows,
        data=found.deviations_frame(language),
        notes=(say("replication.chapter.deviations_note", language),),
        widths=(1.3, 1.3, 3.5, 3.5),
        align="llll",
        marked=False,
    )
    return [
        Heading(2, say("replication.chapter.deviations_title", language), "replication-deviations-section"),
        Paragraph(say("replication.chapter.deviations_intro", language, count=len(found.deviations))),
        table,
    ]
