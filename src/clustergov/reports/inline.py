"""Text as renderers need it: spans in a row, clean characters, language tags, dates and the banner's short mark."""

from __future__ import annotations

import re
from datetime import date

from clustergov.language import say
from clustergov.reports.document import Document, Inline, Span

_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# Everything that XML 1.0 forbids, and the C1 controls and noncharacters that HTML forbids.
_FORBIDDEN = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_REGIONS = {
    "nl": "nl-NL", "en": "en-GB", "de": "de-DE", "fr": "fr-FR", "es": "es-ES", "it": "it-IT", "pt": "pt-PT",
    "da": "da-DK", "sv": "sv-SE", "nb": "nb-NO", "no": "nb-NO", "fi": "fi-FI", "pl": "pl-PL", "cs": "cs-CZ",
    "fy": "fy-NL", "ar": "ar-SA", "he": "he-IL", "fa": "fa-IR",
}  # fmt: skip
SAFE_LINK = re.compile(r"(https?://|mailto:)\S+", re.IGNORECASE)
"""Addresses that may become links; anything else is printed as text."""
_RIGHT_TO_LEFT = {"ar", "he", "fa", "ur", "ps", "yi", "dv"}


def clean(text: str) -> str:
    """Text without characters that XML or HTML forbid (answers of respondents may hold them); they become U+FFFD."""
    return _FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", _BREAKS.sub("\n", text))


def spans(inline: Inline) -> tuple[Span, ...]:
    """Text and spans in a row as spans only, cleaned."""
    parts = (inline,) if isinstance(inline, str) else inline
    row = (Span(part) if isinstance(part, str) else part for part in parts)
    return tuple(Span(clean(span.text), span.language, span.strong, span.emphasis, span.to) for span in row)


def plain(inline: Inline) -> str:
    """The words alone."""
    return "".join(span.text for span in spans(inline))


def html_tag(language: str) -> str:
    """BCP 47 tag of a questionnaire's language: LimeSurvey's ``de-informal`` is ``de``; en is British, nl is Dutch."""
    parts = [part for part in re.split("[-_]", language) if part and part.lower() not in {"informal", "easy", "formal"}]
    return "-".join(parts) or "und"


def word_tag(language: str) -> str:
    """The same with a region, which Word wants for its proofing tools: ``nl-NL``, ``en-GB``."""
    tag = html_tag(language)
    return _REGIONS.get(tag.lower(), tag)


def right_to_left(language: str) -> bool:
    return html_tag(language).split("-")[0].lower() in _RIGHT_TO_LEFT


def mark(banner: str) -> str:
    """The banner's first words, which stand with every table and figure: what comes before a colon, dash or full stop."""
    return re.split(r"\s*[:.;–—]\s*|\s+-\s+", clean(banner).strip(), maxsplit=1)[0]


def word(document: Document, key: str) -> str:
    """A renderer's word in the document's language; `Document.words` has precedence over the catalogue."""
    return document.words.get(key) or say(f"reports.{key}", document.language)


def long_date(document: Document) -> str:
    """The document's date as its reader writes it: ``1 juli 2026``; "" where it has none."""
    if not document.date:
        return ""
    day = date.fromisoformat(document.date)
    month = say(f"reports.month.m{day.month:02}", document.language)
    return say("reports.date", document.language, day=day.day, month=month, year=str(day.year))
