"""What a LimeSurvey import says of itself: every cell is in the questionnaire, in a note, or bookkeeping; and what each means."""

from __future__ import annotations

from pathlib import Path

import pytest

from clustergov.instruments.check import check, check_questionnaire
from clustergov.instruments.exchange import Imported
from clustergov.instruments.limesurvey import read_limesurvey
from clustergov.instruments.limesurvey.write import to_lss, to_txt
from clustergov.instruments.questionnaire import Question
from clustergov.instruments.write import write_questionnaire
from limesurvey_account import lost
from limesurvey_files import Row, Tables, all_types, everything, everything_txt, lss, one_question, settings

FILES = {
    "old.lss": everything("old"),
    "new.lss": everything("new"),
    "types.lss": all_types("old"),
    "all.txt": everything_txt(),
}


BESIDE = {"limesurvey-html", "limesurvey-media", "limesurvey-tailoring", "limesurvey-language", "limesurvey-validation", "limesurvey-condition"}  # fmt: skip
"""Notes about what is in the questionnaire all the same, in part or as it was written."""


def imported(folder: Path, content: str, name: str = "survey.lss") -> Imported:
    path = folder / name
    path.write_bytes(content.encode())
    return read_limesurvey(path)


@pytest.mark.parametrize("name", FILES)
def test_no_cell_is_lost(tmp_path: Path, name: str) -> None:
    assert lost(FILES[name].encode(), imported(tmp_path, FILES[name], name)) == []


def test_the_account_itself_notices_what_is_lost(tmp_path: Path) -> None:
    content = FILES["new.lss"]
    result = imported(tmp_path, content)
    for note in result.notes:
        without = Imported(result.questionnaire, tuple(each for each in result.notes if each != note))
        if note.rule not in BESIDE:
            assert lost(content.encode(), without), note
    fewer = result.questionnaire.model_copy(update={"closing": None})
    assert lost(content.encode(), Imported(fewer, result.notes))


@pytest.mark.parametrize("name", ["rse-2017-uk-core.lss", "rse-2017-za.structure.txt"])
def test_no_cell_of_a_survey_of_the_field_is_lost(shared: Path, name: str) -> None:
    path = shared / "data" / "limesurvey" / name
    assert lost(path.read_bytes(), read_limesurvey(path)) == []


@pytest.mark.parametrize("name", FILES)
def test_what_comes_out_is_a_file_that_passes(tmp_path: Path, name: str) -> None:
    questionnaire = imported(tmp_path, FILES[name], name).questionnaire
    write_questionnaire(questionnaire, tmp_path / "X.yml")
    read, problems = check(tmp_path / "X.yml")
    assert [problem for problem in problems if problem.severity == "error"] == []
    assert read == questionnaire


def test_one_note_per_kind_of_thing_in_the_order_of_the_survey(tmp_path: Path) -> None:
    result = imported(tmp_path, FILES["new.lss"])
    said = [(note.rule, note.message.partition(":")[0]) for note in result.notes]
    assert len(set(said)) == len(said)
    codes = [question.code for question in result.questionnaire.questions]
    first = [codes.index(note.place) for note in result.notes if note.place in codes]
    assert first == sorted(first)
    (hidden,) = (note for note in result.notes if "“hidden”" in note.message)
    assert hidden.message == "the attribute “hidden”, never shown to respondents, is not expressed: q0 (1), q26 (1)."
    assert all(note.severity == "warning" and note.file.endswith("survey.lss") for note in result.notes)


def test_nothing_of_a_note_runs_over_its_line(tmp_path: Path) -> None:
    value = "a\u202eb\nc\x85d" + "x" * 5000
    attribute = {"qid": "1", "attribute": "evil\u2028name", "value": value}
    notes = imported(tmp_path, lss(one_question(extra={"question_attributes": [attribute]}))).notes
    (note,) = (each for each in notes if "evil" in each.message)
    assert note.message == f"the attribute “evil name” is not expressed: why (a b c d{'x' * 52}…)."


def test_the_opening_and_the_end_text(tmp_path: Path) -> None:
    questionnaire = imported(tmp_path, FILES["old.lss"]).questionnaire
    assert questionnaire.text is not None
    assert questionnaire.closing is not None
    assert questionnaire.text.to("nl") == "About in het Nederlands\nWelcome in het Nederlands"
    assert dict(questionnaire.closing) == {"en": "Thanks in English", "nl": "Thanks in het Nederlands"}


