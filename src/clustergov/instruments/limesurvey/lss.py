"""Read a LimeSurvey structure in XML (.lss): the old layout, whose tables carry the texts, and that with l10ns tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from lxml import etree

from clustergov.instruments.exchange import Notes
from clustergov.instruments.limesurvey.structure import (
    LimeAnswer,
    LimeCondition,
    LimeGroup,
    LimeQuestion,
    LimeSubquestion,
    LimeSurvey,
    Texts,
)
from clustergov.problems import InputError, Problem

Row = Mapping[str, str]
Tables = Mapping[str, Sequence[Row]]

_UNUSED = {
    "assessments": "assessment rules", "quota": "quotas", "quota_members": "", "quota_languagesettings": "",
    "survey_url_parameters": "URL parameters", "plugin_settings": "plugin settings", "themes": "", "defaultvalues": "default answers",
    "themes_inherited": "", "defaultvalue_l10ns": "",
}  # fmt: skip
_USED = {"surveys", "surveys_languagesettings", "groups", "group_l10ns", "questions", "subquestions", "question_l10ns", "answers", "answer_l10ns", "question_attributes", "conditions"}  # fmt: skip


def read_lss(content: bytes, file: str, notes: Notes) -> LimeSurvey:
    """Read the bytes of a .lss.

    Raises
    ------
    InputError
        This is no XML, has a document type (entities are not read), or is no survey.
    """
    root = _root(content, file)
    tables = _tables(root)
    survey = (tables.get("surveys") or [{}])[0]
    settings = tables.get("surveys_languagesettings", [])
    base = survey.get("language") or next(
        (row["surveyls_language"] for row in settings if row.get("surveyls_language")), "en"
    )
    declared = [language.text.strip() for language in root.iterfind("languages/language") if language.text]
    languages = tuple(dict.fromkeys([base, *survey.get("additional_languages", "").split(), *declared]))
    _note_unused(tables, notes)
    return LimeSurvey(
        number=survey.get("sid", ""),
        languages=languages,
        titles=_column(settings, "surveyls_title", base, language="surveyls_language"),
        welcome=_column(settings, "surveyls_welcometext", base, language="surveyls_language"),
        groups=_groups(tables, base, file, notes),
        persons=tuple(survey.get(name, "") for name in ("admin", "adminemail", "bounce_email", "faxto")),
    )


def _root(content: bytes, file: str) -> etree._Element:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        line = getattr(error, "lineno", None) or 1
        reason = str(error).split(", line ")[0]
        raise InputError(
            Problem("limesurvey-xml", f"expected a LimeSurvey structure in XML, found something else: {reason}.",
                    "Export the survey structure (.lss) from LimeSurvey again.", file=file, line=line)
        ) from None  # fmt: skip
    if root.getroottree().docinfo.doctype or root.getroottree().docinfo.internalDTD is not None:
        raise InputError(
            Problem("limesurvey-entities", "found a document type declaration, which no LimeSurvey structure has.",
                    "Entities are not read: export the structure from LimeSurvey again.", file=file, line=1)
        )  # fmt: skip
    kind = (root.findtext("LimeSurveyDocType") or "").strip()
    if root.tag != "document" or kind != "Survey":
        found = f"a LimeSurvey file of kind “{kind}”" if kind else f"an XML document <{root.tag!s}>"
        raise InputError(
            Problem("limesurvey-kind", f"expected the structure of a LimeSurvey survey, found {found}.",
                    "Export the whole survey: Export → Survey structure (.lss).", file=file, line=1)
        )  # fmt: skip
    return root


def _tables(root: etree._Element) -> Tables:
    return {
        str(table.tag): [
            {str(cell.tag): cell.text or "" for cell in row if isinstance(cell.tag, str)}
            for row in table.iterfind("rows/row")
        ]
        for table in root
        if isinstance(table.tag, str) and table.find("rows") is not None
    }


def _note_unused(tables: Tables, notes: Notes) -> None:
    for name, rows in tables.items():
        if not rows or name in _USED:
            continue
        what = _UNUSED.get(name, f"rows of the table “{name}”")
        if what:
            notes.add("limesurvey-not-imported", f"{len(rows)} {what} are not imported.", place=name)


def _column(rows: Iterable[Row], name: str, base: str, *, language: str = "language") -> Texts:
    return {row.get(language) or base: row[name] for row in rows if row.get(name, "").strip()}


def _by(rows: Iterable[Row], key: str) -> dict[str, list[Row]]:
    """Rows by the value of one column, in order."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row.get(key, ""), []).append(row)
    return found


def _order(row: Row, name: str) -> tuple[int, int]:
    value = row.get(name, "")
    return (0, int(value)) if value.lstrip("-").isdigit() else (1, 0)


