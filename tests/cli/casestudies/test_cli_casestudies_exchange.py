"""``clustergov casestudies export`` and ``import`` as a user meets them."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from clustergov.cli import command
from refi_project import Made


def run(*arguments: object) -> tuple[int, str]:
    """Exit code of a command, and all that it said."""
    result = CliRunner().invoke(command, ["casestudies", *map(str, arguments)])
    return result.exit_code, result.output


@pytest.fixture
def made(tmp_path: Path) -> Path:
    (tmp_path / "trial.qdpx").write_bytes(Made(origin="NVivo 15").qdpx())
    return tmp_path


def test_import_then_check_then_export(made):
    code, output = run("import", made / "trial.qdpx", "--out", made / "study")
    assert code == 0, output
    assert "new are 1 concept, 1 case, 1 document and 1 coding" in output
    assert "nothing of them is shown until documents.yml says so" in output
    report = (made / "study" / "trial.qdpx-import.txt").read_text(encoding="utf-8")
    assert "[refi-consent]" in report
    code, output = run("check", made / "study")
    assert code == 0, output
    for kind in ("qdpx", "qdc", "csv"):
        code, output = run("export", made / "study", "--to", kind, "--out", made / f"out.{kind}", "--withheld")
        assert code == 0, output
        assert (made / f"out.{kind}").is_file()
        assert (made / f"out.{kind}-export.txt").is_file()
    assert "Trust" in (made / "out.csv").read_text(encoding="utf-8-sig")


def test_a_file_into_a_study_twice_adds_once(made):
    assert run("import", made / "trial.qdpx", "--out", made / "study")[0] == 0
    before = {
        path: path.read_bytes() for path in (made / "study").rglob("*") if path.is_file() and path.suffix != ".txt"
    }
    code, output = run("import", made / "trial.qdpx", "--into", made / "study")
    assert code == 0, output
    assert "0 concepts, 0 cases, 0 documents and 0 codings" in output
    assert all(path.read_bytes() == content for path, content in before.items())


@pytest.mark.parametrize("arguments", [[], ["--into", "a", "--out", "b"]])
def test_one_place_must_be_named(made, arguments):
    code, output = run("import", made / "trial.qdpx", *arguments)
    assert (code, "expected --into STUDY or --out DIR" in output) == (2, True)


def test_nothing_is_written_where_files_stand_or_the_file_is_bad(made):
    (made / "there").mkdir()
    (made / "there" / "mine.txt").write_text("mine")
    code, output = run("import", made / "trial.qdpx", "--out", made / "there")
    assert (code, "folder-not-empty" in output) == (2, True)
    assert [path.name for path in (made / "there").iterdir()] == ["mine.txt"]
    (made / "bad.qdpx").write_bytes((made / "trial.qdpx").read_bytes()[:200])
    code, output = run("import", made / "bad.qdpx", "--out", made / "fresh")
    assert (code, "refi-package" in output, (made / "fresh").exists()) == (2, True, False)


def test_an_export_replaces_nothing_unasked(made):
    assert run("import", made / "trial.qdpx", "--out", made / "study")[0] == 0
    (made / "out.qdc").write_text("mine")
    code, output = run("export", made / "study", "--to", "qdc", "--out", made / "out.qdc")
    assert (code, "file-exists" in output, (made / "out.qdc").read_text()) == (2, True, "mine")
    assert run("export", made / "study", "--to", "qdc", "--out", made / "out.qdc", "--overwrite")[0] == 0


def test_a_damaged_table_of_guids_is_told(made):
    assert run("import", made / "trial.qdpx", "--out", made / "study")[0] == 0
    (made / "study" / "exchange.csv").write_text("kind,key,guid,name,time\ncode,trust,not-a-guid,,\n")
    code, output = run("export", made / "study", "--to", "qdpx", "--out", made / "out.qdpx")
    assert (code, "exchange.csv:2" in output, (made / "out.qdpx").exists()) == (2, True, False)


def test_for_somebody_who_is_to_code_unseen(made):
    assert run("import", made / "trial.qdpx", "--out", made / "study")[0] == 0
    code, output = run(
        "export", made / "study", "--to", "qdpx", "--out", made / "out.qdpx", "--withheld", "--no-codings"
    )
    assert (code, "left out: 1 codings of other coders" in output) == (0, True)
    code, output = run("export", made / "study", "--to", "qdpx", "--out", made / "o.qdpx", "--coder", "nobody")
    assert (code, "nobody called “nobody”" in output) == (2, True)
