"""``clustergov analysis factors --model``: what it prints, writes, and refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from clustergov.cli import command
from factor_model_references import FOLDER, fit, levels

HS = FOLDER / "factor_model-hs.csv"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(command, ["analysis", "factors", *map(str, arguments)])


def model(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "model.txt"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_plain_table(tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    done = run(HS, "--model", FOLDER / "factor_model-hs.lav", "--estimator", "ML", "--json", out)
    assert done.exit_code == 0, done.output
    assert "χ²(24) = 85.31" in done.output
    assert "Loadings" in done.output
    assert "nan" not in done.output
    content = json.loads(out.read_text(encoding="utf-8"))
    assert content["model"]["fit"]["rows"][0][1] == fit("hs-ML").test.chi_square
    assert len(content["model"]["parameters"]["rows"]) == 24
    assert content["modification_indices"]["rows"][0][:3] == ["visual", "=~", "x9"]


def test_the_estimator_is_chosen_and_told(tmp_path: Path) -> None:
    own = FOLDER / "factor_model-own.csv"
    done = run(own, "--model", FOLDER / "factor_model-own.lav")
    assert done.exit_code == 0, done.output
    assert "Estimator WLSMV: an item has fewer than 5 different answers" in done.output
    assert "Thresholds" in done.output
    theta = run(own, "--model", FOLDER / "factor_model-own.lav", "--parameterization", "theta", "--std-lv")
    assert theta.exit_code == 0, theta.output
    assert "Estimator MLR" in run(HS, "--model", FOLDER / "factor_model-hs.lav").output


def test_invariance(tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    done = run(HS, "--model", FOLDER / "factor_model-hs.lav", "--group", "school", "--invariance", "--estimator", "MLR",
               "--json", out)  # fmt: skip
    assert done.exit_code == 0, done.output
    content = json.loads(out.read_text(encoding="utf-8"))["invariance"]
    assert [row[0] for row in content["levels"]["rows"]] == ["configural", "metric", "scalar", "strict"]
    assert content["levels"]["rows"][1][2] == levels("school-MLR").frame().loc[1, "chi_square"]


def test_groups_without_levels(tmp_path: Path) -> None:
    done = run(HS, "--model", FOLDER / "factor_model-hs.lav", "--group", "school")
    assert done.exit_code == 0, done.output
    assert "Grant-White" in done.output


def test_marker(tmp_path: Path) -> None:
    two = model(tmp_path, "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6")
    done = run(HS, "--model", two, "--marker", "x7,x8", "--estimator", "ML", "--json", tmp_path / "out.json")
    assert done.exit_code == 0, done.output
    assert "never its absence" in done.output
    assert "Harman" not in done.output


@pytest.mark.parametrize(
    ("text", "options", "said"),
    [
        ("f =~ x1 ++ x2", (), "model.txt:1:10"),
        ("f =~ x1 + x2 + x99", (), "unknown-column"),
        ("f =~ x1 + x2 + school", (), "not-numeric"),
        ("f =~ x1 + x2", ("--estimator", "ML"), "not identified"),
        ("f =~ x1 + x2 + x3", ("--invariance",), "--group"),
        ("f =~ x1 + x2 + x3", ("--marker", "x3"), "belongs to no factor"),
        ("f =~ x1 + x2 + x3", ("--marker", "x4", "--group", "school"), "leave out --group"),
        ("f =~ x1 + x2 + x3", ("--estimator", "WLSMV"), "no ordinal item"),
        ("f =~ x1 + x2 + x3\na ~ f", (), "regressions are fitted among factors only"),
    ],
)
def test_refuses_in_one_message(tmp_path: Path, text: str, options: tuple[str, ...], said: str) -> None:
    done = run(HS, "--model", model(tmp_path, text), *options)
    assert done.exit_code == 2, done.output
    assert said in done.output
    assert "Traceback" not in done.output


def test_a_file_that_is_not_there() -> None:
    done = run(HS, "--model", "nothing.txt")
    assert done.exit_code == 2
    assert "nothing.txt" in done.output


def test_a_study(tmp_path: Path) -> None:
    root = Path(__file__).parents[3]
    lines = "performance =~ external_growth + external_innov + external_compet + internal_goals"
    done = run(root, "--model", model(tmp_path, lines), "--estimator", "WLSMV")
    assert done.exit_code == 0, done.output
    assert "SYNTHETIC" in done.output


def test_unknown_items_are_told_where_they_stand(tmp_path: Path) -> None:
    done = run(HS, "--model", model(tmp_path, "f =~ x1 + x2 + x3\n  + who\ng =~ x4 + x5 + what"), "--estimator", "ML")
    assert done.exit_code == 2
    assert "model.txt:2:5" in done.output
    assert "has no column who" in done.output
    assert "model.txt:3:16" in done.output


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    done = run(HS, "--model", model(tmp_path, "\ufefff =~ x1 + x2 + x3 + x4"), "--estimator", "ML")
    assert done.exit_code == 0, done.output
