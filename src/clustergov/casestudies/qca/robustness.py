"""Whether a solution holds when what was chosen is chosen otherwise: other anchors, other cut-offs, without each case."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from clustergov.casestudies.qca.calibrated_table import Array, CalibratedTable
from clustergov.casestudies.qca.expression import Expression
from clustergov.casestudies.qca.reruns import Models, Reruns, same
from clustergov.casestudies.qca.robust_fit import RobustFit, robust_fit
from clustergov.casestudies.qca.sensitivity import (
    SensitivityRange,
    distances,
    sensitivity_ranges,
    with_anchor,
    with_cut_off,
)
from clustergov.casestudies.qca.specified import Specified
from clustergov.casestudies.qca.truth_table import CutOffs
from clustergov.language import Text, say

Kind = Literal["anchor", "inclusion", "pri", "frequency", "case"]

MOST_COMPARED = 50
"""Models of one alternative among which the nearest is looked for."""


@dataclass(frozen=True, slots=True)
class Varied:
    """What is varied; see `robustness`.

    Attributes
    ----------
    anchors : float
        Share of the distance to the neighbouring anchor by which each anchor is moved, up and down; 0: none is moved.
    inclusion, pri, frequency : tuple
        Other cut-offs.
    each_case : bool
        Whether every case is left out once.
    """

    anchors: float = 0.2
    inclusion: tuple[float, ...] = ()
    pri: tuple[float, ...] = ()
    frequency: tuple[int, ...] = ()
    each_case: bool = True


@dataclass(frozen=True, slots=True)
class Alternative:
    """One choice made otherwise, and what the solution is then.

    Attributes
    ----------
    kind : {"anchor", "inclusion", "pri", "frequency", "case"}
    name : str
        The set whose anchor was moved, or the case left out.
    place : int
        Which anchor, from 0.
    declared, tried : float
        NaN for a case.
    models : tuple of Expression
        All models; empty when there is no solution.
    refused : Text or None
        Why there is none.
    same : bool
        Exactly the models of the initial solution.
    kept, lost, new : tuple of str
        Terms of the initial models that stand in these too, that do not, and terms that only these have.
    overlap : float
        Σ min / Σ max of the first initial model and the nearest of these; NaN without a solution.
    """

    kind: Kind
    name: str
    place: int
    declared: float
    tried: float
    models: Models
    refused: Text | None
    same: bool
    kept: tuple[str, ...]
    lost: tuple[str, ...]
    new: tuple[str, ...]
    overlap: float


@dataclass(frozen=True, slots=True, eq=False)
class Robustness:
    """A solution under other choices.

    Attributes
    ----------
    solution : str
        Which of the three solutions was looked at.
    initial : tuple of Expression
        Its models; the first is what fit and cases are told of.
    ranges : tuple of SensitivityRange
    alternatives : tuple of Alternative
        Other choices first, then every case left out.
    fit : RobustFit or None
        Against the alternatives by choices that have a solution; None when there is none.
    without : RobustFit or None
        Against those without a case.
    """

    solution: str
    initial: Models
    ranges: tuple[SensitivityRange, ...]
    alternatives: tuple[Alternative, ...]
    fit: RobustFit | None
    without: RobustFit | None

    @property
    def by_choice(self) -> tuple[Alternative, ...]:
        return tuple(one for one in self.alternatives if one.kind != "case")

    @property
    def by_case(self) -> tuple[Alternative, ...]:
        return tuple(one for one in self.alternatives if one.kind == "case")

    @property
    def core(self) -> tuple[str, ...]:
        """Terms of the first model that stand in a model of every other choice; none if one of these has no solution."""
        every = [set(one.kept) if one.refused is None else set() for one in self.by_choice]
        return tuple(str(term) for term in self.initial[0].terms if all(str(term) in kept for kept in every))

    def frame(self) -> pd.DataFrame:
        """One row per alternative."""
        return pd.DataFrame(
            [
                [one.kind, one.name, one.place + 1 if one.kind == "anchor" else None, one.declared, one.tried, one.same,
                 one.refused is not None, len(one.models), str(one.models[0]) if one.models else "",
                 " + ".join(one.kept), " + ".join(one.lost), " + ".join(one.new), one.overlap]
                for one in self.alternatives
            ],
            columns=["kind", "name", "anchor", "declared", "tried", "same", "no_solution", "models", "model", "kept", "lost",
                     "new", "overlap"],
        )  # fmt: skip

    def ranges_frame(self) -> pd.DataFrame:
        """One row per choice: between which values the solution is exactly the same."""
        return pd.DataFrame(
            [[one.choice, one.name, one.place + 1 if one.choice == "anchor" else None, one.declared, one.low, one.high,
              one.farthest_low, one.farthest_high] for one in self.ranges],
            columns=["choice", "name", "anchor", "declared", "low", "high", "farthest_low", "farthest_high"],
        )  # fmt: skip

    def sentence(self, language: str) -> str:
        """How many alternatives keep the solution, and what of it stands in all of them."""
        choices = self.by_choice
        values = {"n": len(choices), "same": sum(one.same for one in choices),
                  "none": sum(one.refused is not None for one in choices),
                  "core": " + ".join(self.core) or say("qca_robustness.no_term", language)}  # fmt: skip
        parts = [say("qca_robustness.sentence", language, **values)] if choices else []
        if self.fit is not None:
            parts.append(say("qca_robustness.fit", language, cov=self.fit.coverage, cons=self.fit.consistency,
                             least=self.fit.overlap_least, greatest=self.fit.overlap_greatest))  # fmt: skip
        return " ".join(parts)


def robustness(
    specified: Specified, varied: Varied | None = None, *, ranges: bool = True, least_frequency: int = 1
) -> Robustness | Text:
    """Make every choice otherwise, one at a time.

    Parameters
    ----------
    specified : Specified
        Sets without raw values keep their memberships: their anchors cannot be moved.
    ranges : bool
        Also find the sensitivity ranges.
    least_frequency : int
        The lowest frequency cut-off that is tried for its range.

    Returns
    -------
    Robustness or Text
        A text says why there is no solution to begin with.
    """
    varied = varied or Varied()
    reruns = Reruns(specified)
    if isinstance(reruns.initial, Text):
        return reruns.initial
    y, found = reruns.outcome(specified.values), list(_alternatives(reruns, varied))
    first = reruns.initial[0].membership(specified.table)

    def fit(*kinds: Kind) -> RobustFit | None:
        tests = [near for one, near in found if one.kind in kinds and one.refused is None]
        return robust_fit(first, tests, y, specified.table.cases) if tests else None

    return Robustness(
        specified.solution, reruns.initial, sensitivity_ranges(reruns, least_frequency) if ranges else (),
        tuple(one for one, _ in found), fit("anchor", "inclusion", "pri", "frequency"), fit("case"),
    )  # fmt: skip


def _alternatives(reruns: Reruns, varied: Varied) -> Iterator[tuple[Alternative, Array]]:
    """Each with the memberships in its nearest model, of all cases, also of one left out."""
    specified, values = reruns.specified, reruns.specified.values
    for name, calibration in specified.calibrations.items() if varied.anchors else ():
        for place, declared in enumerate(calibration.anchors):
            down, up = distances(calibration.anchors, place, specified.raw[name])
            for tried in (declared - varied.anchors * down, declared + varied.anchors * up):
                other = specified.recalibrated(name, with_anchor(calibration, place, tried))
                yield _alternative(reruns, ("anchor", name, place, declared, tried), other, specified.cut_offs)
    cut_offs = specified.cut_offs
    tries: list[tuple[Literal["inclusion", "pri", "frequency"], float, Sequence[float]]] = [
        ("inclusion", cut_offs.inclusion, varied.inclusion), ("pri", cut_offs.pri, varied.pri),
        ("frequency", cut_offs.frequency, varied.frequency),
    ]  # fmt: skip
    for kind, declared, others in tries:
        for tried in others:
            yield _alternative(reruns, (kind, "", 0, declared, tried), values, with_cut_off(cut_offs, kind, tried))
    if varied.each_case:
        for at, case in enumerate(specified.table.cases):
            kept = np.ones(len(values), dtype=bool)
            kept[at] = False
            nowhere = float("nan")
            yield _alternative(reruns, ("case", case, 0, nowhere, nowhere), values, cut_offs, kept)


def _alternative(
    reruns: Reruns,
    change: tuple[Kind, str, int, float, float],
    values: Array,
    cut_offs: CutOffs,
    cases: np.ndarray | None = None,
) -> tuple[Alternative, Array]:
    initial = reruns.initial if isinstance(reruns.initial, tuple) else ()
    models = reruns.models(values, cut_offs, cases)
    before = [str(term) for term in dict.fromkeys(term for model in initial for term in model.terms)]
    if isinstance(models, Text):
        return Alternative(*change, (), models, False, (), tuple(before), (), float("nan")), np.zeros(len(values))
    after = [str(term) for term in dict.fromkeys(term for model in models for term in model.terms)]
    near, overlap = _nearest(reruns, initial[0], models, values)
    return Alternative(
        *change, models, None, same(models, initial), tuple(one for one in before if one in after),
        tuple(one for one in before if one not in after), tuple(one for one in after if one not in before), overlap,
    ), near  # fmt: skip


def _nearest(reruns: Reruns, initial: Expression, models: Models, values: Array) -> tuple[Array, float]:
    """Memberships in the model that overlaps most with the initial one: ambiguity alone is no lack of robustness."""
    specified = reruns.specified
    first = initial.membership(specified.table)
    sets = tuple(specified.table[name] for name in specified.sets)
    table = CalibratedTable(specified.table.cases, sets, values.copy())
    found = [model.membership(table) for model in models[:MOST_COMPARED]]
    overlaps = [float(np.minimum(first, one).sum() / max(np.maximum(first, one).sum(), 1e-12)) for one in found]
    best = int(np.argmax(overlaps))
    return found[best], overlaps[best]
