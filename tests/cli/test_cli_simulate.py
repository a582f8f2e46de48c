"""``clustergov survey simulate``: a questionnaire alone, and a sketch of a model."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result

from clustergov.cli import command


def clustergov(*words: object) -> Result:
    return CliRunner().invoke(command, [str(word) for word in words])


@pytest.mark.parametrize("name", ["benchmark", "cluster-organisation", "governance"])
def test_a_questionnaire_is_enough(name: str, root: Path, tmp_path: Path) -> None:
    questionnaire = root / "instruments" / f"{name}.yml"
    result = clustergov("survey", "simulate", questionnaire, "--n", 30, "--seed", 1, "--out", tmp_path / "a.csv")
    assert result.exit_code == 0, result.output
    assert result.output.startswith("SYNTHETIC: 30 respondents, seed 1")
    written = pd.read_csv(tmp_path / "a.csv", dtype="str")
    assert (written["synthetic"] == "yes").all()
    again = clustergov("survey", "simulate", questionnaire, "--n", 30, "--seed", 1, "--out", tmp_path / "b.csv")
    assert again.exit_code == 0
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()
    checked = clustergov("survey", "check", tmp_path / "a.csv", "--questionnaire", questionnaire)
    assert checked.exit_code == 0, checked.output
    assert "30 SYNTHETIC responses" in checked.output


def test_a_sketch_tells_what_it_planted(root: Path, tmp_path: Path) -> None:
    sketch = tmp_path / "sketch.yml"
    sketch.write_text(
        "simulation: s\nquestionnaire: clusterorganisation\nrespondents: 60\ncareless: {share: 0.3}\n"
        "effects: [{outcome: strength, drivers: {experience: {step: 0.1}}}]\n",
        encoding="utf-8",
    )
    questionnaire = root / "instruments" / "cluster-organisation.yml"
    result = clustergov("survey", "simulate", sketch, "--questionnaire", questionnaire, "--out", tmp_path / "a.csv")
    assert result.exit_code == 0, result.output
    assert "SYNTHETIC: 60 respondents, seed 1" in result.output
    assert "straightlining" in result.output
    truth = pd.read_csv(tmp_path / "a-truth.csv")
    planted = truth[truth["quantity"] == "log odds ratio"]
    assert planted[["variable", "other", "value"]].to_numpy().tolist() == [["strength", "experience", 0.1]]


def test_a_wrong_sketch_writes_nothing(root: Path, tmp_path: Path) -> None:
    sketch = tmp_path / "sketch.yml"
    sketch.write_text("simulation: s\nquestionnaire: clusterorganisation\ncareless: {share: 2}\n", encoding="utf-8")
    questionnaire = root / "instruments" / "cluster-organisation.yml"
    result = clustergov("survey", "simulate", sketch, "--questionnaire", questionnaire, "--out", tmp_path / "a.csv")
    assert result.exit_code == 2
    assert "sketch.yml:3" in result.output
    assert sorted(path.name for path in tmp_path.iterdir()) == ["sketch.yml"]
