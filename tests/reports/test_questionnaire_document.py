"""The questionnaire on paper holds every word that a respondent sees, read back by python-docx and by LibreOffice."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path
from typing import Any

import docx
import pytest
from hypothesis import given

from clustergov.instruments.check import read_questionnaire
from clustergov.instruments.questionnaire import Questionnaire
from clustergov.reports.questionnaire_document import to_word
from questionnaire_strategy import questionnaires, tries

SHIPPED = ("cluster-organisation", "benchmark", "governance")


def words(content: bytes) -> str:
    """All text of the body in its order, white space made one."""
    body: Any = docx.Document(io.BytesIO(content)).element.body
    parts = (
        node.text or "" if node.tag.endswith("}t") else " "
        for node in body.iter()
        if node.tag.endswith(("}t", "}p", "}br"))
    )
    return " ".join("".join(parts).split())


def asked(questionnaire: Questionnaire, language: str) -> list[str]:
    """Everything that a respondent reads."""
    texts = [questionnaire.title, questionnaire.text, questionnaire.closing]
    for section in questionnaire.sections:
        texts += [section.title, section.text]
    for question in questionnaire.questions:
        texts += [question.text, question.help, question.unit]
        texts += [item.text for item in question.items if question.kind != "ranking"]
        texts += [option.text for option in questionnaire.scales[question.scale].options] if question.scale else []
    return [" ".join(text.to(language).split()) for text in texts if text is not None]


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("name", SHIPPED)
def test_every_word_of_the_shipped_questionnaires(name: str, language: str, root: Path) -> None:
    questionnaire = read_questionnaire(root / "instruments" / f"{name}.yml")
    before = questionnaire.model_dump_json()
    content = to_word(questionnaire, language).content
    assert questionnaire.model_dump_json() == before
    assert content == to_word(questionnaire, language).content
    shown = words(content)
    assert [text for text in asked(questionnaire, language) if text not in shown] == []


@tries(20)
@given(questionnaires())
def test_every_word_of_any_questionnaire(questionnaire: Questionnaire) -> None:
    language = questionnaire.languages[0]
    shown = words(to_word(questionnaire, language).content)
    assert [text for text in asked(questionnaire, language) if text not in shown] == []


def test_questions_are_headings_and_routing_names_them(root: Path) -> None:
    questionnaire = read_questionnaire(root / "instruments" / "cluster-organisation.yml")
    document = docx.Document(io.BytesIO(to_word(questionnaire, "en").content))
    styles = [each.style.style_id for each in document.paragraphs]
    assert styles.count("Heading2") == len(questionnaire.questions)
    assert "Only answer if the answer to question 1.5 is “yes”." in [each.text for each in document.paragraphs]


def text(words: str) -> dict[str, str]:
    return {"nl": words, "en": words}


def single(options: list[tuple[str, str]], direction: str = "none") -> Questionnaire:
    """A questionnaire with a note, a single choice with these options, a number and a document."""
    listed = [{"code": code, "text": text(words)} for code, words in options]
    questions = [
        {"code": "note", "kind": "note", "text": text("Please read this.")},
        {"code": "one", "kind": "single", "scale": "scale", "text": text("Which?"), "other": True},
        {"code": "years", "kind": "number", "text": text("How long?"), "help": text("in years"), "required": True,
         "constraint": "years < 9", "constraint_message": text("Fewer than nine.")},
        {"code": "proof", "kind": "file", "text": text("Proof?"), "when": "years > 1"},
    ]  # fmt: skip
    return Questionnaire.model_validate({
        "questionnaire": "short", "version": "1", "title": text("Short"), "languages": ["nl", "en"],
        "closing": text("Thank you."), "scales": {"scale": {"direction": direction, "options": listed}},
        "sections": [{"code": "s", "title": text("Part"), "questions": questions}],
    })  # fmt: skip


def test_a_note_has_no_number_and_sentences_stand_apart() -> None:
    document = docx.Document(io.BytesIO(to_word(single([("1", "a"), ("2", "b")]), "en").content))
    told = {each.text: each for each in document.paragraphs}
    assert told["Please read this."].style.style_id == "BodyText"
    assert told["Which?"].style.style_id == "Heading2"
    assert "in years. An answer is needed." in told
    assert "Check: Fewer than nine." in told
    assert "Attach the document or picture." in told
    assert "Only answer if question 1.2 is greater than 1." in told
    assert told["Finally"]._p.pPr.numPr.numId.val == 0


def test_options_of_a_question_stay_on_one_page() -> None:
    options = [(str(place), f"option {place}") for place in range(12)]
    document = docx.Document(io.BytesIO(to_word(single(options), "en").content))
    kept = {each.text: each.paragraph_format.keep_with_next for each in document.paragraphs}
    assert all(kept[f"○  {words}  [{code}]"] for code, words in options)
    assert not next(held for words, held in kept.items() if words.startswith("namely"))


@pytest.mark.parametrize("direction", ["none", "ascending"])
def test_a_long_list_without_order_is_alphabetical_but_for_its_last(direction: str) -> None:
    named = [("Z", "zulu"), ("E", "écho"), ("A", "fox")] + [(f"M{place}", f"mike {place:02}") for place in range(15)]
    content = to_word(single([*named, ("OTH", "another")], direction), "en").content
    shown = words(content)
    assert shown.rindex("[M14]") < shown.index("[OTH]")
    alphabetical = (
        shown.index("[E]") < shown.index("[A]") < shown.index("[M0]") < shown.index("[Z]") < shown.index("[OTH]")
    )
    assert alphabetical == (direction == "none")


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("name", SHIPPED)
def test_the_options_of_a_grid_are_equally_wide(name: str, language: str, root: Path) -> None:
    questionnaire = read_questionnaire(root / "instruments" / f"{name}.yml")
    document = docx.Document(io.BytesIO(to_word(questionnaire, language).content))
    grids = [table for table in document.tables if "○" in (cell.text for cell in table.rows[-1].cells)]
    assert grids
    for grid in grids:
        first, *options = (column.width for column in grid.columns)
        assert len(set(options)) == 1
        assert first / (first + sum(options)) >= 0.32
        assert all(each.paragraph_format.keep_with_next for each in grid.rows[1].cells[0].paragraphs)


def test_libreoffice_opens_it(root: Path, soffice: str, tmp_path: Path) -> None:
    questionnaire = read_questionnaire(root / "instruments" / "cluster-organisation.yml")
    (tmp_path / "q.docx").write_bytes(to_word(questionnaire, "nl").content)
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    subprocess.run(
        [soffice, profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(tmp_path / "q.docx")],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    text = subprocess.run(
        ["pdftotext", "-layout", str(tmp_path / "q.pdf"), "-"], check=True, capture_output=True, text=True
    )
    assert "Alleen invullen als het antwoord op vraag 1.5 “ja” is." in " ".join(text.stdout.split())
