"""Labels as indicators against a reference level that is named."""

from __future__ import annotations

import pandas as pd
import pytest

from clustergov.analysis.models.predictor_coding import coded
from clustergov.problems import InputError

TABLE = pd.DataFrame(
    {"x": [1.0, 2.0, 3.0, 4.0, 5.0], "country": pd.array(["NL", "BE", None, "NL", "DE"], dtype="str")},
    index=pd.Index([10, 11, 12, 13, 14]),
)


def test_the_most_frequent_level_is_the_reference() -> None:
    before = TABLE.copy()
    found = coded(TABLE)
    pd.testing.assert_frame_equal(TABLE, before)
    assert list(found.columns) == ["x", "country: BE", "country: DE"]
    assert found.columns["country: DE"].tolist()[:2] == [0, 0]
    assert found.columns.loc[12].isna().tolist() == [False, True, True]
    assert found.factors == (("country: BE", "country: DE"),)
    assert "NL (2 rijen)" in found.notes[0]["nl"]


def test_another_reference_and_numbers_alone() -> None:
    found = coded(TABLE, {"country": "DE"})
    assert list(found.columns) == ["x", "country: BE", "country: NL"]
    plain = coded(TABLE[["x"]])
    assert (plain.factors, plain.notes) == ((), ())
    pd.testing.assert_frame_equal(plain.columns, TABLE[["x"]])


def test_every_mistake_at_once() -> None:
    wrong = TABLE.assign(same="a", remark=[f"text {i}" for i in range(5)])
    wrong = pd.concat([wrong] * 3, ignore_index=True)
    wrong["remark"] = [f"text {i}" for i in range(15)]
    with pytest.raises(InputError) as caught:
        coded(wrong, {"x": "1", "country": "FR"})
    assert [problem.rule for problem in caught.value.problems] == ["reference", "reference", "one-level", "many-levels"]
    assert all(problem.fix for problem in caught.value.problems)
