"""``clustergov casestudies qca`` beyond a solution: robustness, a plot, and the analysis that a study declares."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from clustergov.cli import command

DATA = Path(__file__).parents[2] / "reference" / "qca_robustness-lipf.csv"
SETS = (
    "--outcome",
    "SURVIVED",
    "--conditions",
    "RAW,URBAN,LITERATE,INDUSTRIAL,STABLE",
    "--calibrate",
    "RAW: 400, 550, 900",
)


def call(*arguments: object) -> Result:
    return CliRunner().invoke(command, ["casestudies", "qca", *map(str, arguments)])


def rows(table: dict[str, Any]) -> list[dict[str, Any]]:
    return [dict(zip(table["columns"], row, strict=True)) for row in table["rows"]]


def test_robustness_and_plot_of_a_table(tmp_path: Path) -> None:
    result = call(DATA, *SETS, "--solution", "parsimonious", "--robustness", "--draws", 50, "--plot", tmp_path / "plot.png",
                  "--json", tmp_path / "result.json")  # fmt: skip
    assert result.exit_code == 0, result.output
    assert "RF_cov" in result.output
    assert (tmp_path / "plot.png").read_bytes().startswith(b"\x89PNG")
    told = json.loads((tmp_path / "result.json").read_text(encoding="utf-8"))["robustness"]
    anchors = [one for one in rows(told["ranges"]) if one["choice"] == "anchor"]
    # Only what is calibrated here can be moved; the end is that of SetMethods' rob.calibrange, between its steps of 1.
    assert {one["name"] for one in anchors} == {"RAW"}
    assert 395 < anchors[0]["low"] <= 396
    assert told["chance"]["draws"] == 50


def test_a_table_without_anchors_still_has_ranges_of_its_cut_offs() -> None:
    result = call(
        DATA, "--outcome", "SURVIVED", "--conditions", "DEVELOPED,URBAN,LITERATE", "--robustness", "--draws", 10
    )
    assert result.exit_code == 0, result.output
    assert "frequency" in result.output


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([DATA, *SETS, "--plot", "here.jpg"], "ending in .png"),
        ([DATA, *SETS, "--plot", "no/such/folder/plot.png"], "folder that exists"),
        ([DATA], "--outcome and --conditions"),
        ([DATA, "--outcome", "SURVIVED"], "--outcome and --conditions"),
        ([DATA, *SETS, "--robustness", "--draws", 0], "draws"),
        ([DATA, *SETS, "--solution", "best"], "solution"),
        (["no-such-study"], "--outcome and --conditions"),
    ],
)
def test_bad_input_is_one_message(arguments: list[object], words: str) -> None:
    result = call(*arguments)
    assert result.exit_code == 2
    assert words in result.output
    assert "Traceback" not in result.output


def test_a_folder_without_a_study_and_a_study_with_options(tmp_path: Path, root: Path) -> None:
    assert "study.yml" in call(tmp_path).output
    assert call(tmp_path).exit_code == 2
    assert call(root, "--outcome", "PERF").exit_code == 2


def test_the_declared_analysis_of_a_study(root: Path, tmp_path: Path) -> None:
    result = call(root, "--json", tmp_path / "result.json", "--plot", tmp_path / "plot.png")
    assert result.exit_code == 0, result.output
    told = json.loads((tmp_path / "result.json").read_text(encoding="utf-8"))
    assert told["synthetic"] is True
    assert {row["outcome"] for row in rows(told["qca truth table"])} == {"PERF", "~PERF"}
    assert (tmp_path / "plot.png").is_file()


def test_a_plot_that_is_there_is_not_overwritten(tmp_path: Path) -> None:
    target = tmp_path / "plot.png"
    target.write_bytes(b"mine")
    assert call(DATA, *SETS, "--plot", target).exit_code == 2
    assert target.read_bytes() == b"mine"
