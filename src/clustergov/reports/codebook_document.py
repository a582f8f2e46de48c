"""The codebook in one language as a document: every question with its variables, codes and, given responses, counts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import pandas as pd

from clustergov.analysis.description.overview import Overview
from clustergov.instruments.codebook import Codebook, codebook
from clustergov.instruments.questionnaire import Question, Questionnaire
from clustergov.language import LANGUAGES, say
from clustergov.reports.codebook_table import Entry, Wording, question_tables
from clustergov.reports.document import (
    Block,
    Bullets,
    Contents,
    Document,
    Heading,
    Inline,
    Notice,
    Paragraph,
    Span,
    Table,
)  # fmt: skip

_FACTS = (
    "variable",
    "help",
    "kind",
    "direction",
    "range",
    "routing",
    "constraint",
    "required",
    "source",
    "scale_source",
    "constructs",
)


def codebook_document(questionnaire: Questionnaire, language: str, counted: Overview | None = None) -> Document:
    """The codebook for a reader of `language`, in our words of that language, or else English ones.

    Parameters
    ----------
    counted : Overview or None
        Counts of responses, already protected.
    """
    book = codebook(questionnaire, language)
    wording = Wording(book.language, language, re.sub(r"\W", "-", language), counted)
    synthetic = counted is not None and counted.synthetic
    blocks = [
        Contents(),
        *_introduction(questionnaire, book, wording),
        *_questions(questionnaire, book, wording),
        *_scores(questionnaire, wording),
        *_indicators(questionnaire, wording),
        *_sources(questionnaire, wording),
    ]
    return Document(
        title=_part_title(language, book.language),
        subtitle="",
        language=book.language,
        author="",
        date="",
        blocks=tuple(blocks),
        banner=say("chapters.banner", book.language) if synthetic else "",
    )


def _part_title(language: str, words: str) -> str:
    if language in LANGUAGES:
        return say(f"codebook_page.part.{language}", words)
    return say("codebook_page.part.other", words, language=language)


def _introduction(questionnaire: Questionnaire, book: Codebook, wording: Wording) -> Iterator[Block]:
    counted = wording.counted
    if counted is not None and counted.synthetic:
        yield Notice("", wording.say("synthetic"), "synthetic")
    yield Paragraph(wording.say("size", questions=len(questionnaire.questions), sections=len(questionnaire.sections),
                                variables=len(questionnaire.variables)))  # fmt: skip
    for key, text in (("welcome", questionnaire.text), ("closing", questionnaire.closing)):
        if text is not None:
            yield Paragraph((Span(wording.say(key), strong=True), ": ", *wording.text(text)))
    if counted is not None:
        yield Paragraph(f"{counted.sentence(wording.words)} {wording.say('reading')}")
    marks = sorted({row.mark for row in book.rows if row.mark}, key="PSDU".index)
    if marks:
        yield Paragraph(wording.say("marks"))
        yield Bullets(
            tuple((Span(mark, strong=True), f": {say(f'general.mark.{mark}', wording.words)}") for mark in marks)
        )


def _questions(questionnaire: Questionnaire, book: Codebook, wording: Wording) -> Iterator[Block]:
    place = 0
    for number, section in enumerate(questionnaire.sections, start=1):
        yield Heading(
            1, wording.text(section.title) or section.code, wording.identifier("section", number, section.code)
        )
        for question in section.questions:
            place += 1
            entries = [Entry(variable, row) for variable in questionnaire.of(question.code)
                       if (row := book.row(variable.name))]  # fmt: skip
            title: Inline = (f"{question.code}. ", *wording.text(question.text))
            yield Heading(2, title, wording.identifier("question", place, question.code))
            yield Bullets(tuple(_facts(question, entries, wording)))
            yield from question_tables(question, entries, place, wording)


def _facts(question: Question, entries: Sequence[Entry], wording: Wording) -> Iterator[Inline]:
    """What holds for every variable of a question; what differs stands in its table."""
    if not entries:
        yield wording.say("note")
    for name in _FACTS:
        values = {wording.field(entry.row, name) for entry in entries}
        value = values.pop() if len(values) == 1 else ""
        if value:
            heading = Span(say(f"codebook.heading.{name}", wording.words), strong=True)
            yield (heading, ": ", *wording.within(value, question.unit if name == "range" else None))


def _scores(questionnaire: Questionnaire, wording: Wording) -> Iterator[Block]:
    if not questionnaire.constructs:
        return
    yield Heading(1, wording.say("scores"), f"{wording.prefix}-scores")
    yield Paragraph(wording.say("scoring"))
    rows = []
    for construct in questionnaire.constructs:
        items = (say("codebook.reversed", wording.words, variable=name) if name in construct.reversed else name
                 for name in construct.items)  # fmt: skip
        rows.append((construct.code, wording.text(construct.title), ", ".join(items), str(construct.minimum_valid),
                     wording.source(construct.source, construct.mark)))  # fmt: skip
    header = (*(wording.say(key) for key in ("score", "meaning", "items", "needed")),
              say("codebook.heading.source", wording.words))  # fmt: skip
    yield Table(
        f"{wording.prefix}-scoring-keys", wording.say("key"), header, tuple(rows), pd.DataFrame(), align="lllrl"
    )


def _indicators(questionnaire: Questionnaire, wording: Wording) -> Iterator[Block]:
    """One table per dimension: how each indicator is computed, and which evidence is asked for."""
    if not questionnaire.indicators:
        return
    yield Heading(1, wording.say("indicators"), f"{wording.prefix}-indicators")
    yield Paragraph(wording.say("computing"))
    header = tuple(wording.say(key) for key in ("indicator", "meaning", "formula", "unit", "evidence"))
    header = (*header, say("codebook.heading.source", wording.words))
    for place, (name, title) in enumerate(questionnaire.dimensions.items()):
        rows: list[tuple[Inline, ...]] = []
        for each in questionnaire.indicators:
            if each.dimension == name:
                better = say(f"codebook.indicator_direction.{each.direction}", wording.words)
                unit: Inline = (*wording.text(each.unit), f"; {better}")
                rows.append((each.code, wording.text(each.title), each.formula, unit, wording.text(each.evidence),
                             wording.source(each.source, each.mark)))  # fmt: skip
        if rows:
            identifier = wording.identifier("indicators", place, name)
            yield Table(identifier, wording.text(title), header, tuple(rows), pd.DataFrame(), align="llllll")


def _sources(questionnaire: Questionnaire, wording: Wording) -> Iterator[Block]:
    if not questionnaire.sources:
        return
    yield Heading(1, wording.say("sources"), f"{wording.prefix}-sources")
    yield Bullets(
        tuple(
            (
                Span(key, strong=True),
                f": {source.named(wording.words)} ",
                *((Span("", to=source.url),) if source.url else ()),
            )
            for key, source in questionnaire.sources.items()
        )
    )