def of_attributes(
    folder: Path,
    letter: str,
    attributes: Row,
    *,
    items: str = "abc",
    first: str = "",
    other: str = "N",
    below: Row | None = None,
) -> Question:
    """A question of a type with attributes and three subquestions, after one of the type `first` with the same ones."""
    tables = settings()
    tables["groups"] = [{"gid": "1", "group_order": "1", "group_name": "One", "language": "en"}]
    rows: list[Row] = []
    children: list[Row] = []
    for number, (code, kind) in enumerate([("src", first), ("q", letter)], start=1):
        if kind:
            rows.append({"qid": str(number), "gid": "1", "type": kind, "title": code, "question": code, "language": "en", "other": other,
                         "question_order": str(number)})  # fmt: skip
            children += [
                {"qid": f"{number}{place}", "parent_qid": str(number), "title": item, "question": f"Item {item}", "language": "en",
                 "question_order": str(place), "scale_id": "0", **((below or {}) if number == 2 else {})}
                for place, item in enumerate(items if number == 2 else "ab", start=1)
            ]  # fmt: skip
    extra: Tables = {"questions": rows, "subquestions": children}
    extra["answers"] = [{"qid": str(number), "code": code, "answer": code, "language": "en", "scale_id": "0", "sortorder": "1"}
                        for number in (1, 2) for code in ("ab" if number == 1 and first == "R" else "123")]  # fmt: skip
    extra["question_attributes"] = [
        {"qid": "2", "attribute": name, "value": value} for name, value in attributes.items()
    ]
    result = imported(folder, lss(tables | extra))
    assert not [each for each in check_questionnaire(result.questionnaire) if each.severity == "error"]
    question = result.questionnaire.questions[-1]
    said = " ".join(note.message for note in result.notes)
    for name in attributes:
        assert (f"“{name}”" in said) == (name not in _expressed(question)), (name, said)
    return question


def _expressed(question: Question) -> set[str]:
    """Names of attributes that a question shows to have, in the roughest way."""
    names: set[str] = set()
    if any(item.when for item in question.items):
        names |= {"array_filter", "array_filter_exclude"}
    if question.constraint or question.total is not None:
        names |= {"em_validation_q", "em_validation_q_tip", "em_validation_sq", "equals_num_value", "min_answers", "max_answers", "min_num_value",
                  "max_num_value", "exclude_all_others"}  # fmt: skip
    return names | ({"random_order", "answer_order"} if question.random_order else set())


@pytest.mark.parametrize(
    ("first", "attributes", "whens"),
    [
        ("M", {"array_filter": "src"}, ['src_a = "Y"', 'src_b = "Y"', ""]),
        ("M", {"array_filter_exclude": "src"}, ['not src_a = "Y"', 'not src_b = "Y"', ""]),
        ("Q", {"array_filter": "src"}, ["answered(src_a)", "answered(src_b)", ""]),
        ("K", {"array_filter_exclude": "src"}, ["not answered(src_a)", "not answered(src_b)", ""]),
        ("R", {"array_filter": "src"}, ['src_1 = "a" or src_2 = "a"', 'src_1 = "b" or src_2 = "b"', ""]),
        ("R", {"array_filter_exclude": "src"}, ['not src_1 = "a" and not src_2 = "a"', 'not src_1 = "b" and not src_2 = "b"', ""]),
        ("M", {"array_filter": "nobody"}, ["", "", ""]),
        ("M", {"array_filter": "src;nobody"}, ["", "", ""]),
        ("M", {"array_filter": "q"}, ["", "", ""]),
    ],
)  # fmt: skip
def test_filters_are_conditions_of_items(tmp_path: Path, first: str, attributes: Row, whens: list[str]) -> None:
    question = of_attributes(tmp_path, "F", attributes, first=first)
    assert [item.when for item in question.items] == whens


def test_a_filter_by_answers_among_which_is_do_not_know_stays_a_note(tmp_path: Path) -> None:
    tables = settings()
    tables["groups"] = [{"gid": "1", "group_order": "1", "group_name": "One", "language": "en"}]
    tables["questions"] = [
        {"qid": number, "gid": "1", "type": "F", "title": f"q{number}", "question": "?", "language": "en"}
        for number in "12"
    ]
    tables["subquestions"] = [
        {"qid": f"{number}1", "parent_qid": number, "title": "a", "question": "A", "language": "en"} for number in "12"
    ]
    tables["answers"] = [{"qid": number, "code": code, "answer": text, "language": "en"}
                         for number in "12" for code, text in (("1", "Yes"), ("9", "Don't know"))]  # fmt: skip
    tables["question_attributes"] = [{"qid": "2", "attribute": "array_filter", "value": "q1"}]
    result = imported(tmp_path, lss(tables))
    assert not result.questionnaire.questions[1].items[0].when
    assert any("“array_filter”" in note.message and "q2 (q1)" in note.message for note in result.notes)


