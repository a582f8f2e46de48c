"""The commands `instruments export` and `import`, as they are typed."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from clustergov.cli import command
from clustergov.instruments.check import read_questionnaire
from clustergov.study.formats import FORMATS

LSS = """<?xml version="1.0" encoding="UTF-8"?><document><LimeSurveyDocType>Survey</LimeSurveyDocType>
<languages><language>en</language></languages>
<surveys><rows><row><sid>1</sid><language>en</language></row></rows></surveys>
<surveys_languagesettings><rows><row><surveyls_language>en</surveyls_language><surveyls_title>Tea</surveyls_title></row></rows></surveys_languagesettings>
<groups><rows><row><gid>1</gid><group_order>1</group_order></row></rows></groups>
<group_l10ns><rows><row><gid>1</gid><group_name>One</group_name><language>en</language></row></rows></group_l10ns>
<questions><rows><row><qid>1</qid><parent_qid>0</parent_qid><gid>1</gid><type>T</type><title>why</title><mandatory>N</mandatory><question_order>1</question_order></row></rows></questions>
<question_l10ns><rows><row><qid>1</qid><question>Why tea?</question><language>en</language></row></rows></question_l10ns>
</document>"""


def run(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(command, [str(each) for each in arguments])
    return result.exit_code, result.output


@pytest.fixture
def questionnaire(root: Path) -> Path:
    return root / "instruments" / "cluster-organisation.yml"


def test_formats_are_listed() -> None:
    code, told = run("instruments", "export", "--formats")
    assert code == 0
    assert [line.split()[0] for line in told.splitlines()] == list(FORMATS)


def test_export_writes_tells_and_keeps_what_was_edited(questionnaire: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    arguments = ("instruments", "export", questionnaire, "--to", "lss,word", "--language", "en", "--out", out)
    code, told = run(*arguments)
    assert code == 0
    assert sorted(path.name for path in out.iterdir()) == [
        "cluster-organisation.lss", "cluster-organisation.questionnaire.en.docx",
    ]  # fmt: skip
    assert "cluster-organisation.lss" in told
    assert run(*arguments)[0] == 0
    (out / "cluster-organisation.lss").write_text("edited")
    code, told = run(*arguments)
    assert code == 2
    assert "stands there and differs" in told
    assert (out / "cluster-organisation.lss").read_text() == "edited"
    assert run(*arguments, "--overwrite")[0] == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--to", "pdf"), "expected formats, found “pdf”"),
        (("--to", "word", "--language", "fr"), "not in “fr”"),
        (("--to", "sav", "--responses", "nowhere.csv"), "nowhere.csv"),
    ],
)
def test_wrong_options(arguments: tuple[str, ...], words: str, questionnaire: Path, tmp_path: Path) -> None:
    code, told = run("instruments", "export", questionnaire, *arguments, "--out", tmp_path / "out")
    assert code == 2
    assert words in told
    assert not (tmp_path / "out").exists()


def test_import_writes_the_questionnaire_and_its_report(tmp_path: Path) -> None:
    source, out = tmp_path / "tea.lss", tmp_path / "tea.yml"
    source.write_text(LSS, encoding="utf-8")
    code, told = run("instruments", "import", source, "--out", out)
    assert code == 0, told
    assert "Import report" in told
    assert "0 mistakes" in told
    assert read_questionnaire(out).questions[0].text["en"] == "Why tea?"
    assert (tmp_path / "tea-import.txt").is_file()
    assert source.read_text(encoding="utf-8") == LSS
    assert run("instruments", "check", out)[0] == 0


def test_import_refuses_what_is_no_questionnaire(tmp_path: Path, questionnaire: Path) -> None:
    (tmp_path / "x.lss").write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 100)
    for source, out, words in (
        (tmp_path / "x.lss", "x.yml", "expected"),
        (tmp_path / "none.lss", "x.yml", "found no such file"),
        (questionnaire, "x.yml", "our own format already"),
        (tmp_path / "x.lss", "x.txt", "ending in .yml"),
    ):
        code, told = run("instruments", "import", source, "--out", tmp_path / out)
        assert code == 2
        assert words in told
        assert "Traceback" not in told
    assert [path.name for path in tmp_path.iterdir()] == ["x.lss"]


ANSWERS = "id,fee,firms\r\na,Y,3\r\nb,Z,4\r\n"
FEES = """questionnaire: fees
version: "1"
title: {en: Fees}
languages: [en]
scales:
  yesno: {direction: ascending, options: [{code: "N", text: {en: "no"}}, {code: "Y", text: {en: "yes"}}]}
sections:
  - code: one
    title: {en: One}
    questions:
      - {code: fee, kind: single, scale: yesno, text: {en: Is there a fee?}}
      - {code: firms, kind: number, minimum: 0, text: {en: How many firms?}}
"""


def test_answers_that_are_not_known_stop_an_export_unless_they_may_become_blank(tmp_path: Path) -> None:
    (tmp_path / "fees.yml").write_text(FEES, encoding="utf-8")
    (tmp_path / "answers.csv").write_text(ANSWERS, encoding="utf-8", newline="")
    arguments = (
        "instruments",
        "export",
        tmp_path / "fees.yml",
        "--to",
        "sav,ddi",
        "--responses",
        tmp_path / "answers.csv",
    )
    code, told = run(*arguments, "--out", tmp_path / "out")
    assert code == 2
    assert "row 3, fee" in told
    assert not (tmp_path / "out").exists()
    code, told = run(*arguments, "--out", tmp_path / "out", "--unlisted")
    assert code == 0
    assert "blank now: 1" in told
    assert "Not to be published: sav" in told
