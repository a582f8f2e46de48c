"""Who of the population answered: outcome rates, respondents against the frame, weights, and what the intervals mean."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import numpy as np
import pandas as pd

from clustergov.language import number, say
from clustergov.reports.document import Block, Heading, Inline, Notice, Paragraph, Table
from clustergov.reports.findings import Fielded, Findings
from clustergov.reports.wording import between, per_cent
from clustergov.survey.frame.comparison import MOST, Comparison, variable_name
from clustergov.survey.frame.design import SamplingDesign
from clustergov.survey.frame.disposition import DISPOSITIONS
from clustergov.survey.frame.outcome import RATES, Outcome
from clustergov.survey.frame.weighting import kish


def response(findings: Findings, design: SamplingDesign, language: str) -> list[Block]:
    """The chapter; without a frame only the population and what its size does to the intervals."""
    blocks: list[Block] = [Heading(1, say("frame.chapter.title", language), "chapter-response")]
    if findings.responses.synthetic:
        blocks.append(Notice(say("general.synthetic", language), say("frame.chapter.synthetic", language), "synthetic"))
    if findings.fielded is not None:
        blocks += _fielded(findings, findings.fielded, design, language)
    blocks += [
        Heading(2, say("frame.chapter.population_title", language), "response-population"),
        Paragraph(_population(findings, design, language)),
    ]
    if design.weights is not None:
        blocks.append(Paragraph(_weights(design.weights, language)))
    blocks += [Paragraph(say("frame.chapter.which", language)), Paragraph(say("frame.chapter.unweighted", language))]
    return blocks


def population_note(design: SamplingDesign | None, language: str, *, about_population: bool) -> str:
    """What a note under a table says of the finite population; empty where the study declares none."""
    if design is None:
        return ""
    if not about_population:
        return say("frame.note.superpopulation", language)
    return say(
        f"frame.note.{'unweighted' if design.weights is None else 'weighted'}", language, population=design.population
    )


def _fielded(findings: Findings, found: Fielded, design: SamplingDesign, language: str) -> list[Block]:
    outcome = found.outcome
    blocks: list[Block] = [
        Heading(2, say("frame.chapter.outcome_title", language), "response-outcome"),
        Paragraph(outcome.sentence(language)),
        _dispositions(outcome, language),
        _rates(outcome, language),
    ]
    if found.comparisons:
        blocks += [
            Heading(2, say("frame.chapter.comparison_title", language), "response-comparison"),
            Paragraph(say("frame.chapter.comparison", language)),
        ]
    if found.left_out:
        names = ", ".join(variable_name(name, language) for name in found.left_out)
        blocks.append(Paragraph(say("frame.chapter.too many", language, names=names, most=MOST)))
    for comparison in found.comparisons:
        blocks.append(_comparison(comparison, findings, design, language))
    return blocks


def _dispositions(outcome: Outcome, language: str) -> Table:
    rows = tuple(
        (say(f"frame.disposition.{code}", language), number(outcome.counts.get(code, 0), language, 0))
        for code in DISPOSITIONS
    )
    frame = outcome.frame()
    return Table(
        id="dispositions",
        caption=say("frame.chapter.dispositions_table", language),
        header=(say("frame.chapter.disposition", language), say("frame.chapter.organisations", language)),
        rows=(*rows, (say("frame.chapter.total", language), number(outcome.n, language, 0))),
        data=frame[frame["kind"] == "count"][["code", "value"]],
        notes=(
            say("frame.chapter.dispositions_note", language, share=outcome.partial_from),
            *(() if outcome.linked else (say("frame.chapter.unlinked", language),)),
        ),
    )


def _rates(outcome: Outcome, language: str) -> Table:
    parts, rates = outcome.parts, outcome.rates
    rows: list[tuple[Inline, ...]] = []
    for name in RATES:
        above, below = parts[name]
        whole = float(below).is_integer()
        fraction = f"{number(above, language, 0)} / {number(below, language, 0 if whole else 1)}"
        rows.append((name, say(f"frame.rate.{name}", language), fraction, per_cent(rates[name], language, 1)))
    frame = outcome.frame()
    return Table(
        id="outcome-rates",
        caption=say("frame.chapter.rates_table", language),
        header=tuple(say(f"frame.chapter.{key}", language) for key in ("rate", "meaning", "fraction", "value")),
        rows=tuple(rows),
        data=frame[frame["kind"] == "rate"].drop(columns="kind"),
        notes=(say(f"frame.outcome.eligibility.{outcome.basis}", language, e=outcome.eligibility),
               say("frame.chapter.aapor", language)),
        widths=(1.0, 5.0, 1.6, 1.2),
        align="llrr",
    )  # fmt: skip


def _comparison(found: Comparison, findings: Findings, design: SamplingDesign, language: str) -> Table:
    weighted = design.weights is not None
    keys = [
        "category",
        "frame_n",
        "frame_share",
        "respondent_share",
        *(["weighted_share"] if weighted else []),
        "difference",
    ]
    titles = [say(f"frame.chapter.{key}", language) for key in keys]
    titles.append(say("frame.chapter.interval", language, level=found.level))
    notes = [found.sentence(language)]
    if found.test != "none":
        notes.append(say(f"frame.chapter.test.{found.test}", language, chi2=found.chi2, df=found.df, p=found.p))
    if found.merged:
        notes.append(say("frame.chapter.merged", language, merged=found.merged, minimum=findings.minimum))
    return Table(
        id=f"frame-{found.variable.replace('_', '-')}",
        caption=say("frame.chapter.comparison_table", language, variable=variable_name(found.variable, language)),
        header=tuple(titles),
        rows=tuple(_row(row, weighted, language) for row in found.table.to_dict("records")),
        data=found.frame() if weighted else found.frame().drop(columns="weighted_share"),
        notes=tuple(notes),
        widths=(2.2, 1.2, 1.1, 1.9, *((1.4,) if weighted else ()), 1.4, 2.2),
    )


def _row(row: dict[Hashable, Any], weighted: bool, language: str) -> tuple[Inline, ...]:
    ends = "–" if pd.isna(row["low"]) else between(100 * row["low"], 100 * row["high"], language, 1)
    cells = [
        _category(str(row["category"]), language), number(row["frame"], language, 0),
        per_cent(row["frame_share"], language, 1), per_cent(row["respondent_share"], language, 1),
    ]  # fmt: skip
    if weighted:
        cells.append(per_cent(row["weighted_share"], language, 1))
    return (*cells, number(100 * row["difference"], language, 1), ends)


def _category(name: str, language: str) -> str:
    return say("frame.chapter.unknown", language) if name == "unknown" else name


def _population(findings: Findings, design: SamplingDesign, language: str) -> str:
    n, whole = findings.responses.n, design.population
    if n >= whole:
        return say("frame.chapter.census", language, population=whole)
    told = say("frame.chapter.population", language, n=n, population=whole, fraction=n / whole)
    if design.populations:
        told += " " + say("frame.chapter.strata", language, strata=len(design.populations))
    return told


def _weights(weights: pd.Series[float], language: str) -> str:
    values, effect = np.asarray(weights, dtype=np.float64), kish(weights)
    return say("frame.weights.effect", language, low=values.min() / values.mean(), high=values.max() / values.mean(),
               effect=effect, effective=len(values) / effect, n=len(values))  # fmt: skip
