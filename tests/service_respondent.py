"""A respondent at a browser: fills in the pages of our own service, and tells what each page showed and complained of."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, Page

from live_respondent import LONGEST

_FORM = "form:has(button[name=move][value=next], button[name=move][value=submit])"
_ON_PAGE = """(selector) => {
  const form = document.querySelector(selector);
  const text = node => node.textContent.replace(/\\s+/g, ' ').trim();
  const fields = form ? [...form.elements].filter(node => node.name && node.type !== 'hidden' && node.tagName !== 'BUTTON') : [];
  return {
    asked: form !== null,
    title: document.title,
    language: document.documentElement.lang,
    fields: [...new Set(fields.map(node => node.name))],
    wrong: [...new Set(fields.filter(node => node.getAttribute('aria-invalid') === 'true').map(node => node.name))],
    said: [...document.querySelectorAll('[role=alert], .errors')].map(text),
  };
}"""
_FILL = """([selector, answers]) => {
  const form = document.querySelector(selector);
  for (const node of form.elements) {
    if (!(node.name in answers)) continue;
    const value = answers[node.name];
    if (node.type === 'radio' || node.type === 'checkbox') node.checked = node.value === value;
    else node.value = value;
  }
}"""


@dataclass(frozen=True, slots=True)
class Visited:
    """One page as a respondent met it: its title, language, the names of its fields, and what it complained of."""

    title: str
    language: str
    fields: tuple[str, ...]
    refused: bool
    wrong: tuple[str, ...] = ()
    said: tuple[str, ...] = ()


def answer(
    browser: Browser, address: str, answers: Mapping[str, str], *, stop: Collection[str] = (), javascript: bool = False
) -> tuple[list[Visited], str]:
    """Answer a survey to its end, to the first page that is refused, or to a page with a variable of `stop` on it.

    Parameters
    ----------
    address : str
        Where the respondent begins, in the respondent's language.
    answers : mapping of variable to answer
        Codes of options, Y for a box to tick, numbers, texts, ISO dates. What is not on a page is not filled in.
    stop : collection of str
        Before the page that has one of these variables the browser is closed.
    javascript : bool
        Whether the browser runs scripts; the pages have none, so it may make no difference.

    Returns
    -------
    visited : list of Visited
    last : str
        The text of the last page.
    """
    context = browser.new_context(viewport={"width": 1280, "height": 1000}, java_script_enabled=javascript)
    page = context.new_page()
    page.set_default_timeout(LONGEST)
    try:
        page.goto(address)
        visited = list(_pages(page, answers, stop))
        return visited, page.locator("main").inner_text()
    finally:
        context.close()


def _pages(page: Page, answers: Mapping[str, str], stop: Collection[str]) -> Iterator[Visited]:
    while (before := page.evaluate(_ON_PAGE, _FORM))["asked"] and not set(before["fields"]) & set(stop):
        address = page.url
        page.evaluate(_FILL, [_FORM, dict(answers)])
        button = page.locator(f"{_FORM} button[name=move][value=next], {_FORM} button[name=move][value=submit]").first
        with page.expect_navigation():
            button.click()
        after: dict[str, Any] = page.evaluate(_ON_PAGE, _FORM)
        refused = page.url.split("#")[0] == address.split("#")[0] and bool(after["wrong"] or after["said"])
        yield Visited(before["title"], before["language"], tuple(before["fields"]), refused, tuple(after["wrong"]),
                      tuple(after["said"]))  # fmt: skip
        if refused:
            return
