"""The codebook as a Word document in one language."""

from __future__ import annotations

from dataclasses import replace

from clustergov.instruments.questionnaire import Questionnaire
from clustergov.language import LANGUAGES
from clustergov.reports.codebook_document import codebook_document
from clustergov.reports.codebook_html import counts_shown
from clustergov.reports.codebook_table import Wording
from clustergov.reports.word import render_word
from clustergov.survey.responses import Responses


def render_codebook_word(
    questionnaire: Questionnaire, language: str, *, responses: Responses | None = None, minimum: int | None = None
) -> bytes:
    """Render the codebook to ``.docx``; equal arguments give equal bytes.

    Parameters
    ----------
    language : str
        Of the questionnaire's texts; our own words are in it too where we have them, else in English.
    responses, minimum
        As in `clustergov.reports.codebook_html.render_codebook_html`.
    """
    counted = counts_shown(responses, minimum)
    wording = Wording(language if language in LANGUAGES else "en", language, "", counted)
    document = codebook_document(questionnaire, language, counted)
    return render_word(
        replace(
            document,
            title=wording.within(wording.say("title", title=questionnaire.title.to(language)), questionnaire.title),
            subtitle=wording.say("subtitle", questionnaire=questionnaire.questionnaire, version=questionnaire.version),
        )
    )
