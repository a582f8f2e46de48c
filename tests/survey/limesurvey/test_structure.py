"""What a survey on a server asks, read and compared: each change that LimeSurvey or a person may make is named."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest

from clustergov.instruments.check import read_questionnaire
from clustergov.instruments.limesurvey.write import to_lss
from clustergov.instruments.questionnaire import Item, Option, Question, Questionnaire, Scale
from clustergov.language import Text
from clustergov.survey.limesurvey.connection import Connection
from clustergov.survey.limesurvey.differences import differences
from clustergov.survey.limesurvey.structure import Structure, read_structure, written_structure
from remote_control import FakeLimeSurvey, FakeSurvey

ROOT = Path(__file__).resolve().parents[3]
FILES = [*sorted((ROOT / "instruments").glob("*.yml")), ROOT / "tests" / "instruments" / "every_kind.yml"]
NUMBER = 654321


def brought_in(server: Connection, questionnaire: Questionnaire) -> None:
    assert server.tell("import_survey", io.BytesIO(to_lss(questionnaire).content), "lss", None, NUMBER) == NUMBER


def compared(server: Connection, questionnaire: Questionnaire) -> list[str]:
    return differences(written_structure(questionnaire), read_structure(server, NUMBER))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_what_was_imported_whole_does_not_differ(server: Connection, file: Path) -> None:
    questionnaire = read_questionnaire(file)
    brought_in(server, questionnaire)
    assert compared(server, questionnaire) == []


def test_every_variable_is_a_field(every_kind: Questionnaire) -> None:
    names = {variable.name for variable in every_kind.variables}
    assert written_structure(every_kind).fields == names


def both(text: str) -> Text:
    return Text({"nl": text, "en": text})


def test_grids_and_dual_scales_are_read_as_they_are_written(server: Connection, every_kind: Questionnaire) -> None:
    """Kinds that no questionnaire of ours has, with codes 0, 1, 2, which PHP writes as a list without its keys."""
    options = tuple(Option(code=str(place), text=both(f"o{place}")) for place in range(3))
    scale, other = Scale(direction="ascending", options=options), Scale(direction="descending", options=options[:2])
    cells = tuple(
        Item(code=f"r{row}_c{column}", text=both(f"R{row} – C{column}")) for row in (1, 2) for column in (1, 2)
    )
    pairs = tuple(
        Item(code=f"r{row}_{side}", text=both(f"R{row} – S{side}"), scale=name)
        for row in (1, 2) for side, name in enumerate(("first", "second"))
    )  # fmt: skip
    questions = (
        Question(code="grid", kind="numbers", text=both("g"), items=cells),
        Question(code="ticks", kind="multiple", text=both("t"), items=cells),
        Question(code="dual", kind="array", text=both("d"), items=pairs),
        Question(code="zero", kind="single", text=both("z"), scale="first"),
        Question(code="chance", kind="single", text=both("c"), scale="second", random_order=True),
    )
    own = {name: getattr(every_kind, name) for name in Questionnaire.model_fields}
    section = every_kind.sections[0].model_copy(update={"questions": questions})
    asked = Questionnaire(**(own | {"sections": (section,), "scales": {"first": scale, "second": other}}))
    brought_in(server, asked)
    assert compared(server, asked) == []
    assert read_structure(server, NUMBER).fields == {variable.name for variable in asked.variables}


def drop(rows: list[dict], **wanted: object) -> None:  # type: ignore[type-arg]
    rows.remove(next(row for row in rows if all(row[name] == value for name, value in wanted.items())))


def sabotages() -> dict[str, tuple[Callable[[FakeSurvey], object], str]]:
    """What happened to a survey, and the sentence that says so."""

    def texts(survey: FakeSurvey, code: str, parent: str = "", language: str = "nl") -> dict[str, str]:
        return survey.texts["question", survey.question(code, parent)["qid"], language]

    def answers(survey: FakeSurvey, code: str) -> list[dict]:  # type: ignore[type-arg]
        return survey.answers[survey.question(code)["qid"]]

    return {
        "language": (lambda s: s.row.update(additional_languages=""), "the survey, languages: expected “nl, en”, found “nl”."),
        "title": (lambda s: s.words["en"].update(surveyls_title="Else"), "the survey, title (en): expected “Every kind of question & answer”, found “Else”."),
        "welcome": (lambda s: s.words["nl"].update(surveyls_welcometext=""), "the survey, text before the first question (nl): expected “Dit is de tekst vooraf: 1 < 2.”, found nothing."),
        "group text": (lambda s: s.texts["group", s.groups[0]["gid"], "nl"].update(group_name="X"), "group 1, title (nl): expected “Eerste deel”, found “X”."),
        "group condition": (lambda s: s.groups[1].update(grelevance="0"), "group 2, condition: expected nothing, found “0”."),
        "groups swapped": (lambda s: [group.update(group_order=1 - group["group_order"]) for group in s.groups], "group 1, title (nl): expected “Eerste deel”, found “Tweede deel”."),
        "question gone": (lambda s: drop(s.questions, title="day"), "question “day” is not on the server."),
        "question renamed": (lambda s: s.question("day").update(title="r123q0"), "question “r123q0” is on the server and not in the questionnaire."),
        "question moved": (lambda s: s.question("day").update(gid=s.groups[1]["gid"]), "question “day”, group: expected “1”, found “2”."),
        "order": (lambda s: s.question("day").update(question_order=-1), "group 1, questions: expected “"),
        "type": (lambda s: s.question("degrees").update(type="S"), "question “degrees”, type: expected “N”, found “S”."),
        "mandatory": (lambda s: s.question("views").update(mandatory="S"), "question “views”, mandatory: expected “Y”, found “S”."),
        "other": (lambda s: s.question("wants").update(other="N"), "question “wants”, free “other”: expected “Y”, found “N”."),
        "condition": (lambda s: s.question("degrees").update(relevance="1"), "question “degrees”, condition: expected “views_x.NAOK == \"1\"”, found nothing."),
        "pattern": (lambda s: s.question("why").update(preg="/^x/"), "question “why”, pattern: expected nothing, found “/^x/”."),
        "text": (lambda s: texts(s, "day").update(question="Wanneer?"), "question “day”, text (nl): expected “Op welke dag?”, found “Wanneer?”."),
        "help": (lambda s: texts(s, "day", language="en").update(help="Hint"), "question “day”, help (en): expected nothing, found “Hint”."),
        "subquestion renamed": (lambda s: s.question("milk", "wants").update(title="melk"), "question “wants”, subquestion “milk” is not on the server."),
        "subquestion added": (lambda s: s.questions.append({**s.question("x", "names"), "title": "z", "question_order": 9}), "question “names”, subquestion “z” is on the server and not in the questionnaire."),
        "subquestion twice": (lambda s: s.questions.append({**s.question("x", "names"), "question_order": 9}), "question “names”, subquestion “x” is on the server and not in the questionnaire."),
        "subquestion's text": (lambda s: texts(s, "milk", "wants").update(question="room"), "question “wants”, subquestion “milk”, text (nl): expected “melk”, found “room”."),
        "subquestion's condition": (lambda s: s.question("milk", "wants").update(relevance="0"), "question “wants”, subquestion “milk”, condition: expected nothing, found “0”."),
        "subquestions swapped": (lambda s: s.question("milk", "wants").update(question_order=-1), "question “wants”, order of subquestions: expected “tea, milk”, found “milk, tea”."),
        "answer vanished": (lambda s: drop(answers(s, "colour"), code="g"), "question “colour”, answer “g” is not on the server."),
        "answer's text": (lambda s: answers(s, "colour")[0]["texts"].update(en="crimson"), "question “colour”, answer “r”, text (en): expected “red”, found “crimson”."),
        "answers swapped": (lambda s: answers(s, "colour")[0].update(order=7), "question “colour”, order of answers: expected “r, g, b”, found “g, b, r”."),
        "limit gone": (lambda s: s.attributes[s.question("degrees")["qid"]].pop(("max_num_value_n", "")), "question “degrees”, attribute max_num_value_n: expected “5”, found nothing."),
        "unit": (lambda s: s.attributes[s.question("degrees")["qid"]].update({("suffix", "nl"): "K"}), "question “degrees”, attribute suffix (nl): expected “graden”, found “K”."),
        "hidden": (lambda s: s.attributes.setdefault(s.question("day")["qid"], {}).update({("hidden", ""): "1"}), "question “day”, attribute hidden: expected nothing, found “1”."),
        "constraint": (lambda s: s.attributes[s.question("parts")["qid"]].update({("em_validation_q", ""): "1"}), "question “parts”, attribute em_validation_q: expected “"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda s: s.defaults.add(s.question("why")["qid"]), "question “why” has an answer filled in beforehand."),
        (lambda s: s.quotas.append({"name": "full"}), "there is a quota “full”."),
        (lambda s: s.question("why").update(encrypted="Y"), "question “why” is stored encrypted."),
        (lambda s: s.texts["question", s.question("why")["qid"], "nl"].update(script="x()"), "question “why” runs a script."),
        (lambda s: s.groups[0].update(randomization_group="r"), "group “Eerste deel” takes turns in an order of chance (“r”)."),
    ],
)  # fmt: skip
def test_what_a_person_added_is_named(
    fake: FakeLimeSurvey,
    server: Connection,
    every_kind: Questionnaire,
    change: Callable[[FakeSurvey], object],
    told: str,
) -> None:
    brought_in(server, every_kind)
    change(fake.surveys[NUMBER])
    assert compared(server, every_kind) == [told]


def test_a_question_without_texts_in_one_language_is_named(
    fake: FakeLimeSurvey, server: Connection, every_kind: Questionnaire, monkeypatch: pytest.MonkeyPatch
) -> None:
    brought_in(server, every_kind)
    number, tells = fake.surveys[NUMBER].question("day")["qid"], fake.rpc_get_question_properties

    def telling(asked: int, wanted: list[str], language: str | None = None) -> object:
        return (
            {"status": "Error: Invalid questionid"}
            if (asked, language) == (number, "en")
            else tells(asked, wanted, language)
        )

    monkeypatch.setattr(fake, "rpc_get_question_properties", telling)
    assert compared(server, every_kind) == ["question “day”, text (en): expected “On which day?”, found nothing."]


@pytest.mark.parametrize("what", sabotages())
def test_a_change_is_named(fake: FakeLimeSurvey, server: Connection, every_kind: Questionnaire, what: str) -> None:
    brought_in(server, every_kind)
    change, told = sabotages()[what]
    change(fake.surveys[NUMBER])
    found = compared(server, every_kind)
    assert any(sentence.startswith(told) for sentence in found), found


def test_spelling_of_html_is_no_difference(fake: FakeLimeSurvey, server: Connection, every_kind: Questionnaire) -> None:
    """A server may write a text's HTML anew; what a respondent reads is the same."""
    brought_in(server, every_kind)
    survey = fake.surveys[NUMBER]
    survey.words["nl"]["surveyls_welcometext"] = "<p>Dit is de tekst vooraf:\n1 &lt; 2.</p>\n"
    survey.question("day")["relevance"] = ""
    assert compared(server, every_kind) == []


