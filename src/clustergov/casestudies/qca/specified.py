"""One analysis with everything that was chosen for it, so that each choice can be made otherwise and the rest kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from clustergov.casestudies.qca.calibrated_table import Array, CalibratedTable
from clustergov.casestudies.qca.calibration import Calibration
from clustergov.casestudies.qca.expression import Expression, SetLiteral
from clustergov.casestudies.qca.solution import SolutionKind
from clustergov.casestudies.qca.truth_table import CutOffs


@dataclass(frozen=True, slots=True, eq=False)
class Specified:
    """What a solution rests on.

    Attributes
    ----------
    table : CalibratedTable
        The cases with all their sets.
    raw : mapping of str to ndarray, each of shape (n,)
        What was calibrated, for the sets that have a calibration, in the order of the cases.
    outcome : SetLiteral
    conditions : tuple of str
    cut_offs : CutOffs
    expectations : tuple of SetLiteral
    exclude : tuple of Expression
    solution : {"conservative", "parsimonious", "intermediate"}
        Which of the three is looked at; of the intermediate one the models of all its pairs.
    """

    table: CalibratedTable
    raw: Mapping[str, Array]
    outcome: SetLiteral
    conditions: tuple[str, ...]
    cut_offs: CutOffs
    expectations: tuple[SetLiteral, ...] = ()
    exclude: tuple[Expression, ...] = ()
    solution: SolutionKind = "intermediate"

    @property
    def sets(self) -> tuple[str, ...]:
        """The conditions and the outcome."""
        return (*self.conditions, self.outcome.name)

    @property
    def calibrations(self) -> dict[str, Calibration]:
        """Of the sets whose raw values are known; only their anchors can be moved."""
        found = {name: self.table[name].calibration for name in self.sets if name in self.raw}
        return {name: one for name, one in found.items() if one is not None}

    @property
    def values(self) -> Array:
        """Conditions and outcome, shape (n, sets); a copy."""
        return np.array(self.table.columns(self.sets))

    def recalibrated(self, name: str, calibration: Calibration) -> Array:
        """`values` with one set by other anchors, shape (n, sets)."""
        values = self.values
        values[:, self.sets.index(name)] = calibration.memberships(self.raw[name])
        return values
