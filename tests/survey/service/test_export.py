"""What leaves the service, held against the same answers as LimeSurvey writes them, by the reader that reads both."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from clustergov.instruments.asking import asked_when
from clustergov.instruments.check import read_questionnaire
from clustergov.instruments.questionnaire import Questionnaire, Variable
from clustergov.instruments.rules.answers import OTHER_CODES
from clustergov.survey.reading import read_responses
from clustergov.survey.responses import Responses
from clustergov.survey.service.export import LONGEST_IN_EXCEL, headings, to_csv, to_xlsx
from clustergov.survey.service.screens import cut
from clustergov.survey.service.storage import Stored
from clustergov.survey.synthetic.answer_sheets import AnswerSheet, answer_sheets
from questionnaire_strategy import EXAMPLES, questionnaires, tries
from survey_visitors import without_files

DAY = "2026-11-22"
FORMULAS = (
    "=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3+cmd|' /C calc'!A0", "\tx", "＝1+1", "=HYPERLINK(\"http://evil\",\"x\")",
    "'=1+1", "''=2", "'tis", "-oth-", "=\"a;b\"", "line\r\n=2", "-5", "+31 6 12345678",
)  # fmt: skip


def stored(questionnaire: Questionnaire, sheets: list[AnswerSheet]) -> list[Stored]:
    screens = cut(questionnaire, "section")
    codes = [section.code for section in questionnaire.sections]
    rows = []
    for place, sheet in enumerate(sheets):
        before = codes.index(sheet["stop"]) if sheet["stop"] else len(codes)
        later = [s.number for s in screens if codes.index(s.section.code) >= before]
        screen = len(screens) if not sheet["stop"] else min(later, default=len(screens) + 1)
        submitted = "" if sheet["stop"] else DAY
        answers = dict(sheet["answers"])
        rows.append(Stored(f"r{place:03}", "", None, sheet["language"], DAY, DAY, submitted, screen, 1, answers, {}))
    return rows


def by_limesurvey(questionnaire: Questionnaire, sheets: list[AnswerSheet]) -> bytes:
    """The same answers as LimeSurvey 6 exports them (option useEMCode), written from its documented shape alone."""
    codes = [section.code for section in questionnaire.sections]
    lines = [["id", "submitdate", "lastpage", "startlanguage", "seed", *(v.name for v in questionnaire.variables)]]
    for place, sheet in enumerate(sheets):
        page = codes.index(sheet["stop"]) if sheet["stop"] else len(codes)
        own: list[str | None] = [
            f"r{place:03}", None if sheet["stop"] else f"{DAY} 00:00:00", str(page), sheet["language"], "1817",
        ]  # fmt: skip
        asked = _asked(questionnaire, sheet, codes[:page])
        lines.append([*own, *(_as_limesurvey(v, sheet, v.name in asked) for v in questionnaire.variables)])  # type: ignore[list-item]  # null cells
    rows = (";".join("" if c is None else '"' + c.replace('"', '""') + '"' for c in line) + "\r\n" for line in lines)
    return b"\xef\xbb\xbf" + "".join(rows).encode() + b"\r\n"


def _asked(questionnaire: Questionnaire, sheet: AnswerSheet, sections: list[str]) -> set[str]:
    """What was on a page that was sent, and asked, of one respondent."""
    known: dict[str, str] = {}
    asked = set()
    for variable in questionnaire.variables:
        condition = asked_when(variable)
        if variable.section.code in sections and (condition is None or condition.holds(known)):
            asked.add(variable.name)
            value = sheet["answers"].get(variable.name)
            blank = [o.code for o in variable.scale.options if o.blank] if variable.scale is not None else []
            if value is not None and value not in blank:
                known[variable.name] = value
    return asked


def _as_limesurvey(variable: Variable, sheet: AnswerSheet, asked: bool) -> str | None:
    value = sheet["answers"].get(variable.name)
    if not asked:
        return None
    if variable.kind == "tick":
        return "Y" if value == "Y" else ""
    if value is None:
        return None if variable.kind in ("number", "date") else ""
    if variable.kind == "date":
        return f"{value} 00:00:00"
    if variable.question.other and variable.kind == "choice" and value.casefold() in OTHER_CODES:
        return "-oth-"
    return value


def read(content: bytes, questionnaire: Questionnaire, folder: Path, name: str = "responses.csv") -> Responses:
    path = folder / name
    path.write_bytes(content)
    return read_responses(path, questionnaire, strict=True, minimum_match=0)


def equal(one: Responses, other: Responses) -> None:
    pd.testing.assert_frame_equal(one.frame, other.frame)
    pd.testing.assert_frame_equal(one.blanks, other.blanks)
    pd.testing.assert_frame_equal(one.chosen, other.chosen)
    assert one.complete is not None
    assert other.complete is not None
    pd.testing.assert_series_equal(one.complete, other.complete)


def both_read_equal(questionnaire: Questionnaire, sheets: list[AnswerSheet], folder: Path) -> None:
    rows = stored(questionnaire, sheets)
    screens = cut(questionnaire, "section")
    ours = read(b"".join(to_csv(questionnaire, screens, rows)), questionnaire, folder)
    equal(ours, read(by_limesurvey(questionnaire, sheets), questionnaire, folder, "limesurvey.csv"))
    equal(ours, read(to_xlsx(questionnaire, screens, rows), questionnaire, folder, "responses.xlsx"))


@pytest.mark.parametrize("name", ["benchmark", "cluster-organisation"])
def test_shipped_questionnaires_come_back_as_from_limesurvey(root: Path, tmp_path: Path, name: str) -> None:
    questionnaire = read_questionnaire(root / "instruments" / f"{name}.yml")
    sheets = answer_sheets(questionnaire, 40, np.random.default_rng(5), stopping=0.3)
    stopped = sum(bool(sheet["stop"]) for sheet in sheets)
    assert 0 < stopped < len(sheets), "no mix of complete and partial ones is tried"
    both_read_equal(questionnaire, sheets, tmp_path)


@pytest.mark.roundtrip
@tries(EXAMPLES // 5)
@given(questionnaires(), st.integers(0, 2**32))
def test_any_questionnaire_comes_back_as_from_limesurvey(
    tmp_path_factory: pytest.TempPathFactory, questionnaire: Questionnaire, seed: int
) -> None:
    asked = without_files(questionnaire)
    asked = asked.model_copy(update={"sections": tuple(s for s in asked.sections if s.questions)})
    if not asked.variables or _looks_at_files(asked):
        return
    sheets = answer_sheets(asked, 6, np.random.default_rng(seed), stopping=0.3)
    # Where every cell is quoted, "" tells nothing (see `survey.table`): a box left unticked then cannot be known.
    assume(b";;" in by_limesurvey(asked, sheets))
    both_read_equal(asked, sheets, tmp_path_factory.mktemp("export"))


def _looks_at_files(questionnaire: Questionnaire) -> bool:
    looked = {name for v in questionnaire.variables if (c := asked_when(v)) is not None for name in c.variables}
    return not looked <= set(questionnaire.by_name)


def small_row(small: Questionnaire, answers: dict[str, str], **more: object) -> Stored:
    values: dict[str, object] = {
        "id": "r1", "key_hash": "", "pseudonym": None, "language": "en", "started": DAY, "changed": DAY, "submitted": DAY, "screen": 4, "revision": 1,
        "answers": answers, "drafts": {},
    }  # fmt: skip
    return Stored(**{**values, **more})  # type: ignore[arg-type]  # what a test changes


def test_shape_is_that_of_limesurvey(small: Questionnaire) -> None:
    row = small_row(small, {"field": "water", "legal": "N", "tools_mail": "Y", "tools_phone": "N", "year": "1999"})
    content = b"".join(to_csv(small, cut(small, "section"), [row]))
    assert content.startswith(b'\xef\xbb\xbf"id";"submitdate";"lastpage";"startlanguage";"field";"field_other"')
    line = content.decode("utf-8-sig").split("\r\n")[1]
    cells = dict(zip(headings(small), line.split(";"), strict=True))
    assert (cells["id"], cells["submitdate"], cells["lastpage"]) == ('"r1"', f'"{DAY} 00:00:00"', '"3"')
    assert (cells["tools_mail"], cells["tools_phone"]) == ('"Y"', '""'), "a box left unticked is an empty text"
    assert cells["board_priv"] == "", "what was not asked is nothing at all"
    assert content.endswith(b"\r\n")


def test_answers_that_routing_no_longer_asks_for_stay_inside(small: Questionnaire) -> None:
    row = small_row(small, {"field": "water", "legal": "N", "board_priv": "3"})
    content = b"".join(to_csv(small, cut(small, "section"), [row]))
    assert b'"3";"en"' in content
    [record] = csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter=";")
    assert record["board_priv"] == ""


@pytest.mark.parametrize(("screen", "page"), [(1, "0"), (2, "0"), (3, "1"), (4, "2"), (5, "3")])
def test_last_page_is_the_last_section_that_was_sent_whole(small: Questionnaire, screen: int, page: str) -> None:
    """The first section is cut in two, as `board` depends on `legal`: screens 1 and 2 are it, 3 the second."""
    row = small_row(small, {}, submitted="", screen=screen)
    [record] = csv.DictReader(
        io.StringIO(b"".join(to_csv(small, cut(small, "section"), [row])).decode("utf-8-sig")), delimiter=";"
    )
    assert (record["lastpage"], record["submitdate"]) == (page, "")


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_of_ours_is_a_formula_and_the_reader_gets_the_answer(
    small: Questionnaire, tmp_path: Path, text: str
) -> None:
    row = small_row(small, {"field": "other", "field_other": text, "remarks": text}, id="=1+2")
    screens = cut(small, "section")
    content = b"".join(to_csv(small, screens, [row]))
    table = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert not [cell for cell in table[1] if cell[:1] in tuple("=@\t\r＝＋－＠")]
    assert not [cell for cell in table[1] if cell[:1] in tuple("+-") and not cell[1:].isdigit()]
    assert read(content, small, tmp_path).frame.loc["=1+2", "remarks"] == text.strip()
    workbook = to_xlsx(small, screens, [row])
    sheet = openpyxl.load_workbook(io.BytesIO(workbook)).active
    assert sheet is not None
    assert {cell.data_type for cells in sheet.iter_rows() for cell in cells} <= {"s", "n"}
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


def test_a_text_too_long_for_excel_is_cut_and_says_so(small: Questionnaire) -> None:
    row = small_row(small, {"remarks": "x" * 40_000 + "\x07"})
    sheet = openpyxl.load_workbook(io.BytesIO(to_xlsx(small, cut(small, "section"), [row]))).active
    assert sheet is not None
    [cell] = [cell for cell in sheet[2] if isinstance(cell.value, str) and cell.value.startswith("xxx")]
    assert len(str(cell.value)) == LONGEST_IN_EXCEL
    assert str(cell.value).endswith("x […]")
    assert b"x" * 40_000 in b"".join(to_csv(small, cut(small, "section"), [row]))


def test_a_variable_may_have_the_name_of_a_column_of_ours(small: Questionnaire) -> None:
    data = small.model_dump(mode="json")
    data["sections"][2]["questions"][2]["code"] = "id"
    data["sections"][2]["questions"][1]["code"] = "startlanguage"
    names = headings(Questionnaire.model_validate(data))
    assert len(set(names)) == len(names)
    assert names[0] == "clustergov id"
