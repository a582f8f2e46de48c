"""The QCA of respondents: sets and why, necessity, truth table, all solutions with their cases, the absence of the outcome."""

from __future__ import annotations

from typing import Any

import pandas as pd

from clustergov.casestudies.qca.case_types import TYPES
from clustergov.casestudies.qca.qca import Qca, model_count
from clustergov.casestudies.qca.respondents import DeclaredQca
from clustergov.casestudies.qca.shown import (
    necessity_frame,
    rows_shown,
    solution_frame,
    truth_table_frame,
    types_frame,
)
from clustergov.casestudies.qca.solution import Solution
from clustergov.language import Text, number, say
from clustergov.reports.chapters.qca_robustness import by_chance, under_other_choices
from clustergov.reports.chapters.qca_sets import sets
from clustergov.reports.document import Block, Bullets, Figure, Heading, Inline, Notice, Paragraph, Table
from clustergov.reports.figures.configurations import configurations, configurations_alt
from clustergov.reports.figures.set_plot import set_plot, set_plot_alt

MOST_NECESSARY = 10
MOST_MODELS = 4
"""Rows of combinations, and models of one solution, that the chapter shows; the data have all that are listed."""
MOST_CASES = 3
MOST_ASSUMED = 6


def qca(found: DeclaredQca, language: str, *, banner: str = "") -> list[Block]:
    """The whole chapter; where something was refused the reason stands in its place."""
    declared = found.declaration
    kind = "synthetic" if found.synthetic else "limit"
    blocks: list[Block] = [
        Heading(1, say("qca_study.title", language, title=declared.title), "chapter-qca"),
        Notice(say(f"qca_study.{kind}.title", language), say(f"qca_study.{kind}.text", language, minimum=found.minimum or 0),
               "synthetic" if found.synthetic else "limit"),
        Paragraph(say("qca_study.intro", language)),
        *sets(found, language),
    ]  # fmt: skip
    if isinstance(found.outcome, Text):
        blocks.append(Paragraph(say("qca_study.none", language, outcome=declared.outcome.name, reason=found.outcome)))
    else:
        blocks += [
            *_necessity(found.outcome, found, language),
            *_truth_table(found.outcome, found, language, banner),
            *_solutions(found.outcome, found, language, banner),
        ]
    blocks += _negated(found, language)
    blocks += under_other_choices(found, language, banner)
    blocks += by_chance(found, language)
    title = Heading(2, say("qca_study.limits.title", language), "qca-limits")
    return [
        *blocks,
        title,
        Bullets(tuple(say(f"qca_study.limits.{key}", language) for key in ("method", "choices", "cause"))),
    ]


def formula(text: str) -> str:
    """A formula with room to break between its parts."""
    return text.replace("*", " * ")


def some(names: str, language: str, most: int = MOST_CASES) -> str:
    """The first names of a list, and how many more there are."""
    every = [name for name in names.split(", ") if name]
    more = [say("qca_study.more", language, n=len(every) - most)] if len(every) > most else []
    return ", ".join([*every[:most], *more]) or "–"


def told(value: Any, language: str, decimals: int = 2) -> str:
    """A number; a dash where it is not shown or not defined."""
    return "–" if value is None or pd.isna(value) else number(float(value), language, decimals)


def _necessity(analysed: Qca, found: DeclaredQca, language: str) -> list[Block]:
    frame = necessity_frame(analysed, found.minimum)
    several = frame[frame["kind"] == "necessary"].sort_values("RoN", ascending=False, kind="stable")
    shown = pd.concat([frame[frame["kind"] == "alone"], several.head(MOST_NECESSARY)])
    rows = tuple(
        (formula(row["expression"]), *(told(row[key], language) for key in ("inclusion", "RoN", "coverage")),
         told(row["without"], language, 0))
        for row in shown.to_dict("records")
    )  # fmt: skip
    alone = frame[(frame["kind"] == "alone") & (frame["inclusion"] >= 0.9)]["expression"].tolist()
    key = "some" if alone else "nothing"
    outcome = str(analysed.truth_table.outcome)
    note = say("qca_study.necessity.note", language, shown=min(len(several), MOST_NECESSARY), n=len(several))
    return [
        Heading(2, say("qca_study.necessity.title", language), "qca-necessity-title"),
        Paragraph(say(f"qca_study.necessity.{key}", language, outcome=outcome, sets=", ".join(alone))),
        Table(
            id="qca-necessity", caption=say("qca_study.necessity.table", language, outcome=outcome),
            header=tuple(say(f"qca_study.column.{key}", language) for key in ("set", "inclN", "RoN", "covN", "without")),
            rows=rows, data=frame, notes=(note, say("qca_study.necessity.reading", language)),
            widths=(5.0, 1.5, 1.5, 1.5, 2.0),
        ),
    ]  # fmt: skip


