"""Texts on respondent pages: escaped, in the page's language or marked as being in another; templates that escape."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from clustergov.language import Text


@cache
def environment() -> Environment:
    """Templates of this package; everything that they print is escaped."""
    return Environment(
        loader=PackageLoader("clustergov.survey.service"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip


def words_language(language: str) -> str:
    """In which language our own words stand on a page in `language`."""
    return language if language in ("nl", "en") else "en"


def lang_attribute(shown: str, page: str) -> Markup:
    """A lang attribute for a part in another language than its page."""
    return Markup(' lang="{}"').format(shown) if shown != page else Markup("")


def worded(text: Text, language: str) -> Markup:
    """A text for a reader of `language`, escaped, with its breaks; marked where only another language has it."""
    shown = text.language(language)
    lines = Markup("<br>").join(text.to(language).split("\n"))
    return lines if shown == language else Markup('<span lang="{}">{}</span>').format(shown, lines)
