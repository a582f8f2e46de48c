"""What respondents do: answer, come back, use two windows, send twice, follow links; and what they may not."""

from __future__ import annotations

import re
import sqlite3
import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from clustergov.survey.service import database as database_module
from clustergov.survey.service import respondent
from clustergov.survey.service.keys import invitation_hash, response_hash

Put = Callable[..., Any]
HIDDEN = re.compile(r'<input type="hidden" name="([^"]*)" value="([^"]*)">')


def test_a_questionnaire_is_answered_sent_and_acknowledged(put: Put) -> None:
    field = put()
    browser = field.browser()
    assert browser.get("/").headers["location"] == "/en/1"
    assert browser.send("/en/1", name="An", member="Y").headers["location"] == "/en/2"
    assert browser.send("/en/2", since="1999").headers["location"] == "/en/3"
    assert browser.send("/en/3", "submit", remark="é").headers["location"] == "/en/thanks"
    assert browser.get("/en/thanks").status_code == 200
    (row,) = field.storage.rows("complete")
    assert row.answers == {"name": "An", "member": "Y", "since": "1999", "remark": "é"}
    assert row.drafts == {}


def test_looking_at_a_page_leaves_no_response(put: Put) -> None:
    field = put()
    for _ in range(3):
        field.browser().get("/en/1")
    assert field.storage.counts().partial == 0


def test_anonymous_responses_have_days_and_no_pseudonym_others_have_seconds(put: Put) -> None:
    field = put()
    field.browser().send("/en/1", member="N")
    (row,) = field.storage.rows()
    assert len(row.started) == len(row.changed) == len("2026-11-22")
    assert row.pseudonym is None


def test_without_anonymity_the_time_is_kept(put: Put) -> None:
    field = put(anonymous=False)
    field.browser().send("/en/1", member="N")
    (row,) = field.storage.rows()
    assert len(row.started) == len("2026-11-22T05:00:00+00:00")


def test_what_routing_no_longer_asks_is_not_submitted(put: Put) -> None:
    field = put()
    browser = field.browser()
    browser.send("/en/1", member="Y")
    browser.send("/en/2", since="1999")
    assert browser.send("/en/1", member="N").headers["location"] == "/en/3"
    browser.send("/en/3", "submit")
    (row,) = field.storage.rows("complete")
    assert row.answers == {"member": "N"}


def test_nobody_jumps_over_a_compulsory_question(put: Put) -> None:
    field = put()
    browser = field.browser()
    page = browser.form("/en/1")
    assert browser.get("/en/3").headers["location"] == "/en/1"
    assert browser.post("/en/3", {**page, "move": "submit"}).headers["location"] == "/en/1"
    browser.send("/en/1", member="N")
    third = browser.form("/en/3")
    browser.send("/en/1", member="Y")  # opens the second screen, with a compulsory question
    answer = browser.post("/en/3", {**third, "move": "submit"})
    assert answer.status_code == 422
    assert 'action="/en/2"' in answer.text
    assert field.storage.counts().complete == 0


def test_a_mistake_is_kept_to_be_put_right(put: Put) -> None:
    field = put()
    browser = field.browser()
    browser.send("/en/1", member="Y")
    assert browser.send("/en/2", since="long ago").status_code == 422
    assert 'value="long ago"' in browser.get("/en/2").text
    (row,) = field.storage.rows()
    assert (row.answers, row.drafts) == ({"member": "Y"}, {"since": "long ago"})


def test_saved_answers_are_opened_on_another_device(put: Put) -> None:
    field = put()
    browser = field.browser()
    assert browser.send("/en/1", "save", name="An").headers["location"] == "/en/saved"
    page = browser.get("/en/saved").text
    link = page[page.index("http://127.0.0.1:8000/r/") :].split('"')[0].removeprefix("http://127.0.0.1:8000")
    other = field.browser()
    gone = other.get(link)
    assert gone.headers["location"] == "/en/1"
    assert "\nAn</textarea>" in other.get("/en/1").text
    other.send("/en/1", member="N")
    other.send("/en/3", "submit")
    assert other.get(link).status_code == 410
    assert "An" not in field.browser().get(link).text


def test_nobody_is_thanked_for_what_was_not_sent(put: Put) -> None:
    browser = put().browser()
    assert browser.get("/en/thanks").headers["location"] == "/en/1"
    browser.send("/en/1", member="N")
    assert browser.get("/en/thanks").headers["location"] == "/en/3"


# --- two windows ------------------------------------------------------------------------------------------------------