def test_filters_of_filters_count_too(tmp_path: Path) -> None:
    tables = settings()
    tables["groups"] = [{"gid": "1", "group_order": "1", "group_name": "One", "language": "en"}]
    tables["questions"] = [
        {"qid": number, "gid": "1", "type": "M", "title": f"q{number}", "question": "?", "language": "en"}
        for number in "123"
    ]
    tables["subquestions"] = [
        {"qid": f"{number}1", "parent_qid": number, "title": "a", "question": "A", "language": "en"} for number in "123"
    ]
    tables["question_attributes"] = [{"qid": "2", "attribute": "array_filter_exclude", "value": "q1"},
                                     {"qid": "3", "attribute": "array_filter", "value": "q2"}]  # fmt: skip
    questions = imported(tmp_path, lss(tables)).questionnaire.questions
    assert [question.items[0].when for question in questions] == ["", 'not q1_a = "Y"', 'q2_a = "Y" and not q1_a = "Y"']


def test_conditions_of_single_subquestions(tmp_path: Path) -> None:
    question = of_attributes(tmp_path, "Q", {}, first="M", below={"relevance": 'src_a.NAOK == "Y"'})
    assert [item.when for item in question.items] == ['src_a = "Y"'] * 3
    both = of_attributes(tmp_path, "Q", {"array_filter": "src"}, first="M", below={"relevance": 'src_b.NAOK == "Y"'})
    assert [item.when for item in both.items] == ['src_a = "Y" and src_b = "Y"', 'src_b = "Y"', 'src_b = "Y"']


@pytest.mark.parametrize(
    ("letter", "attributes", "constraint", "total"),
    [
        ("K", {"equals_num_value": "100"}, "", 100),
        ("K", {"em_validation_q": "round(sum(self.NAOK),2)==100 or count(self.NAOK)==0"}, "", 100),
        ("K", {"em_validation_q": "(round(sum(self.NAOK), 2) == 30.5 or count(self.NAOK) == 0)"}, "", 30.5),
        ("K", {"equals_num_value": "q1 + q2"}, "", None),
        ("K", {"min_num_value": "2.50", "max_num_value": "10"}, "sum(q_a, q_b, q_c) >= 2.5 and sum(q_a, q_b, q_c) <= 10", None),
        ("K", {"max_num_value": "limit"}, "", None),
        ("M", {"min_answers": "1", "max_answers": "2"}, 'count("Y", q_a, q_b, q_c) >= 1 and count("Y", q_a, q_b, q_c) <= 2', None),
        ("M", {"max_answers": "few"}, "", None),
        ("Q", {"min_answers": "2"}, "count(q_a, q_b, q_c) >= 2", None),
        ("F", {"max_answers": "2"}, "count(q_a, q_b, q_c) <= 2", None),
        ("M", {"exclude_all_others": "c"}, 'not q_c = "Y" or count("Y", q_a, q_b) = 0', None),
        ("M", {"exclude_all_others": "z"}, "", None),
        ("M", {"em_validation_q": "nonsense(", "em_validation_q_tip": "Never"}, "", None),
    ],
)  # fmt: skip
def test_limits_are_constraints(
    tmp_path: Path, letter: str, attributes: Row, constraint: str, total: float | None
) -> None:
    question = of_attributes(tmp_path, letter, attributes)
    assert (question.constraint, question.total) == (constraint, total)
    assert (question.constraint_message is not None) == bool(constraint)


def test_a_rule_and_its_message(tmp_path: Path) -> None:
    rule = {
        "em_validation_q": 'q_a.NAOK == "Y" or q_b.NAOK == "Y"',
        "em_validation_q_tip": "Tick <b>a</b> or b",
        "max_answers": "2",
    }
    question = of_attributes(tmp_path, "M", rule)
    assert question.constraint == 'count("Y", q_a, q_b, q_c) <= 2 and (q_a = "Y" or q_b = "Y")'
    assert question.constraint_message is not None
    assert question.constraint_message.to("nl") == "Tick a or b. Ten hoogste 2 aangekruist."


