"""Two coders who do not see each other, what they disagree about, and how they settle it together."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from clustergov.casestudies.coding.coding import CONSENSUS
from clustergov.casestudies.documents.passage import normalise
from coding_page import BLIND, TEXT, Served, serving, stored, until, write_study

SHOWN = normalise(TEXT)
DOCUMENT = "/document/harbour/interview"
ANNA, BRAM = "/en/as/anna/round/1", "/en/as/bram/round/1"
SECRET = "only anna knows this"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(write_study(tmp_path_factory.mktemp("blind") / "study", rounds=BLIND)) as running:
        yield running


def code(page: Page, words: str, concept: str, polarity: str = "", memo: str = "") -> None:
    start = SHOWN.index(words)
    number = page.evaluate("page.codings.byId.size")
    page.evaluate("([a, b]) => page.reading.set(a, b)", [start, start + len(words)])
    page.evaluate("concept => page.code(page.codes.findIndex(c => c.code === concept))", concept)
    until(page, f"page.codings.byId.size === {number + 1}")
    if polarity:
        page.evaluate("polarity => page.judge(polarity)", polarity)
    if memo:
        page.evaluate("page.openMemo()")
        page.fill("#memo-text", memo)
        page.click("#memo button[type=submit]")
        until(page, "!document.getElementById('memo').open")


def finish(page: Page) -> None:
    page.click("button[data-do=done]")
    until(page, "page.done")
    page.context.close()


def test_a_blind_second_coder_gets_nothing_of_the_first(served: Served, browser: Browser) -> None:
    anna = served.open(browser, ANNA + DOCUMENT)
    code(anna, "We trust each other", "trust", "supports", SECRET)
    code(anna, "The vision came later.", "vision")
    code(anna, "Money was short", "funding")
    finish(anna)

    bram = served.open(browser, BRAM)
    seen: list[str] = []
    bram.on("response", lambda answer: seen.append(answer.text()) if answer.status == 200 else None)
    served.go(bram, BRAM + DOCUMENT)
    bram.evaluate("page.line.seen = -5")  # as a tab that is behind: then it is sent everything it may see
    code(bram, "We trust each other", "trust", "contradicts")
    code(bram, "The vision came later. 👩‍👩‍👧 Families joined.", "vision")
    bram.evaluate("page.takeBack('undo')")
    bram.evaluate("page.takeBack('redo')")
    until(bram, "page.codings.byId.size === 2")
    for path in ("", "/search?q=knows", "/search?q=trust", "/search?q=money", DOCUMENT + "/codings"):
        seen.append(str(bram.request.get(served.origin + BRAM + path).text()))
    everything = "\n".join(seen)
    assert len(seen) > 12
    assert SECRET not in everything
    assert "anna" not in everything.replace(SECRET, "")
    assert bram.request.get(served.origin + BRAM + "/disagreements").status == 404
    assert bram.request.get(served.origin + BRAM + "/disagreements/1").status == 404
    assert SECRET not in bram.content()
    finish(bram)


def test_the_disagreements_are_listed_and_settled_together(served: Served, browser: Browser) -> None:
    page = served.open(browser, ANNA)
    page.click("text=Disagreements between coders")
    rows = page.locator("tbody tr")
    assert rows.count() == 3
    assert {rows.nth(n).locator("td").nth(2).inner_text() for n in range(3)} == {
        "another polarity",
        "other limits",
        "seen by one coder",
    }
    page.click("tbody a >> nth=0")
    kinds = []
    for _ in range(3):
        kind = page.inner_text("main > p").split(" · ")[1]
        kinds.append(kind)
        assert page.locator("mark").count() >= 1
        assert page.locator(".side h3").all_inner_texts() == ["anna", "bram"]
        if kind == "another polarity":
            assert SECRET in page.inner_text(".sides")
            page.click(".side >> nth=1 >> input")
            page.fill("#memo", "We read it <i>again</i>")
        elif kind == "other limits":
            page.select_option("#concept", "learning")
            page.select_option("#polarity", "qualifies")
        page.click("form button.forward")
        page.wait_for_selector("[role=status]")
        following = page.locator("nav a[rel=next]")
        if following.count():
            following.click()
            page.wait_for_load_state()
    assert sorted(kinds) == ["another polarity", "other limits", "seen by one coder"]
    served.go(page, ANNA + "/disagreements")
    assert "3 of them settled" in page.inner_text("main")
    agreed = [coding for coding in stored(served.study) if coding.coder == CONSENSUS]
    assert {(c.concept, c.polarity) for c in agreed} == {("trust", "contradicts"), ("learning", "qualifies")}
    # Whoever was there is named, and nobody else may be.
    page.click("tbody a >> nth=0")
    page.fill("#present", "")
    page.evaluate("document.getElementById('present').required = false")
    page.click("form button.forward")
    page.wait_for_selector("[role=alert]")
    page.fill("#present", "anna, bram")
    page.click("button[name=reopen]")
    page.wait_for_load_state()
    served.go(page, ANNA + "/disagreements")
    assert "2 of them settled" in page.inner_text("main")
    page.context.close()


def test_a_closed_round_is_read_with_everybodys_codings_and_takes_nothing(served: Served, browser: Browser) -> None:
    page = served.open(browser, ANNA + DOCUMENT)
    coders = page.evaluate("[...new Set([...page.codings.byId.values()].map(c => c.coder))].sort()")
    assert {"anna", "bram"} <= set(coders)
    before = len(stored(served.study))
    page.evaluate("page.reading.set(0, 9)")
    page.evaluate("page.code(1)")
    until(page, "!document.getElementById('wrong').hidden")
    assert "closed" in page.inner_text("#wrong")
    answer = page.request.post(
        served.origin + ANNA + DOCUMENT + "/act",
        headers={"origin": served.origin},
        data={"do": "code", "concept": "trust", "start": 0, "end": 9},
    )
    assert answer.status == 409
    assert "closed" in answer.json()["problem"]
    page.context.close()
    assert len(stored(served.study)) == before


def test_somebody_who_is_not_in_the_round_cannot_enter_it(served: Served, browser: Browser) -> None:
    page = served.open(browser)
    page.fill("#coder", "carla")
    page.click("button.forward")
    page.wait_for_selector("[role=alert]")
    assert page.request.get(served.origin + "/en/as/carla/round/1").status == 404
    page.context.close()


def test_a_document_of_another_round_can_be_read_only(served: Served, browser: Browser) -> None:
    path = ANNA + "/document/harbour/start"
    page = served.open(browser, path)
    action = {"do": "code", "concept": "trust", "at": "start-one"}
    answer = page.request.post(served.origin + path + "/act", headers={"origin": served.origin}, data=action)
    assert answer.status == 409
    page.context.close()