def _truth_table(analysed: Qca, found: DeclaredQca, language: str, banner: str) -> list[Block]:
    table, shown = analysed.truth_table, rows_shown(analysed.truth_table, found.minimum)
    counted = sum(row.out != "?" for row in table.rows)
    mixed = [row for row in table.rows if 0 < len(row.deviant) < row.n]
    values = {"outcome": str(table.outcome), "rows": len(table.rows), "configurations": table.configurations,
              "positive": sum(row.out == "1" for row in table.rows), "mixed": len(mixed),
              "remainders": table.configurations - counted}  # fmt: skip
    blocks: list[Block] = [
        Heading(2, say("qca_study.truth_table.title", language), "qca-truth-table-title"),
        Paragraph(say("qca_study.truth_table.text", language, **values)),
    ]
    if not shown:
        return [*blocks, Paragraph(say("qca_study.truth_table.hidden", language, minimum=found.minimum or 0))]
    notes = [say("qca_study.truth_table.note", language)]
    if found.minimum is not None:
        hidden = {"shown": len(shown), "rows": len(table.rows), "minimum": found.minimum}
        notes.append(say("qca_study.truth_table.small", language, **hidden))
    names = [one.name for one in table.conditions]
    rows = tuple(
        (str(one.row.number), *map(str, one.row.levels), one.row.out, str(one.row.n), told(one.inclusion, language),
         told(one.pri, language), told(one.deviant, language, 0))
        for one in sorted(shown, key=lambda one: ("1C0?".index(one.row.out), -(one.inclusion or 0.0)))
    )  # fmt: skip
    headings = (say("qca_study.column.row", language), *names,
                *(say(f"qca_study.column.{key}", language) for key in ("OUT", "n", "incl", "PRI", "deviant")))  # fmt: skip
    return [
        *blocks,
        Figure(
            id="qca-configurations", caption=say("qca_study.truth_table.figure", language, outcome=str(table.outcome)),
            alt=configurations_alt(table, shown, language), png=configurations(table, shown, language, banner=banner),
        ),
        Table(
            id="qca-truth-table", caption=say("qca_study.truth_table.table", language, outcome=str(table.outcome)),
            header=headings, rows=rows, data=truth_table_frame(analysed, found.minimum), notes=tuple(notes),
            widths=(0.9, *(max(1.2, 0.19 * len(name)) for name in names), 0.9, 0.8, 1.1, 1.0, 1.5),
            align="l" + "c" * (len(names) + 1) + "rrrr",
        ),
    ]  # fmt: skip


def _solutions(analysed: Qca, found: DeclaredQca, language: str, banner: str) -> list[Block]:
    minimised = analysed.minimisation
    shown = minimised.intermediate[0]
    blocks: list[Block] = [
        Heading(2, say("qca_study.solutions.title", language), "qca-solutions-title"),
        Paragraph(_plain(analysed, language)),
        Paragraph(say("qca_study.solutions.reading", language)),
    ]
    for solution in (shown, minimised.conservative, minimised.parsimonious):
        blocks += _solution(analysed, solution, found, language, "qca")
    if len(minimised.intermediate) > 1:
        blocks.append(Paragraph(say("qca_study.solutions.pairs", language, n=len(minimised.intermediate))))
    blocks.append(_counterfactuals(analysed, language))
    return [*blocks, *_cases(analysed, shown, found, language, banner)]


def _plain(analysed: Qca, language: str) -> str:
    """The first intermediate model in one plain sentence."""
    model = analysed.minimisation.intermediate[0].models[0]
    labels = {one.name: (one.label.to(language) if one.label else one.name) for one in analysed.truth_table.conditions}
    without = say("qca_study.without", language)
    terms = [
        f" {say('qca_study.and', language)} ".join(
            labels[one.name] if one.levels != (0,) or one.multi_value else f"{without} {labels[one.name]}"
            for one in part.term.literals
        )
        for part in model.terms
    ]
    target = analysed.truth_table.outcome
    outcome = analysed.truth_table.table[target.name].label
    words = outcome.to(language) if outcome else target.name
    if target.levels == (0,):
        words = say("qca_study.absence", language, outcome=words)
    return say("qca_study.plain", language, terms="; ".join(f"({at}) {term}" for at, term in enumerate(terms, 1)),
               outcome=words, inclusion=model.fit.inclusion, coverage=model.fit.coverage, pri=model.fit.pri)  # fmt: skip


def _solution(analysed: Qca, solution: Solution, found: DeclaredQca, language: str, stem: str) -> list[Block]:
    """One table for the models of a solution: a row per term, then the model."""
    frame = solution_frame(analysed, found.minimum)
    pair = "" if solution.pair is None else f"C{solution.pair[0]}P{solution.pair[1]}"
    mine = frame[(frame["solution"] == solution.kind) & (frame["pair"] == pair)]
    shown = mine[mine["model"] <= MOST_MODELS]
    named = "unique_cases" in mine
    keys = ["model", "term", "incl", "PRI", "covS", "covU", "in_term", "deviant"] + (["cases"] if named else [])
    rows = tuple(_solution_row(row, named, language) for row in shown.to_dict("records"))
    return [
        Paragraph(model_count(solution, language)),
        Table(
            id=f"{stem}-{solution.kind}",
            caption=say("qca_study.solutions.table", language, kind=say(f"qca.heading.{solution.kind}", language),
                        outcome=str(analysed.truth_table.outcome)),
            header=tuple(say(f"qca_study.column.{key}", language) for key in keys), rows=rows, data=mine,
            notes=(say("qca_study.solutions.note", language),),
            widths=(1.2, 4.6, 1.0, 1.0, 1.0, 1.0, 1.1, 1.5, *([3.6] if named else [])), align="llrrrrrr" + ("l" if named else ""),
        ),
    ]  # fmt: skip


