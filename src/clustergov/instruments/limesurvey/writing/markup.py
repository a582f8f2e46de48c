"""Plain texts as LimeSurvey takes them: HTML in which nothing is a tag, an expression or an escape by accident."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from clustergov.instruments.limesurvey.structure import Texts
from clustergov.instruments.questionnaire import Questionnaire
from clustergov.language import Text

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")

_EXPRESSION = re.compile(r"(\{[^\s{}][^{}]*\})")
"""LimeSurvey takes a brace for the beginning of an expression unless a blank follows it."""


@dataclass(frozen=True, slots=True)
class Markup:
    """Writes texts in the languages of a survey.

    Attributes
    ----------
    languages : tuple of str
        The first is the base language. Of what was imported from LimeSurvey also those whose translation is not complete.
    piped : bool
        Braces are LimeSurvey's own, from which they came, and put answers into texts; otherwise they are only braces.
    """

    languages: tuple[str, ...]
    piped: bool

    @classmethod
    def of(cls, questionnaire: Questionnaire) -> Markup:
        own = questionnaire.imported_from == "LimeSurvey"
        if not own:
            return cls(questionnaire.languages, False)
        found = dict.fromkeys(language for text in texts_of(questionnaire) for language in text)
        return cls(tuple(dict.fromkeys((*questionnaire.languages[:1], *found))), True)

    def texts(self, text: Text | None) -> Texts:
        """One text per language, in HTML; empty where there is none."""
        return self.plain({language: text.get(language, "") if text else "" for language in self.languages})

    def plain(self, words: Mapping[str, str]) -> Texts:
        """As `texts`, of plain words."""
        return {language: self.html(text) for language, text in words.items()}

    def html(self, text: str) -> str:
        text = _CONTROL.sub(" ", text).replace("\t", " ")
        if self.piped:
            parts = _EXPRESSION.split(text)
            text = "".join(_expression(part) if place % 2 else _escaped(part) for place, part in enumerate(parts))
        else:
            text = _escaped(text).replace("{", "&#123;").replace("}", "&#125;")
        return f"&#39;{text[1:]}" if text.startswith("'=") else text


def _escaped(text: str) -> str:
    text = html.escape(text, quote=False).replace("\r\n", "\n").replace("\r", "\n").replace("\n", "<br />")
    # A backslash before a quotation mark spoils a cell of a .txt; LimeSurvey cuts the text of an item at an upright stroke.
    return text.replace("\\", "&#92;").replace("|", "&#124;")


def _expression(text: str) -> str:
    """An expression in a text, as LimeSurvey computes it: only what would be read as a tag is written otherwise."""
    text = re.sub(r"<(?=[A-Za-z/!?])", "&lt;", text)
    return text.replace('\\"', '&#92;"').replace("\n", " ")


def texts_of(questionnaire: Questionnaire) -> Iterator[Text]:
    """Every text that a respondent reads."""
    yield from (text for text in (questionnaire.title, questionnaire.text, questionnaire.closing) if text)
    for section in questionnaire.sections:
        yield from (text for text in (section.title, section.text) if text)
    for question in questionnaire.questions:
        own = (question.text, question.help, question.unit, question.constraint_message)
        yield from (text for text in own if text)
        yield from (item.text for item in question.items)
    for scale in questionnaire.scales.values():
        yield from (option.text for option in scale.options)
