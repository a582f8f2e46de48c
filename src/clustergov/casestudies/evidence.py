"""What the cases say about some concepts: one row per coded passage, with its words, polarity, source and mark."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from clustergov.casestudies.case import STATEMENTS, Statement
from clustergov.casestudies.coding.coding import Coding
from clustergov.casestudies.corpus import Corpus
from clustergov.casestudies.matrix import weight

COLUMNS = (
    "case", "concept", "kind", "document", "at", "coder", "polarity", "about", "mark", "source",
    "verbatim", "quotable", "text_nl", "text_en", "memo_nl", "memo_en", "place_nl", "place_en",
)  # fmt: skip


def evidence(corpus: Corpus, concepts: Sequence[str], *, uncertain: bool = False) -> pd.DataFrame:
    """Gather what was coded with any of `concepts`.

    Parameters
    ----------
    concepts : sequence of str
        Codes; rows come in this order, within a concept by case and place.
    uncertain : bool
        Whether to include statements with mark U, which are no findings.

    Returns
    -------
    DataFrame
        case, concept, kind (statement, note, document), document, at (code, or offsets start-end), coder, polarity,
        about (case, context, contrast: the last is never evidence on the case), mark, source, verbatim (somebody's own
        words, to be shown in quotation marks), quotable (False: no consent, the text is withheld), text, memo and
        place (page and paragraph of a document) in both languages; missing where there is none.

    Raises
    ------
    KeyError
        The codebook has no such concept.
    """
    order = {corpus.codebook.by_code[concept].code: place for place, concept in enumerate(concepts)}
    chosen = [
        coding
        for coding in corpus.counted
        if coding.concept in order and (uncertain or weight(corpus, coding) != "uncertain")
    ]
    chosen.sort(key=lambda coding: (order[coding.concept], coding.case))
    rows = [_row(corpus, coding) for coding in chosen]
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    text = [name for name in COLUMNS if name not in ("verbatim", "quotable")]
    return frame.astype(dict.fromkeys(text, "str") | {"verbatim": "bool", "quotable": "bool"})


def _row(corpus: Corpus, coding: Coding) -> dict[str, object]:
    memo: Mapping[str, str] = coding.memo or {}
    row: dict[str, object] = {
        "case": coding.case,
        "concept": coding.concept,
        "document": coding.document,
        "at": coding.place[2],
        "coder": coding.coder,
        "polarity": coding.polarity,
        "memo_nl": memo.get("nl"),
        "memo_en": memo.get("en"),
    }
    statement = corpus.statement(coding)
    return row | (_verbatim(corpus, coding) if statement is None else _own_words(corpus, coding, statement))


def _own_words(corpus: Corpus, coding: Coding, statement: Statement) -> dict[str, object]:
    return {
        "kind": "statement" if coding.document == STATEMENTS else "note",
        "about": statement.about,
        "mark": statement.mark,
        "source": corpus.by_case[coding.case].citation(statement, "en"),
        "verbatim": False,
        "quotable": True,
        "text_nl": statement.text.get("nl"),
        "text_en": statement.text.get("en"),
    }


def _verbatim(corpus: Corpus, coding: Coding) -> dict[str, object]:
    document = corpus.document(coding.case, coding.document)
    shown = coding.passage.exact if coding.passage and document.quotable else None
    place = document.locate(coding.passage.start) if coding.passage else None
    return {
        "kind": "document",
        "about": "case",
        "mark": document.mark,
        "source": document.attribution.to(document.language),
        "verbatim": True,
        "quotable": document.quotable,
        "text_nl": shown if document.language == "nl" else None,
        "text_en": shown if document.language == "en" else None,
        "place_nl": place.text("nl") if place else None,
        "place_en": place.text("en") if place else None,
    }
