"""A questionnaire put on a (fake) server: whole and as fieldwork says, or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from clustergov.cli import command
from clustergov.instruments.questionnaire import Questionnaire
from clustergov.language import Text
from clustergov.problems import InputError
from clustergov.survey.collection.fieldwork import Contact, Fieldwork, Message
from clustergov.survey.limesurvey import errors
from clustergov.survey.limesurvey.connection import Connection
from clustergov.survey.limesurvey.credentials import PASSWORD as PASSWORD_NAME
from clustergov.survey.limesurvey.credentials import URL as URL_NAME
from clustergov.survey.limesurvey.credentials import USER as USER_NAME
from clustergov.survey.limesurvey.deploy import DiffersError, activate, compare, deploy
from remote_control import PASSWORD, USER, FakeLimeSurvey, FakeSurvey

EVERY_KIND = Path(__file__).resolve().parents[2] / "instruments" / "every_kind.yml"
OPEN = Fieldwork(fieldwork="test", questionnaire="every_kind.yml")
INVITED = Fieldwork(
    fieldwork="test", questionnaire="every_kind.yml", access="invited", anonymous=False, paging="question",
    contact=Contact(name="Anna Smit", email="anna@example.org"),
    invitation=Message(subject=Text({"nl": "Voor {name}", "en": "For {name}"}), body=Text({"nl": "{link} {x}", "en": "{link}"})),
)  # fmt: skip


def only(fake: FakeLimeSurvey) -> FakeSurvey:
    (survey,) = fake.surveys.values()
    return survey


def mine(fake: FakeLimeSurvey) -> FakeSurvey:
    """A survey that somebody else made, and that must be there after everything."""
    survey = FakeSurvey(
        111111, {"sid": 111111, "language": "en", "additional_languages": "", "active": "N", "expires": None}
    )
    survey.words["en"] = {"surveyls_title": "Somebody else's"}
    fake.surveys[111111] = survey
    return survey


def test_it_is_there_as_the_questionnaire_says_and_not_active(
    fake: FakeLimeSurvey, server: Connection, every_kind: Questionnaire
) -> None:
    found = deploy(server, every_kind, OPEN)
    survey = only(fake)
    assert survey.sid == found.number
    assert not survey.active
    assert survey.words["nl"]["surveyls_title"] == "Alle soorten vragen &amp; antwoorden"
    assert found.links["en"] == f"{fake.url.removesuffix('/admin/remotecontrol')}/{found.number}?lang=en"
    assert found.fields == len(every_kind.variables)
    assert "activate_survey" not in fake.calls


def test_settings_store_nothing_of_a_respondent_but_the_answers(
    fake: FakeLimeSurvey, server: Connection, every_kind: Questionnaire
) -> None:
    deploy(server, every_kind, OPEN)
    row = only(fake).row
    off = (
        "datestamp",
        "ipaddr",
        "refurl",
        "savetimings",
        "publicstatistics",
        "listpublic",
        "sendconfirmation",
        "usetokens",
    )
    assert {row[name] for name in off} == {"N"}
    assert (row["anonymized"], row["format"], row["alloweditaftercompletion"]) == ("Y", "G", "N")


def test_settings_of_a_survey_for_invited_persons(
    fake: FakeLimeSurvey, server: Connection, every_kind: Questionnaire
) -> None:
    deploy(server, every_kind, INVITED)
    row, words = only(fake).row, only(fake).words
    assert (row["anonymized"], row["format"], row["usetokens"], row["tokenanswerspersistence"]) == ("N", "S", "Y", "Y")
    assert (row["admin"], row["adminemail"], row["htmlemail"]) == ("Anna Smit", "anna@example.org", "Y")
    assert words["nl"]["surveyls_email_invite_subj"] == "Voor {FIRSTNAME}"
    assert words["nl"]["surveyls_email_invite"] == "{SURVEYURL} { x}", "another brace is no expression"
    assert "{SURVEYURL}" in words["en"]["surveyls_email_remind"], "without a reminder of its own there is one of ours"
    assert "“Every kind of question &amp; answer”" in words["en"]["surveyls_email_remind"]
    assert words["en"]["surveyls_email_remind_subj"] == "Reminder: Every kind of question and answer"


@pytest.mark.parametrize("name", ["anonymized", "format", "ipaddr", "usetokens", "adminemail"])
def test_a_setting_that_the_server_does_not_take_is_named(
    fake: FakeLimeSurvey, server: Connection, every_kind: Questionnaire, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = fake.rpc_set_survey_properties
    monkeypatch.setattr(
        fake, "rpc_set_survey_properties",
        lambda number, values: taken(number, {key: "I" if key == name else value for key, value in values.items()}),
    )  # fmt: skip
    with pytest.raises(DiffersError) as caught:
        deploy(server, every_kind, INVITED)
    assert caught.value.problems[0].message.startswith(f"the survey, setting {name}: expected")
    assert fake.surveys == {}


def test_a_survey_that_differs_is_named_and_deleted(
    fake: FakeLimeSurvey, server: Connection, every_kind: Questionnaire, monkeypatch: pytest.MonkeyPatch
) -> None:
    other, bring_in = mine(fake), fake._import_questions

    def merging(survey: FakeSurvey, tables: object) -> None:
        bring_in(survey, tables)  # type: ignore[arg-type]
        survey.question("milk", "wants")["title"] = "tea"
        survey.answers[survey.question("colour")["qid"]].pop()

    monkeypatch.setattr(fake, "_import_questions", merging)
    with pytest.raises(DiffersError) as caught:
        deploy(server, every_kind, OPEN)
    told = str(caught.value)
    assert "question “wants”, subquestion “milk” is not on the server" in told
    assert "question “colour”, answer “b” is not on the server" in told
    assert "was deleted again" in told
    assert list(fake.surveys.values()) == [other]


def test_a_survey_that_differs_can_be_kept(
    fake: FakeLimeSurvey, server: Connection, every_kind: Questionnaire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fake, "_import_questions", lambda survey, tables: None)
    with pytest.raises(DiffersError) as caught:
        deploy(server, every_kind, OPEN, keep=True)
    assert f"survey {only(fake).sid} is kept" in str(caught.value)


@pytest.mark.parametrize("after", ["survey", "settings", "questions"])
def test_debris_of_a_failed_import_is_deleted_and_nothing_else(
    fake: FakeLimeSurvey, server: Connection, every_kind: Questionnaire, after: str
) -> None:
    other = mine(fake)
    fake.fail_import_after = after
    with pytest.raises(errors.LimeSurveyError) as caught:
        deploy(server, every_kind, OPEN)
    assert "what the import left behind was deleted: survey " in str(caught.value)
    assert list(fake.surveys.values()) == [other]


def test_an_import_whose_answer_is_lost_is_looked_for(
    fake: FakeLimeSurvey, server: Connection, every_kind: Questionnaire, waits: list[float]
) -> None:
    other = mine(fake)
    fake.trouble("import_survey", "done, then hung up")
    with pytest.raises(errors.UnreachableError) as caught:
        deploy(server, every_kind, OPEN)
    assert fake.calls.count("import_survey") == 1, "an import is never repeated"
    assert "was deleted: survey" in str(caught.value)
    assert waits == [3.0], "it is waited for until it grows no more"
    assert list(fake.surveys.values()) == [other]


def test_an_import_that_never_began_leaves_nothing(
    fake: FakeLimeSurvey, server: Connection, every_kind: Questionnaire
) -> None:
    fake.trouble("import_survey", "hung up")
    with pytest.raises(errors.UnreachableError) as caught:
        deploy(server, every_kind, OPEN)
    assert "left nothing behind so far; if it went on, it would be survey" in str(caught.value)


def test_when_the_server_is_gone_the_number_is_told(
    fake: FakeLimeSurvey, server: Connection, every_kind: Questionnaire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("clustergov.survey.limesurvey.debris.secrets.randbelow", lambda _: 23)
    fake.trouble("import_survey", "done, then hung up")
    listed = fake.rpc_list_surveys()
    fake.trouble("get_survey_properties", "status: Error: Invalid survey ID")
    fake.trouble("get_survey_properties", "busy", times=99)
    with pytest.raises(errors.UnreachableError) as caught:
        deploy(server, every_kind, OPEN)
    assert listed == {"status": "No surveys found"}
    assert "could not be looked up" in str(caught.value)
    assert "survey 100023" in str(caught.value)


def test_a_survey_of_somebody_else_that_came_up_meanwhile_stays(
    fake: FakeLimeSurvey, server: Connection, every_kind: Questionnaire, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring_in = fake.rpc_import_survey

    def importing(*arguments: object) -> object:
        mine(fake)
        bring_in(*arguments)  # type: ignore[arg-type]
        return {"status": "Error: something"}

    monkeypatch.setattr(fake, "rpc_import_survey", importing)
    with pytest.raises(errors.RefusedError):
        deploy(server, every_kind, OPEN)
    assert list(fake.surveys) == [111111]


def test_another_number_than_the_one_wanted_is_taken_and_cleared(
    fake: FakeLimeSurvey, server: Connection, every_kind: Questionnaire, monkeypatch: pytest.MonkeyPatch
) -> None:
    """LimeSurvey gives another number without a word when the one that was wanted is taken meanwhile."""
    bring_in = fake.rpc_import_survey
    monkeypatch.setattr(fake, "rpc_import_survey", lambda data, kind, title, wanted: bring_in(data, kind, title, None))
    assert deploy(server, every_kind, OPEN).number == only(fake).sid
    fake.surveys.clear()
    fake.fail_import_after = "settings"
    with pytest.raises(errors.LimeSurveyError):
        deploy(server, every_kind, OPEN)
    assert fake.surveys == {}


def test_a_survey_that_cannot_be_deleted_is_named(
    fake: FakeLimeSurvey, server: Connection, every_kind: Questionnaire
) -> None:
    fake.trouble("set_survey_properties", "error page")
    fake.trouble("delete_survey", "hung up")
    with pytest.raises(errors.FailedError) as caught:
        deploy(server, every_kind, OPEN)
    assert f"survey {only(fake).sid}, which this import had made, could not be deleted" in str(caught.value)


def test_an_interruption_leaves_nothing(
    fake: FakeLimeSurvey, server: Connection, every_kind: Questionnaire, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("clustergov.survey.limesurvey.deploy.read_structure", interrupted)
    with pytest.raises(KeyboardInterrupt):
        deploy(server, every_kind, OPEN)
    assert fake.surveys == {}


def test_a_title_with_the_mark_is_never_left(
    fake: FakeLimeSurvey, server: Connection, every_kind: Questionnaire
) -> None:
    """The mark of the import stands in the title only until the settings are written."""
    deploy(server, every_kind, OPEN)
    assert all("clustergov-" not in words["surveyls_title"] for words in only(fake).words.values())


def test_activation_makes_the_participants_table_for_invited_persons(
    fake: FakeLimeSurvey, server: Connection, every_kind: Questionnaire
) -> None:
    number = deploy(server, every_kind, INVITED).number
    activate(server, number, INVITED)
    assert only(fake).active
    assert only(fake).participants == []
    fake.calls.clear()
    activate(server, number, INVITED)
    assert not {"activate_survey", "activate_tokens"} & set(fake.calls), "what is active is left alone"


def test_an_open_survey_gets_no_participants_table(
    fake: FakeLimeSurvey, server: Connection, every_kind: Questionnaire
) -> None:
    activate(server, deploy(server, every_kind, OPEN).number, OPEN)
    assert only(fake).participants is None


def test_a_server_that_opens_a_survey_otherwise_is_told(
    fake: FakeLimeSurvey, server: Connection, every_kind: Questionnaire, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = deploy(server, every_kind, OPEN).number
    opened = fake.rpc_activate_survey
    monkeypatch.setattr(fake, "rpc_activate_survey", lambda number, _: opened(number, {"ipaddr": "Y"}))
    with pytest.raises(DiffersError, match="setting ipaddr: expected “N”, found “Y”"):
        activate(server, number, OPEN)


def test_an_activation_is_not_repeated(fake: FakeLimeSurvey, server: Connection, every_kind: Questionnaire) -> None:
    number = deploy(server, every_kind, OPEN).number
    fake.trouble("activate_survey", "done, then hung up")
    with pytest.raises(errors.UnreachableError, match=f"say it again with --number {number}"):
        activate(server, number, OPEN)
    assert fake.calls.count("activate_survey") == 1
    activate(server, number, OPEN)
    assert fake.calls.count("activate_survey") == 1, "it is looked up whether it was done"


def test_comparing_changes_nothing(fake: FakeLimeSurvey, server: Connection, every_kind: Questionnaire) -> None:
    number = deploy(server, every_kind, OPEN).number
    fake.calls.clear()
    assert compare(server, number, every_kind, OPEN).number == number
    assert not [call for call in fake.calls if call.split("_")[0] not in ("get", "list")]
    with pytest.raises(DiffersError):
        compare(server, number, every_kind, INVITED)


def test_a_survey_that_expires_is_told(fake: FakeLimeSurvey, server: Connection, every_kind: Questionnaire) -> None:
    number = deploy(server, every_kind, OPEN).number
    only(fake).row["expires"] = "2001-01-01 00:00:00"
    assert (
        f"Survey {number} takes answers only until 2001-01-01 00:00:00."
        in compare(server, number, every_kind, OPEN).notes
    )


def test_a_questionnaire_that_limesurvey_cannot_hold_is_refused_before_anything_is_sent(
    fake: FakeLimeSurvey, server: Connection, every_kind: Questionnaire
) -> None:
    empty = every_kind.sections[0].model_copy(update={"questions": ()})
    own = {name: getattr(every_kind, name) for name in Questionnaire.model_fields}
    fake.calls.clear()
    with pytest.raises(InputError, match="limesurvey-empty"):
        deploy(server, Questionnaire(**(own | {"sections": (empty,)})), OPEN)
    assert fake.calls == []


# --- the command


@pytest.fixture
def run(fake: FakeLimeSurvey, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    for name, value in ((URL_NAME, fake.url), (USER_NAME, USER), (PASSWORD_NAME, PASSWORD)):
        monkeypatch.setenv(name, value)
    return CliRunner()


def said(result: Result) -> str:
    assert PASSWORD not in result.output + result.stderr
    assert not isinstance(result.exception, Exception) or isinstance(result.exception, SystemExit), result.exception
    return result.output


def test_the_command_prints_the_address_and_how_to_go_on(fake: FakeLimeSurvey, run: CliRunner) -> None:
    result = run.invoke(command, ["survey", "deploy", str(EVERY_KIND)])
    told, survey = said(result), only(fake)
    assert result.exit_code == 0
    assert f"/{survey.sid}?lang=nl" in told
    assert f"--number {survey.sid} --activate" in told
    assert "LimeSurvey 6.14.0" in told


@pytest.mark.parametrize(("typed", "active"), [("y\n", True), ("n\n", False), ("", False)])
def test_activation_is_confirmed(fake: FakeLimeSurvey, run: CliRunner, typed: str, active: bool) -> None:
    result = run.invoke(command, ["survey", "deploy", str(EVERY_KIND), "--activate"], input=typed)
    assert "one-way gate" in said(result)
    assert result.exit_code == (0 if active else 2)
    assert only(fake).active == active
    assert str(only(fake).sid) in result.output


def test_what_changes_while_it_waits_for_a_yes_is_not_activated(
    fake: FakeLimeSurvey, run: CliRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("click.confirm", lambda _: only(fake).question("day").update(mandatory="Y") is None)
    result = run.invoke(command, ["survey", "deploy", str(EVERY_KIND), "--activate"])
    assert result.exit_code == 2
    assert "question “day”, mandatory" in said(result) + result.stderr
    assert not only(fake).active


def test_first_looked_at_then_activated(fake: FakeLimeSurvey, run: CliRunner) -> None:
    run.invoke(command, ["survey", "deploy", str(EVERY_KIND)])
    arguments = ["survey", "deploy", str(EVERY_KIND), "--number", str(only(fake).sid), "--activate", "--yes"]
    result = run.invoke(command, arguments)
    assert result.exit_code == 0, result.output
    assert only(fake).active


def test_a_survey_that_was_changed_meanwhile_is_not_activated(fake: FakeLimeSurvey, run: CliRunner) -> None:
    run.invoke(command, ["survey", "deploy", str(EVERY_KIND)])
    only(fake).question("milk", "wants")["title"] = "melk"
    arguments = ["survey", "deploy", str(EVERY_KIND), "--number", str(only(fake).sid), "--activate", "--yes"]
    result = run.invoke(command, arguments)
    assert result.exit_code == 2
    assert "subquestion “milk” is not on the server" in said(result) + result.stderr
    assert not only(fake).active


@pytest.mark.parametrize(
    ("arguments", "told"),
    [(["nowhere.yml"], "nowhere.yml"), ([str(EVERY_KIND), "--number", "77"], "limesurvey-no-survey")],
)
def test_bad_input_is_one_message(run: CliRunner, arguments: list[str], told: str) -> None:
    result = run.invoke(command, ["survey", "deploy", *arguments])
    assert result.exit_code == 2
    assert told in said(result) + result.stderr


def test_without_an_environment_it_says_what_to_set(
    fake: FakeLimeSurvey, run: CliRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(URL_NAME)
    result = run.invoke(command, ["survey", "deploy", str(EVERY_KIND)])
    assert result.exit_code == 2
    assert URL_NAME in said(result) + result.stderr
    assert fake.calls == []
