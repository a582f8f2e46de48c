"""Delimited text: which encoding, which delimiter, and its cells, quoted ones told apart from bare ones."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from clustergov.problems import InputError, Problem
from clustergov.survey.cells import Cells, Record

DELIMITERS = (";", ",", "\t")
_LINE_END = re.compile(r"\r\n|\n|\r")
_RECOGNISED_BY = 50
"""Records from which the delimiter is recognised."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAVE_AS = (
    "In Excel choose File, Save As, “CSV UTF-8 (Comma delimited)” (in Dutch: “CSV UTF-8 (door komma's gescheiden)”), "
    "or save the table as .xlsx."
)


def read_delimited(content: bytes, path: Path) -> Cells:
    """Read CSV or TSV: UTF-8 with or without byte order mark or UTF-16 with one; ``;``, ``,`` or tab between cells.

    Cells may be quoted and then hold delimiters and line breaks; blank lines are passed over.

    Raises
    ------
    InputError
        The encoding is another one, or a quoted cell does not end.
    """
    text, encoding = _decode(content, path)
    told = re.match(r"sep=([;,\t])(?:\r\n|\n|\r)", text, re.IGNORECASE)
    delimiter = told[1] if told else _delimiter(text)
    body = text[told.end() :] if told else text
    unclosed: list[int] = []
    records = tuple(_records(body, delimiter, first=2 if told else 1, unclosed=unclosed))
    if unclosed and delimiter != "\t":  # tab-separated files are often written without any quoting
        raise InputError([_unclosed(body, place, path) for place in unclosed])
    return Cells(records, encoding=encoding, delimiter=delimiter)


def pieces(content: bytes, path: Path) -> list[tuple[bytes, tuple[str | None, ...]]]:
    """Every record with the bytes that it takes up, line end included; the bytes together are the whole content.

    A byte order mark, a line ``sep=;`` and blank lines are pieces without cells.

    Raises
    ------
    InputError
        As `read_delimited`.
    """
    delimiter, (text, encoding) = read_delimited(content, path).delimiter, _decode(content, path)
    mark = next((mark for mark, _ in _MARKS if content.startswith(mark)), b"")
    plain = "utf-8" if encoding.startswith("utf-8") else "utf-16-le" if mark == codecs.BOM_UTF16_LE else "utf-16-be"
    found: list[tuple[bytes, tuple[str | None, ...]]] = [(mark, ())] if mark else []
    if told := re.match(r"sep=[;,\t](?:\r\n|\n|\r)", text, re.IGNORECASE):
        found.append((told[0].encode(plain), ()))
    pattern, place = _cell_pattern(delimiter), told.end() if told else 0
    start, cells = place, list[str | None]()
    while place < len(text) and (match := pattern.match(text, place)):
        quoted, bare, end = match.groups()
        cells.append(bare or None if quoted is None else quoted.replace('""', '"'))
        place = match.end()
        if end != delimiter or place == len(text):
            found.append((text[start:place].encode(plain), () if cells == [None] else tuple(cells)))
            start, cells = place, []
    return found


def _decode(content: bytes, path: Path) -> tuple[str, str]:
    encoding = next((name for mark, name in _MARKS if content.startswith(mark)), "utf-8")
    try:
        return content.decode(encoding), encoding
    except UnicodeDecodeError as error:
        raise InputError(_encoding_problem(content, encoding, error.start, path)) from None


def _encoding_problem(content: bytes, encoding: str, at: int, path: Path) -> Problem:
    before = content[:at]
    line = before.count(b"\n") + 1
    column = at - (before.rfind(b"\n") + 1) + 1
    byte = content[at]
    meant = bytes([byte]).decode("cp1252", "replace")
    likely = f" (“{meant}” in Windows-1252, as Excel's plain “CSV” writes it)" if encoding == "utf-8" else ""
    name = "UTF-8" if encoding.startswith("utf-8") else encoding.upper()
    return Problem("encoding", f"expected text in {name}, found byte {byte:#04x}{likely}.", _SAVE_AS,
                   file=str(path), line=line, column=column)  # fmt: skip


def _delimiter(text: str) -> str:
    """The delimiter that splits the first records most evenly; of equals, the one with the most columns."""

    def evenness(delimiter: str) -> tuple[float, int]:
        widths = [len(cells) for _, cells in islice(_records(text, delimiter), _RECOGNISED_BY)]
        if not widths or widths[0] < 2:
            return (0.0, 0)
        return (sum(width == widths[0] for width in widths) / len(widths), widths[0])

    best = max(DELIMITERS, key=evenness)
    return best if evenness(best) > (0.0, 0) else ","


def _cell_pattern(delimiter: str) -> re.Pattern[str]:
    mark = re.escape(delimiter)
    # Possessive, so that a quotation mark without its partner costs one pass and not all ways to split the rest.
    return re.compile(rf'(?:"((?:[^"]++|"")*+)"[ ]*(?={mark}|\r|\n|\Z)|([^{mark}\r\n]*))({mark}|\r\n|\n|\r|\Z)')


def _records(text: str, delimiter: str, *, first: int = 1, unclosed: list[int] | None = None) -> Iterator[Record]:
    """Number the records as a spreadsheet does: one row each, blank lines counted, breaks inside cells not.

    Offsets of cells whose quotation mark is never closed are added to `unclosed`.
    """
    pattern = _cell_pattern(delimiter)
    number, place, cells = first, 0, list[str | None]()
    while found := pattern.match(text, place):
        quoted, bare, end = found.groups()
        if bare and bare.startswith('"') and unclosed is not None:
            unclosed.append(place)
        cells.append(bare or None if quoted is None else quoted.replace('""', '"'))
        place = found.end()
        if end == delimiter:
            continue
        if cells != [None]:
            yield number, tuple(cells)
        number, cells = number + 1, []
        if not end:
            return


def _unclosed(text: str, place: int, path: Path) -> Problem:
    line = len(_LINE_END.findall(text, 0, place)) + 1
    return Problem("unclosed-quote", "expected a cell that starts with a quotation mark to end with one.",
                   "Close it, and write a quotation mark inside a cell twice.", file=str(path), line=line)  # fmt: skip
