"""Read a LimeSurvey structure in XML (.lss): the old layout, whose tables carry the texts, and that with l10ns tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from clustergov.instruments.exchange import Notes
from clustergov.instruments.limesurvey.rows import (
    OF_SUBQUESTIONS,
    Row,
    grouped,
    leftovers,
    take_shared,
    take_texts,
)
from clustergov.instruments.limesurvey.structure import (
    Leftover,
    LimeAnswer,
    LimeCondition,
    LimeGroup,
    LimeQuestion,
    LimeSubquestion,
    LimeSurvey,
)
from clustergov.instruments.limesurvey.xml_tables import Document, read_tables
from clustergov.problems import InputError, Problem

PERSONS = ("admin", "adminemail", "bounce_email", "faxto", "emailresponseto", "emailnotificationto")
"""Settings that name persons."""

_SETTINGS = ("surveys", "surveys_languagesettings")
_NAMED_BY = {
    "quota": "name",
    "assessments": "name",
    "survey_url_parameters": "parameter",
    "plugin_settings": "key",
    "quota_languagesettings": "quotals_name",
    "themes": "template_name",
    "themes_inherited": "template_name",
}


def read_lss(content: bytes, file: str, notes: Notes) -> LimeSurvey:
    """Read the bytes of a .lss.

    Raises
    ------
    InputError
        This is no XML, has a document type (entities are not read), is no survey, or has no questions.
    """
    document = read_tables(content, file)
    tables = _Tables(document)
    base = tables.base
    if document.odd:
        shown = ", ".join(dict.fromkeys(document.odd[:20]))
        notes.add("limesurvey-table", f"texts outside the rows of tables are not imported: {shown}.", place="file")
    groups = tables.groups(file)
    words = {
        name: take_texts(tables.of("surveys_languagesettings"), f"surveyls_{column}", base, language="surveyls_language")
        for name, column in (("titles", "title"), ("welcome", "welcometext"), ("description", "description"), ("closing", "endtext"))
    }  # fmt: skip
    return LimeSurvey(
        number=tables.survey.look("sid"), languages=tables.languages, groups=groups,
        persons=tuple(tables.survey.look(name) for name in PERSONS), settings=tuple(tables.settings()),
        leftovers=tuple(tables.leftovers()), **words,
    )  # fmt: skip


class _Tables:
    """The tables of one file; its rows know which of their cells became part of the structure."""

    def __init__(self, document: Document) -> None:
        self._tables: Mapping[str, Sequence[Row]] = document.tables
        self.survey = (document.tables.get("surveys") or [Row({})])[0]
        settings = self.of("surveys_languagesettings")
        first = next((found for row in settings if (found := row.look("surveyls_language").strip())), "en")
        self.base = self.survey.take("language").strip() or first
        additional = self.survey.look("additional_languages").split()
        self.languages = tuple(dict.fromkeys([self.base, *additional, *filter(None, document.languages)]))
        self._texts = grouped(self.of("question_l10ns"), "qid")
        self._answer_texts = grouped(self.of("answer_l10ns"), "aid")
        self._answers = grouped(self.of("answers"), "qid")
        self._attributes = grouped(self.of("question_attributes"), "qid")
        self._conditions = grouped(self.of("conditions"), "qid")
        rows = self.of("questions")
        inside = [row for row in rows if row.look("parent_qid").strip() not in ("", "0")]
        self._questions = grouped([row for row in rows if row.look("parent_qid").strip() in ("", "0")], "qid")
        self._below = grouped([*self.of("subquestions"), *inside], "parent_qid")

    def of(self, name: str) -> Sequence[Row]:
        return self._tables.get(name, ())

    def groups(self, file: str) -> tuple[LimeGroup, ...]:
        rows, texts = grouped(self.of("groups"), "gid"), grouped(self.of("group_l10ns"), "gid")
        questions = self.questions()
        if not questions:
            raise InputError(
                Problem("limesurvey-empty", "expected questions, found a survey without any.",
                        "Export the structure of a survey that has questions.", file=file)
            )  # fmt: skip
        ordered = sorted(rows, key=lambda number: _order(rows[number][0], "group_order"))
        lost = [number for number in questions if number not in rows]
        groups = []
        for number in [*ordered, *lost]:
            both = [*rows.get(number, []), *texts.get(number, [])]
            groups.append(
                LimeGroup(
                    number=number,
                    titles=take_texts(both, "group_name", self.base),
                    texts=take_texts(both, "description", self.base),
                    relevance=take_shared(rows[number], "grelevance") if number in rows else "",
                    questions=tuple(questions.get(number, ())),
                )
            )
        return tuple(groups)

    def questions(self) -> dict[str, list[LimeQuestion]]:
        """Questions by the number of their group, each in its order."""
        groups: dict[str, list[LimeQuestion]] = {}
        for number in sorted(self._questions, key=lambda number: _order(self._questions[number][0], "question_order")):
            group = self._questions[number][0].look("gid").strip()
            groups.setdefault(group, []).append(self.question(number))
        return groups

    def question(self, number: str) -> LimeQuestion:
        rows = self._questions[number]
        both = [*rows, *self._texts.get(number, [])]
        return LimeQuestion(
            number=number,
            type=take_shared(rows, "type").strip(),
            code=take_shared(rows, "title"),
            texts=take_texts(both, "question", self.base),
            help=take_texts(both, "help", self.base),
            relevance=take_shared(rows, "relevance"),
            mandatory=take_shared(rows, "mandatory").strip(),
            other=take_shared(rows, "other").strip() == "Y",
            pattern=take_shared(rows, "preg"),
            subquestions=tuple(self._subquestions(number)),
            answers=tuple(self._options(number)),
            attributes=_attributes(self._attributes.get(number, [])),
            conditions=tuple(
                LimeCondition(*(row.take(name) for name in ("scenario", "cfieldname", "method", "value")))
                for row in self._conditions.get(number, [])
            ),
            line=rows[0].line,
        )

    def _subquestions(self, number: str) -> Iterator[LimeSubquestion]:
        found = grouped(self._below.get(number, []), "qid")
        for own in sorted(found, key=lambda own: _order(found[own][0], "question_order")):
            yield LimeSubquestion(
                code=take_shared(found[own], "title"),
                scale=_scale(found[own][0]),
                texts=take_texts([*found[own], *self._texts.get(own, [])], "question", self.base),
                relevance=take_shared(found[own], "relevance"),
            )

    def _options(self, number: str) -> Iterator[LimeAnswer]:
        """Options in their order; the old layout repeats a row per language, the new one has texts apart by aid."""
        rows = self._answers.get(number, [])
        found: dict[tuple[int, str, str], list[Row]] = {}
        for row in rows:
            found.setdefault((_scale(row), row.take("code"), row.look("aid").strip()), []).append(row)
        for scale, code, aid in sorted(found, key=lambda key: _order(found[key][0], "sortorder")):
            texts = [*found[scale, code, aid], *(self._answer_texts.get(aid, []) if aid else [])]
            yield LimeAnswer(code, scale, take_texts(texts, "answer", self.base))

    def settings(self) -> Iterator[tuple[str, str]]:
        """What is set for the survey as a whole; of persons only that they are named."""
        for table in _SETTINGS:
            for row in self.of(table):
                yield from ((each.column, each.value) for each in leftovers(table, row, "") if each.column)

    def leftovers(self) -> Iterator[Leftover]:
        """Every other cell that no part of the structure took."""
        places = self._places()
        for table, rows in self._tables.items():
            if table in _SETTINGS:
                continue
            passed = OF_SUBQUESTIONS if table == "subquestions" else frozenset()
            for row in rows:
                below = table == "questions" and row.look("parent_qid").strip() not in ("", "0")
                yield from leftovers(table, row, places(table, row), passed=OF_SUBQUESTIONS if below else passed)

    def _places(self) -> _Places:
        codes = {number: rows[0].look("title").strip() for number, rows in self._questions.items()}
        own = dict(codes)
        for parent, rows in self._below.items():
            for row in rows:
                own[row.look("qid").strip()] = f"{codes.get(parent, parent)}_{row.look('title').strip()}"
        answers = {row.look("aid").strip(): row for row in self.of("answers")}
        defaults = {row.look("dvid").strip(): row for row in self.of("defaultvalues")}
        return _Places(own, answers, defaults)


class _Places:
    """Where in the survey a row belongs, in the words of whoever made it."""

    def __init__(self, codes: Mapping[str, str], answers: Mapping[str, Row], defaults: Mapping[str, Row]) -> None:
        self._codes, self._answers, self._defaults = codes, answers, defaults

    def __call__(self, table: str, row: Row) -> str:
        if table in _NAMED_BY and (name := row.look(_NAMED_BY[table]).strip()):
            return name
        linked = {"answer_l10ns": ("aid", self._answers), "defaultvalue_l10ns": ("dvid", self._defaults)}
        if table in linked:
            name, rows = linked[table]
            row = rows.get(row.look(name).strip(), row)
        number = row.look("sqid").strip()
        number = row.look("qid").strip() if number in ("", "0") else number
        if not number:
            group = row.look("gid").strip()
            return f"group {group}" if group else f"line {row.line}" if row.line else table
        code = self._codes.get(number) or f"question {number}"
        return f"{code}, answer {row.look('code')}" if table.startswith("answer") else code


def _order(row: Row, name: str) -> tuple[int, int]:
    value = row.look(name).strip()
    number = value.removeprefix("-")
    return (0, int(value)) if number.isascii() and number.isdigit() and len(number) < 10 else (1, 0)


def _scale(row: Row) -> int:
    return 1 if row.look("scale_id").strip() == "1" else 0


def _attributes(rows: Sequence[Row]) -> dict[str, dict[str, str]]:
    """Values by name and language; of two values for the same the second is left."""
    attributes: dict[str, dict[str, str]] = {}
    for row in rows:
        own = attributes.setdefault(row.look("attribute").strip(), {})
        value = row.look("value")
        if not value.strip() or own.setdefault(row.look("language").strip(), value) == value:
            row.take("value", "attribute")
    return {name: values for name, values in attributes.items() if values}
