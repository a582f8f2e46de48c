"""Export to LimeSurvey as tab-separated values: the same questionnaire as the .lss, within the rules of this format."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path

import pytest
from hypothesis import given

from clustergov.instruments.check import read_questionnaire
from clustergov.instruments.limesurvey import read_limesurvey
from clustergov.instruments.limesurvey.write import to_lss, to_txt
from clustergov.instruments.questionnaire import Questionnaire
from clustergov.problems import InputError
from lime_round_trip import again, assert_same_routing, held, spelled
from questionnaire_strategy import questionnaires, tries

ORDINARY = ("em_validation_q", "min_num_value_n", "max_num_value_n", "num_value_int_only", "clustergov_other")


def table(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode(), newline=""), delimiter="\t"))


@pytest.fixture(scope="module")
def shipped(root: Path) -> Questionnaire:
    return read_questionnaire(root / "instruments" / "cluster-organisation.yml")


def test_both_formats_say_the_same(root: Path, tmp_path: Path) -> None:
    for file in sorted((root / "instruments").glob("*.yml")):
        own = read_questionnaire(file)
        one, other = again(to_lss(own).content, "lss", tmp_path), again(to_txt(own).content, "txt", tmp_path)
        assert one == other, file.name
        assert to_lss(own).notes == to_txt(own).notes


@pytest.mark.roundtrip
@tries()
@given(own=questionnaires())
def test_any_questionnaire_comes_back(own: Questionnaire) -> None:
    with tempfile.TemporaryDirectory() as folder:
        back = again(to_txt(own).content, "txt", Path(folder))
    assert held(back) == held(own)
    assert_same_routing(own, back, draws=8)


def test_what_was_imported_is_stable(shared: Path, tmp_path: Path) -> None:
    folder = shared / "data" / "limesurvey"
    for file in sorted([*folder.glob("*.lss"), *folder.glob("*.txt")]):
        first = read_limesurvey(file).questionnaire
        second = again(to_txt(first).content, "txt", tmp_path)
        assert spelled(second) == spelled(first), file.name


def test_attributes_stand_once_and_their_words_in_every_language(shipped: Questionnaire) -> None:
    rows = [row for row in table(to_txt(shipped).content) if row["class"] == "Q"]
    base, other = shipped.languages
    for name in ORDINARY:
        assert any(row[name] for row in rows if row["language"] == base)
        assert not any(row[name] for row in rows if row["language"] == other)
    tips = {row["language"]: row["em_validation_q_tip"] for row in rows if row["name"] == "funding"}
    assert tips == {"nl": "De getallen moeten samen 100 zijn.", "en": "The numbers must add up to 100."}


def test_the_base_language_is_whole_before_the_next_begins(shipped: Questionnaire) -> None:
    languages = [row["language"] for row in table(to_txt(shipped).content) if row["class"] in ("G", "Q", "SQ", "A")]
    assert languages == sorted(languages, key=shipped.languages.index)
    assert languages.count("nl") == languages.count("en")


def test_no_cell_holds_what_the_format_spoils(shipped: Questionnaire) -> None:
    text = '\\"quoted\\" and C:\\'
    spoilt = shipped.model_copy(update={"title": type(shipped.title)({"nl": text, "en": text + "\n\tnext"})})
    content = to_txt(spoilt).content.decode()
    assert '\\"' not in content
    assert all(len(line.split("\t")) == len(content.splitlines()[0].split("\t")) for line in content.splitlines())


def test_a_condition_that_this_format_spoils_is_refused(shipped: Questionnaire) -> None:
    section = shipped.sections[0]
    question = section.questions[1].model_copy(update={"relevance": 'regexMatch("/\\"/", x)', "when": ""})
    asked = section.model_copy(update={"questions": (section.questions[0], question)})
    imported = Questionnaire(
        questionnaire="t", version="1", title=shipped.title, languages=shipped.languages, imported_from="LimeSurvey",
        scales=shipped.scales, sections=(asked,),
    )  # fmt: skip
    assert to_lss(imported).content
    with pytest.raises(InputError) as told:
        to_txt(imported)
    assert told.value.problems[0].rule == "limesurvey-backslash"
