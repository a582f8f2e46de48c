"""A SurveyJS form asks what the questionnaire asks, as SurveyJS itself shows it, and its results are our variables."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clustergov.instruments.check import read_questionnaire
from clustergov.instruments.questionnaire import Item, Option, Question, Questionnaire, Scale, Section
from clustergov.instruments.surveyjs import answers, to_surveyjs
from clustergov.language import Text
from clustergov.problems import InputError
from conftest import ROOT
from node_programs import package, surveyjs
from questionnaire_strategy import questionnaires, tries
from surveyjs_respondent import asked_answers, drawn, stored

SHIPPED = ROOT / "instruments" / "cluster-organisation.yml"
EVERY_KIND = Path(__file__).parent / "every_kind.yml"


def _text(words: str) -> Text:
    return Text({"en": words})


def _scale(*codes: str) -> Scale:
    return Scale(direction="none", options=tuple(Option(code=code, text=_text(code)) for code in codes))


def _items(*codes: str, **more: Any) -> tuple[Item, ...]:
    return tuple(Item(code=code, text=_text(code), **more) for code in codes)


def _asking(*questions: Question, **more: Any) -> Questionnaire:
    scales = {"ab": _scale("a", "b"), "cd": _scale("c", "d"), "abo": _scale("a", "b", "other")}
    section = Section(code="part", title=_text("Part"), questions=questions)
    return Questionnaire(
        questionnaire="q", version="1", title=_text("Title"), languages=("en",), scales=scales, sections=(section,), **more
    )  # fmt: skip


def _question(code: str, kind: Any, **more: Any) -> Question:
    return Question(code=code, kind=kind, text=_text(f"About {code}?"), **more)


def _form(questionnaire: Questionnaire) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(to_surveyjs(questionnaire).content)
    return found


def _elements(form: dict[str, Any]) -> dict[str, dict[str, Any]]:
    def within(elements: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        for element in elements:
            yield element
            yield from within(element.get("elements", []))

    return {element["name"]: element for page in form["pages"] for element in within(page["elements"])}


def test_random_forms_ask_what_the_questionnaire_asks_and_keep_what_was_answered():
    jobs: list[dict[str, Any]] = []
    expected: list[tuple[Questionnaire, dict[str, Any] | None]] = []

    @tries()
    @given(questionnaires(), st.integers(0, 10**6))
    def collect(questionnaire: Questionnaire, seed: int) -> None:
        rng = random.Random(seed)
        form = _form(questionnaire)
        first, second, third = (drawn(questionnaire, rng) for _ in range(3))
        for given_answers in (first, second):
            jobs.append({"form": form, "rounds": [stored(questionnaire, given_answers)]})
            expected.append((questionnaire, asked_answers(questionnaire, given_answers)[0]))
        jobs.append({"form": form, "rounds": [stored(questionnaire, each) for each in (first, second, third)]})
        expected.append((questionnaire, None))

    collect()
    for job, (questionnaire, wanted), found in zip(jobs, expected, surveyjs("fill", jobs), strict=True):
        assert found["errors"] == []
        done = answers(questionnaire, found["after"])
        if wanted is None:  # whoever changes their mind keeps no answer to what is asked no more
            wanted = asked_answers(questionnaire, done)[0]
        assert done == wanted, job["rounds"]
        assert answers(questionnaire, found["before"]) == wanted


@pytest.mark.parametrize("path", [SHIPPED, EVERY_KIND])
def test_routes_through_questionnaires_of_ours(path):
    questionnaire = read_questionnaire(path)
    rng = random.Random(3)
    given_answers = [drawn(questionnaire, rng, open_part=0.05) for _ in range(25)]
    form = _form(questionnaire)
    found = surveyjs("fill", [{"form": form, "rounds": [stored(questionnaire, each)]} for each in given_answers])
    for each, result in zip(given_answers, found, strict=True):
        wanted = asked_answers(questionnaire, each)[0]
        assert answers(questionnaire, result["after"]) == wanted
    routed = [question.code for question in questionnaire.questions if question.when]
    for code in routed:  # both ways were gone
        asked = {
            any(name == code or name.startswith(f"{code}_") for name in answers(questionnaire, r["after"]))
            for r in found
        }
        assert asked == {True, False}, code


def _refused(questionnaire: Questionnaire, *data: dict[str, Any]) -> list[list[str]]:
    form = _form(questionnaire)
    return [list(found) for found in surveyjs("refuse", [{"form": form, "data": each} for each in data])]


def test_a_total_is_kept_and_may_be_left_open():
    shares = _question(
        "f", "numbers", items=_items("x", "y", "z"), minimum=0, maximum=100, total=100, random_order=True
    )

    def shared(*numbers: float) -> dict[str, Any]:
        return dict(zip(("f_x", "f_y", "f_z"), numbers, strict=False))

    found = _refused(
        _asking(shares), shared(0.1, 64.1, 35.8), {}, shared(100), shared(90, 5, 0), shared(150, -50, 0), shared(90),
        shared(0, 0, 0),
    )  # fmt: skip
    assert found[:3] == [[], [], []]
    assert all(found[3:])


def test_limits_whole_numbers_and_constraints_are_kept():
    questionnaire = _asking(
        _question("n", "number", minimum=-5.5, maximum=10, integer=True),
        _question("m", "number", minimum=0.5),
        _question("p", "numbers", items=_items("all", "few"), constraint="p_few <= p_all"),
        _question("s", "single", scale="ab", constraint='not (s = "a" and n > 5)'),
        _question("d", "numbers", items=(*_items("all"), *_items("few", when="n > 0")), constraint="d_few <= d_all"),
    )  # fmt: skip
    found = _refused(
        questionnaire,
        {"n": -5, "m": 0.75, "p_all": 3, "p_few": 3}, {"p_few": 3}, {"n": -4.5}, {"n": -6}, {"n": 11}, {"m": 0.25},
        {"p_all": 2, "p_few": 3}, {"n": 6, "s": "a"}, {"n": 5, "s": "a"}, {"n": 1, "d_all": 1, "d_few": 2},
    )  # fmt: skip
    assert found == [[], [], ["n"], ["n"], ["n"], ["m"], ["p_few"], ["s"], [], ["d_all"]]


def test_required_is_required():
    questionnaire = _asking(
        _question("s", "single", scale="ab", required=True), _question("m", "multiple", items=_items("x", "y"), required=True),
        _question("r", "array", scale="ab", items=_items("x", "y"), required=True),
        _question("t", "texts", items=_items("x", "y"), required=True), _question("o", "number"),
    )  # fmt: skip
    assert _refused(questionnaire, {}, {"s": "a", "m": ["x"], "r": {"x": "a"}, "t_x": "1", "t_y": "2"}) == [
        ["s", "m", "r", "t_x", "t_y"],
        ["r"],
    ]


def test_every_kind_has_its_element():
    form = _form(read_questionnaire(EVERY_KIND))
    found = _elements(form)
    kinds = {name: element["type"] for name, element in found.items()}
    assert kinds == {
        "welcome__text": "html", "notice": "html", "rank": "ranking", "day": "text", "names": "panel", "names_x": "text",
        "names_y": "text", "colour": "radiogroup", "colour_comment": "comment", "travel": "radiogroup",
        "travel_other": "text", "wants": "checkbox", "wants_other": "text", "has": "checkbox", "has_catcomment": "comment",
        "has_dogcomment": "comment", "views": "matrix", "degrees": "text", "costs": "panel", "costs_rent": "text",
        "costs_food": "text", "costs_rest": "text", "parts": "panel", "parts_all": "text", "parts_few": "text",
        "why": "comment", "letter": "file",
    }  # fmt: skip
    assert [page["name"] for page in form["pages"]] == ["welcome", "first", "second"]
    assert form["locale"] == "nl"
    assert form["title"] == {"default": "Every kind of question & answer", "nl": "Alle soorten vragen & antwoorden"}
    assert form["completedHtml"]["nl"] == "<p>Hartelijk dank voor het invullen.</p>"
    assert found["travel_other"]["visibleIf"] == "{travel} = 'other'"
    assert found["parts"]["questionOrder"] == "random"
    assert found["degrees"]["title"]["nl"] == "Hoe koud is het? (graden)"
    assert found["degrees"]["inputType"] == "number"
    assert found["day"]["inputType"] == "date"


def test_an_array_whose_items_differ_in_scale_is_a_matrix_per_scale():
    items = (*_items("x"), *_items("y", scale="cd"), *_items("z"))
    questionnaire = _asking(
        _question("r", "array", scale="ab", items=items), _question("n", "number", when='r_y = "c" and r_z != "a"')
    )
    data = {"r__1": {"x": "a", "z": "b"}, "r__2": {"y": "c"}, "n": 3}
    found = surveyjs("fill", [{"form": _form(questionnaire), "rounds": [data]}])[0]
    assert found["after"] == data
    assert answers(questionnaire, data) == {"r_x": "a", "r_y": "c", "r_z": "b", "n": 3.0}


def test_texts_are_shown_and_never_carried_out():
    words = "<img src=x onerror=alert(1)> & {n} {other}"
    questionnaire = _asking(
        Question(code="n", kind="number", text=_text(words)), Question(code="note", kind="note", text=_text(words)),
        closing=_text(words), text=_text(words),
    )  # fmt: skip
    form = _form(questionnaire)
    found = _elements(form)
    assert found["n"]["title"] == "<img src=x onerror=alert(1)> & {\u2060n} {\u2060other}"  # SurveyJS fills {n} in
    for html in (found["note"]["html"], found["welcome__text"]["html"], form["completedHtml"]):
        assert html == "<p>&lt;img src=x onerror=alert(1)&gt; &amp; &#123;n&#125; &#123;other&#125;</p>"


def test_names_of_ours_are_kept_from_colliding_with_names_of_the_form():
    questionnaire = _asking(_question("welcome", "multiple", items=_items("other", "x")), text=_text("Hello."))
    form = _form(questionnaire)
    assert form["pages"][0]["name"] == "welcome1"
    boxes = _asking(_question("m", "multiple", items=_items("other", "x"), other=True))
    assert [choice["value"] for choice in _elements(_form(boxes))["m"]["choices"]] == ["other", "x", "other_1"]


def test_options_of_chance_leave_other_in_its_place():
    chosen = _elements(_form(_asking(_question("s", "single", scale="abo", other=True, random_order=True))))["s"]
    assert chosen["choicesOrder"] == "random"
    assert [choice.get("randomize", True) for choice in chosen["choices"]] == [True, True, False]


def test_whatever_cannot_be_said_is_told_with_its_place():
    questionnaire = _asking(
        _question("word", "text"),
        _question("a", "number", relevance="!is_empty(word.NAOK)"),
        _question("b", "number", when='word = "yes"'),
        _question("c", "multiple", items=_items("x", when='word = "yes"')),
        _question("d", "number", constraint='word != "no" and d > 0'),
        _question("e", "ranking", scale="ab", items=_items("1", when="a > 1")),
        _question("f", "number", when="and"),
        imported_from="LimeSurvey",
    )  # fmt: skip
    with pytest.raises(InputError) as caught:
        to_surveyjs(questionnaire)
    assert [problem.place for problem in caught.value.problems] == [
        "question a, relevance", "question b, when", "question c, item x, when", "question d, constraint",
        "question e, items", "condition",
    ]  # fmt: skip


@tries(10)
@given(questionnaires())
def test_equal_questionnaires_make_equal_bytes(questionnaire):
    assert to_surveyjs(questionnaire) == to_surveyjs(questionnaire.model_copy(deep=True))


def test_answers_are_read_as_variables():
    questionnaire = _asking(
        _question("s", "single", scale="ab", other=True, comment=True), _question("n", "number"),
        _question("m", "multiple", items=_items("x", "y"), other=True), _question("k", "ranking", scale="ab", items=_items("1", "2")),
        _question("f", "file"), _question("gone", "multiple", items=_items("x"), when="n > 10"),
    )  # fmt: skip
    data = {
        "s": "a", "s_comment": "why", "n": "3.5", "m": ["y", "other"], "m_other": "tea", "k": ["b"],
        "f": [{"name": "a.pdf", "content": "data:,"}, {"name": "b.pdf"}], "pageNo": 3,
    }  # fmt: skip
    assert answers(questionnaire, data) == {
        "s": "a", "s_comment": "why", "n": 3.5, "m_x": "N", "m_y": "Y", "m_other": "tea", "k_1": "b", "f": "a.pdf, b.pdf",
    }  # fmt: skip
    assert answers(questionnaire, {}) == {"m_x": "N", "m_y": "N"}
    assert answers(questionnaire, {}, complete=False) == {}


@pytest.mark.parametrize(
    "data",
    [
        {"s": ["a"]}, {"s": True}, {"n": "many"}, {"n": [1]}, {"n": float("nan")}, {"m": "x"}, {"m": [["x"]]}, {"r": ["a"]},
        {"r": {"x": {}}}, {"f": "a.pdf"}, {"f": [{"name": 3}]}, {"n": 10**400},
    ],
)  # fmt: skip
def test_results_of_another_form_are_told(data):
    questionnaire = _asking(
        _question("s", "single", scale="ab"), _question("n", "number"), _question("m", "multiple", items=_items("x", "y")),
        _question("r", "array", scale="ab", items=_items("x")), _question("f", "file"),
    )  # fmt: skip
    with pytest.raises(InputError, match="surveyjs-answer") as caught:
        answers(questionnaire, data)
    assert [problem.place for problem in caught.value.problems] == list(data)


_PAGE = "<!doctype html><meta name=viewport content='width=device-width'><body style='margin:0'><div id=form></div>"


@pytest.fixture
def opened(chromium: str) -> Iterator[Any]:
    """Opens a form in a browser: the page on which SurveyJS shows it."""
    core, shown = package("survey-core"), package("survey-js-ui")
    from live_respondent import opened_browser

    with opened_browser(chromium) as browser:

        def show(form: dict[str, Any], language: str, *, width: int = 1000) -> Any:
            page = browser.new_context(viewport={"width": width, "height": 900}).new_page()
            page.set_default_timeout(30_000)
            page.set_content(_PAGE)
            page.add_style_tag(path=str(core / "survey-core.fontless.css"))
            for script in (core / "survey.core.js", core / "i18n" / "dutch.js", shown / "survey-js-ui.js"):
                page.add_script_tag(path=str(script))
            page.evaluate(
                """([form, language]) => {
                  Survey.settings.animationEnabled = false;
                  window.survey = new Survey.Model(form);
                  survey.locale = language;
                  SurveyUI.renderSurvey(survey, document.getElementById("form"));
                }""",
                [form, language],
            )
            return page

        yield show


@pytest.mark.parametrize(("language", "width"), [("nl", 390), ("en", 1000)])
def test_the_questionnaire_at_a_browser(opened, language, width):
    questionnaire = read_questionnaire(SHIPPED)
    page = opened(_form(questionnaire), language, width=width)
    assert questionnaire.text is not None
    assert questionnaire.text.to(language)[:60] in page.inner_text("body")
    page.locator(".sd-navigation__start-btn").click()
    seen = ""
    for _ in questionnaire.sections:
        page.wait_for_timeout(100)
        seen += page.inner_text("body") + "\n"
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        if page.evaluate("survey.isLastPage"):
            break
        page.locator(".sd-navigation__next-btn").click()
    for question in questionnaire.questions:
        if not question.when:
            assert question.text.to(language) in seen, question.code
            assert [item.code for item in question.items if item.text.to(language) not in seen] == []


def test_answering_at_a_browser_gives_our_variables(opened):
    questionnaire = read_questionnaire(SHIPPED)
    page = opened(_form(questionnaire), "nl")
    page.locator(".sd-navigation__start-btn").click()
    _to(page, "legal")
    board = next(question for question in questionnaire.questions if question.code == "board")
    for code, asked in (("Y", True), ("N", False)):
        _to(page, "legal")
        _choose(page, "legal", code)
        _to(page, "funding_fees")  # on the page on which the board is asked for
        assert (board.text.to("nl") in page.inner_text("body")) is asked, code
    assert page.evaluate("survey.data.legal") == "N"
    _to(page, "funding_fees")
    shares = [name for name in questionnaire.by_name if name.startswith("funding_")]
    for numbers, refused in (((90, 5, 0), True), ((150, -50, 0), True), ((0.1, 64.1, 35.8), False)):
        for name, number in zip(shares, numbers, strict=False):
            field = page.locator(f"[data-name='{name}'] input")
            field.fill(str(number))
            field.blur()
        before = page.evaluate("survey.currentPageNo")
        page.locator(".sd-navigation__next-btn").click()
        page.wait_for_timeout(100)
        assert (page.evaluate("survey.currentPageNo") == before) is refused, numbers
    while not page.evaluate("survey.isLastPage"):
        page.locator(".sd-navigation__next-btn").click()
    page.locator(".sd-navigation__complete-btn").click()
    page.wait_for_function("survey.state === 'completed'")
    found = answers(questionnaire, page.evaluate("survey.data"))
    assert {name: found[name] for name in ("legal", *shares[:3])} == {
        "legal": "N", shares[0]: 0.1, shares[1]: 64.1, shares[2]: 35.8,
    }  # fmt: skip
    assert questionnaire.closing is None or questionnaire.closing.to("nl") in page.inner_text("body")


def _to(page: Any, name: str) -> None:
    page.evaluate("name => { survey.currentPage = survey.getQuestionByName(name).page }", name)
    page.wait_for_selector(f"[data-name='{name}']")


def _choose(page: Any, name: str, code: str) -> None:
    page.locator(f"[data-name='{name}'] label:has(input[value='{code}'])").click()
    page.wait_for_timeout(100)
