"""What a respondent reads before the first question: the notice, who answers for the data, until when they are kept."""

from __future__ import annotations

import datetime

from clustergov.language import LANGUAGES, Text, say
from clustergov.survey.collection.fieldwork import Fieldwork


def has_notice(fieldwork: Fieldwork) -> bool:
    """Whether this fieldwork declares anything that a respondent has to be told."""
    kept = fieldwork.retention
    return bool(fieldwork.notice or fieldwork.contact or kept.personal_data or kept.responses or fieldwork.consent)


def notice(fieldwork: Fieldwork, languages: tuple[str, ...]) -> Text:
    """The whole notice, one paragraph a line.

    Our own sentences are in Dutch and English; a reader of another language gets them in English.
    """
    return Text({language: "\n".join(_paragraphs(fieldwork, language)) for language in languages})


def sentence(key: str, language: str, /, **values: str) -> str:
    """One of our own sentences for a reader of any language: ``nl-BE`` reads Dutch, ``de`` English."""
    return say(f"privacy.{key}", _own(language), **values)


def day_in_words(day: datetime.date, language: str) -> str:
    """A date as a reader writes it: 30 juni 2027."""
    own = _own(language)
    return say("privacy.day", own, day=str(day.day), month=say(f"privacy.month.{day.month}", own), year=str(day.year))


def _own(language: str) -> str:
    base = language.partition("-")[0].casefold()
    return base if base in LANGUAGES else "en"


def _paragraphs(fieldwork: Fieldwork, language: str) -> list[str]:
    told = fieldwork.notice[language].splitlines() if fieldwork.notice else []
    told += [sentence(_mode(fieldwork), language)]
    if fieldwork.contact is not None:
        contact = sentence("contact", language, name=fieldwork.contact.name, email=fieldwork.contact.email)
        told += [contact if fieldwork.anonymous else f"{contact} {sentence('erasure', language)}"]
    kept = {"personal": fieldwork.retention.personal_data, "responses": fieldwork.retention.responses}
    days = [sentence(f"kept.{what}", language, day=day_in_words(day, language)) for what, day in kept.items() if day]
    told += [" ".join(days)]
    return [paragraph.strip() for paragraph in told if paragraph.strip()]


def _mode(fieldwork: Fieldwork) -> str:
    if fieldwork.anonymous:
        return "anonymous"
    return "pseudonymous" if fieldwork.access == "invited" else "unnamed"
