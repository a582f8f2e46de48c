"""Pseudonyms: drawn by chance, easy to read aloud, and with a check character that tells a slip of the pen."""

from __future__ import annotations

import secrets
from collections.abc import Collection

ALPHABET = "34679ACDEFGHJKMNPQRTWXY"
"""23 signs, none of which is taken for another (no 0 O, 1 I L, 2 Z, 5 S, 8 B, U V). 23 is a prime: see `_remainder`."""

LENGTH = 8
_LETTERS = ALPHABET[5:]
_VALUE = {sign: value for value, sign in enumerate(ALPHABET)}


def new_pseudonyms(count: int, taken: Collection[str] = ()) -> tuple[str, ...]:
    """Draw pseudonyms that are not taken; about 2.7 thousand million are possible.

    They come from the operating system's random numbers and so tell nothing of who bears them, nor in which order they
    were drawn. The first sign is a letter, so that no spreadsheet takes one for a number.
    """
    used = set(taken)
    drawn: list[str] = []
    while len(drawn) < count:
        body = secrets.choice(_LETTERS) + "".join(secrets.choice(ALPHABET) for _ in range(LENGTH - 2))
        pseudonym = body + _check_character(body)
        if pseudonym not in used:
            used.add(pseudonym)
            drawn.append(pseudonym)
    return tuple(drawn)


def is_pseudonym(text: str) -> bool:
    """Whether a text has the form of a pseudonym and its check character is right."""
    well_formed = len(text) == LENGTH and set(text) <= set(ALPHABET) and text[0] in _LETTERS
    return well_formed and _remainder(text) == 0


def as_typed(text: str) -> str:
    """A pseudonym as somebody may type it, with small letters, blanks or hyphens, as it is stored."""
    bare = text.strip().replace(" ", "").replace("-", "").upper()
    return bare if is_pseudonym(bare) else text.strip()


def _remainder(signs: str) -> int:
    """Sum of the signs' values, each times its place, modulo 23.

    As in ISBN-10, with a prime for 11: places and their differences are below the prime, so that one wrong sign, or two
    exchanged ones, never leave the remainder as it was (Gallian 1996, *Math Horizons* 3(3), 17-20).
    """
    return sum(place * _VALUE[sign] for place, sign in enumerate(signs, start=1)) % len(ALPHABET)


def _check_character(body: str) -> str:
    return next(sign for sign in ALPHABET if _remainder(body + sign) == 0)
