"""A text cut into sentences by its punctuation and lines alone: the same cut for every coder and on every machine."""

from __future__ import annotations

import re

_ABBREVIATION = re.compile(
    r"(?:\b(?i:dr|drs|ir|ing|mr|mrs|ms|mw|dhr|prof|nr|no|p|pp|bijv|bv|ca|o\.a|d\.w\.z|i\.e|e\.g|vs|etc|art|st)|\b[A-Z])\.$"
)
_END = re.compile(r"[.!?…]+[\"'”’»)\]]*(?=\s)|\n+")


def sentences(text: str) -> tuple[tuple[int, int], ...]:
    """Offsets of the sentences, without the blanks around them; end exclusive.

    A sentence ends at a full stop, question or exclamation mark before a blank, and at every line end. A stop after an
    abbreviation or an initial does not count.
    """
    found, start = [], 0
    for match in _END.finditer(text):
        if match.group()[0] == "." and _ABBREVIATION.search(text[start : match.start() + 1]):
            continue
        found.append((start, match.end()))
        start = match.end()
    found.append((start, len(text)))
    trimmed = (_trimmed(text, begin, end) for begin, end in found)
    return tuple(place for place in trimmed if place[0] < place[1])


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    part = text[start:end]
    return start + len(part) - len(part.lstrip()), end - len(part) + len(part.rstrip())
