"""Texts as SurveyJS shows them: per language, as plain text or as HTML, with nothing in them that it would carry out."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import Any

from clustergov.instruments.questionnaire import Questionnaire
from clustergov.language import LANGUAGES, Text, say

Localizable = str | dict[str, str]

ENGLISH = "en"
"""SurveyJS's own language: its texts stand under ``default``, and a text under ``en`` beside that is never shown."""

_REFERENCE = re.compile(r"\{(?=[^{}:]*\})")
_WORD_JOINER = "\N{WORD JOINER}"


class Wording:
    """Writes texts in the languages of one questionnaire."""

    def __init__(self, questionnaire: Questionnaire) -> None:
        self.languages = questionnaire.languages

    def plain(self, text: Text) -> Localizable:
        """A title, label or description. SurveyJS shows it as it is; only ``{name}`` it would replace by an answer."""
        return self._each(lambda language: _REFERENCE.sub("{" + _WORD_JOINER, text.to(language)))

    def with_unit(self, text: Text, unit: Text | None) -> Localizable:
        return self._each(lambda language: _REFERENCE.sub("{" + _WORD_JOINER, _measured(text, unit, language)))

    def html(self, *texts: Text | None) -> Localizable:
        """Paragraphs of HTML, the text escaped."""
        return self._each(lambda language: "".join(_paragraphs(text.to(language)) for text in texts if text))

    def say(self, key: str, **values: Any) -> Localizable:
        """A sentence of our own; in English where there is no translation."""
        return self._each(lambda language: say(f"surveyjs.{key}", _ours(language), **values))

    def of_item(self, key: str, item: Text) -> Localizable:
        def written(language: str) -> str:
            return _REFERENCE.sub("{" + _WORD_JOINER, say(f"surveyjs.{key}", _ours(language), item=item.to(language)))

        return self._each(written)

    def _each(self, written: Callable[[str], str]) -> Localizable:
        base = ENGLISH if ENGLISH in self.languages else self.languages[0]
        texts = {"default": written(base)}
        texts |= {language: written(language) for language in self.languages if language != ENGLISH}
        return texts["default"] if len(set(texts.values())) == 1 else texts


def _ours(language: str) -> str:
    return language if language in LANGUAGES else ENGLISH


def _measured(text: Text, unit: Text | None, language: str) -> str:
    return text.to(language) + (f" ({unit.to(language)})" if unit is not None else "")


def _paragraphs(text: str) -> str:
    escaped = html.escape(text).replace("{", "&#123;").replace("}", "&#125;")
    return "".join(f"<p>{line}</p>" for line in escaped.splitlines() if line.strip())
