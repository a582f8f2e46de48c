"""The same analysis many times over with one choice made otherwise: a truth table that was met before is not minimised again."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from clustergov.casestudies.qca.calibrated_table import Array, CalibratedTable
from clustergov.casestudies.qca.expression import Expression
from clustergov.casestudies.qca.minimisation import minimise
from clustergov.casestudies.qca.specified import Specified
from clustergov.casestudies.qca.truth_table import CutOffs
from clustergov.casestudies.qca.truth_table_building import TOLERANCE, truth_table
from clustergov.language import LANGUAGES, Text
from clustergov.problems import InputError

Integers = NDArray[np.int64]
Models = tuple[Expression, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """The observed rows of a truth table, without the names of cases.

    Attributes
    ----------
    levels : ndarray of int, shape (rows, k)
    near : ndarray of float, shape (rows, n)
        Membership of every case in every row.
    n, deviant : ndarray of int, shape (rows,)
        Cases of the row, and those of them that are more out of the outcome than in.
    inclusion, pri : ndarray of float, shape (rows,)
    """

    levels: Integers
    near: Array
    n: Integers
    deviant: Integers
    inclusion: Array
    pri: Array

    def out(self, cut_offs: CutOffs) -> Integers:
        """Per row 1, 0, 2 for a contradiction, −1 for a remainder; the rule of `truth_table`; shape (rows,)."""
        reaches = self.inclusion >= cut_offs.inclusion - TOLERANCE
        enough = (self.pri >= cut_offs.pri - TOLERANCE) | (cut_offs.pri <= 0)
        found = np.where(reaches, np.where(enough, 1, 0), 0)
        if cut_offs.contradiction is not None:
            found = np.where(~reaches & (self.inclusion >= cut_offs.contradiction - TOLERANCE), 2, found)
        return np.where(self.n < cut_offs.frequency, -1, found).astype(np.int64)


class Reruns:
    """Solutions of one specification under other memberships, other cut-offs, or without a case."""

    def __init__(self, specified: Specified) -> None:
        self.specified = specified
        self.sets = [specified.table[name] for name in specified.conditions]
        self.fuzzy = np.array([one.kind == "fuzzy" for one in self.sets])
        self._steps = np.cumprod([1, *(one.levels for one in self.sets[:0:-1])])[::-1].astype(np.int64)
        self._kept: dict[bytes, Models | Text] = {}
        self._unchanged: dict[bytes, bool] = {}
        self.initial = self.models(specified.values, specified.cut_offs)

    def outcome(self, values: Array) -> Array:
        """Membership in the outcome, shape (n,)."""
        literal, column = self.specified.outcome, values[:, -1]
        if literal.multi_value:
            return np.isin(column, literal.levels).astype(float)
        return column if literal.levels == (1,) else 1 - column

    def rows(self, values: Array, cases: NDArray[np.bool_] | None = None) -> Rows:
        """The truth table of some memberships, of some of the cases only.

        Cases that are exactly half in a fuzzy condition count in the sums and belong to no row.
        """
        conditions, y = values[:, :-1], self.outcome(values)
        if cases is not None:
            conditions, y = conditions[cases], y[cases]
        halves = (self.fuzzy & (np.abs(conditions - 0.5) < TOLERANCE)).any(axis=1)
        levels = np.where(self.fuzzy, conditions > 0.5, conditions).astype(np.int64)
        _, first = np.unique(levels[~halves] @ self._steps, return_index=True)
        configurations = levels[~halves][first]
        near = self._near(configurations, conditions)
        return _measured(configurations, near, (near > 0.5) & ~halves, y)

    def _near(self, configurations: Integers, conditions: Array) -> Array:
        near = np.ones((len(configurations), len(conditions)))
        for place, fuzzy in enumerate(self.fuzzy):
            wanted, column = configurations[:, place, None], conditions[None, :, place]
            one = np.where(wanted == 1, column, 1 - column) if fuzzy else (wanted == column).astype(float)
            near = np.minimum(near, one)
        return near

    def models(self, values: Array, cut_offs: CutOffs, cases: NDArray[np.bool_] | None = None) -> Models | Text:
        """The models of the solution looked at, or why there is none."""
        return self._found(self._key(self.rows(values, cases), values, cut_offs, cases), values, cut_offs, cases)

    def unchanged(self, values: Array, cut_offs: CutOffs, cases: NDArray[np.bool_] | None = None) -> bool:
        """Whether the solution has exactly the models it had at first.

        A model that leaves a row with the outcome unexplained, or explains one without it, cannot be among them: only
        where all of them still fit is the truth table minimised.
        """
        if isinstance(self.initial, Text):
            return False
        rows = self.rows(values, cases)
        key = self._key(rows, values, cut_offs, cases)
        if key not in self._unchanged:
            fits = self._fit(rows, rows.out(cut_offs))
            self._unchanged[key] = fits and same(self._found(key, values, cut_offs, cases), self.initial)
        return self._unchanged[key]

    def _fit(self, rows: Rows, out: Integers) -> bool:
        names = list(self.specified.conditions)
        counted = out >= 0
        levels, positive = rows.levels[counted], out[counted] == 1
        for model in self.initial if not isinstance(self.initial, Text) else ():
            explained = np.zeros(len(levels), dtype=bool)
            for term in model.terms:
                holds = np.ones(len(levels), dtype=bool)
                for literal in term.literals:
                    holds &= np.isin(levels[:, names.index(literal.name)], literal.levels)
                explained |= holds
            if (explained != positive).any():
                return False
        return True

    def _key(self, rows: Rows, values: Array, cut_offs: CutOffs, cases: NDArray[np.bool_] | None) -> bytes:
        """All that the models depend on: the rows with their OUT, and what is refused."""
        out, here = rows.out(cut_offs), values if cases is None else values[cases]
        flat = np.ptp(here, axis=0) == 0
        counted = out >= 0
        contradictory = bool(((rows.deviant > 0) & (rows.deviant < rows.n))[counted].all())
        return b"".join([rows.levels.tobytes(), out.tobytes(), flat.tobytes(), bytes([contradictory])])

    def _found(self, key: bytes, values: Array, cut_offs: CutOffs, cases: NDArray[np.bool_] | None) -> Models | Text:
        if key not in self._kept:
            self._kept[key] = self._minimised(values, cut_offs, cases)
        return self._kept[key]

    def _minimised(self, values: Array, cut_offs: CutOffs, cases: NDArray[np.bool_] | None) -> Models | Text:
        wanted, kept = self.specified, np.ones(len(values), dtype=bool) if cases is None else cases
        names = tuple(name for name, here in zip(wanted.table.cases, kept, strict=True) if here)
        sets = tuple(wanted.table[name] for name in wanted.sets)
        try:
            table = truth_table(
                CalibratedTable(names, sets, values[kept].copy()), wanted.outcome, wanted.conditions, cut_offs,
                exclude=wanted.exclude, half=True, least_cases=2,
            )  # fmt: skip
            found = minimise(table, wanted.expectations)
        except InputError as refused:
            return Text(dict.fromkeys(LANGUAGES, str(refused)))
        if wanted.solution == "intermediate":
            models = [model for solution in found.intermediate for model in solution.models]
        else:
            models = list((found.conservative if wanted.solution == "conservative" else found.parsimonious).models)
        return tuple({str(model): model.expression for model in models}.values())


def same(first: Models | Text, second: Models | Text) -> bool:
    """Whether two solutions have the same models, in whatever order."""
    if isinstance(first, Text) or isinstance(second, Text):
        return False
    return {frozenset(model.terms) for model in first} == {frozenset(model.terms) for model in second}


def _measured(levels: Integers, near: Array, inside: NDArray[np.bool_], y: Array) -> Rows:
    whole = near.sum(axis=1)
    both = np.minimum(near, y)
    ambiguous = np.minimum(both, 1 - y).sum(axis=1)
    met = both.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        inclusion, pri = met / whole, (met - ambiguous) / (whole - ambiguous)
    return Rows(levels, near, inside.sum(axis=1), (inside & (y < 0.5)).sum(axis=1), inclusion, pri)
