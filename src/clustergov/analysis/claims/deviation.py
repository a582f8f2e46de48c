"""In what a test of a claim differs from the original: mapping measurements is where replications fail unseen."""

from __future__ import annotations

from typing import Literal, get_args

import pandas as pd

from clustergov.instruments.questionnaire import Mark
from clustergov.language import Text
from clustergov.yaml_file import Entry

Aspect = Literal[
    "wording", "scale", "recall period", "language", "informant", "unit", "sampling", "period", "setting", "analysis"
]
ASPECTS: tuple[Aspect, ...] = get_args(Aspect)


class Deviation(Entry):
    """One difference; where the original is not known, `original` says so.

    Attributes
    ----------
    mark : Mark
        How well the original side is known.
    """

    aspect: Aspect
    original: Text
    here: Text
    mark: Mark


def deviations_frame(listed: tuple[tuple[str, Deviation], ...], language: str) -> pd.DataFrame:
    """A row per deviation: of (source or claim), aspect, original, here, mark."""
    rows = [(of, each.aspect, each.original.to(language), each.here.to(language), each.mark) for of, each in listed]
    return pd.DataFrame(rows, columns=["of", "aspect", "original", "here", "mark"])
