"""``clustergov casestudies serve``: what it says when it cannot begin."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from clustergov.cli import command
from coding_page import BLIND, write_study


def serve(*arguments: str | Path) -> Result:
    return CliRunner().invoke(command, ["casestudies", "serve", "--no-browser", *map(str, arguments)])


def test_a_port_that_is_taken(tmp_path: Path) -> None:
    study = write_study(tmp_path / "study")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        result = serve(study, "--port", str(taken.getsockname()[1]))
    assert result.exit_code == 2
    assert "is taken by another program" in result.output
    assert "--port" in result.output


@pytest.mark.parametrize(("coder", "told"), [("consensus", "consensus"), ("carla", "carla"), ("a" * 300, "characters")])
def test_a_name_that_cannot_code_here(tmp_path: Path, coder: str, told: str) -> None:
    result = serve(write_study(tmp_path / "study", rounds=BLIND), "--coder", coder)
    assert result.exit_code == 2
    assert told in result.output
    assert "Traceback" not in result.output


def test_a_folder_without_case_studies_and_one_with_mistakes(tmp_path: Path) -> None:
    assert serve(tmp_path).exit_code == 2
    study = write_study(tmp_path / "study")
    codebook = study / "casestudies" / "codebook.yml"
    codebook.write_text(codebook.read_text(encoding="utf-8") + "\nnonsense: 1\n", encoding="utf-8")
    result = serve(study)
    assert result.exit_code == 2
    assert "codebook.yml" in result.output
    assert "nonsense" in result.output
