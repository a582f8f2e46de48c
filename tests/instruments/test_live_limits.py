"""What a real LimeSurvey refuses of the questionnaires we give it: limits, constraints, shares that are not 100.

Also whether the instrument of these tests can tell: broken expressions are found, and nothing stays on the server.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from clustergov.instruments.questionnaire import Questionnaire

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # modules that several tests share

from live_limesurvey import MISSING, LimeServer, LiveSurvey, configured

pytestmark = pytest.mark.skipif(not configured(), reason=MISSING)


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


# --------------------------------------------------------------------------------------------------- what is allowed


def limits() -> Questionnaire:
    """One page with a number, two whole numbers of which one is part of the other, and a required choice."""
    return Questionnaire.model_validate(
        {
            "questionnaire": "limits", "version": "1", "title": {"en": "Limits", "nl": "Grenzen"}, "languages": ["en", "nl"],
            "scales": {"yesno": {"direction": "none", "options": [
                {"code": "N", "text": {"en": "no", "nl": "nee"}}, {"code": "Y", "text": {"en": "yes", "nl": "ja"}}]}},
            "sections": [{"code": "page", "title": {"en": "Page", "nl": "Bladzijde"}, "questions": [
                {"code": "cold", "kind": "number", "minimum": -5, "maximum": 5, "text": {"en": "Degrees", "nl": "Graden"}},
                {"code": "part", "kind": "numbers", "minimum": 0, "maximum": 50, "integer": True,
                 "constraint": "part_few <= part_all",
                 "constraint message": {"en": "At most the whole.", "nl": "Hooguit het geheel."},
                 "text": {"en": "Parts", "nl": "Delen"},
                 "items": [{"code": code, "text": {"en": code, "nl": code}} for code in ("all", "few")]},
                {"code": "sure", "kind": "single", "scale": "yesno", "required": True, "text": {"en": "Sure?", "nl": "Zeker?"}},
            ]}],
        }
    )  # fmt: skip


@pytest.fixture(scope="module", params=["lss", "txt"])
def limited(request: pytest.FixtureRequest, server: LimeServer) -> Iterator[LiveSurvey]:
    with server.survey(written(limits(), request.param), request.param) as survey:
        survey.activate()
        yield survey


@pytest.mark.parametrize(
    ("answers", "accepted"),
    [
        ({}, True),
        ({"cold": "-5"}, True),
        ({"cold": "-5.1"}, False),
        ({"cold": "5.5"}, False),
        ({"cold": "warm"}, False),
        ({"part_all": "2", "part_few": "2"}, True),
        ({"part_all": "2", "part_few": "3"}, False),
        ({"part_few": "3"}, True),
        ({"part_all": "2.5"}, False),
        ({"part_all": "51"}, False),
        ({"sure": ""}, False),
    ],
    ids=str,
)
def test_limits_and_constraints_are_enforced(limited: LiveSurvey, answers: dict[str, str], accepted: bool) -> None:
    before = limited.count()
    pages = limited.submit({"sure": "Y"} | answers, language="en")
    assert pages[-1].refused != accepted
    assert limited.count() == before + accepted


# ---------------------------------------------------------------------------------------------- shares that sum to 100


def shares(*, required: bool) -> Questionnaire:
    """One question for three shares of 100, in one language."""
    return Questionnaire.model_validate(
        {
            "questionnaire": "shares", "version": "1", "title": {"en": "Shares", "nl": "Aandelen"}, "languages": ["en", "nl"],
            "sections": [{"code": "money", "title": {"en": "Money", "nl": "Geld"}, "questions": [
                {"code": "share", "kind": "numbers", "minimum": 0, "maximum": 100, "total": 100, "required": required,
                 "text": {"en": "How is it funded?", "nl": "Hoe wordt het betaald?"},
                 "items": [{"code": code, "text": {"en": code, "nl": code}} for code in ("fees", "sales", "rest")]},
            ]}],
        }
    )  # fmt: skip


ENTRIES = [
    (("60", "40", "0"), True),
    (("0.1", "64.1", "35.8"), True),
    (("33.3", "33.3", "33.4"), True),
    (("150", "-50", "0"), False),
    (("90", "5", "0"), False),
    (("99.9", "0", "0"), False),
]


@pytest.fixture(scope="module", params=["lss", "txt"])
def optional(request: pytest.FixtureRequest, server: LimeServer) -> Iterator[LiveSurvey]:
    with server.survey(written(shares(required=False), request.param), request.param) as survey:
        survey.activate()
        yield survey


@pytest.fixture(scope="module", params=["lss", "txt"])
def compulsory(request: pytest.FixtureRequest, server: LimeServer) -> Iterator[LiveSurvey]:
    with server.survey(written(shares(required=True), request.param), request.param) as survey:
        survey.activate()
        yield survey


def refused(survey: LiveSurvey, *entries: str) -> bool:
    names = ("share_fees", "share_sales", "share_rest")
    before = survey.count()
    pages = survey.submit(dict(zip(names, entries, strict=False)), language="en")
    assert survey.count() == before + (not pages[-1].refused), "a page that is accepted is a response"
    return pages[-1].refused


@pytest.mark.parametrize(
    ("entries", "accepted"), ENTRIES, ids=lambda value: "/".join(value) if isinstance(value, tuple) else ""
)
def test_optional_shares_sum_to_100(optional: LiveSurvey, entries: tuple[str, ...], accepted: bool) -> None:
    assert refused(optional, *entries) != accepted


@pytest.mark.parametrize(
    ("entries", "accepted"), ENTRIES, ids=lambda value: "/".join(value) if isinstance(value, tuple) else ""
)
def test_required_shares_sum_to_100(compulsory: LiveSurvey, entries: tuple[str, ...], accepted: bool) -> None:
    assert refused(compulsory, *entries) != accepted


def test_nobody_has_to_give_optional_shares(optional: LiveSurvey) -> None:
    assert not refused(optional)


def test_required_shares_must_be_given(compulsory: LiveSurvey) -> None:
    assert refused(compulsory)
    assert refused(compulsory, "60", "40")


@pytest.mark.parametrize(("entries", "accepted"), [(("0.1", "64.1", "35.8"), True), (("90", "5", "0"), False)])
def test_a_browser_agrees(optional: LiveSurvey, browser: Any, entries: tuple[str, ...], accepted: bool) -> None:
    from live_respondent import answer

    names = ("share_fees", "share_sales", "share_rest")
    pages = answer(browser, optional, dict(zip(names, entries, strict=True)), language="nl")
    assert pages[-1].refused != accepted
    assert bool(pages[-1].messages) != accepted, "a respondent who is refused is told why"


# ------------------------------------------------------------------------------------------------ the instrument itself


@pytest.mark.parametrize(
    ("relevance", "finding"), [("((1", "errors"), ("nowhere.NAOK > 1", "errors"), ("share = 1", "warnings")]
)
def test_the_survey_logic_page_would_tell(server: LimeServer, relevance: str, finding: str) -> None:
    """A test of the test: broken expressions come in without a word, and the page names them."""
    with server.survey(written(shares(required=False), "lss")) as survey:
        question = next(number for number, code in survey.codes().items() if code == "share")
        survey.client.set_question_properties(question, relevance=relevance)
        verdict = survey.logic("en")
        assert not verdict.clean
        assert "share" in getattr(verdict, finding)


def test_nothing_is_left_behind(server: LimeServer) -> None:
    with server.survey(written(shares(required=False), "lss")) as survey:
        number = survey.number
        assert number in server.numbers()
    assert number not in server.numbers()


def test_a_failed_import_leaves_nothing_behind(server: LimeServer) -> None:
    before = server.numbers()
    broken = written(shares(required=False), "lss").replace(b">K<", b">?<").replace(b"[K]", b"[?]")
    with pytest.raises(Exception), server.survey(broken):  # noqa: B017, PT011 - the server has several ways to refuse
        pass
    assert server.numbers() == before
