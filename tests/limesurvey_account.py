"""An independent account of a LimeSurvey file: cell by cell, is it in the questionnaire, in a note, or mere bookkeeping?

It reads the file with nothing but the XML and CSV parsers of Python, and knows of the import only its result.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from xml.etree import ElementTree

from clustergov.instruments.exchange import Imported
from clustergov.instruments.plain_text import plain
from clustergov.instruments.questionnaire import Question

BOOKKEEPING = frozenset(
    ["id", "sid", "gid", "qid", "parent_qid", "aid", "dvid", "cid", "sqid", "cqid", "scale_id", "language", "question_order",
     "group_order", "sortorder", "same_default", "same_script", "related_id", "class", "specialtype", "surveyls_survey_id",
     "surveyls_language", "owner_id", "gsid", "active", "datecreated", "additional_languages", "lastpage", "attribute"]
)  # fmt: skip
"""Numbers, orders, dates and connections."""
NOTHING = {
    "other": "N", "encrypted": "N", "mandatory": "N", "relevance": "1", "grelevance": "1", "assessment_value": "0", "modulename": "0",
    "random_group": "0",
}  # fmt: skip
THEMES = {
    "5pointchoice",
    "arrays/10point",
    "arrays/5point",
    "arrays/array",
    "arrays/column",
    "arrays/dualscale",
    "arrays/increasesamedecrease",
    "arrays/multiflexi",
    "arrays/texts",
    "arrays/yesnouncertain",
    "boilerplate",
    "date",
    "equation",
    "file_upload",
    "gender",
    "hugefreetext",
    "language",
    "list_dropdown",
    "list_with_comment",
    "listradio",
    "longfreetext",
    "multiplechoice",
    "multiplechoice_with_comments",
    "multiplenumeric",
    "multipleshorttext",
    "numerical",
    "ranking",
    "shortfreetext",
    "yesno",
}
"""How LimeSurvey draws each type of question unless somebody chose otherwise."""
TEXTS = {
    "question", "help", "group_name", "description", "answer", "surveyls_title", "surveyls_welcometext", "surveyls_endtext",
    "surveyls_description",
}  # fmt: skip
USUAL = {
    "answer_order": "normal 0", "assessment_value": "1", "category_separator": "-", "commented_checkbox": "checked",
    "commented_checkbox_auto": "1", "crop_or_resize": "resize 0", "display_columns": "1 0", "dropdown_dates_minute_step": "1", "fix_height": "200",
    "fix_width": "-1", "location_mapheight": "300", "location_mapwidth": "500", "location_mapzoom": "11", "max_filesize": "10240",
    "max_num_of_files": "1", "multiflexible_step": "1", "other_position": "default end 0", "relevance": "1", "samechoiceheight": "1",
    "samelistheight": "1", "show_comment": "1", "show_title": "1", "showpopups": "1", "show_totals": "X", "show_search": "false", "show_tick": "false",
    "slider_custom_handle": "f1ae", "slider_default_set": "1", "slider_separator": "|", "statistics_showgraph": "1", "statistics_showmap": "1",
    "subquestion_order": "normal 0", "time_limit_action": "1", "value_range_allows_missing": "1", "visualize": "list", "width_entry": "false",
    "button_size": "default",
}  # fmt: skip
"""Values of attributes that LimeSurvey writes unasked."""
OFF = {"", "0", "N", "no", "off"}

Cell = tuple[str, str, str, str]
"""Table, place (a question's or subquestion's code), column or attribute, value."""


def lost(content: bytes, result: Imported) -> list[Cell]:
    """Cells of a file that are nowhere."""
    text = content.decode("utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    cells = _of_xml(text) if text.lstrip().startswith(("<?xml", "<document")) else _of_table(text)
    account = _Account(result)
    return [cell for cell in cells if cell[3].strip() and not account.knows(*cell)]


class _Account:
    def __init__(self, result: Imported) -> None:
        self.questions = {question.code: question for question in result.questionnaire.questions}
        self.words = {_bare(text) for text in _strings(result.questionnaire.model_dump(mode="json"))}
        self.codes = {option.code for scale in result.questionnaire.scales.values() for option in scale.options}
        self.notes = [(f"{note.place}: {note.message}", note.rule) for note in result.notes]

    def knows(self, table: str, place: str, column: str, value: str) -> bool:
        if table == "question_attributes":
            return self._knows_attribute(place, column, value.strip())
        if column in BOOKKEEPING or value.strip() == NOTHING.get(column):
            return True
        if column == "question_theme_name" and (value in THEMES or table == "subquestions"):
            return True
        return self._expresses(table, place, column, value) or self._names(table, place, column, value)

    def _expresses(self, table: str, place: str, column: str, value: str) -> bool:
        question = self.questions.get(place.partition("_")[0].partition(",")[0])
        if column in TEXTS:
            return self._has_words(value)
        match column:
            case "title":
                return question is not None and (value == place or any(value in item.code for item in question.items))
            case "code":
                return value in self.codes
            case "type" if table in ("questions", "class Q"):
                return question is not None
            case "type" | "mandatory" | "other" if table in ("subquestions", "class SQ"):
                return True
            case "mandatory":
                return value == "Y" and question is not None and question.required
            case "other":
                return question is not None and question.other
            case "relevance" | "grelevance" | "scenario" | "cfieldname" | "method" | "value":
                return question is None or _is_routed(question)
        return column == "language"

    def _has_words(self, value: str) -> bool:
        words = _bare(plain(value))
        if not words or words in self.words or "@" in words:
            return True
        # Beside the other text of a cell or of a page.
        return any(words in known for known in self.words)

    def _knows_attribute(self, place: str, name: str, value: str) -> bool:
        if not value or value in (USUAL[name].split() if name in USUAL else OFF):
            return True
        if any(f"“{name}”" in note and place in note for note, _ in self.notes):
            return True
        if any(rule == "limesurvey-appearance" and f"{name} = " in note and place in note for note, rule in self.notes):
            return True
        question = self.questions.get(place)
        return question is not None and _is_expressed(question, name, value, self)

    def _names(self, table: str, place: str, column: str, value: str) -> bool:
        if table in ("surveys", "surveys_languagesettings"):
            told = {"surveyls_welcometext": "welcome text", "surveyls_endtext": "end text"}.get(column)
            if told and any(rule == "limesurvey-address" and told in note for note, rule in self.notes):
                # Whole sentences with an address in them are left out.
                return True
            settings = (note for note, rule in self.notes if rule in ("limesurvey-settings", "limesurvey-persons"))
            return any(re.search(rf"[:,] {column}\b", note) for note in settings)
        # A table that is not imported is told of as a whole; of others the column is named.
        own = PHRASES.get(table) or (*PHRASES.get(column, ()), f"“{column}”", f"table “{table}”", f"the {table} ")
        return any(place in note and any(phrase in note for phrase in own) for note, _ in self.notes)


PHRASES: dict[str, tuple[str, ...]] = {
    "preg": ("patterns",), "defaultvalues": ("default answers",), "defaultvalue_l10ns": ("default answers",), "class AS": ("assessment rules",), "class QTA": (": quotas are",), "class QTAM": ("answers that count for quotas",), "class QTALS": ("messages of quotas",), "default": ("default answers",),
    "assessments": ("assessment rules",), "quota": (": quotas are",), "quota_members": ("answers that count for quotas",),
    "quota_languagesettings": ("messages of quotas",), "survey_url_parameters": ("parameters of the survey's address",),
    "plugin_settings": ("plugins",), "themes": ("looks",), "themes_inherited": ("looks",), "assessment_value": ("points for assessments",),
    "randomization_group": ("random order",), "random_group": ("random order",), "encrypted": ("encrypted",), "script": ("scripts of questions",),
    "question_theme_name": ("how questions look",), "help": ("help of single",), "relevance": ("conditions",), "mandatory": ("mandatory", "whether an answer"),
    "other": ("free “other”",), "type": ("question types",), "code": ("codes", "do not belong", "second scale"), "title": ("codes", "do not belong"),
    "question": ("ends of sliders", "texts are empty", "do not belong", "languages that"), "answer": ("stand twice", "do not belong", "languages that", "second scale"),
    "group_name": ("without questions",), "description": ("without questions",), "conditions": ("old conditions", "conditions stay"),
}  # fmt: skip
"""How the notes call what a column or table holds."""


NUMBERS = {
    "min_answers", "max_answers", "max_subquestions", "min_num_value", "max_num_value", "equals_num_value", "min_num_value_n", "slider_min",
    "multiflexible_min", "max_num_value_n", "slider_max", "multiflexible_max",
}  # fmt: skip


def _is_routed(question: Question) -> bool:
    return bool(question.when or question.relevance or any(item.when for item in question.items))


def _is_expressed(question: Question, name: str, value: str, account: _Account) -> bool:
    constraint = question.constraint
    number = value.replace(",", ".").removesuffix(".0")
    if name in NUMBERS and not re.fullmatch(r"-?[0-9.]+", number):
        return False
    match name:
        case "array_filter" | "array_filter_exclude":
            return any(item.when for item in question.items) or not question.items
        case "em_validation_q" | "em_validation_sq":
            return bool(constraint) or question.total is not None
        case "em_validation_q_tip" | "em_validation_sq_tip":
            said: Mapping[str, str] = question.constraint_message or {}
            return any(_bare(plain(value)).rstrip(".") in _bare(text) for text in said.values())
        case "min_answers":
            return f">= {number}" in constraint
        case "max_answers":
            return f"<= {number}" in constraint or len(question.items) == int(value)
        case "max_subquestions":
            return len(question.items) <= int(value)
        case "min_num_value":
            return f">= {number}" in constraint
        case "max_num_value":
            return f"<= {number}" in constraint
        case "equals_num_value":
            return question.total == float(value)
        case "min_num_value_n" | "slider_min" | "multiflexible_min":
            return question.minimum == float(number)
        case "max_num_value_n" | "slider_max" | "multiflexible_max":
            return question.maximum == float(number)
        case "num_value_int_only":
            return question.integer
        case "random_order" | "answer_order" | "subquestion_order":
            return question.random_order
        case "exclude_all_others":
            return all(f'not {question.code}_{code.strip()} = "Y"' in constraint for code in value.split(";"))
        case "suffix":
            return question.unit is not None and _bare(plain(value)) in map(_bare, question.unit.values())
        case "dualscale_headerA" | "dualscale_headerB" | "other_replace_text":
            return any(_bare(plain(value)) in known for known in account.words)
        case "multiflexible_checkbox":
            return question.kind == "multiple"
        case "slider_layout" | "slider_separator":
            return question.kind in ("numbers", "texts")
        case "relevance":
            return _is_routed(question)
        case "equation":
            return any("computed" in note and question.code in note for note, _ in account.notes)
    return False


def _bare(text: str) -> str:
    return re.sub(r"\W+", " ", text).strip().casefold()


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for child in value.values():
            yield from _strings(child)
    elif isinstance(value, list | tuple):
        for child in value:
            yield from _strings(child)
    elif isinstance(value, str):
        yield value


def _of_xml(text: str) -> Iterator[Cell]:
    root = ElementTree.fromstring(text)
    rows = {
        table.tag: [{cell.tag: cell.text or "" for cell in row} for row in table.iterfind("rows/row")] for table in root
    }
    codes = {row["qid"]: row["title"] for row in rows.get("questions", [])}
    below = {row["qid"]: f"{codes.get(row['parent_qid'], '')}_{row['title']}" for row in rows.get("subquestions", [])}
    of_answer = {row["aid"]: codes.get(row["qid"], "") for row in rows.get("answers", []) if "aid" in row}
    of_default = {row["dvid"]: row.get("qid", "") for row in rows.get("defaultvalues", []) if "dvid" in row}
    for table, found in rows.items():
        for row in found:
            number = row.get("qid") or of_default.get(row.get("dvid", ""), "")
            group = f"group {row['gid']}" if table in ("groups", "group_l10ns") else ""
            place = group or codes.get(number) or below.get(number) or of_answer.get(row.get("aid", ""), "")
            if table == "question_attributes":
                yield table, place, row["attribute"], row.get("value", "")
                continue
            for column, value in row.items():
                yield table, place, column, value


def _of_table(text: str) -> Iterator[Cell]:
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter="\t")
    own = {
        "type/scale",
        "name",
        "relevance",
        "text",
        "help",
        "validation",
        "mandatory",
        "other",
        "default",
        "encrypted",
    } | BOOKKEEPING
    question = ""
    for row in reader:
        kind = row["class"]
        question = row["name"] if kind == "Q" else "" if kind in ("G", "S", "SL") else question
        place = f"{question}_{row['name']}" if kind == "SQ" else question
        for column, value in row.items():
            if not value or column is None:
                continue
            if kind in ("S", "SL"):
                if column == "text" and row["name"] not in BOOKKEEPING:
                    yield "surveys", "settings", row["name"], value
            elif kind == "Q" and column not in own:
                yield "question_attributes", place, column, value
            else:
                yield f"class {kind}", place, _RENAMED.get((kind, column), _RENAMED.get(("", column), column)), value


_RENAMED = {
    ("", "validation"): "preg", ("Q", "type/scale"): "type", ("", "type/scale"): "scale_id", ("G", "name"): "group_name", ("G", "text"): "description",
    ("Q", "name"): "title", ("SQ", "name"): "title", ("A", "name"): "code", ("Q", "text"): "question", ("SQ", "text"): "question",
    ("A", "text"): "answer", ("C", "name"): "cfieldname", ("C", "text"): "value",
}  # fmt: skip
