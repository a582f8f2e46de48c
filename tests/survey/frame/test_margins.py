"""Targets of raking, from the frame and from a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from clustergov.problems import InputError
from clustergov.survey.frame.frame import read_frame
from clustergov.survey.frame.margins import margins_of, read_margins


def test_margins_of_a_frame(frame_file: Path) -> None:
    found = margins_of(read_frame(frame_file), ["country", "sector"])
    assert found.targets["country"].to_dict() == {"BE": 2, "DE": 1, "NL": 3}
    assert found.total == 6
    with pytest.raises(InputError) as error:
        margins_of(read_frame(frame_file), ["region", "size"])
    assert len(error.value.problems) == 2


def test_counts_and_shares(tmp_path: Path) -> None:
    path = tmp_path / "targets.csv"
    path.write_text("variable;category;share\ncountry;NL;62,5\ncountry;BE;37,5\n", encoding="utf-8")
    assert read_margins(path, population=80).targets["country"].to_dict() == {"NL": 50.0, "BE": 30.0}
    path.write_text("variable,category,count\ncountry,NL,50\ncountry,BE,30\nsector,ict,80\n", encoding="utf-8")
    found = read_margins(path, population=1)
    assert found.targets["sector"].to_dict() == {"ict": 80.0}
    assert found.total == 80


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("variable,count\ncountry,3\n", {"missing-column"}),
        ("variable,category,count\ncountry,NL,0\ncountry,NL,x\n", {"target", "duplicate"}),
        ("variable,category,share\ncountry,NL,0.5\ncountry,BE,0.4\n", {"target-total"}),
        ("variable,category,count\ncountry,NL,10\nsector,ict,12\n", {"target-total"}),
    ],
)
def test_mistakes(tmp_path: Path, text: str, rules: set[str]) -> None:
    path = tmp_path / "targets.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as error:
        read_margins(path, population=100)
    assert {problem.rule for problem in error.value.problems} == rules
