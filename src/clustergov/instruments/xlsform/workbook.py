"""The sheets of an XLSForm as text: .xlsx, old .xls, and .csv with the sheets one below the other."""

from __future__ import annotations

import csv
import io
import re
import warnings
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from pathlib import Path
from typing import Any

from clustergov.instruments.archive import members
from clustergov.instruments.cell_text import cell_text
from clustergov.instruments.exchange import read_content
from clustergov.problems import InputError, Problem

WANTED = "an XLSForm (.xlsx, .xls or .csv)"
MOST_CELLS = 2_000_000
"""Cells that are looked at, empty ones among them."""
LARGEST = 64 * 1024 * 1024
"""Bytes of the sheets of a workbook, unpacked. The largest form that was met in the field has 3 MB."""

_DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)|<\x00!\x00[DE]\x00|\x00<\x00!\x00[DE]")


@dataclass(frozen=True, slots=True)
class Row:
    """A row that holds something.

    Attributes
    ----------
    number : int
        From 1, as the spreadsheet counts.
    cells : dict of int to str
        Place of the column, from 0, to what stands there; none of them empty.
    """

    number: int
    cells: Mapping[int, str]


@dataclass(slots=True)
class Sheet:
    name: str
    rows: list[Row] = field(default_factory=list)


def read_sheets(path: Path | str) -> list[Sheet]:
    """Every sheet with its filled cells, in the order of the file.

    Raises
    ------
    InputError
        It is missing, no workbook, damaged, too large, or holds formulas that were never calculated.
    """
    path = Path(path)
    content = read_content(path, wanted=WANTED)
    if content[:2] == b"PK":
        return _xlsx(content, str(path))
    if content[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        return _xls(content, str(path))
    if path.suffix.lower() == ".csv":
        return _csv(content, str(path))
    message = f"expected {WANTED}, found something else."
    raise InputError(Problem("xlsform-file", message, "Save it as .xlsx.", file=str(path)))


def _xlsx(content: bytes, file: str) -> list[Sheet]:
    from openpyxl import load_workbook

    parts = members(content, file, wanted=WANTED)
    if sum(map(len, parts.values())) > LARGEST:
        raise _too_large(file)
    if any(_DOCTYPE.search(data) for name, data in parts.items() if name.endswith((".xml", ".rels", ".vml"))):
        message = "found a document type declaration, which no workbook has."
        fix = "Entities are not read: save the workbook again in Excel or LibreOffice."
        raise InputError(Problem("xlsform-entities", message, fix, file=file))
    try:
        with warnings.catch_warnings():
            # What openpyxl leaves out, such as lists to choose from, says nothing about questions.
            warnings.simplefilter("ignore")
            book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
            found = [_sheet(sheet.title, _xlsx_rows(sheet), file) for sheet in book.worksheets]
        if any(b"<f" in data or b":f>" in data for data in parts.values()):
            _refuse_uncalculated(content, found, file)
    except InputError:
        raise
    except Exception:
        # Whatever a damaged workbook brings about inside its reader.
        raise _damaged(file) from None
    return found


def _xlsx_rows(sheet: Any) -> Iterator[tuple[int, Iterable[object]]]:
    # Some programs write a wrong extent; without it every cell is read.
    sheet.reset_dimensions()
    yield from enumerate(sheet.iter_rows(values_only=True), start=1)


def _refuse_uncalculated(content: bytes, found: list[Sheet], file: str) -> None:
    """Formulas whose result the file does not hold: nobody knows what stands there."""
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(content), read_only=True, data_only=False)
    problems = []
    for sheet, known in zip(book.worksheets, found, strict=True):
        values = {row.number: row.cells for row in known.rows}
        sheet.reset_dimensions()
        for number, row in enumerate(sheet.iter_rows(), start=1):
            for cell in row:
                if cell.data_type == "f" and cell.column - 1 not in values.get(number, {}):
                    place = f"{sheet.title} row {number}, cell {cell.coordinate}"
                    problems.append(
                        Problem("xlsform-formula", "found a formula without a result.",
                                "Open the workbook in Excel, calculate it and save it.", file=file, line=number, place=place)
                    )  # fmt: skip
    if problems:
        raise InputError(problems)


def _xls(content: bytes, file: str) -> list[Sheet]:
    import xlrd

    try:
        book = xlrd.open_workbook(file_contents=content, logfile=io.StringIO(), ragged_rows=True)
        return [_sheet(sheet.name, _xls_rows(sheet, book.datemode), file) for sheet in book.sheets()]
    except InputError:
        raise
    except Exception:
        # Whatever a damaged workbook brings about inside its reader.
        raise _damaged(file) from None


def _xls_rows(sheet: Any, datemode: int) -> Iterator[tuple[int, Iterable[object]]]:
    import xlrd

    def value(cell: Any) -> object:
        match cell.ctype:
            case xlrd.XL_CELL_DATE:
                parts = xlrd.xldate_as_tuple(cell.value, datemode)
                return datetime(*parts) if any(parts[:3]) else time(*parts[3:])
            case xlrd.XL_CELL_BOOLEAN:
                return bool(cell.value)
            case xlrd.XL_CELL_ERROR:
                return xlrd.error_text_from_code.get(cell.value, "#ERROR")
            case _:
                return cell.value

    for number in range(sheet.nrows):
        yield number + 1, map(value, sheet.row(number))


def _csv(content: bytes, file: str) -> list[Sheet]:
    """The sheet's name stands in the first column of a row of its own; its rows follow from the second column on."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    found: list[Sheet] = []
    cells = 0
    try:
        for number, row in enumerate(csv.reader(io.StringIO(text)), start=1):
            cells += len(row)
            if cells > MOST_CELLS:
                raise _too_large(file)
            if row and row[0].strip():
                found.append(Sheet(row[0].strip()))
                row = ["", *row[1:]]
            filled = {place: cell.strip() for place, cell in enumerate(row[1:]) if cell.strip()}
            if filled and found:
                found[-1].rows.append(Row(number, filled))
    except csv.Error as error:
        message = f"expected {WANTED}, found a line that cannot be read: {error}."
        raise InputError(Problem("xlsform-csv", message, "Save it again as .xlsx.", file=file)) from None
    return found


def _sheet(name: str, rows: Iterable[tuple[int, Iterable[object]]], file: str) -> Sheet:
    sheet = Sheet(str(name))
    cells = 0
    for number, row in rows:
        filled = {}
        cells += 1
        for place, value in enumerate(row):
            cells += 1
            if value is not None and (text := cell_text(value).strip()):
                filled[place] = text
            if cells > MOST_CELLS:
                raise _too_large(file)
        if filled:
            sheet.rows.append(Row(number, filled))
    return sheet


def _too_large(file: str) -> InputError:
    message = f"expected {WANTED}, found one with more than {MOST_CELLS:,} cells or {LARGEST:,} bytes."
    return InputError(Problem("too-large", message, "Check where it comes from.", file=file))


def _damaged(file: str) -> InputError:
    message = f"expected {WANTED}, found one that cannot be opened: it is damaged, or locked with a password."
    return InputError(
        Problem("xlsform-damaged", message, "Open it in Excel or LibreOffice and save it as .xlsx.", file=file)
    )
