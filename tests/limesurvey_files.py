"""LimeSurvey files of our own making: .lss in both layouts, .txt with old and new columns, .lsa; for several tests."""

from __future__ import annotations

import io
import zipfile
from xml.sax.saxutils import escape

TYPES = {
    "L": "single", "!": "single", "O": "single", "5": "single", "Y": "single", "G": "single", "I": "single",
    "M": "multiple", "P": "multiple", "F": "array", "A": "array", "B": "array", "C": "array", "E": "array",
    "H": "array", "1": "array", ":": "numbers", ";": "texts", "N": "number", "K": "numbers", "S": "text", "T": "text",
    "U": "text", "Q": "texts", "D": "date", "R": "ranking", "*": "text", "X": "note", "|": "file",
}  # fmt: skip
NAMES = {kind: f"q{number}" for number, kind in enumerate(TYPES)}

Row = dict[str, str]
Tables = dict[str, list[Row]]


def lss(tables: Tables, *, languages: tuple[str, ...] = ("en", "nl"), kind: str = "Survey") -> str:
    """A structure file with these tables."""
    parts = [f"<LimeSurveyDocType>{kind}</LimeSurveyDocType><DBVersion>400</DBVersion><languages>"]
    parts += [f"<language>{language}</language>" for language in languages] + ["</languages>"]
    for name, rows in tables.items():
        cells = ("".join(f"<{key}>{escape(value)}</{key}>" for key, value in row.items()) for row in rows)
        parts.append(f"<{name}><rows>{''.join(f'<row>{row}</row>' for row in cells)}</rows></{name}>")
    return f'<?xml version="1.0" encoding="UTF-8"?><document>{"".join(parts)}</document>'


def settings(**extra: str) -> Tables:
    return {
        "surveys": [{"sid": "7", "language": "en", "additional_languages": "nl", **extra}],
        "surveys_languagesettings": [
            {"surveyls_language": "en", "surveyls_title": "All <b>types</b>"},
            {"surveyls_language": "nl", "surveyls_title": "Alle typen"},
        ],
    }


def questions(kinds: dict[str, str]) -> tuple[list[Row], list[Row], list[Row]]:
    """Rows of questions, subquestions and answers for one question per type."""
    asked: list[Row] = []
    below: list[Row] = []
    answers: list[Row] = []
    for number, (letter, kind) in enumerate(kinds.items(), start=1):
        qid = str(number)
        other = "Y" if letter in "LMP" else "N"
        asked.append({"qid": qid, "parent_qid": "0", "gid": "1", "type": letter, "title": NAMES[letter], "other": other,
                      "question_order": qid, "mandatory": "Y" if letter == "N" else "N", "relevance": "1"})  # fmt: skip
        if kind in ("multiple", "array", "numbers", "texts"):
            for place, scale in ((1, "0"), (2, "0"), *(((3, "1"), (4, "1")) if letter in ":;" else ())):
                below.append({"qid": f"{number}0{place}", "parent_qid": qid, "gid": "1", "type": letter, "title": f"s{place}",
                              "question_order": str(place), "scale_id": scale})  # fmt: skip
        if letter in "L!OFHR1":
            for scale in ("0", "1") if letter == "1" else ("0",):
                for place, code in enumerate(("A1", "A2", "A3"), start=1):
                    answers.append({"qid": qid, "code": code, "sortorder": str(4 - place), "scale_id": scale,
                                    "aid": f"{qid}{scale}{place}"})  # fmt: skip
    return asked, below, answers


LABELS = {"en": {"A1": "Always", "A2": "Sometimes", "A3": "Never"}, "nl": {"A1": "Altijd", "A2": "Soms", "A3": "Nooit"}}


def all_types(layout: str) -> str:
    """Every question type in two languages, in the old layout (texts in the tables) or the new one (apart)."""
    return lss(all_tables(layout))


