"""Whatever is posted, what is stored is valid for what was asked, and means what the rest of the toolkit reads in it."""

from __future__ import annotations

import random
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

import answer_paths
from clustergov.instruments.check import read_questionnaire
from clustergov.instruments.questionnaire import Questionnaire
from clustergov.survey.reading import read_responses
from clustergov.survey.service.form import Form
from clustergov.survey.service.typed import LONG_TEXT
from clustergov.survey.validation import validate
from questionnaire_strategy import EXAMPLES, questionnaires, tries
from survey_visitors import careless, honest, hostile, without_files, write_rows

SHIPPED = ("cluster-organisation", "governance", "benchmark")


def form_of(*questions: dict[str, object], **more: object) -> Form:
    """A form of some questions in one section."""
    yes = {"direction": "ascending", "options": [{"code": "N", "text": {"en": "no"}}, {"code": "Y", "text": {"en": "yes"}},
           {"code": "98", "text": {"en": "no idea"}, "blank": "refused or don't know"}]}  # fmt: skip
    fields = {"direction": "none", "options": [{"code": code, "text": {"en": code}} for code in ("a", "b", "other")]}
    section = {
        "code": "s",
        "title": {"en": "S"},
        "questions": [{"text": {"en": str(q["code"])}, **q} for q in questions],
    }
    content = {
        "questionnaire": "q",
        "version": "1",
        "title": {"en": "Q"},
        "languages": ["en"],
        "scales": {"yes": yes, "abc": fields},
        "sections": [section],
    }
    return Form(Questionnaire.model_validate(content | more))


def items(*codes: str) -> list[dict[str, object]]:
    return [{"code": code, "text": {"en": code}} for code in codes]


def rules(form: Form, number: int, posted: Mapping[str, str], answers: Mapping[str, str] | None = None) -> list[str]:
    entered = form.enter(number, {name: [value] for name, value in posted.items()}, answers or {})
    return [f"{mistake.field}: {mistake.rule}" for mistake in entered.mistakes]


def stored(form: Form, posted: Mapping[str, str], answers: Mapping[str, str] | None = None) -> dict[str, str]:
    return form.enter(1, {name: [value] for name, value in posted.items()}, answers or {}).answers


