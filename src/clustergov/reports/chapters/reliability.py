"""Internal consistency of the scales, and why it was not computed where it was not."""

from __future__ import annotations

from clustergov.analysis.scales.reliability import NotComputed, Reliability, summary
from clustergov.language import Text, number, say
from clustergov.reports.document import Block, Bullets, Heading, Inline, Paragraph, Table
from clustergov.reports.findings import Findings
from clustergov.reports.wording import between, named


def reliability(findings: Findings, language: str) -> list[Block]:
    """One table of all scales with alpha and its interval; cautions and reasons under it. Nothing without arrays."""
    if not findings.reliability:
        return []
    computed = [found for found in findings.reliability if isinstance(found, Reliability)]
    refused = [found for found in findings.reliability if isinstance(found, NotComputed)]
    blocks: list[Block] = [
        Heading(1, say("chapters.reliability.title", language), "chapter-reliability"),
        Paragraph(say("chapters.reliability.intro", language)),
    ]
    computed = _each_once(computed)
    if computed:
        blocks.append(_table(computed, language))
    cautions: list[Inline] = [_told(found, caution, language) for found in computed for caution in found.cautions]
    if cautions:
        blocks += [Paragraph(say("chapters.reliability.cautions", language)), Bullets(tuple(cautions))]
    if refused:
        reasons = tuple(_told(found, found.reason, language) for found in refused)
        blocks += [Paragraph(say("chapters.reliability.refused", language)), Bullets(reasons)]
    return blocks


def _each_once(computed: list[Reliability]) -> list[Reliability]:
    """A scale that is exactly the items of one array has the same numbers; it is shown under its own name only."""
    by_items: dict[tuple[frozenset[str], frozenset[str]], Reliability] = {}
    for found in computed:
        by_items.setdefault((frozenset(found.items), frozenset(found.reversed)), found)
    return list(by_items.values())


def _told(found: Reliability | NotComputed, text: Text, language: str) -> Inline:
    name = named(found.label, found.scale, language)
    return (*((name,) if isinstance(name, str) else name), f": {text.to(language)}")


def _table(computed: list[Reliability], language: str) -> Table:
    keys = ("scale", "items", "n", "alpha", "interval", "lowest")
    return Table(
        id="reliability",
        caption=say("chapters.reliability.table", language),
        header=tuple(say(f"chapters.reliability.{key}", language) for key in keys),
        rows=tuple(_row(found, language) for found in computed),
        data=summary(computed),
        notes=(say("chapters.reliability.note", language),),
        align="lrrrrr",
    )


def _row(found: Reliability, language: str) -> tuple[Inline, ...]:
    return (
        named(found.label, found.scale, language),
        number(len(found.items), language, 0),
        number(found.n, language, 0),
        number(found.alpha, language),
        between(found.interval.low, found.interval.high, language, 2),
        number(min(found.item_rest), language),
    )
