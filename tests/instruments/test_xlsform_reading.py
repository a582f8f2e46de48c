"""Ordinary XLSForms: what they become, that nothing of them is lost in silence, and that broken ones are told by row."""

from __future__ import annotations

import io
import random
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook

from clustergov.instruments.check import check_questionnaire
from clustergov.instruments.exchange import Imported
from clustergov.instruments.xlsform import read_xlsform, to_xlsform
from clustergov.problems import InputError

Rows = list[list[str]]

SURVEY: Rows = [
    ["type", "name", "label::English (en)", "label::Nederlands (nl)", "hint::English (en)", "relevant", "constraint", "required", "appearance",
     "choice_filter", "calculation", "default", "constraint_message::English (en)", "parameters", "my notes"],
    ["start", "started"],
    ["note", "hello", "Hello", "Dag"],
    ["begin_group", "person", "Person", "Persoon"],
    ["select_one yesno", "smokes", "Do you smoke?", "Rookt u?", "Be honest.", "", "", "yes", "minimal"],
    ["integer", "age", "Age", "Leeftijd", "", "", ". >= 18 and . < 120", "", "", "", "", "", "From 18."],
    ["begin group", "more", "", "", "", "${smokes} = 'yes'"],
    ["select_multiple brands or_other", "brands", "Brands", "Merken", "", "${age} > 20"],
    ["decimal", "cost", "Cost", "Kosten", "", "", ". <= ${age}", "", "", "", "", "12"],
    ["end group"],
    ["end_group"],
    ["begin_repeat", "child", "Child", "Kind"],
    ["text", "child_name", "Name", "Naam", "", "", "regex(., '^[A-Z]')"],
    ["end_repeat"],
    ["select_one towns", "town", "Town", "Plaats", "", "", "", "", "", "state = ${smokes}"],
    ["calculate", "double", "", "", "", "", "", "", "", "", "${age} * 2"],
    ["text", "after", "After", "Na", "", "${double} > 40"],
    ["geopoint", "where", "Where", "Waar"],
    ["range", "rate", "Rate", "Cijfer", "", "", "", "", "", "", "", "", "", "start=0 end=10 step=1"],
    ["rank brands", "best", "Best", "Beste"],
    ["select_one_from_file towns.csv", "file_town", "Town", "Plaats"],
    ["acknowledge", "sure", "Sure?", "Zeker?", "", "", "", "", "", "", "", "", "", "", "a remark"],
]  # fmt: skip
CHOICES: Rows = [
    ["list_name", "name", "label::English (en)", "label::Nederlands (nl)", "state"],
    ["yesno", "yes", "Yes", "Ja"],
    ["yesno", "no", "No", "Nee"],
    ["yesno", "dk", "I don't know", "Weet ik niet"],
    ["brands", "a", "A", "A"],
    ["brands", "b", "B", "B"],
    ["towns", "delft", "Delft", "Delft", "yes"],
]
SETTINGS: Rows = [["form_title", "form_id", "version", "default_language"], ["A form", "a_form", "3", "English (en)"]]


def workbook(
    folder: Path, survey: Rows = SURVEY, choices: Rows = CHOICES, settings: Rows = SETTINGS, **more: Rows
) -> Path:
    book = Workbook()
    book.remove(book.active)
    for name, rows in {"survey": survey, "choices": choices, "settings": settings, **more}.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append([cell or None for cell in row])
    path = folder / "form.xlsx"
    book.save(path)
    return path


@pytest.fixture
def imported(tmp_path: Path) -> Imported:
    return read_xlsform(workbook(tmp_path))


