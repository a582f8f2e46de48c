"""What goes into a model: complete rows, numbers only, and a design in which every coefficient can be told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from clustergov.language import LANGUAGES, Text, both, say
from clustergov.problems import ClustergovError

Failure = Literal[
    "not numeric", "infinite", "too few", "no variance", "outcome constant", "composition", "collinear", "separation",
    "leverage", "not converged", "two categories", "unknown term", "not two values", "outside shares", "zeros and ones",
    "parts not positive", "parts zero", "one part", "one group", "groups as rows", "random slope", "bootstrap", "nothing left",
]  # fmt: skip
"""Why a model cannot be fitted; also the key of its sentence."""

RANK_TOLERANCE = 1e-9
"""A column whose part outside the others is smaller than this share of its length counts as dependent on them."""


ROUNDING, ROUNDING_SLOPE = 0.1, 0.1
"""Columns whose sum varies by less than this share of the least of them, each with a slope this near to −1 on the others,
are parts of a whole that were rounded."""


class FitError(ClustergovError):
    """A model cannot be fitted to these data.

    Attributes
    ----------
    failure : str
        See `Failure`.
    reason : Text
        In Dutch and English, for a report.
    terms : tuple of str
        The predictors that are to blame; empty when none in particular.
    """

    def __init__(self, failure: Failure, *, terms: tuple[str, ...] = (), **values: object) -> None:
        self.failure: Failure = failure
        self.terms = terms
        self.reason: Text = both(f"models.fit.{failure}", terms=enumeration(terms), **values)
        super().__init__(self.reason["en"])


def enumeration(names: tuple[str, ...]) -> Text:
    """Write names in a row: “a, b and c”."""
    if len(names) < 2:
        return Text(dict.fromkeys(LANGUAGES, "".join(names)))
    head = ", ".join(names[:-1])
    return Text({language: f"{head} {say('models.and', language)} {names[-1]}" for language in LANGUAGES})


@dataclass(frozen=True, slots=True, eq=False)
class Design:
    """Outcome and predictors of the complete rows.

    Attributes
    ----------
    outcome : array, shape (n,)
    matrix : array, shape (n, k)
        Predictors without a constant, in the order of `terms`.
    n, lost : int
        Complete rows, and rows left out because a value is missing.
    """

    outcome: NDArray[np.float64]
    matrix: NDArray[np.float64]
    terms: tuple[str, ...]
    n: int
    lost: int


def design(outcome: pd.Series[float], predictors: pd.DataFrame, *, constants: int = 1) -> Design:
    """Take the complete rows and make sure that every coefficient can be told apart.

    Parameters
    ----------
    constants : int
        Parameters besides the predictors' own, for the least number of rows.

    Raises
    ------
    FitError
        A column is not numeric or not finite, a predictor or the outcome does not vary, there are too few rows, or
        predictors determine each other; shares that add up to a constant are named as the composition they are.
    """
    if not outcome.index.equals(predictors.index):
        raise ValueError("outcome and predictors must have one index")
    terms = tuple(str(column) for column in predictors.columns)
    y = _numbers(outcome, str(outcome.name))
    X = np.column_stack([np.empty((len(y), 0)), *(_numbers(predictors[name], str(name)) for name in predictors)])
    whole = ~(np.isnan(y) | np.isnan(X).any(axis=1))
    y, X = y[whole], np.ascontiguousarray(X[whole])
    n, k = X.shape
    if n <= k + constants:
        raise FitError("too few", n=n, parameters=k + constants, needed=k + constants + 1)
    if np.ptp(y) == 0:
        raise FitError("outcome constant", n=n)
    for term, column in zip(terms, X.T, strict=True):
        if np.ptp(column) == 0:
            raise FitError("no variance", terms=(term,), term=term, n=n)
    _refuse_dependence(X, terms)
    return Design(y, X, terms, n, int((~whole).sum()))


def _numbers(column: pd.Series[float], name: str) -> NDArray[np.float64]:
    if not pd.api.types.is_numeric_dtype(column.dtype) and not pd.api.types.is_bool_dtype(column.dtype):
        raise FitError("not numeric", terms=(name,), term=name)
    numbers: NDArray[np.float64] = np.asarray(column.to_numpy(dtype=np.float64, na_value=np.nan))
    if np.isinf(numbers).any():
        raise FitError("infinite", terms=(name,), term=name)
    return numbers


def _refuse_rounded_composition(X: NDArray[np.float64], terms: tuple[str, ...], places: tuple[int, ...]) -> None:
    """Parts of a whole that were rounded add up to nearly a constant: estimable on paper, from the rounding alone."""
    parts = X[:, places]
    total = parts.sum(axis=1)
    if len(places) > 1 and total.std() < ROUNDING * parts.std(axis=0).min():
        whole = both("models.apart from rounding", total=f"{total.mean():.4g}")
        raise FitError("composition", terms=tuple(terms[place] for place in places), total=whole)


def _refuse_dependence(X: NDArray[np.float64], terms: tuple[str, ...]) -> None:
    """Take the columns one by one; the first that the earlier ones determine is told with those that do it."""
    centred = X - X.mean(axis=0)
    lengths = np.sqrt((centred**2).sum(axis=0))
    unit = centred / lengths
    for j in range(1, X.shape[1]):
        weights, *_ = np.linalg.lstsq(unit[:, :j], unit[:, j], rcond=None)
        raw = weights * lengths[j] / lengths[:j]
        if np.linalg.norm(unit[:, j] - unit[:, :j] @ weights) > RANK_TOLERANCE:
            _refuse_rounded_composition(X, terms, (*np.flatnonzero(np.abs(raw + 1) < ROUNDING_SLOPE), j))
            continue
        partners = np.flatnonzero(np.abs(weights) > 1e-7)
        others = tuple(terms[i] for i in partners)
        if np.allclose(raw[partners], -1, atol=1e-6):
            total = float((X[:, partners].sum(axis=1) + X[:, j]).mean())
            raise FitError("composition", terms=(*others, terms[j]), total=round(total, 6))
        raise FitError("collinear", terms=(terms[j], *others), term=terms[j], others=enumeration(others))
