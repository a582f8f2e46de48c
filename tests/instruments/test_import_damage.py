"""Files that are not what they say: every encoding, every kind of damage, and no harm done by hostile ones."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest

from clustergov.instruments.exchange import Imported
from clustergov.instruments.limesurvey import read_limesurvey
from clustergov.problems import InputError, Problem
from limesurvey_files import EXTRA, NEW, OLD, Tables, all_types, line, lss, one_question, settings, survey, txt

TABLE = txt(survey(), extra=EXTRA)


def imported(folder: Path, content: bytes, name: str) -> Imported:
    path = folder / name
    path.write_bytes(content)
    return read_limesurvey(path)


def refused(folder: Path, content: bytes, name: str) -> Problem:
    with pytest.raises(InputError) as told:
        imported(folder, content, name)
    (problem,) = told.value.problems
    assert problem.file.endswith(name)
    return problem


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_tables_are_read_in_every_encoding_of_unicode(tmp_path: Path, encoding: str) -> None:
    content = TABLE.replace("Often?", "Häufig – 常に?")
    assert (
        imported(tmp_path, content.encode(encoding), "s.txt").questionnaire
        == imported(tmp_path, content.encode(), "s.txt").questionnaire
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("name", ["s.lss", "s.txt"])
def test_structures_in_xml_are_read_in_every_encoding_of_unicode(tmp_path: Path, encoding: str, name: str) -> None:
    content = all_types("new").replace(
        'encoding="UTF-8"', f'encoding="{"UTF-16" if encoding == "utf-16" else "UTF-8"}"'
    )
    assert len(imported(tmp_path, content.encode(encoding), name).questionnaire.questions) == 29


@pytest.mark.parametrize(
    ("content", "rule", "said"),
    [
        (TABLE.replace("Often?", "Häufig?").encode("cp1252"), "encoding", "Windows-1252"),
        (TABLE.encode("utf-16")[:-1], "encoding", "broken UTF-16"),
        (TABLE.encode("utf-32"), "encoding", "NUL"),
        (TABLE.replace("Often?", "Of\0ten?").encode(), "encoding", "NUL"),
        (b"class\nQ\nQ\n", "limesurvey-columns", "found no type/scale, name, text"),
        (b"\t\t\t\t\n\t\t\t\n", "empty-file", "found an empty file"),
        (TABLE.encode()[:300], "limesurvey-empty", "rows of class Q"),
        (
            TABLE.split("\r\n")[0].encode() + b"\nQ\tS\t" + b'"' + b"x" * 200_000 + b'"',
            "limesurvey-table",
            "field limit",
        ),
    ],
)
def test_tables_that_cannot_be_read(tmp_path: Path, content: bytes, rule: str, said: str) -> None:
    problem = refused(tmp_path, content, "s.txt")
    assert problem.rule == rule
    assert said in problem.message


def test_columns_may_stand_in_any_order_and_twice(tmp_path: Path) -> None:
    rows = survey()
    turned = txt(rows, tuple(reversed(OLD)), extra=EXTRA)
    assert (
        imported(tmp_path, turned.encode(), "s.txt").questionnaire
        == imported(tmp_path, TABLE.encode(), "s.txt").questionnaire
    )
    twice = imported(tmp_path, txt(rows, NEW, extra=(*EXTRA, "help")).encode(), "s.txt")
    assert twice.questionnaire == imported(tmp_path, TABLE.encode(), "s.txt").questionnaire
    helped = txt([line("G", "g"), line("Q", "a", "A?", scale="S", help="Help")], OLD, extra=("help",))
    said = [note.message for note in imported(tmp_path, helped.encode(), "s.txt").notes]
    assert any("help (column 2 of this name)" in each for each in said)


def test_cells_beyond_the_last_column_are_told(tmp_path: Path) -> None:
    content = txt([line("G", "g"), line("Q", "a", "A?", scale="S")], OLD).rstrip("\r\n") + "\tlost and found\r\n"
    notes = imported(tmp_path, content.encode(), "s.txt").notes
    assert any("beyond the last column" in note.message and "lost and found" in note.message for note in notes)


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (all_types("new")[:5000], "limesurvey-xml"),
        (all_types("new").replace("<document>", "<survey>").replace("</document>", "</survey>"), "limesurvey-kind"),
        (all_types("new").replace("<LimeSurveyDocType>Survey</LimeSurveyDocType>", ""), "limesurvey-kind"),
        ("<document><LimeSurveyDocType>Survey</LimeSurveyDocType><questions><fields/></questions></document>", "limesurvey-empty"),
        (lss(settings() | {"questions": []}), "limesurvey-empty"),
        ("<document>" + "<a>" * 400 + "</a>" * 400 + "</document>", "limesurvey-xml"),
        (f'<document a="{"x" * 11_000_000}"/>', "limesurvey-xml"),
        ('<!DOCTYPE document SYSTEM "file:///etc/hostname"><document/>', "limesurvey-entities"),
        ('<?xml version="1.0"?><!DOCTYPE document [<!ELEMENT document ANY>]><document/>', "limesurvey-entities"),
        ("<document>&nothing;</document>", "limesurvey-xml"),
    ],
)  # fmt: skip
def test_xml_that_is_no_structure(tmp_path: Path, content: str, rule: str) -> None:
    assert refused(tmp_path, content.encode(), "s.lss").rule == rule


def test_codes_that_stand_twice_are_changed_and_told(tmp_path: Path) -> None:
    tables = one_question(letter="F", extra={
        "subquestions": [{"qid": f"2{n}", "parent_qid": "1", "title": "a", "question": "A", "language": "en"} for n in range(300)],
        "answers": [{"qid": "1", "code": "1", "answer": f"Answer {n}", "aid": str(n), "language": "en"} for n in range(300)],
    })  # fmt: skip
    tables["questions"] = [{**tables["questions"][0], "qid": str(n)} for n in range(1, 301)]
    result = imported(tmp_path, lss(tables).encode(), "s.lss")
    codes = [question.code for question in result.questionnaire.questions]
    assert len(set(codes)) == 300
    assert codes[:3] == ["why", "whyq2", "whyq3"]
    assert [item.code for item in result.questionnaire.questions[0].items][:3] == ["a", "ar2", "ar3"]
    assert len([note for note in result.notes if note.rule == "limesurvey-code"]) == 3


@pytest.mark.parametrize(
    "expression",
    ["(" * 400_000 + "2" + ")" * 400_000, "!" * 1_000_000 + "why", 'why.NAOK=="A" or ' * 60_000 + "1", "a" * 1_000_000],
)
def test_conditions_of_great_depth_and_length_stay_as_they_are(tmp_path: Path, expression: str) -> None:
    tables = one_question(relevance=expression)
    tables["question_attributes"] = [
        {"qid": "1", "attribute": name, "value": expression} for name in ("em_validation_q", "em_validation_sq")
    ]
    result = imported(tmp_path, lss(tables).encode(), "s.lss")
    assert result.questionnaire.questions[0].relevance == expression
    assert {"limesurvey-condition", "limesurvey-attribute"} <= {note.rule for note in result.notes}


HOSTILE = {
    "a long word": "a" * 1_000_000,
    "comments without end": "<!--" * 5_000,
    "links without end": "<a href='mailto:x'>" * 3_000,
    "quotation marks in tags": '<a "' * 4_000,
    "scripts without end": "<script " * 4_000,
    "at signs": "a@" * 20_000,
    "dots behind an at sign": "x@" + "a." * 20_000,
    "braces": "{a" * 20_000,
    "entities": "&a" * 50_000,
    "a picture inside": "<img src='data:image/png;base64," + "A" * 2_000_000 + "'> Fine",
}


def test_hostile_texts_take_bounded_time_and_memory(tmp_path: Path) -> None:
    for number, text in enumerate(HOSTILE.values()):
        tables = one_question(text)
        tables["surveys"][0]["admin"] = "Somebody Else"
        (tmp_path / f"{number}.lss").write_bytes(lss(tables).encode())
    # The bound on seconds is one of processor time, and twenty times what is needed here.
    script = f"""
        import resource
        from clustergov.instruments.limesurvey import read_limesurvey
        resource.setrlimit(resource.RLIMIT_AS, (1_500_000_000, 1_500_000_000))
        resource.setrlimit(resource.RLIMIT_CPU, (60, 60))
        for number in range({len(HOSTILE)}):
            read_limesurvey({str(tmp_path)!r} + f"/{{number}}.lss")
    """
    done = subprocess.run([sys.executable, "-c", dedent(script)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_more_html_than_can_be_read_is_told(tmp_path: Path) -> None:
    tables = one_question()
    tables["questions"] = [
        {**tables["questions"][0], "qid": str(n), "title": f"q{n}", "question": "<b" * 20_000} for n in range(4)
    ]
    assert refused(tmp_path, lss(tables).encode(), "s.lss").rule == "too-large"


def test_files_and_tables_that_are_too_large_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with (tmp_path / "s.txt").open("wb") as file:
        file.truncate(100 * 1024 * 1024)
    with pytest.raises(InputError, match="at most"):
        read_limesurvey(tmp_path / "s.txt")
    from clustergov.instruments.limesurvey import txt as tables
    from clustergov.instruments.limesurvey import xml_tables

    monkeypatch.setattr(tables, "MOST_CELLS", 40)
    monkeypatch.setattr(xml_tables, "_MOST_ELEMENTS", 40)
    assert refused(tmp_path, TABLE.encode(), "s.txt").rule == "too-large"
    assert refused(tmp_path, all_types("new").encode(), "s.lss").rule == "too-large"


def test_languages_of_no_use(tmp_path: Path) -> None:
    tables: Tables = one_question()
    tables["surveys"][0] |= {"language": "en", "additional_languages": "  nl   nl en zz-Zz "}
    tables["questions"].append({**tables["questions"][0], "question": "Pourquoi ?", "language": "fr"})
    result = imported(tmp_path, lss(tables).encode(), "s.lss")
    assert result.questionnaire.languages == ("en",)
    told = {note.message for note in result.notes if note.rule == "limesurvey-language"}
    assert told == {
        "texts in languages that the survey does not list are not imported: fr.",
        "texts are not translated; the check names each of a language that is declared, and all are kept: "
        "nl 2 of 3 (not declared), zz-Zz 3 of 3 (not declared).",
    }
