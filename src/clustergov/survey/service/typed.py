"""What respondents type: cleaned texts, numbers with comma or point, dates; anything doubtful is told, never guessed."""

from __future__ import annotations

import datetime
import re
import unicodedata
from dataclasses import dataclass

from clustergov.instruments.arithmetic import plain

LONG_TEXT = 10_000
SHORT_TEXT = 1_000
"""Most characters of an answer in words: of a question of its own, and of a field among others (our choice, D)."""

_NUMBER = re.compile(r"([+-]?)(\d{0,15})(?:[.,](\d{0,9}))?")
_THOUSAND = re.compile(r"[+-]?[1-9]\d{0,2}[.,]\d{3}")
"""1.234: a thousand for some readers, a little more than one for others."""
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:(?:[ \u00a0\u202f.'’]\d{3})+(?:,\d*)?|(?:[ \u00a0\u202f,'’]\d{3})+(?:\.\d*)?)")
_DAY_FIRST = re.compile(r"(\d{1,2})([-/. ])(\d{1,2})\2(\d{4})")
_YEAR_FIRST = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_NEW_LINES = str.maketrans({"\r": "\n", "\u2028": "\n", "\u2029": "\n", "\x0b": "\n", "\x0c": "\n", "\x85": "\n"})
_UNWANTED = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff\ufeff]")
_FIRST_MARK, _MOST_MARKS = "\u0300", 30


@dataclass(frozen=True, slots=True)
class Read:
    """A typed text, read: the answer as it is stored ("" for none), or the rule that it breaks."""

    value: str = ""
    rule: str = ""


def cleaned(raw: str) -> str:
    """The text without what no text holds: control characters, lone surrogates; one kind of new line."""
    if raw.isascii() and raw.isprintable():
        return raw.strip()
    text = _UNWANTED.sub("", raw.replace("\r\n", "\n").translate(_NEW_LINES).replace("\t", " "))
    return unicodedata.normalize("NFC", _stream_safe(text)).strip()


def _stream_safe(text: str) -> str:
    """No more than 30 marks on one letter, then a joiner (UAX #15, 13: Stream-Safe Text Format).

    Putting marks in order takes the square of their number, and everybody else waits for it.
    """
    if not text or max(text) < _FIRST_MARK:
        return text
    parts: list[str] = []
    marks = 0
    for sign in text:
        marks = marks + 1 if unicodedata.combining(sign) else 0
        if marks > _MOST_MARKS:
            parts.append("\N{COMBINING GRAPHEME JOINER}")
            marks = 1
        parts.append(sign)
    return "".join(parts)


def read_text(text: str, *, most: int) -> Read:
    """A cleaned text; of nothing but invisible signs it is no answer. One that is too long breaks the rule ``too-long``."""
    if len(text) > most:
        return Read(rule="too-long")
    if not text.isprintable() and not any(unicodedata.category(sign)[0] not in "ZC" for sign in text):
        return Read()
    return Read(text)


def read_number(text: str) -> Read:
    """A number with a comma or a point before its decimals, as a plain number such as ``3`` or ``2.5``.

    Rules that may be broken: ``not-a-number``; ``thousands``, a separator of thousands, or one that could be.

    Notes
    -----
    1.234 is stored as 1.2340, so that whoever reads it later cannot take it for a thousand.
    """
    bare = text.replace("\N{MINUS SIGN}", "-").removesuffix("%").removeprefix("€").strip()
    match = _NUMBER.fullmatch(bare)
    if match is None or not (match[2] or match[3]):
        return Read(rule="thousands" if _GROUPED.fullmatch(bare) else "not-a-number")
    if _THOUSAND.fullmatch(bare):
        return Read(rule="thousands")
    if len(match[2].lstrip("0")) + len((match[3] or "").rstrip("0")) > 15:
        return Read(rule="not-a-number")
    return Read(stored(float(f"{match[1]}{match[2] or '0'}.{match[3] or '0'}")))


def stored(number: float) -> str:
    """A number as it is stored."""
    # Zero has no sign for a respondent.
    written = plain(number + 0.0 if number else 0.0)
    return f"{written}0" if _THOUSAND.fullmatch(written) else written


def shown_number(number: float, language: str) -> str:
    """A number as a respondent may type it: without signs between thousands."""
    written = plain(round(float(number), 9))
    return written.replace(".", ",") if language == "nl" else written


def read_date(text: str) -> Read:
    """A date as ISO: year first, or with the day first as the page asks.

    Between slashes the month stands first for some: where both could be the month the rule ``date-order`` is broken.
    Anything else that is no date breaks ``not-a-date``.
    """
    if match := _YEAR_FIRST.fullmatch(text):
        return _date(match[1], match[2], match[3])
    match = _DAY_FIRST.fullmatch(text)
    if match is None:
        return Read(rule="not-a-date")
    first, second = int(match[1]), int(match[3])
    if match[2] == "/" and first <= 12 and second <= 12 and first != second:
        return Read(rule="date-order")
    return _date(match[4], match[3], match[1])


def _date(year: str, month: str, day: str) -> Read:
    # Years before 1000 are slips of the pen: 0026 for 2026.
    try:
        written = datetime.date(int(year), int(month), int(day)).isoformat() if int(year) > 999 else ""
    except ValueError:
        written = ""
    return Read(written) if written else Read(rule="not-a-date")
