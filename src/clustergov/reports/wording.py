"""Small pieces of wording that every chapter needs: texts tagged with their language, intervals, marks."""

from __future__ import annotations

import math

from clustergov.language import Text, number, p_value, say
from clustergov.reports.document import Inline, Span


def tagged(text: Text, language: str) -> Inline:
    """A text for a reader of `language`; where it exists in another language only, it is marked as such."""
    found = text.language(language)
    return text.to(language) if found == language else (Span(text.to(language), language=found),)


def named(text: Text, code: str, language: str) -> Inline:
    """Words with their code behind them; the code alone where there are no words."""
    words = tagged(text, language)
    if text.to(language) == code:
        return code
    return (*((words,) if isinstance(words, str) else words), f" ({code})")


def around(key: str, text: Text, language: str, **values: object) -> Inline:
    """A sentence around a text that may exist in another language only; `{text}` stands where it goes."""
    before, after = say(key, language, text="\n", **values).split("\n")
    words = tagged(text, language)
    return (before, *((words,) if isinstance(words, str) else words), after)


def shown(value: float, language: str, decimals: int) -> str:
    """A number, or a dash where it is missing (suppressed or undefined)."""
    return number(value, language, decimals)


def per_cent(value: float, language: str, decimals: int = 0) -> str:
    """A proportion as a percentage."""
    return "–" if math.isnan(value) else number(100 * value, language, decimals) + "%"


def between(low: float, high: float, language: str, decimals: int) -> str:
    """An interval as a reader sees it: ``0.12 to 0.31``."""
    return say("chapters.between", language, low=number(low, language, decimals), high=number(high, language, decimals))


def mark_of(mark: str | None, language: str) -> str:
    """A confidence mark with its meaning: ``P: published, read in the source``."""
    return say("chapters.mark", language, mark=mark, meaning=say(f"general.mark.{mark}", language)) if mark else ""


def p_cell(value: float, language: str) -> str:
    """A p-value in a table, without a sign of relation unless it is small; a dash where there is none."""
    if math.isnan(value):
        return "–"
    return p_value(value, language).removeprefix("= ")