def test_words_that_a_filter_makes_an_expression_are_named(
    fake: FakeLimeSurvey, server: Connection, every_kind: Questionnaire
) -> None:
    """So does LimeSurvey with the texts of accounts that are no superadministrator's: “&#123;geen&#125;” becomes “{geen}”."""
    brought_in(server, every_kind)
    survey = fake.surveys[NUMBER]
    words = survey.texts["question", survey.question("notice")["qid"], "nl"]
    words["question"] = words["question"].replace("&#123;", "{").replace("&#125;", "}")
    (told,) = compared(server, every_kind)
    assert told.startswith("question “notice”, text (nl): the server takes “{geen}” for an expression")


def test_a_field_that_is_missing_or_too_many_is_named(every_kind: Questionnaire) -> None:
    wanted = written_structure(every_kind)
    found = Structure(wanted.survey, wanted.fields - {"day"} | {"night"})
    assert differences(wanted, found) == [
        "the responses have no field for the variable “day”.",
        "the responses have a field “night”, which is no variable of the questionnaire.",
    ]


def test_a_long_text_is_quoted_where_it_differs(fake: FakeLimeSurvey, server: Connection) -> None:
    questionnaire = read_questionnaire(ROOT / "instruments" / "cluster-organisation.yml")
    brought_in(server, questionnaire)
    words = fake.surveys[NUMBER].words["en"]
    words["surveyls_endtext"] = words["surveyls_endtext"].replace("answers", "replies")
    (told,) = compared(server, questionnaire)
    assert "answers" in told
    assert "replies" in told
    assert len(told) < 300
