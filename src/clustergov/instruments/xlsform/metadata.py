"""The sheet `clustergov`: what XLSForm has no column for, so that a questionnaire comes back whole.

One row per thing: which sheet it belongs to, the name that the thing has there, and its properties in JSON. ODK and
pyxform pass over sheets that they do not know.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from clustergov.instruments.questionnaire import Question, Questionnaire
from clustergov.instruments.xlsform.names import Names

SHEET = "clustergov"
HEADINGS = ("sheet", "name", "properties")
PIECE = 32_000
"""Characters of JSON in one cell; what is longer goes on in the next row under the same name."""


def metadata_rows(questionnaire: Questionnaire, names: Names) -> Iterator[tuple[str, str, str]]:
    """The rows of the sheet, without its headings."""
    for sheet, name, properties in _things(questionnaire, names):
        text = json.dumps(properties, ensure_ascii=False)
        for start in range(0, len(text), PIECE):
            yield sheet, name, text[start : start + PIECE]


def _things(questionnaire: Questionnaire, names: Names) -> Iterator[tuple[str, str, dict[str, Any]]]:
    data = questionnaire.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    kept = ("questionnaire", "version", "title", "languages", "sources", "dimensions")
    form: dict[str, Any] = {key: data[key] for key in kept if key in data}
    yield "settings", "", form
    for key in ("constructs", "indicators"):
        for entry in data.get(key, ()):
            yield key, entry["code"], entry
    for name, scale in questionnaire.scales.items():
        properties = scale.model_dump(mode="json", by_alias=True, exclude_defaults=True)
        blanks = {option.code: option.blank for option in scale.options if option.blank is not None}
        properties = {key: value for key, value in properties.items() if key != "options"}
        yield "choices", names.list(name), {"scale": name, **properties, **({"blanks": blanks} if blanks else {})}
    for section in questionnaire.sections:
        own = {"section": section.code, "questions": [_question(question) for question in section.questions]}
        yield "survey", names.row("section", section.code), own


def _question(question: Question) -> dict[str, Any]:
    """A question without the texts that stand in the sheets survey and choices."""
    data = question.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    for key in ("text", "help"):
        data.pop(key, None)
    for item in data.get("items", ()):
        item.pop("text", None)
    return data
