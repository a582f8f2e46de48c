"""Rows on their way to complete cases."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from clustergov.analysis.missing.flow import complete_case_flow, patterns

REFERENCE = Path(__file__).parents[2] / "reference"


def test_rows_are_lost_where_their_first_gap_is() -> None:
    data = pd.DataFrame({"a": [1, np.nan, 1, np.nan, 1], "b": [1, np.nan, np.nan, 1, 1], "c": [1.0, 1, 1, 1, np.nan]})
    flow = complete_case_flow(data)
    assert (flow.started, flow.used) == (5, 1)
    assert flow.missing == (2, 2, 1)
    assert flow.lost == (2, 1, 1)
    assert flow.alone == (1, 1, 1)
    assert list(flow.frame()["n"]) == [5, 3, 2, 1, 1]
    assert "Of the 5 rows 1 are complete; 4 are lost" in flow.sentence("en")


def test_removing_one_answer_changes_one_cell() -> None:
    data = pd.DataFrame({"a": np.ones(6), "b": np.ones(6)})
    assert complete_case_flow(data).used == 6
    assert "Most often" not in complete_case_flow(data).sentence("en")
    data.loc[3, "b"] = np.nan
    flow = complete_case_flow(data)
    assert (flow.missing, flow.lost, flow.used) == ((0, 1), (0, 1), 5)


def test_patterns_of_nhanes() -> None:
    # md.pattern(nhanes) of mice: 13 complete, 3 without chl, 1 without bmi, 1 without hyp and bmi, 7 without all three.
    found = patterns(pd.read_csv(REFERENCE / "imputation-nhanes.csv"))
    assert sorted(zip(found["rows"], found["missing"], strict=True)) == [(1, 1), (1, 2), (3, 1), (7, 3), (13, 0)]
    assert found["rows"].sum() == 25


def test_no_rows() -> None:
    flow = complete_case_flow(pd.DataFrame({"a": np.array([], dtype=float)}))
    assert (flow.started, flow.used) == (0, 0)