def _groups(tables: Tables, base: str, file: str, notes: Notes) -> tuple[LimeGroup, ...]:
    groups = _by(tables.get("groups", []), "gid")
    translations = _by(tables.get("group_l10ns", []), "gid")
    questions = _questions(tables, base)
    lost = [number for number in questions if number not in groups]
    if not questions:
        raise InputError(
            Problem("limesurvey-empty", "expected questions, found a survey without any.",
                    "Export the structure of a survey that has questions.", file=file)
        )  # fmt: skip
    if shuffled := [number for number, rows in groups.items() if rows[0].get("randomization_group", "").strip()]:
        notes.add(
            "limesurvey-order-of-groups",
            f"{len(shuffled)} groups are shown in random order; that is not imported.",
            place="groups",
        )
    ordered = sorted(groups, key=lambda number: _order(groups[number][0], "group_order"))
    return tuple(
        LimeGroup(
            number=number,
            titles=_column([*groups.get(number, []), *translations.get(number, [])], "group_name", base),
            texts=_column([*groups.get(number, []), *translations.get(number, [])], "description", base),
            relevance=groups[number][0].get("grelevance", "") if number in groups else "",
            questions=tuple(questions.get(number, ())),
        )
        for number in [*ordered, *lost]
    )


def _questions(tables: Tables, base: str) -> dict[str, list[LimeQuestion]]:
    """Questions by the number of their group, each in its order."""
    rows = _by(tables.get("questions", []), "qid")
    rows = {number: found for number, found in rows.items() if found[0].get("parent_qid", "0") in ("", "0")}
    children = _by(_subquestion_rows(tables), "parent_qid")
    texts = _by(tables.get("question_l10ns", []), "qid")
    answers = _by(tables.get("answers", []), "qid")
    attributes = _by(tables.get("question_attributes", []), "qid")
    conditions = _by(tables.get("conditions", []), "qid")
    groups: dict[str, list[LimeQuestion]] = {}
    for number in sorted(rows, key=lambda number: _order(rows[number][0], "question_order")):
        first = rows[number][0]
        question = LimeQuestion(
            number=number,
            type=first.get("type", ""),
            code=first.get("title", ""),
            texts=_column([*rows[number], *texts.get(number, [])], "question", base),
            help=_column([*rows[number], *texts.get(number, [])], "help", base),
            relevance=first.get("relevance", ""),
            mandatory=first.get("mandatory", ""),
            other=first.get("other", "") == "Y",
            pattern=first.get("preg", ""),
            subquestions=_subquestions(children.get(number, []), texts, base),
            answers=_answers(answers.get(number, []), tables, base),
            attributes=_attributes(attributes.get(number, [])),
            conditions=tuple(
                LimeCondition(
                    row.get("scenario", ""), row.get("cfieldname", ""), row.get("method", ""), row.get("value", "")
                )
                for row in conditions.get(number, [])
            ),
        )
        groups.setdefault(first.get("gid", ""), []).append(question)
    return groups


def _subquestion_rows(tables: Tables) -> list[Row]:
    inside = [row for row in tables.get("questions", []) if row.get("parent_qid", "0") not in ("", "0")]
    return [*tables.get("subquestions", []), *inside]


def _subquestions(rows: Sequence[Row], texts: Mapping[str, list[Row]], base: str) -> tuple[LimeSubquestion, ...]:
    found = _by(rows, "qid")
    return tuple(
        LimeSubquestion(
            code=found[number][0].get("title", ""),
            scale=int(found[number][0].get("scale_id") or 0),
            texts=_column([*found[number], *texts.get(number, [])], "question", base),
            relevance=found[number][0].get("relevance", ""),
        )
        for number in sorted(found, key=lambda number: _order(found[number][0], "question_order"))
    )


def _answers(rows: Sequence[Row], tables: Tables, base: str) -> tuple[LimeAnswer, ...]:
    """Options in their order; the old layout repeats a row per language, the new one has texts apart by aid."""
    translations = _by(tables.get("answer_l10ns", []), "aid") if rows and "aid" in rows[0] else {}
    found: dict[tuple[str, str, str], list[Row]] = {}
    for row in rows:
        found.setdefault((row.get("scale_id") or "0", row.get("code", ""), row.get("aid", "")), []).append(row)
    return tuple(
        LimeAnswer(code, int(scale), _column([*found[key], *translations.get(aid, [])], "answer", base))
        for key in sorted(found, key=lambda key: _order(found[key][0], "sortorder"))
        for scale, code, aid in [key]
    )


def _attributes(rows: Sequence[Row]) -> dict[str, dict[str, str]]:
    attributes: dict[str, dict[str, str]] = {}
    for row in rows:
        if row.get("value", "").strip():
            attributes.setdefault(row.get("attribute", ""), {})[row.get("language", "")] = row["value"]
    return attributes
