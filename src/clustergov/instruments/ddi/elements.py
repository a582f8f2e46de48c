"""Elements of DDI: made in the order in which the schema wants them, with texts in every language."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, SubElement

from clustergov.language import LANGUAGES, Text, both

_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_TAG = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
_FORBIDDEN = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 cannot hold."""


def element(parent: Element, tag: str, text: str = "", /, **attributes: str) -> Element:
    """A child with a text; attributes that are empty are left out."""
    child = SubElement(parent, tag, {name: clean(value) for name, value in attributes.items() if value})
    child.text = clean(text) or None
    return child


def in_languages(parent: Element, tag: str, text: Text, languages: tuple[str, ...], /, **attributes: str) -> None:
    """One child per language of the text: those of the questionnaire first, in its order, then others it may have."""
    for language in sorted(text, key=lambda each: languages.index(each) if each in languages else len(languages)):
        child = element(parent, tag, text[language], **attributes)
        child.set(_LANGUAGE, language_tag(language))


def said(
    parent: Element, tag: str, key: str, languages: tuple[str, ...], /, *, kind: str = "", **values: str | int | Text
) -> None:
    """A sentence of the catalogue in those of its languages that the questionnaire has; in English where it has none."""
    sentence = both(key, **values)
    own = [language for language in languages if language in LANGUAGES] or ["en"]
    in_languages(parent, tag, Text({language: sentence[language] for language in own}), languages, type=kind)


def language_tag(language: str) -> str:
    """The language as XML names it; ``und`` (undetermined) where it cannot be."""
    tag = language.replace("_", "-")
    return tag if _TAG.fullmatch(tag) else "und"


def clean(text: str) -> str:
    """A text without what XML cannot hold."""
    return _FORBIDDEN.sub("", text)
