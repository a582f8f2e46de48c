"""Indicators: figures computed from the answers of each organisation by the formulas of its questionnaire."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from clustergov.instruments.arithmetic import values_in, variables_of
from clustergov.instruments.asking import computable
from clustergov.instruments.questionnaire import Questionnaire
from clustergov.instruments.routing import parse_number
from clustergov.problems import InputError, Problem

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def indicator_values(questionnaire: Questionnaire, columns: Mapping[str, Any]) -> dict[str, NDArray[np.float64]]:
    """Every indicator of every respondent.

    Parameters
    ----------
    questionnaire : Questionnaire
        With indicators whose formulas are free of mistakes.
    columns : mapping of str to sequence of length n, or DataFrame
        Answers by variable: numbers as numbers, codes as text; blank (None, NaN or "") also where an option marked
        `blank` was chosen or the question was not asked.

    Returns
    -------
    dict of str to ndarray of shape (n,)
        By the indicator's code, in the questionnaire's order and the indicator's unit. NaN where an answer that the
        formula computes with is blank, where none of those inside a ``sum( )`` or ``count( )`` is given (a sum of
        nothing is no finding), and on division by 0.

    Raises
    ------
    InputError
        A column is missing or differs in length, or a formula cannot be read: every such case.
    """
    import numpy as np

    formulas = {indicator.code: parse_number(indicator.formula) for indicator in questionnaire.indicators}
    names = tuple(dict.fromkeys(name for formula in formulas.values() for name in variables_of(formula)))
    given = {name: columns[name] for name in names if name in columns}
    if problems := [*_problems(names, given)]:
        raise InputError(problems, summary="The indicators cannot be computed:")
    length = len(next(iter(given.values()))) if given else 0
    found: dict[str, NDArray[np.float64]] = {}
    for code, formula in formulas.items():
        with np.errstate(over="ignore", invalid="ignore"):
            values = values_in(formula, given, length)
        rests_on_answers = computable(formula)
        known = np.isfinite(values)
        if rests_on_answers is not None:
            known &= rests_on_answers.holds_in(given)
        found[code] = np.where(known, values, np.nan)
    return found


def _problems(names: tuple[str, ...], given: Mapping[str, Any]) -> list[Problem]:
    lengths = {name: len(column) for name, column in given.items()}
    length = next(iter(lengths.values()), 0)
    problems = []
    for name in names:
        if name not in lengths:
            message = "expected answers to this variable, found none."
            problems.append(Problem("missing-column", message, "Give its column.", place=name))
        elif lengths[name] != length:
            message = f"expected {length} answers, found {lengths[name]}."
            problems.append(Problem("column-length", message, "Give one answer per respondent.", place=name))
    return problems
