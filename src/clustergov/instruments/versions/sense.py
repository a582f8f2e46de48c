"""What in other words may turn what is asked: a negation that came or went, other figures."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import lru_cache

from clustergov.language import Text

_NEGATIONS = {
    "nl": "niet niets niks geen geenszins nooit nergens niemand noch zonder",
    "en": "not no nothing none never nowhere nobody neither nor without cannot",
    "de": "nicht nichts nie niemals nirgends niemand weder noch ohne kein keine keinen keinem keiner keines",
}
_PREFIXES = {"nl": ("on", "niet"), "en": ("un", "dis", "in", "im", "il", "ir", "non"), "de": ("un", "nicht")}
_NUMBERS = {
    # “een” is an article nearly always, and so are “ein” and “eine”.
    "nl": "één twee drie vier vijf zes zeven acht negen tien elf twaalf",
    "en": "one two three four five six seven eight nine ten eleven twelve",
    "de": "eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf",
}
_FIGURE = re.compile(r"[<>≤≥%‰€$£]|(?<!\w)[-\N{MINUS SIGN}](?=\d)|\d+(?:[.,]\d+)*|[^\W\d_]+")
_WORD = re.compile(r"[^\W\d_]+")
_SHORTENED = re.compile(r"n['’]t\b")
_SHORTEST_STEM = 3
"""Letters that stay when a prefix is taken off: “on” and “in” stand before too many that are no word."""


def doubt(old: Text | None, new: Text | None) -> str:
    """Why two texts, or translations of them, may not ask the same; empty where nothing tells.

    Words of other kinds (good, bad) are not weighed; negations and number words are known in Dutch, English and German.
    """
    if old is None or new is None:
        return ""
    common = [language for language in old if language in new]
    turned = [each for each in common if _turned(old[each], new[each], each)]
    counted = [each for each in common if figures(old[each], each) != figures(new[each], each)]
    told = (("a negation came or went", turned), ("other figures", counted))
    return ", ".join(what + named(languages, common) for what, languages in told if languages)


def named(languages: list[str], common: list[str]) -> str:
    """Some languages of a text in brackets; nothing where it has no second one."""
    return f" ({', '.join(languages)})" if len(common) > 1 else ""


def _turned(old: str, new: str, language: str) -> bool:
    """Whether there are more or fewer negations, or a word came back with or without a negating prefix."""
    if negations(old, language) != negations(new, language):
        return True
    before, after = _words(old), _words(new)
    gone, came = before - after, after - before
    return _prefixed(gone, came, language) or _prefixed(came, gone, language)


def _prefixed(plain: Counter[str], others: Counter[str], language: str) -> bool:
    prefixes = _PREFIXES.get(_known(language), ())
    return any(prefix + word in others for word in plain if len(word) >= _SHORTEST_STEM for prefix in prefixes)


@lru_cache(maxsize=20_000)
def negations(text: str, language: str) -> int:
    """How many words of a text negate."""
    known = _NEGATIONS.get(_known(language), "").split()
    shortened = len(_SHORTENED.findall(_plain(text))) if _known(language) == "en" else 0
    return shortened + sum(count for word, count in _words(text).items() if word in known)


@lru_cache(maxsize=20_000)
def figures(text: str, language: str) -> tuple[str, ...]:
    """Numbers in figures or words, and signs that go with them, in the order of the text."""
    words = {word: str(n) for n, word in enumerate(_NUMBERS.get(_known(language), "").split(), start=1)}
    # A Dutch sentence begins with “Eén”, with one accent.
    found = (words.get(each.replace("eén", "één"), each) for each in _FIGURE.findall(_plain(text)))
    return tuple(each.replace(",", ".").replace("\N{MINUS SIGN}", "-") for each in found if not each.isalpha())


def _words(text: str) -> Counter[str]:
    return Counter(_WORD.findall(_plain(text)))


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", text).casefold()


def _known(language: str) -> str:
    """The language without its region: ``en`` of ``en-GB``."""
    return re.split(r"[-_]", language.casefold())[0]
