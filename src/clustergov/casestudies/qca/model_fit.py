"""Models with their parameters of fit and the cases they explain, miss, or are wrong about."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from clustergov.casestudies.qca.calibrated_table import Array
from clustergov.casestudies.qca.expression import SetLiteral, Term
from clustergov.casestudies.qca.fit import SufficiencyFit, sufficiency
from clustergov.casestudies.qca.implicants import Levels
from clustergov.casestudies.qca.solution import Model, ModelTerm
from clustergov.casestudies.qca.truth_table import TruthTable


class Explained:
    """The cases of a truth table, ready to be held against many models; a term is computed once."""

    def __init__(self, table: TruthTable) -> None:
        self.table = table
        self.outcome = table.outcome.membership(table.table)
        self.cases = np.array(table.table.cases, dtype=object)
        rows = [row for row in table.rows if row.out == "1"]
        self._rows = np.array([row.levels for row in rows], dtype=np.int64).reshape(-1, len(table.conditions))
        place = {case: index for index, case in enumerate(table.table.cases)}
        self._in_row = np.zeros((len(rows), len(self.cases)), dtype=bool)
        for one, row in zip(self._in_row, rows, strict=True):
            one[[place[case] for case in row.cases]] = True
        self._terms: dict[bytes, tuple[ModelTerm, Array, Array]] = {}

    def term(self, levels: Levels) -> Term:
        """A row of levels, −1 where the condition is left out, as a term."""
        return Term(tuple(SetLiteral(one.name, (level,), one.multi_value)
                          for one, level in zip(self.table.conditions, levels.tolist(), strict=True) if level >= 0))  # fmt: skip

    def models(self, implicants: Levels, listed: Sequence[Sequence[int]]) -> tuple[Model, ...]:
        """One model per list of implicants."""
        return tuple(self._model(implicants[list(places)]) for places in listed)

    def _model(self, terms: Levels) -> Model:
        known = [self._known(levels) for levels in terms]
        near = np.array([x for _, x, _ in known])
        covered = np.array([rows for _, _, rows in known])
        whole, y = near.max(axis=0), self.outcome
        only = covered & (covered.sum(axis=0) == 1)
        shares = self._unique(np.minimum(near, y)) if len(known) > 1 else [None]
        parts = [self._with(one, share, tuple(self.cases[cases])) for (one, _, _), share, cases
                 in zip(known, shares, only, strict=True)]  # fmt: skip
        return Model(tuple(parts), sufficiency(whole, y), tuple(self.cases[(y > 0.5) & (whole < 0.5)]))

    def _unique(self, both: Array) -> list[float]:
        """Unique coverage of each term, from its intersections with the outcome, shape (terms, n)."""
        two = np.partition(both, -2, axis=0)
        others = np.where(np.arange(len(both))[:, None] == both.argmax(axis=0), two[-2], two[-1])
        shares: list[float] = ((both.sum(axis=1) - np.minimum(both, others).sum(axis=1)) / self.outcome.sum()).tolist()
        return shares

    @staticmethod
    def _with(one: ModelTerm, unique: float | None, cases: tuple[str, ...]) -> ModelTerm:
        fit = SufficiencyFit(one.fit.inclusion, one.fit.pri, one.fit.coverage, unique)
        return ModelTerm(one.term, fit, one.cases, cases, one.deviant, one.deviant_in_degree)

    def _known(self, levels: Levels) -> tuple[ModelTerm, Array, Array]:
        key = levels.tobytes()
        if key not in self._terms:
            term, y = self.term(levels), self.outcome
            x = term.membership(self.table.table)
            rows = ((levels < 0) | (self._rows == levels)).all(axis=1)
            covered = self._in_row[rows].any(axis=0)
            one = ModelTerm(
                term, sufficiency(x, y), tuple(self.cases[covered]), (),
                tuple(self.cases[(x > 0.5) & (y < 0.5)]), tuple(self.cases[(x > 0.5) & (y > 0.5) & (x > y)]),
            )  # fmt: skip
            self._terms[key] = one, x, covered
        return self._terms[key]
