"""``clustergov analysis reliability`` and ``factors``: a study, responses, plain tables, and what they refuse."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result

from clustergov.cli import command

REFERENCE = Path(__file__).parents[1] / "reference"
AGREE = "A1,A2,A3,A4,A5"


def call(*arguments: object) -> Result:
    return CliRunner().invoke(command, ["analysis", *map(str, arguments)])


@pytest.fixture(scope="module")
def bfi(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("bfi") / "bfi.csv"
    pd.read_csv(REFERENCE / "scales-bfi.csv.gz").iloc[:600].to_csv(path, index=False)
    return path


def numbers(value: object) -> list[float]:
    if isinstance(value, dict):
        return [number for part in value.values() for number in numbers(part)]
    if isinstance(value, list):
        return [number for part in value for number in numbers(part)]
    return [value] if isinstance(value, float) else []


def test_named_items_are_turned_and_told(bfi: Path, tmp_path: Path) -> None:
    out = tmp_path / "r.json"
    result = call("reliability", bfi, "--items", AGREE, "--reverse", "A1", "--range", "1:6", "--draws", 100,
                  "--omega-factors", 2, "--json", out)  # fmt: skip
    assert result.exit_code == 0, result.output
    assert "McDonald's ω total" in result.output
    assert "set equal" in result.output
    content = json.loads(out.read_text(encoding="utf-8"))
    [scale] = content["scales"]
    values = pd.read_csv(bfi)[AGREE.split(",")]
    values["A1"] = 7 - values["A1"]
    assert scale["result"]["alpha"]["means"] == pytest.approx(values.mean().tolist(), rel=1e-14)
    k, total = 5, values.sum(axis=1).var()
    assert scale["result"]["alpha"]["alpha"] == pytest.approx(k / (k - 1) * (1 - values.var().sum() / total), rel=1e-12)
    assert scale["result"]["omega"]["omega"] > scale["result"]["alpha"]["alpha"]
    assert scale["result"]["alpha"]["reversed"] == ["A1"]
    assert scale["sentences"]["nl"].startswith("A1, A2, A3, A4, A5: Cronbachs α")


def test_same_seed_same_file(bfi: Path, tmp_path: Path) -> None:
    written = []
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        out = tmp_path / f"{name}.json"
        call("reliability", bfi, "--items", AGREE, "--draws", 50, "--seed", seed, "--json", out)
        written.append(out.read_text(encoding="utf-8"))
    assert written[0] == written[1] != written[2]


def test_every_scale_of_the_shipped_study(root: Path, tmp_path: Path) -> None:
    out = tmp_path / "s.json"
    result = call("reliability", root, "--draws", 50, "--json", out)
    assert result.exit_code == 0, result.output
    assert "SYNTHETIC" in result.output
    assert "Self-rated performance" in result.output
    content = json.loads(out.read_text(encoding="utf-8"))
    assert content["synthetic"] is True
    assert len(content["scales"]) > 5
    assert all(math.isfinite(number) for number in numbers(content))
    assert all(found["reason"]["nl"] for found in content["not_computed"])


@pytest.mark.parametrize("correlation", ["pearson", "polychoric"])
def test_factors_of_a_plain_table(bfi: Path, tmp_path: Path, correlation: str) -> None:
    out = tmp_path / "f.json"
    items = ",".join(pd.read_csv(bfi).columns[:10])
    result = call("factors", bfi, "--items", items, "--correlation", correlation, "--draws", 40, "--json", out)
    assert result.exit_code == 0, result.output
    assert "Kaiser–Meyer–Olkin" in result.output
    assert "Correlations of the factors" in result.output
    content = json.loads(out.read_text(encoding="utf-8"))
    assert content["exploration"]["factors"] == content["parallel"]["component_count"] == 2
    assert len(content["correlations"]["matrix"]) == 10
    assert content["exploration"]["correlation"] == correlation


def test_the_choices_reach_the_result(bfi: Path, tmp_path: Path) -> None:
    out = tmp_path / "f.json"
    result = call("factors", bfi, "--items", "A2,A3,A5,C1,C2,C3", "--factors", 2, "--method", "ml", "--rotation", "varimax",
                  "--no-kaiser", "--draws", 20, "--json", out)  # fmt: skip
    assert result.exit_code == 0, result.output
    found = json.loads(out.read_text(encoding="utf-8"))["exploration"]
    assert (found["factors"], found["method"], found["rotation"], found["kaiser"]) == (2, "ml", "varimax", False)
    assert "Correlations of the factors" not in result.output


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["reliability", "{bfi}"], "does not say which columns are a scale"),
        (["reliability", "{bfi}", "--items", "A1,zz"], "expected a column named zz"),
        (["reliability", "{bfi}", "--items", "A1"], "at least 2 are needed"),
        (["reliability", "{bfi}", "--items", "A1,A1,A2"], "A1 is named twice"),
        (["reliability", "{bfi}", "--items", AGREE, "--reverse", "A1"], "Add --range"),
        (["reliability", "{bfi}", "--items", AGREE, "--reverse", "C1", "--range", "1:6"], "not among --items"),
        (["reliability", "{bfi}", "--items", AGREE, "--range", "1:5"], "expected answers from 1 to 5 in A1"),
        (["reliability", "{bfi}", "--items", AGREE, "--range", "6:1"], "with a colon between"),
        (["reliability", "{bfi}", "--items", AGREE, "--range", "nan:1"], "with a colon between"),
        (["reliability", "{bfi}", "--reverse", "A1"], "Add --items"),
        (["factors", "{bfi}"], "Name columns with --items"),
        (["factors", "{bfi}", "--items", "A1,A2"], "at least 3 are needed"),
        (["factors", "{bfi}", "--items", AGREE, "--factors", "0"], "expected a number of factors from 1"),
        (["factors", "{bfi}", "--items", AGREE, "--factors", "4"], "Factors asked for: 4; 5 items cannot tell"),
        (["factors", "{bfi}", "--items", AGREE, "--estimator", "ML"], "only a model takes these: --estimator"),
        (["factors", "{bfi}", "--items", AGREE, "--model", "m.lav"], "these options explore: --items"),
        (["factors", "{bad}", "--items", "a,b,c"], "copies of each other"),
        (["factors", "{bad}", "--items", "a,b,constant"], "the same answer to constant"),
        (["factors", "{bad}", "--items", "a,b,empty"], "found no value"),
        (["factors", "{bad}", "--items", "a,b,words"], "“often” (row 2)"),
        (["reliability", "{bad}", "--items", "a,b,infinite"], "infinite"),
        (["reliability", "{bad}", "--items", "a,b,rare"], "answered each of the 3 items: 3;"),
    ],
)
def test_refuses_by_name(bfi: Path, tmp_path: Path, arguments: list[str], told: str) -> None:
    bad = tmp_path / "bad.csv"
    rows = ["a,b,c,constant,empty,words,infinite,rare"]
    rows += [f"{i % 5},{(i * 7) % 4},{i % 5},2,,{'often' if i % 2 == 0 else 'never'},{'inf' if i == 3 else i % 3},{i if i < 3 else ''}"
             for i in range(40)]  # fmt: skip
    bad.write_text("\n".join(rows) + "\n", encoding="utf-8")
    result = call(*(argument.format(bfi=bfi, bad=bad) for argument in arguments))
    assert result.exit_code == 2, result.output
    assert told in result.output
    assert "Traceback" not in result.output
