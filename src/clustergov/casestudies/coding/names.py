"""Names of coders: roles or pseudonyms, of which no two may be taken for each other."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from clustergov.casestudies.coding.coding import CONSENSUS
from clustergov.problems import InputError, Problem

LONGEST = 60

# Letters of other scripts that look like Latin ones, in small and in capital (after Unicode Technical Standard 39).
_SMALL = str.maketrans("асеорхуіјѕһԁԛԝӏɡɑıνοριτκհօոսց", "aceopxyijshdqwlgaivopitkhonug")
_CAPITAL = str.maketrans("АВЕКМНОРСТХУІЈЅΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEKMHOPCTXYIJSABEZHIKMNOPTYX")
_LOOKING_ALIKE = ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "LISU", "COPTIC")
_STROKES = str.maketrans("I1|0", "lllO")


def clean(name: str) -> str:
    """The name as it counts: composed characters, single blanks, none around it.

    Raises
    ------
    InputError
        It is empty, too long, holds characters that do not show, or is the name of the consensus.
    """
    found = " ".join(unicodedata.normalize("NFC", name).split())
    if not found or len(found) > LONGEST:
        wrong = f"expected 1 to {LONGEST} characters, found {len(found)}"
    elif any(unicodedata.category(sign)[0] == "C" for sign in found):
        wrong = "expected letters, digits and signs, found a character that does not show"
    elif not any(sign.isalnum() for sign in found):
        wrong = "expected at least one letter or digit, found none"
    elif forms(found) & forms(CONSENSUS):
        wrong = f"“{CONSENSUS}” stands for what coders decided together"
    else:
        return found
    raise InputError(
        Problem("coder-name", f"{wrong}.", "Choose a role or pseudonym such as first or coder-2.")
    )  # fmt: skip


def mixed(name: str) -> Problem | None:
    """A word in letters of two alphabets looks like another in those of one, whatever we know of their look."""
    for word in name.split():
        if len(found := _alphabets(word)) > 1:
            return Problem("coder-name", f"expected letters of one alphabet in a word, found {' and '.join(sorted(found))} "
                           f"in “{word}”.", "Type it anew, or choose a role or pseudonym such as first or coder-2.")  # fmt: skip
    return None


def _alphabets(word: str) -> set[str]:
    """The alphabets whose letters can be taken for one another, as far as a word has them (UTS 39, section 5.1)."""
    named = (unicodedata.name(sign, "").split() for sign in word if sign.isalpha())
    return {words[0].capitalize() for words in named if words and words[0] in _LOOKING_ALIKE}


def forms(name: str) -> frozenset[str]:
    """The ways in which a reader may take a name: without case, blanks and punctuation, and by the look of its letters."""
    whole = unicodedata.normalize("NFKC", name)
    looks = (
        whole.casefold().translate(_SMALL),
        whole.upper().translate(_CAPITAL).casefold(),
        whole.translate(_STROKES).casefold().translate(_SMALL),
    )
    return frozenset("".join(sign for sign in look if sign.isalnum()) for look in looks)


def mistaken_for(name: str, others: Iterable[str]) -> str:
    """The first of `others` that is written differently but can be taken for `name`; empty when there is none."""
    own = forms(name)
    return next((other for other in others if other != name and own & forms(other)), "")


def confusable(name: str, other: str) -> Problem:
    """Two spellings that may be one coder or two."""
    return Problem(
        "coder-name", f"the coders “{name}” and “{other}” can be taken for each other.",
        f"If they are one person, write “{other}” everywhere; if they are two, give one another name.",
    )  # fmt: skip
