"""Calibration: raw values to set memberships by declared anchors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Method = Literal["logistic", "linear", "bell", "indirect", "levels"]


@dataclass(frozen=True, slots=True)
class Calibration:
    """How one raw variable becomes a set.

    Attributes
    ----------
    method : {"logistic", "linear", "bell", "indirect", "levels"}
        Logistic (the direct method of Ragin 2008) and linear: full exclusion, crossover, full inclusion; descending
        anchors make a set that lower values belong to. Bell: six anchors. Indirect: cut points of ordered groups.
        Levels: thresholds; one makes a crisp set, more a multi-value set.
    anchors : tuple of float
    idm : float
        Membership at full inclusion by the logistic method.
    below, above : float
        Powers that bend the linear and the bell method under and over the crossover; 1 is straight.
    """

    method: Method
    anchors: tuple[float, ...]
    idm: float = 0.95
    below: float = 1.0
    above: float = 1.0
