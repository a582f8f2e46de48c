"""How often each verdict is wrong: the decision table applied to many samples of known truth."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from clustergov.analysis.claims.calibration_draws import Draws
from clustergov.analysis.claims.claim import Part
from clustergov.analysis.claims.rehearsal import holds
from clustergov.analysis.claims.verdicts import (
    EQUIVALENCE,
    POSITIONS,
    RELATIONS,
    VERDICTS,
    DecisionTable,
    Position,
    PublishedRelation,
    Region,
    Verdict,
)
from clustergov.analysis.claims.yardstick import Yardstick
from clustergov.analysis.multiplicity import simultaneous_level

Array = NDArray[np.float64]
Sampler = Callable[[float, int, int, np.random.Generator], Sequence[Draws]]
"""True value (as `Estimate.value`), n, draws, generator → the draws of each part of the family."""

CONCLUSIVE = frozenset(VERDICTS) - {"inconclusive", "not assessable"}
BESIDE = 1e-6
"""A truth at the smallest effect of interest is judged as just inside and just outside, and counts as the worse of both."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One form of claim with what may be true of it.

    Attributes
    ----------
    code, about : str
        Short name; and what is simulated, in English.
    part : Part
        Form, measure, threshold and published figure; all parts of the family are like it.
    family : int
        m.
    truths : tuple of (str, float)
        Name and true value, on the scale of `Estimate.value`.
    sample : Sampler
    """

    code: str
    about: str
    part: Part
    family: int
    truths: tuple[tuple[str, float], ...]
    sample: Sampler


@dataclass(frozen=True, slots=True)
class Cell:
    """One form at one truth and one n.

    Attributes
    ----------
    verdicts : tuple of (Verdict, float)
        Share of the parts that got each.
    wrong : float
        Share of the parts with a conclusive verdict that is not true.
    wrong_family : float
        Share of the draws with what the table promises to be rare: any part wrongly concluded of; for equivalence, where
        each part is shown by itself, the claim as a whole wrongly concluded of.
    """

    setting: str
    truth: str
    value: float
    n: int
    draws: int
    verdicts: tuple[tuple[Verdict, float], ...]
    wrong: float
    wrong_family: float

    @property
    def open(self) -> float:
        return dict(self.verdicts).get("inconclusive", 0.0)

    @property
    def margin(self) -> float:
        """Monte Carlo error of `wrong_family` where it is 5 %, two standard errors."""
        return 2 * math.sqrt(0.05 * 0.95 / self.draws)


def calibrate(
    setting: Setting, table: DecisionTable, n: int, truth: str, *, draws: int, rng: np.random.Generator
) -> Cell:
    """Simulate one cell."""
    value = dict(setting.truths)[truth]
    yardstick = Yardstick.of(setting.part, table)
    codes = [_codes(setting, table, yardstick, each) for each in setting.sample(value, n, draws, rng)]
    parts = np.stack(codes)
    told = [VERDICTS[code] for code in range(len(VERDICTS))]
    theta = yardstick.sign * (value - yardstick.zero)
    wrong = [np.array([_wrong(verdict, setting.part, yardstick, near) for verdict in told])
             for near in _near(theta, yardstick)]  # fmt: skip
    each = max(float(at[parts].mean()) for at in wrong)
    whole = _whole(table, parts) if setting.part.form in EQUIVALENCE else None
    family = max(float((at[parts].any(axis=0) if whole is None else at[whole]).mean()) for at in wrong)
    shares = Counter(parts.ravel().tolist())
    verdicts = tuple((verdict, shares[code] / parts.size) for code, verdict in enumerate(VERDICTS))
    return Cell(setting.code, truth, value, n, draws, verdicts, each, family)


def cells_frame(cells: Sequence[Cell]) -> pd.DataFrame:
    """A row per cell: setting, truth, value, n, draws, a column per verdict, wrong, wrong_family."""
    return pd.DataFrame(
        [
            {"setting": cell.setting, "truth": cell.truth, "value": cell.value, "n": cell.n, "draws": cell.draws,
             **dict(cell.verdicts), "wrong": cell.wrong, "wrong_family": cell.wrong_family}
            for cell in cells
        ]
    )  # fmt: skip


def _near(theta: float, yardstick: Yardstick) -> tuple[float, ...]:
    if abs(abs(theta) - yardstick.smallest) > BESIDE:
        return (theta,)
    return tuple(float(np.sign(theta)) * (yardstick.smallest + step) for step in (-BESIDE, BESIDE))


def _wrong(verdict: Verdict, part: Part, yardstick: Yardstick, theta: float) -> bool:
    return verdict in CONCLUSIVE and not _true(verdict, part, yardstick, theta)


def _true(verdict: Verdict, part: Part, yardstick: Yardstick, theta: float) -> bool:
    # A table may give a verdict to a form that rehearsal has no meaning for; that is then as wrong as can be.
    try:
        return holds(verdict, part, yardstick, theta)
    except KeyError:
        return False


def _codes(setting: Setting, table: DecisionTable, yardstick: Yardstick, drawn: Draws) -> NDArray[np.int64]:
    """The place in `VERDICTS` of each draw's verdict."""
    low, high = _turned(yardstick, drawn.ends(simultaneous_level(table.alpha, setting.family)))
    narrow = _turned(yardstick, drawn.ends(1 - 2 * table.alpha)) if setting.part.form in EQUIVALENCE else (low, high)
    d = yardstick.smallest
    relation = np.zeros(len(low), dtype=int)
    if yardstick.published is not None:
        below, above = yardstick.published
        relation = np.where(high < below, RELATIONS.index("below"),
                            np.where(low > above, RELATIONS.index("above"), RELATIONS.index("overlaps")))  # fmt: skip
    lows = (low > -d).astype(int) + (low > 0) + (low > d)
    highs = (high >= -d).astype(int) + (high >= 0) + (high >= d)
    within = (narrow[0] > -d) & (narrow[1] < d)
    assessable = np.isfinite(drawn.value)
    keys = np.stack([assessable, lows, highs, within, relation]).astype(int)
    unique, inverse = np.unique(keys, axis=1, return_inverse=True)
    decided = [_decided(table, setting.part, *map(int, key)) for key in unique.T]
    found: NDArray[np.int64] = np.array([VERDICTS.index(verdict) for verdict in decided])[np.ravel(inverse)]
    return found


def _turned(yardstick: Yardstick, ends: tuple[Array, Array]) -> tuple[Array, Array]:
    low, high = (yardstick.sign * (end - yardstick.zero) for end in ends)
    return (low, high) if yardstick.sign > 0 else (high, low)


def _decided(
    table: DecisionTable, part: Part, assessable: int, low: int, high: int, within: int, relation: int
) -> Verdict:
    positions: tuple[Position, ...] = POSITIONS
    relations: tuple[PublishedRelation, ...] = RELATIONS
    region = Region(part.form, bool(assessable), positions[low], positions[high], bool(within), relations[relation])
    return table.decide(region).verdict


def _whole(table: DecisionTable, parts: NDArray[np.int64]) -> NDArray[np.int64]:
    """The claim's verdict in each draw."""

    @cache
    def combined(codes: tuple[int, ...]) -> int:
        return VERDICTS.index(table.combine(VERDICTS[code] for code in codes).verdict)

    return np.array([combined(tuple(sorted(set(column)))) for column in parts.T.tolist()])
