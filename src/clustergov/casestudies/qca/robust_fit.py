"""A solution beside solutions that other defensible choices give: what of it, and which cases, hold in all of them.

Oana, I.-E. & Schneider, C. Q. (2021). A robustness test protocol for applied QCA: theory and R software application.
Sociological Methods & Research 53(1), 57–88.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from clustergov.casestudies.qca.calibrated_table import Array
from clustergov.casestudies.qca.fit import SufficiencyFit, sufficiency

TYPES = (
    "robust_typical", "robust_deviant", "shaky_typical", "shaky_deviant",
    "possible_typical", "possible_deviant", "uncovered", "irrelevant",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class RobustFit:
    """The initial solution against the least and the greatest of the test solutions.

    Attributes
    ----------
    coverage, consistency : float
        RF_cov, the coverage of the robust core over that of the initial solution; RF_cons, the consistency of the initial
        solution over that of the core. 1 when both are the same; NaN without a core.
    overlap_least, overlap_greatest : float
        RF_SC_minTS, RF_SC_maxTS: Σ min / Σ max of the initial solution with the intersection, with the union, of the
        test solutions.
    core : SufficiencyFit
        The robust core: what belongs to the initial and to every test solution.
    cases : tuple of (str, tuple of str)
        Per type the cases. Robust: in the initial and in every test solution; shaky: in the initial one and not in
        every test; possible: in some test only; each typical (with the outcome) or deviant (without); uncovered: with
        the outcome and in none; irrelevant: neither.
    """

    coverage: float
    consistency: float
    overlap_least: float
    overlap_greatest: float
    core: SufficiencyFit
    cases: tuple[tuple[str, tuple[str, ...]], ...]

    @property
    def ratio_typical(self) -> float:
        """RCR_typ: robust typical cases among robust, shaky and possible typical ones."""
        return self._ratio("typical")

    @property
    def ratio_deviant(self) -> float:
        """RCR_dev: the same of deviant cases."""
        return self._ratio("deviant")

    @property
    def rank(self) -> int:
        """RCC_Rank: 1 neither shaky nor possible cases, 2 possible ones only, 3 shaky ones only, 4 both."""
        found = dict(self.cases)
        shaky = bool(found["shaky_typical"] or found["shaky_deviant"])
        possible = bool(found["possible_typical"] or found["possible_deviant"])
        return 1 + possible + 2 * shaky

    def _ratio(self, side: str) -> float:
        found = dict(self.cases)
        robust, others = len(found[f"robust_{side}"]), len(found[f"shaky_{side}"]) + len(found[f"possible_{side}"])
        return robust / (robust + others) if robust + others else float("nan")


def robust_fit(initial: Array, tests: Sequence[Array], outcome: Array, cases: Sequence[str]) -> RobustFit:
    """Hold an initial solution against test solutions.

    Parameters
    ----------
    initial, outcome : ndarray of float, shape (n,)
        Memberships.
    tests : sequence of ndarray of float, each of shape (n,), at least one
        All of them are intersected, and united.
    cases : sequence of str, length n
    """
    least, greatest = np.min(tests, axis=0), np.max(tests, axis=0)
    core = sufficiency(np.minimum(initial, least), outcome)
    first = sufficiency(initial, outcome)
    return RobustFit(
        _ratio(core.coverage, first.coverage), _ratio(first.inclusion, core.inclusion),
        _ratio(np.minimum(initial, least).sum(), np.maximum(initial, least).sum()),
        _ratio(np.minimum(initial, greatest).sum(), np.maximum(initial, greatest).sum()),
        core, _types(initial, least, greatest, outcome, np.array(cases, dtype=object)),
    )  # fmt: skip


def _types(
    initial: Array, least: Array, greatest: Array, outcome: Array, cases: np.ndarray
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    kept, lost = np.minimum(initial, least) > 0.5, np.minimum(initial, 1 - least) > 0.5
    won, never = np.minimum(1 - initial, greatest) > 0.5, np.minimum(1 - initial, 1 - greatest) > 0.5
    typical, deviant = outcome > 0.5, outcome < 0.5
    masks = (kept & typical, kept & deviant, lost & typical, lost & deviant, won & typical, won & deviant,
             never & typical, never & deviant)  # fmt: skip
    return tuple((name, tuple(cases[mask])) for name, mask in zip(TYPES, masks, strict=True))


def _ratio(part: float, whole: float) -> float:
    return float(part / whole) if whole > 0 else float("nan")
