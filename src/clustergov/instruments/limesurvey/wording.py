"""Texts of a LimeSurvey structure as plain text per language, without administrators' names and e-mail addresses."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from clustergov.instruments.limesurvey.losses import Losses
from clustergov.instruments.limesurvey.structure import Texts
from clustergov.instruments.plain_text import has_markup, plain
from clustergov.language import Text
from clustergov.problems import InputError, Problem

LEFT_OUT = "[…]"
"""Stands where a name or an address was left out."""
LONGEST = 200_000
"""Characters of one text; what is longer is cut, and noted."""
MOST_WORK = 1_000_000_000
"""Tags times characters, over all texts: the time that reading HTML may take at most."""

_LINK = re.compile(r"<a\b[^<>]*>", re.I)
# No match begins inside a word, so that a long text without an address is passed over once.
_ADDRESS = re.compile(
    r"(?<![\w.%+'-])(?:mailto:)?[\w.%+'-]+\s?(?:@|[\[(]\s?(?:at|@)\s?[\])])\s?[\w-]+(?:\.[\w-]+)+(?:\?\S*)?", re.I
)
_EMBEDDED = re.compile(r"data:[\w/+.;=-]*,[^\s\"'<>)]*", re.I)
_MEDIA = re.compile(r"<(img|video|audio|iframe|object|embed|script|svg|canvas)\b|<a\b[^<>]*\b(href)\b", re.I)
_TAILORED = re.compile(r"\{[A-Za-z_!(][^{}\n]{0,500}\}")
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
    file : str
        For messages.
    losses : Losses
        Where everything that was changed is noted.
    """

    languages: tuple[str, ...]
    persons: tuple[str, ...]
    file: str = ""
    losses: Losses = field(init=False)
    _foreign: set[str] = field(default_factory=set)
    _work: int = 0
    _names: re.Pattern[str] | None = None

    def __post_init__(self) -> None:
        self.losses = Losses(self.mask)
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
            found = {
                language: _without_sentences(text)
                if text.count(LEFT_OUT) > texts.get(language, "").count(LEFT_OUT)
                else text
                for language, text in found.items()
            }
        self._foreign.update(language for language, text in texts.items() if text.strip() and language not in found)
        words = {language: text for language, text in found.items() if text}
        if words:
            return Text(words)
        if isinstance(instead, str):
            instead = (instead.strip() or place).strip()
            instead = Text(dict.fromkeys(self.languages, instead))
        if instead is not None:
            what = "texts are empty; the question's words or the code stand in their place"
            self.losses.add("limesurvey-no-words", what, place)
        return instead

    def required(self, texts: Texts, place: str, *, instead: Text | str) -> Text:
        """As `text`, for a text that must be there."""
        return self.text(texts, place, instead=instead) or Text(dict.fromkeys(self.languages, place))

    def mask(self, text: str) -> str:
        """A text without the names and addresses of persons."""
        kept = _ADDRESS.sub(LEFT_OUT, text) if "@" in text or "at" in text.casefold() else text
        return self._names.sub(LEFT_OUT, kept) if self._names is not None else kept

    def _clean(self, text: str, place: str) -> str:
        if not text.strip():
            return ""
        text = self._shortened(text, place)
        if "<" in text or "&" in text:
            self._note_markup(text, place)
        if _TAILORED.search(text):
            what = "texts with expressions in braces stay as LimeSurvey writes them; nothing is put in their place"
            shown = "; ".join(dict.fromkeys(match[0] for match in _TAILORED.finditer(text)))
            self.losses.add("limesurvey-tailoring", what, place, value=shown)
        kept = self.mask(plain(_without_links(text)))
        if LEFT_OUT in kept and LEFT_OUT not in text:
            self.losses.add("limesurvey-address", "names or e-mail addresses were left out of texts", place)
        return kept

    def _shortened(self, text: str, place: str) -> str:
        if len(text) > 1000 and "data:" in text:
            text = _EMBEDDED.sub("data:", text)
        if len(text) > LONGEST:
            self.losses.add("limesurvey-long-text", f"texts were cut after {LONGEST:,} characters", place)
            text = text[:LONGEST]
        self._work += text.count("<") * len(text)
        if self._work > MOST_WORK:
            raise InputError(
                Problem("too-large", "expected the texts of a questionnaire, found more HTML than can be read.",
                        "Check that it is the right file.", file=self.file, place=place)
            )  # fmt: skip
        return text

    def _note_markup(self, text: str, place: str) -> None:
        if has_markup(text):
            self.losses.add("limesurvey-html", "HTML was taken out of texts", place)
        if found := {(match[1] or "link").lower() for match in _MEDIA.finditer(text)}:
            what = "pictures, links, sound, films and scripts in texts are not imported"
            self.losses.add("limesurvey-media", what, place, value=", ".join(sorted(found)))

    def report(self) -> None:
        """Note the languages whose texts were not taken."""
        if self._foreign:
            what = "texts in languages that the survey does not list are not imported"
            self.losses.add("limesurvey-language", what, "", value=", ".join(sorted(self._foreign)), at="languages")


def _without_links(text: str) -> str:
    """The text without its links to addresses, their words included."""
    if "mailto:" not in text.casefold():
        return text
    kept, place, lower = [], 0, text.lower()
    for tag in _LINK.finditer(text):
        if tag.start() < place or "mailto:" not in tag[0].lower():
            continue
        end = lower.find("</a", tag.end())
        close = text.find(">", end) + 1 if end >= 0 else 0
        kept.append(text[place : tag.start()] + f" {LEFT_OUT} ")
        place = close or tag.end()
        if not close:
            break
    return "".join(kept) + text[place:]


def _without_sentences(text: str) -> str:
    """The lines of a text without the sentences from which something was left out."""
    lines = []
    for line in text.split("\n"):
        kept = [LEFT_OUT if LEFT_OUT in sentence else sentence for sentence in _SENTENCE.split(line)]
        lines.append(
            " ".join(sentence for place, sentence in enumerate(kept) if kept[place : place + 2] != [LEFT_OUT] * 2)
        )
    return "\n".join(line for line in lines if line)
