"""Answers that could have been given and that nobody gave: where only order counts, their neighbours close up."""

from __future__ import annotations

import numpy as np
import pandas as pd

from clustergov.language import Text, both

MOST_CATEGORIES = 20
"""Different values above which a column is no list of answers."""

MOST_TOLD = 5
"""Columns that a caution names."""


def empty_categories(values: pd.DataFrame) -> tuple[Text, ...]:
    """A caution that names whole numbers which nobody chose between two that somebody did, if there are any.

    Parameters
    ----------
    values : DataFrame of float
        Answers as whole numbers; columns with other numbers, or with more than 20 different ones, are passed over.
    """
    gaps = [(str(name), found) for name in values if (found := _gaps(values[name].to_numpy(dtype=float)))]
    if not gaps:
        return ()
    told = "; ".join(f"{name}: {', '.join(map(str, found))}" for name, found in gaps[:MOST_TOLD])
    return (both("empty_category.told", told=told + ("; …" if len(gaps) > MOST_TOLD else "")),)


def _gaps(column: np.ndarray[tuple[int], np.dtype[np.float64]]) -> list[int]:
    chosen = np.unique(column[np.isfinite(column)])
    if not 2 <= len(chosen) <= MOST_CATEGORIES or (chosen != np.round(chosen)).any():
        return []
    if chosen[-1] - chosen[0] >= MOST_CATEGORIES:  # numbers of something, not answers
        return []
    return sorted(set(range(int(chosen[0]), int(chosen[-1]) + 1)) - set(map(int, chosen)))
