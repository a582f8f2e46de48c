"""Whether two texts say the same: to the letter, but for punctuation, or not."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import Literal

from clustergov.language import Text

Difference = Literal["", "cosmetic", "label"]
SIMILAR = 0.85
"""Ratio of common characters from which two questions without a common code are taken for one under another name."""


def bare(text: str) -> str:
    """Letters and digits alone, in small letters."""
    return re.sub(r"[\W_]+", "", text.casefold())


def difference(old: Text | None, new: Text | None) -> Difference:
    """The greatest difference in a language that both have; a text that came or went is one of label."""
    if old is None or new is None:
        return "" if old is new else "label"
    common = [language for language in old if language in new]
    if all(old[language] == new[language] for language in common):
        return ""
    return "cosmetic" if all(bare(old[language]) == bare(new[language]) for language in common) else "label"


def alike(old: Text, new: Text) -> bool:
    """Whether two texts are equal but for punctuation, in a language that both have."""
    common = [language for language in old if language in new]
    return bool(common) and all(bare(old[language]) == bare(new[language]) for language in common)


def similar(old: Text, new: Text) -> float:
    """The share of common characters (0 to 1) in the language, of those both have, in which they differ most."""
    common = [language for language in old if language in new]
    ratios = [SequenceMatcher(None, bare(old[each]), bare(new[each]), autojunk=False).ratio() for each in common]
    return min(ratios, default=0.0)


def first_difference(old: Text | None, new: Text | None) -> str:
    """The two texts in the first language in which they differ, for a message."""
    if old is None or new is None:
        return f"{_shown(old)} → {_shown(new)}"
    language = next(language for language in old if language in new and old[language] != new[language])
    return f"“{old[language]}” → “{new[language]}”"


def _shown(text: Text | None) -> str:
    return "none" if text is None else f"“{text.to('en')}”"
