"""Every page and state of the coding page: nothing that axe-core finds, no scrolling sideways, targets large enough.

One way of seeing each time, all of them under ``CLUSTERGOV_REQUIRE=all``.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

import axe
from coding_page import BLIND, Served, serving, until, write_study

ALL = os.environ.get("CLUSTERGOV_REQUIRE") == "all"
SMALLEST = 24
"""Pixels of a target each way (WCAG 2.2, 2.5.8)."""

WIDE: dict[str, Any] = {"viewport": {"width": 1280, "height": 900}}
NARROW: dict[str, Any] = {"viewport": {"width": 390, "height": 844}}
WAYS: dict[str, tuple[str, dict[str, Any]]] = {
    "wide": ("en", WIDE),
    "narrow": ("nl", {**NARROW, "has_touch": True}),
    "dark": ("nl", {**WIDE, "color_scheme": "dark"}),
    "narrow-dark": ("en", {**NARROW, "color_scheme": "dark"}),
    "forced": ("en", {**WIDE, "forced_colors": "active"}),
    "zoomed": ("nl", {"viewport": {"width": 640, "height": 450}, "device_scale_factor": 2}),
}
STATES = list(WAYS) if ALL else ["dark"]
PAGES = list(WAYS) if ALL else ["narrow"]

SMALL = """least => [...document.querySelectorAll('button, select, input, textarea, a')].filter(e => e.checkVisibility())
    .map(e => [e.outerHTML.slice(0, 90), e.getBoundingClientRect()])
    .filter(([_, box]) => box.width < least || box.height < least).map(([html]) => html)"""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    open_round = BLIND + BLIND.partition("\n")[2].replace("number: 1", "number: 2").replace(
        "code: first", "code: second"
    )
    with serving(write_study(tmp_path_factory.mktemp("seen") / "study", rounds=open_round)) as running:
        yield running


@pytest.fixture(scope="module")
def coded(served: Served, browser: Browser) -> Served:
    """The first round coded by both, and closed by that."""
    for coder, places in (("anna", [(0, 9), (44, 90), (44, 60), (142, 229)]), ("bram", [(0, 9), (44, 80)])):
        page = served.open(browser, f"/en/as/{coder}/round/1/document/harbour/interview")
        for number, (start, end) in enumerate(places, 1):
            page.evaluate(f"page.reading.set({start}, {end})")
            page.evaluate("page.code(1)")
            until(page, f"page.codings.byId.size === {number}")
        page.click("button[data-do=done]")
        until(page, "page.done")
        page.context.close()
    return served


def look(page: Page, state: str, found: dict[str, list[str]]) -> None:
    page.wait_for_load_state()
    width = page.viewport_size["width"] if page.viewport_size else 0
    wrong = axe.violations(page)
    if page.evaluate("document.documentElement.scrollWidth") > width:
        wrong.append("it scrolls sideways")
    wrong += page.evaluate(SMALL, SMALLEST)
    if wrong:
        found[state] = wrong


@pytest.mark.parametrize("way", STATES)
def test_axe_finds_nothing_in_any_state_of_the_page(served: Served, coded: Served, browser: Browser, way: str) -> None:
    language, how = WAYS[way]
    found: dict[str, list[str]] = {}
    coder = "anna" if way in ("wide", "narrow", "dark") else "bram"
    home = f"/{language}/as/{coder}/round/2"
    page = served.open(browser, home + "/document/harbour/interview", **how)
    look(page, "untouched", found)
    page.focus("#text")
    for key in ("Control+Home", "ArrowDown", "ArrowDown", "Shift+ArrowRight"):
        page.keyboard.press(key)
    look(page, "selected", found)
    page.keyboard.press("Enter")
    page.keyboard.type("v")
    page.keyboard.press("F2")
    look(page, "palette and definition", found)
    size = page.evaluate("page.codings.byId.size")
    page.keyboard.press("Enter")
    until(page, f"page.codings.byId.size === {size + 1}")
    identity = page.evaluate("page.codings.current.id")
    page.keyboard.press("2")
    page.keyboard.press("r")  # the same code in the same place: refused, and said
    until(page, "!document.getElementById('wrong').hidden")
    look(page, "refused", found)
    page.click("#wrong button")
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    page.keyboard.press("c")
    look(page, "list of codings", found)
    page.keyboard.press("Escape")
    page.keyboard.press("m")
    until(page, "document.getElementById('memo').open")
    look(page, "memo", found)
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    until(page, "document.getElementById('help').open")
    look(page, "help", found)
    page.keyboard.press("Escape")
    page.select_option("#filter", "trust")
    look(page, "filtered", found)
    page.keyboard.press("Escape")
    page.click("button[data-do=done]")
    until(page, "page.done")
    look(page, "done", found)
    page.click("button[data-do=done]")
    until(page, "!page.done")
    page.evaluate("id => page.send({do: 'remove', id})", identity)
    page.context.close()
    assert not found, found


@pytest.mark.parametrize("way", PAGES)
def test_axe_finds_nothing_on_the_pages_around_it(served: Served, coded: Served, browser: Browser, way: str) -> None:
    language, how = WAYS[way]
    found: dict[str, list[str]] = {}
    page = served.open(browser, **how)
    home = f"/{language}/as/anna/round"
    for path in (
        f"/{language}", f"{home}/1", f"{home}/2", f"{home}/1/search?q=trust", f"{home}/1/search?q=", f"{home}/1/disagreements",
        f"{home}/1/disagreements/1", f"{home}/1/document/harbour/interview", f"{home}/1/document/harbour/start",
        f"/{language}/as/anna/round/77",
    ):  # fmt: skip
        served.go(page, path) if "77" not in path else page.goto(served.origin + path)
        look(page, path, found)
    page.context.clear_cookies()
    page.goto(served.origin + f"/{language}")
    look(page, "no access", found)
    page.context.close()
    assert not found, found


def test_axe_would_find_a_mistake(served: Served, browser: Browser) -> None:
    page = served.open(browser, "/en/as/anna/round/2/document/harbour/interview")
    page.evaluate("document.querySelector('label[for=find-code]').remove()")
    assert any(wrong.startswith(("label ", "aria-input-field-name ")) for wrong in axe.violations(page))
    page.context.close()


def test_nothing_moves_by_itself_and_a_browser_without_highlights_shows_codings_too(
    coded: Served, browser: Browser
) -> None:
    context = browser.new_context(**{**WIDE, "reduced_motion": "reduce"})
    context.add_init_script("delete globalThis.Highlight; delete Intl.Segmenter;")
    page = context.new_page()
    page.goto(coded.address)
    coded.go(page, "/en/as/anna/round/1/document/harbour/interview")
    page.wait_for_selector(".washes i")
    assert page.locator(".washes .coded").count() >= 4
    assert page.locator(".washes .overlapping").count() >= 1
    assert page.evaluate("document.getAnimations().length") == 0
    page.focus("#text")
    for key in ("Control+Home", "ArrowDown", "ArrowDown", "s"):
        page.keyboard.press(key)
    page.wait_for_selector(".washes .chosen")
    assert page.evaluate("page.text.slice(page.reading.start, page.reading.end)") == "We trust each other 🙂 fully."
    context.close()


def test_what_the_cursor_is_on_and_what_was_coded_is_announced(served: Served, browser: Browser) -> None:
    page = served.open(browser, "/nl/as/bram/round/2/document/harbour/interview")
    assert page.get_attribute("#said", "aria-live") == "polite"
    page.focus("#text")
    page.keyboard.press("Control+Home")
    page.keyboard.press("ArrowDown")
    assert page.inner_text("#said").startswith("al. 1: Interview with a harbour manager 🚢")
    # Words of the document are pronounced in its language, whatever that of the page.
    assert page.inner_text("#said span[lang=en]").startswith("Interview with a harbour manager 🚢")
    size = page.evaluate("page.codings.byId.size")
    page.keyboard.press("Enter")
    page.keyboard.type("geld")
    page.keyboard.press("Enter")
    until(page, f"page.codings.byId.size === {size + 1}")
    until(page, "document.getElementById('said').textContent.startsWith('Gecodeerd: Geld.')")
    page.keyboard.press("3")
    until(page, "document.getElementById('said').textContent.startsWith('Geld: weerspreekt')")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    # In words: a screen reader says nothing at a minus sign.
    assert "Gecodeerd: Geld, weerspreekt." in page.inner_text("#said")
    page.keyboard.press("r")
    until(page, "!document.getElementById('wrong').hidden")
    page.keyboard.press("m")  # the coding that stands there already is the one that the keys are about
    until(page, "document.getElementById('memo').open")
    page.keyboard.type("waarom")
    page.keyboard.press("Control+Enter")
    until(page, "!document.getElementById('memo').open")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    assert "Gecodeerd: Geld, weerspreekt, met memo." in page.inner_text("#said")
    for said in ("Ongedaan gemaakt: wijziging van Geld",) * 2 + ("Ongedaan gemaakt: codering Geld",):
        page.evaluate("document.getElementById('said').textContent = ''")
        page.keyboard.press("u")
        until(page, f"document.getElementById('said').textContent.trim() === '{said}'")
    page.context.close()


def test_long_texts_are_said_whole_or_said_to_go_on_and_fit_a_small_screen(tmp_path: Path, browser: Browser) -> None:
    words = " ".join(f"word{number}" for number in range(900))
    text = f"\n\n  {words[:1500]} end.\n\n{words[:5500]} end.\n\n{'more ' * 6000}\n"
    with serving(write_study(tmp_path / "study", text=text)) as served:
        page = served.open(browser, "/en/as/anna/round/1/document/harbour/interview")
        page.focus("#text")
        page.keyboard.press("Control+Home")
        page.keyboard.press("ArrowDown")
        assert page.inner_text("#said").strip().endswith(f"{words[1490:1500]} end.")
        page.keyboard.press("ArrowDown")
        assert page.inner_text("#said").strip().endswith("goes on; read by sentence with s")
        # A passage that came from another program may begin in the blanks before the first paragraph.
        page.evaluate("page.reading.set(0, 20)")
        assert page.evaluate("getSelection().toString()") == words[:16]
        page.evaluate("page.code(1)")
        until(page, "page.codings.byId.size === 1")
        page.evaluate("page.pick([...page.codings.byId.values()][0])")
        # The overview with a document of so many characters fits a small screen.
        page.set_viewport_size(NARROW["viewport"])
        served.go(page, "/nl/as/anna/round/1")
        assert "tekens" in page.inner_text("table")
        right = page.evaluate(
            "Math.max(...[...document.querySelectorAll('td')].map(cell => cell.getBoundingClientRect().right))"
        )
        assert max(right, page.evaluate("document.documentElement.scrollWidth")) <= 390
        assert axe.violations(page) == []
        page.context.close()
