"""Export a questionnaire to LimeSurvey: a structure in XML (.lss) or in tab-separated values (.txt)."""

from __future__ import annotations

from clustergov.instruments.exchange import Exported, Notes
from clustergov.instruments.limesurvey.writing.lss import lss_bytes
from clustergov.instruments.limesurvey.writing.survey import express
from clustergov.instruments.limesurvey.writing.txt import txt_bytes
from clustergov.instruments.questionnaire import Questionnaire


def to_lss(questionnaire: Questionnaire) -> Exported:
    """A survey structure (.lss) for LimeSurvey 4 to 6.

    Raises
    ------
    InputError
        LimeSurvey cannot hold what would change who is asked what; with every place.
    """
    notes = Notes()
    survey = express(questionnaire, notes)
    return Exported(lss_bytes(survey), notes.all())


def to_txt(questionnaire: Questionnaire) -> Exported:
    """The same as tab-separated values (.txt), which can be edited in a spreadsheet.

    Raises
    ------
    InputError
        As `to_lss`; also where a condition holds what this format spoils.
    """
    notes = Notes()
    survey = express(questionnaire, notes)
    return Exported(txt_bytes(survey), notes.all())
