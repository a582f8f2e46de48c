"""XLSForm, the spreadsheets of ODK, KoboToolbox and their family (https://xlsform.org), both ways.

Reading goes from `workbook` (cells) through `columns` and `form` (lines, groups, lists) to `build` and its `assembly`, line
by line with `questions`, `choices` and `routes`, or from `kept` where a form of ours tells it. Writing goes from `sheets`
through `rows` and `cells` to `workbook_writing`; `metadata` is what only we read. Conditions are in the package `xpath`.
"""

from __future__ import annotations

import re
from pathlib import Path

from clustergov.instruments.exchange import Exported, Imported, Notes
from clustergov.instruments.questionnaire import Questionnaire
from clustergov.instruments.xlsform.build import build
from clustergov.instruments.xlsform.form import read_form
from clustergov.instruments.xlsform.sheets import sheets
from clustergov.instruments.xlsform.workbook import read_sheets
from clustergov.instruments.xlsform.workbook_writing import workbook

_SENTENCES = frozenset({"label", "hint", "constraint_message", "properties"})


def read_xlsform(path: Path | str) -> Imported:
    """Read an XLSForm: .xlsx, .xls, or .csv.

    Raises
    ------
    InputError
        The file is missing, cannot be opened, or is no XLSForm; mistakes in it are told by sheet and row, all of them.
    """
    path = Path(path)
    form = read_form(read_sheets(path), str(path))
    notes = Notes(str(path))
    name = re.sub(r"[^a-z0-9]+", "-", path.stem.lower()).strip("-") or "imported"
    return Imported(build(form, name=name, notes=notes), notes.all())


def to_xlsform(questionnaire: Questionnaire) -> Exported:
    """Write a questionnaire as an XLSForm workbook (.xlsx).

    Raises
    ------
    InputError
        It has conditions that XLSForm cannot express (or imported ones that were never understood), or codes and texts
        that do not fit; every one of them is told.
    """
    notes = Notes()
    tables = sheets(questionnaire, notes)
    return Exported(workbook(tables, wide=_SENTENCES), notes.all())
