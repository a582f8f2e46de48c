"""Codes of our own for things that other programs name freely."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container

from clustergov.language import Text

LONGEST = 60


def code_of(name: str, fallback: str) -> str:
    """A code out of a name: ``a-z``, digits and hyphens; `fallback` where nothing of the name remains."""
    plain = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode("ascii")
    code = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST].rstrip("-")
    if not code:
        return fallback
    return code if code[0].isalpha() else f"{fallback}-{code}"


def unlike(code: str, taken: Container[str], between: str = "-") -> str:
    """The code itself, or with the first number that makes it differ from those that are taken."""
    if code not in taken:
        return code
    return next(each for number in range(2, 10_000_000) if (each := f"{code}{between}{number}") not in taken)


def completed(text: Text, languages: tuple[str, ...]) -> Text:
    """A text in each of these languages: where one is missing, the words of another; an empty one stays empty."""
    if not text:
        return text
    some = next(iter(text.values()))
    return Text({**{language: text.get(language, some) for language in languages}, **text})
