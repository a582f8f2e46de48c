"""Record a real LimeSurvey's replies to our own questionnaires, without what tells of the server or of a person."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from pathlib import Path
from typing import Any

from lxml import etree
from playwright.sync_api import Browser

from answer_paths import Way, posted, ways
from clustergov.instruments.check import read_questionnaire
from clustergov.instruments.limesurvey.write import to_lss, to_txt
from clustergov.instruments.questionnaire import Questionnaire
from limesurvey_pages import Page
from live_limesurvey import LimeServer, LiveSurvey
from live_respondent import answer, opened_browser

ROOT = Path(__file__).resolve().parents[1]
REPLIES = ROOT / "tests" / "instruments" / "limesurvey_replies"

_PERSONAL = re.compile(
    r"(surveyls_)?email_.*|admin|adminemail|bounce.*|faxto|owner_id|emailnotificationto|emailresponseto|google.*"
    r"|surveyls_url.*|surveyls_policy.*|attachments|datecreated|lastmodified|startdate|expires"
)
"""Columns of `surveys` and `surveys_languagesettings`: who runs it, where and when, and LimeSurvey's own letters."""
_CHANCE = {
    "submitdate": "1980-01-01 00:00:00",
    "startdate": "1980-01-01 00:00:00",
    "datestamp": "1980-01-01 00:00:00",
    "seed": "1",
}


def record() -> None:
    """Write the replies to every questionnaire in ``instruments/``, and to one with every kind of question."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    server = LimeServer.from_environment()
    REPLIES.mkdir(exist_ok=True)
    with opened_browser(str(chromium)) as browser:
        for file in [*sorted((ROOT / "instruments").glob("*.yml")), REPLIES.parent / "every_kind.yml"]:
            _record(server, browser, file.stem, read_questionnaire(file))
    server.close()


def _record(server: LimeServer, browser: Browser, name: str, questionnaire: Questionnaire) -> None:
    with server.survey(to_txt(questionnaire).content, "txt") as survey:
        (REPLIES / f"{name}.txt").write_bytes(without_persons_txt(survey.export("txt")))
    with server.survey(to_lss(questionnaire).content, "lss") as survey:
        (REPLIES / f"{name}.lss").write_bytes(without_persons_lss(survey.export("lss")))
        survey.activate()
        chosen = list(zip(ways(questionnaire), questionnaire.languages, strict=False))
        pages = [answer(browser, survey, posted(way, questionnaire), language=language) for way, language in chosen]
        (REPLIES / f"{name}.csv").write_bytes(without_chance(survey.responses()))
        told = {"limesurvey": server.version, "database": server.client.get_db_version()} | _told(survey, chosen, pages)
        text = json.dumps(told, ensure_ascii=False, indent=1)
        (REPLIES / f"{name}.json").write_text(f"{text}\n", encoding="utf-8")


def _told(survey: LiveSurvey, chosen: list[tuple[Way, str]], pages: list[list[Page]]) -> dict[str, Any]:
    """Fields and questions as the server lists them, and what the two respondents answered and were shown."""
    listed = survey.client.list_questions(survey.number)
    keys = (
        "qid",
        "parent_qid",
        "gid",
        "type",
        "title",
        "mandatory",
        "other",
        "relevance",
        "question_order",
        "scale_id",
    )
    return {
        "fields": survey.columns(),
        "questions": [{key: question[key] for key in keys} for question in listed],
        "respondents": [
            {"language": language, "answers": way.answers, "asked": list(way.variables),
             "shown": [{"title": page.title, "questions": list(page.questions)} for page in seen]}
            for (way, language), seen in zip(chosen, pages, strict=True)
        ],
    }  # fmt: skip


def without_persons_lss(content: bytes) -> bytes:
    """The structure without the personal cells of its settings and without its theme."""
    root = etree.fromstring(content, etree.XMLParser(strip_cdata=False, resolve_entities=False))
    for table in root.xpath("themes|themes_inherited|plugin_settings"):
        root.remove(table)
    for cell in root.xpath("surveys/rows/row/*|surveys_languagesettings/rows/row/*"):
        if _PERSONAL.fullmatch(cell.tag):
            cell.getparent().remove(cell)
    for name in root.xpath("surveys/fields/fieldname|surveys_languagesettings/fields/fieldname"):
        if _PERSONAL.fullmatch(name.text or ""):
            name.getparent().remove(name)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8") + b"\n"


def without_persons_txt(content: bytes) -> bytes:
    """The structure without the rows of personal settings; all other rows byte for byte."""
    kept = [record for record in _records(content.decode("utf-8")) if not _personal(record)]
    return "".join(kept).encode("utf-8")


def _records(text: str) -> list[str]:
    """Rows of a table as they are written; a cell in quotes can hold line ends."""
    records, open_record = [], ""
    for line in text.splitlines(keepends=True):
        open_record += line
        if open_record.count('"') % 2 == 0:
            records.append(open_record)
            open_record = ""
    return [*records, open_record] if open_record else records


def _personal(record: str) -> bool:
    cells = next(csv.reader(io.StringIO(record), delimiter="\t"), [])
    return len(cells) > 4 and cells[2] in ("S", "SL") and _PERSONAL.fullmatch(cells[4]) is not None


def without_chance(content: bytes) -> bytes:
    """The responses with one date and one seed for all; every other byte as it came."""
    header, *rows = _records(content.decode("utf-8"))
    names = [name.strip('"\r\n') for name in header.removeprefix("\ufeff").split(";")]
    return "".join([header, *(_steady(row, names) for row in rows)]).encode("utf-8")


def _steady(row: str, names: list[str]) -> str:
    cells = row.split(";")  # the columns of the software stand first and hold no semicolon
    for place, name in enumerate(names):
        if name in _CHANCE and place < len(cells) and cells[place].strip('"'):
            cells[place] = f'"{_CHANCE[name]}"'
    return ";".join(cells)
