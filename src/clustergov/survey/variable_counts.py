"""Counts of the answers to every variable, as a codebook for archives tells them; small ones of real persons are hidden."""

from __future__ import annotations

import pandas as pd

from clustergov.instruments.ddi.counts import Statistic, VariableCounts
from clustergov.instruments.questionnaire import Variable
from clustergov.instruments.statistical.blank_codes import REASONS
from clustergov.survey.disclosure import suppress
from clustergov.survey.missing_codes import with_missing_codes
from clustergov.survey.responses import Responses

SMALLEST = 5
"""Of real responses, the smallest count that is told, and the smallest number of answers that a statistic is made of."""

_VALID = "valid"


def variable_counts(responses: Responses) -> dict[str, VariableCounts]:
    """How often each code occurs, why cells are blank, and statistics of numbers.

    Of real responses, counts under `SMALLEST` are hidden and as many others as it takes that none can be worked out
    from the number of respondents (`disclosure.suppress`); the extremes of numbers, which are single persons' answers,
    are left out. Of texts only the blank cells are counted.

    Raises
    ------
    InputError
        As `with_missing_codes` does.
    """
    coded = with_missing_codes(responses)
    return {each.name: _counts(each, coded[each.name], responses) for each in responses.questionnaire.variables}


def _counts(variable: Variable, cells: pd.Series, responses: Responses) -> VariableCounts:
    answered = responses.blanks[variable.name] == ""
    listed = _codes(variable)
    # Texts and numbers are counted together, as answers; codes one by one, those that nobody chose too.
    table = pd.Series(
        0.0, index=[*listed, *(str(code) for code in REASONS)] if listed else [_VALID, *map(str, REASONS)]
    )
    codes = cells.where(~answered, _VALID) if not listed else cells
    written = codes.map(lambda cell: str(int(cell)) if isinstance(cell, float) else str(cell))
    counted = written.value_counts()
    table[counted.index] = counted.astype(float)
    shown = table if responses.synthetic else suppress(table, SMALLEST)
    blank = {*map(str, REASONS), *_blank_codes(variable)}
    valid = shown[[code not in blank for code in shown.index]]
    invalid = shown[[code in blank for code in shown.index]]
    numbers = responses.frame[variable.name].dropna() if variable.kind == "number" else pd.Series([], dtype="float64")
    return VariableCounts(
        valid=_sum(valid),
        invalid=_sum(invalid),
        codes={str(code): int(count) for code, count in shown.dropna().items() if code != _VALID},
        statistics=_statistics(numbers, real=not responses.synthetic),
    )


def _codes(variable: Variable) -> list[str]:
    return [option.code for option in variable.scale.options] if variable.scale is not None else []


def _blank_codes(variable: Variable) -> list[str]:
    options = variable.scale.options if variable.scale is not None else ()
    return [option.code for option in options if option.blank is not None]


def _sum(counts: pd.Series) -> int | None:
    return None if counts.isna().any() else int(counts.sum())


def _statistics(numbers: pd.Series, *, real: bool) -> dict[Statistic, float]:
    if len(numbers) < (SMALLEST if real else 2):
        return {}
    found: dict[Statistic, float] = {"mean": float(numbers.mean()), "medn": float(numbers.median())}
    if not real:
        found |= {"min": float(numbers.min()), "max": float(numbers.max())}
    return found | {"stdev": float(numbers.std())}