@tries(max(20, EXAMPLES // 2))
@given(questionnaires(), st.integers(0, 2**32), st.sampled_from(["section", "question", "survey"]))
def test_whatever_is_posted_what_is_stored_reads_back_strictly(drawn: Questionnaire, seed: int, paging: str) -> None:
    questionnaire = without_files(drawn)
    if not questionnaire.variables:
        return
    form, rng = Form(questionnaire, paging), random.Random(seed)  # type: ignore[arg-type]  # one of the three
    rows = []
    for _ in range(4):
        answers: dict[str, str] = {}
        drafts: dict[str, str] = {}
        for number in (*range(1, form.end), *(rng.randint(1, form.end) for _ in range(4))):
            kind = rng.choice(("hostile", "careless", "honest"))
            posted = hostile(form, number, rng) if kind == "hostile" else {}
            if number < form.end and kind != "hostile":
                posted = (careless if kind == "careless" else honest)(form, number, rng, answers)
            entered = form.enter(number, posted, answers, drafts)
            answers, drafts = entered.answers, entered.drafts
            assert not set(answers) & set(drafts)
            assert len("".join((*answers.values(), *drafts.values())).encode()) < 5_000_000
            rows.append((form.asked(answers), False))
        submission = form.submission(answers, drafts)
        rows.append((submission.answers, submission.screen is None))
        if submission.screen is None:
            assert form.submission(submission.answers).answers == submission.answers
    with TemporaryDirectory() as folder:
        responses = read_responses(write_rows(rows, questionnaire, Path(folder) / "r.csv"), questionnaire, strict=True)
    violations = validate(responses)
    assert not len(violations), violations.to_string()


@pytest.mark.parametrize("name", SHIPPED)
def test_what_careless_people_leave_in_the_shipped_questionnaires_reads_back_strictly(
    root: Path, tmp_path: Path, name: str
) -> None:
    questionnaire = read_questionnaire(root / "instruments" / f"{name}.yml")
    form, rows = Form(questionnaire), []
    for seed in range(25):
        rng = random.Random(seed)
        answers: dict[str, str] = {}
        drafts: dict[str, str] = {}
        for number in (*range(1, form.end), *(rng.randint(1, form.end - 1) for _ in range(5))):
            harmful = rng.random() < 0.1
            posted = hostile(form, number, rng) if harmful else careless(form, number, rng, answers)
            entered = form.enter(number, posted, answers, drafts)
            answers, drafts = entered.answers, entered.drafts
            rows.append((form.asked(answers), False))
        # What is kept to be put right is left out: somebody who gives up on it.
        submission = form.submission(answers)
        rows.append((submission.answers, submission.screen is None))
    read_responses(write_rows(rows, questionnaire, tmp_path / "r.csv"), questionnaire, strict=True)


@tries(30)
@given(questionnaires(), st.integers(0, 2**32))
def test_an_honest_respondent_gets_through_and_is_asked_what_the_toolkit_thinks(
    drawn: Questionnaire, seed: int
) -> None:
    questionnaire = without_files(drawn)
    form, rng = Form(questionnaire), random.Random(seed)
    answers: dict[str, str] = {}
    number: int | None = form.first_screen(answers)
    while number is not None and number != form.end:
        entered = form.enter(number, honest(form, number, rng, answers), answers)
        assert not entered.mistakes, [(m.field, m.rule) for m in entered.mistakes]
        answers, number = entered.answers, form.next_screen(number, entered.answers)
    submission = form.submission(answers)
    assert submission.screen is None
    assert submission.answers == answers


@pytest.mark.parametrize("name", SHIPPED)
@pytest.mark.parametrize("paging", ["section", "question", "survey"])
def test_routing_is_that_of_the_truth_tables(root: Path, name: str, paging: str) -> None:
    questionnaire = read_questionnaire(root / "instruments" / f"{name}.yml")
    form = Form(questionnaire, paging)  # type: ignore[arg-type]  # one of the three
    for seed in range(40):
        way = answer_paths.draw(questionnaire, random.Random(seed))
        posted = {name: [value if isinstance(value, str) else f"{value:.10g}"] for name, value in way.answers.items()}
        answers: dict[str, str] = {}
        asked: list[str] = []
        number: int | None = form.first_screen(answers)
        while number is not None and number != form.end:
            known = {n: v for n, v in answers.items() if v not in blank_codes(questionnaire, n)}
            asked += [posed.code for posed in form.screens[number - 1].posed if posed.open(known) is not None]
            entered = form.enter(number, posted, answers)
            assert not entered.mistakes, [(m.field, m.rule, m.text("en")) for m in entered.mistakes]
            answers, number = entered.answers, form.next_screen(number, entered.answers)
        assert tuple(asked) == way.questions
        assert set(answers) - set(way.answers) == {n for n, v in answers.items() if v in ("N", "0")} - set(way.answers)
        assert set(way.answers) <= set(answers)
        assert form.submission(answers).answers == answers


def blank_codes(questionnaire: Questionnaire, name: str) -> set[str]:
    scale = questionnaire.by_name[name].scale
    return {option.code for option in scale.options if option.blank is not None} if scale else set()


def test_a_code_that_is_none_of_the_options_is_a_mistake_and_never_stored() -> None:
    form = form_of({"code": "a", "kind": "single", "scale": "yes"})
    assert rules(form, 1, {"a": "Q"}) == ["a: unknown-code"]
    assert stored(form, {"a": "Q"}, {"a": "Y"}) == {}
    assert stored(form, {"a": "98", "b": "x"}) == {"a": "98"}


def test_the_text_beside_other_goes_with_its_option() -> None:
    form = form_of({"code": "a", "kind": "single", "scale": "abc", "other": True})
    assert stored(form, {"a": "other", "a_other": " peat "}) == {"a": "other", "a_other": "peat"}
    assert stored(form, {"a": "b", "a_other": "peat"}) == {"a": "b"}
    assert stored(form, {"a_other": "peat"}) == {"a": "other", "a_other": "peat"}


def test_boxes_left_open_are_no_once_the_page_is_passed_and_a_remark_ticks_its_box() -> None:
    form = form_of({"code": "a", "kind": "multiple", "items": items("x", "y"), "comment": True})
    assert stored(form, {"move": "next"}) == {"a_x": "N", "a_y": "N"}
    assert stored(form, {"move": "previous"}) == {}
    assert stored(form, {"move": "previous", "a_x": "Y"}) == {"a_x": "Y", "a_y": "N"}
    both = {"a_x": "Y", "a_xcomment": "often", "a_y": "N"}
    assert stored(form, {"a_xcomment": "often"}) == both
    assert stored(form, {"a_xcomment": "often"}, both) == {"a_x": "N", "a_y": "N"}


def test_a_compulsory_question_is_answered_in_every_row_and_a_multiple_choice_by_one_box() -> None:
    form = form_of(
        {"code": "a", "kind": "multiple", "items": items("x", "y"), "required": True, "other": True},
        {"code": "b", "kind": "array", "scale": "yes", "items": items("x", "y"), "required": True},
    )
    assert rules(form, 1, {"b_x": "98"}) == ["a_x: required", "b_y: required"]
    assert rules(form, 1, {"a_other": "something", "b_x": "Y", "b_y": "N"}) == []
    assert stored(form, {"b_x": "Y"}) == {"a_x": "N", "a_y": "N", "b_x": "Y"}


def test_numbers_reach_their_total_within_the_tolerance_and_what_is_left_open_is_nought() -> None:
    form = form_of({"code": "a", "kind": "numbers", "items": items("x", "y", "z"), "total": 100, "minimum": 0})
    assert stored(form, {"a_x": "33,4", "a_y": "66.6"}) == {"a_x": "33.4", "a_y": "66.6", "a_z": "0"}
    assert rules(form, 1, {"a_x": "99.5"}) == []
    assert rules(form, 1, {"a_x": "99.4"}) == ["a_x: total"]
    entered = form.enter(1, {"a_x": ["97"], "a_y": ["2,0"]}, {"a_x": "100"})
    assert (entered.answers, entered.drafts) == ({}, {"a_x": "97", "a_y": "2,0"})
    assert entered.mistakes[0].text("nl") == "De getallen zijn samen 99. Dat moet 100 zijn."
    assert rules(form, 1, {}) == []


def test_a_ranking_names_nothing_twice_and_leaves_no_place_out() -> None:
    form = form_of({"code": "r", "kind": "ranking", "scale": "abc", "items": items("1", "2", "3")})
    assert stored(form, {"r_1": "b", "r_2": "a", "r_3": ""}) == {"r_1": "b", "r_2": "a"}
    assert rules(form, 1, {"r_1": "b", "r_2": "b"}) == ["r_2: rank-twice"]
    assert rules(form, 1, {"r_2": "b"}) == ["r_1: rank-gap"]


def test_limits_of_numbers_and_the_length_of_texts_are_kept() -> None:
    form = form_of(
        {"code": "n", "kind": "number", "integer": True, "minimum": 1, "maximum": 10},
        {"code": "t", "kind": "text"},
        {"code": "d", "kind": "date"},
    )
    posted = {"n": "11", "t": "é" * (LONG_TEXT + 1), "d": "30-02-2026"}
    assert rules(form, 1, posted) == ["n: out-of-range", "t: too-long", "d: not-a-date"]
    assert rules(form, 1, {"n": "2.5"}) == ["n: not-integer"]
    entered = form.enter(1, {"t": ["x" * 1_000_000]}, {})
    assert entered.answers == {}
    assert len(entered.drafts["t"]) <= 2 * LONG_TEXT
    assert stored(form, {"n": "3,0", "t": "two\r\nlines\x00\ud800", "d": "1-3-2026"}) == {
        "n": "3", "t": "two\nlines", "d": "2026-03-01",
    }  # fmt: skip


def test_a_constraint_looks_at_earlier_answers_and_is_looked_at_again_when_they_change() -> None:
    form = form_of(
        {"code": "all", "kind": "number"},
        {"code": "some", "kind": "number", "constraint": "some <= all", "constraint_message": {"en": "Too many."}},
    )
    posted = {"all": "5", "some": "6"}
    entered = form.enter(1, {name: [value] for name, value in posted.items()}, {})
    assert (entered.answers, entered.drafts) == ({"all": "5"}, {"some": "6"})
    assert [mistake.text("en") for mistake in entered.mistakes] == ["Too many."]
    assert form.submission({"all": "5", "some": "4"}).screen is None
    again = form.submission({"all": "3", "some": "4"})
    assert (again.screen, [mistake.rule for mistake in again.mistakes]) == (1, ["constraint"])


def test_a_change_that_makes_a_later_answer_wrong_withdraws_it_until_it_is_put_right() -> None:
    some = items("x", "y")
    some[1]["when"] = 'a = "Y"'
    form = form_of(
        {"code": "a", "kind": "single", "scale": "yes"},
        {"code": "b", "kind": "numbers", "items": some, "total": 100, "minimum": 0},
        {"code": "c", "kind": "number", "when": 'a != "N"', "constraint": 'c < 5 or a = "Y"'},
    )
    answers = {"a": "Y", "b_x": "60", "b_y": "40", "c": "7"}
    entered = form.enter(1, {"a": ["N"]}, answers)
    assert entered.answers == {"a": "N", "b_y": "40", "c": "7"}
    assert entered.drafts == {"b_x": "60"}
    assert form.asked(entered.answers) == {"a": "N"}
    stopped = form.submission(entered.answers, entered.drafts)
    assert (stopped.screen, [mistake.rule for mistake in stopped.mistakes]) == (2, ["total"])
    again = form.enter(1, {"a": ["Y"]}, entered.answers, entered.drafts)
    assert form.submission(again.answers, again.drafts).answers == answers


def test_a_later_change_takes_away_what_is_no_longer_asked_and_brings_what_is_now_asked() -> None:
    form = form_of(
        {"code": "a", "kind": "single", "scale": "yes"},
        {"code": "b", "kind": "single", "scale": "yes", "when": 'a = "Y"', "required": True},
        {"code": "c", "kind": "text", "when": 'b = "Y"'},
    )
    assert [screen.number for screen in form.screens] == [1, 2, 3]
    whole = {"a": "Y", "b": "Y", "c": "why"}
    assert form.submission(whole).answers == whole
    assert form.asked(whole | {"a": "98"}) == {"a": "98"}
    assert form.next_screen(1, whole | {"a": "N"}) is None
    assert form.enter(1, {"a": ["N"]}, whole).answers == {"a": "N", "b": "Y", "c": "why"}
    missing = form.submission({"a": "Y"})
    assert (missing.screen, [mistake.field for mistake in missing.mistakes]) == (2, ["b"])


def test_a_typed_text_that_is_no_answer_is_kept_without_nagging_and_stops_the_submission() -> None:
    form = form_of({"code": "n", "kind": "number"}, {"code": "t", "kind": "text", "when": "n > 1"})
    entered = form.enter(1, {"n": ["many"], "move": ["previous"]}, {"n": "3"})
    assert (entered.answers, entered.drafts) == ({}, {"n": "many"})
    stopped = form.submission(entered.answers, entered.drafts)
    assert (stopped.screen, stopped.mistakes[0].rule) == (1, "not-a-number")
    assert form.enter(1, {"n": ["3"]}, entered.answers, entered.drafts).drafts == {}