def test_two_windows_on_two_pages_keep_both(put: Put) -> None:
    field = put()
    browser = field.browser()
    browser.send("/en/1", name="old", member="Y")
    one, two = browser.form("/en/1"), browser.form("/en/2")
    browser.post("/en/2", {**two, "since": "2001", "move": "next"})
    browser.post("/en/1", {**one, "name": "new", "member": "Y", "move": "next"})
    (row,) = field.storage.rows()
    assert row.answers == {"name": "new", "member": "Y", "since": "2001"}


def test_two_windows_on_one_page_are_told_before_one_overwrites_the_other(put: Put) -> None:
    field = put()
    browser = field.browser()
    browser.send("/en/1", name="begun", member="N")
    one, two = browser.form("/en/1"), browser.form("/en/1")
    assert browser.post("/en/1", {**one, "name": "first", "member": "N", "move": "next"}).status_code == 303
    answer = browser.post("/en/1", {**two, "name": "second", "member": "N", "move": "next"})
    assert answer.status_code == 409
    assert "\nsecond</textarea>" in answer.text
    (row,) = field.storage.rows()
    assert row.answers["name"] == "first"
    again = {**dict(HIDDEN.findall(answer.text)), "name": "second", "member": "N", "move": "next"}
    assert browser.post("/en/1", again).status_code == 303
    (row,) = field.storage.rows()
    assert row.answers["name"] == "second"


def test_pages_sent_at_the_same_moment_are_all_kept(put: Put) -> None:
    field = put()
    for number in range(10):
        browser = field.browser()
        browser.send("/en/1", member="Y")
        browser.send("/en/2", since="1")
        forms = [
            ("/en/1", {"name": f"n{number}", "member": "Y"}),
            ("/en/2", {"since": "5"}),
            ("/en/3", {"remark": "r"}),
        ]
        posts = [(path, {**browser.form(path), **answers, "move": "save"}) for path, answers in forms]
        together([partial(browser.post, path, form) for path, form in posts])
    for row in field.storage.rows():
        assert {**row.answers, "name": ""} == {"name": "", "member": "Y", "since": "5", "remark": "r"}


def test_what_is_sent_many_times_at_once_is_one_response_and_one_acknowledgement(put: Put) -> None:
    field = put()
    browser = field.browser()
    browser.send("/en/1", member="N")
    form = {**browser.form("/en/3"), "remark": "once", "move": "submit"}
    answers = together([partial(browser.post, "/en/3", form)] * 6)
    assert [(each.status_code, each.headers["location"]) for each in answers] == [(303, "/en/thanks")] * 6
    assert browser.post("/en/3", form).headers["location"] == "/en/thanks"
    assert [row.answers for row in field.storage.rows()] == [{"member": "N", "remark": "once"}]


def test_what_is_sent_otherwise_after_submission_is_not_acknowledged(put: Put) -> None:
    field = put()
    browser = field.browser()
    browser.send("/en/1", member="N")
    form = {**browser.form("/en/3"), "move": "submit"}
    browser.post("/en/3", {**form, "remark": "first"})
    assert browser.post("/en/3", {**form, "remark": "second"}).status_code == 409
    (row,) = field.storage.rows()
    assert row.answers["remark"] == "first"


def test_an_old_page_that_arrives_again_does_not_undo_a_later_one(put: Put) -> None:
    field = put()
    browser = field.browser()
    old = {**browser.form("/en/1"), "name": "old", "member": "N", "move": "next"}
    browser.post("/en/1", old)
    assert browser.send("/en/1", name="new", member="N").status_code == 303
    assert browser.post("/en/1", old).status_code == 303
    (row,) = field.storage.rows()
    assert row.answers["name"] == "new"


# --- personal links ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("anonymous", [True, False])
def test_a_personal_link_opens_goes_on_and_ends(put: Put, anonymous: bool) -> None:
    field = put(access="invited", anonymous=anonymous)
    token = field.storage.invitations.invite([("P1", "nl")])["P1"]
    browser = field.browser()
    opened = browser.get(f"/i/{token}")
    assert (opened.status_code, opened.headers["location"]) == (303, "/nl/1")
    assert token not in browser.get("/nl/1").text
    browser.send("/nl/1", name="secret name", member="N")
    other = field.browser()
    assert other.get(f"/i/{token}").headers["location"] == "/nl/3"
    other.send("/nl/3", "submit")
    for each in (browser, other, field.browser()):
        used = each.get(f"/i/{token}")
        assert used.status_code == 410
        assert "secret name" not in used.text
    (row,) = field.storage.rows("complete")
    assert row.pseudonym == (None if anonymous else "P1")
    counts = field.storage.counts()
    assert (counts.invited, counts.opened, counts.completed) == (1, 1, 1)


