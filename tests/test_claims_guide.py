"""The guide to claims does what it says: its registry is sound, its pieces fit in, its commands run."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from clustergov.analysis.claims.claim import Claims
from clustergov.analysis.claims.claim_reading import read_claims
from clustergov.cli import command
from clustergov.instruments.questionnaire import Questionnaire
from clustergov.problems import InputError
from clustergov.yaml_file import read


@pytest.fixture(scope="module")
def guide(root: Path) -> str:
    return (root / "docs" / "add-claims.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def questionnaire(root: Path) -> Questionnaire:
    return read(root / "instruments" / "cluster-organisation.yml", Questionnaire)[0]


@pytest.fixture(scope="module")
def pieces(guide: str) -> list[str]:
    """The registry, a part to append to it, and families to put before its claims."""
    return re.findall(r"```yaml\n(.*?)```", guide, re.S)


def read_text(text: str, questionnaire: Questionnaire, folder: Path) -> Claims:
    file = folder / "example.yml"
    file.write_text(text, encoding="utf-8")
    return read_claims(file, questionnaire)


def test_every_example_is_valid(pieces: list[str], questionnaire: Questionnaire, tmp_path: Path) -> None:
    registry, part, families = pieces
    named = registry.replace("    title: {nl: ervaring", "    family: exploration\n    title: {nl: ervaring")
    whole = named.replace("claims:\n", families + "\nclaims:\n", 1) + part
    found = read_text(whole, questionnaire, tmp_path)
    assert [part.id for claim in found.claims for part in claim.parts] == ["E1a", "E1b"]
    assert found.correction(found.claims[0]) == "benjamini-hochberg"
    read_text(registry, questionnaire, tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("outcome: internal_goals", "outcome: internal_gaols", "unknown-variable"),
        ("{nl: ervaring en doelen halen, en: experience and meeting goals}", "{nl: ervaring}", "missing-language"),
        ('value: "0.14"', 'value: "0.41"', "figures-differ"),
        ('p: "0.01"', 'p: "1.01"', "impossible-p"),
        ("deviations:\n  example2020:", "deviations: {}\nunused:\n  example2020:", "unknown-key"),
    ],
)
def test_the_mistakes_it_names_are_found(
    old: str, new: str, rule: str, pieces: list[str], questionnaire: Questionnaire, tmp_path: Path
) -> None:
    assert pieces[0].count(old) == 1
    with pytest.raises(InputError) as caught:
        read_text(pieces[0].replace(old, new), questionnaire, tmp_path)
    assert rule in {problem.rule for problem in caught.value.problems}
    assert all(problem.line for problem in caught.value.problems)


def test_a_figure_without_deviations_is_refused(
    pieces: list[str], questionnaire: Questionnaire, tmp_path: Path
) -> None:
    bare = re.sub(r"deviations:\n.*?\n\nclaims:", "claims:", pieces[0], flags=re.S)
    with pytest.raises(InputError, match="missing-deviations"):
        read_text(bare, questionnaire, tmp_path)


def test_its_commands_run(
    guide: str, pieces: list[str], root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "instruments").mkdir()
    questionnaire = (root / "instruments" / "cluster-organisation.yml").read_text(encoding="utf-8")
    answers = (root / "tests" / "reference" / "shipped-responses.csv").read_text(encoding="utf-8")
    for name in ("instruments/cluster-organisation.yml", "q.yml"):
        (tmp_path / name).write_text(questionnaire, encoding="utf-8")
    for name in ("answers.csv", "first.csv", "second.csv"):
        (tmp_path / name).write_text(answers, encoding="utf-8")
    (tmp_path / "example.yml").write_text(pieces[0], encoding="utf-8")
    lines = re.findall(r"^clustergov (.*)$", guide, re.M)
    assert len(lines) == 10
    for line in lines:
        result = CliRunner().invoke(command, shlex.split(line))
        assert result.exit_code in (0, 1), (line, result.output)
        assert result.exception is None or isinstance(result.exception, SystemExit), line
