"""Notes of every cell that the questionnaire does not express."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise

from clustergov.instruments.exchange import Notes
from clustergov.instruments.xlsform.columns import Line
from clustergov.instruments.xlsform.form import Form

_TOGETHER = (
    "appearance",
    "image",
    "big-image",
    "audio",
    "video",
    "autoplay",
    "rows",
    "sms_",
    "compact",
    "guidance_hint",
    "read_only",
    "body::",
)
"""Columns about how a form looks: one note for each, with the rows."""
SHOWN = 300
"""Characters of a cell that a note repeats."""
_SECRET = ("public_key", "submission_url")


def note_leftovers(form: Form, notes: Notes) -> None:
    """One note per cell that nobody took; of looks, one per column."""
    together: dict[tuple[str, str], list[Line]] = defaultdict(list)
    for line in form.lines:
        for heading, text in line.left():
            shown = "" if heading in _SECRET else f": {text[:SHOWN]}{'…' if len(text) > SHOWN else ''}"
            if _about_looks(heading) or line.sheet in ("choices", "external_choices"):
                together[line.sheet, heading].append(line)
            else:
                notes.add(
                    "xlsform-cell", f"“{heading}” is not expressed{shown}.", place=line.place(heading), line=line.number
                )
    for (_, heading), lines in sorted(together.items(), key=lambda each: each[0]):
        rows = _ranges([line.number for line in lines])
        notes.add("xlsform-column", f"“{heading}” is not expressed on {len(lines)} rows: {rows}.",
                  place=lines[0].place(heading), line=lines[0].number)  # fmt: skip
    for sheet in form.unread:
        notes.add("xlsform-sheet", f"not read: the sheet {sheet}.", place=sheet)


def _about_looks(heading: str) -> bool:
    lowered = heading.lower()
    parts = [part.strip() for part in lowered.replace(":", " ").split()]
    return any(lowered.startswith(each) or each in parts for each in _TOGETHER)


def _ranges(numbers: list[int]) -> str:
    """Row numbers in words: 3–9, 12."""
    ordered = sorted(set(numbers))
    starts = [ordered[0], *(after for before, after in pairwise(ordered) if after != before + 1)]
    ends = [*(before for before, after in pairwise(ordered) if after != before + 1), ordered[-1]]
    return ", ".join(str(start) if start == end else f"{start}–{end}" for start, end in zip(starts, ends, strict=True))
