"""Raw exports made from answers, byte for byte as LimeSurvey and as our own service write them."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from clustergov.instruments.exchange import Notes
from clustergov.instruments.limesurvey.lime_codes import LimeCodes
from clustergov.instruments.questionnaire import Questionnaire, Variable
from clustergov.survey.collection.collecting import RawExport
from clustergov.survey.service.export import to_csv
from clustergov.survey.service.screens import cut
from clustergov.survey.service.storage import Stored

WHEN = datetime.datetime(2026, 3, 1, 8, tzinfo=datetime.UTC)


@dataclass(frozen=True)
class Given:
    """What one respondent gave: answers as they travel (see `survey.service`), and how far they came."""

    id: str
    answers: Mapping[str, str] = field(default_factory=dict)
    submitted: bool = True
    pages: int = 0
    """Sections of the fielded questionnaire that were sent off; counts only for who did not submit."""
    token: str = ""
    language: str = "nl"


def of_limesurvey(
    questionnaire: Questionnaire, given: Iterable[Given], kind: Literal["complete", "partial"], *, tokens: bool = True
) -> RawExport:
    """As `export_responses` gives it, with ``useEMCode``; `questionnaire` is the fielded one."""
    codes = LimeCodes.of(questionnaire, Notes())
    rows = [each for each in given if each.submitted == (kind == "complete")]
    own = ["id", "submitdate", "lastpage", "startlanguage", *(["token"] if tokens else [])]
    lines: list[Sequence[str | None]] = [[*own, *(codes.variable(variable) for variable in questionnaire.variables)]]
    for each in rows:
        page = len(questionnaire.sections) if each.submitted else each.pages
        system = [
            each.id,
            "1980-01-01 00:00:00" if each.submitted else None,
            str(page) if page else None,
            each.language,
        ]
        cells = [_lime_cell(variable, each.answers, codes) for variable in questionnaire.variables]
        lines.append([*system, *([each.token or None] if tokens else []), *cells])
    text = "".join(";".join(_quoted(cell) for cell in line) + "\r\n" for line in lines)
    return RawExport(f"\ufeff{text}\r\n".encode(), kind, WHEN, len(rows))


def of_service(questionnaire: Questionnaire, given: Iterable[Given], kind: Literal["complete", "partial"]) -> RawExport:
    """As our own service gives it; a page per section."""
    screens = cut(questionnaire, "section")
    ends = [max((screen.number for screen in screens if screen.section.code == section.code), default=0)
            for section in questionnaire.sections]  # fmt: skip
    rows = [each for each in given if each.submitted == (kind == "complete")]
    stored = [
        Stored(id=each.id, key_hash="", pseudonym=None, language=each.language, started="2026-03-01", changed="2026-03-01",
               submitted="2026-03-01" if each.submitted else "", screen=ends[each.pages - 1] + 1 if each.pages else 1,
               answers=dict(each.answers), drafts={}, revision=1)
        for each in rows
    ]  # fmt: skip
    return RawExport(b"".join(to_csv(questionnaire, screens, stored)), kind, WHEN, len(rows), masked=True)


def _lime_cell(variable: Variable, answers: Mapping[str, str], codes: LimeCodes) -> str | None:
    value = answers.get(variable.name)
    if value is None:
        return None
    if variable.kind == "tick":
        return codes.tick(variable.question) if value == "Y" else ""
    if variable.kind == "date":
        return f"{value} 00:00:00"
    return codes.answer(variable, value) if variable.kind == "choice" else value


def _quoted(cell: str | None) -> str:
    return "" if cell is None else '"' + cell.replace('"', '""') + '"'
