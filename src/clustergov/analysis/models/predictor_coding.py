"""Predictors that hold labels: one indicator per level against a reference level that is named."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from clustergov.analysis.models.design import enumeration
from clustergov.language import Text, both
from clustergov.problems import InputError, Problem

MOST_LEVELS = 12
"""Levels of a predictor above which it is taken for a name or a text, not for a group."""


@dataclass(frozen=True, slots=True, eq=False)
class Coded:
    """Predictors as numbers.

    Attributes
    ----------
    columns : DataFrame of float
        Numbers as they were; of labels one column “name: level” of 0 and 1 per level but the reference.
    factors : tuple of tuple of str
        The indicators that belong together.
    notes : tuple of Text
        Per predictor with labels, its reference and how many rows hold each level.
    """

    columns: pd.DataFrame
    factors: tuple[tuple[str, ...], ...]
    notes: tuple[Text, ...]


def coded(predictors: pd.DataFrame, references: Mapping[str, str] | None = None) -> Coded:
    """Turn labels into indicators.

    Parameters
    ----------
    predictors : DataFrame
        Columns of numbers, or of labels as `str`; missing stays missing.
    references : mapping of predictor to level, optional
        The level that the others are compared with; otherwise the most frequent one, the first in the alphabet of equals.

    Raises
    ------
    InputError
        With every mistake: a reference for a predictor that is not there or holds numbers, one that does not occur, a
        predictor with one level, or with more than twelve.
    """
    references = dict(references or {})
    predictors = predictors.rename(columns=str)
    names = [str(name) for name in predictors]
    labelled = [name for name in names if not pd.api.types.is_numeric_dtype(predictors[name].dtype)]
    problems = [
        Problem("reference", f"a reference level is given for {name}, which holds no labels.",
                f"Labels are in: {', '.join(labelled) or 'none'}.", place=name)
        for name in references if name not in labelled
    ]  # fmt: skip
    columns: dict[str, pd.Series[float]] = {}
    factors, notes = [], []
    for name in names:
        if name not in labelled:
            columns[name] = predictors[name].astype(float)
            continue
        counts = predictors[name].value_counts()
        if wrong := _wrong(name, counts, references.get(name)):
            problems.append(wrong)
            continue
        reference = references.get(name) or min(counts.index[counts == counts.max()])
        levels = sorted(level for level in counts.index if level != reference)
        made = {f"{name}: {level}": _indicator(predictors[name], level) for level in levels}
        columns |= made
        factors.append(tuple(made))
        told = tuple(f"{level} ({counts[level]})" for level in levels)
        notes.append(both("models.reference", term=name, reference=reference, n=int(counts[reference]),
                          levels=enumeration(told)))  # fmt: skip
    if problems:
        raise InputError(problems)
    return Coded(pd.DataFrame(columns, index=predictors.index), tuple(factors), tuple(notes))


def _indicator(labels: pd.Series[str], level: str) -> pd.Series[float]:
    return pd.Series(
        np.where(labels.isna(), np.nan, labels.eq(level).to_numpy(dtype=float, na_value=0)), index=labels.index
    )


def _wrong(name: str, counts: pd.Series[int], reference: str | None) -> Problem | None:
    if len(counts) > MOST_LEVELS:
        return Problem("many-levels", f"{name} holds {len(counts)} different labels, more than {MOST_LEVELS}.",
                       "Join levels, or leave it out: a text is no predictor.", place=name)  # fmt: skip
    if len(counts) < 2:
        return Problem("one-level", f"{name} holds one label only.", "Leave it out.", place=name)
    if reference is not None and reference not in counts.index:
        return Problem("reference", f"{name} has no level “{reference}”.",
                       f"It has: {', '.join(sorted(counts.index))}.", place=name)  # fmt: skip
    return None