def all_tables(layout: str) -> Tables:
    asked, below, answers = questions(TYPES)
    tables = settings()
    languages = ("en", "nl")
    words = {"en": ("Question", "Item"), "nl": ("Vraag", "Onderdeel")}
    if layout == "old":
        tables["groups"] = [
            {"gid": "1", "group_order": "0", "group_name": f"Group {each}", "language": each} for each in languages
        ]
        for name, rows, place in (("questions", asked, 0), ("subquestions", below, 1)):
            tables[name] = [
                {**row, "question": f"{words[each][place]} {row['title']}", "language": each}
                for each in languages
                for row in rows
            ]
        tables["answers"] = [{**{key: value for key, value in row.items() if key != "aid"}, "answer": LABELS[each][row["code"]],
                              "language": each} for each in languages for row in answers]  # fmt: skip
    else:
        tables |= {
            "groups": [{"gid": "1", "group_order": "0"}],
            "questions": asked,
            "subquestions": below,
            "answers": answers,
        }
        tables["group_l10ns"] = [{"gid": "1", "group_name": f"Group {each}", "language": each} for each in languages]
        tables["question_l10ns"] = [
            {"qid": row["qid"], "question": f"{words[each][place]} {row['title']}", "language": each}
            for rows, place in ((asked, 0), (below, 1)) for row in rows for each in languages
        ]  # fmt: skip
        tables["answer_l10ns"] = [
            {"aid": row["aid"], "answer": LABELS[each][row["code"]], "language": each}
            for row in answers
            for each in languages
        ]
    return tables


PERSONS = {"admin": "Jane Q. Researcher", "adminemail": "jane@university.example", "bounce_email": "bounce@university.example"}  # fmt: skip


def one_question(
    text: str = "Why?", *, letter: str = "S", extra: Tables | None = None, welcome: str = "", **row: str
) -> Tables:
    tables = settings(**PERSONS)
    tables["surveys_languagesettings"][0] |= {
        "surveyls_welcometext": welcome,
        "surveyls_email_invite": "Dear {FIRSTNAME}, write to invite@university.example. Jane Q. Researcher",
    }
    tables["groups"] = [{"gid": "1", "group_order": "1", "group_name": "One", "language": "en"}]
    tables["questions"] = [
        {"qid": "1", "gid": "1", "type": letter, "title": "why", "question": text, "language": "en", **row}
    ]
    return tables | (extra or {})


OLD = (
    "class",
    "type/scale",
    "name",
    "relevance",
    "text",
    "help",
    "language",
    "validation",
    "mandatory",
    "other",
    "default",
    "same_default",
)
NEW = ("id", "related_id", *OLD, "encrypted", "same_script")


def line(kind: str, name: str, text: str = "", *, scale: str = "", language: str = "en", **more: str) -> dict[str, str]:
    return {"class": kind, "type/scale": scale, "name": name, "text": text, "language": language, **more}


def txt(rows: list[dict[str, str]], columns: tuple[str, ...] = OLD, *, extra: tuple[str, ...] = ()) -> str:
    """A structure file of these rows; every cell quoted."""
    names = (*columns, *extra)
    cells = [["\t".join('"' + each.get(name, "").replace('"', '""') + '"' for name in names)] for each in rows]
    return "\r\n".join(["\t".join(names), *(line for (line,) in cells)]) + "\r\n"


def survey(*, languages: tuple[str, ...] = ("en", "nl")) -> list[dict[str, str]]:
    """A list, an array and numbers; the whole base language first, then the other."""
    words = {"en": ("Group", "Often?", "Never", "Always", "Item"), "nl": ("Groep", "Vaak?", "Nooit", "Altijd", "Deel")}
    rows = [
        line("S", "language", "en", language=""),
        line("S", "additional_languages", " ".join(languages[1:]), language=""),
    ]
    rows += [
        line("S", "admin", "Jane Q. Researcher", language=""),
        line("S", "adminemail", "jane@university.example", language=""),
    ]
    for language in languages:
        group, often, never, always, item = words[language]
        rows.append(line("SL", "surveyls_title", f"{group} title", language=language))
        rows.append(line("SL", "surveyls_email_invite", "Write to jane@university.example", language=language))
        rows.append(line("G", group, "About it", scale="G0", language=language, relevance="1"))
        rows.append(line("Q", "often", often, scale="F", language=language, mandatory="Y", relevance="1", hidden="1"))
        rows += [line("SQ", code, f"{item} {code}", scale="0", language=language) for code in ("a", "b")]
        rows.append(line("A", "A1", never, scale="0", language=language))
        rows.append(line("A", "A2", always, scale="0", language=language))
        rows.append(line("Q", "share", often, scale="K", language=language, other="N", equals_num_value="100"))
        rows += [line("SQ", code, f'{item} "{code}"\nsecond line', scale="0", language=language) for code in ("x", "y")]
    return rows


EXTRA = ("hidden", "equals_num_value")


