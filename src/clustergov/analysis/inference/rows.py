"""Which rows inference rests on: complete, with a group where groups are given, with a weight above 0."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from clustergov.analysis.inference.refusals import WeightsError
from clustergov.analysis.inference.regressors import Array
from clustergov.analysis.models.design import Design, design
from clustergov.language import Text, both


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """The complete rows of a fit.

    Attributes
    ----------
    data : Design
    used : array of bool, shape (all rows,)
    unlabelled : int
        Rows without a group.
    copies : int
        Rows that equal an earlier one, where the outcome has so many values that this is no chance.
    """

    data: Design
    used: NDArray[np.bool_]
    unlabelled: int
    copies: int


def rows_of(
    y: Array, X: Array, terms: Sequence[str], groups: NDArray[np.generic] | None, weights: Array | None, outcome: str
) -> Rows:
    """Complete rows with a group and a weight above 0.

    Raises
    ------
    FitError
        See `design`; and weights that are negative or infinite.
    """
    frame = pd.DataFrame(np.asarray(X, dtype=float), columns=list(terms))
    column = pd.Series(np.asarray(y, dtype=float), name=outcome)
    labelled = np.ones(len(frame), bool) if groups is None else ~pd.isna(np.asarray(groups, dtype=object))
    kept = labelled.copy()
    if weights is not None:
        carried = np.asarray(weights, dtype=float)
        if np.isinf(carried).any() or (carried < 0).any():
            raise WeightsError
        kept &= carried > 0
    data = design(column[kept], frame[kept])
    used = kept & ~(column.isna() | frame.isna().any(axis=1)).to_numpy()
    whole = pd.concat([column, frame], axis=1)[used]
    copies = int(whole.duplicated().sum()) if column[used].nunique() > len(whole) / 4 else 0
    return Rows(data, used, int((~labelled).sum()), copies)


def cautions_of(rows: Rows, *, grouped: bool, alone: bool) -> tuple[Text, ...]:
    """What a reader must know of the rows; `grouped`: groups were given, `alone`: each row is taken as its own."""
    said = []
    if rows.unlabelled:
        said.append(both("inference.caution.unlabelled", n=rows.unlabelled))
    if grouped and alone:
        said.append(both("inference.caution.single rows", n=rows.data.n))
    if rows.copies:
        said.append(both("inference.caution.copies", n=rows.copies))
    return tuple(said)
