"""``clustergov casestudies`` on the shipped study and on broken ones."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from clustergov.cli import command


def call(*arguments: object) -> Result:
    return CliRunner().invoke(command, ["casestudies", *map(str, arguments)])


def test_check_tells_what_the_shipped_study_holds(root: Path) -> None:
    result = call("check", root)
    assert result.exit_code == 0
    assert "Concepts: 17; cases: 4" in result.stdout
    assert "no public document about an organisation of that name" in result.stdout


def test_check_speaks_dutch(root: Path) -> None:
    result = call("check", root / "casestudies", "--language", "nl")
    assert result.exit_code == 0
    assert result.stdout.startswith("Geen fouten gevonden.")


@pytest.mark.parametrize(("language", "nothing"), [("nl", "niets gevonden"), ("en", "nothing found")])
def test_matrix_prints_a_table_with_its_caveats(root: Path, language: str, nothing: str) -> None:
    result = call("matrix", root, "--language", language)
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert len(lines) > 19
    assert nothing in result.stdout
    assert "Energy Valley" in result.stdout


def test_matrix_writes_json_in_which_nothing_found_is_null(root: Path, tmp_path: Path) -> None:
    result = call("matrix", root, "--json", tmp_path / "matrix.json")
    assert result.exit_code == 0
    written = json.loads((tmp_path / "matrix.json").read_text(encoding="utf-8"))
    assert len(written["cells"]) == 4 * 17
    empty = [cell for cell in written["cells"] if cell["coded"] is None]
    assert empty
    assert written["cases"][0][1]["nl"].startswith("Leeuwarden")


def test_a_mistake_is_one_message_and_exit_code_2(tmp_path: Path, root: Path) -> None:
    folder = tmp_path / "casestudies"
    (folder / "here").mkdir(parents=True)
    (folder / "codebook.yml").write_bytes((root / "casestudies" / "codebook.yml").read_bytes())
    (folder / "here" / "case.yml").write_text("case: here\n", encoding="utf-8")
    result = call("check", tmp_path)
    assert result.exit_code == 2
    assert "missing-key" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("verb", ["check", "matrix"])
def test_a_folder_without_case_studies_is_told(tmp_path: Path, verb: str) -> None:
    result = call(verb, tmp_path)
    assert result.exit_code == 2
    assert "missing-file" in result.stderr


def test_an_unwritable_json_file_is_told(root: Path, tmp_path: Path) -> None:
    (tmp_path / "occupied").write_text("a file, not a folder", encoding="utf-8")
    result = call("matrix", root, "--json", tmp_path / "occupied" / "matrix.json")
    assert result.exit_code == 2
    assert "unwritable" in result.stderr
    assert result.stdout == ""


def test_check_does_without_the_statistical_stack() -> None:
    code = "import sys, clustergov.casestudies.corpus, clustergov.casestudies.joint; sys.exit('pandas' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
