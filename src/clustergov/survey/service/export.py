"""Stored responses as tables that leave the service: CSV in the shape of LimeSurvey's own export, and Excel.

The CSV is what LimeSurvey writes with its option ``useEMCode``: UTF-8 with byte order mark, semicolons, every filled cell
in quotation marks, an empty one bare, CR LF; a box that was asked and left unticked is an empty text (``""``), a
question that was not asked is nothing at all. So one reader reads both (`survey.reading`).

What a respondent typed can be a formula to a spreadsheet. Such texts get an apostrophe before them
(`survey.formula_cells`), in both formats; the reader takes it off again.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from clustergov.instruments.questionnaire import Questionnaire, Variable
from clustergov.survey.formula_cells import harmless
from clustergov.survey.service.screens import Screen, replay

if TYPE_CHECKING:
    from clustergov.survey.service.storage import Stored

Cells = list[str | None]
"""One row: None where nothing was asked or answered, "" for a box that was left unticked."""

LONGEST_IN_EXCEL = 32_767
"""Characters in one cell, by Excel's own specification; the CSV has all of them."""

_CUT = " […]"


def headings(questionnaire: Questionnaire) -> list[str]:
    """id, submitdate, lastpage, startlanguage and the variables; a name that a variable bears too gets our prefix."""
    from clustergov.survey.system_columns import own_heading  # it loads pandas, which the service does without

    language = "clustergov startlanguage" if "startlanguage" in questionnaire.by_name else "startlanguage"
    own = [own_heading(role, questionnaire) for role in ("id", "submitdate", "lastpage")]
    return [*own, language, *(variable.name for variable in questionnaire.variables)]


def cells(questionnaire: Questionnaire, screens: tuple[Screen, ...], rows: Iterable[Stored]) -> Iterator[Cells]:
    """One row per response; answers that routing does not ask for any more are left out.

    Parameters
    ----------
    questionnaire : Questionnaire
        As it is fielded.
    screens : tuple of Screen
        `screens.cut` of it.
    rows : iterable of Stored
    """
    ends = _ends(questionnaire, screens)
    for row in rows:
        asked = replay(screens, row.answers).kept
        page = len(ends) if row.submitted else sum(end < row.screen for end in ends)
        own = [harmless(row.id), _moment(row.submitted), str(page), row.language or None]
        yield [*own, *(_cell(variable, asked) for variable in questionnaire.variables)]


def _ends(questionnaire: Questionnaire, screens: tuple[Screen, ...]) -> list[int]:
    """Per section, the number of the screen on which it ends."""
    ends: list[int] = []
    for section in questionnaire.sections:
        before = ends[-1] if ends else 0
        own = [screen.number for screen in screens if any(each.section.code == section.code for each in screen.posed)]
        ends.append(max(own, default=before))
    return ends


def _moment(submitted: str) -> str | None:
    """As LimeSurvey writes it: a day has midnight for its time."""
    if not submitted:
        return None
    return f"{submitted} 00:00:00" if len(submitted) == 10 else submitted[:19].replace("T", " ")


def _cell(variable: Variable, asked: dict[str, str]) -> str | None:
    value = asked.get(variable.name)
    if value is None:
        return None
    if variable.kind == "tick":
        return "Y" if value == "Y" else ""
    return value if variable.kind == "number" else harmless(value)


def to_csv(questionnaire: Questionnaire, screens: tuple[Screen, ...], rows: Iterable[Stored]) -> Iterator[bytes]:
    """The CSV, row by row."""
    yield b"\xef\xbb\xbf" + _record(list(headings(questionnaire)))
    for row in cells(questionnaire, screens, rows):
        yield _record(row)


def _record(row: Cells) -> bytes:
    return (";".join("" if cell is None else '"' + cell.replace('"', '""') + '"' for cell in row) + "\r\n").encode()


def to_xlsx(questionnaire: Questionnaire, screens: tuple[Screen, ...], rows: Iterable[Stored]) -> bytes:
    """One sheet; numbers as numbers, everything else as text, an unticked box as N.

    Excel's cells hold `LONGEST_IN_EXCEL` characters; a longer text is cut and says so. Characters that XML does not know
    (control characters) are left out.
    """
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("responses")
    sheet.freeze_panes = "B2"
    make = _cell_maker(sheet)
    names = headings(questionnaire)
    sheet.append([make(name, False) for name in names])
    number = [False] * 4 + [variable.kind == "number" for variable in questionnaire.variables]
    tick = [False] * 4 + [variable.kind == "tick" for variable in questionnaire.variables]
    for row in cells(questionnaire, screens, rows):
        shown = ["N" if box and cell == "" else cell for cell, box in zip(row, tick, strict=True)]
        sheet.append([make(cell, kind) for cell, kind in zip(shown, number, strict=True)])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _cell_maker(sheet: object) -> Callable[[str | None, bool], object]:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    def make(cell: str | None, number: bool) -> object:
        if cell is None:
            return None
        if number:
            return WriteOnlyCell(sheet, value=float(cell))
        text = ILLEGAL_CHARACTERS_RE.sub("", cell)
        if len(text) > LONGEST_IN_EXCEL:
            text = text[: LONGEST_IN_EXCEL - len(_CUT)] + _CUT
        made = WriteOnlyCell(sheet, value=text)
        made.data_type = "s"  # text, whatever it begins with
        return made

    return make
