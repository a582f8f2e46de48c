"""What is set for a survey as a whole, where LimeSurvey's own defaults would not do for a study."""

from __future__ import annotations

from clustergov.instruments.limesurvey.structure import LimeSurvey

_SETTINGS = {
    "format": "G",
    "anonymized": "Y",
    "datestamp": "N",
    "ipaddr": "N",
    "refurl": "N",
    "allowprev": "Y",
    "showprogress": "Y",
    "listpublic": "N",
}
"""A page per section; nothing is stored of a respondent but the answers; there is a way back."""

_DATE_FORMATS = {"nl": "2", "de": "1", "fr": "5", "es": "5", "it": "5"}
"""How a date is typed: 31-12-2025, 31.12.2025, 31/12/2025; elsewhere 2025-12-31 (6)."""
_COMMA = frozenset({"nl", "de", "fr", "es", "it", "pt", "pl", "da", "sv", "fi", "nb", "cs"})
"""Languages in which a decimal comma is typed."""


def survey_settings(survey: LimeSurvey) -> dict[str, str]:
    base, *others = survey.languages
    return {"language": base, "additional_languages": " ".join(others), **_SETTINGS}


def language_settings(survey: LimeSurvey, language: str) -> dict[str, str]:
    spoken = language.split("-")[0]
    return {
        "surveyls_language": language,
        "surveyls_title": survey.titles.get(language, ""),
        "surveyls_description": survey.description.get(language, ""),
        "surveyls_welcometext": survey.welcome.get(language, ""),
        "surveyls_endtext": survey.closing.get(language, ""),
        "surveyls_dateformat": _DATE_FORMATS.get(spoken, "6"),
        "surveyls_numberformat": "1" if spoken in _COMMA else "0",
    }
