"""A questionnaire that is written and read again is the same."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clustergov import yaml_file
from clustergov.instruments.limesurvey import read_limesurvey
from clustergov.instruments.questionnaire import Item, Option, Question, Questionnaire, Scale, Section
from clustergov.instruments.write import questionnaire_yaml, write_questionnaire
from clustergov.language import Text
from clustergov.problems import InputError
from questionnaire_strategy import questionnaires, tries

TREACHEROUS = [
    "no", "NO", "yes", "on", "off", "null", "~", "true", "01", "1", "1.0", "1e3", "0x1F", "12:30", "1_000", "2012-10-01", "=", "<<",
    "-", "- a", "a: b", "a #b", "#b", "'", '"', "{a}", "[a]", "a, b", "&a", "*a", "!a", "%a", "@a", "`a", "| a", "> a", "?", "? a",
    "é", "…", "“quoted”", "\U0001f600", "a\nb", "a\n\nb", "line\n  indented", "trailing \nblank", "tab\there", "\x85", "\u2028", ".inf",
]  # fmt: skip


def with_text(text: str, code: str = "A1") -> Questionnaire:
    words = Text({"en": text, "no": "x"})
    scale = Scale(
        direction="none", options=(Option(code=code, text=words), Option(code="98", text=words, blank="not applicable"))
    )
    question = Question(
        code="q", kind="array", text=words, items=(Item(code=code, text=words),), scale="s", minimum=0.0, maximum=2.5
    )
    section = Section(code="s", title=words, text=words, questions=(question,))
    return Questionnaire(
        questionnaire="t", version="1.10", title=words, languages=("en", "no"), scales={"s": scale}, sections=(section,)
    )


def again(questionnaire: Questionnaire, folder: Path) -> Questionnaire:
    path = folder / "questionnaire.yml"
    before = questionnaire.model_dump_json()
    write_questionnaire(questionnaire, path)
    assert questionnaire.model_dump_json() == before
    return yaml_file.read(path, Questionnaire)[0]


@pytest.mark.parametrize("text", TREACHEROUS)
def test_texts_and_codes_that_yaml_would_misread(text: str, tmp_path: Path) -> None:
    clean = text.strip() or "x"
    questionnaire = with_text(clean, code=clean)
    assert again(questionnaire, tmp_path) == questionnaire


@given(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Co", "Cn"]), min_size=1, max_size=300).filter(
        str.strip
    )
)
@settings(max_examples=60, deadline=None)
def test_any_text(text: str) -> None:
    questionnaire = with_text(text.strip())
    with tempfile.TemporaryDirectory() as folder:
        assert again(questionnaire, Path(folder)) == questionnaire


def test_the_shipped_questionnaire(root: Path, tmp_path: Path) -> None:
    questionnaire = yaml_file.read(root / "instruments" / "cluster-organisation.yml", Questionnaire)[0]
    assert again(questionnaire, tmp_path) == questionnaire


@pytest.mark.parametrize("name", ["rse-2017-uk-core.lss", "rse-2017-za.structure.txt"])
def test_imported_questionnaires(shared: Path, tmp_path: Path, name: str) -> None:
    questionnaire = read_limesurvey(shared / "data" / "limesurvey" / name).questionnaire
    assert again(questionnaire, tmp_path) == questionnaire


@pytest.mark.roundtrip
@tries()
@given(questionnaires())
def test_any_questionnaire(questionnaire: Questionnaire) -> None:
    with tempfile.TemporaryDirectory() as folder:
        assert again(questionnaire, Path(folder)) == questionnaire


def test_a_person_can_read_it() -> None:
    long = " ".join(["A long sentence about clusters."] * 20)
    written = questionnaire_yaml(with_text(f"{long}\n{long}"))
    assert max(map(len, written.splitlines())) <= 140
    assert "- {code: A1, text: {en: Never, 'no': x}}" in questionnaire_yaml(with_text("Never"))
    assert "version: '1.10'" in written
    assert "minimum: 0\n" in written


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be written"):
        write_questionnaire(with_text("x"), tmp_path / "none" / "questionnaire.yml")
