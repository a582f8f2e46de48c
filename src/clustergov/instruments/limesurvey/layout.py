"""How the items of a question lie: one after the other, as the cells of a grid, or in pairs with two scales."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from clustergov.instruments.questionnaire import Item, Question
from clustergov.language import Text

Layout = Literal["list", "grid", "dual"]

JOIN = " – "
"""Stands between the words of a row and those of a column where they are read together."""


def layout_of(question: Question) -> Layout:
    """A grid or a pair of scales, as they are imported, or a plain list."""
    if question.kind == "array" and _is_dual(question.items):
        return "dual"
    if question.kind in ("numbers", "texts", "multiple") and rows_and_columns(question.items) is not None:
        return "grid"
    return "list"


def rows_and_columns(items: Sequence[Item]) -> tuple[list[str], list[str]] | None:
    """Codes of rows and columns where the items are exactly the cells of a grid, row by row; None where they are not."""
    pairs = [item.code.split("_") for item in items]
    if not pairs or any(len(pair) != 2 or not all(pair) for pair in pairs):
        return None
    rows = list(dict.fromkeys(row for row, _ in pairs))
    columns = list(dict.fromkeys(column for _, column in pairs))
    return (rows, columns) if pairs == [[row, column] for row in rows for column in columns] else None


def _is_dual(items: Sequence[Item]) -> bool:
    found = rows_and_columns(items)
    if found is None or found[1] != ["0", "1"]:
        return False
    first, second = ({item.scale for item in items if item.code.endswith(end)} for end in ("_0", "_1"))
    return len(first) == len(second) == 1 and "" not in first | second


def words_apart(items: Sequence[Item], language: str, *, wordless: str = "") -> tuple[list[str], list[str]] | None:
    """The words of the rows and of the columns, from those of the cells; None where they cannot be told apart.

    `wordless` is what stands in a cell without words of its own.
    """
    found = rows_and_columns(items)
    if found is None:
        return None
    width = len(found[1])
    texts = [_words(item.text, language, wordless) for item in items]
    lines = [texts[start : start + width] for start in range(0, len(texts), width)]
    for first in _starts(texts[0]):
        columns = [_after(text, first) for text in lines[0]]
        if None in columns:
            continue
        ends = [column or "" for column in columns]
        rows = [_before(line[0], ends[0]) for line in lines]
        starts = [row or "" for row in rows]
        if None not in rows and all(
            joined(start, end) == text for start, line in zip(starts, lines, strict=True) for end, text in zip(ends, line, strict=True)
        ):  # fmt: skip
            return starts, ends
    return None


def joined(row: str, column: str) -> str:
    return JOIN.join(part for part in (row, column) if part)


def _words(text: Text, language: str, wordless: str) -> str:
    words = text.get(language, "")
    return "" if words == wordless else words


def _starts(text: str) -> list[str]:
    """Every way in which a cell's words can begin with those of its row, the longest but one first."""
    parts = text.split(JOIN)
    return [JOIN.join(parts[:count]) for count in (*range(len(parts) - 1, 0, -1), len(parts), 0)]


def _after(text: str, start: str) -> str | None:
    if text == start:
        return ""
    return text if not start else text.removeprefix(start + JOIN) if text.startswith(start + JOIN) else None


def _before(text: str, end: str) -> str | None:
    if text == end:
        return ""
    return text if not end else text.removesuffix(JOIN + end) if text.endswith(JOIN + end) else None
