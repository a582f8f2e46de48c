"""Coded segments as a table (CSV), one row per coding, for everybody who has no program of the field."""

from __future__ import annotations

import csv
import io

from clustergov.casestudies.coding.coding import Coding
from clustergov.casestudies.corpus import Corpus
from clustergov.instruments.exchange import Exported, Notes
from clustergov.survey.formula_cells import harmless

COLUMNS = (
    "case", "document", "title", "coder", "round", "concept", "concept_name", "polarity", "at", "start", "end", "place",
    "text", "memo", "about", "mark", "consent", "attribution", "source", "sha256",
)  # fmt: skip


def to_segments(corpus: Corpus, *, language: str, withheld: bool = False) -> Exported:
    """The table in UTF-8 with a byte-order mark, as spreadsheets want it.

    Parameters
    ----------
    withheld : bool
        Whether the words of speakers who did not agree to be shown are in it; otherwise their cells are empty.

    Returns
    -------
    Exported
        With the columns `COLUMNS`; `start` and `end` count code points of the normalised text, the end exclusive.
    """
    notes, buffer = Notes(), io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for coding in sorted(
        corpus.codings, key=lambda each: (each.case, each.document, each.order, each.coder, each.round)
    ):
        row = _row(coding, corpus, language, withheld)
        writer.writerow([_cell(row.get(column, "")) for column in COLUMNS])
    hidden = [each for each in corpus.documents if not each.quotable]
    for document in hidden:
        notes.add(
            "withheld", "its speaker did not agree to be shown; the words "
            + ("are in the file all the same." if withheld else "and memos were left out, the rows are there."),
            place=f"{document.case}/{document.code}",
            fix="Give the file only to those who may read it." if withheld else "With --withheld they go along.",
        )  # fmt: skip
    notes.add("segments", "only coded segments: texts, uncoded parts and rules of the concepts are not in it.")
    return Exported(b"\xef\xbb\xbf" + buffer.getvalue().encode("utf-8"), notes.all())


def _row(coding: Coding, corpus: Corpus, language: str, withheld: bool) -> dict[str, object]:
    case, statement = corpus.by_case[coding.case], corpus.statement(coding)
    concept = corpus.codebook.by_code[coding.concept]
    row: dict[str, object] = {
        "case": coding.case, "document": coding.document, "coder": coding.coder, "round": coding.round,
        "concept": coding.concept, "concept_name": concept.name.to(language), "polarity": coding.polarity or "",
        "at": coding.at, "memo": coding.memo.to(language) if coding.memo else "",
    }  # fmt: skip
    if statement is not None:
        note = next((note for note in case.notes if note.code == coding.document), None)
        return row | {
            "title": (note.title if note else case.title).to(language), "text": statement.text.to(language),
            "about": statement.about, "mark": statement.mark, "source": case.citation(statement, language),
            "consent": "not needed", "attribution": "paraphrase",
        }  # fmt: skip
    document = corpus.document(coding.case, coding.document)
    row |= {
        "title": document.title.to(language), "mark": document.mark, "consent": document.consent,
        "attribution": document.attribution.to(language), "sha256": document.sha256,
    }  # fmt: skip
    if coding.passage is not None:
        start, end = coding.passage.start, coding.passage.end
        row |= {
            "start": start,
            "end": end,
            "place": document.locate(start).text(language),
            "text": document.text[start:end],
        }
    # A memo may quote what it is about.
    return row if document.quotable or withheld else row | {"text": "", "memo": ""}


def _cell(value: object) -> object:
    """A cell that no spreadsheet takes for a formula."""
    return harmless(value) if isinstance(value, str) else value
