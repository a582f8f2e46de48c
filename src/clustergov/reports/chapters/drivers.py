"""What goes with performance: the models as a figure and tables, with who dropped out of them and why."""

from __future__ import annotations

import pandas as pd

from clustergov.analysis.models.driver_probabilities import effects, proportionality
from clustergov.analysis.models.drivers import Drivers, ModelResult
from clustergov.language import number, say
from clustergov.reports.chapters.claims import banner_mark
from clustergov.reports.chapters.response import population_note
from clustergov.reports.document import Block, Bullets, Figure, Heading, Paragraph, Table
from clustergov.reports.figures.forest import forest, forest_alt
from clustergov.reports.findings import Findings
from clustergov.reports.wording import between, p_cell, shown


def drivers(findings: Findings, found: Drivers, language: str) -> list[Block]:
    """Per model a forest plot and a table, then where respondents were lost."""
    blocks: list[Block] = [
        Heading(1, say("chapters.drivers.title", language), "chapter-drivers"),
        Paragraph(say("chapters.drivers.intro", language)),
    ]
    frame = found.frame()
    for result in found.models:
        rows = frame[frame["model"] == result.model.code]
        blocks += [
            Heading(2, result.model.title.to(language), f"model-{result.model.code}"),
            Bullets(found.told(result.model.code, language)),
            _figure(findings, found, result, rows, language),
            *_tables(found, result, rows, language),
            Paragraph(found.note(result.model.code, language)),
            *_beside(found, result, language),
            _flow(found, result, language),
        ]
    if note := population_note(findings.responses.design, language, about_population=False):
        blocks.append(Paragraph(note))
    blocks.append(Paragraph(say("drivers.limit", language)))
    return blocks


def _figure(findings: Findings, found: Drivers, result: ModelResult, rows: pd.DataFrame, language: str) -> Figure:
    plotted = rows.assign(
        label=[found.label(outcome).to(language) for outcome in rows["outcome"]],
        group=[f"{found.label(term).to(language)} ({found.step(term).to(language)})" for term in rows["term"]],
    )
    if result.model.kind == "linear":
        plotted = plotted.assign(
            label=plotted["group"], group=plotted["outcome"].map(lambda name: found.label(name).to(language))
        )
    ordinal = result.model.kind == "ordinal"
    axis = say(f"chapters.drivers.axis.{result.model.kind}", language)
    return Figure(
        id=f"forest-{result.model.code}",
        caption=say("chapters.drivers.figure", language, title=result.model.title),
        alt=forest_alt(plotted, null=1.0 if ordinal else 0.0, language=language),
        png=forest(
            plotted, null=1.0 if ordinal else 0.0, log=ordinal, language=language, axis_label=axis,
            banner=banner_mark(findings, language),
        ),
    )  # fmt: skip


def _tables(found: Drivers, result: ModelResult, rows: pd.DataFrame, language: str) -> list[Table]:
    """One table per outcome, so that no cell repeats its name."""
    outcomes = [outcome.outcome for outcome in result.outcomes]
    return [_table(found, result, rows[rows["outcome"] == name], name, language) for name in outcomes]


def _table(found: Drivers, result: ModelResult, rows: pd.DataFrame, outcome: str, language: str) -> Table:
    cells = []
    for row in rows.to_dict("records"):
        interval = "–" if pd.isna(row["low"]) else between(row["low"], row["high"], language, 2)
        cells.append(
            (
                f"{found.label(row['term']).to(language)}, {found.step(row['term']).to(language)}",
                shown(row["estimate"], language, 2),
                interval,
                p_cell(row["p"], language),
                p_cell(row["p_adjusted"], language),
            )
        )
    keys = ("predictor", f"estimate.{result.model.kind}", "interval", "p", "p_adjusted")
    alone = len(result.outcomes) == 1
    key = "table" if alone else "table_of"
    return Table(
        id=f"drivers-{result.model.code}" + ("" if alone else f"-{outcome.replace('_', '-')}"),
        caption=say(f"chapters.drivers.{key}", language, title=result.model.title, outcome=found.label(outcome)),
        header=tuple(say(f"chapters.drivers.{key}", language) for key in keys),
        rows=tuple(cells),
        data=rows,
        align="lrrrr",
    )


def _beside(found: Drivers, result: ModelResult, language: str) -> list[Block]:
    """Marginal effects on the highest answer as one table, and whether one odds ratio does for all thresholds."""
    table = effects(found)
    table = table[table["model"] == result.model.code]
    if table.empty:
        return []
    level = found.specification.level
    return [_effects(found, result, table, language), Paragraph(say("drivers.effects.told", language, level=level)),
            *(Paragraph(sentence) for sentence in proportionality(found, result.model.code, language))]  # fmt: skip


def _effects(found: Drivers, result: ModelResult, table: pd.DataFrame, language: str) -> Table:
    terms = [predictor.code for predictor in found.specification.predictors]
    rows = []
    for outcome, own in table.groupby("outcome", sort=False):
        cells = [
            f"{shown(row['estimate'], language, 1)} ({between(row['low'], row['high'], language, 1)})"
            for row in own.set_index("term").loc[terms].to_dict("records")
        ]
        rows.append((found.label(str(outcome)).to(language), *cells))
    return Table(
        id=f"drivers-effects-{result.model.code}",
        caption=say("drivers.effects.title", language, title=result.model.title),
        header=(say("drivers.effects.outcome", language), *(found.label(term).to(language) for term in terms)),
        rows=tuple(rows),
        data=table,
        align="l" + "r" * len(terms),
    )


def _flow(found: Drivers, result: ModelResult, language: str) -> Table:
    flow = found.flow()
    flow = flow[flow["model"] == result.model.code]
    rows = []
    for row in flow.to_dict("records"):
        step = say(f"chapters.drivers.step.{row['step']}", language)
        name = f"{step}: {found.label(row['variable']).to(language)}" if row["variable"] else step
        counts = tuple(
            "–" if pd.isna(cell) else number(int(cell), language, 0) for cell in (row["missing"], row["lost"], row["n"])
        )
        rows.append((name, *counts))
    return Table(
        id=f"drivers-flow-{result.model.code}",
        caption=say("chapters.drivers.flow", language, title=result.model.title),
        header=tuple(say(f"chapters.drivers.{key}", language) for key in ("step_title", "missing", "lost", "left")),
        rows=tuple(rows),
        data=flow,
        align="lrrr",
    )
