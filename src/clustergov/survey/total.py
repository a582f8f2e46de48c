"""How far numbers that must add up to a total may be from it."""

from __future__ import annotations

TOTAL_TOLERANCE = 0.005
"""How far a sum may be from its total, as a part of it: 0.5 where shares must add up to 100 (our choice, D).

Three shares of 33.3 pass, and so does rounding to one decimal; 97 or 101 is a mistake that somebody should look at.
"""


def room(total: float) -> float:
    """By how much a sum may miss a total, in the total's own unit."""
    # The small addition keeps 99.5 on the right side of a comparison of binary fractions.
    return TOTAL_TOLERANCE * abs(total) + 1e-9
