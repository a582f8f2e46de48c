"""Multiple imputation by chained equations, all chains in step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from clustergov.analysis.missing.categorical_draw import impute_categories
from clustergov.analysis.missing.imputed import Imputed
from clustergov.analysis.missing.linear_draw import impute_normal
from clustergov.analysis.missing.matching import match
from clustergov.analysis.missing.variables import Event, Method, Variables, prepare
from clustergov.language import both
from clustergov.problems import InputError, Problem

Array = NDArray[np.float64]
Places = NDArray[np.intp]

DEPENDENT = 1e-4
"""A predictor of whose variance the others leave less than this share is left out, by name, for that column."""

SAME = 1e-6
"""A predictor whose standard deviation in the rows used is below this share of that in all rows does not vary there."""


def impute(
    frame: pd.DataFrame,
    methods: Mapping[str, Method] | None = None,
    *,
    m: int = 20,
    iterations: int = 10,
    seed: int,
    predictors: Mapping[str, Sequence[str]] | None = None,
    blank: pd.DataFrame | None = None,
) -> Imputed:
    """Fill the missing cells of a table m times, each column from all the others in turn.

    van Buuren, S. & Groothuis-Oudshoorn, K. (2011). mice: Multivariate imputation by chained equations in R. Journal of
    Statistical Software 45(3). Columns are visited from the least to the most missing, starting from random draws of
    their observed values. Everything an analysis uses belongs in `frame`: its outcome, and items rather than their
    scores, which are computed afterwards. That values are missing at random given these columns cannot be seen in them.

    Parameters
    ----------
    frame : DataFrame of numbers, NaN where missing
    methods : mapping of column to {"pmm", "norm", "logit", "ordinal"}, optional
        pmm for columns that are not named.
    m, iterations : int
        Chains, which is also the number of completed tables; and rounds of each.
    seed : int
        The same seed gives the same numbers.
    predictors : mapping of column to columns, optional
        From which others a column is imputed; all of them where it is not named.
    blank : DataFrame of bool, optional
        Missing cells that have no value to be found, such as those of questions that do not apply: they are filled while
        others are imputed from them, and blank again in the end.

    Raises
    ------
    InputError
        See `prepare`; or m or iterations below 1.
    """
    if m < 1 or iterations < 1:
        raise InputError(Problem("imputations", f"expected 1 or more imputations and iterations, found {m} and {iterations}.",
                                 "Take 20 and 10."))  # fmt: skip
    variables = prepare(frame, methods or {}, predictors)
    chains = _Chains(variables, m, np.random.default_rng(seed))
    stays = np.zeros(frame.shape, dtype=bool) if blank is None else blank.to_numpy(dtype=bool)
    told = variables.wanted & ~stays
    means = np.full((iterations, m, len(variables.names)), np.nan)
    deviations = means.copy()
    for iteration in range(iterations):
        for target in variables.order:
            chains.step(target, iteration + 1)
        for target in variables.order:
            filled = chains.values[:, told[:, target], target]
            if filled.shape[1]:
                means[iteration, :, target] = filled.mean(axis=1)
            if filled.shape[1] > 1:
                deviations[iteration, :, target] = filled.std(axis=1, ddof=1)
    values = np.where(np.isnan(variables.values) & ~told, np.nan, chains.values)
    names = variables.names
    return Imputed(
        frame.copy(), values, told, {names[at]: variables.methods[at] for at in variables.order},
        pd.DataFrame(chains.may, index=list(names), columns=list(names)), means, deviations,
        (*variables.events, *chains.events), seed,
    )  # fmt: skip


class _Chains:
    """The state of m chains: every table as it is now, in its own units and standardised."""

    def __init__(self, variables: Variables, m: int, rng: np.random.Generator) -> None:
        self.variables, self.rng = variables, rng
        self.may = variables.predictors.copy()
        self.events: list[Event] = []
        observed = ~np.isnan(variables.values)
        n, p = variables.values.shape
        self.values: Array = np.repeat(variables.values[None], m, axis=0)
        for target in range(p):
            there, want = np.flatnonzero(observed[:, target]), np.flatnonzero(~observed[:, target])
            self.values[:, want, target] = variables.values[rng.choice(there, (m, len(want))), target]
        self.centre = np.nanmean(variables.values, axis=0)
        spread = np.nanstd(variables.values, axis=0)
        self.spread = np.where(spread > 0, spread, 1.0)
        # The constant stands last.
        self.scaled = np.concatenate([(self.values - self.centre) / self.spread, np.ones((m, n, 1))], axis=2)
        self.there = [np.flatnonzero(column) for column in observed.T]
        self.want = [np.flatnonzero(column) for column in variables.wanted.T]
        self.modes: dict[int, Array] = {}

    def step(self, target: int, iteration: int) -> None:
        """Draw every missing value of one column anew, in every chain."""
        X = self._predictors(target, iteration)
        wanted = self._rows(self.want[target], target)
        values = self._drawn(target, X, wanted)
        self.values[:, self.want[target], target] = values
        self.scaled[:, self.want[target], target] = (values - self.centre[target]) / self.spread[target]

    def _rows(self, rows: Places, target: int) -> Array:
        columns = [*np.flatnonzero(self.may[target]), self.scaled.shape[2] - 1]
        return self.scaled.take(rows, axis=1).take(columns, axis=2)

    def _drawn(self, target: int, X: Array, wanted: Array) -> Array:
        method, there = self.variables.methods[target], self.there[target]
        known = self.variables.values[there, target]
        if method == "pmm":
            return np.asarray(known[match(X, (known - self.centre[target]) / self.spread[target], wanted, self.rng)])
        if method == "norm":
            drawn = impute_normal(X, (known - self.centre[target]) / self.spread[target], wanted, self.rng)
            return np.asarray(drawn * self.spread[target] + self.centre[target])
        categories, places = np.unique(known, return_inverse=True)
        found, mode = impute_categories(
            X[:, :, :-1], places, wanted[:, :, :-1], len(categories), self.rng, self.modes.get(target)
        )
        self.modes[target] = mode
        return np.asarray(categories[found])

    def _predictors(self, target: int, iteration: int) -> Array:
        """Predictors of the observed rows with the constant, after leaving out what the others determine there."""
        X = self._rows(self.there[target], target)
        dependent = _dependent(X[:, :, :-1])
        if len(dependent):
            columns = np.flatnonzero(self.may[target])[dependent]
            self.may[target, columns] = False
            self.modes.pop(target, None)
            names = self.variables.names
            text = both("missing.event.dependent", variable=names[target],
                        others=", ".join(names[at] for at in columns))  # fmt: skip
            self.events.append(Event("dependent", names[target], iteration, text))
            X = self._rows(self.there[target], target)
        return X


def _dependent(X: Array) -> Places:
    """Places of columns that vary too little beside those before them in any chain of `X` (m, n, p)."""
    off = X - X.mean(axis=1, keepdims=True)
    gram = off.transpose(0, 2, 1) @ off
    lengths = np.sqrt(np.diagonal(gram, axis1=1, axis2=2))
    varies = lengths > SAME * np.sqrt(X.shape[1])
    if varies.all():
        gram = gram / (lengths[:, :, None] * lengths[:, None, :])
        try:
            left = np.diagonal(np.linalg.cholesky(gram), axis1=1, axis2=2) ** 2
        except np.linalg.LinAlgError:
            left = np.zeros(1)
        if (left > DEPENDENT).all():
            return np.zeros(0, dtype=np.intp)
    return _one_by_one(np.where(varies[:, None, :], off, 0.0) / np.where(varies, lengths, 1.0)[:, None, :])


def _one_by_one(unit: Array) -> Places:
    """Gram–Schmidt in every chain: the columns of whose length the earlier ones leave too little."""
    basis = np.zeros((*unit.shape[:2], 0))
    dependent = []
    for at in range(unit.shape[2]):
        column = unit[:, :, at : at + 1]
        rest = column - basis @ (basis.transpose(0, 2, 1) @ column)
        length = np.sqrt((rest**2).sum(axis=1, keepdims=True))
        if (length**2 <= DEPENDENT).any():
            dependent.append(at)
        else:
            basis = np.concatenate([basis, rest / length], axis=2)
    return np.array(dependent, dtype=np.intp)
