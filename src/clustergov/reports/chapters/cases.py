"""The cases: what to be careful about, their portraits, notes, statements with sources, the case × concept matrix."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from clustergov.casestudies.case import Case, Note
from clustergov.casestudies.reading import RULES, Rule
from clustergov.language import say
from clustergov.reports.chapters.case_portrait import portrait
from clustergov.reports.document import Block, Figure, Heading, Notice, Paragraph, Span, Table
from clustergov.reports.figures.matrix import case_matrix_alt, case_matrix_figure
from clustergov.reports.findings import Cases
from clustergov.reports.wording import tagged


def cases(found: Cases, language: str) -> list[Block]:
    """One section per case, then the matrix as figure and table."""
    blocks: list[Block] = [
        Heading(1, say("chapters.cases.title", language), "chapter-cases"),
        Paragraph(say("chapters.cases.intro", language)),
        Paragraph(found.matrix.sentence(language)),
        _figure(found, language),
        _matrix(found, language),
    ]
    if any(case.rules for case in found.corpus.cases):
        blocks += [Paragraph(say("cases.rules_intro", language)), _rules(found, language)]
    for case in found.corpus.cases:
        blocks += _case(case, language)
    return blocks


def _figure(found: Cases, language: str) -> Figure:
    counts = found.matrix.counts().T
    labels = {code: title.to(language) for code, title in (*found.matrix.cases, *found.matrix.concepts)}
    return Figure(
        id="case-matrix-figure",
        caption=say("chapters.cases.figure", language),
        alt=case_matrix_alt(counts, labels, language),
        png=case_matrix_figure(counts, labels, language),
        notes=(say("chapters.cases.empty", language),),
        marked=False,
    )


def _matrix(found: Cases, language: str) -> Table:
    matrix = found.matrix
    rows = tuple(
        (name.to(language), *(matrix.cell_text(case, concept, language) for case, _ in matrix.cases))
        for concept, name in matrix.concepts
    )
    return Table(
        id="case-matrix",
        caption=say("chapters.cases.matrix", language),
        header=(say("chapters.cases.concept", language), *(title.to(language) for _, title in matrix.cases)),
        rows=rows,
        data=matrix.frame(),
        # What to keep in mind of one case stands at the case itself, once.
        notes=(
            say("chapters.cases.empty", language),
            *(text.to(language) for case, text in matrix.caveats if not case),
        ),
        align="l" * (1 + len(matrix.cases)),
        marked=False,
    )


def _rules(found: Cases, language: str) -> Table:
    """The rules beside each other; why, stands with each case."""
    cases = [case for case in found.corpus.cases if case.rules]
    answers = {case.case: {reading.rule: reading for reading in case.rules} for case in cases}

    def cell(case: str, rule: Rule) -> str:
        reading = answers[case][rule]
        mark = f" [{reading.mark}]" if reading.mark else ""
        return say(f"cases.answer.{reading.answer}", language) + mark

    return Table(
        id="case-rules",
        caption=say("cases.rules", language),
        header=(say("cases.column.rule", language), *(case.title.to(language) for case in cases)),
        rows=tuple(
            (say(f"cases.rule.{rule}", language), *(cell(case.case, rule) for case in cases)) for rule in RULES
        ),
        data=pd.DataFrame(
            [(case.case, rule, answers[case.case][rule].answer, answers[case.case][rule].mark) for case in cases for rule in RULES],
            columns=["case", "rule", "answer", "mark"],
        ),
        align="l" * (1 + len(cases)),
        marked=False,
    )  # fmt: skip


def _case(case: Case, language: str) -> list[Block]:
    numbers = {key: place for place, key in enumerate(case.sources, start=1)}
    blocks: list[Block] = [
        Heading(2, case.title.to(language), f"case-{case.case}"),
        Paragraph(f"{case.subject.to(language)} {case.period.to(language)}"),
    ]
    if case.contrast:
        blocks.append(Paragraph(say("cases.contrast", language)))
    for remark in case.caveats:
        blocks.append(Notice(say("chapters.cases.caveat", language), tagged(remark.text, language), "limit"))
    told = portrait(case, numbers, language)
    if told:
        blocks += [Paragraph(say("cases.coded", language)), *told]
    if case.notes:
        blocks.append(Heading(3, say("cases.notes", language), f"notes-{case.case}"))
    for note in case.notes:
        blocks += _note(note, language)
    blocks.append(_statements(case, numbers, language))
    return blocks


def _note(note: Note, language: str) -> list[Block]:
    """Paragraphs, each with its label; the title stands before the first."""
    blocks: list[Block] = []
    for place, paragraph in enumerate(note.paragraphs):
        title = (Span(f"{note.title.to(language)}.", strong=True), " ") if place == 0 else ()
        label = say("chapters.cases.paraphrase", language, mark=paragraph.mark)
        blocks.append(Paragraph((*title, f"{paragraph.text.to(language)} ", Span(label, emphasis=True))))
    return blocks


def _statements(case: Case, numbers: Mapping[str, int], language: str) -> Table:
    """Statements with the numbers of their sources; under the table stand all sources of the case, once each."""
    rows = tuple(
        (
            statement.text.to(language),
            say(f"casestudies.about.{statement.about}", language),
            ", ".join(str(numbers[key]) for key in statement.source),
            statement.mark,
        )
        for statement in case.statements
    )
    data = pd.DataFrame(
        [
            (statement.code, *(statement.text.get(each, "") for each in ("nl", "en")), statement.about,
             case.citation(statement, "en"), statement.mark)
            for statement in case.statements
        ],
        columns=["statement", "text_nl", "text_en", "about", "source", "mark"],
    )  # fmt: skip
    return Table(
        id=f"statements-{case.case}",
        caption=say("chapters.cases.statements_of", language, case=case.title),
        header=tuple(say(f"chapters.cases.{key}", language) for key in ("statement", "about_title", "source", "mark")),
        rows=rows,
        data=data,
        notes=tuple(
            say("chapters.cases.source_of", language, n=place, source=case.sources[key].located(language))
            for key, place in numbers.items()
        ),
        widths=(7.0, 2.0, 0.8, 0.8),
        align="llcc",
        marked=False,
    )
