"""What is set for a survey on LimeSurvey as its fieldwork says: who gets in, what is stored, what is mailed."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping

from clustergov.instruments.limesurvey.writing.markup import Markup
from clustergov.instruments.questionnaire import Questionnaire
from clustergov.language import LANGUAGES, Language, say
from clustergov.survey.collection.fieldwork import Fieldwork, Message
from clustergov.survey.limesurvey.connection import Connection
from clustergov.survey.limesurvey.words import bare, expressions

_FORMATS = {"section": "G", "question": "S", "survey": "A"}

_ALWAYS = {
    "datestamp": "N", "savetimings": "N", "ipaddr": "N", "refurl": "N",
    "allowprev": "Y", "showprogress": "Y", "showwelcome": "Y",
    "alloweditaftercompletion": "N", "allowregister": "N", "listpublic": "N", "printanswers": "N", "publicstatistics": "N",
    "publicgraphs": "N", "assessments": "N", "autoredirect": "N", "sendconfirmation": "N",
    "showsurveypolicynotice": "0", "emailnotificationto": "", "emailresponseto": "", "googleanalyticsapikey": "",
    "htmlemail": "Y", "tokenlength": "22",
}  # fmt: skip
"""No time, no address of a computer, no page one came from; nothing shown or mailed to others; links of 128 bits and more."""

ACTIVATION = ("anonymized", "datestamp", "ipaddr", "refurl", "savetimings")
"""Settings that decide which columns the responses get: they cannot be changed once the survey is active."""

_LETTERS = frozenset({"surveyls_email_invite", "surveyls_email_remind"})
"""Texts in HTML."""

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
    found = {"surveyls_title": _title(questionnaire, language), "surveyls_url": ""}
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
        found = "" if told.get(name) is None else str(told[name])
        if _read(name, value) != _read(name, found):
            shown = f"“{_read(name, found)[0][:80]}”" if found else "nothing"
            yield f"{where}, setting {name}: expected “{_read(name, value)[0][:80]}”, found {shown}."


def _read(name: str, value: str) -> tuple[str, tuple[str, ...]]:
    """A letter as its reader sees it, and what LimeSurvey puts into it; any other setting as it stands."""
    if name in _LETTERS:
        return bare(value), expressions(value)
    return " ".join(value.split()), ()


def _mail(name: str, message: Message | None, questionnaire: Questionnaire, language: str) -> tuple[str, str]:
    """Subject in plain words and body in HTML, from fieldwork or else in words of ours."""
    if message is not None:
        return _filled(message.subject.to(language)), _html(message.body.to(language))
    spoken: Language = next((each for each in LANGUAGES if each == language.split("-")[0]), "en")
    title = questionnaire.title.to(language)
    # A subject has no HTML, yet most accounts have it filtered as such: an ampersand would be read as “&amp;”.
    simple = re.sub(r"[<>]", "", title).replace("&", {"nl": "en", "en": "and"}[spoken])
    subject = say(f"invitation.{name}.subject", spoken, title=simple)
    return _filled(subject), _html(say(f"invitation.{name}.body", spoken, title=title))


def _html(text: str) -> str:
    """A letter's paragraphs. Plain letters are no choice: most accounts have “&” and “<” in them turned into HTML."""
    return _filled(html.escape(text.strip(), quote=False).replace("\n", "<br />\n"))


def _filled(text: str) -> str:
    """With LimeSurvey's placeholders; any other brace gets a blank behind it, so that it begins no expression."""
    names = "|".join(PLACEHOLDERS)
    return re.sub(rf"\{{({names})\}}|\{{(?=\S)", lambda found: PLACEHOLDERS[found[1]] if found[1] else "{ ", text)


def _title(questionnaire: Questionnaire, language: str) -> str:
    return Markup.of(questionnaire).html(questionnaire.title.get(language, ""))
