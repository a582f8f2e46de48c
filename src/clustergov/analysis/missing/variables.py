"""What is imputed and by what: every column checked, constant and collinear ones told, predictors chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from clustergov.language import Text, both
from clustergov.problems import InputError, Problem

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]

Method = Literal["pmm", "norm", "logit", "ordinal"]
"""pmm: predictive mean matching, any numbers. norm: Bayesian linear regression. logit: two values. ordinal: few values."""

ROWS_PER_PREDICTOR = 3
"""With fewer observed rows than this for each predictor, only those that tell most stay (see `chosen_predictors`)."""
TWINS = 0.999
"""|r| from which one of two columns predicts nothing that the other does not (``find.collinear`` of mice)."""
MOST_CATEGORIES = 20


@dataclass(frozen=True, slots=True)
class Event:
    """Something that was left out or done otherwise than asked, by name.

    Attributes
    ----------
    kind : {"constant", "collinear", "dependent", "few rows", "empty rows", "duplicates"}
    variable : str
        The column it befell; empty where it is about rows.
    iteration : int
        0 before the first.
    text : Text
    """

    kind: str
    variable: str
    iteration: int
    text: Text


@dataclass(frozen=True, slots=True, eq=False)
class Variables:
    """A table ready to be imputed.

    Attributes
    ----------
    names : tuple of str, length p
    values : array, shape (n, p)
        NaN where missing.
    wanted : array of bool, shape (n, p)
        Missing cells that are filled; those of constant columns are not among them.
    methods : tuple of str, length p
        "" for a column with nothing to fill.
    predictors : array of bool, shape (p, p)
        Row: what is imputed; column: what it is imputed from.
    order : tuple of int
        Columns as they are visited, the least missing first.
    events : tuple of Event
    """

    names: tuple[str, ...]
    values: Array
    wanted: Flags
    methods: tuple[str, ...]
    predictors: Flags
    order: tuple[int, ...]
    events: tuple[Event, ...]


def prepare(
    frame: pd.DataFrame,
    methods: Mapping[str, Method],
    predictors: Mapping[str, Sequence[str]] | None = None,
) -> Variables:
    """Check a table and choose what each column is imputed from.

    Raises
    ------
    InputError
        With every mistake: a column that is not numeric, holds infinite values or none at all, a method that does not
        suit its values, names of columns that are not there, fewer than two rows or columns.
    """
    names = tuple(map(str, frame.columns))
    problems = [problem for name in frame for problem in _column_problems(str(name), frame[name], methods)]
    problems += _shape_problems(frame, methods, predictors)
    if problems:
        raise InputError(problems, summary="The table cannot be imputed:")
    values = frame.to_numpy(dtype=np.float64, na_value=np.nan, copy=True)
    missing = np.isnan(values)
    constant = np.array([np.ptp(column[~np.isnan(column)]) == 0 for column in values.T])
    events = _constants(names, constant) + _rows_told(values, missing)
    may = np.tile(~constant, (len(names), 1))
    np.fill_diagonal(may, val=False)
    events += _drop_twins(names, values, may, constant)
    if predictors is not None:
        for name, used in predictors.items():
            may[names.index(name)] &= np.isin(names, list(used))
    wanted = missing & ~constant
    for target in np.flatnonzero(wanted.any(axis=0)):
        events += chosen_predictors(names, values, int(target), may)
    chosen = tuple(methods.get(name, "pmm") if wanted[:, at].any() else "" for at, name in enumerate(names))
    order = tuple(int(at) for at in np.argsort(wanted.sum(axis=0), kind="stable") if wanted[:, at].any())
    return Variables(names, values, wanted, chosen, may, order, tuple(events))


def chosen_predictors(names: tuple[str, ...], values: Array, target: int, may: Flags) -> list[Event]:
    """Keep the predictors that tell most about a column or about its being missing, when rows are too few for all.

    As mice's ``quickpred``: a predictor counts by the larger of two absolute correlations over the rows where it is
    observed, with the column and with whether the column is observed (van Buuren, S., Boshuizen, H. C. & Knook, D. L.
    (1999). Multiple imputation of missing blood pressure covariates in survival analysis. Statistics in Medicine 18,
    681–694); as many are kept as there are `ROWS_PER_PREDICTOR` observed rows for. `may` is changed.
    """
    observed = ~np.isnan(values[:, target])
    candidates = np.flatnonzero(may[target])
    room = max(int(observed.sum()) // ROWS_PER_PREDICTOR, 1)
    if len(candidates) <= room:
        return []
    told = np.array([_tells(values[:, at], values[:, target], observed) for at in candidates])
    # A stable order: of equals the earlier column stays.
    kept = np.sort(candidates[np.argsort(-told, kind="stable")[:room]])
    may[target] = np.isin(np.arange(len(names)), kept)
    text = both("missing.event.few rows", variable=names[target], candidates=len(candidates),
                kept=", ".join(names[at] for at in kept))  # fmt: skip
    return [Event("few rows", names[target], 0, text)]


def _tells(predictor: Array, target: Array, observed: Flags) -> float:
    there = ~np.isnan(predictor)
    pairs = ((predictor[there & observed], target[there & observed]), (predictor[there], observed[there].astype(float)))
    return max(abs(_correlation(x, y)) for x, y in pairs)


def _correlation(x: Array, y: Array) -> float:
    if len(x) < 3 or np.ptp(x) == 0 or np.ptp(y) == 0:
        return 0.0
    return float(np.corrcoef(x, y)[0, 1])


def _drop_twins(names: tuple[str, ...], values: Array, may: Flags, constant: Flags) -> list[Event]:
    """Of two columns that go together wholly, the one with fewer values predicts nothing but the other."""
    observed = (~np.isnan(values)).sum(axis=0)
    by_rows = [int(at) for at in np.argsort(-observed, kind="stable") if not constant[at]]
    events = []
    for place, late in enumerate(by_rows):
        for early in by_rows[:place]:
            both_there = ~np.isnan(values[:, early]) & ~np.isnan(values[:, late])
            if abs(_correlation(values[both_there, early], values[both_there, late])) >= TWINS:
                may[:, late] = False
                text = both("missing.event.collinear", variable=names[late], other=names[early])
                events.append(Event("collinear", names[late], 0, text))
                break
    return events


def _constants(names: tuple[str, ...], constant: Flags) -> list[Event]:
    return [
        Event("constant", names[at], 0, both("missing.event.constant", variable=names[at]))
        for at in np.flatnonzero(constant)
    ]


def _rows_told(values: Array, missing: Flags) -> list[Event]:
    events = []
    if empty := int(missing.all(axis=1).sum()):
        events.append(Event("empty rows", "", 0, both("missing.event.empty rows", n=empty)))
    whole = values[~missing.any(axis=1)]
    twice = len(whole) - len(np.unique(whole, axis=0)) if len(whole) else 0
    # Answers in few classes coincide by chance; whole rows of eight and more columns hardly do.
    if twice and values.shape[1] >= 8:
        text = both("missing.event.duplicates", n=twice, columns=values.shape[1])
        events.append(Event("duplicates", "", 0, text))
    return events


def _column_problems(name: str, column: pd.Series[float], methods: Mapping[str, Method]) -> list[Problem]:
    if not pd.api.types.is_numeric_dtype(column.dtype) and not pd.api.types.is_bool_dtype(column.dtype):
        return [Problem("not-numeric", "expected numbers, found text.", "Give codes as numbers.", place=name)]
    numbers = column.to_numpy(dtype=np.float64, na_value=np.nan)
    if np.isnan(numbers).all():
        fix = "Leave the column out: nothing is known from which it could be filled."
        return [Problem("all-missing", "expected at least one value, found none.", fix, place=name)]
    if np.isinf(numbers).any():
        fix = "Correct these cells, or leave them empty."
        return [Problem("infinite", "expected finite values, found infinite ones.", fix, place=name)]
    method, different = methods.get(name, "pmm"), len(np.unique(numbers[~np.isnan(numbers)]))
    if method == "logit" and different > 2:
        return [Problem("method", f"logit is for two values, found {different}.", "Take ordinal or pmm.", place=name)]
    if method == "ordinal" and different > MOST_CATEGORIES:
        message = f"ordinal is for at most {MOST_CATEGORIES} values, found {different}."
        return [Problem("method", message, "Take pmm.", place=name)]
    return []


def _shape_problems(
    frame: pd.DataFrame, methods: Mapping[str, Method], predictors: Mapping[str, Sequence[str]] | None
) -> list[Problem]:
    named = {*methods, *(predictors or {}), *(each for used in (predictors or {}).values() for each in used)}
    problems = [
        Problem("unknown-column", f"expected the name of a column, found “{name}”.", "Correct it.")
        for name in sorted(named - set(map(str, frame.columns)))
    ]
    problems += [
        Problem("method", f"expected {', '.join(get_args(Method))}, found “{method}”.", "Correct it.", place=name)
        for name, method in methods.items()
        if method not in get_args(Method)
    ]
    if frame.columns.duplicated().any():
        problems.append(Problem("twice", "expected every column once.", "Rename or remove one of the two."))
    if len(frame) < 2 or frame.shape[1] < 1:
        told = f"expected at least two rows and one column, found {len(frame)} and {frame.shape[1]}."
        problems.append(Problem("too-few", told, "Give more."))
    return problems
