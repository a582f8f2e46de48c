"""XLSForm, the spreadsheets of ODK, KoboToolbox and their family (https://xlsform.org), both ways."""

from __future__ import annotations

from clustergov.instruments.exchange import Exported, Notes
from clustergov.instruments.questionnaire import Questionnaire
from clustergov.instruments.xlsform.sheets import sheets
from clustergov.instruments.xlsform.workbook_writing import workbook

_SENTENCES = frozenset({"label", "hint", "constraint_message", "properties"})


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
