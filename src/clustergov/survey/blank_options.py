"""Options that are no substantive answer (“don't know”, “not applicable”): put back as the codes they were chosen by."""

from __future__ import annotations

import pandas as pd

from clustergov.instruments.questionnaire import Blank, Questionnaire
from clustergov.survey.blanks import passed_by
from clustergov.survey.responses import Responses


def with_blank_options(responses: Responses) -> pd.DataFrame:
    """The frame of codes as a file holds it: where somebody chose an option marked blank, its code.

    Where a scale has several options for one kind of blank, the first stands there unless `responses.chosen` names another.
    A question that routing passed by is not applicable without anybody having chosen so: its cells stay empty.
    """
    codes = responses.frame.copy()
    for question in responses.questionnaire.questions:
        for variable in responses.questionnaire.of(question.code):
            passed = passed_by(variable, responses.questionnaire, codes, responses.blanks)
            options = variable.scale.options if variable.scale is not None else ()
            for option in reversed([option for option in options if option.blank is not None]):
                chosen = responses.blanks[variable.name] == option.blank
                if option.blank == Blank.NOT_APPLICABLE.value:
                    chosen &= ~passed
                codes[variable.name] = codes[variable.name].mask(chosen, option.code)
    for respondent, name, value in responses.chosen.itertuples(index=False):
        codes.loc[respondent, name] = value
    return codes


def later_options(codes: pd.DataFrame, questionnaire: Questionnaire) -> pd.DataFrame:
    """Cells that hold an option marked blank which is not the first of its kind: respondent, variable and code."""
    found = []
    for variable in questionnaire.variables:
        options = variable.scale.options if variable.scale is not None else ()
        kinds = [option.blank for option in options]
        later = [
            each.code for place, each in enumerate(options) if each.blank is not None and each.blank in kinds[:place]
        ]
        if later and variable.name in codes.columns:
            column = codes[variable.name]
            found += [(str(who), variable.name, value) for who, value in column[column.isin(later)].items()]
    return pd.DataFrame(found, columns=["respondent", "variable", "value"], dtype="str")
