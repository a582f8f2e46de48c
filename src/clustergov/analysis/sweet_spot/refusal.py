"""Shares and outcomes that cannot be tested for a sweet spot, with the reason and what to do."""

from __future__ import annotations

from typing import Literal

from clustergov.analysis.models.design import FitError, enumeration
from clustergov.language import both
from clustergov.problems import ClustergovError

Refusal = Literal["few values", "outside limits", "one country", "countries", "mean share"]
"""Why; also the key of its sentence."""


class SweetSpotError(FitError):
    """As `FitError`, with `failure` one of `Refusal`."""

    def __init__(self, refusal: Refusal, *, terms: tuple[str, ...] = (), **values: object) -> None:
        self.refusal: Refusal = refusal
        self.terms = terms
        self.reason = both(f"sweet_spot.refused.{refusal}", terms=enumeration(terms), **values)
        ClustergovError.__init__(self, self.reason["en"])
