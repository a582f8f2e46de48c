"""axe-core run in a page of a real browser: what breaks the Web Content Accessibility Guidelines, or good practice."""

from __future__ import annotations

from playwright.sync_api import Page

from node_programs import package

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]

_RUN = """async (tags) => {
  const result = await axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']});
  return result.violations.map(rule => rule.id + ' (' + rule.impact + '): ' + rule.help + ' '
    + rule.nodes.slice(0, 3).map(node => node.target.join(' ') + ' ' + node.html.slice(0, 160)).join(' | '));
}"""


def violations(page: Page) -> list[str]:
    """What axe-core finds wrong with the page as it is shown now; the page's own content security policy stays.

    axe-core is evaluated in the page by the browser's debugger, which a policy does not reach, not added as a script.
    """
    page.evaluate((package("axe-core") / "axe.min.js").read_text(encoding="utf-8"))
    found: list[str] = page.evaluate(_RUN, TAGS)
    return found
