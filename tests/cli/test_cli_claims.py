"""``clustergov analysis claims`` and ``recheck``: studies, responses, waves, and bad input told without a traceback."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result

from clustergov.cli import command


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(command, ["analysis", *map(str, arguments)])


@pytest.fixture(scope="module")
def given(root: Path) -> tuple[str | Path, ...]:
    """Stored responses with their questionnaire and two registries."""
    return (
        "claims", root / "tests" / "reference" / "shipped-responses.csv",
        "--questionnaire", root / "instruments" / "cluster-organisation.yml",
        "--claims", root / "analysis" / "claims.yml", "--claims", root / "analysis" / "greenbook.yml",
    )  # fmt: skip


@pytest.fixture(scope="module")
def written(given: tuple[str | Path, ...], tmp_path_factory: pytest.TempPathFactory) -> tuple[Result, Path]:
    file = tmp_path_factory.mktemp("claims") / "wave.json"
    return run(*given, "--recheck", "--json", file), file


def test_responses_with_two_registries(written: tuple[Result, Path]) -> None:
    result, file = written
    assert result.exit_code == 0, result.output
    assert result.output.startswith("SYNTHETIC")
    assert "G4" in result.output
    assert "Deviations from the originals: 13." in result.output
    assert "it is possible only from n = 235" in result.output
    content = json.loads(file.read_text(encoding="utf-8"))
    assert content["synthetic"] is True
    assert len(content["claims"]) == 20
    columns = content["criteria"]["columns"]
    assert columns[:3] == ["part", "criterion", "says"]
    assert len(content["criteria"]["rows"]) == 7 * 14
    assert {row[0] for row in content["wave"]["rows"]} >= {"9a", "G1a"}
    assert content["pooled"] is None


def test_waves_are_pooled(written: tuple[Result, Path], given: tuple[str | Path, ...], tmp_path: Path) -> None:
    result = run(*given, "--pool", written[1], "--json", tmp_path / "pooled.json")
    assert result.exit_code == 0, result.output
    assert "Pooled over 2 waves" in result.output
    rows = json.loads((tmp_path / "pooled.json").read_text(encoding="utf-8"))["pooled"]
    assert rows["columns"][:2] == ["part", "n"]


def test_copied_respondents_are_told(given: tuple[str | Path, ...], tmp_path: Path) -> None:
    lines = Path(given[1]).read_text(encoding="utf-8").splitlines()
    copied = tmp_path / "copied.csv"
    again = lines[5].replace(lines[5].split(",")[0], "R9999", 1)
    copied.write_text("\n".join([*lines, again]) + "\n", encoding="utf-8")
    result = run(given[0], copied, *given[2:])
    assert result.exit_code == 0, result.output
    assert "Caution" in result.output
    assert "R9999" in result.output


def test_an_infinite_answer_is_told(given: tuple[str | Path, ...], tmp_path: Path) -> None:
    table = pd.read_csv(given[1], dtype=str, keep_default_na=False)
    table.loc[3, "firms"] = "inf"
    table.to_csv(tmp_path / "infinite.csv", index=False)
    result = run(given[0], tmp_path / "infinite.csv", *given[2:])
    assert result.exit_code == 0, result.output
    assert "Caution: Answers that the questionnaire does not allow: 1 (firms “inf” (not-a-number, 5);" in result.output


def test_a_study_names_its_own_claims(root: Path) -> None:
    result = run("claims", root, "--language", "nl")
    assert result.exit_code == 0, result.output
    assert "Onderdeel 9a" in result.output


def test_bad_input_is_named(given: tuple[str | Path, ...], root: Path, tmp_path: Path) -> None:
    table = tmp_path / "plain.csv"
    table.write_text("a,b\n1,2\n3,4\n", encoding="utf-8")
    for arguments, rule in (
        (("claims", table), "no-questionnaire"),
        (given[:4], "no-claims"),
        ((*given, "--claims", root / "analysis" / "claims.yml"), "duplicate-id"),
        ((*given, "--pool", table), "no-wave"),
        ((*given, "--pool", tmp_path / "absent.json"), "missing-file"),
        ((*given, "--verdicts", tmp_path / "absent.yml"), "missing-file"),
        (("claims", tmp_path / "absent"), "missing-file"),
    ):
        result = run(*arguments)
        assert result.exit_code == 2, (rule, result.output)
        assert f"[{rule}]" in result.output, result.output


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        ("--statistic tau --value .11 --p .05 --n 120:400", 0, "can stand together"),
        ("--statistic tau --value .11 --p <=.05 --n 60", 1, "only from n = 133"),
        ("--statistic tau --value .10 --p <=.05 --n 155:356 --categories 2,0", 0, "235"),
        ("--statistic tau --value .11 --p <=.05", 0, "not checkable"),
        ("--statistic r --value .11 --p <=.05 --n 100", 1, "cannot"),
        ("--statistic t --value 2.20 --df 28 --p .03", 1, "0.0358"),
        ("--statistic t --value 2.20 --df 28 --p .02 --direction positive", 0, "can stand"),
        ("--statistic F --value 4.20 --df 1,40 --p .047", 0, "can stand"),
        ("--statistic chi2 --value 8.10 --df 3 --p .044", 0, "can stand"),
        ("--statistic z --value 1.96 --p .05", 0, "can stand"),
        ("--statistic mean --value 5.19 --n 28", 1, "5.1786"),
        ("--statistic mean --value 3.00 --sd 2.90 --n 10 --scale 1:5", 1, "No answers"),
        ("--statistic percentage --value 89% --n 8", 1, "87.50%"),
        ("--statistic shares --value 33,33,33", 0, "100"),
        ("--statistic percentage --value 89%", 0, "not checkable"),
        ("--statistic tau --value 1.11 --p .05 --n 100", 2, "[impossible-correlation]"),
        ("--statistic tau --value .11 --p 1.5 --n 100", 2, "[impossible-p]"),
        ("--statistic tau --value .11 --p .05 --n 0", 2, "[impossible-figure]"),
        ("--statistic tau --value .11 --p .05 --n 400:100", 2, "[impossible-figure]"),
        ("--statistic tau --value .11 --p .05 --n many", 2, "[not-a-range]"),
        ("--statistic tau --value eleven --p .05 --n 100", 2, "[not-a-number]"),
        ("--statistic tau --value .11 --p .05 --n 400:100", 2, "the smaller first"),
        ("--statistic tau --value .11 --p <0 --n 100", 2, "[impossible-p]"),
        ("--statistic tau --value .11 --p >1 --n 100", 2, "[impossible-p]"),
        ("--statistic mean --value 3.44 --n 18 --scale 5:1", 2, "least answer first"),
        ("--statistic t --value 2.2 --df 0 --p .05", 2, "[impossible-df]"),
    ],
)
def test_recheck_without_data(arguments: str, code: int, told: str) -> None:
    result = run("recheck", *arguments.split(" "))
    assert result.exit_code == code, result.output
    assert told in result.output, result.output
    assert result.exception is None or isinstance(result.exception, SystemExit)


def test_recheck_is_written(tmp_path: Path) -> None:
    file = tmp_path / "recheck.json"
    run("recheck", "--statistic", "tau", "--value", ".11", "--p", "<= .05", "--n", "120:400", "--json", file)
    content = json.loads(file.read_text(encoding="utf-8"))
    assert content["finding"] == "consistent"
    assert content["least"] == 133
