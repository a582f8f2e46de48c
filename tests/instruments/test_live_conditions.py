"""Conditions hold for the same respondents here, on a real LimeSurvey and in the browser of who answers it.

Each condition routes two notes: one on the page of the questions it looks at, where a browser decides, and one on the
next page, where the server does.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from clustergov.instruments.questionnaire import Questionnaire
from clustergov.instruments.routing import parse

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # modules that several tests share

from answer_paths import Way, as_routing_sees, draw, posted
from live_limesurvey import MISSING, LimeServer, LiveSurvey, configured

pytestmark = pytest.mark.skipif(not configured(), reason=MISSING)

DRAWN = 500
LEFT_OPEN = 0.3

CONDITIONS = [
    'pick = "a"', 'pick != "a"', 'not pick = "a"', 'pick in ["a", "b"]', 'not pick in ["a", "b"]', "answered(pick)",
    "not answered(pick)", "agree >= 3", "agree < 3", "not agree > 2", 'agree != "2"', "agree = 4", "agree <= 1",
    "n > 0", "n < 0", "n <= 0", "n >= 0", "n = 0", "n != 0", "not n = 0", "not n > 0", "n >= -1", "n in [1, 2]",
    "0 < n", "answered(n)", "not answered(n)", "f = 0.3", "f != 0.3", "f * 10 = 3", "f + 0.1 = 0.3", "f > 0.2",
    't_x = "Y"', 't_x = "N"', 't_x != "Y"', 'not t_x = "Y"', 'count("Y", t_x, t_y) = 1',
    'count("Y", t_x, t_y) >= 1', "count(k_a, k_b, n) >= 2", "count(k_a, k_b) = 0", "sum(k_a, k_b) > 3",
    "sum(k_a, k_b) = 0", "sum(k_a, k_b) <= 3", "sum(k_a, k_b) = sum(n, f)", "k_a + k_b > 3", "k_a - k_b < 0", "k_a * 2 > k_b",
    "k_a / k_b > 1", "k_a != k_b", "not k_a = k_b", "k_a = k_b", "agree + n > 3", "-n > 0", "answered(w)", 'w = "yes"',
    'w != "yes"', "answered(d)", 'pick = "a" and n > 0', 'pick = "a" or n < 0', 'not (pick = "a" and n > 0)',
    'not (pick = "a" or n > 0)', '(pick = "a" or t_x = "Y") and not n = 0', "routed > 1", "routed <= 1", "not routed > 1",
    "answered(routed)", "not answered(routed)", 'boxes_x = "N"', 'boxes_x = "Y"', 'boxes_x != "Y"', 'not boxes_x = "Y"',
    "answered(boxes_x)", 'count("Y", boxes_x, t_x) >= 1', "sum(routed, n) > 0", 'pick = "b" or agree = 4 or n = 1 and f > 0',
]  # fmt: skip


def one(code: str, kind: str, **more: Any) -> dict[str, Any]:
    return {"code": code, "kind": kind, "text": {"en": code}, **more}


def of(*codes: str) -> list[dict[str, Any]]:
    return [{"code": code, "text": {"en": code}} for code in codes]


def option(code: str, **more: Any) -> dict[str, Any]:
    return {"code": code, "text": {"en": f"option {code}"}, **more}


def conditional() -> Questionnaire:
    blank = option("98", blank="refused or don't know")
    asked = [
        one("pick", "single", scale="letters"), one("agree", "single", scale="points"),
        one("n", "number", minimum=-2, maximum=2, integer=True), one("f", "number", minimum=0, maximum=0.5),
        one("k", "numbers", minimum=0, maximum=4, integer=True, items=of("a", "b")),
        one("t", "multiple", items=of("x", "y")), one("w", "text"), one("d", "date"),
        one("routed", "number", minimum=0, maximum=3, integer=True, when='pick = "a"'),
        one("boxes", "multiple", items=of("x"), when='pick != "b"'),
    ]  # fmt: skip
    notes = {
        page: [one(f"{page}{k}", "note", when=when) for k, when in enumerate(CONDITIONS)] for page in ("here", "there")
    }
    return Questionnaire.model_validate(
        {
            "questionnaire": "conditions", "version": "1", "title": {"en": "Conditions"}, "languages": ["en"],
            "scales": {
                "letters": {"direction": "none", "options": [*map(option, "abc"), blank]},
                "points": {"direction": "ascending", "options": [*map(option, "1234"), blank]},
            },
            "sections": [
                {"code": "first", "title": {"en": "First"}, "questions": [*asked, *notes["here"]]},
                {"code": "second", "title": {"en": "Second"}, "questions": notes["there"]},
            ],
        }
    )  # fmt: skip


def respondents(questionnaire: Questionnaire) -> list[Way]:
    """Of many that are drawn those that bring something new: a condition that held for nobody yet, or for all."""
    chosen: list[Way] = []
    seen: set[tuple[int, bool]] = set()
    for seed in range(DRAWN):
        way = draw(questionnaire, random.Random(seed), left_open=LEFT_OPEN)
        if seed % 2 and "w" in way.answers:
            way.answers["w"] = "yes"
        new = set(enumerate(holding(questionnaire, way))) - seen
        if new:
            chosen.append(way)
            seen |= new
    return chosen


@pytest.fixture(scope="module", params=["lss", "txt"])
def survey(request: pytest.FixtureRequest) -> Iterator[LiveSurvey]:
    from clustergov.instruments.limesurvey.write import to_lss, to_txt

    server = LimeServer.from_environment()
    content = (to_lss if request.param == "lss" else to_txt)(conditional()).content
    with server.survey(content, request.param) as opened:
        opened.activate()
        yield opened
    server.close()


def test_the_survey_logic_page_finds_nothing(survey: LiveSurvey) -> None:
    verdict = survey.logic("en")
    assert verdict.clean, (verdict.errors, verdict.warnings)


def test_conditions_hold_for_the_same_respondents(survey: LiveSurvey, chromium: str) -> None:
    from live_respondent import answer, opened_browser

    questionnaire = conditional()
    wrong: list[str] = []
    with opened_browser(chromium) as browser:
        for number, way in enumerate(respondents(questionnaire)):
            pages = answer(browser, survey, posted(way, questionnaire), language="en")
            shown = {code for page in pages for code in page.questions}
            held = holding(questionnaire, way)
            wrong += [
                f"{where} {when}: respondent {number} {way.answers}"
                for k, when in enumerate(CONDITIONS)
                for where in ("here", "there")
                if (f"{where}{k}" in shown) != held[k]
            ]
    assert wrong == []


def holding(questionnaire: Questionnaire, way: Way) -> list[bool]:
    """Whether each condition holds, for what was asked and answered and is no blank."""
    known = as_routing_sees(way, questionnaire)
    return [parse(when).holds(known) for when in CONDITIONS]


def test_every_condition_holds_for_some_and_not_for_others() -> None:
    """A test of the test."""
    questionnaire = conditional()
    table = list(zip(*(holding(questionnaire, way) for way in respondents(questionnaire)), strict=True))
    assert [when for when, column in zip(CONDITIONS, table, strict=True) if len(set(column)) == 1] == []
