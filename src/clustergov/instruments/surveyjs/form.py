"""A questionnaire as a SurveyJS form."""

from __future__ import annotations

import json
from typing import Any

from clustergov.instruments.exchange import Exported
from clustergov.instruments.questionnaire import Questionnaire, Section
from clustergov.instruments.surveyjs.elements import Elements
from clustergov.instruments.surveyjs.wording import ENGLISH
from clustergov.problems import InputError

KEEP_CLEAR = "onHiddenContainer"
"""Answers go as soon as their question, or the panel around it, is hidden, so that routing sees a blank."""


def to_surveyjs(questionnaire: Questionnaire) -> Exported:
    """The questionnaire as JSON for survey-core 2 (SurveyJS Form Library), one page a section.

    Elements have the names of our questions, and those of our variables where one element holds one variable. What
    SurveyJS makes of an answer, and how `clustergov.instruments.surveyjs.answers` reads it:

    - single: the option's code under the question's; the free “other” is a field of its own, ``code_other``.
    - multiple: a list of the codes that are ticked under the question's.
    - array: an object of item to code under the question's; where items differ in scale, one object per scale
      (``code__1``, ``code__2``).
    - ranking: a list of codes under the question's, the first place first.
    - numbers, texts: one field per item, ``code_item``; remarks ``code_comment`` and ``code_itemcomment``.

    Raises
    ------
    InputError
        Rule ``surveyjs-untranslatable``, once per place: routing that was never read (`relevance`), or that SurveyJS
        would decide otherwise.
    """
    elements = Elements(questionnaire)
    wording = elements.wording
    base = questionnaire.languages[0]
    pages = [*_welcome(questionnaire, elements), *(_page(section, elements) for section in questionnaire.sections)]
    form: dict[str, Any] = {
        "title": wording.plain(questionnaire.title),
        **({} if base == ENGLISH else {"locale": base}),
        "clearInvisibleValues": KEEP_CLEAR,
        "showProgressBar": True,
        **({"firstPageIsStartPage": True} if questionnaire.text is not None else {}),
        "pages": pages,
        **({"completedHtml": wording.html(questionnaire.closing)} if questionnaire.closing is not None else {}),
    }
    if elements.problems:
        raise InputError(elements.problems, summary="This questionnaire cannot be a SurveyJS form:")
    return Exported((json.dumps(form, ensure_ascii=False, indent=2) + "\n").encode())


def _page(section: Section, elements: Elements) -> dict[str, Any]:
    wording = elements.wording
    return {
        "name": section.code,
        "title": wording.plain(section.title),
        **({"description": wording.plain(section.text)} if section.text is not None else {}),
        "elements": [element for question in section.questions for element in elements.of(question)],
    }


def _welcome(questionnaire: Questionnaire, elements: Elements) -> list[dict[str, Any]]:
    """The text before the first question, on a page of its own that starts the form."""
    if questionnaire.text is None:
        return []
    taken = {section.code.casefold() for section in questionnaire.sections}
    taken |= {variable.name.casefold() for variable in questionnaire.variables}
    taken |= {question.code.casefold() for question in questionnaire.questions}
    name = next(name for k in range(len(taken) + 1) if (name := f"welcome{k or ''}") not in taken)
    text = {"type": "html", "name": f"{name}__text", "html": elements.wording.html(questionnaire.text)}
    return [{"name": name, "elements": [text]}]
