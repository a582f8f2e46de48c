"""The design of respondents: frame, strata, weights and population belong together, or it is told why not."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from clustergov.problems import InputError
from clustergov.survey.frame.design import design_of, read_weights
from clustergov.survey.frame.frame import SamplingFrame, read_frame


def ids(*names: str) -> pd.Index:
    return pd.Index(names, dtype="str", name="id")


def stratified(tmp_path: Path, rows: str) -> SamplingFrame:
    path = tmp_path / "strata.csv"
    path.write_text("id,stratum\n" + rows, encoding="utf-8")
    return read_frame(path)


def test_frame_alone(frame_file: Path) -> None:
    found = design_of(ids("p1", "p4"), frame=read_frame(frame_file))
    assert (found.population, found.weights, found.strata) == (6, None, None)


def test_strata_without_weights_weigh_by_their_size(tmp_path: Path) -> None:
    frame = stratified(tmp_path, "a,large\nb,large\nc,large\nd,large\ne,small\nf,small\n")
    found = design_of(ids("a", "c", "e", "f"), frame=frame)
    assert found.populations == {"large": 4, "small": 2}
    assert found.weights is not None
    assert found.weights.to_dict() == {"a": 2.0, "c": 2.0, "e": 1.0, "f": 1.0}
    weights, strata, sizes = found.of(ids("f", "a"))
    assert (weights.tolist(), strata.tolist(), sizes.tolist()) == ([1.0, 2.0], [0, 1], [2.0, 4.0])


def test_lonely_and_empty_strata_are_refused(tmp_path: Path) -> None:
    frame = stratified(tmp_path, "a,large\nb,large\nc,mid\nd,mid\ne,small\nf,small\ng,one\n")
    with pytest.raises(InputError) as error:
        design_of(ids("a", "b", "c", "g"), frame=frame)
    message = str(error.value)
    assert "mid (1 of 2)" in message
    assert "small (0 of 2)" in message
    assert "one (1 of 1)" not in message  # the only member of a stratum says all there is to say of it


def test_what_does_not_belong_together_is_told_at_once(frame_file: Path) -> None:
    weights = pd.Series([1.0, 2.0], index=ids("p1", "p9"))
    with pytest.raises(InputError) as error:
        design_of(ids("p1", "x", "p2"), frame=read_frame(frame_file), weights=weights, file="weights.csv")
    assert [problem.rule for problem in error.value.problems] == ["not-in-frame", "no-weight", "weight-of-nobody"]
    with pytest.raises(InputError, match="at most 2"):
        design_of(ids("a", "b", "c"), population=2)


def test_weights_file(tmp_path: Path) -> None:
    path = tmp_path / "weights.csv"
    path.write_text("id;gewicht\np1;1,25\np2;0,75\n", encoding="utf-8")
    assert read_weights(path).to_dict() == {"p1": 1.25, "p2": 0.75}
    path.write_text("id,weight\np1,0\np1,x\np2,-1\n", encoding="utf-8")
    with pytest.raises(InputError) as error:
        read_weights(path)
    assert [problem.rule for problem in error.value.problems] == [
        "duplicate-id",
        "weight",
        "duplicate-id",
        "weight",
        "weight",
    ]
    path.write_text("id,score\np1,1\n", encoding="utf-8")
    with pytest.raises(InputError, match="survey weights"):
        read_weights(path)
