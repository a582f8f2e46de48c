"""Powers that cannot be told, with the reason and what to do."""

from __future__ import annotations

from typing import Literal

from clustergov.language import Text, both
from clustergov.problems import ClustergovError

Refusal = Literal[
    "too few", "too many", "out of reach", "no draws", "constant predictor", "constant outcome", "tau out of reach", "effect", "rows",
    "correlation", "countries", "unfitted",
]  # fmt: skip
"""Why; also the key of its sentence."""


class PowerError(ClustergovError):
    """A power cannot be told; `reason` in Dutch and English."""

    def __init__(self, refusal: Refusal, **values: object) -> None:
        self.refusal: Refusal = refusal
        self.reason: Text = both(f"power.refused.{refusal}", **values)
        super().__init__(self.reason["en"])