def test_an_ordinary_form_becomes_a_questionnaire(imported: Imported) -> None:
    found = imported.questionnaire
    by_code = {question.code: question for question in found.questions}
    assert (found.questionnaire, found.version, found.languages) == ("a-form", "3", ("en", "nl"))
    assert [section.code for section in found.sections] == ["form", "person", "more", "child", "form2"]
    assert [q.kind for q in by_code.values()] == [
        "note", "single", "number", "multiple", "number", "text", "single", "text", "text", "number", "ranking", "text", "single",
    ]  # fmt: skip
    assert (by_code["age"].minimum, by_code["age"].maximum, by_code["age"].integer) == (18, 119, True)
    assert by_code["brands"].when == 'smokes = "yes" and age > 20'
    assert (by_code["brands"].other, [item.code for item in by_code["brands"].items]) == (True, ["a", "b"])
    assert by_code["after"].relevance == "${double} > 40"
    assert (by_code["rate"].minimum, by_code["rate"].maximum) == (0, 10)
    assert found.scales["yesno"].options[2].blank == "refused or don't know"
    assert not [each for each in check_questionnaire(found) if each.severity == "error"]


@pytest.mark.parametrize(
    "place",
    [
        "survey row 2, type", "survey row 5, appearance", "survey row 9, constraint", "survey row 9, default", "survey row 12, type",
        "survey row 13, constraint", "survey row 15, choice_filter", "survey row 16, type", "survey row 17, relevant", "survey row 18, type",
        "survey row 21, type", "survey row 22, my notes", "choices row 7, state",
    ],
)  # fmt: skip
def test_what_is_not_expressed_is_noted_with_its_row(imported: Imported, place: str) -> None:
    assert place in {note.place for note in imported.notes}


def test_import_export_import_is_stable(tmp_path: Path) -> None:
    survey = [row for row in SURVEY if row[1:2] != ["after"]]
    first = read_xlsform(workbook(tmp_path, survey)).questionnaire
    path = tmp_path / "again.xlsx"
    path.write_bytes(to_xlsform(first).content)
    assert read_xlsform(path).questionnaire == first


def test_a_language_that_is_not_told_stays_untold(tmp_path: Path) -> None:
    survey = [["type", "name", "label"], ["text", "a", "What?"], ["", "", "a remark of the author"]]
    found = read_xlsform(workbook(tmp_path, survey, [["list_name", "name", "label"]], [["form_title"], ["t"]]))
    assert found.questionnaire.languages == ("und",)
    assert "survey row 3, label" in {note.place for note in found.notes}


HEAD = ["type", "name", "label", "relevant", "calculation"]
BROKEN: list[tuple[str, Rows, str, int]] = [
    ("duplicate", [HEAD, ["text", "a", "A"], ["text", "a", "A"]], "xlsform-duplicate", 3),
    ("unclosed", [HEAD, ["begin_group", "g", "G"], ["text", "a", "A"]], "xlsform-group", 2),
    ("unopened", [HEAD, ["text", "a", "A"], ["end_group"]], "xlsform-group", 3),
    ("crossed", [HEAD, ["begin_group", "g", "G"], ["begin_repeat", "r", "R"], ["end_group"], ["end_repeat"]], "xlsform-group", 4),
    ("list", [HEAD, ["select_one nolist", "a", "A"]], "xlsform-list", 2),
    ("reference", [HEAD, ["text", "a", "A", "${b} = 1"]], "xlsform-reference", 2),
    ("cycle", [HEAD, ["text", "a", "A", "${b} = 1"], ["text", "b", "B", "${a} = 1"]], "xlsform-cycle", 2),
    ("itself", [HEAD, ["text", "a", "A", "${a} = 1"]], "xlsform-cycle", 2),
    ("name", [HEAD, ["text", "2a", "A"]], "xlsform-name", 2),
    ("nameless", [HEAD, ["text", "", "A"]], "xlsform-name", 2),
    ("columns", [["kind", "name"], ["text", "a"]], "xlsform-column", 1),
    ("twice", [["type", "name", "label", "Label"], ["text", "a", "A", "B"]], "xlsform-column", 1),
]  # fmt: skip


