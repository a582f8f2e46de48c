"""Write a LimeSurvey structure in tab-separated values (.txt): the base language whole, then each of the others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from clustergov.instruments.limesurvey.structure import LimeQuestion, LimeSurvey
from clustergov.instruments.limesurvey.writing.settings import language_settings, survey_settings
from clustergov.problems import InputError, Problem

_COLUMNS = (
    "id", "related_id", "class", "type/scale", "name", "relevance", "text", "help", "language", "validation", "mandatory", "encrypted",
    "other", "default", "same_default", "same_script",
)  # fmt: skip

Row = Mapping[str, str]


def txt_bytes(survey: LimeSurvey) -> bytes:
    """The whole file, in UTF-8.

    Raises
    ------
    InputError
        A condition holds a backslash before a quotation mark, or a tab or a line break: LimeSurvey would misread the cell.
    """
    rows = [*_settings(survey)]
    for language in survey.languages:
        rows += _of_language(survey, language)
    attributes = sorted(
        {name for group in survey.groups for question in group.questions for name in question.attributes}
    )
    columns = (*_COLUMNS, *attributes)
    if problems := list(_spoilt(rows)):
        raise InputError(problems)
    lines = ["\t".join(columns), *("\t".join(_cell(row.get(column, "")) for column in columns) for row in rows)]
    return ("\r\n".join(lines) + "\r\n").encode()


def _cell(value: str) -> str:
    return '"' + value.replace('"', '""') + '"' if any(sign in value for sign in '"\t\r\n') else value


def _spoilt(rows: list[Row]) -> Iterator[Problem]:
    for row in rows:
        for column, value in row.items():
            if '\\"' in value or (value.endswith("\\") and '"' in value):
                message = f"a backslash before a quotation mark is misread in this format: {value}"
                fix = "Export it as .lss instead."
                yield Problem("limesurvey-backslash", message, fix, place=f"{row.get('name', '')}, {column}")


def _settings(survey: LimeSurvey) -> Iterator[Row]:
    if survey.number:
        yield {"class": "S", "name": "sid", "text": survey.number}
    for name, value in survey_settings(survey).items():
        yield {"class": "S", "name": name, "text": value}
    for language in survey.languages:
        for name, value in language_settings(survey, language).items():
            if name != "surveyls_language":
                yield {"class": "SL", "name": name, "text": value, "language": language}


def _of_language(survey: LimeSurvey, language: str) -> Iterator[Row]:
    for number, group in enumerate(survey.groups, start=1):
        yield {
            "class": "G", "type/scale": f"G{number}", "name": group.titles.get(language, ""), "relevance": group.relevance,
            "text": group.texts.get(language, ""), "language": language,
        }  # fmt: skip
        for question in group.questions:
            yield from _of_question(question, language, base=language == survey.languages[0])


def _of_question(question: LimeQuestion, language: str, *, base: bool) -> Iterator[Row]:
    # An attribute that is no text counts once; given with every language it would be stored as often.
    attributes = {
        name: values.get(language, "") or (values.get("", "") if base else "")
        for name, values in question.attributes.items()
    }
    yield {
        "class": "Q", "type/scale": question.type, "name": question.code, "relevance": question.relevance or "1",
        "text": question.texts.get(language, ""), "help": question.help.get(language, ""), "language": language,
        "validation": question.pattern, "mandatory": question.mandatory, "encrypted": "N",
        "other": "Y" if question.other else "N", "same_default": "0", **attributes,
    }  # fmt: skip
    for sub in question.subquestions:
        yield {
            "class": "SQ", "type/scale": str(sub.scale), "name": sub.code, "relevance": sub.relevance or "1",
            "text": sub.texts.get(language, ""), "language": language,
        }  # fmt: skip
    for answer in question.answers:
        yield {
            "class": "A", "type/scale": str(answer.scale), "name": answer.code, "relevance": "",
            "text": answer.texts.get(language, ""), "language": language,
        }  # fmt: skip
