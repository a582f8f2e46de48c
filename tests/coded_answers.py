"""Frames of codes by chance, with the reason in every blank cell: for tests of files that hold answers."""

from __future__ import annotations

import numpy as np
import pandas as pd

from clustergov.instruments.questionnaire import Questionnaire, Variable
from clustergov.instruments.statistical.blank_codes import BLANK_CODES

TEXTS = ("water", "coöperatie “aha”", "日本 🙂", "a, b; c", "x" * 300, "98")
DATES = ("2026-03-01", "1899-12-31", "2024-02-29", "2026-03-01T12:30:00")


def coded_answers(questionnaire: Questionnaire, *, n: int = 30, seed: int = 0) -> pd.DataFrame:
    """n respondents who answer by chance, whatever routing says; a third of the cells hold the code of a reason."""
    rng = np.random.default_rng(seed)
    index = pd.Index([f"r{number}" for number in range(1, n + 1)], dtype="str", name="id")
    return pd.DataFrame(
        {variable.name: _column(variable, n, rng) for variable in questionnaire.variables}, index=index
    )  # fmt: skip


def _column(variable: Variable, n: int, rng: np.random.Generator) -> list[object]:
    reasons = [*BLANK_CODES.values()]
    if variable.kind == "number":
        numbers = rng.choice([0.0, 1.0, 33.3, 2026.0, -4.5, 1e9], n)
        return list(np.where(rng.random(n) < 1 / 3, rng.choice(reasons, n), numbers))
    options = [option.code for option in variable.scale.options] if variable.scale is not None else []
    answers = {"date": DATES, "text": TEXTS, "file": TEXTS}.get(variable.kind, options)
    blank = rng.random(n) < 1 / 3
    return [str(rng.choice(reasons)) if left_open else str(rng.choice(answers)) for left_open in blank]
