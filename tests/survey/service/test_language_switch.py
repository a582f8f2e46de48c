"""Another language in the midst of a page: what was typed goes along, and nobody is nagged."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, sync_playwright

Put = Callable[..., Any]


@pytest.fixture
def database(tmp_path: Path) -> str:
    """One kind of database will do: nothing here asks more of it than other pages do."""
    return f"sqlite:///{tmp_path / 'answers.db'}"


def test_answers_and_what_is_none_yet_go_along_without_complaint(put: Put) -> None:
    field = put()
    browser = field.browser()
    # The compulsory question is still open: that is not told now.
    moved = browser.send("/en/1", "language-nl", name="An")
    assert (moved.status_code, moved.headers["location"]) == (303, "/nl/1")
    page = browser.get("/nl/1").text
    assert "\nAn</textarea>" in page
    assert "role=alert" not in page.replace('"', "")
    browser.send("/nl/1", member="Y", name="An")
    assert browser.send("/nl/2", "language-en", since="lang geleden").headers["location"] == "/en/2"
    assert 'value="lang geleden"' in browser.get("/en/2").text
    (row,) = field.storage.rows()
    assert (row.answers, row.drafts) == ({"name": "An", "member": "Y"}, {"since": "lang geleden"})
    assert row.language == "en", "the link to go on leads to the language that was chosen last"


def test_the_last_page_has_its_languages_too(put: Put) -> None:
    browser = put().browser()
    browser.send("/en/1", member="N")
    browser.send("/en/3")
    assert browser.send("/en/4", "language-nl").headers["location"] == "/nl/4"
    assert browser.send("/nl/4", "submit").headers["location"] == "/nl/thanks"


def test_who_only_looks_for_a_language_has_not_begun(put: Put) -> None:
    field = put()
    browser = field.browser()
    assert browser.send("/en/1", "language-nl").headers["location"] == "/nl/1"
    assert field.storage.counts().partial == 0


@pytest.mark.parametrize("language", ["xx", "", "/evil.example", "nl/../../x"])
def test_no_other_place_is_reached_by_it(put: Put, language: str) -> None:
    browser = put().browser()
    moved = browser.send("/en/1", f"language-{language}", member="Y")
    assert moved.headers["location"] == "/en/2"


@pytest.fixture
def page(chromium: str, put: Put) -> Iterator[Page]:
    """A browser without scripts, before the survey in this process."""
    served = put().browser().client
    served.follow_redirects = True

    def answer(route: Route) -> None:
        asked = route.request
        path = asked.url.removeprefix("http://127.0.0.1:8000")
        kind = {"content-type": asked.headers["content-type"]} if asked.post_data is not None else {}
        got = served.request(asked.method, path, content=asked.post_data, headers=kind)
        kept = {name: got.headers[name] for name in ("content-type", "content-security-policy")}
        route.fulfill(status=got.status_code, headers=kept, body=got.text)

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(java_script_enabled=False)
        page.route("**/*", answer)
        page.goto("http://127.0.0.1:8000/en/1")
        yield page
        browser.close()


def spoken(page: Page) -> str | None:
    return page.locator("html").get_attribute("lang")


def test_a_browser_sends_what_was_typed_with_the_switch_and_enter_still_goes_on(page: Page) -> None:
    page.get_by_label("Name").fill("Ann")
    page.get_by_label("yes").check()
    switch = page.get_by_role("navigation").get_by_role("button", name="Nederlands")
    assert switch.get_attribute("lang") == "nl"
    switch.click()
    assert spoken(page) == "nl"
    assert page.get_by_label("Naam").input_value() == "Ann"
    assert page.get_by_label("ja").is_checked()
    assert page.get_by_role("alert").count() == 0
    page.get_by_role("button", name="Volgende").click()
    # Enter in a field presses the first button of the form, which must not be the one for another language.
    page.get_by_label("Sinds?").fill("1999")
    with page.expect_navigation():
        page.get_by_label("Sinds?").press("Enter")
    assert spoken(page) == "nl"
    assert page.get_by_label("Opmerking").count() == 1
    # By keyboard: the switch is reached before the questions, and what Enter presses is not among the stops.
    page.get_by_label("Opmerking").fill("één")
    stops = [stop.get_attribute("value") for stop in page.locator("header button:not([tabindex='-1'])").all()]
    assert stops == ["language-en"]
    page.get_by_role("button", name="English").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert spoken(page) == "en"
    assert page.get_by_label("Remark").input_value() == "één"
