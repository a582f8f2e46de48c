"""Questionnaires as XLSForms: what pyxform and ODK Validate make of them, and what comes back when they are read."""

from __future__ import annotations

import io
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from openpyxl import load_workbook
from pyxform.errors import PyXFormError
from pyxform.validators.odk_validate import ODKValidateError
from pyxform.xls2xform import convert

from clustergov.instruments.check import read_questionnaire
from clustergov.instruments.questionnaire import Item, Option, Question, Questionnaire, Scale, Section
from clustergov.instruments.xlsform import read_xlsform, to_xlsform
from clustergov.instruments.xlsform.names import language_name
from clustergov.language import Text
from clustergov.problems import InputError
from conftest import ROOT, unavailable
from questionnaire_strategy import EXAMPLES, questionnaires, tries
from xform import XForm

SHIPPED = [*sorted((ROOT / "instruments").glob("*.yml")), Path(__file__).parent / "every_kind.yml"]


QUOTES = str.maketrans("‘’“”", "''\"\"")
"""pyxform turns the quotation marks of every text."""


def words(text: str) -> Text:
    return Text({"en": text})


def questionnaire(*questions: Question, **scales: Scale) -> Questionnaire:
    section = Section(code="part", title=words("part"), questions=questions)
    return Questionnaire(
        questionnaire="q", version="1", title=words("q"), languages=("en",), scales=scales, sections=(section,)
    )


def back(whole: Questionnaire, folder: Path) -> Questionnaire:
    path = folder / "form.xlsx"
    path.write_bytes(to_xlsform(whole).content)
    return read_xlsform(path).questionnaire


def own(whole: Questionnaire) -> dict[str, object]:
    return whole.model_copy(update={"imported_from": ""}).model_dump()


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_odk_accepts_every_shipped_questionnaire(path: Path) -> None:
    if shutil.which("java") is None:
        unavailable("Java", "Install it: apt-get install default-jre-headless (Debian).")
    content = to_xlsform(read_questionnaire(path)).content
    warnings: list[str] = []
    try:
        convert(xlsform=content, file_type=".xlsx", validate=True, warnings=warnings)
    except (PyXFormError, ODKValidateError) as error:
        pytest.fail(str(error))
    assert warnings == []


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_what_is_shipped_comes_back_whole(path: Path, tmp_path: Path) -> None:
    whole = read_questionnaire(path)
    assert own(back(whole, tmp_path)) == own(whole)


@pytest.mark.roundtrip
@tries()
@given(questionnaires())
def test_what_is_written_comes_back_whole(tmp_path_factory: pytest.TempPathFactory, whole: Questionnaire) -> None:
    found = back(whole, tmp_path_factory.getbasetemp())
    assert own(found) == own(whole)
    assert to_xlsform(whole).content == to_xlsform(whole).content


