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
