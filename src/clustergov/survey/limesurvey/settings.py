"""What is set for a survey on LimeSurvey as its fieldwork says: who gets in, what is stored, what is mailed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from clustergov.instruments.questionnaire import Questionnaire
from clustergov.language import LANGUAGES, Language, Text, say
from clustergov.survey.fieldwork import Fieldwork, Message
from clustergov.survey.limesurvey.connection import Connection

_FORMATS = {"section": "G", "question": "S", "survey": "A"}

_ALWAYS = {
    "datestamp": "N", "savetimings": "N", "ipaddr": "N", "refurl": "N",
    "allowprev": "Y", "showprogress": "Y", "showwelcome": "Y",
    "alloweditaftercompletion": "N", "allowregister": "N", "listpublic": "N", "printanswers": "N", "publicstatistics": "N",
    "publicgraphs": "N", "assessments": "N", "autoredirect": "N", "sendconfirmation": "N",
    "emailnotificationto": "", "emailresponseto": "", "googleanalyticsapikey": "",
    "htmlemail": "N", "tokenlength": "22",
}  # fmt: skip
"""No time, no address of a computer, no page one came from; nothing shown or mailed to others; links of 128 bits and more."""

ACTIVATION = ("anonymized", "datestamp", "ipaddr", "refurl", "savetimings")
"""Settings that decide which columns the responses get: they cannot be changed once the survey is active."""

PLACEHOLDERS = {"name": "{FIRSTNAME}", "link": "{SURVEYURL}"}
"""Ours in the texts of fieldwork → LimeSurvey's. The participants' first name holds their whole name."""


def survey_settings(fieldwork: Fieldwork) -> dict[str, str]:
    """Settings of the survey as a whole, by the names of LimeSurvey's columns."""
    invited = "Y" if fieldwork.access == "invited" else "N"
    found = {
        **_ALWAYS,
        "anonymized": "Y" if fieldwork.anonymous else "N",
        "format": _FORMATS[fieldwork.paging],
        "usetokens": invited,
        "tokenanswerspersistence": invited,
        "allowsave": "Y",
    }
    if fieldwork.contact is not None:
        own = fieldwork.contact
        found |= {"admin": own.name, "adminemail": own.email, "bounce_email": own.email}
    return found


def language_settings(questionnaire: Questionnaire, fieldwork: Fieldwork, language: str) -> dict[str, str]:
    """The title and the texts of e-mails in one language."""
    found = {"surveyls_title": _title(questionnaire, language)}
    if fieldwork.access == "invited":
        for name, kind in (("invitation", "invite"), ("reminder", "remind")):
            message = fieldwork.invitation if name == "invitation" else fieldwork.reminder
            subject, body = _mail(name, message, questionnaire, language)
            found |= {f"surveyls_email_{kind}_subj": subject, f"surveyls_email_{kind}": body}
    return found


def write_settings(
    server: Connection, number: int, questionnaire: Questionnaire, fieldwork: Fieldwork, languages: tuple[str, ...]
) -> None:
    """Set everything; what the server did not take shows when it is compared.

    Raises
    ------
    LimeSurveyError
    """
    server.tell("set_survey_properties", number, **survey_settings(fieldwork))
    for language in languages:
        own = language_settings(questionnaire, fieldwork, language)
        server.tell("set_language_properties", number, language=language, **own)


def setting_differences(
    server: Connection, number: int, questionnaire: Questionnaire, fieldwork: Fieldwork, languages: tuple[str, ...]
) -> list[str]:
    """In what the settings on the server differ from those of fieldwork, one sentence each.

    Raises
    ------
    LimeSurveyError
    """
    wanted = survey_settings(fieldwork)
    found = [*_unlike("the survey", wanted, server.ask("get_survey_properties", number, list(wanted)))]
    for language in languages:
        words = language_settings(questionnaire, fieldwork, language)
        del words["surveyls_title"]  # compared as a part of the structure
        if words:
            told = server.ask("get_language_properties", number, settings=list(words), language=language)
            found += _unlike(f"the survey ({language})", words, told)
    return found


def is_active(server: Connection, number: int) -> bool:
    """Whether the survey takes answers, or took them before it expired.

    Raises
    ------
    LimeSurveyError
        There is no such survey.
    """
    return bool(server.ask("get_survey_properties", number, ["active"])["active"] == "Y")


def _unlike(where: str, wanted: Mapping[str, str], told: Mapping[str, object]) -> Iterator[str]:
    for name, value in wanted.items():
        found = told.get(name)
        if _spelled(value) != _spelled("" if found is None else str(found)):
            shown = "nothing" if found in (None, "") else f"“{_spelled(str(found))[:80]}”"
            yield f"{where}, setting {name}: expected “{_spelled(value)[:80]}”, found {shown}."


def _spelled(text: str) -> str:
    return " ".join(text.split())


def _mail(name: str, message: Message | None, questionnaire: Questionnaire, language: str) -> tuple[str, str]:
    """Subject and body, from fieldwork or else in words of ours."""
    if message is not None:
        return _filled(message.subject.to(language)), _filled(message.body.to(language))
    spoken: Language = next((each for each in LANGUAGES if each == language.split("-")[0]), "en")
    title = _title(questionnaire, language, plain=True)
    parts = (say(f"invitation.{name}.{part}", spoken, title=title) for part in ("subject", "body"))
    subject, body = (_filled(part) for part in parts)
    return subject, body


def _filled(text: str) -> str:
    """With LimeSurvey's placeholders; any other brace gets a blank behind it, so that it begins no expression."""
    names = "|".join(PLACEHOLDERS)
    return re.sub(rf"\{{({names})\}}|\{{(?=\S)", lambda found: PLACEHOLDERS[found[1]] if found[1] else "{ ", text)


def _title(questionnaire: Questionnaire, language: str, *, plain: bool = False) -> str:
    text: Text = questionnaire.title
    if plain:
        return text.to(language)
    from clustergov.instruments.limesurvey.writing.markup import Markup

    return Markup.of(questionnaire).html(text.get(language, ""))
