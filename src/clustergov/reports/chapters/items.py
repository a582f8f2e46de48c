"""What people read first: interaction, collaboration and performance as diverging bars, and where the money comes from."""

from __future__ import annotations

import pandas as pd

from clustergov.analysis.description.funding import PUBLIC, PUBLIC_SOURCES, Funding
from clustergov.analysis.description.question_summary import QuestionSummary
from clustergov.language import say
from clustergov.reports.chapters.claims import banner_mark
from clustergov.reports.chapters.response import population_note
from clustergov.reports.document import Block, Figure, Heading, Paragraph, Table
from clustergov.reports.figures.composition import composition, composition_alt
from clustergov.reports.figures.diverging import diverging_alt, diverging_bars
from clustergov.reports.findings import Findings
from clustergov.reports.wording import around, per_cent, tagged


def items(findings: Findings, language: str) -> list[Block]:
    """Figures of the arrays that the claims are about; an imported questionnaire has its figures with its questions."""
    if findings.claimed is None and findings.funding is None:
        return []
    blocks: list[Block] = [Heading(1, say("chapters.items.title", language), "chapter-items")]
    if findings.funding is not None:
        blocks += _funding(findings, findings.funding, language)
    for found in findings.overview.summaries:
        if found.kind == "array" and (figure := diverging_figure(findings, found, language)):
            blocks += [Heading(2, tagged(found.question.text, language), f"items-{found.question.code}"), figure]
    return blocks


def diverging_figure(findings: Findings, found: QuestionSummary, language: str) -> Figure | None:
    """The items of one array; None where the scale has no order or nothing may be shown."""
    shares = found.shares.dropna()
    if found.scale is None or not found.scale.ordered or shares.empty:
        return None
    codes = list(shares.columns) if found.scale.direction == "ascending" else list(shares.columns)[::-1]
    labels = {variable.name: variable.label.to(language) for variable in found.variables}
    names = [str(name) for name in shares.index]
    options = [found.heading(code).to(language) for code in codes]
    n = [int(found.answered[name]) for name in names]
    neutral = len(codes) // 2 if len(codes) % 2 else None
    ordered = shares[codes]
    unlisted = int(found.unlisted.fillna(0).sum())
    return Figure(
        id=f"diverging-{found.question.code}-{found.variables[0].name}".replace("_", "-"),
        caption=around("chapters.items.figure", found.question.text, language),
        alt=diverging_alt(ordered, labels=[labels[name] for name in names], options=options, neutral=neutral, n=n, language=language),
        png=diverging_bars(
            ordered, labels=[labels[name] for name in names], options=options, neutral=neutral, n=n, language=language,
            banner=banner_mark(findings, language),
        ),
        notes=(say("chapters.items.unlisted", language, n=unlisted),) if unlisted else (),
    )  # fmt: skip


def _funding(findings: Findings, found: Funding, language: str) -> list[Block]:
    parts = [(code, text) for code, text in found.sources if code != PUBLIC]
    groups = [group for group in found.groups if group.n is not None]
    if not groups:
        return [Paragraph(found.sentence(language))]
    shares = pd.DataFrame({code: [group.of(code).share for group in groups] for code, _ in parts})
    labels = [f"{group.label.to(language)} (n = {group.n})" for group in groups]
    names = [text.to(language) for _, text in parts]
    public = [code for code, _ in parts if code in PUBLIC_SOURCES]
    figure = Figure(
        id="funding-composition",
        caption=say("chapters.items.funding", language),
        alt=composition_alt(shares, labels=labels, parts=names, public=public, language=language),
        png=composition(
            shares, labels=labels, parts=names, public=public, language=language, banner=banner_mark(findings, language)
        ),
    )
    table = Table(
        id="funding",
        caption=say("chapters.items.funding", language),
        header=(say("chapters.items.source", language), *(group.label.to(language) for group in groups)),
        rows=(
            *(
                (text.to(language), *(per_cent(group.of(code).share, language) for group in groups))
                for code, text in found.sources
            ),
            (say("chapters.items.n", language), *(str(group.n) for group in groups)),
        ),
        data=found.frame(),
        notes=(note,) if (note := population_note(findings.responses.design, language, about_population=True)) else (),
    )
    return [
        Heading(2, say("chapters.items.funding", language), "funding-shares"),
        Paragraph(found.sentence(language)),
        figure,
        table,
    ]
