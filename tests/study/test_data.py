"""DATA of the analysis commands: studies, responses and plain tables, and what is wrong with columns."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from clustergov.problems import InputError
from clustergov.study.data import read_data


def _file(folder: Path, text: str) -> Path:
    path = folder / "plain.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_plain_table_tells_numbers_from_words(tmp_path: Path) -> None:
    data = read_data(_file(tmp_path, "a,b,land\n1,0.5,NL\n,NA,DE\n3,2,NL\n"))
    numbers = data.numbers(["b", "a"], option="--items")
    assert list(numbers.columns) == ["b", "a"]
    np.testing.assert_array_equal(numbers["a"], [1, np.nan, 3])
    assert list(data.labels("land", option="--group")) == ["NL", "DE", "NL"]
    assert data.labels("a", option="--group").tolist()[0] == "1"
    assert not data.synthetic


def test_decimal_commas(tmp_path: Path) -> None:
    data = read_data(_file(tmp_path, "a;b\n1,5;2\n2,25;3\n"))
    assert data.numbers(["a"], option="--items")["a"].tolist() == [1.5, 2.25]


@pytest.mark.parametrize(
    ("text", "rule", "words"),
    [
        ("a,b\n1,x\n2,y\n", "not-numeric", "“x” (row 2), “y” (row 3)"),
        ("a,b\n1,\n2,NA\n", "all-missing", "no value"),
        ("a,b\n1,inf\n2,3\n", "infinite", "row 2"),
        ("a,c\n1,1\n2,3\n", "unknown-column", "found a, c"),
    ],
)
def test_every_bad_column_is_named(tmp_path: Path, text: str, rule: str, words: str) -> None:
    with pytest.raises(InputError) as caught:
        read_data(_file(tmp_path, text)).numbers(["a", "b"], option="--items")
    assert [problem.rule for problem in caught.value.problems] == [rule]
    assert words in str(caught.value)


def test_a_study_is_drawn_and_scored(root: Path) -> None:
    data = read_data(root)
    assert data.synthetic
    assert data.responses is not None
    assert {"performance", "staff", "external_growth"} <= set(data.table.columns)
    assert pd.api.types.is_float_dtype(data.table["staff"].dtype)
    assert data.table["performance"].between(1, 5).mean() > 0.9
