"""Answers that nobody chose between two that somebody did."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from clustergov.analysis.description.empty_category import empty_categories


@pytest.mark.parametrize(
    ("column", "told"),
    [
        ([1, 2, 4, 5], "a: 3"),
        ([2, 6, np.nan, 4], "a: 3, 5"),
        ([0, 2], "a: 1"),
        ([1, 2, 3], ""),
        ([2, 2], ""),
        ([np.nan, np.nan], ""),
        ([1, 2.5, 4], ""),
        ([3, 60], ""),
    ],
)
def test_gaps_between_chosen_answers(column: list[float], told: str) -> None:
    table = pd.DataFrame({"a": column}, dtype=float)
    before = table.copy()
    found = empty_categories(table)
    assert (told in found[0]["en"] and told in found[0]["nl"]) if told else found == ()
    pd.testing.assert_frame_equal(table, before)


def test_few_columns_are_named() -> None:
    table = pd.DataFrame({f"q{j}": [1.0, 3.0] for j in range(8)})
    assert "q4: 2" in empty_categories(table)[0]["en"]
    assert "q5" not in empty_categories(table)[0]["en"]
    assert "; …" in empty_categories(table)[0]["nl"]
