"""The guides do what they say: their files are sound, their mistakes are found, and their commands are there."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from clustergov.cli import command
from clustergov.cli.analysis import COMMANDS as ANALYSES
from clustergov.cli.casestudies import COMMANDS as CASE_STUDIES
from clustergov.study.formats import FORMATS

PAGES = ["field-a-survey.md", "analyse.md", "add-claims.md", "code-documents.md", "regression-to-cases.md"]
"""Guides whose commands are looked up."""


@pytest.fixture(scope="module")
def guide(root: Path) -> str:
    return (root / "docs" / "write-a-questionnaire.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def files(guide: str) -> list[str]:
    return re.findall(r"```yaml\n(.*?)```", guide, re.S)


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(command, list(arguments))
    return result.exit_code, result.output


@pytest.mark.parametrize("step", [0, 1])
def test_both_files_are_sound(step: int, files: list[str], tmp_path: Path) -> None:
    file = tmp_path / "coffee.yml"
    file.write_text(files[step], encoding="utf-8")
    code, told = run("instruments", "check", str(file))
    assert code == 0
    assert "0 mistakes, 0 warnings" in told


@pytest.mark.parametrize(
    ("step", "old", "new", "rule"),
    [
        (0, "          en: How many firms take part in your cluster?\n", "", "missing-translation"),
        (1, "firms > 0", "firms > 9000", "unreachable|routing-|comparison-"),
    ],
)
def test_the_mistakes_it_suggests_are_found(
    step: int, old: str, new: str, rule: str, files: list[str], tmp_path: Path
) -> None:
    assert files[step].count(old) == 1
    file = tmp_path / "coffee.yml"
    file.write_text(files[step].replace(old, new), encoding="utf-8")
    code, told = run("instruments", "check", str(file))
    assert code == 2
    assert re.search(rf"coffee.yml:\d+:\d+.*\[({rule})", told)


def test_every_format_is_written_and_every_file_it_names_exists(guide: str, files: list[str], tmp_path: Path) -> None:
    file = tmp_path / "coffee.yml"
    file.write_text(files[1], encoding="utf-8")
    code, told = run("instruments", "export", str(file), "--to", "all", "--out", str(tmp_path / "coffee"))
    assert code == 0, told
    written = {path.name for path in (tmp_path / "coffee").iterdir()}
    named = set(re.findall(r"`(coffee\.[a-z.]+)`", guide)) - {"coffee.yml"}
    assert named <= written
    endings = {form.ending.format(language="nl") for form in FORMATS.values()}
    assert {f"coffee{ending}" for ending in endings} <= written


def test_versions_of_it_can_be_compared(files: list[str], tmp_path: Path) -> None:
    for step in (0, 1):
        (tmp_path / f"coffee-{step}.yml").write_text(files[step], encoding="utf-8")
    code, told = run("instruments", "diff", str(tmp_path / "coffee-0.yml"), str(tmp_path / "coffee-1.yml"))
    assert code == 0
    assert "[added] question payers" in told


def _commands(page: Path) -> list[list[str]]:
    """The command lines in a page's blocks, without the program's name."""
    blocks = "".join(re.findall(r"^```\w*\n(.*?)^```", page.read_text(encoding="utf-8"), re.S | re.M)).replace(
        "\\\n", " "
    )
    return [shlex.split(line)[1:] for line in blocks.splitlines() if line.startswith("clustergov ")]


def _found(words: list[str]) -> click.Command:
    """The command of a command line, whose options are then all that is left in `words`."""
    found: click.Command | None = command
    while isinstance(found, click.Group):
        found = found.get_command(click.Context(found), name := words.pop(0))
        assert found is not None, name
    assert found is not None
    return found


@pytest.mark.parametrize("page", PAGES)
def test_every_command_is_there_with_its_options(page: str, root: Path) -> None:
    lines = _commands(root / "docs" / page)
    assert lines
    for words in lines:
        found = _found(words)
        options = {option for parameter in found.params for option in parameter.opts}
        assert {word for word in words if word.startswith("--")} <= options, (found.name, words)


def test_the_guides_show_the_commands(root: Path) -> None:
    shown = {tuple(words[:2]) for page in PAGES for words in _commands(root / "docs" / page)}
    survey = ("serve", "deploy", "seal", "invite", "fetch", "erase")
    assert {("survey", name) for name in survey} | {("analysis", name) for name in ANALYSES} - {
        ("analysis", "missing")
    } | {("casestudies", name) for name in CASE_STUDIES} <= shown


def test_links_between_pages_lead_somewhere(root: Path) -> None:
    pages = [*(root / "docs").glob("*.md"), root / "README.md", root / "CONTRIBUTING.md"]
    dead = [
        (page.name, link)
        for page in pages
        for link in re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
        if not (page.parent / link).exists()
    ]
    assert not dead