def test_limits_beside_a_free_other_stay_a_note(tmp_path: Path) -> None:
    # LimeSurvey counts “other” as an answer; a count of ticks and a text cannot be had.
    assert not of_attributes(tmp_path, "M", {"max_answers": "2"}, other="Y").constraint


def test_a_limit_that_refuses_blanks_is_told(tmp_path: Path) -> None:
    tables = one_question(letter="K", extra={
        "subquestions": [{"qid": "9", "parent_qid": "1", "title": "a", "question": "A", "language": "en"}],
        "question_attributes": [{"qid": "1", "attribute": "min_num_value", "value": "5"}, {"qid": "1", "attribute": "value_range_allows_missing", "value": "0"}],
    })  # fmt: skip
    notes = imported(tmp_path, lss(tables)).notes
    (note,) = (each for each in notes if each.rule == "limesurvey-validation")
    assert (
        note.message == "rules refuse empty answers in LimeSurvey; here they are not applied to what is left open: why."
    )


@pytest.mark.parametrize(
    ("letter", "attributes", "random"),
    [
        ("M", {"random_order": "1"}, True), ("F", {"random_order": "1"}, True), ("L", {"answer_order": "random"}, True), ("L", {"random_order": "1"}, True),
        ("L", {"answer_order": "alphabetical"}, False), ("M", {"random_order": "0"}, False),
    ],
)  # fmt: skip
def test_random_order(tmp_path: Path, letter: str, attributes: Row, random: bool) -> None:
    if attributes == {"random_order": "0"}:
        attributes = {}
    question = of_attributes(tmp_path, letter, attributes, items="abc" if letter != "L" else "")
    assert question.random_order == random


def test_rows_that_belong_nowhere_are_told(tmp_path: Path) -> None:
    extra: Tables = {
        "answers": [{"qid": "99", "code": "A1", "answer": "Lost", "language": "en"}, {"qid": "1", "code": "B", "answer": "Stray", "language": "en"}],
        "subquestions": [{"qid": "5", "parent_qid": "77", "title": "x", "question": "Lost too", "language": "en"}],
        "question_attributes": [{"qid": "98", "attribute": "hidden", "value": "1"}],
        "conditions": [{"cid": "1", "qid": "97", "cfieldname": "7X1X1", "method": "==", "value": "Y"}],
    }  # fmt: skip
    tables = one_question(extra=extra)
    tables["questions"].append({**tables["questions"][0], "title": "another"})
    told = {note.message for note in imported(tmp_path, lss(tables)).notes if note.rule == "limesurvey-stray"}
    assert told == {
        "rows of the table “answers” belong to no question and are not imported: question 99, answer A1.",
        "rows of the table “question_attributes” belong to no question and are not imported: question 98.",
        "rows of the table “conditions” belong to no question and are not imported: question 97.",
        "rows of the table “subquestions” belong to no question and are not imported: 77_x.",
        "answers that do not belong to this type of question are not imported: why, answer B (Stray).",
        "a second or stray value of “title” (questions) is not imported: why (another).",
    }


@pytest.mark.parametrize("name", FILES)
def test_what_was_imported_is_the_same_after_an_export_and_another_import(tmp_path: Path, name: str) -> None:
    first = imported(tmp_path, FILES[name], name).questionnaire
    (tmp_path / "again").mkdir()
    for suffix, export in ((".lss", to_lss), (".txt", to_txt)):
        path = tmp_path / "again" / Path(name).with_suffix(suffix).name
        path.write_bytes(export(first).content)
        assert read_limesurvey(path).questionnaire == first


def test_a_constraint_with_its_guard_is_taken_back_as_it_was(tmp_path: Path) -> None:
    question = of_attributes(
        tmp_path, "K", {"em_validation_q": "is_empty(q_a.NAOK) or is_empty(q_b.NAOK) or q_a.NAOK <= q_b.NAOK"}
    )
    assert question.constraint
    first = imported(tmp_path, (tmp_path / "survey.lss").read_text())
    (tmp_path / "again.lss").write_bytes(to_lss(first.questionnaire).content)
    again = read_limesurvey(tmp_path / "again.lss")
    assert again.questionnaire.questions[-1] == question
    assert "limesurvey-validation" not in {note.rule for note in again.notes}
