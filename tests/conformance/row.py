"""One number held against an outside reference: what the page of conformance lists and its test checks."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One number.

    Attributes
    ----------
    data : str
        The data set, with n.
    statistic : str
    ours, reference : float
    tolerance : float
        Largest |ours − reference| that passes, as a share of |reference| when `relative`.
    source : str
        The R call with the version of its package, or the publication with page.
    why : str
        Reason of a tolerance above 1e-6 (relative) or 1e-8: how far the reference itself goes.
    """

    data: str
    statistic: str
    ours: float
    reference: float
    tolerance: float
    source: str
    relative: bool = True
    why: str = ""

    @property
    def distance(self) -> float:
        gap = abs(self.ours - self.reference)
        return gap / abs(self.reference) if self.relative else gap

    @property
    def holds(self) -> bool:
        return self.distance <= self.tolerance
