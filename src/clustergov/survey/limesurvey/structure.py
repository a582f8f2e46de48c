"""A survey's structure, twice: as we write it for LimeSurvey, and as it stands on a server after its import.

An import tells nothing but the survey's number: codes that stand twice are merged, answers with codes that LimeSurvey does
not like vanish, languages that the server lacks are left out, all without a word.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from clustergov.instruments.exchange import Notes
from clustergov.instruments.limesurvey.lime_codes import LimeCodes
from clustergov.instruments.limesurvey.structure import LimeAnswer, LimeGroup, LimeQuestion, LimeSubquestion, LimeSurvey
from clustergov.instruments.limesurvey.writing.survey import express
from clustergov.instruments.questionnaire import Questionnaire
from clustergov.survey.limesurvey.additions import additions_of
from clustergov.survey.limesurvey.connection import Connection
from clustergov.survey.limesurvey.errors import RefusedError

_SURVEY = ["language", "additional_languages"]
_WORDS = ["surveyls_title", "surveyls_welcometext", "surveyls_endtext"]
_QUESTION = [
    "title", "type", "mandatory", "other", "relevance", "preg", "question", "help", "answeroptions",
    "answeroptions_multiscale", "attributes", "attributes_lang",
]  # fmt: skip
"""What is asked of every question; `defaultvalue` is not among them: the server fails on a question that has one."""

_NOTHING_TOLD: Mapping[str, Any] = {"answeroptions": "", "attributes": "", "attributes_lang": ""}

_Row = Mapping[str, Any]
_Tables = Mapping[str, Sequence[_Row]]
"""Language → rows."""


@dataclass(frozen=True, slots=True)
class Structure:
    """What a survey asks.

    Attributes
    ----------
    survey : LimeSurvey
        Groups, questions, subquestions, answers and attributes, with the texts of every language.
    fields : frozenset of str
        Names of the variables that its responses have, as LimeSurvey's expressions name them.
    additions : tuple of str
        What people add to surveys by hand, and no questionnaire has: one sentence each.
    """

    survey: LimeSurvey
    fields: frozenset[str]
    additions: tuple[str, ...] = ()


def written_structure(questionnaire: Questionnaire) -> Structure:
    """The structure that our export gives to LimeSurvey.

    Raises
    ------
    InputError
        LimeSurvey cannot hold the questionnaire.
    """
    notes = Notes()
    codes = LimeCodes.of(questionnaire, notes)
    names = frozenset(codes.variable(variable) for variable in questionnaire.variables)
    return Structure(express(questionnaire, notes), names)


def read_structure(server: Connection, number: int) -> Structure:
    """The structure that a survey on a server has.

    Raises
    ------
    LimeSurveyError
        There is no such survey, or the server does not tell.
    """
    own = server.ask("get_survey_properties", number, _SURVEY)
    languages = (str(own["language"]), *str(own["additional_languages"] or "").split())
    words = {each: server.ask("get_language_properties", number, settings=_WORDS, language=each) for each in languages}
    groups = {each: server.rows("list_groups", number, each) for each in languages}
    questions = {each: server.rows("list_questions", number, language=each) for each in languages}
    survey = LimeSurvey(
        number=str(number),
        languages=languages,
        titles=_texts(words, "surveyls_title"),
        welcome=_texts(words, "surveyls_welcometext"),
        closing=_texts(words, "surveyls_endtext"),
        groups=tuple(_group(server, row, groups, questions) for row in _in_order(groups[languages[0]], "group_order")),
        persons=(),
    )
    additions = additions_of(server, number, groups[languages[0]], questions[languages[0]])
    return Structure(survey, _fields(server.ask("get_fieldmap", number)), tuple(additions))


def _group(server: Connection, group: _Row, groups: _Tables, questions: _Tables) -> LimeGroup:
    number = int(group["gid"])
    own = {language: _of(rows, "gid", number) for language, rows in groups.items()}
    inside = [row for row in next(iter(questions.values())) if int(row["gid"]) == number and not int(row["parent_qid"])]
    return LimeGroup(
        number=str(number),
        titles=_texts(own, "group_name"),
        texts=_texts(own, "description"),
        relevance=str(group["grelevance"] or ""),
        questions=tuple(_question(server, row, questions) for row in _in_order(inside, "question_order")),
    )


def _question(server: Connection, row: _Row, questions: _Tables) -> LimeQuestion:
    number = int(row["qid"])
    told = {language: _told(server, number, language) for language in questions}
    base = {**_NOTHING_TOLD, **row, **next(iter(told.values()))}
    return LimeQuestion(
        number=str(number),
        type=str(base["type"]),
        code=str(base["title"]),
        texts=_texts(told, "question"),
        help=_texts(told, "help"),
        relevance=str(base["relevance"] or ""),
        mandatory=str(base["mandatory"] or "N"),
        other=base["other"] == "Y",
        pattern=str(base["preg"] or ""),
        subquestions=tuple(_subquestions(number, questions)),
        answers=tuple(_answers(told)),
        attributes=_attributes(told),
    )


def _told(server: Connection, number: int, language: str) -> _Row:
    """What the server tells of a question in a language; nothing where it has no texts in that language."""
    try:
        told: _Row = server.ask("get_question_properties", number, settings=_QUESTION, language=language)
    except RefusedError:
        return _NOTHING_TOLD
    return told


def _subquestions(parent: int, questions: _Tables) -> list[LimeSubquestion]:
    """Those of one question: the list of questions holds all subquestions too, in no order."""
    rows = [row for row in next(iter(questions.values())) if int(row["parent_qid"]) == parent]
    rows.sort(key=lambda row: (int(row["scale_id"]), int(row["question_order"])))
    return [
        LimeSubquestion(
            code=str(row["title"]),
            scale=int(row["scale_id"]),
            texts=_texts({language: _of(all_, "qid", int(row["qid"])) for language, all_ in questions.items()}, "question"),
            relevance=str(row["relevance"] or ""),
        )
        for row in rows
    ]  # fmt: skip


def _answers(told: Mapping[str, _Row]) -> list[LimeAnswer]:
    """Options of both scales, in their order; one without words in the base language is not listed there."""
    options = {language: _options(each["answeroptions"]) for language, each in told.items()}
    orders = {key: int(option["order"]) for found in options.values() for key, option in found.items()}
    return [
        LimeAnswer(code, scale, {language: str(found[scale, code]["answer"]) for language, found in options.items() if (scale, code) in found})
        for scale, code in sorted(orders, key=lambda key: (key[0], orders[key]))
    ]  # fmt: skip


def _options(told: Any) -> dict[tuple[int, str], _Row]:
    """Options by scale and code, from a table of them, or of a dual scale from a table of two tables."""
    found: dict[tuple[int, str], _Row] = {}
    for key, value in _keyed(told):
        nested = [(key, value)] if "order" in value else _keyed(value)
        found |= {(int(each["scale_id"]), str(each.get("code", code))): each for code, each in nested}
    return found


def _keyed(told: Any) -> list[tuple[str, Any]]:
    """PHP writes the keys 0, 1, 2, … as a list without them, and nothing at all as a sentence."""
    if isinstance(told, Mapping):
        return [(str(key), value) for key, value in told.items()]
    return [(str(place), value) for place, value in enumerate(told)] if isinstance(told, list) else []


def _attributes(told: Mapping[str, _Row]) -> dict[str, dict[str, str]]:
    """Name → language (empty for all) → value, of every attribute that the server tells of."""
    base = next(iter(told.values()))
    found = {name: {"": _text(value)} for name, value in _keyed(base["attributes"])}
    for language, each in told.items():
        for name, value in _keyed(each["attributes_lang"]):
            found.setdefault(name, {})[language] = _text(value)
    return found


def _fields(told: Mapping[str, _Row]) -> frozenset[str]:
    """Names of variables: a question's fields have its number; texts without an answer have a field as well."""
    return frozenset(
        _name(entry)
        for entry in told.values()
        if entry.get("qid") and entry["type"] not in ("X", "*") and entry.get("aid") != "filecount"
    )


def _name(entry: _Row) -> str:
    parts = [entry["title"], entry.get("aid"), entry.get("scale_id") if entry["type"] == "1" else ""]
    return "_".join(str(part) for part in parts if part not in ("", None))


def _texts(rows: Mapping[str, _Row], name: str) -> dict[str, str]:
    return {language: _text(row.get(name)) for language, row in rows.items()}


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _of(rows: Iterable[_Row], key: str, number: int) -> _Row:
    return next((row for row in rows if int(row[key]) == number), {})


def _in_order(rows: Iterable[_Row], name: str) -> list[_Row]:
    return sorted(rows, key=lambda row: int(row[name]))
