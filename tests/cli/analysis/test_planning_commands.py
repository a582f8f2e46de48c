"""``clustergov analysis power``, ``plan`` and ``sweet-spot``: on a study, on any table, and on bad input."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner, Result

from clustergov.cli import command

REFERENCE = Path(__file__).parents[2] / "reference"
PEAK = REFERENCE / "sweet_spot-peak.csv"


def told_by(*words: object) -> str:
    """What a user reads: the message, whether the runner of the tests or our own turns the error into it."""
    result = run(*words)
    return f"{result.output} {result.exception or ''}"


def run(*words: object) -> Result:
    return CliRunner().invoke(command, ["analysis", *map(str, words)])


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("studies") / "study"
    result = CliRunner().invoke(command, ["new", str(folder), "--example"])
    assert result.exit_code == 0, result.output
    return folder


def test_sweet_spot_of_a_study_and_of_a_table(study: Path, tmp_path: Path) -> None:
    result = run("sweet-spot", study)
    assert result.exit_code == 0, result.output
    assert result.output.startswith("SYNTHETIC")
    assert "In" in result.output
    assert "29 countries" in result.output
    file = tmp_path / "found.json"
    result = run("sweet-spot", PEAK, "--share", "x", "--outcome", "y", "--controls", "z,w", "--json", file)
    assert result.exit_code == 0, result.output
    found = json.loads(file.read_text(encoding="utf-8"))
    assert found["verdict"] in ("optimum near", "optimum may be")
    assert found["result"]["tested"]["linear"]["slope"] == pytest.approx(
        pd.read_csv(REFERENCE / "sweet_spot.csv").query("data == 'peak' and part == 'linear'")["value"].iloc[0],
        rel=1e-9,
    )


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ("column named q", ("sweet-spot", PEAK, "--share", "q", "--outcome", "y")),
        ("expected names of columns", ("sweet-spot", PEAK, "--outcome", "y")),
        ("inside --limits", ("sweet-spot", PEAK, "--share", "x", "--outcome", "y", "--optimum", 95)),
        ("two numbers", ("sweet-spot", PEAK, "--share", "x", "--outcome", "y", "--limits", "a")),
        ("outside 0 to 10", ("sweet-spot", PEAK, "--share", "x", "--outcome", "y", "--limits", "0:10", "--optimum", 5, "--margin", 1)),
        ("different values", ("sweet-spot", PEAK, "--share", "w", "--outcome", "y")),
        ("no such file", ("sweet-spot", "nowhere.csv", "--share", "w", "--outcome", "y")),
        ("too few", ("power", "--family", "linear", "--predictors", 9, "--effect", 0.2, "--n", 8)),
        ("numbers with commas", ("power", "--family", "tau", "--effect", "x", "--n", 8)),
        ("numbers with commas", ("power", "--family", "tau", "--effect", 0.1, "--n", 8.5)),
        ("no DATA", ("power", "--family", "linear", "--predictors", "x,z", "--effect", 0.2, "--n", 50)),
        ("declares drivers", ("power", PEAK, "--family", "linear", "--predictors", "declared", "--effect", 0.2, "--n", 50)),
        ("not possible", ("power", "--family", "tau", "--effect", 0.99, "--n", 50)),
        ("shares above 0", ("power", "--family", "tau", "--effect", 0.1, "--n", 50, "--shares", "0,0")),
        ("shares above 0", ("power", "--family", "ordinal", "--effect", 0.1, "--n", 50, "--shares", "nan,1")),
        ("at most 20,000", ("power", "--family", "linear", "--effect", 0.3, "--n", "1e9")),
        ("between −1000 and 1000", ("power", "--family", "linear", "--effect", 1e308, "--n", 60)),
        ("No draw could be fitted", ("power", "--family", "binomial", "--effect", 1000, "--n", 60, "--draws", 20)),
        ("named in --share and in --controls", ("sweet-spot", PEAK, "--share", "x", "--outcome", "y", "--controls", "x")),
        ("named in --outcome and in --controls", ("sweet-spot", PEAK, "--share", "x", "--outcome", "y", "--controls", "y")),
        ("named in --share and in --outcome", ("sweet-spot", PEAK, "--share", "x", "--outcome", "x")),
        ("--mean-margin inside --limits", ("sweet-spot", PEAK, "--share", "x", "--outcome", "y", "--mean-margin", 50)),
        ("study.yml", ("plan", "freeze", "nowhere")),
        ("study.yml", ("plan", "check", "nowhere")),
    ],
)  # fmt: skip
def test_bad_input_is_one_message_and_exit_code_2(told: str, words: tuple[object, ...]) -> None:
    result = run(*words)
    # The group's own runner turns these into messages; under the test's runner they are still errors of the input.
    message = result.output + str(result.exception or "")
    assert told in message
    assert result.exit_code in (1, 2)
    assert type(result.exception).__name__ in ("InputError", "SystemExit"), result.exception


@pytest.mark.parametrize(
    "words",
    [
        ("sweet-spot", PEAK, "--share", "x", "--outcome", "y", "--seed", -1),
        ("sweet-spot", PEAK, "--share", "x", "--outcome", "y", "--level", "nan"),
        ("power", "--family", "linear", "--effect", 0.3, "--n", 60, "--seed", -1),
        ("power", "--family", "equivalence", "--effect", 0.3, "--n", 60, "--margin", "nan"),
        ("power", "--family", "equivalence", "--effect", 0.3, "--n", 60, "--sd", "inf"),
        ("power", "--family", "fractional", "--effect", 0.3, "--n", 60, "--precision", "nan"),
        ("power", "--family", "groups", "--effect", 0.3, "--n", 60, "--correlation", "nan"),
        ("power", "--family", "linear", "--effect", 0.3, "--n", 60, "--target", "nan"),
    ],
)
def test_options_that_are_no_number_are_refused_as_such(words: tuple[object, ...]) -> None:
    result = run(*words)
    assert result.exit_code == 2
    assert f"Invalid value for '{words[-2]}'" in result.output


def test_margins_follow_the_limits_and_a_refusal_is_told_once(tmp_path: Path) -> None:
    table = pd.read_csv(PEAK)
    table["part"], table["none"] = table["x"] / 100, 1.0
    file = tmp_path / "parts.csv"
    table.to_csv(file, index=False)
    limits = ("--limits", "0:1", "--optimum", 0.6)
    result = run("sweet-spot", file, "--share", "part", "--outcome", "y", *limits)
    assert result.exit_code == 0, result.output
    # A twentieth of the limits: five points of a share in whole percentages.
    assert "0.05 points" in result.output.replace("\n", " ")
    assert "within 0.10 points of 0.60" in result.output or "below 0.50" in result.output
    again = told_by("sweet-spot", file, "--share", "part", "--outcome", "none", *limits)
    assert again.count("nothing to explain") == 1


@pytest.mark.parametrize("family", ["linear", "ordinal", "binomial", "fractional", "tau", "groups", "equivalence"])
def test_power_of_every_family(family: str, tmp_path: Path) -> None:
    file = tmp_path / "power.json"
    result = run("power", "--family", family, "--effect", 0.3, "--n", "40,80", "--draws", 60, "--json", file)
    assert result.exit_code == 0, result.output
    found = json.loads(file.read_text(encoding="utf-8"))
    assert len(found["table"]["rows"]) == 2
    assert all(
        0 <= point["rate"]["interval"]["low"] <= point["rate"]["interval"]["high"] <= 1
        for point in found["power"]["points"]
    )
    assert "n = 80" in result.output


def test_power_from_a_table_and_from_declared_drivers(study: Path) -> None:
    words = ("--effect", 0.3, "--n", 60, "--draws", 60)
    for data, more in (
        (PEAK, ("--family", "linear", "--predictors", "x,z")),
        (PEAK, ("--family", "ordinal", "--predictors", "x,z", "--outcome", "w")),
        (PEAK, ("--family", "tau", "--predictors", "w", "--outcome", "w", "--effect", 0.2)),
        (PEAK, ("--family", "equivalence", "--outcome", "x")),
        (study, ("--family", "linear", "--predictors", "declared")),
        (study, ("--family", "groups", "--outcome", "country", "--by-country")),
    ):
        result = run("power", data, *words, *more)
        assert result.exit_code == 0, (more, result.output, result.exception)
        assert np.isfinite(
            float(result.output.split("found in ")[-1].split("%")[0]) if "found in" in result.output else 0
        )


def test_a_plan_is_frozen_checked_and_deviated_from(study: Path) -> None:
    (study / "analysis" / "plan.lock.json").unlink()
    assert "plan freeze" in told_by("plan", "check", study)
    result = run("plan", "freeze", study, "--date", "2026-01-31", "--note", "deposited at osf.io")
    assert result.exit_code == 0, result.output
    assert "Hash: " in result.output
    assert run("plan", "check", study).exit_code == 0
    verdicts = study / "analysis" / "verdicts.yml"
    text = verdicts.read_text(encoding="utf-8")
    verdicts.write_text("# a remark\n" + text, encoding="utf-8")
    assert run("plan", "check", study).exit_code == 0
    verdicts.write_text(text.replace("alpha: 0.05", "alpha: 0.10"), encoding="utf-8")
    result = run("plan", "check", study)
    assert result.exit_code == 1
    assert "verdicts.yml, alpha: changed from 0.05 to 0.1" in result.output
    again = run("plan", "freeze", study)
    assert again.exit_code != 0  # a frozen plan is not replaced by accident
    verdicts.write_text(text, encoding="utf-8")
    (study / "analysis" / "plan.lock.json").write_text("{", encoding="utf-8")
    assert "no JSON" in told_by("plan", "check", study)
    assert "date such as" in told_by("plan", "freeze", study, "--date", "31-1-2026")
