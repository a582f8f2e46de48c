"""Headings of an XLSForm: aliases, languages, and the cells of a row under their proper names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from clustergov.instruments.xlsform.names import language_code
from clustergov.instruments.xlsform.workbook import Row, Sheet
from clustergov.problems import Problem

_ALIASES = {
    "caption": "label", "relevance": "relevant", "skip": "relevant", "calculate": "calculation", "command": "type",
    "tag": "name", "value": "name", "constraining_message": "constraint_message", "requiredmsg": "required_message",
    "jr:constraintmsg": "constraint_message", "jr:requiredmsg": "required_message", "readonly": "read_only",
    "count": "repeat_count", "jr:count": "repeat_count", "list name": "list_name", "constraint message": "constraint_message",
    "required message": "required_message", "choice filter": "choice_filter", "guidance hint": "guidance_hint",
    "set form title": "form_title", "title": "form_title", "set form id": "form_id", "id_string": "form_id",
    "set_form_title": "form_title", "set_form_id": "form_id", "read only": "read_only", "default language": "default_language",
    "form title": "form_title", "form id": "form_id", "repeat count": "repeat_count",
}  # fmt: skip
_PREFIXES = {"bind", "control", "media", "body", "instance"}
TRANSLATED = {
    "label", "hint", "guidance_hint", "constraint_message", "required_message", "image", "big-image", "audio", "video",
}  # fmt: skip


@dataclass(slots=True)
class Line:
    """One row under its headings; what nobody took is known at the end.

    Attributes
    ----------
    cells : dict
        (column, language or "") to text.
    """

    sheet: str
    number: int
    cells: dict[tuple[str, str], str]
    headings: dict[tuple[str, str], str]
    taken: set[tuple[str, str]] = field(default_factory=set)

    def take(self, column: str) -> str:
        """The cell of a column without a language; “” where it is empty. It counts as expressed."""
        self.taken.add((column, ""))
        return self.cells.get((column, ""), "")

    def look(self, column: str) -> str:
        """As `take`, and the cell does not count as expressed."""
        return self.cells.get((column, ""), "")

    def texts(self, column: str) -> dict[str, str]:
        """The cells of a translated column by language (“” for the one without); they count as expressed."""
        found = {language: text for (name, language), text in self.cells.items() if name == column}
        self.taken.update((column, language) for language in found)
        return found

    def left(self) -> Iterator[tuple[str, str]]:
        """Heading and text of every cell that nobody took."""
        for key, text in self.cells.items():
            if key not in self.taken:
                yield self.headings[key], text

    def place(self, column: str = "") -> str:
        """Where it stands: ``survey row 12, choice_filter``."""
        return f"{self.sheet} row {self.number}" + (f", {column}" if column else "")


GAP = 60
"""Empty rows after which pyxform reads no further."""


def lines_of(sheet: Sheet, file: str) -> tuple[list[Line], list[Problem], int | None]:
    """The rows below the headings, which are the first filled row; columns headed twice are mistakes.

    The last value is the number of the first row that stands below more than `GAP` empty ones, where there is one: it and
    what follows is not read, by ODK neither.
    """
    if not sheet.rows:
        return [], [], None
    head, *rows = sheet.rows
    cut = next(
        (place for place, (one, other) in enumerate(pairwise(sheet.rows)) if other.number - one.number > GAP + 1), None
    )
    beyond = sheet.rows[cut + 1].number if cut is not None else None
    rows = rows[:cut]
    headings: dict[int, tuple[str, str]] = {}
    seen: dict[tuple[str, str], str] = {}
    problems = []
    for place, text in head.cells.items():
        key = heading(text)
        if key in seen:
            message = f"the columns “{seen[key]}” and “{text}” are the same."
            problems.append(Problem("xlsform-column", message, "Remove one.", file=file, line=head.number,
                                    place=f"{sheet.name} row {head.number}"))  # fmt: skip
            continue
        seen[key] = text
        headings[place] = key
    return [_line(sheet.name, row, headings, seen) for row in rows], problems, beyond


def _line(sheet: str, row: Row, headings: dict[int, tuple[str, str]], names: dict[tuple[str, str], str]) -> Line:
    cells, shown = {}, dict(names)
    for place, text in row.cells.items():
        key = headings.get(place, (f"column {place + 1}", ""))
        cells[key] = text
        shown.setdefault(key, key[0])
    return Line(sheet, row.number, cells, shown)


def heading(text: str) -> tuple[str, str]:
    """The proper name of a column and the code of its language: ``Label :: Nederlands (nl)`` is ("label", "nl")."""
    text = " ".join(text.split())
    parts = [part.strip() for part in text.split("::")]
    if len(parts) == 1 and ":" in text and not text.lower().startswith("jr:"):
        # The old form, with one colon: label:English, bind:jr:constraintMsg.
        parts = [part.strip() for part in re.split(r"(?<!jr):", text)]
    if len(parts) > 1 and parts[0].lower() in _PREFIXES:
        parts = parts[1:]
    name = _ALIASES.get(parts[0].lower(), parts[0].lower().replace(" ", "_") if parts[0] else "")
    if name in TRANSLATED and len(parts) == 2:
        return name, language_code(parts[1])
    if len(parts) > 1:
        return "::".join([name, *parts[1:]]), ""
    return name, ""
