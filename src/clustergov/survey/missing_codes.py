"""Codes for blank cells: a frame in which every cell holds an answer or the code of the reason why there is none."""

from __future__ import annotations

import pandas as pd

from clustergov.instruments.exchange import listed
from clustergov.instruments.questionnaire import Variable
from clustergov.instruments.statistical.blank_codes import BLANK_CODES, REASONS
from clustergov.problems import InputError, Problem
from clustergov.survey.blank_options import with_blank_options
from clustergov.survey.responses import Responses


def with_missing_codes(responses: Responses) -> pd.DataFrame:
    """The frame of codes without a blank cell.

    Where an option marked blank was chosen, its own code stands; in every other blank cell one of `BLANK_CODES`. Columns
    keep their kind: the code is a number among numbers and text elsewhere. Which of several options for one reason was
    chosen is not known (see `with_blank_options`).

    Returns
    -------
    DataFrame
        Index and columns of `Responses.frame`.

    Raises
    ------
    InputError
        An answer is one of these codes: what is blank could not be told from it.
    """
    codes = with_blank_options(responses)
    problems = [p for variable in responses.questionnaire.variables for p in _taken(variable, responses)]
    if problems:
        raise InputError(problems, summary="The codes for blank cells are taken:")
    for variable in responses.questionnaire.variables:
        name = variable.name
        for blank, code in BLANK_CODES.items():
            open_cells = codes[name].isna() & (responses.blanks[name] == blank.value)
            codes[name] = codes[name].mask(open_cells, float(code) if variable.kind == "number" else str(code))
    return codes


def _taken(variable: Variable, responses: Responses) -> list[Problem]:
    """Answers that read as a code for blank cells."""
    reserved = [*map(float, REASONS)] if variable.kind == "number" else [*map(str, REASONS)]
    cells = responses.frame[variable.name]
    options = [option.code for option in variable.scale.options] if variable.scale is not None else []
    found = [str(cell) for cell in cells[cells.isin(reserved)].unique()]
    found += [code for code in options if code in reserved and code not in found]
    if not found:
        return []
    message = f"the answer {listed(found)} is a code by which blank cells are told."
    return [Problem("taken-code", message, "Write the answer in another way, or leave it blank.", place=variable.name)]
