"""Synthetic answers to responses: explained blank by blank in the very way in which a file of them is read."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from clustergov.instruments.questionnaire import Questionnaire
from clustergov.survey.blank_options import later_options
from clustergov.survey.blanks import explain_blanks, substantive
from clustergov.survey.implied import fill_implied
from clustergov.survey.responses import Origin, Responses
from clustergov.survey.synthetic.answer_sheets import AnswerSheet
from clustergov.survey.system_columns import SYNTHETIC_NAME


def as_responses(codes: pd.DataFrame, questionnaire: Questionnaire, sections_seen: NDArray[np.intp]) -> Responses:
    """Responses whose blanks are what a reader of their file would find.

    Parameters
    ----------
    codes : DataFrame
        One column per variable of the questionnaire; also codes of options marked blank.
    sections_seen : ndarray of int, shape (n,)
        How many sections each respondent went through; all of them for who submitted.
    """
    complete = pd.Series(sections_seen >= len(questionnaire.sections), index=codes.index, name="complete")
    last_page = pd.Series(sections_seen.astype(float), index=codes.index)
    filled = fill_implied(codes, questionnaire)
    blanks = explain_blanks(filled, questionnaire, complete=complete, last_page=last_page)
    return Responses(
        questionnaire,
        substantive(filled, blanks, questionnaire),
        blanks,
        Origin("synthetic"),
        complete=complete,
        chosen=later_options(filled, questionnaire),
    )


def of_sheets(sheets: Sequence[AnswerSheet], questionnaire: Questionnaire) -> Responses:
    """The responses that fieldwork with these answer sheets ought to bring home."""
    order = [section.code for section in questionnaire.sections]
    seen = np.array([order.index(sheet["stop"]) if sheet["stop"] else len(order) for sheet in sheets], dtype=np.intp)
    index = names(len(sheets))
    columns = {}
    for variable in questionnaire.variables:
        cells = [sheet["answers"].get(variable.name) for sheet in sheets]
        if variable.kind == "number":
            columns[variable.name] = pd.Series(
                [np.nan if cell is None else float(cell) for cell in cells], index=index, dtype="float64"
            )
        else:
            columns[variable.name] = pd.Series(cells, index=index, dtype="str")
    return as_responses(pd.DataFrame(columns, index=index), questionnaire, seen)


def names(n: int) -> pd.Index[str]:
    """Identifiers that say of themselves that there is nobody behind them."""
    return pd.Index(
        [f"{SYNTHETIC_NAME}{place:0{len(str(n))}d}" for place in range(1, n + 1)], name="respondent", dtype="str"
    )
