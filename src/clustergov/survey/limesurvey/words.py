"""Texts as LimeSurvey keeps them: what of their HTML a reader sees, and what of their braces it computes."""

from __future__ import annotations

import re

from clustergov.instruments.plain_text import plain

_EXPRESSION = re.compile(r"\{(?=[^\s}])[^{}]*\}")
"""A brace begins an expression unless a blank follows it."""


def bare(text: str) -> str:
    """The words as somebody reads them: a server may spell their HTML in its own way."""
    return " ".join(plain(text).split())


def expressions(text: str) -> tuple[str, ...]:
    """What LimeSurvey would compute in a text and show instead.

    Accounts other than a superadministrator's have their texts filtered, which turns a brace that was written as a
    character reference, ``&#123;``, into a brace: words become an expression, and vanish before respondents see them.
    """
    return tuple(found[0] for found in _EXPRESSION.finditer(text))