@pytest.mark.parametrize(("survey", "rule", "row"), [each[1:] for each in BROKEN], ids=[each[0] for each in BROKEN])
def test_a_broken_form_is_told_by_row(tmp_path: Path, survey: Rows, rule: str, row: int) -> None:
    with pytest.raises(InputError) as caught:
        read_xlsform(workbook(tmp_path, survey))
    assert (rule, row) in {(problem.rule, problem.line) for problem in caught.value.problems}


def test_files_that_are_no_form(tmp_path: Path) -> None:
    cases = {
        "none.xlsx": None, "empty.xlsx": b"", "text.xlsx": b"hello", "zip.xlsx": b"PK\x03\x04 broken", "old.xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600,
        "sheet.csv": b"questions,,\n,a,b\n", "nothing.csv": b"\n,,\n",
    }  # fmt: skip
    for name, content in cases.items():
        if content is not None:
            (tmp_path / name).write_bytes(content)
        with pytest.raises(InputError):
            read_xlsform(tmp_path / name)


def test_hostile_workbooks(tmp_path: Path) -> None:
    good = workbook(tmp_path).read_bytes()
    for name, replacement in {
        "entities": (b"<worksheet ", b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet '),
        "bomb": (b"<sheetData>", b"<sheetData>" + b" " * 300_000_000),
    }.items():
        path = tmp_path / f"{name}.xlsx"
        with zipfile.ZipFile(io.BytesIO(good)) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
            for part in source.namelist():
                data = source.read(part)
                target.writestr(part, data.replace(*replacement, 1) if part == "xl/worksheets/sheet1.xml" else data)
        with pytest.raises(InputError):
            read_xlsform(path)


def test_a_formula_without_a_result_is_told(tmp_path: Path) -> None:
    path = workbook(tmp_path, [HEAD, ["text", "a", '="x"&"y"']], [["list_name", "name", "label"]])
    with pytest.raises(InputError) as caught:
        read_xlsform(path)
    assert {(each.rule, each.line) for each in caught.value.problems} == {("xlsform-formula", 2)}


def test_a_csv_form(tmp_path: Path) -> None:
    path = tmp_path / "form.csv"
    path.write_text(
        "survey,,,\n,type,name,label:English\n,text,a,What?\nsettings,,\n,form_title\n,T\n", encoding="utf-8"
    )
    found = read_xlsform(path).questionnaire
    assert (found.title, found.questions[0].text) == ({"en": "T"}, {"en": "What?"})


@pytest.mark.parametrize("seed", range(25))
def test_mutated_forms_are_read_or_told(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    pool = [cell for row in (*SURVEY, *CHOICES) for cell in row if cell] + [
        "${",
        "x" * 3000,
        "(" * 300,
        "= 1",
        "${age} = ",
        "begin_group",
    ]
    survey, choices = [list(row) for row in SURVEY], [list(row) for row in CHOICES]
    for _ in range(chance.randint(1, 6)):
        rows = chance.choice([survey, survey, choices])
        row = chance.choice(rows)
        if chance.random() < 0.2:
            rows.remove(row)
        else:
            row[chance.randrange(len(row))] = chance.choice(pool)
    path = workbook(tmp_path, survey, choices)
    try:
        found = read_xlsform(path)
    except InputError as error:
        told = error.problems
    else:
        told = tuple(each for each in check_questionnaire(found.questionnaire) if each.severity == "error")
        assert told == ()
    assert all(problem.message and problem.file == str(path) for problem in told)


def test_texts_that_only_the_forms_own_software_completes_are_told(tmp_path: Path) -> None:
    survey = [
        ["type", "name", "label"],
        ["text", "who", "Your <b>name</b>?"],
        ["text", "why", "Why ${who}?"],
        ["text", "x", "5 < 6"],
    ]
    found = read_xlsform(workbook(tmp_path, survey, [["list_name", "name", "label"]]))
    told = {note.message for note in found.notes if note.rule == "xlsform-text"}
    assert any("show answers given before" in each and "row 3" in each for each in told)
    assert any("hold HTML" in each and "row 2" in each for each in told)
    assert len(told) == 2
