"""The first filled sheet of an .xlsx workbook, every cell as the text that stands for it."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from clustergov.instruments.cell_text import cell_text
from clustergov.problems import InputError, Problem
from clustergov.survey.cells import Cells, Record

_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\b[^>]*\bref="([A-Z]+\d+:[A-Z]+\d+)"')
_UNCALCULATED = re.compile(
    rb'<(?:\w+:)?c\b[^>]*\br="([A-Z]+\d+)"[^>]*>\s*<(?:\w+:)?f\b[^>]*(?:/>|>[^<]*</(?:\w+:)?f>)\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</(?:\w+:)?c>'
)


def read_workbook(content: bytes, path: Path) -> Cells:
    """Read the first sheet that holds anything: numbers without a trailing ``.0`` and per cents as shown,
    dates in ISO, truth as TRUE or FALSE.

    Raises
    ------
    InputError
        It cannot be opened, has no filled sheet, or holds merged cells, formulas without a value or error values.
    """
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        for sheet in book.worksheets:
            # Some programs write a wrong extent; without it every cell is read.
            sheet.reset_dimensions()
            problems: list[Problem] = []
            records = tuple(_records(sheet, path, problems))
            if records:
                problems += _unreadable_cells(content, sheet, path)
                if problems:
                    raise InputError(problems)
                return Cells(records, sheet=str(sheet.title))
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError, SyntaxError, IndexError):
        raise InputError(
            Problem("broken-workbook", "expected an Excel workbook, found one that cannot be opened.",
                    "Open it in Excel or LibreOffice and save it again as .xlsx.", file=str(path))
        ) from None  # fmt: skip
    raise InputError(
        Problem("empty-file", "expected a filled sheet, found an empty workbook.", "Export the responses again.",
                file=str(path))
    )  # fmt: skip


def _records(sheet: Any, path: Path, problems: list[Problem]) -> list[Record]:
    records: list[Record] = []
    for number, row in enumerate(sheet.iter_rows(), start=1):
        cells = []
        for cell in row:
            if cell.data_type == "e":
                problems.append(
                    Problem("error-value", f"expected an answer, found the error {cell.value}.", "Correct the cell.",
                            file=str(path), place=f"sheet {sheet.title}, cell {cell.coordinate}")
                )  # fmt: skip
            cells.append(cell_text(_as_shown(cell)) or None)
        if any(cells):
            records.append((number, tuple(cells)))
    width = max((len(cells) for _, cells in records), default=0)
    return [(number, cells + (None,) * (width - len(cells))) for number, cells in records]


def _as_shown(cell: Any) -> object:
    """The value; of a cell that shows 40% and holds 0.4, the 40 that its writer meant."""
    if cell.data_type == "n" and isinstance(cell.value, int | float) and "%" in str(cell.number_format):
        return float(round(cell.value * 100, 10))
    return cell.value


def _unreadable_cells(content: bytes, sheet: Any, path: Path) -> list[Problem]:
    """Cells whose value the sheet does not tell: merged ones hold one answer for several, formulas may have none yet."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        source = archive.read(sheet._worksheet_path.lstrip("/"))
    found = [
        Problem("merged-cells", "expected one answer per cell, found merged cells.", "Unmerge them and fill each cell.",
                file=str(path), place=f"sheet {sheet.title}, cells {cells.decode()}")
        for cells in _MERGED.findall(source)
    ]  # fmt: skip
    found += [
        Problem("uncalculated-formula", "expected an answer, found a formula without a result.",
                "Open the workbook in Excel, calculate it and save it.",
                file=str(path), place=f"sheet {sheet.title}, cell {cell.decode()}")
        for cell in _UNCALCULATED.findall(source)
    ]  # fmt: skip
    return found
