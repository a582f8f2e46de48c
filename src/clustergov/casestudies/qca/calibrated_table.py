"""Cases and the sets they belong to: what every step of a qualitative comparative analysis starts from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

if TYPE_CHECKING:
    from clustergov.casestudies.qca.calibration import Calibration, SetKind
    from clustergov.language import Text

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class CalibratedSet:
    """A condition or an outcome.

    Attributes
    ----------
    name : str
    kind : {"crisp", "fuzzy", "multi-value"}
        Crisp: 0 or 1. Fuzzy: from 0 to 1. Multi-value: levels 0, 1, 2, ….
    levels : int
        2 for a crisp or fuzzy set.
    calibration : Calibration or None
        How raw values became memberships; None when the data came calibrated.
    label : Text or None
        Its words, where a study has them.
    """

    name: str
    kind: SetKind
    levels: int = 2
    calibration: Calibration | None = None
    label: Text | None = None

    @property
    def multi_value(self) -> bool:
        return self.kind == "multi-value"


@dataclass(frozen=True, slots=True, eq=False)
class CalibratedTable:
    """Cases × sets, without a missing cell.

    Attributes
    ----------
    cases : tuple of str, length n
        Names, all different.
    sets : tuple of CalibratedSet
    values : ndarray, shape (n, sets), read-only
        Memberships in [0, 1]; levels of a multi-value set.
    cautions : tuple of Text
        What calibration or reading has to say to a reader.
    """

    cases: tuple[str, ...]
    sets: tuple[CalibratedSet, ...]
    values: Array
    cautions: tuple[Text, ...] = ()

    def __post_init__(self) -> None:
        self.values.setflags(write=False)

    def __getitem__(self, name: str) -> CalibratedSet:
        return self.sets[self._place(name)]

    def __contains__(self, name: object) -> bool:
        return any(one.name == name for one in self.sets)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(one.name for one in self.sets)

    def column(self, name: str) -> Array:
        """Memberships or levels of one set, in the order of the cases."""
        return self.values[:, self._place(name)]

    def columns(self, names: Sequence[str]) -> Array:
        """Several sets, shape (n, names)."""
        return self.values[:, [self._place(name) for name in names]]

    def without(self, cases: Sequence[str]) -> CalibratedTable:
        """The table without some of its cases."""
        kept = [place for place, case in enumerate(self.cases) if case not in set(cases)]
        return CalibratedTable(
            tuple(self.cases[place] for place in kept), self.sets, self.values[kept].copy(), self.cautions
        )

    def frame(self) -> pd.DataFrame:
        """One row per case."""
        return pd.DataFrame(self.values, index=pd.Index(self.cases, name="case"), columns=list(self.names))

    def _place(self, name: str) -> int:
        for place, one in enumerate(self.sets):
            if one.name == name:
                return place
        raise KeyError(name)