@pytest.mark.parametrize("anonymous", [True, False])
def test_a_reminder_leaves_both_links_valid_and_one_questionnaire(put: Put, anonymous: bool) -> None:
    field = put(access="invited", anonymous=anonymous)
    first = field.storage.invitations.invite([("P1", "en")])["P1"]
    browser = field.browser()
    browser.get(f"/i/{first}")
    browser.send("/en/1", name="begun", member="N")
    second = field.storage.invitations.renew()["P1"][0]
    assert field.storage.invitations.renew() == {}, "nobody is reminded twice a day"
    other = field.browser()
    where = other.get(f"/i/{second}").headers["location"]
    # With a pseudonym both links open one response; without, nobody can tell that it is theirs.
    assert where == ("/en/1" if anonymous else "/en/3")
    page = browser.form("/en/3")
    if anonymous:
        other.send("/en/1", member="N")
    other.send("/en/3", "submit")
    assert browser.post("/en/3", {**page, "move": "submit"}).status_code == 409
    assert field.browser().get(f"/i/{first}").status_code == 410
    assert field.storage.counts().complete == 1


def test_two_links_of_one_person_sent_at_once_are_one_questionnaire(put: Put) -> None:
    field = put(access="invited")
    tokens = [field.storage.invitations.invite([("P1", "en")])["P1"], field.storage.invitations.renew()["P1"][0]]
    posts = []
    for token in tokens:
        browser = field.browser()
        browser.get(f"/i/{token}")
        browser.send("/en/1", member="N")
        form = {**browser.form("/en/3"), "move": "submit"}
        posts.append(partial(browser.post, "/en/3", form))
    assert sorted(answer.status_code for answer in together(posts)) == [303, 409]
    assert field.storage.counts().complete == 1


def test_without_an_invitation_nobody_answers_by_invitation(put: Put) -> None:
    field = put(access="invited")
    browser = field.browser()
    for path in ("/", "/en", "/en/1"):
        assert browser.get(path).status_code == 403
    browser.client.cookies.set("clustergov", "o" + "a" * 26)
    assert browser.get("/en/1").status_code == 403
    assert browser.get("/i/" + "a" * 26).status_code == 404


def test_the_database_holds_no_token_and_nothing_that_ties_two_tables(put: Put, database: str) -> None:
    field = put(access="invited")
    token = field.storage.invitations.invite([("P1", "en")])["P1"]
    browser = field.browser()
    browser.get(f"/i/{token}")
    browser.send("/en/1", member="N")
    browser.send("/en/3", "submit")
    (row,), (invitation,) = field.storage.rows(), field.storage.invitations.all()
    assert invitation.token_hash == invitation_hash(token)
    assert row.key_hash == response_hash(token) != invitation.token_hash
    assert (invitation.opened, invitation.completed) == ("yes", "yes"), "a day would tie the only response of that day"
    assert token not in repr((row, invitation))


def test_a_closed_survey_takes_no_answers(put: Put, monkeypatch: pytest.MonkeyPatch) -> None:
    field = put()
    browser = field.browser()
    form = {**browser.form("/en/1"), "member": "N", "move": "next"}
    field.storage.set_state("closed")
    monkeypatch.setattr(respondent, "STATE_SECONDS", 0.0)  # it is looked up again after a second
    assert browser.post("/en/1", form).status_code == 410
    assert field.browser().get("/en/1").status_code == 410
    assert field.storage.counts().partial == 0


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # PostgreSQL locks rows, and no whole database
def test_a_database_that_another_program_holds_is_told(
    put: Put, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database_module, "WAIT", 0.2)
    field = put()
    browser = field.browser()
    form = {**browser.form("/en/1"), "name": "still here", "member": "N", "move": "next"}
    holder = sqlite3.connect(database.removeprefix("sqlite:///"), isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    answer = browser.post("/en/1", form)
    assert answer.status_code == 503
    assert "\nstill here</textarea>" in answer.text
    holder.execute("ROLLBACK")
    holder.close()
    assert browser.post("/en/1", form).status_code == 303
    assert field.storage.counts().partial == 1


def together(jobs: list[Callable[[], Any]]) -> list[Any]:
    """Run jobs in threads that begin at the same moment."""
    gate = threading.Barrier(len(jobs))
    results: list[Any] = [None] * len(jobs)

    def run(place: int) -> None:
        gate.wait()
        results[place] = jobs[place]()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(jobs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
