"""``clustergov instruments``: what it prints and how it exits."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from clustergov.cli import command

SHIPPED = Path(__file__).resolve().parents[2] / "instruments" / "cluster-organisation.yml"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(command, ["instruments", *map(str, arguments)])


def test_check_of_a_sound_file():
    before = SHIPPED.read_bytes()
    result = run("check", SHIPPED)
    assert SHIPPED.read_bytes() == before
    assert result.exit_code == 0
    assert result.output == (
        f"{SHIPPED}: 0 mistakes, 0 warnings; 22 questions, 64 items, 65 variables, 10 scales, 4 constructs;"
        " languages: nl, en\n"
    )


def test_check_tells_every_mistake_of_every_file(tmp_path):
    broken = tmp_path / "broken.yml"
    text = SHIPPED.read_text(encoding="utf-8")
    text = text.replace("when: firms > 0", "when: firm > 0").replace("scale: frequency", "scale: frequenty")
    broken.write_text(text, encoding="utf-8")
    result = run("check", broken, SHIPPED, tmp_path / "nothing.yml")
    lines = result.output.splitlines()
    assert result.exit_code == 2
    assert all(line.startswith(f"{broken}:") for line in lines[:4])
    assert [line[-26:].split("[")[-1] for line in lines[:3]] == [
        "unused-scale]", "routing-unknown-variable]", "unknown-scale]",
    ]  # fmt: skip
    assert lines[3].startswith(f"{broken}: 2 mistakes, 1 warning; 22 questions")
    assert lines[4].startswith(f"{SHIPPED}: 0 mistakes")
    assert lines[-1] == f"{tmp_path / 'nothing.yml'}: 1 mistake, 0 warnings"


def test_warnings_alone_are_no_failure(tmp_path):
    file = tmp_path / "warned.yml"
    text = SHIPPED.read_text(encoding="utf-8")
    more = "  unused:\n    direction: none\n    options: [{code: a, text: {nl: a, en: a}}]\n\nsections:"
    file.write_text(text.replace("\nsections:", more, 1), encoding="utf-8")
    result = run("check", file)
    assert result.exit_code == 0
    assert "warning: no question uses the scale “unused”" in result.output
    assert "0 mistakes, 1 warning;" in result.output
    strict = run("check", "--strict", file)
    assert strict.exit_code == 2
    assert "1 mistake, 0 warnings;" in strict.output
    assert run("check", "--strict", SHIPPED).exit_code == 0


def test_what_an_import_carried_over_is_marked(tmp_path):
    file = tmp_path / "imported.yml"
    text = SHIPPED.read_text(encoding="utf-8").replace("when: firms > 0", "when: firm > 0")
    file.write_text("imported from: LimeSurvey\n" + text, encoding="utf-8")
    result = run("check", file)
    assert result.exit_code == 0
    assert ": warning (imported): there is no variable “firm”" in result.output


@pytest.mark.parametrize(
    ("code", "language", "shown", "hidden"),
    [
        ("proximity", "en", ["one hour's drive", "0 to 100", "asked if: firms > 0"], ["board"]),
        ("proximity", "nl", ["een uur rijden", "gesteld als: firms > 0"], ["firms take part"]),
        ("board", "en", ["board_priv", "board_npo"], ["funding_fees"]),
        ("manager", "en", ["experience", "background_npo"], ["objective_brand"]),
        ("performance_internal", "en", ["at least 3 valid", "internal_goals"], ["external_growth: "]),
        ("", "en", ["Cluster organisations", "country", "NL = Netherlands", "remarks", "Intensity of contacts"], []),
    ],
)
def test_show(code, language, shown, hidden):
    result = run("show", SHIPPED, *([code] if code else []), "--language", language)
    assert result.exit_code == 0
    assert all(words in result.output for words in shown)
    assert not any(words in result.output for words in hidden)


def test_show_says_a_shared_scale_once():
    assert run("show", SHIPPED, "contact").output.count("5 = about weekly") == 1


def test_show_of_an_unknown_code():
    result = run("show", SHIPPED, "stafff")
    assert result.exit_code == 2
    assert "no variable, question, section or scale score “stafff”. Did you mean staff?" in result.output


def test_show_in_any_language_of_the_questionnaire(tmp_path):
    file = tmp_path / "german.yml"
    file.write_text(
        "questionnaire: trial\nversion: 1\ntitle: {de: Probe}\nlanguages: [de]\nsections:\n  - code: first\n"
        "    title: {de: Anfang}\n    questions: [{code: size, kind: number, minimum: 3, text: {de: Wie viele?}}]\n",
        encoding="utf-8",
    )
    result = run("show", file, "--language", "de")
    assert (result.exit_code, "Wie viele?" in result.output, "languages: de" in result.output) == (0, True, True)
    result = run("show", file, "--language", "fr")
    assert result.exit_code == 2
    assert "expected one of nl, en, de, found “fr”." in result.output


def test_show_of_a_broken_file(tmp_path):
    file = tmp_path / "empty.yml"
    file.write_text("", encoding="utf-8")
    result = run("show", file)
    assert result.exit_code == 2
    assert "empty file" in result.output


def test_help_needs_no_heavy_library():
    heavy = "{'pandas', 'numpy', 'pydantic', 'yaml', 'lark', 'scipy'}"
    code = f"import clustergov.cli.instruments, sys; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_checking_needs_no_data_frames():
    code = (
        "import sys; from clustergov.instruments import check, codebook, scoring, routing;"
        f"check.read_questionnaire({str(SHIPPED)!r}); print(sorted({{'pandas', 'numpy', 'scipy'}} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
