"""Why a method was chosen: a sentence with its numbers, for one term or for several that share the method."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from clustergov.language import LANGUAGES, Text, both, number

RANGES = ("df", "usual")
"""Numbers told from least to greatest when several terms share a sentence; of the others the greatest is told."""


@dataclass(frozen=True, slots=True)
class Reason:
    """A sentence of the catalogue and its numbers.

    Attributes
    ----------
    key : str
        Under ``inference``, such as ``reason.CR2``.
    values : mapping of str to float
    """

    key: str
    values: Mapping[str, float]

    @property
    def text(self) -> Text:
        return both(f"inference.{self.key}", **self.values)


def together(reasons: Sequence[Reason]) -> Text:
    """One sentence for reasons of one key."""
    values: dict[str, float | Text] = {}
    for name in reasons[0].values:
        found = [reason.values[name] for reason in reasons]
        low, high = min(found), max(found)
        values[name] = _range(low, high) if name in RANGES and f"{low:.1f}" != f"{high:.1f}" else high
    return both(f"inference.{reasons[0].key}", **values)


def _range(low: float, high: float) -> Text:
    return Text({each: f"{number(low, each, 1)}–{number(high, each, 1)}" for each in LANGUAGES})
