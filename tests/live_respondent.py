"""A respondent at a browser: fills in a LimeSurvey page by page, and tells what each page showed and complained of."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, Locator, Page, sync_playwright

from limesurvey_pages import Page as Seen
from live_limesurvey import Answer, LiveSurvey

OPTIONS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
LONGEST = 60_000
"""Milliseconds a page may take on a busy machine."""

_FORM = "form#limesurvey"
_ON_PAGE = """() => {
  const shown = node => node.closest('.ls-irrelevant, .ls-hidden, .ls-js-hidden, .d-none') === null;
  const label = node => node.id && document.querySelector(`label[for="${CSS.escape(node.id)}"]`);
  const seen = node => node.offsetParent !== null || (label(node) && label(node).offsetParent !== null);
  const fields = [...document.querySelectorAll('#limesurvey [name]')].filter(node => /^\\d+X\\d+X\\d+/.test(node.name));
  const text = node => node.textContent.replace(/\\s+/g, ' ').trim();
  const complaints = '.ls-em-error, .ls-question-mandatory, .bootstrap-alert-box-modal .modal-body, #bootstrap-alert-box-modal .modal-body';
  return {
    step: (document.querySelector('#limesurvey [name=thisstep]') || {}).value ?? null,
    title: [...document.querySelectorAll('.group-title')].map(text).join(' '),
    questions: [...document.querySelectorAll('.question-container')].filter(shown)
      .map(node => [+node.id.replace('question', ''), text(node)]),
    fields: [...new Set(fields.filter(node => node.type !== 'hidden' && shown(node) && seen(node)).map(node => node.name))],
    messages: [...new Set([...document.querySelectorAll(complaints)].filter(node => node.offsetParent !== null).map(text))],
  };
}"""


@contextmanager
def opened_browser(chromium: str) -> Iterator[Browser]:
    """A browser without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=OPTIONS)
        try:
            yield browser
        finally:
            browser.close()


def answer(
    browser: Browser,
    survey: LiveSurvey,
    answers: Mapping[str, Answer],
    *,
    language: str,
    stop: Collection[str] = (),
) -> list[Seen]:
    """Answer a survey to its end, to the first page that is refused, or to a page with a variable of `stop` on it.

    Parameters
    ----------
    answers : mapping of variable to answer
        Codes of options, Y for a box to tick, numbers, texts, ISO dates. What is not shown is not filled in: the pages
        returned tell what was.
    """
    context = browser.new_context(viewport={"width": 1280, "height": 1000}, locale=language)
    page = context.new_page()
    page.set_default_timeout(LONGEST)
    try:
        page.goto(survey.address(language))
        typed = {name: survey.entered(name, value, language) for name, value in answers.items()}
        return list(_pages(page, survey, typed, stop))
    finally:
        context.close()


def _pages(page: Page, survey: LiveSurvey, answers: Mapping[str, str], stop: Collection[str]) -> Iterator[Seen]:
    names = {column: name for name, column in survey.columns().items()}
    codes = survey.codes()
    while page.locator(f"{_FORM} [name=thisstep]").count():
        before = page.evaluate(_ON_PAGE)
        if {names.get(field) for field in before["fields"]} & set(stop):
            return
        _fill(page, names, answers)
        shown = page.evaluate(_ON_PAGE)
        _send(page)
        after = page.evaluate(_ON_PAGE)
        refused = after["step"] is not None and after["step"] == before["step"]
        if shown["questions"] or refused:
            yield Seen(
                title=shown["title"],
                questions=tuple(codes[number] for number, _ in shown["questions"]),
                variables=tuple(dict.fromkeys(names[field] for field in shown["fields"] if field in names)),
                refused=refused,
                messages=tuple(text for text in after["messages"] if text) if refused else (),
                texts={codes[number]: text for number, text in shown["questions"]},
            )
        if refused:
            return


def _fill(page: Page, names: Mapping[str, str], answers: Mapping[str, str]) -> None:
    """Fill in what is shown, from the top; an answer can bring up further questions, so the page is looked at again."""
    done: set[str] = set()
    while True:
        fields = [field for field in page.evaluate(_ON_PAGE)["fields"] if field in names and field not in done]
        wanted = next((field for field in fields if names[field] in answers), None)
        if wanted is None:
            return
        done.add(wanted)
        _enter(page, wanted, answers[names[wanted]])


def _enter(page: Page, field: str, value: str) -> None:
    found: Locator = page.locator(f'{_FORM} [name="{field}"]:not([type=hidden])')
    match found.first.evaluate("node => node.type"):
        case "radio":
            option = page.locator(f'{_FORM} [name="{field}"][value="{value}"]')
            _click(page, option)
        case "checkbox":
            if value == "Y":
                _click(page, found)
        case "select-one":
            found.select_option(value)
        case _:
            found.fill(value)
            found.press("Tab")


def _click(page: Page, option: Locator) -> None:
    """Click where a person does: on the label, if there is one, else on the button itself."""
    number: Any = option.get_attribute("id")
    label = page.locator(f'label[for="{number}"]')
    if label.count() and label.first.is_visible():
        label.first.click()
    else:
        option.click(force=True)


def _send(page: Page) -> None:
    button = page.locator(f"{_FORM} button[value=movesubmit], {_FORM} button[value=movenext]").first
    with page.expect_navigation():
        button.click()
