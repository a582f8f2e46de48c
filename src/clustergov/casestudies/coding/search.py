"""Words looked for in documents, units, codings and memos, in any case."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from clustergov.casestudies.coding.coding import Coding
from clustergov.casestudies.coding.held import Held, Hit
from clustergov.casestudies.corpus import Corpus
from clustergov.language import Text

AROUND = 40
"""Code points shown on either side."""


def search(
    corpus: Corpus,
    visible: Mapping[tuple[str, str], Sequence[Coding]],
    text: str,
    *,
    memos: Mapping[tuple[str, str], Mapping[str, Text]] | None = None,
    language: str = "",
    most: int = 500,
) -> tuple[Hit, ...]:
    """Look for `text`; blanks in it stand for any blanks.

    Parameters
    ----------
    visible : mapping
        Case and document → the codings that may be shown; only these documents are looked through.
    memos : mapping, optional
        Case and document → coder → the memo about that document, of those that may be shown.
    language : str
        Of the texts to look in; empty: all.
    most : int
        Hits returned at most.
    """
    words = text.split()
    if not words:
        return ()
    pattern = re.compile(r"\s+".join(map(re.escape, words)), re.IGNORECASE)
    hits: list[Hit] = []
    for (case, document), codings in visible.items():
        own = (memos or {}).get((case, document), {})
        for hit in chain(
            _in_memos(case, document, own, pattern), _in_document(corpus, case, document, codings, pattern, language)
        ):
            hits.append(hit)
            if len(hits) == most:
                return tuple(hits)
    return tuple(hits)


def _in_memos(case: str, document: str, memos: Mapping[str, Text], pattern: re.Pattern[str]) -> Iterator[Hit]:
    """In what coders noted about a document as a whole."""
    for coder, memo in memos.items():
        for tongue, words in memo.items():
            if found := pattern.search(words):
                yield Hit(case, document, "memo", "", None, None, tongue, f"{coder}: {_shown(words, found)}")


def _in_document(
    corpus: Corpus, case: str, document: str, codings: Sequence[Coding], pattern: re.Pattern[str], language: str
) -> Iterator[Hit]:
    for at, tongue, text in _texts(corpus, case, document):
        if language in ("", tongue):
            for found in pattern.finditer(text):
                yield Hit(case, document, "text", at, found.start(), found.end(), tongue, _shown(text, found))
    for coding in codings:
        passage = coding.passage
        start, end = (passage.start, passage.end) if passage else (None, None)
        if _named(corpus, coding, pattern, language):
            words = passage.exact if passage else ""
            yield Hit(case, document, "coding", coding.at, start, end, "", words[: 3 * AROUND], Held.of(coding))
        for tongue, memo in (coding.memo or {}).items():
            if found_in := pattern.search(memo):
                yield Hit(
                    case, document, "memo", coding.at, start, end, tongue, _shown(memo, found_in), Held.of(coding)
                )


def _texts(corpus: Corpus, case: str, document: str) -> Iterator[tuple[str, str, str]]:
    units = corpus.by_case[case].units.get(document)
    if units is None:
        own = corpus.document(case, document)
        yield "", own.language, own.text
        return
    for code, unit in units.items():
        for tongue, text in unit.text.items():
            yield code, tongue, text


def _named(corpus: Corpus, coding: Coding, pattern: re.Pattern[str], language: str) -> bool:
    concept = corpus.codebook.by_code.get(coding.concept)
    names = [name for tongue, name in concept.name.items() if language in ("", tongue)] if concept else []
    return any(pattern.search(name) for name in (coding.concept, *names))


def _shown(text: str, found: re.Match[str]) -> str:
    start, end = max(0, found.start() - AROUND), found.end() + AROUND
    return ("…" if start else "") + " ".join(text[start:end].split()) + ("…" if end < len(text) else "")
