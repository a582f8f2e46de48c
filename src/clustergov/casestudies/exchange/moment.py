"""Times as REFI-QDA has them: whole seconds in UTC, the only form that every program reads and writes back right."""

from __future__ import annotations

import re
from datetime import UTC, datetime

UNKNOWN = "1970-01-01T00:00:00Z"
"""Written where a note must have a time for other programs to read it, and none is known; never read as a time."""

_FORM = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d{1,9})?(Z|[+-]\d\d:\d\d)?")


def moment(time: str) -> str:
    """A time in whole seconds of UTC; without a zone where none is given; empty when it is none, or stands for none."""
    match = _FORM.fullmatch(time.strip())
    if match is None or time.strip() == UNKNOWN:
        return ""
    try:
        found = datetime.fromisoformat(re.sub(r"\.\d+", "", time.strip()).replace(" ", "T"))
    except ValueError:
        return ""
    if match[1] is None:
        return found.isoformat()
    try:
        return found.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"
    except (ValueError, OverflowError):
        return ""