SET: dict[str, dict[str, str]] = {
    "L": {"random_order": "1", "other_replace_text": "Anything else", "alphasort": "1", "array_filter": "q7", "other_comment_mandatory": "1", "hidden": "1"},
    "!": {"answer_order": "random", "category_separator": ":", "dropdown_size": "4"}, "O": {"answer_order": "alphabetical", "use_dropdown": "1"},
    "M": {"min_answers": "1", "exclude_all_others": "s2", "exclude_all_others_auto": "1", "assessment_value": "3", "cssclass": "wide"},
    "P": {"max_answers": "1", "em_validation_q": 'q8_s1.NAOK == "Y" or q8_s2.NAOK == "Y"', "em_validation_q_tip": "Tick one, please.", "page_break": "1"},
    "F": {"array_filter": "q7", "random_order": "1", "min_answers": "1", "repeat_headings": "3"},
    "A": {"array_filter_exclude": "q7;q8", "random_group": "one"}, "B": {"array_filter": "nowhere", "max_answers": "2"}, "C": {"subquestion_order": "random"},
    "1": {"dualscale_headerA": "Now", "dualscale_headerB": "Later", "array_filter": "q7", "dropdown_prepostfix": "a|b"},
    ":": {"multiflexible_min": "1", "multiflexible_max": "20", "multiflexible_step": "2", "input_boxes": "1", "em_validation_sq": "this > 2"},
    ";": {"numbers_only": "1", "placeholder": "write here", "random_order": "1"},
    "N": {"min_num_value_n": "1.5", "max_num_value_n": "age", "num_value_int_only": "1", "suffix": "years", "prefix": "€", "em_validation_q": "unread(3)"},
    "K": {"equals_num_value": "100", "min_num_value": "10", "max_num_value": "100", "min_num_value_n": "0", "value_range_allows_missing": "0", "slider_layout": "1",
          "slider_accuracy": "0.1", "slider_default": "5", "suffix": "%"},
    "S": {"maximum_chars": "12", "time_limit": "60", "time_limit_message": "Too late", "em_validation_sq": "strlen(this) > 3", "location_city": "1"},
    "T": {"text_input_width": "6", "em_validation_q_tip": "Only words"}, "Q": {"min_answers": "2", "label_input_columns": "4"},
    "D": {"date_min": "2020-01-01", "date_max": "today", "date_format": "yyyy"}, "R": {"max_answers": "2", "min_answers": "1", "choice_title": "All", "rank_title": "Best"},
    "*": {"equation": "{q3 + 1}", "hidden": "1"}, "|": {"allowed_filetypes": "pdf", "max_num_of_files": "3", "max_filesize": "99", "show_title": "0"},
    "X": {"unheard_of": "indeed"}, "U": {"public_statistics": "1"}, "Y": {"relevance": 'q0 == "A1"'},
}  # fmt: skip
"""Attributes by type of question: what can be expressed, what cannot, and values that only resemble those that can."""


def everything(layout: str) -> str:
    """All types with attributes of every sort, and everything else that a survey's file can hold."""
    tables = _tables(layout)
    number = {letter: str(place) for place, letter in enumerate(TYPES, start=1)}
    tables["question_attributes"] = [
        {"qid": number[letter], "attribute": name, "value": value} for letter, own in SET.items() for name, value in own.items()
    ]  # fmt: skip
    changes: dict[str, Row] = {
        "S": {"preg": "/^a+$/", "mandatory": "S", "encrypted": "Y"}, "T": {"other": "Y", "question_theme_name": "sketchpad"},
        "N": {"relevance": 'q0.NAOK == "A1"'}, "U": {"relevance": "strlen(q11) > 4"}, "D": {"mandatory": "sometimes"},
    }  # fmt: skip
    for row in tables["questions"]:
        row |= changes.get(row["type"], {})
    for row in tables["subquestions"]:
        if row["title"] == "s2" and row["type"] in "FMQ;":
            row |= {
                "relevance": 'q4.NAOK == "Y"' if row["type"] != "Q" else "unreadable(",
                "preg": "/x/",
                "help": "More about it",
            }
    tables["answers"][0]["assessment_value"] = "7"
    if layout == "old":
        tables["defaultvalues"] = [
            {"qid": number["S"], "scale_id": "0", "sqid": "0", "language": "en", "defaultvalue": "as usual"}
        ]
    else:
        tables["defaultvalues"] = [{"dvid": "1", "qid": number["S"], "scale_id": "0", "sqid": "0"}]
        tables["defaultvalue_l10ns"] = [{"id": "1", "dvid": "1", "language": "en", "defaultvalue": "as usual"}]
        tables["question_l10ns"][0] |= {"help": "Look <a href='x'>here</a>", "script": "alert(1)"}
    tables["question_l10ns" if layout == "new" else "questions"][1]["question"] = (
        "Dear {TOKEN:FIRSTNAME}, <img src='x.png'> why?"
    )
    tables["groups"][0] |= {"randomization_group": "mixed", "grelevance": "1"}
    tables["conditions"] = [
        {
            "cid": "1",
            "qid": number["G"],
            "cqid": number["Y"],
            "cfieldname": f"7X1X{number['Y']}",
            "method": "==",
            "value": "Y",
            "scenario": "1",
        }
    ]
    return lss(tables | _REST)