def _solution_row(row: dict[Any, Any], named: bool, language: str) -> tuple[Inline, ...]:
    label = formula(row["term"]) if row["term"] else say("qca_study.whole", language)
    cells = [told(row[key], language) for key in ("inclusion", "PRI", "coverage", "unique_coverage")]
    counts = [told(row[key], language, 0) for key in ("in_term", "deviant")]
    return (f"M{row['model']}", label, *cells, *counts, *([some(row["unique_cases"], language)] if named else []))


def _counterfactuals(analysed: Qca, language: str) -> Paragraph:
    solution = analysed.minimisation.intermediate[0]
    names = [one.name for one in analysed.truth_table.conditions]

    def written(configuration: tuple[int, ...]) -> str:
        return " * ".join(
            f"~{name}" if not level else name if level == 1 else f"{name}[{level}]"
            for name, level in zip(names, configuration, strict=True)
        )

    def listed(found: tuple[tuple[int, ...], ...], count: int) -> str:
        first = "; ".join(map(written, found[:MOST_ASSUMED]))
        left = count - min(len(found), MOST_ASSUMED)
        return f"{first}; {say('qca_study.more', language, n=left)}" if left else first or "–"

    hard = solution.difficult_count
    many = "–" if hard is None else str(hard)
    return Paragraph(
        say("qca_study.counterfactuals", language, n_easy=solution.easy_count, n_hard=many,
            easy=listed(solution.easy, solution.easy_count), hard=listed(solution.difficult, len(solution.difficult) if hard is None else hard))
    )  # fmt: skip


def _cases(analysed: Qca, solution: Solution, found: DeclaredQca, language: str, banner: str) -> list[Block]:
    """Types of cases under the first model; the plot shows single respondents and therefore only synthetic ones."""
    frame = types_frame(analysed, solution, found.minimum)
    types = [name for name in TYPES if name in frame]
    rows = tuple(
        (
            formula(row["term"]) or say("qca_study.model", language, n=1),
            *(told(row[name], language, 0) for name in types),
        )
        for row in frame.to_dict("records")
    )
    table = Table(
        id="qca-cases", caption=say("qca_study.cases.table", language),
        header=(say("qca_study.column.term", language), *(say(f"qca_study.type.{name}", language) for name in types)),
        rows=rows, data=frame, notes=(say("qca_study.cases.note", language),), widths=(4.2, *(1.6 for _ in types)),
    )  # fmt: skip
    blocks: list[Block] = [Heading(2, say("qca_study.cases.title", language), "qca-cases-title"), table]
    if found.minimum is not None:
        return [*blocks, Paragraph(say("qca_study.cases.no_plot", language))]
    return [*blocks, _plot(analysed, solution, found, language, banner)]


def _plot(analysed: Qca, solution: Solution, found: DeclaredQca, language: str, banner: str) -> Figure:
    table, expression = analysed.truth_table.table, solution.models[0].expression
    x, y = expression.membership(table), analysed.truth_table.outcome.membership(table)
    against = sorted((at for at in range(len(x)) if (x[at] > 0.5) != (y[at] > 0.5)), key=lambda at: -abs(x[at] - y[at]))
    sides = [[at for at in against if (x[at] > 0.5) is bool(side)] for side in (True, False)]
    mixed = [at for turn in range(len(against)) for side in sides if turn < len(side) for at in [side[turn]]]
    values: dict[str, Any] = {"x_label": formula(str(expression)), "y_label": str(analysed.truth_table.outcome),
                              "names": {at: table.cases[at] for at in mixed}, "language": language}  # fmt: skip
    return Figure(id="qca-plot", caption=say("qca_study.cases.figure", language), alt=set_plot_alt(x, y, **values),
                  png=set_plot(x, y, banner=banner, **values))  # fmt: skip


def _negated(found: DeclaredQca, language: str) -> list[Block]:
    if found.negated is None:
        return []
    name = f"~{found.declaration.outcome.name}"
    blocks: list[Block] = [Heading(2, say("qca_study.negated.title", language, outcome=name), "qca-negated-title")]
    if isinstance(found.negated, Text):
        return [*blocks, Paragraph(say("qca_study.none", language, outcome=name, reason=found.negated))]
    positive = sum(row.out == "1" for row in found.negated.truth_table.rows)
    return [
        *blocks,
        Paragraph(
            f"{say('qca_study.negated.text', language, outcome=name, positive=positive)} {_plain(found.negated, language)}"
        ),
        *_solution(found.negated, found.negated.minimisation.intermediate[0], found, language, "qca-negated"),
    ]
