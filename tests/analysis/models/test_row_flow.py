"""Rows on their way into a model, and rows that stand twice."""

from __future__ import annotations

import numpy as np
import pandas as pd

from clustergov.analysis.models.row_flow import duplicated_rows, row_flow

TABLE = pd.DataFrame(
    {"y": [1.0, np.nan, 3.0, 4.0, 1.0], "a": [1.0, np.nan, np.nan, 2.0, 1.0], "b": [0.0, 1.0, 1.0, 1.0, 0.0]},
    index=["r1", "r2", "r3", "r4", "r5"],
)


def test_every_row_is_used_or_lost_at_one_column() -> None:
    before = TABLE.copy()
    flow = row_flow(TABLE)
    pd.testing.assert_frame_equal(TABLE, before)
    assert flow.missing == (("y", 1), ("a", 2), ("b", 0))
    assert flow.lost == (("y", 1), ("a", 1), ("b", 0))
    assert (flow.rows, flow.used) == (5, 3)
    assert flow.frame()["n"].tolist() == [5, 4, 3, 3, 3]
    assert flow.sentence("en") == "5 rows; lost to a missing value: y 1, a 1; used: 3."
    assert row_flow(TABLE[["b"]]).sentence("nl") == "5 rijen; door ontbrekende waarden viel er geen uit."


def test_equal_rows_are_named_and_empty_ones_are_not() -> None:
    caution = duplicated_rows(TABLE)
    assert caution is not None
    assert "r1, r5" in caution["nl"]
    assert "2 rows" in caution["en"]
    assert duplicated_rows(TABLE.iloc[:4]) is None
    assert duplicated_rows(pd.DataFrame({"a": [np.nan, np.nan]})) is None


def test_only_some_of_many_are_named() -> None:
    many = pd.DataFrame({"a": np.repeat(np.arange(8.0), 7)})
    caution = duplicated_rows(many)
    assert caution is not None
    assert "56 rows" in caution["en"]
    assert "; …" in caution["en"]
