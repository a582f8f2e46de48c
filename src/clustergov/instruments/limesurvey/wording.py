"""Texts of a LimeSurvey structure as plain text per language, without administrators' names and e-mail addresses."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from clustergov.instruments.exchange import Notes, listed
from clustergov.instruments.limesurvey.structure import Texts
from clustergov.instruments.plain_text import has_markup, plain
from clustergov.language import Text

LEFT_OUT = "[…]"
"""Stands where a name or an address was left out."""

_MAIL_LINK = re.compile(r"<a\b[^>]*\bmailto:[^>]*>.*?</a\s*>", re.I | re.S)
_ADDRESS = re.compile(r"(?:mailto:)?[\w.%+'-]+\s?(?:@|[\[(]\s?(?:at|@)\s?[\])])\s?[\w-]+(?:\.[\w-]+)+(?:\?\S*)?", re.I)
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[^\W\d_a-z])|\n")
_NOBODY = frozenset(
    {"administrator", "admin", "your name", "ihr name", "limesurvey", "survey administrator", "root", "test"}
)


@dataclass(slots=True)
class Wording:
    """Turns raw texts into `Text`, and remembers what was changed on the way.

    Attributes
    ----------
    languages : tuple of str
        The first is the base language; texts in others are not taken.
    persons : tuple of str
        Administrators' names and addresses, which are taken out wherever they stand.
    """

    languages: tuple[str, ...]
    persons: tuple[str, ...]
    _stripped: list[str] = field(default_factory=list)
    _left_out: list[str] = field(default_factory=list)
    _wordless: list[str] = field(default_factory=list)
    _foreign: set[str] = field(default_factory=set)
    _names: re.Pattern[str] | None = None

    def __post_init__(self) -> None:
        names = [" ".join(name.split()) for name in self.persons]
        names = [name for name in names if len(name) > 3 and name.casefold() not in _NOBODY]
        if names:
            self._names = re.compile("|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in names), re.I)

    def text(
        self, texts: Texts, place: str, *, instead: Text | str | None = None, whole_sentences: bool = False
    ) -> Text | None:
        """The texts in plain words; where there are none `instead`, which is noted, or nothing if that is not given.

        With `whole_sentences` every sentence goes in which an address stands: it is likely to name a person too.
        """
        found = {language: self._clean(texts.get(language, ""), place) for language in self.languages}
        if whole_sentences:
            found = {language: _without_sentences(text) for language, text in found.items()}
        self._foreign.update(language for language, text in texts.items() if text.strip() and language not in found)
        words = {language: text for language, text in found.items() if text}
        if words:
            return Text(words)
        if isinstance(instead, str):
            instead = Text(dict.fromkeys(self.languages, instead))
        if instead is not None:
            self._wordless.append(place)
        return instead

    def required(self, texts: Texts, place: str, *, instead: Text | str) -> Text:
        """As `text`, for a text that must be there."""
        return self.text(texts, place, instead=instead) or Text(dict.fromkeys(self.languages, place))

    def _clean(self, text: str, place: str) -> str:
        if has_markup(text):
            self._stripped.append(place)
        bare = plain(_MAIL_LINK.sub(f" {LEFT_OUT} ", text))
        kept = _ADDRESS.sub(LEFT_OUT, bare)
        if self._names is not None:
            kept = self._names.sub(LEFT_OUT, kept)
        if LEFT_OUT in kept and LEFT_OUT not in text:
            self._left_out.append(place)
        return kept

    def report(self, notes: Notes) -> None:
        """Note once per kind of change where it was made."""
        changes: Iterable[tuple[str, str, list[str]]] = (
            ("limesurvey-html", "HTML was taken out of {} texts", self._stripped),
            ("limesurvey-address", "names or e-mail addresses were left out of {} texts", self._left_out),
            ("limesurvey-no-words", "{} texts are empty; the question's words or the code stand in their place", self._wordless),
        )  # fmt: skip
        for rule, message, places in changes:
            unique = list(dict.fromkeys(places))
            if unique:
                notes.add(rule, f"{message.format(len(unique))}: {listed(unique)}.", place=unique[0])
        if self._foreign:
            notes.add("limesurvey-language", f"texts in {', '.join(sorted(self._foreign))} are not imported, which the survey does not list.")  # fmt: skip


def _without_sentences(text: str) -> str:
    """The lines of a text without the sentences from which something was left out."""
    lines = []
    for line in text.split("\n"):
        kept = [LEFT_OUT if LEFT_OUT in sentence else sentence for sentence in _SENTENCE.split(line)]
        lines.append(
            " ".join(sentence for place, sentence in enumerate(kept) if kept[place : place + 2] != [LEFT_OUT] * 2)
        )
    return "\n".join(line for line in lines if line)
