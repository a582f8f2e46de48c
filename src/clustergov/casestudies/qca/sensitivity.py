"""How far one choice can be moved, everything else kept, before the solution is no longer the same.

Oana, I.-E. & Schneider, C. Q. (2021). A robustness test protocol for applied QCA: theory and R software application.
Sociological Methods & Research 53(1), 57–88: sensitivity ranges.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from clustergov.casestudies.qca.calibrated_table import Array
from clustergov.casestudies.qca.calibration import Calibration
from clustergov.casestudies.qca.reruns import Reruns
from clustergov.casestudies.qca.truth_table import CutOffs

Choice = Literal["anchor", "inclusion", "pri", "frequency"]

STEPS = 24
"""Steps from the declared anchor to the farthest one tried; a change that came and went within a step is not seen."""
HALVINGS = 12
"""Of the step in which the solution changes: the end of a range is known to a 4,096th of a step."""
MOST_VALUES = 60
"""Distinct raw values between which a crossover is tried as well, because cases change sides there."""
PAST = 1e-9
"""Values this close to a cut-off reach it."""
PASSING = 1e-7
"""By so much a cut-off passes an inclusion, to try what happens without that row."""


@dataclass(frozen=True, slots=True)
class SensitivityRange:
    """Where a choice may lie with exactly the same models.

    Attributes
    ----------
    choice : {"anchor", "inclusion", "pri", "frequency"}
    name : str
        The set, of an anchor; else empty.
    place : int
        Which anchor, from 0; else 0.
    declared : float
    low, high : float
        The solution is the same from here to there.
        At the lower end of the inclusion and of the PRI one more row is admitted: it is just outside.
    farthest_low, farthest_high : bool
        The end is as far as was tried: the neighbouring anchor, or the width of the data beyond the outer one; 0 and 1
        for a cut-off; 1 and the largest row for a frequency.
    step_low, step_high : float
        Of an anchor: the distance to its neighbour below and above, by which moves are measured (see `distances`); of a
        cut-off 1.
    """

    choice: Choice
    name: str
    place: int
    declared: float
    low: float
    high: float
    farthest_low: bool
    farthest_high: bool
    step_low: float
    step_high: float


def sensitivity_ranges(reruns: Reruns, least_frequency: int = 1) -> tuple[SensitivityRange, ...]:
    """The range of every anchor alone, of the inclusion, the PRI and the frequency cut-off; empty without a solution."""
    if not isinstance(reruns.initial, tuple):
        return ()
    return (*_anchors(reruns), *_cut_offs(reruns, least_frequency))


def _anchors(reruns: Reruns) -> Iterator[SensitivityRange]:
    specified = reruns.specified
    for name, calibration in specified.calibrations.items():
        raw = specified.raw[name]
        for place, declared in enumerate(calibration.anchors):
            ends = _limits(calibration, place, float(np.ptp(raw)))

            def unchanged(value: float, name: str = name, one: Calibration = calibration, at: int = place) -> bool:
                moved = with_anchor(one, at, value)
                if moved.problems(name):
                    return False
                return reruns.unchanged(specified.recalibrated(name, moved), specified.cut_offs)

            low, first = _last(unchanged, _tried(declared, ends[0], raw))
            high, last = _last(unchanged, _tried(declared, ends[1], raw))
            yield SensitivityRange(
                "anchor", name, place, declared, low, high, first, last, *distances(calibration.anchors, place, raw)
            )


def distances(anchors: tuple[float, ...], place: int, raw: Array) -> tuple[float, float]:
    """How far it is from an anchor to the next one below and above; an outer one has that of its only neighbour on both sides.

    Of a single threshold it is the standard deviation of the data.
    """
    below = [anchors[place] - other for other in anchors if other < anchors[place]]
    above = [other - anchors[place] for other in anchors if other > anchors[place]]
    spread = float(np.std(raw))
    return min(below or above or [spread]), min(above or below or [spread])


def with_anchor(calibration: Calibration, place: int, value: float) -> Calibration:
    """The same with one anchor elsewhere."""
    return replace(calibration, anchors=(*calibration.anchors[:place], value, *calibration.anchors[place + 1 :]))


def _limits(calibration: Calibration, place: int, width: float) -> tuple[float, float]:
    """Between its neighbours, which it must not reach; the outer anchors as far beyond as the data are wide."""
    anchors = calibration.anchors
    others = [anchor for at, anchor in enumerate(anchors) if at != place]
    below = [anchor for anchor in others if anchor < anchors[place]]
    above = [anchor for anchor in others if anchor > anchors[place]]
    inside = 1 - 1e-6
    declared = anchors[place]
    low = declared + inside * (max(below) - declared) if below else declared - width
    high = declared + inside * (min(above) - declared) if above else declared + width
    return low, high


def _tried(declared: float, end: float, raw: Array) -> list[float]:
    """The declared value and those tried, outward: even steps, and between all neighbouring raw values if they are few."""
    tried = np.linspace(declared, end, STEPS + 1)
    distinct = np.unique(raw)
    middles = (distinct[1:] + distinct[:-1]) / 2
    between = middles[(middles - declared) * (middles - end) < 0]
    if len(between) <= MOST_VALUES:
        tried = np.concatenate([tried, between])
    return sorted(tried.tolist(), key=lambda value: abs(value - declared))


def _last(unchanged: Callable[[float], bool], tried: list[float]) -> tuple[float, bool]:
    """The last value with the same solution before the first with another one; and whether there is no such one."""
    kept = tried[0]
    for value in tried[1:]:
        if not unchanged(value):
            return _halved(unchanged, kept, value), False
        kept = value
    return kept, True


def _halved(unchanged: Callable[[float], bool], kept: float, other: float) -> float:
    for _ in range(HALVINGS):
        middle = (kept + other) / 2
        if unchanged(middle):
            kept = middle
        else:
            other = middle
    return kept


def _cut_offs(reruns: Reruns, least_frequency: int) -> Iterator[SensitivityRange]:
    """Exactly: rows change sides only where a cut-off passes the inclusion, the PRI or the cases of a row."""
    cut_offs, values = reruns.specified.cut_offs, reruns.specified.values
    rows = reruns.rows(values)
    for choice, declared, least, found in (
        ("inclusion", cut_offs.inclusion, cut_offs.contradiction or 0.0, rows.inclusion),
        ("pri", cut_offs.pri, 0.0, rows.pri),
    ):
        yield _share(reruns, values, "pri" if choice == "pri" else "inclusion", declared, least, found)
    low, first = _kept(reruns, values, range(cut_offs.frequency - 1, least_frequency - 1, -1))
    high, last = _kept(reruns, values, range(cut_offs.frequency + 1, int(rows.n.max()) + 1))
    yield SensitivityRange("frequency", "", 0, cut_offs.frequency, low, high, first, last, 1.0, 1.0)


def _share(
    reruns: Reruns, values: Array, choice: Choice, declared: float, least: float, found: Array
) -> SensitivityRange:
    """A row is admitted at its own value and lost just past it: the lower end is where one more would be admitted."""
    steps = np.unique(found[np.isfinite(found)]).tolist()

    def changed(value: float) -> bool:
        return not reruns.unchanged(values, with_cut_off(reruns.specified.cut_offs, choice, value))

    below = (value for value in reversed(steps) if least < value < declared - PAST)
    above = (value for value in steps if declared - PAST <= value < 1)
    low = next((value for value in below if changed(value)), None)
    high = next((value for value in above if changed(min(1.0, value + PASSING))), None)
    return SensitivityRange(choice, "", 0, declared, least if low is None else low, 1.0 if high is None else high,
                            low is None, high is None, 1.0, 1.0)  # fmt: skip


def _kept(reruns: Reruns, values: Array, tried: range) -> tuple[int, bool]:
    kept = reruns.specified.cut_offs.frequency
    for value in tried:
        if not reruns.unchanged(values, with_cut_off(reruns.specified.cut_offs, "frequency", value)):
            return kept, False
        kept = value
    return kept, True


def with_cut_off(cut_offs: CutOffs, choice: Choice, value: float) -> CutOffs:
    """The same with one cut-off elsewhere."""
    match choice:
        case "inclusion":
            return replace(cut_offs, inclusion=value)
        case "pri":
            return replace(cut_offs, pri=value)
        case _:
            return replace(cut_offs, frequency=int(value))
