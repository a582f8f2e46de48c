"""The manager's pages: what they count, in both languages, by keyboard, on a phone, without script; several workers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, sync_playwright
from sqlalchemy import select

from attacker import Attacker
from axe import violations
from clustergov.instruments.check import read_questionnaire
from clustergov.instruments.questionnaire import Questionnaire
from clustergov.survey.reading import read_responses
from clustergov.survey.service.login import FREE_TRIES
from clustergov.survey.service.manager_pages import bar, style
from clustergov.survey.service.schema import MANAGER_TRY
from clustergov.survey.service.screens import cut
from clustergov.survey.service.storage import Page, Storage
from clustergov.survey.synthetic.answer_sheets import answer_sheets
from serving import PASSWORD, Service, serving

COMPLETE, PARTIAL = 12, 3


def fill(database: str, questionnaire: Questionnaire) -> None:
    """Twelve who sent in and three who stopped at the second screen."""
    storage = Storage(database)
    sheets = answer_sheets(questionnaire, COMPLETE + PARTIAL, np.random.default_rng(2), covering=False, stopping=0.0)
    screens = cut(questionnaire, "section")
    second = screens[0].fields
    for place, sheet in enumerate(sheets):
        whole = place < COMPLETE
        answers = {name: value for name, value in sheet["answers"].items() if whole or name in second}
        screen = len(screens) if whole else 2
        storage.keep(Page(f"key {place}", f"step {place}", 0, answers, {}, screen, sheet["language"], whole))
    storage.close()


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Iterator[Service]:
    folder = tmp_path_factory.mktemp("managed")
    questionnaire = folder / "benchmark.yml"
    questionnaire.write_bytes((root / "instruments" / "benchmark.yml").read_bytes())
    with serving(questionnaire, f"sqlite:///{folder / 'benchmark.db'}") as running:
        fill(running.database, read_questionnaire(questionnaire))
        yield running


@pytest.fixture(scope="module")
def manager(service: Service) -> Attacker:
    inside = Attacker(service.port)
    assert inside.log_in(PASSWORD).status == 303
    return inside


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield running
        running.close()


def test_counts(manager: Attacker) -> None:
    page = manager.get("/manage/en").text
    counted = dict(re.findall(r"<dt>([^<]*)</dt><dd>([^<]*)</dd>", page))
    assert counted == {"Sent in complete": str(COMPLETE), "Begun, not sent in": str(PARTIAL)}
    assert "no response rate" in page
    first = re.search(r"<code>reportyear</code>.*?</tr>", page, re.DOTALL)
    assert first is not None
    assert re.findall(r'<td class="number">(\d+)</td>', first[0])[0] == str(COMPLETE + PARTIAL)
    stopped = [int(cells) for cells in re.findall(r'<td class="number">(\d+)</td></tr>', page)]
    assert sum(stopped[-len(re.findall("<code>", page)) :]) == PARTIAL


@pytest.mark.parametrize(
    ("file", "number"), [("complete.csv", COMPLETE), ("partial.csv", PARTIAL), ("all.csv", 15), ("all.xlsx", 15)]
)
def test_downloads_are_read_as_responses(manager: Attacker, tmp_path: Path, root: Path, file: str, number: int) -> None:
    path = tmp_path / file
    path.write_bytes(manager.get(f"/manage/en/export/{file}").body)
    questionnaire = read_questionnaire(root / "instruments" / "benchmark.yml")
    responses = read_responses(path, questionnaire, strict=True)
    assert responses.n == number
    assert responses.complete is not None
    assert responses.complete.sum() == {"partial.csv": 0}.get(file, COMPLETE)


def test_codebook_names_every_variable(manager: Attacker, root: Path) -> None:
    questionnaire = read_questionnaire(root / "instruments" / "benchmark.yml")
    text = manager.get("/manage/nl/export/codebook.csv").body.decode("utf-8-sig")
    assert [variable.name for variable in questionnaire.variables if f'"{variable.name}"' not in text] == []


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("nl", 390)])
def test_accessible_by_keyboard_alone_and_without_script(
    service: Service, browser: Browser, width: int, language: str
) -> None:
    """Log in, look, ask to close, go back and log out with Tab and Enter; axe-core finds nothing on any page."""
    context = browser.new_context(viewport={"width": width, "height": 800}, java_script_enabled=True)
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{service.port}/manage/{language}")
    assert page.url.endswith(f"/manage/{language}/login")
    seen = [violations(page)]
    page.focus("#password")
    page.keyboard.type("not the password")
    page.keyboard.press("Enter")
    page.wait_for_selector("[role=alert]")
    seen.append(violations(page))
    page.focus("#password")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("table")
    seen.append(violations(page))
    assert page.evaluate("document.documentElement.scrollWidth") <= width, "the page does not scroll sideways"
    for target in (f"/manage/{language}/close", f"/manage/{language}"):
        _tab_to(page, f"a[href='{target}']")
        page.keyboard.press("Enter")
        page.wait_for_url(f"**{target}")
        seen.append(violations(page))
    _tab_to(page, "form.leave button")
    page.keyboard.press("Enter")
    page.wait_for_selector("[role=status]")
    seen.append(violations(page))
    context.close()
    assert seen == [[]] * len(seen)


def _tab_to(page: object, selector: str) -> None:
    for _ in range(40):
        page.keyboard.press("Tab")  # type: ignore[attr-defined]  # a Page
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):  # type: ignore[attr-defined]
            return
    raise AssertionError(f"{selector} is not reached by keyboard")


def test_pages_without_script_and_without_styles_of_their_own(manager: Attacker) -> None:
    for path in ("/manage/en", "/manage/nl/close", "/manage/nl"):
        page = manager.get(path).text
        assert "<script" not in page
        assert "style=" not in page
    assert b"url(" not in style()


@pytest.mark.parametrize(
    ("share", "width"), [(0.5, "50.0"), (0.0, "0.0"), (1.0, "100.0"), (1.5, "100.0"), (-1.0, "0.0")]
)
def test_bars_stay_within_their_frame(share: float, width: str) -> None:
    assert f'class="bar-part" width="{width}"' in bar(share)


def test_two_workers_on_postgresql_share_sessions_and_tries(tmp_path: Path, root: Path, postgresql: str) -> None:
    """Every request may come to another process: a session holds in both, and tries count in the database."""
    questionnaire = tmp_path / "governance.yml"
    questionnaire.write_bytes((root / "instruments" / "governance.yml").read_bytes())
    with serving(questionnaire, postgresql, workers=2) as service:
        manager = Attacker(service.port)
        assert manager.log_in(PASSWORD).status == 303
        assert {manager.get("/manage/en").status for _ in range(12)} == {200}
        guesser = Attacker(service.port)
        for number in range(FREE_TRIES + 3):
            guesser.send("/manage/en/login", {"password": f"wrong number {number}"})
        storage = Storage(postgresql)
        counted = storage.read(lambda connection: connection.execute(select(MANAGER_TRY.c.failures)).scalar_one())
        storage.close()
        assert counted > FREE_TRIES, "each worker would have counted half of them"
        assert manager.get("/manage/en").status == 200