_REST: Tables = {
    "quota": [{"id": "1", "sid": "7", "name": "Men", "qlimit": "20", "action": "1", "active": "1", "autoload_url": "0"}],
    "quota_members": [{"id": "1", "sid": "7", "qid": "6", "quota_id": "1", "code": "M"}],
    "quota_languagesettings": [{"quotals_id": "1", "quotals_language": "en", "quotals_name": "Men", "quotals_message": "Full"}],
    "assessments": [{"id": "1", "sid": "7", "scope": "T", "name": "Total", "minimum": "0", "maximum": "5", "message": "Fine"}],
    "survey_url_parameters": [{"id": "1", "sid": "7", "parameter": "source", "targetqid": "21"}],
    "plugin_settings": [{"name": "AuditLog", "model": "Survey", "key": "active", "value": "1"}],
    "themes": [{"sid": "7", "template_name": "vanilla", "config": "{}"}], "themes_inherited": [{"sid": "7", "template_name": "vanilla"}],
    "strange": [{"a": "b"}],
}  # fmt: skip


def _tables(layout: str) -> Tables:
    """The tables of `all_types` with more texts of the survey as a whole."""
    tables = all_tables(layout)
    tables["surveys"][0] |= {
        "anonymized": "Y",
        "format": "S",
        "usetokens": "Y",
        "expires": "2030-01-01 00:00:00",
        "template": "vanilla",
    }
    for row, words in zip(tables["surveys_languagesettings"], ("in English", "in het Nederlands"), strict=True):
        row |= {"surveyls_description": f"About {words}", "surveyls_welcometext": f"Welcome {words}", "surveyls_endtext": f"Thanks {words}",
                "surveyls_url": "https://x.example", "surveyls_policy_notice": "We keep nothing", "surveyls_dateformat": "6"}  # fmt: skip
    return tables


def lsa(
    structure: str,
    *,
    others: tuple[str, ...] = ("survey_7_responses.lsr", "survey_7_tokens.lst", "survey_7_timings.lsi"),
) -> bytes:
    """An archive as LimeSurvey exports it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("survey_7.lss", structure)
        for name in others:
            archive.writestr(name, "<document>Jane Q. Researcher, jane@university.example</document>")
    return out.getvalue()


def everything_txt() -> str:
    """The same sort of thing in tab-separated values."""
    rows = survey()
    rows[4:4] = [line("S", "anonymized", "Y", language=""), line("S", "usetokens", "N", language="")]
    own = {
        "often": {"array_filter": "share", "random_order": "1", "validation": "/x/", "default": "A1", "encrypted": "Y"},
        "share": {"min_num_value_n": "0", "max_num_value": "100", "prefix": "€", "suffix": "%", "em_validation_q": "count(self.NAOK) >= 1"},
        "a": {"default": "A2", "help": "Help for a", "relevance": "unreadable("}, "A1": {"assessment_value": "4"},
    }  # fmt: skip
    rows = [each | (own.get(each["name"], {}) if each["language"] == "en" else {}) for each in rows]
    rows += [line("SL", "surveyls_endtext", "Thank you"), line("SL", "surveyls_description", "What it is")]
    rows += [
        line("AS", "rule", "Good"),
        line("QTA", "Men"),
        line("QTAM", "A1"),
        line("QTALS", "Men"),
        line("Z", "what"),
    ]
    names = dict.fromkeys(name for each in rows for name in each if name not in NEW)
    return txt(rows, NEW, extra=tuple(names))
