"""Internal consistency of the scales, and why it was not computed where it was not."""

from __future__ import annotations

import math

import pandas as pd

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
    if any(found.omega for found in computed):
        blocks.append(Paragraph(say("scales.chapter.omega intro", language)))
    if computed:
        blocks += [_table(computed, language), _items(computed, language)]
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
    keys = ["scale", "items", "n", "alpha", "interval"]
    header = [say(f"chapters.reliability.{key}", language) for key in keys]
    with_omega = any(found.omega for found in computed)
    if with_omega:
        header += [say("scales.chapter.omega", language), say("chapters.reliability.interval", language)]
    header.append(say("chapters.reliability.lowest", language))
    return Table(
        id="reliability",
        caption=say("chapters.reliability.table", language),
        header=tuple(header),
        rows=tuple(_row(found, language, with_omega=with_omega) for found in computed),
        data=summary(computed),
        notes=(say("chapters.reliability.note", language),),
        widths=(4.2, 1, 1, 1.2, 2.4, 1.2, 2.4, 1.4) if with_omega else (),
        align="l" + "r" * (len(header) - 1),
    )


def _row(found: Reliability, language: str, *, with_omega: bool) -> tuple[Inline, ...]:
    omega: tuple[Inline, ...] = ()
    if with_omega:
        interval = found.omega.interval if found.omega else None
        omega = (
            number(found.omega.omega, language) if found.omega else "–",
            between(interval.low, interval.high, language, 2) if interval else "–",
        )
    return (
        named(found.label, found.scale, language),
        number(len(found.items), language, 0),
        number(found.n, language, 0),
        number(found.alpha, language),
        between(found.interval.low, found.interval.high, language, 2),
        *omega,
        number(min(found.item_rest), language),
    )


def _items(computed: list[Reliability], language: str) -> Table:
    """One row per item of every scale: what it adds to its own."""
    keys = ("item", "mean", "deviation", "item rest", "without", "loading")
    rows: list[tuple[Inline, ...]] = []
    for found in computed:
        loadings = found.omega.loadings.tolist() if found.omega else [math.nan] * len(found.items)
        columns = (found.means, found.deviations, found.item_rest, found.alpha_if_deleted, loadings)
        for j, item in enumerate(found.items):
            name = say("scales.chapter.turned", language, item=item) if item in found.reversed else item
            rows.append((found.scale, name, *(number(column[j], language) for column in columns)))
    frames = [found.frame().assign(loading=found.omega.loadings if found.omega else math.nan) for found in computed]
    return Table(
        id="reliability-items",
        caption=say("scales.chapter.item table", language),
        header=(say("chapters.reliability.scale", language), *(say(f"scales.chapter.{key}", language) for key in keys)),
        rows=tuple(rows),
        data=pd.concat(frames, ignore_index=True),
        notes=(say("scales.chapter.item note", language),),
        widths=(3, 4.2, 1.8, 1.2, 1.6, 1.8, 1.4),
        align="llrrrrr",
    )
