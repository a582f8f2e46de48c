"""YAML files: positions of values and mistakes, codes that stay text, files that are none."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pytest

from clustergov import yaml_file
from clustergov.language import Text
from clustergov.problems import InputError, Problem, report
from clustergov.yaml_file import Entry, load, read, spell


class Part(Entry):
    code: str
    size: int = 0


class Whole(Entry):
    name: str
    two_words: float = 1.0
    title: Text | None = None
    parts: tuple[Part, ...] = ()


def write(folder: Path, text: str | bytes) -> Path:
    file = folder / "file.yml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


def problems(file: Path, model: type[Entry] = Whole) -> list[Problem]:
    before = file.read_bytes() if file.is_file() else b""
    with pytest.raises(InputError) as caught:
        read(file, model)
    assert not file.is_file() or file.read_bytes() == before
    return list(caught.value.problems)


def test_reading_and_positions(tmp_path):
    file = write(tmp_path, "name: trial\ntwo words: 2.5\nparts:\n  - code: a\n    size: 3\n  - {code: b}\n")
    whole, positions = read(file, Whole)
    assert whole == Whole(name="trial", two_words=2.5, parts=(Part(code="a", size=3), Part(code="b")))
    # Of a key its own position, of an element of a list that of its value, of what is absent that of what encloses it.
    assert positions.of(("two words",)) == (2, 1)
    assert positions.of(("parts", 0)) == (4, 5)
    assert positions.of(("parts", 0, "size")) == (5, 5)
    assert positions.of(("parts", 1, "code")) == (6, 6)
    assert positions.of(("parts", 1, "size")) == (6, 5)
    assert positions.of(("nothing", "here")) == (1, 1)


@pytest.mark.parametrize(
    "code", ["NO", "no", "yes", "Yes", "on", "off", "Y", "N", "y", "12:30", "1e", "0x", "~x", "2024-01-01"]
)
def test_codes_stay_text(tmp_path, code):
    data, _ = load(write(tmp_path, f"code: {code}\n"))
    assert data == {"code": code}


@pytest.mark.parametrize(
    ("written", "value"),
    [("true", True), ("false", False), ("3", 3), ("-3", -3), ("2.5", 2.5), ("1e3", "1e3"), ("null", None), ("~", None),
     ("", None), ('"3"', "3"), ("'true'", "true")],
)  # fmt: skip
def test_plain_values(tmp_path, written, value):
    data, _ = load(write(tmp_path, f"value: {written}\n"))
    assert data == {"value": value}
    assert type(data["value"]) is type(value)


def test_keys_stay_text(tmp_path):
    data, _ = load(write(tmp_path, "NO: Norway\n1: one\ntrue: x\n"))
    assert list(data) == ["NO", "1", "true"]


def test_every_mistake_at_once(tmp_path):
    file = write(tmp_path, "two words: many\nparts:\n  - code: a\n    size: big\n  - sise: 3\ntitel: x\n")
    assert {(problem.rule, problem.line, problem.column, problem.place) for problem in problems(file)} == {
        ("missing-key", 1, 1, "name"),
        ("float-parsing", 1, 1, "two words"),
        ("int-parsing", 4, 5, "parts[0].size"),
        ("missing-key", 5, 5, "parts[1].code"),
        ("unknown-key", 5, 5, "parts[1].sise"),
        ("unknown-key", 6, 1, "titel"),
    }


def test_duplicate_keys(tmp_path):
    found = problems(write(tmp_path, "name: a\nname: b\nparts:\n  - code: a\n    code: b\n"))
    assert [(problem.rule, problem.line) for problem in found] == [("duplicate-key", 2), ("duplicate-key", 5)]


@pytest.mark.parametrize(
    ("content", "rule", "line"),
    [
        (b"", "empty-file", 1),
        (b"# only a remark\n\n", "empty-file", 1),
        ("name: Proéf\n".encode("cp1252"), "encoding", 1),
        (b"name: [a, b\nparts: []\n", "yaml-syntax", 2),
        (b"name: a\n\tparts: b\n", "yaml-syntax", 2),
        (b"name: a: b\n", "yaml-syntax", 1),
        (b"- a\n- b\n", "model-type", 1),
        (b"\x00\x01", "yaml-syntax", 1),
        (b"name: &anchor a\nparts: *missing\n", "yaml-syntax", 2),
        (b"--- \nname: a\n---\nname: b\n", "yaml-syntax", 3),
    ],
)
def test_files_that_are_none(tmp_path, content, rule, line):
    (problem,) = problems(write(tmp_path, content))
    assert problem.rule == rule
    assert problem.line == line
    assert problem.file.endswith("file.yml")


@pytest.mark.parametrize(
    ("text", "line", "column", "message", "fix"),
    [
        # what is written, where, a part of what is told, a part of the remedy
        ("name: a\n\tparts: b\n", 2, 1, "a tab indents", "spaces, not tabs"),
        ("parts:\n  - code: a\n\tsize: 3\n", 3, 1, "a tab indents", "spaces, not tabs"),
        ("name: Let op: dit\n", 1, None, "“: ”", 'name: "Let op: dit"'),
        ("name: 5\nparts: %nul\n", 2, 8, "begin with %", 'parts: "%nul"'),
        ("name: @home\n", 1, 7, "begin with @", 'name: "@home"'),
        ("name: `x`\n", 1, 7, "begin with `", 'name: "`x`"'),
        ("name: [soms] vaak\n", 1, 7, "begin with [", 'name: "[soms] vaak"'),
        ("name: {soms} vaak\n", 1, 7, "begin with {", 'name: "{soms} vaak"'),
        ("name: 'foto's maken'\nparts: []\n", 1, None, "apostrophe", "double quotes"),
        ('name: "Vraag\nparts: []\n', 1, 7, "never closed", "Close it"),
        ("name: 'Vraag\nparts: []\n", 1, 7, "never closed", "Close it"),
        ('name: "Vraag\ntitle: {en: "Question"}\n', 1, 7, "closed only on line 2", "Close it"),
        ('name: "Y" = fee\n', 1, None, "more follows", "'\"Y\" = fee'"),
        ("name: a\nparts: b\x00c\n", 2, 9, "U+0000", "Remove it"),
        ("name: a\nparts: b\x1bc\n", 2, 9, "U+001B", "Remove it"),
        ("name: a\n  parts: b\n", 2, None, "deeper", "same column"),
        ("name: [a, b\nparts: []\n", 2, None, "[ on line 1 is not closed", "Close it with ]"),
        ('name: "a\\q"\n', 1, None, "backslash", "single quotes"),
    ],
)
def test_slips_have_a_place_and_a_remedy_of_their_own(tmp_path, text, line, column, message, fix):
    (problem,) = problems(write(tmp_path, text))
    assert (problem.rule, problem.line) == ("yaml-syntax", line)
    assert column in (None, problem.column)
    assert message in problem.message
    assert fix in problem.fix


class Flagged(Entry):
    code: str
    how: Literal["single", "multiple", "don't know"] = "single"
    on: bool = False
    size: float = 0
    count: int = 0
    languages: tuple[str, ...] = ()
    title: Text | None = None


@pytest.mark.parametrize(
    ("written", "message", "fix"),
    [
        ("how: singel", "expected one of single, multiple, don't know, found “singel”.", "Did you mean single?"),
        ("how: Multiple", "found “Multiple”.", "Did you mean multiple?"),
        ("how: zzz", "found “zzz”.", "Write one of these."),
        ("how: ", "found nothing.", "Write one of these."),
        ("size: 0,5", "expected a number, found “0,5”.", "Write 0.5."),
        ("size: 100%", "expected a number, found “100%”.", "Write 100."),
        ("size: €500", "found “€500”.", "Write 500."),
        ("size: ten", "found “ten”.", "Write a number in digits, such as 10."),
        ("size: [1]", "found a list.", "Write a number in digits, such as 10."),
        ("count: 2.5", "expected a whole number, found “2.5”.", "Write 2."),
        ("on: ja", "expected true or false, found “ja”.", "Write true."),
        ("on: nee", "found “nee”.", "Write false."),
        ("on: maybe", "found “maybe”.", "Write true or false."),
        ("languages: nl, en", "expected a list", "Write: languages: [nl, en]."),
        ("languages: nl", "found text “nl”.", "Write: languages: [nl]."),
        ("languages: {nl: en}", "found keys with values.", "Begin each of its parts with “- ”"),
        ("title: Vraag", "text per language", 'title: {en: "Vraag"}'),
        ("title: {nl: mee eens, ja, en: agree}", "the text for ja is empty", '"mee eens, ja"'),
        ("en: Question", "“en” is not known here", "indent it as deep as the other languages"),
    ],
)
def test_values_of_the_wrong_form_have_a_remedy(tmp_path, written, message, fix):
    (problem,) = problems(write(tmp_path, f"code: a\n{written}\n"), Flagged)
    assert message in problem.message
    assert fix in problem.fix


def test_a_key_that_is_missing_comes_with_an_example(tmp_path):
    (problem,) = problems(write(tmp_path, "on: true\n"), Flagged)
    assert problem.fix == "Add it, for example: code: size"


def test_keys_that_stand_twice_hide_no_other_mistake(tmp_path):
    found = problems(write(tmp_path, "code: a\ncode: b\non: ja\n"), Flagged)
    assert [(problem.rule, problem.line) for problem in found] == [("duplicate-key", 2), ("bool-parsing", 3)]


def test_numbers_keep_their_written_form_where_they_are_text(tmp_path):
    data, _ = load(write(tmp_path, "version: 1.10\ncode: 01\n"))
    assert (str(data["version"]), str(data["code"])) == ("1.10", "01")
    assert (data["version"], data["code"]) == (1.1, 1)


def test_what_follows_an_unquoted_value_is_kept_apart(tmp_path):
    text = "a: Vraag #1 hoeveel\nb: 'Vraag #1'\nc: Vraag#1\nd: [x, y] # remark\n"
    _, positions = load(write(tmp_path, text))
    assert list(positions.remarks()) == [(("a",), "#1 hoeveel")]


def test_windows_file_says_what_to_do(tmp_path):
    (problem,) = problems(write(tmp_path, "name: Proéf\n".encode("cp1252")))
    assert "0xe9" in problem.message
    assert problem.fix == "Save the file as UTF-8."


def test_a_byte_order_mark_is_no_content(tmp_path):
    whole, _ = read(write(tmp_path, "name: Proéf\n".encode("utf-8-sig")), Whole)
    assert whole.name == "Proéf"


def test_missing_file(tmp_path):
    (problem,) = problems(tmp_path / "none.yml")
    assert problem.rule == "missing-file"
    assert str(problem).startswith(str(tmp_path / "none.yml"))
    assert "no such file" in problem.message


def test_a_folder_is_told_as_one(tmp_path):
    (problem,) = problems(tmp_path)
    assert (problem.rule, problem.fix) == ("missing-file", "Name a file in it.")
    assert "found a folder" in problem.message


@pytest.mark.parametrize(
    ("title", "message"),
    [
        ("word", "text per language"),
        ("{}", "text per language"),
        ("{nl: }", "the text for nl is empty"),
        ("[a]", "text per"),
    ],
)
def test_texts(tmp_path, title, message):
    (problem,) = problems(write(tmp_path, f"name: a\ntitle: {title}\n"))
    assert message in problem.message
    assert problem.line == 2


def test_places_are_spelt_as_a_person_would():
    assert spell(("sections", 2, "questions", 0, "scale")) == "sections[2].questions[0].scale"
    assert spell(()) == ""


def test_semantic_problems_know_their_place(tmp_path):
    _, positions = read(write(tmp_path, "name: a\nparts:\n  - code: a\n"), Whole)
    problem = positions.problem(("parts", 0, "code"), "rule", "wrong.", "Mend it.", severity="warning")
    assert str(problem) == f"{tmp_path / 'file.yml'}:3:5 parts[0].code: warning: wrong. Mend it. [rule]"


def test_reports_tell_at_most_sixty(tmp_path):
    text = report([Problem("rule", f"mistake {i}.") for i in range(70)], summary="Many:")
    assert text.splitlines()[0] == "Many:"
    assert len(text.splitlines()) == 62
    assert text.endswith("… and 10 more.")


def test_models_are_immutable():
    part = Part(code="a")
    with pytest.raises(ValueError, match="frozen"):
        part.code = "b"
    assert yaml_file.Entry.model_config["extra"] == "forbid"
