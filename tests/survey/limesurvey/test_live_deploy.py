"""A real LimeSurvey takes our questionnaires through `deploy`, and fails in the ways that we prepared for.

Needs a server (see `live_limesurvey.VARIABLES`). Every survey that is made here is deleted at the end.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from clustergov.instruments.check import read_questionnaire
from clustergov.instruments.limesurvey.write import to_lss
from clustergov.instruments.questionnaire import Questionnaire
from clustergov.language import Text
from clustergov.survey.collection.fieldwork import Consent, Contact, Fieldwork, Message
from clustergov.survey.limesurvey import errors
from clustergov.survey.limesurvey.connection import Connection
from clustergov.survey.limesurvey.credentials import Credentials
from clustergov.survey.limesurvey.debris import marked, surveys
from clustergov.survey.limesurvey.deploy import DiffersError, _imported, activate, compare, deploy
from clustergov.survey.limesurvey.structure import read_structure
from clustergov.survey.privacy.consent import fielded
from live_limesurvey import MISSING, configured
from remote_control import PASSWORD, USER, fake_limesurvey

pytestmark = pytest.mark.skipif(not configured(), reason=MISSING)

TESTS = Path(__file__).resolve().parents[2]
FILES = [*sorted((TESTS.parent / "instruments").glob("*.yml")), TESTS / "instruments" / "every_kind.yml"]
EVERY_KIND = TESTS / "instruments" / "every_kind.yml"
OPEN = Fieldwork(fieldwork="test", questionnaire="q.yml")
INVITED = Fieldwork(
    fieldwork="test", questionnaire="q.yml", access="invited", anonymous=False, paging="question",
    contact=Contact(name="Anna Smit", email="anna@example.org"),
    notice=Text({"nl": "Waarom wij dit vragen.", "en": "Why we ask this."}),
    consent=(Consent(use="research", text=Text({"nl": "Ik doe mee.", "en": "I take part."}), required=True),),
    invitation=Message(subject=Text({"nl": "Voor {name}", "en": "For {name}"}), body=Text({"nl": "{link} {x} <b> & 1 < 2", "en": "{link}"})),
)  # fmt: skip


@pytest.fixture
def server() -> Iterator[Connection]:
    with Connection(Credentials.find()) as opened:
        yield opened


@contextmanager
def deployed(server: Connection, file: Path, fieldwork: Fieldwork) -> Iterator[tuple[int, Questionnaire]]:
    """A survey on the server and the questionnaire as it is fielded."""
    questionnaire = fielded(read_questionnaire(file), fieldwork)
    number = deploy(server, questionnaire, fieldwork).number
    try:
        yield number, questionnaire
    finally:
        server.tell("delete_survey", number)


def page(url: str) -> str:
    import requests

    reply = requests.get(url, timeout=60)
    reply.raise_for_status()
    return reply.text


@pytest.mark.parametrize("fieldwork", [OPEN, INVITED], ids=["open", "invited"])
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_it_is_deployed_and_equal(server: Connection, file: Path, fieldwork: Fieldwork) -> None:
    with deployed(server, file, fieldwork) as (number, questionnaire):
        found = compare(server, number, questionnaire, fieldwork)
        assert found.fields == len(questionnaire.variables)
        assert server.ask("get_survey_properties", number, ["active"])["active"] == "N"


def subquestion(server: Connection, number: int, code: str) -> int:
    rows = server.rows("list_questions", number)
    return next(int(row["qid"]) for row in rows if row["title"] == code and int(row["parent_qid"]))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"title": "melk"}, "subquestion “milk” is not on the server"),
        ({"relevance": "0"}, "subquestion “milk”, condition: expected nothing, found “0”"),
        ({"question_order": -1}, "question “wants”, order of subquestions: expected “tea, milk”, found “milk, tea”"),
    ],
)
def test_a_subquestion_changed_meanwhile_is_named_and_nothing_activated(
    server: Connection, change: dict[str, Any], told: str
) -> None:
    with deployed(server, EVERY_KIND, OPEN) as (number, questionnaire):
        assert server.tell("set_question_properties", subquestion(server, number, "milk"), **change)
        with pytest.raises(DiffersError, match=told):
            compare(server, number, questionnaire, OPEN)


@pytest.mark.parametrize(
    ("code", "change", "told"),
    [
        ("day", {"mandatory": "S"}, "question “day”, mandatory: expected “N”, found “S”"),
        ("views", {"relevance": "1"}, "question “views”, condition: expected “"),
        ("why", {"preg": "/x/"}, "question “why”, pattern: expected nothing, found “/x/”"),
        ("wants", {"other": "N"}, "question “wants”, free “other”: expected “Y”, found “N”"),
    ],
)
def test_a_question_changed_meanwhile_is_named(
    server: Connection, code: str, change: dict[str, Any], told: str
) -> None:
    with deployed(server, EVERY_KIND, OPEN) as (number, questionnaire):
        rows = server.rows("list_questions", number)
        own = next(int(row["qid"]) for row in rows if row["title"] == code and not int(row["parent_qid"]))
        assert server.tell("set_question_properties", own, **change)
        with pytest.raises(DiffersError, match=told):
            compare(server, number, questionnaire, OPEN)


def test_a_question_deleted_meanwhile_is_named(server: Connection) -> None:
    with deployed(server, EVERY_KIND, OPEN) as (number, questionnaire):
        rows = server.rows("list_questions", number)
        server.tell("delete_question", next(int(row["qid"]) for row in rows if row["title"] == "names"))
        with pytest.raises(DiffersError) as caught:
            compare(server, number, questionnaire, OPEN)
        messages = [problem.message for problem in caught.value.problems]
        assert "question “names” is not on the server." in messages
        assert "the responses have no field for the variable “names_x”." in messages


DAMAGE = [
    (b"<title>travel</title>", b"<title>travelxxxxxxxxxxxxxxxxxxxxxxx</title>"),  # longer than its column
    (b"<type>D</type>", b"<type>?</type>"),
    (b"<mandatory>Y</mandatory>", b"<mandatory>perhaps</mandatory>"),
    (b"</document>", b""),
]
MERGED = [
    (b"<title>tea</title>", b"<title>milk</title>"),  # twice the same subquestion
    (b"<code>bike</code>", b"<code>bi_ke!</code>"),  # vanishes without a word
    (b"<title>day</title>", b"<title>colour</title>"),  # renamed at random
    (b"<language>en</language>", b"<language>xx</language>"),
]


@pytest.mark.parametrize(("old", "new"), DAMAGE)
def test_debris_of_a_failed_import_is_deleted(server: Connection, old: bytes, new: bytes) -> None:
    content = to_lss(read_questionnaire(EVERY_KIND)).content
    assert old in content
    own = marked(server)
    with pytest.raises(errors.LimeSurveyError) as caught:
        _imported(server, content.replace(old, new), own)
    assert "limesurvey-debris" in {problem.rule for problem in caught.value.problems}
    with pytest.raises(errors.NoSuchSurveyError):
        server.ask("get_survey_properties", own.wanted)
    assert surveys(server) >= own.before, "what was there is there"


@pytest.mark.parametrize(("old", "new"), MERGED)
def test_an_import_that_went_wrong_without_a_word_is_found_out(
    server: Connection, old: bytes, new: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    from clustergov.survey.limesurvey import deploy as module

    def damaged(questionnaire: Questionnaire) -> Any:
        exported = to_lss(questionnaire)
        return replace(exported, content=exported.content.replace(old, new))

    monkeypatch.setattr(module, "to_lss", damaged)
    before = surveys(server)
    with pytest.raises(errors.LimeSurveyError) as caught:
        deploy(server, read_questionnaire(EVERY_KIND), OPEN)
    assert "limesurvey-debris" in {problem.rule for problem in caught.value.problems}
    mine = surveys(server) - before
    titles = [server.ask("get_language_properties", each, settings=["surveyls_title"]) for each in mine]
    assert not [title for title in titles if "clustergov-" in str(title)]


def test_an_open_survey_is_opened(server: Connection) -> None:
    with deployed(server, EVERY_KIND, OPEN) as (number, questionnaire):
        activate(server, number, OPEN)
        found = server.ask("get_survey_properties", number)
        assert {found[name] for name in ("datestamp", "ipaddr", "refurl", "savetimings")} == {"N"}
        assert (found["active"], found["anonymized"]) == ("Y", "Y")
        for language in questionnaire.languages:
            text = page(server.credentials.respondents(number, language))
            assert questionnaire.title.to(language).replace("&", "&amp;") in text
        assert compare(server, number, questionnaire, OPEN).number == number, "an active survey is as it was compared"
        activate(server, number, OPEN)


def test_a_survey_for_invited_persons_lets_nobody_else_in(server: Connection) -> None:
    with deployed(server, EVERY_KIND, INVITED) as (number, _):
        activate(server, number, INVITED)
        assert server.rows("list_participants", number) == []
        person = {
            "firstname": "Anna Smit",
            "email": "anna@example.org",
            "language": "nl",
            "token": "abcdefghijklmnopqrst",
        }
        server.tell("add_participants", number, participant_data=[person], create_tokens=False)
        link = server.credentials.respondents(number, "nl")
        welcome = "Dit is de tekst vooraf"
        assert welcome not in page(link)
        assert welcome in page(f"{link}&token=abcdefghijklmnopqrst")


def test_what_the_server_says_of_mistakes(server: Connection) -> None:
    own = server.credentials
    with pytest.raises(errors.NoSuchSurveyError):
        read_structure(server, 7)
    with pytest.raises(errors.NotAllowedError):
        server.tell("delete_survey", 7)
    with pytest.raises(errors.LimeSurveyError):
        server.tell("no_such_method")
    for wrong, kind in [
        (replace(own, password=f"{own.password}x"), errors.LoginRefusedError),
        (replace(own, url=own.url.replace("index.php", "index.html")), errors.WrongAddressError),
        (replace(own, url=own.url.replace("remotecontrol", "remotecontrols")), errors.WrongAddressError),
    ]:
        with pytest.raises(errors.LimeSurveyError) as caught, Connection(wrong):
            pass
        assert type(caught.value) is kind
        assert own.password not in str(caught.value)


def shape(value: Any) -> Any:
    """Keys and types of a reply; of a list those of its first row, of numbers and their like nothing."""
    if isinstance(value, dict):
        return {key: shape(each) for key, each in value.items()}
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    return "text or nothing" if value is None or isinstance(value, str) else type(value).__name__


def without_more(fake: Any, real: Any) -> Any:
    """The real reply's shape with only those keys that the fake's has: a real one tells more."""
    if isinstance(fake, dict) and isinstance(real, dict):
        return {key: without_more(fake[key], real[key]) for key in fake if key in real}
    if isinstance(fake, list) and isinstance(real, list) and len(fake) == len(real):
        return [without_more(own, other) for own, other in zip(fake, real, strict=True)]
    return real


def test_the_fake_server_answers_like_the_real_one(server: Connection) -> None:
    """Shapes of replies, and the words of refusals, of both to the same questions in the same order."""
    questionnaire = read_questionnaire(EVERY_KIND)
    with fake_limesurvey() as fake, Connection(Credentials(fake.url, USER, PASSWORD)) as other:
        ours, theirs = (answers(each, questionnaire) for each in (other, server))
    unlike = {each: (mine, theirs[each]) for each, mine in ours.items() if mine != without_more(mine, theirs[each])}
    assert unlike == {}


def answers(server: Connection, questionnaire: Questionnaire) -> dict[str, Any]:
    number = server.tell("import_survey", io.BytesIO(to_lss(questionnaire).content), "lss")
    try:
        rows = server.rows("list_questions", number)
        codes = {row["title"]: int(row["qid"]) for row in rows if not int(row["parent_qid"])}
        asked = {
            "get_survey_properties": (number,), "list_groups": (number,), "list_questions": (number,), "list_participants": (number,),
            "get_language_properties": (number,), "activate_survey": (number,), "get_summary": (number,), "activate_tokens": (number,),
        }  # fmt: skip
        found = {method: told(server, method, *arguments) for method, arguments in asked.items()}
        found["again"] = told(server, "activate_survey", number)
        found["none"] = told(server, "list_participants", number)
        found["gone"] = [
            told(server, method, 7)
            for method in ("get_survey_properties", "list_groups", "get_fieldmap", "delete_survey")
        ]
        for code in ("rank", "colour", "travel", "views", "costs", "why"):
            wanted = ["title", "type", "mandatory", "relevance", "question", "answeroptions", "attributes_lang"]
            found[code] = shape(server.ask("get_question_properties", codes[code], settings=wanted, language="nl"))
        fields = server.ask("get_fieldmap", number)
        found["fields"] = [(entry["title"], entry.get("aid") or "", entry["type"]) for entry in fields.values()]
    finally:
        server.tell("delete_survey", number)
    return found


def told(server: Connection, method: str, *arguments: Any) -> Any:
    """The shape of a reply, or the kind of the error."""
    try:
        return shape(server.tell(method, *arguments))
    except errors.LimeSurveyError as error:
        return type(error).__name__
