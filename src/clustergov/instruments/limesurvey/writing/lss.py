"""Write a LimeSurvey structure in XML (.lss), in the layout of versions 4 to 6, with texts in tables of their own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from xml.sax.saxutils import escape

from clustergov.instruments.limesurvey.structure import LimeQuestion, LimeSurvey, Texts
from clustergov.instruments.limesurvey.writing.settings import language_settings, survey_settings

DATABASE_VERSION = 630
"""Of LimeSurvey 6.14. Older versions with this layout take it as well; only numbers below 170 mean anything to them."""

Row = Mapping[str, str]


def lss_bytes(survey: LimeSurvey) -> bytes:
    """The whole file; numbers are given by position, and LimeSurvey gives its own."""
    tables = _Tables(survey)
    parts = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        "<document>",
        " <LimeSurveyDocType>Survey</LimeSurveyDocType>",
        f" <DBVersion>{DATABASE_VERSION}</DBVersion>",
        " <languages>",
        *(f"  <language>{escape(language)}</language>" for language in survey.languages),
        " </languages>",
        *(_table(name, rows) for name, rows in tables.rows.items() if rows),
        "</document>",
    ]
    return ("\n".join(parts) + "\n").encode()


def _table(name: str, rows: Iterable[Row]) -> str:
    lines = [f" <{name}>", "  <rows>"]
    for row in rows:
        cells = "".join(f"<{column}>{escape(value)}</{column}>" for column, value in row.items())
        lines.append(f"   <row>{cells}</row>")
    return "\n".join([*lines, "  </rows>", f" </{name}>"])


class _Tables:
    """The rows of every table; questions, subquestions and answers are numbered through."""

    def __init__(self, survey: LimeSurvey) -> None:
        self._survey = survey
        self._sid = survey.number
        self._questions = 0
        names = (
            "surveys", "surveys_languagesettings", "groups", "group_l10ns", "questions", "subquestions", "question_l10ns",
            "answers", "answer_l10ns", "question_attributes",
        )  # fmt: skip
        self.rows: dict[str, list[Row]] = {name: [] for name in names}
        self.rows["surveys"].append({"sid": self._sid, **survey_settings(survey)})
        for language in survey.languages:
            settings = {"surveyls_survey_id": self._sid, **language_settings(survey, language)}
            self.rows["surveys_languagesettings"].append(settings)
        for place, group in enumerate(survey.groups):
            self._add_group(str(place + 1), place)
            for order, question in enumerate(group.questions):
                self._add_question(question, str(place + 1), order)

    def _add_group(self, gid: str, order: int) -> None:
        group = self._survey.groups[order]
        self.rows["groups"].append(
            {"gid": gid, "sid": self._sid, "group_order": str(order), "randomization_group": "", "grelevance": group.relevance}
        )  # fmt: skip
        for language in self._survey.languages:
            self.rows["group_l10ns"].append(
                {"gid": gid, "group_name": group.titles.get(language, ""), "description": group.texts.get(language, ""),
                 "language": language}
            )  # fmt: skip

    def _number(self) -> str:
        self._questions += 1
        return str(self._questions)

    def _add_question(self, question: LimeQuestion, gid: str, order: int) -> None:
        qid = self._number()
        own = {
            "qid": qid,
            "parent_qid": "0",
            "sid": self._sid,
            "gid": gid,
            "type": question.type,
            "title": question.code,
        }
        self.rows["questions"].append(
            {**own, "preg": question.pattern, "other": "Y" if question.other else "N", "mandatory": question.mandatory,
             "encrypted": "N", "question_order": str(order), "scale_id": "0", "same_default": "0",
             "relevance": question.relevance or "1"}
        )  # fmt: skip
        self._add_texts(qid, question.texts, question.help)
        for place, sub in enumerate(question.subquestions):
            below = self._number()
            self.rows["subquestions"].append(
                {**own, "qid": below, "parent_qid": qid, "title": sub.code, "other": "N", "mandatory": "N", "encrypted": "N",
                 "question_order": str(place), "scale_id": str(sub.scale), "same_default": "0",
                 "relevance": sub.relevance or "1"}
            )  # fmt: skip
            self._add_texts(below, sub.texts, {})
        self._add_answers(qid, question)
        for name, values in question.attributes.items():
            for language, value in values.items():
                row = {"qid": qid, "attribute": name, "value": value, "language": language}
                self.rows["question_attributes"].append(row)

    def _add_texts(self, qid: str, texts: Texts, help_texts: Texts) -> None:
        for language in self._survey.languages:
            self.rows["question_l10ns"].append(
                {"qid": qid, "question": texts.get(language, ""), "help": help_texts.get(language, ""), "script": "",
                 "language": language}
            )  # fmt: skip

    def _add_answers(self, qid: str, question: LimeQuestion) -> None:
        for place, answer in enumerate(question.answers):
            aid = str(len(self.rows["answers"]) + 1)
            self.rows["answers"].append(
                {"aid": aid, "qid": qid, "code": answer.code, "sortorder": str(place), "assessment_value": "0",
                 "scale_id": str(answer.scale)}
            )  # fmt: skip
            for language in self._survey.languages:
                row = {"aid": aid, "answer": answer.texts.get(language, ""), "language": language}
                self.rows["answer_l10ns"].append(row)
