"""Every page of a respondent in a real browser: nothing that axe-core finds, no scrolling sideways, all of it by keyboard.

A part of the pages is looked at each time; all of them (270, at two widths) under ``CLUSTERGOV_REQUIRE=all``.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Browser, Page, Route, sync_playwright

import axe
import survey_pages
from clustergov.survey.service.form import Form
from clustergov.survey.service.pages import Chrome, style

WIDTHS = (1280, 390)
NARROWEST = 320
"""Of a phone, and of a window of 1280 pixels at 400 per cent (WCAG 2.2, 1.4.10)."""
SMALLEST = 24
"""Pixels of a target each way (WCAG 2.2, 2.5.8)."""
ALL = os.environ.get("CLUSTERGOV_REQUIRE") == "all"
POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'"
ORIGIN = "http://survey.invalid"


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield running
        running.close()


@pytest.fixture(scope="module")
def pages(root: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return survey_pages.write_all(root, tmp_path_factory.mktemp("pages"))


def chosen(pages: list[Path], width: int) -> list[Path]:
    """All pages, or those that show every kind of question, in each state, and some of the others."""
    if ALL:
        return pages
    every = [path for path in pages if path.stem.startswith("every-section-1") and path.stem.endswith("errors")]
    errors = [path for path in pages if path.stem.endswith("-errors")]
    others = [path for path in pages if path.stem.startswith(("simple-thanks", "simple-saved-", "simple-language-nl"))]
    return every + errors[width % 7 :: 15] + others


@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing_on_any_page(browser: Browser, pages: list[Path], width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900})
    found = {}
    for path in chosen(pages, width):
        page.goto(path.as_uri())
        if wrong := axe.violations(page):
            found[path.name] = wrong
    page.close()
    assert not found, "\n".join(f"{name}: {wrong}" for name, wrong in list(found.items())[:12])


def test_colours_keep_their_contrast_in_the_dark(browser: Browser, pages: list[Path]) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900}, color_scheme="dark")
    for path in pages:
        if path.stem in (
            "every-section-1-en-errors",
            "every-section-1-nl-filled",
            "simple-thanks-nl",
            "simple-language-en",
        ):
            page.goto(path.as_uri())
            assert axe.violations(page) == [], path.name
    page.close()


def test_axe_would_find_a_mistake(browser: Browser, pages: list[Path], tmp_path: Path) -> None:
    good = next(path for path in pages if path.stem == "every-section-1-en-plain").read_text(encoding="utf-8")
    (tmp_path / "bad.html").write_text(good.replace('<label for="', '<label title="'), encoding="utf-8")
    page = browser.new_page()
    page.goto((tmp_path / "bad.html").as_uri())
    assert any(wrong.startswith(("label ", "select-name ")) for wrong in axe.violations(page))
    page.close()


def test_no_page_scrolls_sideways_on_the_narrowest_screen_and_targets_are_large_enough(
    browser: Browser, pages: list[Path]
) -> None:
    page = browser.new_page(viewport={"width": NARROWEST, "height": 256})
    for path in [path for path in pages if ALL or path.stem.startswith(("every", "simple-s"))]:
        page.goto(path.as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROWEST, path.name
        small = page.evaluate(
            """least => [...document.querySelectorAll('button:not([aria-hidden]), select, textarea, label:has(input), input:not(label input):not([type=hidden]), a.button, nav a')]
                .filter(e => e.checkVisibility()).map(e => [e.outerHTML.slice(0, 90), e.getBoundingClientRect()])
                .filter(([_, box]) => box.width < least || box.height < least).map(([html]) => html)""",
            SMALLEST,
        )
        assert small == [], path.name
    page.close()


def test_a_summary_of_mistakes_has_the_focus_and_its_links_lead_to_the_fields(
    browser: Browser, pages: list[Path]
) -> None:
    page = browser.new_page()
    page.goto(next(path for path in pages if path.stem == "every-section-1-nl-errors").as_uri())
    assert page.evaluate("document.activeElement.getAttribute('role')") == "alert"
    for link in page.locator("[role=alert] a").all():
        link.focus()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        page.keyboard.press("Shift+Tab")
        name = page.evaluate("document.activeElement.getAttribute('name')")
        assert name, link.get_attribute("href")
    page.close()


class Served:
    """One form behind an address that only this browser knows, with the policy that the service sends."""

    def __init__(self, form: Form) -> None:
        self.form = form
        self.answers: dict[str, str] = {}
        self.violations: list[str] = []

    def open(self, browser: Browser) -> Page:
        page = browser.new_page(viewport={"width": 1280, "height": 900}, java_script_enabled=False)
        page.on("console", lambda message: self.violations.append(message.text))
        page.route("**/*", self.answer)
        page.goto(f"{ORIGIN}/")
        return page

    def answer(self, route: Route) -> None:
        request = route.request
        headers = {"content-security-policy": POLICY, "content-type": "text/html; charset=utf-8"}
        if request.url.endswith("style.css"):
            route.fulfill(body=style(), content_type="text/css")
            return
        drafts: dict[str, str] = {}
        mistakes: tuple[object, ...] = ()
        if request.method == "POST":
            posted = parse_qs(request.post_data or "", keep_blank_values=True)
            entered = self.form.enter(1, posted, self.answers)
            self.answers, drafts, mistakes = entered.answers, entered.drafts, entered.mistakes
        page = self.form.page(1, "en", self.answers, drafts, mistakes, Chrome(f"{ORIGIN}/"))  # type: ignore[arg-type]  # mistakes of ours
        route.fulfill(body=page, headers=headers)


def test_a_page_is_completed_by_keyboard_alone_without_scripts_under_the_policy(browser: Browser) -> None:
    served = Served(Form(survey_pages.every_kind()))
    page = served.open(browser)
    page.keyboard.press("Tab")
    assert page.locator(":focus").get_attribute("class") == "skip"
    page.keyboard.press("Enter")
    seen: list[str] = []
    for _ in range(80):
        page.keyboard.press("Tab")
        name, kind = page.evaluate("[document.activeElement.name, document.activeElement.type]")
        if name == "move":
            break
        if name in seen:
            # The parts of a date, and the button of its calendar.
            continue
        seen.append(name)
        if kind in ("radio", "checkbox"):
            page.keyboard.press("Space")
        elif kind == "date":
            page.keyboard.type("03012026")
        elif name in ("list", "wide_a", "wide_b", "ranking_1"):
            page.keyboard.press("ArrowDown")
        elif name == "ranking_2":
            page.keyboard.press("ArrowDown")
            page.keyboard.press("ArrowDown")
        else:
            page.keyboard.type({"number": "2,5", "shares_a": "40", "shares_b": "60"}.get(name, "words"))
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.locator("[role=alert]").count() == 0, page.locator("[role=alert]").inner_text()
    asked = {field.name for field in served.form.screens[0].posed for field in field.fields}
    # The text beside “other” opens only with its option.
    assert asked - set(served.answers) == {"single_other", "chance_other"}
    assert served.answers["date"] == "2026-03-01"
    assert served.answers["number"] == "2.5"
    assert served.violations == []
    page.close()
