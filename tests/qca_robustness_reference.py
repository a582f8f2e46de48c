"""The references of tests/reference/qca_robustness.R, and the same analyses here."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from clustergov.casestudies.qca.calibrated_table import Array, CalibratedTable
from clustergov.casestudies.qca.calibrating import calibrate
from clustergov.casestudies.qca.calibration import Calibration
from clustergov.casestudies.qca.expression import SetLiteral
from clustergov.casestudies.qca.minimisation import minimise
from clustergov.casestudies.qca.robust_fit import RobustFit, robust_fit
from clustergov.casestudies.qca.solution import Solution, SolutionKind
from clustergov.casestudies.qca.specified import Specified
from clustergov.casestudies.qca.truth_table import CutOffs, TruthTable
from clustergov.casestudies.qca.truth_table_building import truth_table

FOLDER = Path(__file__).parent / "reference"
PAYF = ("HE", "GG", "AH", "HI", "HW")
LIPF = ("DEVELOPED", "URBAN", "LITERATE", "INDUSTRIAL", "STABLE")
TESTS: dict[str, tuple[SolutionKind, tuple[float, int], tuple[tuple[float, int], ...]]] = {
    "both": ("parsimonious", (0.87, 2), ((0.7, 2), (0.87, 1))),
    "inclusion": ("parsimonious", (0.87, 2), ((0.7, 2),)),
    "frequency": ("parsimonious", (0.87, 2), ((0.87, 1),)),
    "conservative": ("conservative", (0.87, 2), ((0.87, 4), (0.8, 2))),
}
"""Solution, initial inclusion and frequency, and those of the test solutions."""
TYPES = {
    "n_S1S2Y": "robust_typical", "n_S1S2y": "robust_deviant", "n_S1s2Y": "shaky_typical", "n_S1s2y": "shaky_deviant",
    "n_s1S2Y": "possible_typical", "n_s1S2y": "possible_deviant", "n_s1s2Y": "uncovered", "n_s1s2y": "irrelevant",
}  # fmt: skip


@cache
def references() -> dict[tuple[str, str], str]:
    """(case, name) → value as written by R."""
    found = pd.read_csv(FOLDER / "qca_robustness.csv", dtype=str)
    return {(row.case, row.name): row.value for row in found.itertuples(index=False)}


@cache
def payf() -> CalibratedTable:
    return calibrate(pd.read_csv(FOLDER / "qca_robustness-payf.csv", index_col="case"), [*PAYF, "HL"])


def solution(kind: SolutionKind, inclusion: float, frequency: int) -> tuple[TruthTable, Solution]:
    """The first model of these is the only one, as in R."""
    table = truth_table(payf(), SetLiteral("HL", (1,)), PAYF, CutOffs(inclusion, None, frequency), half=True)
    found = minimise(table)
    return table, found.conservative if kind == "conservative" else found.parsimonious


def fitted(case: str) -> tuple[RobustFit, tuple[Solution, ...]]:
    """Robustness parameters of one comparison, and the initial and the test solutions."""
    kind, first, others = TESTS[case]
    solutions = [solution(kind, *chosen)[1] for chosen in (first, *others)]
    near: Sequence[Array] = [one.models[0].expression.membership(payf()) for one in solutions]
    return robust_fit(near[0], near[1:], payf().column("HL"), payf().cases), tuple(solutions)


def written(one: Solution) -> str:
    """The terms of the first model, as R sorts and writes them: in its locale ~ counts for nothing."""
    return " + ".join(sorted(str(part.term) for part in one.models[0].terms))


def specified_payf() -> Specified:
    return Specified(payf(), {}, SetLiteral("HL", (1,)), PAYF, CutOffs(0.87, None, 2), solution="parsimonious")


def specified_lipf() -> Specified:
    """DEVELOPED calibrated here from its raw values, the other sets as they came."""
    frame = pd.read_csv(FOLDER / "qca_robustness-lipf.csv", index_col="case")
    raw = frame["RAW"].to_numpy(dtype=float)
    calibration = Calibration("logistic", (400, 550, 900))
    table = calibrate(frame.assign(DEVELOPED=raw), [*LIPF, "SURVIVED"], {"DEVELOPED": calibration})
    return Specified(
        table, {"DEVELOPED": np.asarray(raw)}, SetLiteral("SURVIVED", (1,)), LIPF, CutOffs(0.8), solution="parsimonious"
    )
