"""``clustergov analysis missing``: a study, plain tables, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result

from clustergov.cli import command

REFERENCE = Path(__file__).parents[1] / "reference"
NHANES = REFERENCE / "imputation-nhanes.csv"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(command, ["analysis", "missing", *map(str, arguments)])


def test_a_plain_table(tmp_path: Path) -> None:
    result = run(
        NHANES, "--items", "age,bmi,hyp,chl", "-m", 5, "--json", tmp_path / "a.json", "--out", tmp_path / "a.csv"
    )
    assert result.exit_code == 0, result.output
    assert "Of the 25 rows 13 are complete" in result.output
    assert "bmi, hyp, chl" in result.output
    found = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))
    assert found["flow"]["rows"][-1][-1] == 13
    assert set(found["sentences"]) == {"nl", "en"}
    assert found["synthetic"] is False
    long = pd.read_csv(tmp_path / "a.csv")
    assert list(long.columns) == ["imputation", "row", "age", "bmi", "hyp", "chl"]
    assert len(long) == 5 * 25
    assert not long.isna().any(axis=None)


def test_methods_by_column(tmp_path: Path) -> None:
    result = run(
        NHANES, "--items", "age,bmi,hyp,chl", "--method", "norm,hyp=logit", "-m", 3, "--json", tmp_path / "a.json"
    )
    assert result.exit_code in (0, 1), result.output
    found = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))
    at = found["variables"]["columns"].index("method")
    assert [row[at] for row in found["variables"]["rows"]] == ["", "norm", "logit", "norm"]


def test_a_study(root: Path) -> None:
    result = run(root, "--items", "performance,external_growth,staff", "-m", 2, "--iterations", 4)
    assert "SYNTHETIC" in result.output
    assert "performance is a score" in result.output
    assert result.exit_code in (0, 1)


def test_chains_that_stay_apart_give_1(tmp_path: Path) -> None:
    file = tmp_path / "apart.csv"
    pd.DataFrame(
        {
            "x": [*range(8), *[None] * 30],
            "y": [*(at**2 / 10 for at in range(7)), *[None] * 31],
            "z": [at % 7 for at in range(38)],
        }
    ).to_csv(file, index=False)
    result = run(file, "--items", "x,y,z", "--method", "norm", "-m", 10, "--iterations", 12)
    assert result.exit_code == 1, result.output
    assert "have not come together" in result.output


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--items", "age,nobody"), "expected a column named nobody"),
        (("--items", "age,bmi", "--method", "forest"), "found “forest”"),
        (("--items", "age,bmi", "--method", "z=pmm"), "found “z”"),
        (("--items", "age,bmi", "--method", "bmi=logit"), "logit is for two values"),
        (("--items", "age,bmi", "--out", "nowhere/x.csv"), "--out"),
    ],
)
def test_bad_input_is_told_and_gives_2(arguments: tuple[str, ...], told: str) -> None:
    result = run(NHANES, *arguments)
    assert result.exit_code == 2
    assert told in result.output


def test_an_empty_column_is_told(tmp_path: Path) -> None:
    file = tmp_path / "empty.csv"
    file.write_text("a,b\n1,\n2,\n3,\n", encoding="utf-8")
    result = run(file, "--items", "a,b")
    assert result.exit_code == 2
    assert "all-missing" in result.output
