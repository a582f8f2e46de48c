"""Whether two texts say the same: to the letter, but for punctuation, or not."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Literal, NamedTuple

from clustergov.instruments.versions.change import Change, ChangeKind
from clustergov.instruments.versions.sense import doubt, named
from clustergov.language import Text

Difference = Literal["", "cosmetic", "label"]
SIMILAR = 0.85
"""Ratio of common characters from which two questions without a common code are taken for one under another name."""
LONGEST = 2000
"""Characters of a text that are looked at for that, as the time it takes grows with their square."""

_BETWEEN_FIGURES = re.compile(r"(?<=\d)[^\w<>=+%€]+(?=\d)")
_MINUS = re.compile(r"(?<!\w)[-\N{MINUS SIGN}](?=\d)")
_MEANT = "%‰&"
"""Punctuation, by its class in Unicode, that says something."""


@lru_cache(maxsize=20_000)
def bare(text: str) -> str:
    """Letters, digits and signs that say something (< % €), in small letters; 1.5 stays apart from 15, −5 from 5."""
    plain = unicodedata.normalize("NFC", text).casefold()
    plain = _MINUS.sub("±", _BETWEEN_FIGURES.sub("|", plain))
    return "".join(each for each in plain if each == "|" or each in _MEANT or _said(each))


def _said(character: str) -> bool:
    category = unicodedata.category(character)
    return category[0] in "LMN" or category in ("Sm", "Sc", "So")


def difference(old: Text | None, new: Text | None) -> Difference:
    """The greatest difference in a language that both have; a text that came or went is one of label."""
    if old is None or new is None:
        return "" if old is new else "label"
    common = [language for language in old if language in new]
    if all(old[language] == new[language] for language in common):
        return ""
    return "cosmetic" if all(bare(old[language]) == bare(new[language]) for language in common) else "label"


def alike(old: Text, new: Text) -> bool:
    """Whether two texts are equal but for punctuation, in the languages that both have."""
    common = [language for language in old if language in new]
    return bool(common) and all(bare(old[language]) == bare(new[language]) for language in common)


def similar(old: Text, new: Text) -> float:
    """The share of common characters (0 to 1) in the language, of those both have, in which they differ most.

    0 where it is below `SIMILAR`: how far below is never asked.
    """
    ratios = [_ratio(bare(old[each])[:LONGEST], bare(new[each])[:LONGEST]) for each in old if each in new]
    return min(ratios, default=0.0)


def _ratio(old: str, new: str) -> float:
    # Bounds that are quick to tell go first: five hundred questions against five hundred are 250,000 pairs.
    enough = SIMILAR * (len(old) + len(new)) / 2
    if min(len(old), len(new)) < enough or (_letters(old) & _letters(new)).total() < enough:
        return 0.0
    ratio = SequenceMatcher(None, old, new, autojunk=False).ratio()
    return ratio if ratio >= SIMILAR else 0.0


@lru_cache(maxsize=20_000)
def _letters(text: str) -> Counter[str]:
    return Counter(text)


class Rewording(NamedTuple):
    """How one text changed: what kind of change, the words for a message, and why they may not ask the same."""

    kind: ChangeKind
    words: str
    doubt: str


def rewording(old: Text | None, new: Text | None, language: str) -> Rewording | None:
    """The change of one text, shown in `language` where it changed there; None where there is none."""
    kind = difference(old, new)
    if not kind:
        return None
    return Rewording(kind, _both_shown(old, new, kind, language), doubt(old, new) if kind == "label" else "")


def _both_shown(old: Text | None, new: Text | None, kind: Difference, language: str) -> str:
    """Both texts in one language, and all languages in which they differ as much."""
    if old is None or new is None:
        return f"{_shown(old, language)} → {_shown(new, language)}"
    common = [each for each in old if each in new]
    changed = [each for each in common if difference(Text({each: old[each]}), Text({each: new[each]})) == kind]
    shown = language if language in changed else changed[0]
    return f"“{old[shown]}” → “{new[shown]}”{named(changed, common)}"


def text_changes(
    place: str, old: Text | None, new: Text | None, language: str, variables: tuple[str, ...] = ()
) -> Iterator[Change]:
    """The change of one text, if there is one."""
    if found := rewording(old, new, language):
        yield Change(found.kind, place, found.words, variables, found.doubt)


def _shown(text: Text | None, language: str) -> str:
    return "none" if text is None else f"“{text.to(language)}”"
