"""A real LimeSurvey takes our questionnaires: imported, read again, checked by it, answered at a browser, exported.

Needs a server (see `live_limesurvey.VARIABLES`); without one these tests are skipped, and the replies that such a
server gave once are tested in `test_limesurvey_replies`.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from clustergov.instruments.check import read_questionnaire
from clustergov.instruments.limesurvey.script.relevance import is_always, translate
from clustergov.instruments.limesurvey.types import KINDS
from clustergov.instruments.plain_text import plain
from clustergov.instruments.questionnaire import Blank, Question, Questionnaire
from clustergov.instruments.routing import parse
from clustergov.language import Text
from clustergov.survey.reading import read_responses

TESTS = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TESTS))  # tests import no package of tests; these modules are shared by two of them

from answer_paths import OTHER_CODES, Way, as_routing_sees, draw, posted, ways  # noqa: E402
from limesurvey_pages import Page  # noqa: E402
from live_limesurvey import MISSING, LimeServer, LiveSurvey, configured  # noqa: E402

pytestmark = pytest.mark.skipif(not configured(), reason=MISSING)

FILES = [*sorted((TESTS.parent / "instruments").glob("*.yml")), TESTS / "instruments" / "every_kind.yml"]
TRANSLATED = ("suffix", "em_validation_q_tip", "other_replace_text")
CASES = [(file, kind) for file in FILES for kind in ("lss", "txt")]


def written(questionnaire: Questionnaire, kind: str) -> bytes:
    from clustergov.instruments.limesurvey.write import to_lss, to_txt

    return (to_lss if kind == "lss" else to_txt)(questionnaire).content


@pytest.fixture(scope="module")
def server() -> Iterator[LimeServer]:
    opened = LimeServer.from_environment()
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Any]:
    from live_respondent import opened_browser

    with opened_browser(chromium) as opened:
        yield opened


@dataclass
class Deployed:
    """A questionnaire and its survey on the server."""

    questionnaire: Questionnaire
    survey: LiveSurvey
    structure: list[dict[str, Any]]

    @property
    def questions(self) -> dict[str, dict[str, Any]]:
        return {question["code"]: question for group in self.structure for question in group["questions"]}


@pytest.fixture(scope="module", params=CASES, ids=lambda case: f"{case[0].stem}-{case[1]}")
def deployed(request: pytest.FixtureRequest, server: LimeServer) -> Iterator[Deployed]:
    file, kind = request.param
    questionnaire = read_questionnaire(file)
    with server.survey(written(questionnaire, kind), kind) as survey:
        yield Deployed(questionnaire, survey, survey.structure())


@dataclass
class Answered:
    """What two respondents met and what the server has of them."""

    ways: tuple[Way, Way]
    pages: list[list[Page]]
    csv: bytes


@pytest.fixture(scope="module")
def answered(deployed: Deployed, browser: Any) -> Answered:
    from live_respondent import answer

    chosen = ways(deployed.questionnaire)
    deployed.survey.activate()
    languages = deployed.questionnaire.languages
    pages = [
        answer(browser, deployed.survey, posted(way, deployed.questionnaire), language=language)
        for way, language in zip(chosen, languages, strict=False)
    ]
    return Answered(chosen, pages, deployed.survey.responses())


def same(text: str | None) -> str:
    """A text as a reader sees it: no markup, single blanks."""
    return " ".join(plain(text or "").split())


def words(texts: dict[str, str]) -> dict[str, str]:
    return {language: same(text) for language, text in texts.items()}


def expected(questionnaire: Questionnaire, question: Question) -> dict[str, Any]:
    scale = questionnaire.scales.get(question.scale)
    options = scale.options if scale is not None and question.kind in ("single", "array", "ranking") else ()
    return {
        "kind": question.kind,
        "required": question.required,
        "other": question.other,
        "text": in_languages(question.text, questionnaire),
        "help": in_languages(question.help, questionnaire),
        "items": [(each.code, in_languages(each.text, questionnaire)) for each in question.items if question.kind != "ranking"],
        "options": [
            (option.code, in_languages(option.text, questionnaire))
            for option in options
            if not (question.other and option.code in OTHER_CODES)
        ],
    }  # fmt: skip


def held(question: dict[str, Any]) -> dict[str, Any]:
    """The same of what the server holds."""
    return {
        "kind": KINDS[question["type"]],
        "required": question["mandatory"] == "Y",
        "other": question["other"],
        "text": words(question["texts"]),
        "help": words(question["help"]),
        "items": [(item["code"], words(item["texts"])) for item in question["items"]],
        "options": [(option["code"], words(option["texts"])) for option in question["options"]],
    }


def in_languages(text: Text | None, questionnaire: Questionnaire) -> dict[str, str]:
    return {language: same(text.to(language)) if text else "" for language in questionnaire.languages}


def test_titles_and_sections_arrive_in_every_language(deployed: Deployed) -> None:
    questionnaire, survey = deployed.questionnaire, deployed.survey
    assert survey.languages() == questionnaire.languages
    assert words(survey.texts("title")) == in_languages(questionnaire.title, questionnaire)
    assert words(survey.texts("welcometext")) == in_languages(questionnaire.text, questionnaire)
    assert words(survey.texts("endtext")) == in_languages(questionnaire.closing, questionnaire)
    for group, section in zip(deployed.structure, questionnaire.sections, strict=True):
        assert words(group["titles"]) == in_languages(section.title, questionnaire)
        assert words(group["texts"]) == in_languages(section.text, questionnaire)
        assert [question["code"] for question in group["questions"]] == [each.code for each in section.questions]


def test_every_question_is_held_as_it_was_written(deployed: Deployed) -> None:
    for question in deployed.questionnaire.questions:
        assert held(deployed.questions[question.code]) == expected(deployed.questionnaire, question), question.code


def test_units_messages_and_the_word_for_other_are_held_in_every_language(deployed: Deployed) -> None:
    questionnaire = deployed.questionnaire
    for question in questionnaire.questions:
        translated = deployed.questions[question.code]["translated"]
        held = {name: {each: same(found.get(name)) for each, found in translated.items()} for name in TRANSLATED}
        if question.unit:
            assert held["suffix"] == in_languages(question.unit, questionnaire), question.code
        if question.constraint_message:
            assert held["em_validation_q_tip"] == in_languages(question.constraint_message, questionnaire), (
                question.code
            )
        if question.other and question.kind == "single":
            options = questionnaire.scales[question.scale].options
            words_for_it = next(option.text for option in options if option.code in OTHER_CODES)
            assert held["other_replace_text"] == in_languages(words_for_it, questionnaire), question.code


def test_every_variable_has_a_field(deployed: Deployed) -> None:
    fields = set(deployed.survey.columns())
    assert {variable.name for variable in deployed.questionnaire.variables} <= fields


def test_routing_is_held_and_means_the_same(deployed: Deployed) -> None:
    """Where our own reader understands what the server holds, both conditions hold for the same of 200 respondents."""
    questionnaire = deployed.questionnaire
    drawn = [as_routing_sees(draw(questionnaire, random.Random(seed)), questionnaire) for seed in range(200)]
    for question in questionnaire.questions:
        relevance = deployed.questions[question.code]["relevance"]
        assert is_always(relevance) == (not question.when), question.code
        back = translate(relevance, questionnaire.by_name) if question.when else None
        if back is not None:
            ours, theirs = parse(question.when), parse(back)
            assert [ours.holds(each) for each in drawn] == [theirs.holds(each) for each in drawn], question.code


def test_the_survey_logic_page_finds_nothing(deployed: Deployed) -> None:
    for language in deployed.questionnaire.languages:
        verdict = deployed.survey.logic(language)
        assert verdict.says == ("No syntax errors detected in this survey.",), (verdict.errors, verdict.warnings)
        assert verdict.clean


@pytest.mark.parametrize("place", [0, 1], ids=["most", "fewest"])
def test_a_browser_shows_what_our_routing_asks(deployed: Deployed, answered: Answered, place: int) -> None:
    way, pages = answered.ways[place], answered.pages[place]
    assert [page.messages for page in pages if page.refused] == []
    assert tuple(code for page in pages for code in page.questions) == way.questions
    shown = {name for page in pages for name in page.variables}
    beside = {name for name in shown if name.endswith(("_other", "comment"))} - set(way.variables)
    uploads = {each.name for each in deployed.questionnaire.variables if each.kind == "file"}  # a button, no field
    assert shown - beside == set(way.variables) - uploads


def test_a_browser_shows_every_word(deployed: Deployed, answered: Answered) -> None:
    """Signs that mean something to HTML or to LimeSurvey's expressions, such as < and {, are shown as they are."""
    questionnaire = deployed.questionnaire
    for language, pages in zip(questionnaire.languages, answered.pages, strict=False):
        for page in pages:
            for code, text in page.texts.items():
                question = next(each for each in questionnaire.questions if each.code == code)
                for wanted in wordings(questionnaire, question):
                    assert " ".join(wanted.to(language).split()) in text, code


