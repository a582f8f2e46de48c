"""Codes for blank cells: why a cell holds no answer, as a number that statistical packages take for missing."""

from __future__ import annotations

from clustergov.instruments.questionnaire import Blank
from clustergov.language import LANGUAGES, say

BLANK_CODES: dict[Blank, int] = {
    Blank.SKIPPED: -991,
    Blank.NOT_APPLICABLE: -992,
    Blank.REFUSED: -993,
    Blank.ABANDONED: -994,
    Blank.NOT_ASKED: -995,
    Blank.NOT_RECORDED: -996,
}
"""One code per reason, the same for every variable. Negative and of three digits, as no scale and few numbers are."""

REASONS: dict[int, Blank] = {code: blank for blank, code in BLANK_CODES.items()}


def blank_label(blank: Blank, language: str) -> str:
    """The reason in words, in English where `language` is neither Dutch nor English."""
    return say(f"archive.blank.{blank.value}", language if language in LANGUAGES else "en")
