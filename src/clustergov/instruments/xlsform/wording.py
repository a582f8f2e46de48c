"""The texts of an XLSForm per language."""

from __future__ import annotations

import re
from collections.abc import Iterable

from clustergov.instruments.exchange import Notes, listed, spoken
from clustergov.instruments.xlsform.columns import Line
from clustergov.instruments.xlsform.form import Form
from clustergov.instruments.xlsform.names import UNKNOWN_LANGUAGE, language_code
from clustergov.language import Text

_TELLING = ("label", "hint")
_LIVE = {
    "show answers given before (${…}), which only the form's own software puts in": re.compile(r"\$\{\s*[^\s{}]+\s*\}"),
    "hold HTML, which stands here as it is written": re.compile(r"</?[A-Za-z][^<>]*>"),
}
"""What a form's software makes something else of, and our questionnaires print as it stands."""


class Wording:
    """Makes texts of the translated columns of a line.

    Attributes
    ----------
    languages : tuple of str
        Every language in which there is a label or a hint; the default language of the form is the first.
    """

    def __init__(self, form: Form, notes: Notes) -> None:
        default = form.settings.take("default_language") if form.settings is not None else ""
        # pyxform says “default” where no language is told.
        self._default = language_code(default) if default and default.lower() != "default" else ""
        found: dict[str, None] = {}
        lines = [each.line for each in form.fields] + [line for lines in form.lists.values() for line in lines]
        for line in lines:
            found.update((language, None) for column, language in line.headings if column in _TELLING)
        used = {language for line in lines for column, language in line.cells if column in _TELLING}
        spoken = [language for language in found if language in used]
        self._unlabelled = self._default if self._default and self._default not in spoken else UNKNOWN_LANGUAGE
        named = [self._unlabelled if language == "" else language for language in spoken] or [self._unlabelled]
        named = list(dict.fromkeys(named))
        first = [self._default] if self._default in named else []
        self.languages = tuple(dict.fromkeys([*first, *named]))
        self._wordless: list[str] = []
        self._ours = bool(form.metadata)
        self._live: dict[str, list[str]] = {what: [] for what in _LIVE}
        self._notes = notes

    def text(self, line: Line, column: str) -> Text | None:
        """The texts of a column; None where there are none."""
        # We write “${” apart where it is no reference.
        found = {
            (language or self._unlabelled): words.replace("$ {", "${") if self._ours else words
            for language, words in line.texts(column).items()
        }
        found = {language: words.strip() for language, words in found.items() if words.strip()}
        if not self._ours:
            for what, pattern in _LIVE.items():
                if any(map(pattern.search, found.values())):
                    self._live[what].append(line.place(column))
        # The cells stand in the order of the columns, the languages in that of the form.
        ordered = [each for each in self.languages if each in found]
        return (
            Text({each: found[each] for each in [*ordered, *(each for each in found if each not in ordered)]})
            if found
            else None
        )

    def required(self, line: Line, column: str, instead: str) -> Text:
        """As `text`, for one that must be there."""
        text = self.text(line, column)
        if text is None:
            self._wordless.append(line.place(column))
            return self.everywhere(instead)
        return text

    def everywhere(self, words: str) -> Text:
        """The same words in every language."""
        return Text(dict.fromkeys(self.languages, words))

    def complete(self, texts: Iterable[Text]) -> tuple[str, ...]:
        """The languages that the form speaks."""
        languages, lacking = spoken(texts, self.languages)
        if lacking:
            self._notes.add("xlsform-language", f"texts are not translated, and the check names those of a declared language: "
                            f"{lacking}.", place="languages")  # fmt: skip
        return languages

    def report(self) -> None:
        """Note where the name stands in the place of words, and that a language is not told."""
        if self._wordless:
            self._notes.add("xlsform-no-words", f"{len(self._wordless)} texts are empty; the name stands in their place: "
                            f"{listed(self._wordless, most=50)}.", place=self._wordless[0])  # fmt: skip
        for what, places in self._live.items():
            if places:
                self._notes.add(
                    "xlsform-text", f"{len(places)} texts {what}: {listed(places, most=50)}.", place=places[0]
                )
        if UNKNOWN_LANGUAGE in self.languages:
            self._notes.add("xlsform-language", f"the form does not tell in which language its texts without one are; it is "
                            f"“{UNKNOWN_LANGUAGE}” here.", fix="Write the code of the language in the questionnaire's file.")  # fmt: skip
