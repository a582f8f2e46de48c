"""What a codebook can tell about the answers to one variable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Statistic = Literal["mean", "medn", "min", "max", "stdev"]
"""Names as DDI has them."""


@dataclass(frozen=True, slots=True)
class VariableCounts:
    """How often each code occurs, and statistics of numbers.

    Attributes
    ----------
    valid, invalid : int or None
        Respondents with and without a substantive answer; None where it is not to be told.
    codes : dict of str to int
        Per code, those of options marked blank and those of `BLANK_CODES` among them. What is not listed is not told.
    statistics : dict of str to float
        Of numbers: mean, median, extremes, standard deviation, as far as they are to be told.
    """

    valid: int | None
    invalid: int | None
    codes: Mapping[str, int] = field(default_factory=dict)
    statistics: Mapping[Statistic, float] = field(default_factory=dict)
