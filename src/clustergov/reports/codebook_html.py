"""The codebook as one self-contained HTML page: a part for each language that the questionnaire has."""

from __future__ import annotations

from clustergov.analysis.description.overview import Overview, overview
from clustergov.instruments.questionnaire import Questionnaire
from clustergov.language import LANGUAGES
from clustergov.reports.codebook_document import codebook_document
from clustergov.reports.codebook_table import Wording
from clustergov.reports.html import render_page
from clustergov.survey.responses import Responses

_SMALLEST = 5
"""Count of real respondents from which it is shown when nothing else is asked for."""


def counts_shown(responses: Responses | None, minimum: int | None) -> Overview | None:
    """The counts that a codebook may tell: none of fewer than five real respondents, unless `minimum` says otherwise."""
    if responses is None:
        return None
    if not responses.synthetic and minimum is None:
        minimum = _SMALLEST
    return overview(responses, minimum=minimum)


def render_codebook_html(
    questionnaire: Questionnaire, *, responses: Responses | None = None, minimum: int | None = None
) -> str:
    """Render the codebook; equal arguments give equal text.

    Parameters
    ----------
    responses : Responses or None
        With them every code has its count. Free text is never shown.
    minimum : int or None
        Smallest count shown. None shows all counts of synthetic responses and those from 5 on of real ones.
    """
    counted = counts_shown(responses, minimum)
    languages = questionnaire.languages or tuple(questionnaire.title)
    parts = [codebook_document(questionnaire, language, counted) for language in languages]
    words = languages[0] if languages[0] in LANGUAGES else "en"
    wording = Wording(words, languages[0], "", counted)
    return render_page(
        parts,
        title=wording.within(wording.say("title", title=questionnaire.title.to(languages[0])), questionnaire.title),
        subtitle=wording.say("subtitle", questionnaire=questionnaire.questionnaire, version=questionnaire.version),
    )
