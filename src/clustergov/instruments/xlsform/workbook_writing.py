"""Tables as an .xlsx workbook: every cell text, and the same bytes for the same tables."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping, Sequence

_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a zip archive can tell: no clock gets into the file."""
_TIMES = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(</dcterms:)")
_WIDE = 60
_NARROW = 16


def workbook(tables: Mapping[str, Sequence[Sequence[str]]], *, wide: frozenset[str] = frozenset()) -> bytes:
    """The bytes of a workbook.

    Parameters
    ----------
    tables : mapping of str to rows
        Sheet name to rows; the first row holds the headings.
    wide : set of str
        Beginnings of headings whose columns hold sentences.
    """
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    bold, wrapped = Font(bold=True), Alignment(wrap_text=True, vertical="top")
    for name, table in tables.items():
        sheet = book.create_sheet(name)
        sheet.freeze_panes = "A2"
        for place, heading in enumerate(table[0] if table else (), start=1):
            sentences = any(heading.startswith(each) for each in wide)
            sheet.column_dimensions[get_column_letter(place)].width = _WIDE if sentences else _NARROW
        for number, row in enumerate(table):
            cells = []
            for text in row:
                cell = WriteOnlyCell(sheet, value=text or None)
                if text:
                    # “= 3” is a text and no formula, 1 a code and no number.
                    cell.data_type = "s"
                    cell.alignment = wrapped
                    if number == 0:
                        cell.font = bold
                cells.append(cell)
            sheet.append(cells)
    written = io.BytesIO()
    book.save(written)
    return _without_clock(written.getvalue())


def _without_clock(content: bytes) -> bytes:
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            data = source.read(name)
            if name == "docProps/core.xml":
                data = _TIMES.sub(rb"\g<1>1980-01-01T00:00:00Z\g<2>", data).replace(b"openpyxl", b"clustergov")
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            target.writestr(entry, data)
    return result.getvalue()
