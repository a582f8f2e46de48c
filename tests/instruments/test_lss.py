"""LimeSurvey structures in XML: both layouts, all question types, two languages, and what must never come along."""

from __future__ import annotations

from pathlib import Path

import pytest

from clustergov.instruments.exchange import Imported
from clustergov.instruments.limesurvey import read_limesurvey
from clustergov.problems import InputError
from limesurvey_files import NAMES, TYPES, Row, Tables, all_types, lss, one_question, settings


def write(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def imported(folder: Path, content: str) -> Imported:
    return read_limesurvey(write(folder / "survey.lss", content))


@pytest.fixture(params=["old", "new"])
def types(request: pytest.FixtureRequest, tmp_path: Path) -> Imported:
    return imported(tmp_path, all_types(request.param))


def test_the_file_is_unchanged_and_both_layouts_give_the_same(tmp_path: Path) -> None:
    old, new = all_types("old"), all_types("new")
    path = write(tmp_path / "survey.lss", old)
    first = read_limesurvey(path).questionnaire
    assert path.read_text() == old
    assert imported(tmp_path, new).questionnaire == first


def test_every_type_has_its_kind(types: Imported) -> None:
    found = {question.code: question.kind for question in types.questionnaire.questions}
    assert found == {NAMES[letter]: kind for letter, kind in TYPES.items()}
    assert types.questionnaire.languages == ("en", "nl")
    assert dict(types.questionnaire.title) == {"en": "All types", "nl": "Alle typen"}
    assert types.questionnaire.imported_from == "LimeSurvey"


@pytest.mark.parametrize(
    ("letter", "variables"),
    [
        ("L", ["", "_other"]),
        ("O", ["", "_comment"]),
        ("M", ["_s1", "_s2", "_other"]),
        ("P", ["_s1", "_s1comment", "_s2", "_s2comment", "_other"]),
        ("F", ["_s1", "_s2"]),
        ("1", ["_s1_0", "_s1_1", "_s2_0", "_s2_1"]),
        (":", ["_s1_s3", "_s1_s4", "_s2_s3", "_s2_s4"]),
        ("K", ["_s1", "_s2"]),
        ("R", ["_1", "_2", "_3"]),
        ("X", []),
        ("D", [""]),
    ],
)
def test_variables_are_named_as_limesurvey_names_them(types: Imported, letter: str, variables: list[str]) -> None:
    code = NAMES[letter]
    assert [variable.name for variable in types.questionnaire.of(code)] == [code + suffix for suffix in variables]


@pytest.mark.parametrize(
    ("letter", "codes", "direction"),
    [
        ("5", "1 2 3 4 5", "ascending"), ("A", "1 2 3 4 5", "ascending"), ("B", "1 2 3 4 5 6 7 8 9 10", "ascending"),
        ("Y", "N Y", "ascending"), ("G", "F M", "none"), ("C", "Y U N", "descending"), ("E", "I S D", "descending"),
        # The answers stand in the file as Always, Sometimes, Never, and are shown the other way about.
        ("F", "A3 A2 A1", "ascending"), ("L", "A3 A2 A1 -oth-", "ascending"), ("R", "A3 A2 A1", "none"),
    ],
)  # fmt: skip
def test_scales(types: Imported, letter: str, codes: str, direction: str) -> None:
    scale = types.questionnaire.of(NAMES[letter])[0].scale
    assert scale is not None
    assert [option.code for option in scale.options] == codes.split()
    assert scale.direction == direction


def test_fixed_scales_speak_the_survey_s_languages(types: Imported) -> None:
    assert dict(types.questionnaire.scales["yesno"].options[1].text) == {"en": "Yes", "nl": "Ja"}


def test_texts_stay_in_their_languages(types: Imported) -> None:
    question = types.questionnaire.questions[0]
    assert dict(question.text) == {"en": "Question q0", "nl": "Vraag q0"}
    assert dict(types.questionnaire.sections[0].title) == {"en": "Group en", "nl": "Group nl"}


def test_administrators_are_never_imported(tmp_path: Path) -> None:
    welcome = (
        'Welcome. Questions? Ask <a href="mailto:jane@university.example">Jane Researcher of Room 12</a>. It is led by '
        "Jane Q.  Researcher. Or write to Joe Doe (joe.doe [at] university.example). It takes five minutes."
    )
    tables = one_question("Did Jane Q. Researcher (jane@university.example) write?", welcome=welcome)
    result = imported(tmp_path, lss(tables))
    said = result.questionnaire.model_dump_json() + "".join(map(str, result.notes))
    for secret in ("jane", "researcher", "joe", "doe", "@", "university.example", "room 12", "invite@", "firstname"):
        assert secret not in said.casefold()
    assert result.questionnaire.text is not None
    assert result.questionnaire.text.to("en") == "Welcome. Questions? […] It takes five minutes."
    assert {"limesurvey-persons", "limesurvey-address"} <= {note.rule for note in result.notes}


def test_html_becomes_plain_text(tmp_path: Path) -> None:
    html = "<p>Is it <b>5 &lt; 6</b>&nbsp;&amp; so?<br/>Say</p><script>alert(1)</script><style>p {}</style> yes <!-- no -->"
    result = imported(tmp_path, lss(one_question(html)))
    assert result.questionnaire.questions[0].text.to("en") == "Is it 5 < 6 & so?\nSay\nyes"
    assert "limesurvey-html" in {note.rule for note in result.notes}


def test_what_is_not_expressed_is_noted_with_its_place(tmp_path: Path) -> None:
    extra: Tables = {
        "question_attributes": [
            {"qid": "1", "attribute": "hidden", "value": "1"},
            {"qid": "1", "attribute": "array_filter", "value": "other"},
            {"qid": "1", "attribute": "random_order", "value": "0"},
        ],
        "quota": [{"id": "1"}], "assessments": [{"id": "1"}], "defaultvalues": [{"qid": "1"}], "strange": [{"a": "b"}],
    }  # fmt: skip
    notes = imported(tmp_path, lss(one_question(letter="S", extra=extra, preg="/x/", mandatory="S"))).notes
    told = {(note.rule, note.place) for note in notes}
    assert {("limesurvey-attribute", "why"), ("limesurvey-validation", "why"), ("limesurvey-mandatory", "why")} <= told
    assert {("limesurvey-not-imported", name) for name in ("quota", "assessments", "defaultvalues", "strange")} <= told
    assert all(note.severity == "warning" for note in notes)
    assert sum(note.rule == "limesurvey-attribute" for note in notes) == 2


def test_shares_with_a_total(tmp_path: Path) -> None:
    names = {
        "equals_num_value": "100",
        "min_num_value_n": "0",
        "max_num_value_n": "100",
        "num_value_int_only": "1",
        "suffix": "%",
    }
    extra: Tables = {
        "subquestions": [{"qid": "9", "parent_qid": "1", "title": "pub", "question": "Public", "question_order": "1"}],
        "question_attributes": [
            {"qid": "1", "attribute": name, "value": value, "language": "en"} for name, value in names.items()
        ],
    }
    question = imported(tmp_path, lss(one_question(letter="K", extra=extra))).questionnaire.questions[0]
    assert (question.total, question.minimum, question.maximum, question.integer) == (100, 0, 100, True)
    assert question.unit is not None
    assert question.unit.to("en") == "%"


def test_words_in_attributes_count_for_every_language_unless_they_name_one(tmp_path: Path) -> None:
    row = {"qid": "9", "parent_qid": "1", "title": "r", "question_order": "1"}
    names = [
        ("dualscale_headerA", "How often", ""),
        ("dualscale_headerB", "How well", "en"),
        ("dualscale_headerB", "Hoe goed", "nl"),
    ]
    extra: Tables = {
        "subquestions": [
            {**row, "question": text, "language": language} for language, text in (("en", "Firms"), ("nl", "Bedrijven"))
        ],
        "question_attributes": [
            {"qid": "1", "attribute": name, "value": value, "language": language} for name, value, language in names
        ],
    }
    result = imported(tmp_path, lss(one_question(letter="1", extra=extra)))
    first, second = result.questionnaire.questions[0].items
    assert dict(first.text) == {"en": "Firms – How often", "nl": "Bedrijven – How often"}
    assert dict(second.text) == {"en": "Firms – How well", "nl": "Bedrijven – Hoe goed"}
    assert not any("which the survey does not list" in note.message for note in result.notes)


def test_the_words_for_other_are_the_survey_s(tmp_path: Path) -> None:
    extra: Tables = {
        "answers": [{"qid": "1", "code": "A1", "answer": "Water", "sortorder": "1", "language": "en"}],
        "question_attributes": [
            {"qid": "1", "attribute": "other_replace_text", "value": "Something else", "language": ""}
        ],
    }
    questionnaire = imported(tmp_path, lss(one_question(letter="!", extra=extra, other="Y"))).questionnaire
    assert [(option.code, option.text.to("en")) for option in questionnaire.scales["why"].options] == [
        ("A1", "Water"),
        ("-oth-", "Something else"),
    ]


def routed(folder: Path, relevance: str, *, conditions: list[Row] | None = None) -> tuple[str, str]:
    extra: Tables = {"conditions": conditions or []}
    tables = one_question("First?", letter="Y", extra=extra)
    tables["questions"][0]["question_order"] = "1"
    tables["questions"].append({"qid": "2", "gid": "1", "type": "N", "title": "many", "question": "How many?", "language": "en",
                                "question_order": "2"})  # fmt: skip
    tables["questions"].append({"qid": "3", "gid": "1", "type": "S", "title": "then", "question": "Then?", "language": "en",
                                "question_order": "3", "relevance": relevance})  # fmt: skip
    question = imported(folder, lss(tables)).questionnaire.questions[2]
    return question.when, question.relevance


@pytest.mark.parametrize(
    ("relevance", "when", "kept"),
    [
        ("", "", ""), ("1", "", ""), ("(1)", "", ""),
        ('((why.NAOK == "Y"))', 'why = "Y"', ""),
        ('((7X1X1.NAOK == "Y"))', 'why = "Y"', ""),
        ('why.NAOK == "Y" and many.NAOK > 3', 'why = "Y" and many > 3', ""),
        ('(why.NAOK == "Y" || many.NAOK >= 3)', 'why = "Y" or many >= 3', ""),
        ('why.NAOK != "Y"', 'not why = "Y"', ""),
        ("!is_empty(why.NAOK)", "answered(why)", ""),
        ('why == "Y"', 'why = "Y"', ""),
        # A bare name makes the whole false where its question was not asked, and this one always is.
        ('why == "Y" or many.NAOK > 3', 'why = "Y" or many > 3', ""),
        ("count(why, many) > 1", "count(why, many) > 1", ""),
        # An empty number counts as 0 in a browser; a code is not listed.
        ("many.NAOK < 3", "", "many.NAOK < 3"),
        ('why.NAOK == "Q"', "", 'why.NAOK == "Q"'),
        ("((", "", "(("),
    ],
)  # fmt: skip
def test_conditions(tmp_path: Path, relevance: str, when: str, kept: str) -> None:
    assert routed(tmp_path, relevance) == (when, kept)


def test_old_condition_rows(tmp_path: Path) -> None:
    rows = [
        {"qid": "3", "cqid": "1", "cfieldname": "7X1X1", "method": "==", "value": value, "scenario": "1"}
        for value in "YN"
    ]
    rows.append({"qid": "3", "cqid": "2", "cfieldname": "7X1X2", "method": ">", "value": "3", "scenario": "1"})
    assert routed(tmp_path, "1", conditions=rows) == ("answered(why) and many > 3", "")


def test_codes_that_collide_are_kept_apart(tmp_path: Path) -> None:
    extra: Tables = {
        "subquestions": [{"qid": str(5 + place), "parent_qid": "1", "title": code, "question": code, "question_order": str(place)}
                         for place, code in enumerate(("a", "a", "other", "b_1"))],
    }  # fmt: skip
    tables = one_question(letter="M", extra=extra, other="Y")
    tables["questions"].append(
        {"qid": "2", "gid": "1", "type": "S", "title": "why_a", "question": "?", "language": "en"}
    )
    result = imported(tmp_path, lss(tables))
    names = [variable.name for variable in result.questionnaire.variables]
    assert names == ["why_a", "why_ar2", "why_otherr2", "why_b_1", "why_other", "why_aq2"]
    (of_items,) = (note.message for note in result.notes if note.place == "why_ar2")
    assert of_items.endswith("changed: why_ar2 (it was “a”), why_otherr2 (it was “other”).")
    assert [note.place for note in result.notes if note.rule == "limesurvey-code"] == ["why_ar2", "why_aq2"]


@pytest.mark.parametrize(
    ("name", "content", "rule"),
    [
        ("empty.lss", b"", "empty-file"),
        ("blank.lss", b" \n ", "empty-file"),
        ("zip.lss", b"PK\x03\x04rest", "archive"),
        ("text.lss", b"hello", "limesurvey-xml"),
        ("open.lss", b"<document><LimeSurveyDocType>Survey", "limesurvey-xml"),
        ("latin.lss", b'<?xml version="1.0" encoding="UTF-8"?><document>caf\xe9</document>', "limesurvey-xml"),
        ("odd.lss", b'<?xml version="1.0" encoding="no-such"?><document/>', "limesurvey-xml"),
        ("other.lss", b"<html></html>", "limesurvey-kind"),
        ("group.lss", lss({}, kind="Group").encode(), "limesurvey-kind"),
        ("none.lss", lss(settings()).encode(), "limesurvey-empty"),
    ],
)
def test_what_is_no_structure_is_told_in_one_message(tmp_path: Path, name: str, content: bytes, rule: str) -> None:
    with pytest.raises(InputError) as told:
        read_limesurvey(write(tmp_path / name, content))
    assert [problem.rule for problem in told.value.problems] == [rule]
    assert name in str(told.value)


def test_entities_are_not_read(tmp_path: Path) -> None:
    secret = write(tmp_path / "secret", "secret words")
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    for declared in (f'<!ENTITY x SYSTEM "{secret.as_uri()}">', f'<!ENTITY l0 "ha">{laughs}<!ENTITY x "&l9;">'):
        text = (
            lss(one_question("ENTITY"))
            .replace("ENTITY", "&x;")
            .replace("<document>", f"<!DOCTYPE document [{declared}]><document>")
        )
        with pytest.raises(InputError) as told:
            read_limesurvey(write(tmp_path / "survey.lss", text))
        assert told.value.problems[0].rule in ("limesurvey-entities", "limesurvey-xml")
        assert "secret words" not in str(told.value)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        read_limesurvey(tmp_path / "none.lss")


def test_the_real_survey_of_the_united_kingdom(shared: Path) -> None:
    result = read_limesurvey(shared / "data" / "limesurvey" / "rse-2017-uk-core.lss")
    questionnaire = result.questionnaire
    assert (len(questionnaire.sections), len(questionnaire.questions), len(questionnaire.variables)) == (6, 59, 169)
    assert questionnaire.scales["likertagree2"].direction == "ascending"
    assert [option.code for option in questionnaire.scales["time1can"].options][:5] == ["A1", "A2", "A3", "A5", "A4"]
    assert questionnaire.scales["time1can"].direction == "ascending"
    routed_questions = {question.code: question.when for question in questionnaire.questions if question.when}
    assert len(routed_questions) == 13
    assert routed_questions["edu3"] == 'edu2 = "66"'
    assert "soton" not in questionnaire.model_dump_json()
    assert not any(note.rule == "limesurvey-condition" for note in result.notes)
