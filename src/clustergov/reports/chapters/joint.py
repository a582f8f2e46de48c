"""Survey and cases side by side, driver by driver."""

from __future__ import annotations

from clustergov.language import say
from clustergov.reports.document import Block, Heading, Inline, Paragraph, Span, Table
from clustergov.reports.joint.display import JointCell, JointDisplay, JointRow
from clustergov.reports.wording import tagged


def joint(display: JointDisplay, language: str) -> list[Block]:
    """The display as one table: driver, the verdicts on its claims, a cell per case, the judgement left to a person."""
    return [
        Heading(1, say("chapters.joint.title", language), "chapter-joint"),
        Paragraph(say("chapters.joint.intro", language)),
        Paragraph(display.sentence(language)),
        _table(display, language),
    ]


def _table(display: JointDisplay, language: str) -> Table:
    return Table(
        id="joint-display",
        caption=say("chapters.joint.title", language),
        header=(
            say("chapters.joint.driver", language),
            say(f"chapters.joint.{'rehearsed' if display.synthetic else 'survey'}", language),
            *(title.to(language) for _, title in display.cases),
            say("chapters.joint.judgement", language),
        ),
        rows=tuple(_row(row, language) for row in display.rows),
        data=display.frame(),
        notes=(say("chapters.joint.note", language), say("chapters.cases.empty", language)),
        widths=(1.5, 1.7) + (2.4,) * len(display.cases) + (1.2,),
        align="l" * (3 + len(display.cases)),
    )


def _row(row: JointRow, language: str) -> tuple[Inline, ...]:
    verdicts = "\n".join(f"{claim}: {say(f'claims.verdict.{verdict}', language)}" for claim, verdict in row.verdicts)
    none = say("chapters.joint.no_concept", language)
    cells = [_cell(cell, language) if row.driver.concepts else none for cell in row.cells]
    return (row.driver.name.to(language), verdicts, *cells, say("chapters.joint.open", language))


def _cell(cell: JointCell, language: str) -> Inline:
    """How many passages, and the first of them: a paraphrase as it is, somebody's own words in quotation marks."""
    counted = cell.counted.text(language)
    if cell.text is None:
        return counted
    words = tagged(cell.text, language)
    inner = (words,) if isinstance(words, str) else words
    marks = ("“", "”") if cell.verbatim else ("", "")
    return (Span(f"{counted}. ", strong=True), marks[0], *inner, f"{marks[1]} [{cell.mark}]")
