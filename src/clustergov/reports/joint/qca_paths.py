"""The paths of a declared QCA beside the regression from which cases were chosen, over the same organisations."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from clustergov.analysis.case_selection.selection import CaseSelection
from clustergov.casestudies.qca.respondents import DeclaredQca
from clustergov.language import Text, both
from clustergov.reports.joint.paths import SideBySide, side_by_side


def beside_regression(
    found: DeclaredQca | None, selection: CaseSelection, names: Mapping[str, Text], *, minimum: int | None
) -> SideBySide | Text | None:
    """The first model of the first intermediate solution beside the regression.

    The regression expects the outcome where its prediction, calibrated as the outcome was, has a membership above 0.5.

    Returns
    -------
    SideBySide, Text or None
        A text says why the two cannot be held against each other; None: no QCA is declared.
    """
    if found is None:
        return None
    outcome = found.declaration.outcome
    if selection.modelled.outcome not in (outcome.score_of, outcome.variable):
        return both("joint.paths.other_outcome")
    if isinstance(found.sets, Text):
        return found.sets
    if isinstance(found.outcome, Text):
        return found.outcome
    table, solution = found.sets.table, found.outcome.minimisation.intermediate[0]
    predicted = outcome.calibration.calibration().memberships(np.asarray(selection.modelled.predicted, dtype=float))
    return side_by_side(
        _above_half(selection.modelled.respondents, predicted),
        _above_half(table.cases, table.column(outcome.name)),
        [(str(one.term), _above_half(table.cases, one.term.membership(table))) for one in solution.models[0].terms],
        names=names,
        minimum=minimum,
        models=solution.count,
    )


def _above_half(cases: tuple[str, ...], memberships: NDArray[np.float64]) -> dict[str, bool]:
    return {case: bool(value > 0.5) for case, value in zip(cases, memberships, strict=True)}
