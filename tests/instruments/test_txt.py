"""LimeSurvey structures as tab-separated values: columns old and new, encodings, languages, belonging by position."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from clustergov.instruments.check import check_questionnaire
from clustergov.instruments.exchange import Imported
from clustergov.instruments.limesurvey import read_limesurvey
from clustergov.problems import InputError
from limesurvey_files import EXTRA, NEW, OLD, line, survey, txt


def imported(folder: Path, content: str, encoding: str = "utf-8") -> Imported:
    path = folder / "survey.txt"
    path.write_bytes(content.encode(encoding))
    return read_limesurvey(path)


@pytest.mark.parametrize("columns", [OLD, NEW])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_columns_and_encodings_give_the_same(tmp_path: Path, columns: tuple[str, ...], encoding: str) -> None:
    content = txt(survey(), columns, extra=EXTRA)
    result = imported(tmp_path, content, encoding)
    assert (tmp_path / "survey.txt").read_bytes() == content.encode(encoding)
    assert result.questionnaire == imported(tmp_path, txt(survey(), extra=EXTRA)).questionnaire


def test_languages_are_tied_by_group_and_code(tmp_path: Path) -> None:
    questionnaire = imported(tmp_path, txt(survey(), extra=EXTRA)).questionnaire
    assert questionnaire.languages == ("en", "nl")
    assert len(questionnaire.sections) == 1
    assert dict(questionnaire.sections[0].title) == {"en": "Group", "nl": "Groep"}
    assert [variable.name for variable in questionnaire.variables] == ["often_a", "often_b", "share_x", "share_y"]
    assert dict(questionnaire.questions[0].text) == {"en": "Often?", "nl": "Vaak?"}
    assert dict(questionnaire.scales["often"].options[1].text) == {"en": "Always", "nl": "Altijd"}
    assert questionnaire.scales["often"].direction == "ascending"
    assert questionnaire.questions[1].total == 100
    assert questionnaire.questions[0].required


def test_groups_are_tied_by_their_number_where_they_have_no_key(tmp_path: Path) -> None:
    rows = [{**each, "type/scale": ""} if each["class"] == "G" else each for each in survey()]
    assert len(imported(tmp_path, txt(rows, extra=EXTRA)).questionnaire.sections) == 1


def test_cells_hold_lines_quotes_and_tabs(tmp_path: Path) -> None:
    text = imported(tmp_path, txt(survey(), extra=EXTRA)).questionnaire.questions[1].items[0].text
    assert text.to("en") == 'Item "x"\nsecond line'


def test_administrators_are_never_imported(tmp_path: Path) -> None:
    result = imported(tmp_path, txt(survey(), extra=EXTRA))
    said = result.questionnaire.model_dump_json() + "".join(map(str, result.notes))
    assert not any(secret in said for secret in ("Jane", "Researcher", "@", "university.example"))


def test_what_is_not_expressed_is_noted(tmp_path: Path) -> None:
    rows = [
        *survey(),
        line("QTA", "quota"),
        line("AS", "rule"),
        line("Z", "what"),
        line("SQ", "c", default="Y", relevance="x > 1"),
    ]
    notes = imported(tmp_path, txt(rows, extra=EXTRA)).notes
    told = [(note.rule, note.place) for note in notes]
    for expected in [
        ("limesurvey-attribute", "often"), ("limesurvey-not-imported", "class QTA"), ("limesurvey-not-imported", "class AS"),
        ("limesurvey-not-imported", "class Z"), ("limesurvey-not-imported", "column default"), ("limesurvey-condition", "share_c"),
    ]:  # fmt: skip
        assert expected in told


def test_the_same_code_twice_is_two_questions(tmp_path: Path) -> None:
    rows = [*survey(languages=("en",)), line("Q", "often", "Again?", scale="S")]
    result = imported(tmp_path, txt(rows, extra=EXTRA))
    assert [question.code for question in result.questionnaire.questions] == ["often", "share", "oftenq2"]
    assert "limesurvey-code" in {note.rule for note in result.notes}


def test_conditions_of_the_old_style(tmp_path: Path) -> None:
    rows = [
        line("S", "language", "en", language=""),
        line("G", "Group", scale="G0"),
        line("Q", "first", "First?", scale="Y", id="1"),
        line("Q", "then", "Then?", scale="S", id="2"),
        line("C", "7X1X1", "Y", scale="1", relevance="==", related_id="1"),
    ]
    assert imported(tmp_path, txt(rows, NEW)).questionnaire.questions[1].when == 'first = "Y"'


def test_a_translation_that_lacks_a_text_is_listed_and_what_it_lacks_is_told(tmp_path: Path) -> None:
    rows = [
        each for each in survey() if not (each["class"] == "SQ" and each["language"] == "nl" and each["name"] == "a")
    ]
    result = imported(tmp_path, txt(rows, extra=EXTRA))
    assert result.questionnaire.languages == ("en", "nl")
    (note,) = (note for note in result.notes if note.rule == "limesurvey-language")
    assert re.search(r": nl 1 of \d+\.", note.message)
    lacking = [each for each in check_questionnaire(result.questionnaire) if each.rule == "missing-translation"]
    assert [each.severity for each in lacking] == ["warning"]


def test_a_file_that_was_cut_off_is_told(tmp_path: Path) -> None:
    whole = txt(survey(), extra=EXTRA)
    assert "limesurvey-cut" not in {note.rule for note in imported(tmp_path, whole).notes}
    half = whole.rstrip()
    cut = half[: half.rindex("\t", 0, half.rindex("\n")) + 1]
    assert "limesurvey-cut" in {note.rule for note in imported(tmp_path, cut).notes}


HEADER = "\t".join(OLD)


@pytest.mark.parametrize(
    ("content", "rule", "line"),
    [
        (b"", "empty-file", None),
        (b"hello", "limesurvey-columns", 1),
        (b"name\ttext\r\na\tb\r\n", "limesurvey-columns", 1),
        (HEADER.encode(), "limesurvey-empty", None),
        (f"{HEADER}\nS\t\tlanguage\t\ten\n".encode(), "limesurvey-empty", None),
        (f"{HEADER}\nG\tG0\tCaf\u00e9\t\t\n".encode("cp1252"), "encoding", 2),
        (b"PK\x03\x04", "archive", None),
        (b"\xff\xfeh", "encoding", 1),
    ],
)
def test_what_is_no_structure_is_told_in_one_message(
    tmp_path: Path, content: bytes, rule: str, line: int | None
) -> None:
    path = tmp_path / "survey.txt"
    path.write_bytes(content)
    with pytest.raises(InputError) as told:
        read_limesurvey(path)
    (problem,) = told.value.problems
    assert (problem.rule, problem.line, problem.file) == (rule, line, str(path))


def test_the_real_survey_of_south_africa(shared: Path) -> None:
    result = read_limesurvey(shared / "data" / "limesurvey" / "rse-2017-za.structure.txt")
    questionnaire = result.questionnaire
    assert questionnaire.questionnaire == "rse-2017-za"
    assert (len(questionnaire.sections), len(questionnaire.questions), len(questionnaire.variables)) == (7, 66, 303)
    directions = {name: scale.direction for name, scale in questionnaire.scales.items()}
    assert {directions[name] for name in ("likert0", "likert1", "likert2", "likert3", "rse3", "stability1", "socio3", "socio4")} == {"ascending"}  # fmt: skip
    assert {directions[name] for name in ("socio1", "edu1", "edu2", "currentEmp1", "tool2")} == {"none"}
    assert questionnaire.scales["socio2"].options[2].blank == "refused or don't know"
    assert [item.code for item in questionnaire.by_name["prevEmp2_1"].question.items] == ["1", "2", "3", "4", "5"]
    said = questionnaire.model_dump_json()
    assert "@" not in said
    assert "soton.ac.uk" not in said
