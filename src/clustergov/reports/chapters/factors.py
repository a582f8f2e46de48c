"""What the items of each scale have in common: how many factors, their figure, and loadings."""

from __future__ import annotations

from collections.abc import Sequence

from clustergov.analysis.scales.structure import NotExplored, Structure
from clustergov.language import Text, number, say
from clustergov.reports.document import Block, Bullets, Figure, Heading, Inline, Paragraph, Table
from clustergov.reports.figures.alternative import clipped, listed
from clustergov.reports.figures.scree import scree
from clustergov.reports.wording import named


def factors(found: Sequence[Structure | NotExplored], language: str, banner: str = "") -> list[Block]:
    """A figure of eigenvalues, and per scale what was found with its loadings. Nothing without scales."""
    if not found:
        return []
    explored = [each for each in found if isinstance(each, Structure)]
    refused = [each for each in found if isinstance(each, NotExplored)]
    blocks: list[Block] = [
        Heading(1, _say("title", language), "chapter-factors"),
        Paragraph(_say("intro", language)),
    ]
    if explored:
        blocks.append(_figure(explored, language, banner))
    for each in explored:
        blocks += [
            Heading(2, named(each.label, each.scale, language), f"chapter-factors-{each.scale}"),
            Paragraph(each.sentence(language)),
            _loadings(each, language),
        ]
        told: tuple[Inline, ...] = tuple(caution.to(language) for caution in _cautions(each))
        if told:
            blocks.append(Bullets(told))
    if refused:
        reasons = tuple(_reason(each, language) for each in refused)
        blocks += [Paragraph(_say("refused", language)), Bullets(reasons)]
    return blocks


def _say(key: str, language: str, **values: object) -> str:
    return say(f"scales.chapter.{key}", language, **values)


def _reason(each: NotExplored, language: str) -> Inline:
    name = named(each.label, each.scale, language)
    return (*((name,) if isinstance(name, str) else name), f": {each.reason.to(language)}")


def _cautions(each: Structure) -> list[Text]:
    """Cautions about the correlations stand in both results."""
    return list(dict.fromkeys((*each.exploration.cautions, *each.adequacy.cautions)))


def _figure(explored: Sequence[Structure], language: str, banner: str) -> Figure:
    panels = [(clipped(each.label.to(language)), each.parallel) for each in explored]
    findings = [
        _say(f"alternative.{each.outcome}", language, label=title, count=parallel.component_count,
             first=float(parallel.components[0]), limit=float(parallel.component_limits[0]))
        for each, (title, parallel) in zip(explored, panels, strict=True)
    ]  # fmt: skip
    return Figure(
        id="factors-scree",
        caption=_say("figure", language),
        alt=listed(findings, language, separator=" "),
        png=scree(panels, language=language, banner=banner),
        notes=(_say("figure note", language, draws=explored[0].parallel.draws),),
    )


def _loadings(each: Structure, language: str) -> Table:
    found = each.exploration
    order = found.order()
    rows = tuple(
        (
            named(each.words[i], found.items[i], language),
            *(number(value, language) for value in found.loadings[i]),
            number(found.communalities[i], language),
            number(each.adequacy.per_item[i], language),
        )
        for i in order
    )
    data = found.frame().assign(adequacy=each.adequacy.per_item).iloc[order].reset_index(drop=True)
    notes = [_say("loadings note", language, n=found.n, lost=found.lost, overall=each.adequacy.overall,
                  share=float(found.variance.sum()))]  # fmt: skip
    if found.factors == 2:
        notes.append(_say("phi", language, phi=float(found.factor_correlations[0, 1])))
    if found.fit.rmsea_interval is not None:
        low, high = found.fit.rmsea_interval.low, found.fit.rmsea_interval.high
        notes.append(_say("fit", language, rmsea=found.fit.rmsea, low=low, high=high, tli=found.fit.tli,
                          rmsr=found.fit.rmsr))  # fmt: skip
    return Table(
        id=f"factors-{each.scale}",
        caption=_say("loadings", language, label=each.label.to(language)),
        header=(_say("item", language), *found.names, _say("communality", language), _say("adequacy", language)),
        rows=rows,
        data=data,
        notes=tuple(notes),
        widths=(8, *(1.4,) * found.factors, 2, 1.4),
        align="l" + "r" * (found.factors + 2),
    )