@tries(EXAMPLES // 5)
@given(questionnaires())
def test_codes_and_words_are_in_the_form_that_pyxform_makes(whole: Questionnaire) -> None:
    form = XForm(to_xlsform(whole).content)
    assert set(form.itext) == {language_name(language) for language in whole.languages}
    for name, scale in whole.scales.items():
        assert form.choices[name] == [option.code for option in scale.options]
        for place, option in enumerate(scale.options):
            for language in whole.languages:
                assert form.itext[language_name(language)][f"{name}-{place}"] == option.text[language].translate(QUOTES)
    for question in whole.questions:
        row = f"{question.code}_text" if question.kind in ("array", "numbers", "texts") else question.code
        for language in whole.languages:
            assert form.itext[language_name(language)][f"{form.paths[row]}:label"] == question.text[language].translate(
                QUOTES
            )


def shares() -> Questionnaire:
    items = tuple(Item(code=code, text=words(code)) for code in ("a", "b", "c"))
    return questionnaire(
        Question(code="share", kind="numbers", text=words("share"), items=items, minimum=0, maximum=100, total=100)
    )


@pytest.mark.parametrize(
    ("values", "stopped"),
    [
        (("0.1", "64.1", "35.8"), False), (("50", "50", ""), False), (("", "", ""), False), (("40", "50", ""), True),
        (("40", "50", "5"), True), (("150", "-50", "0"), False),
    ],
)  # fmt: skip
def test_a_total_that_is_missed_stops_the_respondent(values: tuple[str, str, str], *, stopped: bool) -> None:
    form = XForm(to_xlsform(shares()).content)
    answers = dict(zip(("share_a", "share_b", "share_c"), values, strict=True))
    relevant = form.answer(answers)
    assert ("share_total" in relevant) == stopped
    assert form.binds[form.paths["share_total"]]["required"] == "true()"
    inside = [form.holds(form.binds[form.paths[row]]["constraint"], form.paths[row]) for row in answers if answers[row]]
    # 150 and −50 add up to 100: they are refused by the limits of the fields themselves.
    assert (all(inside) == (not stopped or values[2] == "") and values[0] != "150") or not all(inside)


def test_a_constraint_is_enforced_wherever_it_can_be_broken() -> None:
    items = tuple(Item(code=code, text=words(code)) for code in ("all", "few"))
    whole = questionnaire(
        Question(code="n", kind="numbers", text=words("n"), items=items, constraint="n_few <= n_all",
                 constraint_message=words("The part is at most the whole."))
    )  # fmt: skip
    form = XForm(to_xlsform(whole).content)
    for few, every, broken in (("3", "5", False), ("5", "3", True), ("5", "", False), ("", "3", False)):
        assert ("n_constraint" in form.answer({"n_few": few, "n_all": every})) == broken


def test_cells_are_texts_and_no_formulas_or_clocks() -> None:
    whole = questionnaire(Question(code="q", kind="text", text=words("= 3 + ${x}")))
    exported = to_xlsform(whole)
    book = load_workbook(io.BytesIO(exported.content))
    assert {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row if cell.value} == {"s"}
    assert book.properties.modified.year == 1980
    assert [note.rule for note in exported.notes] == ["xlsform-dollar"]


def test_what_cannot_be_asked_is_an_error_with_every_place() -> None:
    whole = questionnaire(
        Question(code="a", kind="text", text=words("a"), relevance="regexMatch('x', b)"),
        Question(code="b", kind="text", text=words("b"), when='nobody = "x"'),
        Question(code="c", kind="multiple", text=words("c"), items=(Item(code="two words", text=words("x")),)),
    )
    with pytest.raises(InputError) as caught:
        to_xlsform(whole)
    assert {problem.place for problem in caught.value.problems} == {"a", "b", "c"}


def test_an_edited_form_is_read_as_it_now_is(tmp_path: Path) -> None:
    yes = Scale(
        direction="ascending", options=(Option(code="N", text=words("no")), Option(code="Y", text=words("yes")))
    )
    whole = questionnaire(
        Question(code="legal", kind="single", scale="yes", text=words("Legal?"), source="own choice", mark="D"),
        Question(code="why", kind="text", text=words("Why?"), when='legal = "Y"'),
        yes=yes,
    )
    book = load_workbook(io.BytesIO(to_xlsform(whole).content))
    sheet = book["survey"]
    column = {cell.value: cell.column for cell in sheet[1]}
    for row in range(2, sheet.max_row + 1):
        if sheet.cell(row, 2).value == "legal":
            sheet.cell(row, column["label::English (en)"]).value = "Is it a legal entity?"
        if sheet.cell(row, 2).value == "why":
            sheet.cell(row, column["relevant"]).value = "${legal} = 'N'"
    path = tmp_path / "edited.xlsx"
    book.save(path)
    found = read_xlsform(path)
    legal, why = found.questionnaire.questions
    assert (legal.text["en"], legal.source, why.when) == ("Is it a legal entity?", "own choice", 'legal = "N"')
    assert "xlsform-changed" in {note.rule for note in found.notes}
