"""Dropout: the chance to stop before each section, and where each respondent stops."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from clustergov.instruments.questionnaire import Questionnaire
from clustergov.survey.synthetic.composition import Stream
from clustergov.survey.synthetic.sketch_declaration import DropoutEntry


def hazards(entry: DropoutEntry, questionnaire: Questionnaire) -> NDArray[np.float64]:
    """The hazard before each section; 0 before the first, where nobody has begun."""
    codes = [section.code for section in questionnaire.sections]
    found = np.array([0.0, *(entry.start * entry.growth**place for place in range(len(codes) - 1))])
    for code, hazard in entry.sections.items():
        if code in codes:
            found[codes.index(code)] = hazard
    return found


def sections_seen(hazard: NDArray[np.float64], n: int, stream: Stream) -> NDArray[np.intp]:
    """How many sections each of n respondents goes through."""
    stops = np.column_stack([stream(f"stop before {place}").random(n) for place in range(len(hazard))]) < hazard
    return np.where(stops.any(axis=1), stops.argmax(axis=1), len(hazard)).astype(np.intp)
