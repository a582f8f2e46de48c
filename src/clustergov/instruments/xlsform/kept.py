"""What the sheet `clustergov` of a form that we wrote tells about its rows and lists."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from clustergov.instruments.questionnaire import (
    Construct,
    Indicator,
    Option,
    Question,
    Questionnaire,
    Scale,
    Section,
    Source,
)
from clustergov.instruments.xlsform.columns import Line
from clustergov.instruments.xlsform.form import Form
from clustergov.instruments.xlsform.names import Names
from clustergov.language import Text
from clustergov.problems import InputError, Problem

_NOWHERE = Text({"und": "…"})
"""Stands for the texts, which are read from the sheets survey and choices."""


@dataclass(slots=True)
class Kept:
    """The parts of a questionnaire that XLSForm has no place for.

    Attributes
    ----------
    draft : Questionnaire
        All of it but the texts.
    names : Names
        How its parts are called in the form.
    """

    draft: Questionnaire
    names: Names
    title: Text | None = None
    lines: list[Line] = field(default_factory=list)


def read_kept(form: Form) -> Kept | None:
    """Read the sheet; None where there is none.

    Raises
    ------
    InputError
        It was changed so that it cannot be read.
    """
    if not form.metadata:
        return None
    found: dict[str, list[tuple[str, dict[str, Any]]]] = {}
    problems: list[Problem] = []
    for line, sheet, name, text in _entries(form.metadata):
        properties = _object(text)
        if properties is None:
            problems.append(_broken(form, line, "no JSON object"))
        else:
            found.setdefault(sheet, []).append((name, properties))
    if problems:
        raise InputError(problems)
    try:
        return _kept(found, form)
    except (ValidationError, KeyError, TypeError, AttributeError, ValueError) as error:
        what = "; ".join(_told(error))
        raise InputError(_broken(form, form.metadata[0], what)) from None


def _object(text: str) -> dict[str, Any] | None:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _told(error: Exception) -> Iterator[str]:
    if isinstance(error, ValidationError):
        for detail in error.errors()[:3]:
            yield f"{'.'.join(map(str, detail['loc']))}: {detail['msg']}"
    else:
        yield f"{type(error).__name__} {error}"[:200]


def _broken(form: Form, line: Line, found: str) -> Problem:
    fix = "Undo the change; or remove the whole sheet, and the form is read like any other."
    message = f"what clustergov wrote here was changed and cannot be read: {found}."
    return Problem("xlsform-metadata", message, fix, file=form.file, line=line.number, place=line.place())


def _entries(lines: list[Line]) -> Iterator[tuple[Line, str, str, str]]:
    """Each thing once, with the cells of its properties put together."""
    begun: tuple[Line, str, str, str] | None = None
    for line in lines:
        sheet, name, text = line.take("sheet"), line.take("name"), line.take("properties")
        if begun is not None and (begun[1], begun[2]) == (sheet, name):
            begun = (*begun[:3], begun[3] + text)
            continue
        if begun is not None:
            yield begun
        begun = (line, sheet, name, text)
    if begun is not None:
        yield begun


def _kept(found: dict[str, list[tuple[str, dict[str, Any]]]], form: Form) -> Kept:
    settings = dict(found["settings"][0][1])
    scales: dict[str, Scale] = {}
    for name, properties in found.get("choices", ()):
        rest = {key: value for key, value in properties.items() if key not in ("scale", "blanks")}
        scales[properties["scale"]] = _scale(name, rest, properties.get("blanks", {}), form)
    sections = tuple(
        Section(code=properties["section"], title=_NOWHERE, questions=tuple(map(_question, properties["questions"])))
        for _, properties in found.get("survey", ())
    )
    draft = Questionnaire(
        questionnaire=settings["questionnaire"], version=settings["version"], title=_NOWHERE,
        languages=tuple(settings["languages"]), scales=scales, sections=sections,
        sources={key: Source.model_validate(source) for key, source in settings.get("sources", {}).items()},
        dimensions={key: Text(title) for key, title in settings.get("dimensions", {}).items()},
        constructs=tuple(Construct.model_validate(entry) for _, entry in found.get("constructs", ())),
        indicators=tuple(Indicator.model_validate(entry) for _, entry in found.get("indicators", ())),
        imported_from="XLSForm",
    )  # fmt: skip
    title = settings.get("title")
    return Kept(draft, Names(draft), Text(title) if title else None)


def _scale(name: str, properties: dict[str, Any], blanks: dict[str, Any], form: Form) -> Scale:
    codes = list(dict.fromkeys(line.look("name") for line in form.lists.get(name, ())))
    options = [{"code": code, "text": _NOWHERE, "blank": blanks.get(code)} for code in codes]
    return Scale.model_validate({**properties, "options": options})


def _question(data: dict[str, Any]) -> Question:
    items = [{**item, "text": _NOWHERE} for item in data.get("items", ())]
    return Question.model_validate({**data, "text": _NOWHERE, "items": items})


def with_texts(scale: Scale, texts: dict[str, Text]) -> Scale:
    """A scale with the codes and texts of a list of choices."""
    blanks = {option.code: option.blank for option in scale.options}
    options = tuple(Option(code=code, text=text, blank=blanks.get(code)) for code, text in texts.items())
    return scale.model_copy(update={"options": options})
