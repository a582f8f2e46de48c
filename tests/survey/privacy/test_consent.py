"""Consent is a question: in front, told in every language, and nothing is asked of who does not give it."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given

from clustergov.instruments.asking import asked_when
from clustergov.instruments.check import check_questionnaire, read_questionnaire
from clustergov.instruments.questionnaire import Questionnaire
from clustergov.problems import InputError
from clustergov.study.formats import FORMATS
from clustergov.survey.collection.fieldwork import Fieldwork, read_fieldwork
from clustergov.survey.privacy.consent import fielded, permitted
from clustergov.survey.reading import read_responses
from questionnaire_strategy import questionnaires, tries

TEXT = {"nl": "Mogen wij dit?", "en": "May we do this?"}


def declared(**more: object) -> Fieldwork:
    return Fieldwork.model_validate(
        {
            "fieldwork": "trial", "questionnaire": "q.yml",
            "notice": {"nl": "Doel.\n\nVrijwillig.", "en": "Purpose.\n\nVoluntary."},
            "contact": {"name": "Team", "email": "team@example.org"},
            "retention": {"personal data": "2027-06-30", "responses": "2037-01-01"},
            "consent": [
                {"use": "archive", "text": TEXT},
                {"use": "analysis", "text": {"nl": "Onderzoek?", "en": "Research?"}, "required": True},
            ],
            **more,
        }
    )  # fmt: skip


def parts(questionnaire: Questionnaire) -> dict[str, object]:
    return {name: getattr(questionnaire, name) for name in Questionnaire.model_fields}


@pytest.fixture(scope="module")
def shipped(root: Path) -> Questionnaire:
    return read_questionnaire(root / "instruments" / "cluster-organisation.yml")


def test_every_shipped_questionnaire_passes_the_check(root: Path) -> None:
    fieldwork = read_fieldwork(root / "survey" / "fieldwork.yml")
    for path in sorted((root / "instruments").glob("*.yml")):
        asked = read_questionnaire(path)
        before = {problem.rule for problem in check_questionnaire(asked)}
        assert {problem.rule for problem in check_questionnaire(fielded(asked, fieldwork))} <= before, path.name


def test_required_uses_come_first_and_everything_waits_for_them(shipped: Questionnaire) -> None:
    result = fielded(shipped, declared())
    assert [question.code for question in result.sections[0].questions] == [
        "privacynotice", "consentanalysis", "consentarchive",
    ]  # fmt: skip
    assert asked_when(result.by_name["consentanalysis"]) is None
    for variable in result.variables[1:]:
        condition = asked_when(variable)
        assert condition is not None
        assert not condition.holds({}), variable.name
        assert not condition.holds({"consentanalysis": "N"}), variable.name
    assert [v.name for v in result.variables[2:]] == [v.name for v in shipped.variables]


def test_the_own_condition_still_decides(shipped: Questionnaire) -> None:
    result = fielded(shipped, declared())
    routed = [variable for variable in shipped.variables if asked_when(variable) is not None]
    assert routed
    for variable in routed:
        before, after = asked_when(variable), asked_when(result.by_name[variable.name])
        assert before is not None
        assert after is not None
        assert after.variables == ("consentanalysis", *before.variables)
        assert after.holds({"consentanalysis": "Y"}) == before.holds({})


def test_without_a_required_use_nobody_is_kept_out(shipped: Questionnaire) -> None:
    result = fielded(shipped, declared(consent=[{"use": "archive", "text": TEXT}]))
    assert [question.when for question in result.questions[2:]] == [question.when for question in shipped.questions]


def test_nothing_declared_changes_nothing(shipped: Questionnaire) -> None:
    assert fielded(shipped, Fieldwork(fieldwork="f", questionnaire="q.yml")) is shipped


@pytest.mark.parametrize(
    ("mode", "nl", "en"),
    [
        ({"anonymous": True}, "anoniem", "anonymous"),
        ({"anonymous": False, "access": "invited"}, "onder een code", "under a code"),
        ({"anonymous": False, "access": "open"}, "adres van uw computer", "address of your computer"),
    ],
)
def test_the_notice_tells_mode_contact_and_dates(
    shipped: Questionnaire, mode: dict[str, object], nl: str, en: str
) -> None:
    text = fielded(shipped, declared(**mode)).questions[0].text
    for part in ("Doel.\nVrijwillig.\n", nl, "Team", "team@example.org", "30 juni 2027", "1 januari 2037"):
        assert part in text["nl"]
    for part in ("Purpose.\nVoluntary.\n", en, "Team", "team@example.org", "30 June 2027", "1 January 2037"):
        assert part in text["en"]
    assert ("anonymous" in text["en"]) == bool(mode["anonymous"])


@pytest.mark.parametrize("name", [name for name, each in FORMATS.items() if not each.persons and name != "measures"])
def test_every_exporter_takes_it(shipped: Questionnaire, name: str) -> None:
    result = fielded(shipped, declared())
    content = FORMATS[name].make(result, "nl", None).content
    assert len(content) > len(FORMATS[name].make(shipped, "nl", None).content)


@tries(25)
@given(questionnaires())
def test_any_questionnaire_passes_as_it_did_before(asked: Questionnaire) -> None:
    languages = asked.languages
    text = dict.fromkeys(languages, "May we?")
    fieldwork = declared(notice=text, consent=[{"use": "study", "text": text, "required": True}])
    before = {problem.rule for problem in check_questionnaire(asked) if problem.severity == "error"}
    result = fielded(asked, fieldwork)
    assert {problem.rule for problem in check_questionnaire(result) if problem.severity == "error"} <= before
    assert {v.name for v in result.variables} == {v.name for v in asked.variables} | {"consentstudy"}


def test_a_condition_as_limesurvey_wrote_it_gets_consent_before_it(small: Questionnaire) -> None:
    unread = small.questions[1].model_copy(update={"relevance": "strange(field) or 1"})
    section = small.sections[0].model_copy(update={"questions": (small.questions[0], unread)})
    asked = Questionnaire.model_validate(
        {**parts(small), "sections": (section, *small.sections[1:]), "imported_from": "LimeSurvey"}
    )
    result = {question.code: question for question in fielded(asked, declared()).questions}["legal"]
    assert result.relevance == '(consentanalysis.NAOK == "Y") and (strange(field) or 1)'
    assert result.when == 'consentanalysis = "Y"'


def test_codes_that_are_taken_are_told(shipped: Questionnaire, small: Questionnaire) -> None:
    with pytest.raises(InputError) as told:
        fielded(fielded(shipped, declared()), declared())
    assert {problem.place for problem in told.value.problems} == {
        "privacynotice", "consentanalysis", "consentarchive", "privacy",
    }  # fmt: skip


def test_a_missing_translation_is_told(small: Questionnaire, shipped: Questionnaire) -> None:
    assert fielded(small, declared()).questions[0].text.keys() == {"en"}
    with pytest.raises(InputError, match=r"consent archive.*“nl”"):
        fielded(shipped, declared(consent=[{"use": "archive", "text": {"en": "May we?"}}]))


def test_a_condition_that_gets_too_long_is_told(small: Questionnaire) -> None:
    long = small.questions[3].model_copy(update={"when": " or ".join(['legal = "Y"'] * 132)})
    section = small.sections[1].model_copy(update={"questions": (long, *small.sections[1].questions[1:])})
    asked = Questionnaire.model_validate({**parts(small), "sections": (small.sections[0], section, small.sections[2])})
    with pytest.raises(InputError, match="tools"):
        fielded(asked, declared())


def test_who_agreed(small: Questionnaire, tmp_path: Path) -> None:
    asked = fielded(small, declared())
    rows = ["id,submitdate,consentanalysis,consentarchive,field"]
    rows += ["a,2026-03-01,Y,Y,water", "b,2026-03-01,Y,N,water", "c,2026-03-01,N,,", "d,,Y,,", "e,,,,"]
    path = tmp_path / "responses.csv"
    path.write_text("\n".join(rows), encoding="utf-8")
    responses = read_responses(path, asked, strict=True)
    assert permitted(responses, "analysis").to_dict() == {"a": True, "b": True, "c": False, "d": True, "e": False}
    assert permitted(responses, "archive").to_dict() == {"a": True, "b": False, "c": False, "d": False, "e": False}
    assert permitted(responses.frame, "archive").sum() == 1


def test_no_refusal_is_overruled() -> None:
    twice = pd.DataFrame({"consentarchive": ["Y", "N", "Y", "y", None, "yes"]}, index=["a", "a", "b", "c", "d", "e"])
    assert permitted(twice, "archive").tolist() == [False, False, True, False, False, False]


def test_a_use_that_was_never_asked_is_an_error(small: Questionnaire) -> None:
    with pytest.raises(InputError, match="consent-not-asked"):
        permitted(pd.DataFrame({"consentanalysis": ["Y"]}), "archive")
