"""What a real LimeSurvey once replied to our questionnaires, read without it: its re-exports and its responses.

``python tests/live_limesurvey.py record`` writes these replies anew; they have to be renewed when a questionnaire
changes.
"""

from __future__ import annotations

import csv
import io
import json
import random
import re
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from clustergov.instruments.check import check_questionnaire, read_questionnaire
from clustergov.instruments.limesurvey import read_limesurvey
from clustergov.instruments.questionnaire import Question, Questionnaire
from clustergov.instruments.routing import parse
from clustergov.instruments.rules.answers import OTHER_CODES
from clustergov.survey.reading import read_responses

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # modules that several tests share

from answer_paths import as_routing_sees, draw

ROOT = Path(__file__).resolve().parents[2]
REPLIES = Path(__file__).parent / "limesurvey_replies"
FILES = [*sorted((ROOT / "instruments").glob("*.yml")), Path(__file__).parent / "every_kind.yml"]


@pytest.fixture(scope="module", params=FILES, ids=lambda file: file.stem)
def file(request: pytest.FixtureRequest) -> Path:
    found: Path = request.param
    return found


@pytest.fixture(scope="module")
def name(file: Path) -> str:
    return file.stem


@pytest.fixture(scope="module")
def questionnaire(file: Path) -> Questionnaire:
    return read_questionnaire(file)


@pytest.fixture(scope="module")
def told(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((REPLIES / f"{name}.json").read_text(encoding="utf-8"))
    return found


def spelled(text: str) -> str:
    return " ".join(text.split())


def content(questionnaire: Questionnaire, question: Question, languages: tuple[str, ...]) -> dict[str, Any]:
    """What LimeSurvey can hold of a question: for the places of a ranking it has words of its own."""
    scale = questionnaire.scales.get(question.scale)
    options = [each for each in (scale.options if scale else ()) if not (question.other and each.code in OTHER_CODES)]
    items = () if question.kind == "ranking" else question.items
    return {
        "code": question.code,
        "kind": question.kind,
        "required": question.required,
        "other": question.other,
        "text": [spelled(question.text.to(language)) for language in languages],
        "help": [spelled(question.help.to(language)) if question.help else "" for language in languages],
        "items": [
            (each.code, each.when, [spelled(each.text.to(language)) for language in languages]) for each in items
        ],
        "options": [
            (each.code, each.blank, [spelled(each.text.to(language)) for language in languages]) for each in options
        ],
        "limits": (question.minimum, question.maximum, question.integer, question.total),
    }


@pytest.mark.parametrize("kind", ["lss", "txt"])
def test_the_re_export_is_our_questionnaire(name: str, questionnaire: Questionnaire, kind: str) -> None:
    imported = read_limesurvey(REPLIES / f"{name}.{kind}").questionnaire
    languages = questionnaire.languages
    assert [spelled(imported.title.to(each)) for each in languages] == [
        spelled(questionnaire.title.to(each)) for each in languages
    ]
    assert [section.title for section in imported.sections] == [section.title for section in questionnaire.sections]
    for ours, theirs in zip(questionnaire.questions, imported.questions, strict=True):
        assert content(imported, theirs, languages) == content(questionnaire, ours, languages)


@pytest.mark.parametrize("kind", ["lss", "txt"])
def test_the_re_export_asks_the_same_of_everybody(name: str, questionnaire: Questionnaire, kind: str) -> None:
    """Routing, of questions and of items, and constraints, for 200 respondents; conditions can be written otherwise."""
    imported = read_limesurvey(REPLIES / f"{name}.{kind}").questionnaire
    drawn = [as_routing_sees(draw(questionnaire, random.Random(seed)), questionnaire) for seed in range(200)]
    for ours, theirs in zip(questionnaire.questions, imported.questions, strict=True):
        assert not theirs.relevance, "every condition is understood"
        assert meaning(theirs.when, drawn) == meaning(ours.when, drawn), ours.code
        assert meaning(theirs.constraint, drawn) == meaning(ours.constraint, drawn), ours.code
        for own, other in zip(ours.items, theirs.items, strict=True):
            assert meaning(other.when, drawn) == meaning(own.when, drawn), (ours.code, own.code)


def meaning(condition: str, drawn: list[dict[str, Any]]) -> list[bool]:
    """For whom a condition holds; one that looks at an answer nobody has to give is not applied where it is blank."""
    return [parse(condition).holds(each) for each in drawn] if condition else [True] * len(drawn)


def test_only_the_xml_re_export_holds_every_translation(name: str, questionnaire: Questionnaire) -> None:
    """LimeSurvey's tab-separated export keeps units, messages and the word for “other” in one language only."""
    assert read_limesurvey(REPLIES / f"{name}.lss").questionnaire.languages == questionnaire.languages
    table = read_limesurvey(REPLIES / f"{name}.txt")
    spoiled = any(each.unit or each.constraint or each.other or each.total for each in questionnaire.questions)
    lacking = {each.rule for each in check_questionnaire(table.questionnaire)}
    assert ("missing-translation" in lacking) == spoiled
    assert ("limesurvey-language" in {note.rule for note in table.notes}) == spoiled, "and the import report says so"


def test_every_variable_has_a_field(questionnaire: Questionnaire, told: dict[str, Any]) -> None:
    assert {variable.name for variable in questionnaire.variables} <= set(told["fields"])
    assert re.fullmatch(r"6\.\d+\.\d+", told["limesurvey"]), "the version that was asked"


def test_the_two_respondents_were_shown_different_questions(questionnaire: Questionnaire, told: dict[str, Any]) -> None:
    shown = [[code for page in each["shown"] for code in page["questions"]] for each in told["respondents"]]
    assert (shown[0] != shown[1]) == any(question.when for question in questionnaire.questions)


def test_the_responses_are_what_was_entered(name: str, questionnaire: Questionnaire, told: dict[str, Any]) -> None:
    responses = read_responses(REPLIES / f"{name}.csv", questionnaire, strict=True)
    assert responses.n == len(told["respondents"]) == 2
    for row, respondent in enumerate(told["respondents"]):
        answers = {name: "N" for name in respondent["asked"] if questionnaire.by_name[name].kind == "tick"}
        answers |= respondent["answers"]
        for variable in questionnaire.variables:
            given, cell = answers.get(variable.name), responses.frame.iloc[row][variable.name]
            codes = variable.scale.codes if variable.scale is not None else ()
            if given is None or (codes and given not in codes):
                assert pd.isna(cell), variable.name
            else:
                assert cell == given, variable.name


def test_nothing_tells_of_a_server_or_a_person(name: str) -> None:
    for file in REPLIES.glob(f"{name}.*"):
        text = file.read_text(encoding="utf-8-sig")
        assert re.search(r"[\w.]+@[\w-]+\.\w|https?://(?!www\.w3\.org)|127\.0\.0\.1|{FIRSTNAME}", text) is None, (
            file.name
        )


def test_the_responses_have_the_form_that_limesurvey_writes(name: str) -> None:
    """A test of the fixture: UTF-8 with a mark, semicolons, line ends of two characters, a blank line at the end."""
    raw = (REPLIES / f"{name}.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    assert raw.endswith(b"\r\n\r\n")
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert len({len(row) for row in rows if row}) == 1
