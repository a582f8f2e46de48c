"""Screens are cut where something depends on the same screen, and what cannot be put to respondents is refused by name."""

from __future__ import annotations

import pytest
from hypothesis import given

from clustergov.instruments.check import read_questionnaire
from clustergov.instruments.questionnaire import Questionnaire
from clustergov.problems import InputError
from clustergov.survey.service.form import Form
from clustergov.survey.service.screens import cut
from questionnaire_strategy import questionnaires, tries
from survey_visitors import without_files


def questionnaire_of(*sections: list[dict[str, object]]) -> Questionnaire:
    """Sections of questions, by default a single choice of yes and no."""
    yes = {"direction": "none", "options": [{"code": code, "text": {"en": code}} for code in ("Y", "N")]}
    filled = [
        {"code": f"s{place}", "title": {"en": f"S{place}"}, "questions": [
            {"kind": "single", "scale": "yes", "text": {"en": "?"}, **question} for question in section]}
        for place, section in enumerate(sections)
    ]  # fmt: skip
    content = {"questionnaire": "q", "version": "1", "title": {"en": "Q"}, "languages": ["en"], "scales": {"yes": yes}}
    return Questionnaire.model_validate(content | {"sections": filled})


def codes(questionnaire: Questionnaire, paging: str) -> list[list[str]]:
    return [[q.code for q in screen.questions] for screen in cut(questionnaire, paging)]  # type: ignore[arg-type]  # one of the three


def test_paging_says_how_much_stands_together_at_most() -> None:
    questionnaire = questionnaire_of([{"code": "a"}, {"code": "b"}], [{"code": "c"}])
    assert codes(questionnaire, "survey") == [["a", "b", "c"]]
    assert codes(questionnaire, "section") == [["a", "b"], ["c"]]
    assert codes(questionnaire, "question") == [["a"], ["b"], ["c"]]


def test_a_note_stands_with_the_question_after_it() -> None:
    note = {"code": "n", "kind": "note", "scale": ""}
    assert codes(questionnaire_of([{"code": "a"}, note, {"code": "b"}]), "question") == [["a"], ["n", "b"]]


def test_a_screen_is_cut_before_what_depends_on_it() -> None:
    items = [{"code": "x", "text": {"en": "x"}}, {"code": "y", "text": {"en": "y"}, "when": 'b = "Y"'}]
    several = {"code": "c", "kind": "multiple", "scale": "", "items": items}
    questionnaire = questionnaire_of([{"code": "a"}, {"code": "b"}, several, {"code": "d", "when": 'a = "Y"'}])
    assert codes(questionnaire, "survey") == [["a", "b"], ["c", "d"]]


@tries(30)
@given(questionnaires())
def test_nothing_on_a_screen_depends_on_it(drawn: Questionnaire) -> None:
    for paging in ("section", "question", "survey"):
        screens = cut(without_files(drawn), paging)
        assert all(not screen.looks_at & screen.fields for screen in screens)
        asked = [question.code for screen in screens for question in screen.questions]
        assert asked == [question.code for question in without_files(drawn).questions]


def test_what_cannot_be_put_is_told_all_at_once() -> None:
    questionnaire = questionnaire_of(
        [
            {"code": "a", "kind": "file", "scale": ""},
            {"code": "b", "relevance": "is_empty(a)"},
            {"code": "c", "when": 'd = "Y"'},
            {"code": "d"},
        ]
    )
    with pytest.raises(InputError) as refused:
        Form(questionnaire)
    told = [(problem.rule, problem.place) for problem in refused.value.problems]
    assert told == [
        ("file-question", "question a"),
        ("unknown-routing", "question b"),
        ("routing-forward", "question c"),
    ]
    assert all(problem.fix for problem in refused.value.problems)


def test_screens_on_which_nothing_is_asked_are_passed_both_ways() -> None:
    form = Form(
        questionnaire_of(
            [{"code": "a"}], [{"code": "b", "when": 'a = "Y"'}], [{"code": "c", "when": 'b = "Y"'}], [{"code": "d"}]
        )
    )
    assert [form.next_screen(number, {"a": "N"}) for number in (0, 1, 4)] == [1, 4, None]
    assert [form.previous_screen(number, {"a": "N"}) for number in (1, 4, form.end)] == [None, 1, 4]
    assert form.next_screen(1, {"a": "Y"}) == 2
    # An answer that is no longer asked for decides nothing.
    assert not form.shown(3, {"a": "N", "b": "Y"})
    assert form.asked({"a": "N", "b": "Y", "c": "Y", "d": "N"}) == {"a": "N", "d": "N"}


def test_an_item_that_is_not_shown_is_not_asked_and_a_question_without_items_neither() -> None:
    items = [{"code": code, "text": {"en": code}, "when": f'a = "{code.upper()}"'} for code in ("y", "n")]
    form = Form(questionnaire_of([{"code": "a"}, {"code": "m", "kind": "multiple", "scale": "", "items": items}]))
    assert form.enter(2, {"m_y": ["Y"], "m_n": ["Y"]}, {"a": "Y"}).answers == {"a": "Y", "m_y": "Y"}
    assert form.next_screen(1, {}) is None


def test_the_shipped_questionnaires_can_be_put(root: object) -> None:
    from pathlib import Path

    for path in sorted((Path(str(root)) / "instruments").glob("*.yml")):
        assert Form(read_questionnaire(path)).screens