def wordings(questionnaire: Questionnaire, question: Question) -> list[Text]:
    """Everything that a question has to say, but for what LimeSurvey has words of its own for."""
    scale = questionnaire.scales.get(question.scale)
    options = [each for each in (scale.options if scale else ()) if not (question.other and each.code in OTHER_CODES)]
    items = () if question.kind == "ranking" else question.items
    return [question.text, *([question.help] if question.help else []), *(each.text for each in (*items, *options))]


def test_the_two_ways_differ(deployed: Deployed, answered: Answered) -> None:
    """A test of the test: with routing, one respondent is asked what the other is not."""
    routed = any(question.when for question in deployed.questionnaire.questions)
    assert (answered.ways[0].questions != answered.ways[1].questions) == routed


def test_the_export_is_read_back_cell_by_cell(deployed: Deployed, answered: Answered, tmp_path: Path) -> None:
    file = tmp_path / "responses.csv"
    file.write_bytes(answered.csv)
    responses = read_responses(file, deployed.questionnaire, strict=True)
    assert responses.n == 2
    assert responses.complete is not None
    assert responses.complete.all()
    for row, way in enumerate(answered.ways):
        assert_cells(responses.frame.iloc[row], responses.blanks.iloc[row], way, deployed.questionnaire)


def assert_cells(frame: pd.Series[Any], blanks: pd.Series[str], way: Way, questionnaire: Questionnaire) -> None:
    """Each cell holds what was entered, or says why it holds nothing."""
    asked = set(way.variables)
    for variable in questionnaire.variables:
        name, given = variable.name, way.answers.get(variable.name)
        if given is None and variable.kind == "tick" and name in asked:
            given = "N"
        option = next((each for each in (variable.scale.options if variable.scale else ()) if each.code == given), None)
        if given is not None and (option is None or option.blank is None):
            assert frame[name] == given, name
            assert blanks[name] == "", name
            continue
        assert pd.isna(frame[name]), name
        if option is not None:
            assert blanks[name] == option.blank, name
        elif name in asked:
            assert blanks[name] == Blank.SKIPPED, name
        else:
            assert blanks[name] in (Blank.NOT_APPLICABLE, Blank.SKIPPED), name
