"""A document coded whole in a real browser: by mouse, by keyboard alone, in two tabs, and through the death of the program."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from clustergov.casestudies.coding.coding import Coding
from clustergov.casestudies.documents.passage import normalise
from coding_page import TEXT, Served, serving, stored, until, write_study

HOME = "/en/as/anna/round/1"
INTERVIEW = HOME + "/document/harbour/interview"
SHOWN = normalise(TEXT)

PLAN = (
    ("manager 🚢", "funding", "qualifies"),
    ("We trust each other 🙂 fully.", "trust", "supports"),
    ("café and the cafe\u0301", "sharing", None),
    ("👩‍👩‍👧 Families joined.", "vision", "contradicts"),
    ("The vision came later. 👩‍👩‍👧 Families", "learning", None),
    ("from that.\n\nIn the end", "trust", None),
    ("<script>document.title='x'</script>", "funding", "supports"),
)
"""Words of the document, the code to give them, and a polarity; some overlap, and one spans two paragraphs."""


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    with serving(write_study(tmp_path / "study")) as running:
        yield running


def place(words: str) -> tuple[int, int]:
    start = SHOWN.index(words)
    return start, start + len(words)


POINT = """([offset, end]) => {
  const {text} = page;
  const block = text.blockAt(end ? offset - 1 : offset);
  block.shown.scrollIntoView({block: 'center'});
  const box = text.range(block, end ? offset - 1 : offset, end ? offset : offset + 1).getClientRects();
  const rect = end ? box[box.length - 1] : box[0];
  return [end ? rect.right - 0.5 : rect.left + 0.5, rect.top + rect.height / 2];
}"""


def drag(page: Page, start: int, end: int) -> None:
    """Select with the mouse, from before the first character to behind the last, once everything is drawn."""
    page.evaluate("() => new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
    x, y = page.evaluate(POINT, [start, False])
    page.mouse.move(x, y)
    page.mouse.down()
    x, y = page.evaluate(POINT, [end, True])
    page.mouse.move(x, y, steps=4)
    page.mouse.up()


def codings(page: Page, number: int) -> None:
    until(page, f"page.codings.byId.size === {number}")


def is_the_plan(found: list[Coding]) -> None:
    wanted = {(*place(words), concept, words, polarity) for words, concept, polarity in PLAN}
    assert {
        (coding.passage.start, coding.passage.end, coding.concept, coding.passage.exact, coding.polarity)
        for coding in found
        if coding.passage is not None
    } == wanted
    assert {coding.coder for coding in found} == {"anna"}
    assert len(found) == len(PLAN)


def test_a_whole_document_is_coded_by_mouse(served: Served, browser: Browser) -> None:
    page = served.open(browser)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text))
    page.fill("#coder", "anna")
    page.click("button.forward")
    page.click("text=Interview")
    page.wait_for_selector("body[data-ready]")
    for number, (words, concept, polarity) in enumerate(PLAN, 1):
        drag(page, *place(words))
        page.click(f"#codes [role=option][data-code='{page.evaluate('page.codes.map(c => c.code)').index(concept)}']")
        codings(page, number)
        if polarity:
            page.locator("#here li.current select").select_option(polarity)
            until(page, f"page.codings.current?.polarity === '{polarity}'")
    page.click("button[data-do=done]")
    until(page, "page.done")
    assert page.title().startswith("Interview")
    assert errors == []
    page.context.close()
    is_the_plan(stored(served.study))
    served.stop()
    is_the_plan(stored(served.study))
    (file,) = (served.study / "casestudies" / "harbour" / "codings").glob("*.yml")
    assert "🚢" in file.read_text(encoding="utf-8")


def select_by_keys(page: Page, words: str) -> None:
    """Go to the first word of some words and extend to the last, with nothing but arrows."""
    start, end = place(words)
    units = page.evaluate("page.text.blocks.flatMap(block => page.text.units(block, 'word'))")
    first = next(number for number, unit in enumerate(units) if unit[0] >= start)
    last = next(number for number, unit in enumerate(units) if unit[1] >= end or unit is units[-1])
    page.keyboard.press("Control+Home")
    for _ in range(first):
        page.keyboard.press("ArrowRight")
    for _ in range(first, last):
        page.keyboard.press("Shift+ArrowRight")
    assert page.evaluate("[page.reading.start, page.reading.end]") == [units[first][0], units[last][1]]


def test_a_whole_document_is_coded_by_keyboard_alone(served: Served, browser: Browser) -> None:
    page = served.open(browser)
    page.keyboard.type("anna")
    page.keyboard.press("Enter")
    page.wait_for_url("**/round/1")
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent") == "Interview":
            break
    page.keyboard.press("Enter")
    page.wait_for_selector("body[data-ready]")
    for _ in range(30):
        if page.evaluate("document.activeElement.id") == "text":
            break
        page.keyboard.press("Tab")
    wanted = []
    for number, (words, concept, polarity) in enumerate(PLAN, 1):
        select_by_keys(page, words)
        start, end = page.evaluate("[page.reading.start, page.reading.end]")
        wanted.append((SHOWN[start:end], concept, polarity))
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "find-code"
        page.keyboard.type(concept[:4])
        page.keyboard.press("Enter")
        codings(page, number)
        until(page, "document.activeElement.id === 'text'")
        if polarity:
            page.keyboard.press({"supports": "1", "qualifies": "2", "contradicts": "3"}[polarity])
            until(page, f"page.codings.current?.polarity === '{polarity}'")
    # The words are those of the plan up to signs that are no words: a cursor by words begins and ends with one.
    for (chosen, _, _), (words, _, _) in zip(wanted, PLAN, strict=True):
        assert chosen.strip(".<>' /()=") in words or words.strip(".<>' /()=") in chosen
    page.keyboard.press("m")
    page.keyboard.type('Waarom <b>niet</b> & "zo" 🙂')
    page.keyboard.press("Control+Enter")
    until(page, "page.codings.current?.memo?.includes('🙂')")
    page.keyboard.press("d")
    until(page, "page.done")
    page.context.close()
    found = stored(served.study)
    assert sorted((c.passage.exact, c.concept, c.polarity or "") for c in found if c.passage) == sorted(
        (words, concept, polarity or "") for words, concept, polarity in wanted
    )
    assert [dict(c.memo) for c in found if c.memo] == [{"en": 'Waarom <b>niet</b> & "zo" 🙂'}]


def test_notes_of_a_shipped_case_are_coded_paragraph_by_paragraph(root: Path, tmp_path: Path, browser: Browser) -> None:
    shutil.copytree(root / "casestudies", tmp_path / "study" / "casestudies")
    (tmp_path / "study" / "casestudies" / "rounds.yml").unlink(missing_ok=True)  # its round is closed
    before = len(stored(tmp_path / "study"))
    with serving(tmp_path / "study", "--coder", "third-coder", "--language", "nl") as served:
        case = next(case for case in sorted((root / "casestudies").iterdir()) if (case / "case.yml").is_file()).name
        page = served.open(browser)
        page.wait_for_url("**/as/third-coder/round/*")
        links = page.locator(f"a[href*='/document/{case}/']")
        note = next(
            href for href in (link.get_attribute("href") for link in links.all()) if href and "statements" not in href
        )
        served.go(page, note)
        page.focus("#text")
        count = page.evaluate("page.text.blocks.length")
        own = "[...page.codings.byId.values()].filter(c => c.own).length"
        for number in range(count):
            if number:
                page.keyboard.press("ArrowDown")
            else:
                page.keyboard.press("Control+Home")
            page.keyboard.press("Enter")
            page.keyboard.press("ArrowDown" if number % 2 else "ArrowUp")
            page.keyboard.press("Enter")
            until(page, f"{own} === {number + 1}")
        page.context.close()
        found = [coding for coding in stored(tmp_path / "study") if coding.coder == "third-coder"]
        assert len(found) == count
        assert len({coding.at for coding in found}) == count
        assert all(coding.passage is None for coding in found)
    assert len(stored(tmp_path / "study")) == before + count


def test_undo_and_redo_by_button_and_key(served: Served, browser: Browser) -> None:
    page = served.open(browser, INTERVIEW)
    page.evaluate("page.reading.set(0, 9)")
    page.evaluate("page.code(1)")
    codings(page, 1)
    page.keyboard.press("1")
    until(page, "page.codings.current?.polarity === 'supports'")
    page.keyboard.press("Control+z")
    until(page, "[...page.codings.byId.values()][0].polarity === null")
    page.click("button[data-do=undo]")
    codings(page, 0)
    assert stored(served.study) == []
    page.click("button[data-do=undo]")
    until(page, "document.getElementById('said').textContent.includes('nothing to undo')")
    page.focus("#text")
    page.keyboard.press("Control+y")
    codings(page, 1)
    page.keyboard.press("Control+Shift+Z")
    until(page, "[...page.codings.byId.values()][0].polarity === 'supports'")
    page.keyboard.press("n")
    page.keyboard.press("Delete")
    codings(page, 0)
    page.keyboard.press("u")
    codings(page, 1)
    page.context.close()
    (coding,) = stored(served.study)
    assert coding.polarity == "supports"


def test_what_was_acknowledged_survives_the_death_of_the_program(served: Served, browser: Browser) -> None:
    page = served.open(browser, INTERVIEW)
    for number in range(1, 21):
        page.evaluate(f"page.reading.set({number}, {number + 12})")
        page.evaluate("page.code(1)")
        if number == 12:
            served.kill()
    acknowledged = page.evaluate("[...page.codings.byId.values()].map(c => [c.start, c.end])")
    assert len(acknowledged) == 12
    until(page, "!document.getElementById('wrong').hidden")
    assert "Not stored" in page.inner_text("#wrong")
    page.context.close()
    found = [[c.passage.start, c.passage.end] for c in stored(served.study) if c.passage]
    assert sorted(found) == sorted(acknowledged)
    served.start()
    page = served.open(browser, INTERVIEW)
    codings(page, 12)
    page.context.close()


def test_two_tabs_see_each_other_and_lose_nothing(served: Served, browser: Browser) -> None:
    one = served.open(browser, INTERVIEW)
    two = one.context.new_page()
    served.go(two, INTERVIEW)
    one.evaluate("page.reading.set(0, 9)")
    one.evaluate("page.code(1)")
    codings(one, 1)
    two.evaluate("page.reading.set(10, 14)")
    two.evaluate("page.code(3)")
    codings(two, 2)  # the answer told that another tab was faster, and brought everything
    assert one.evaluate("page.codings.byId.size") == 1
    one.evaluate("page.refresh()")
    codings(one, 2)
    two.evaluate("page.reading.set(0, 9)")
    two.evaluate("page.code(1)")
    until(two, "!document.getElementById('wrong').hidden")
    assert "already" in two.inner_text("#wrong")
    one.context.close()
    assert len(stored(served.study)) == 2


def test_two_programs_on_one_study_lose_nothing(served: Served, browser: Browser) -> None:
    one = served.open(browser, INTERVIEW)
    with serving(served.study, "--coder", "anna") as other:
        two = other.open(browser, INTERVIEW)
        for number, (page, start) in enumerate(((one, 0), (two, 10), (one, 20), (two, 30)), 1):
            page.evaluate(f"page.reading.set({start}, {start + 8})")
            page.evaluate("page.code(1)")
            page.evaluate("page.refresh()")
            codings(page, number)
        two.context.close()
        assert len(stored(served.study)) == 4
        other.stop()
    one.evaluate("page.refresh()")
    codings(one, 4)
    one.context.close()
    served.stop()
    assert len(stored(served.study)) == 4


def test_the_script_counts_as_the_stored_codings_do(served: Served, browser: Browser) -> None:
    page = served.open(browser, INTERVIEW)
    rng = random.Random(4)
    blocks = page.evaluate("page.text.blocks.map(b => [b.start, b.end])")
    places = []
    for start, end in blocks:
        places += [sorted(rng.sample(range(start, end + 1), 2)) for _ in range(40)]
    shown = page.evaluate("places => places.map(([a, b]) => page.text.slice(a, b))", places)
    assert shown == [SHOWN[start:end] for start, end in places]
    # Every place in the text is found again from the browser's own point for it.
    every = [offset for start, end in blocks for offset in range(start, end + 1)]
    back = page.evaluate("all => all.map(o => page.text.offset(...page.text.point(o)))", every)
    assert back == every
    for kind in ("word", "sentence", "paragraph"):
        units = page.evaluate(f"page.text.blocks.flatMap(b => page.text.units(b, '{kind}'))")
        assert units
        assert all(SHOWN[start:end] == SHOWN[start:end].strip() != "" for start, end in units)
        assert units == sorted(units)
    page.context.close()


def test_the_cursor_moves_and_extends_by_word_sentence_and_paragraph(served: Served, browser: Browser) -> None:
    page = served.open(browser, INTERVIEW)
    page.focus("#text")

    def pressed(*keys: str) -> str:
        for key in keys:
            page.keyboard.press(key)
        start, end = page.evaluate("[page.reading.start, page.reading.end]")
        assert page.evaluate("getSelection().toString()").strip() == SHOWN[start:end].strip()
        return SHOWN[start:end]

    assert pressed("Control+Home") == "Interview"
    assert pressed("ArrowDown") == "Interview with a harbour manager 🚢 (made up)."
    assert pressed("ArrowDown").startswith("We trust")
    assert pressed("ArrowRight") == "We"
    assert pressed("s") == "We trust each other 🙂 fully."
    assert pressed("Control+ArrowRight") == "Nobody has a contract."
    assert pressed("ArrowLeft") == "contract"
    assert pressed("Shift+ArrowRight", "Shift+ArrowRight") == "contract. The café"
    assert pressed("Shift+ArrowLeft", "Shift+ArrowLeft", "Shift+ArrowLeft") == "a contract"
    assert pressed("Shift+Control+ArrowRight") == "contract"
    assert pressed("Shift+End").endswith("two spellings.")
    assert pressed("ArrowDown").startswith("We trust")
    assert pressed("ArrowDown").startswith("The vision")
    assert pressed("Shift+ArrowDown").startswith("The vision came later.")
    assert pressed("ArrowUp").startswith("We trust")
    assert pressed("S").startswith("The café and")
    said = page.inner_text("#said")
    assert "The café and the cafe\u0301 are two spellings." in said
    page.context.close()


def test_search_leads_to_the_passage_and_the_filter_hides_others(served: Served, browser: Browser) -> None:
    page = served.open(browser, INTERVIEW)
    for code, words in ((1, "We trust each other"), (4, "Money was short")):
        page.evaluate("([a, b]) => page.reading.set(a, b)", list(place(words)))
        page.evaluate(f"page.code({code})")
    codings(page, 2)
    page.select_option("#filter", "governance")
    until(page, "document.querySelectorAll('.name').length === 1")
    assert page.inner_text(".name") == "Trust"
    page.select_option("#filter", "")
    page.focus("#text")
    page.keyboard.press("f")
    page.keyboard.type("families")
    page.keyboard.press("Enter")
    page.wait_for_selector(".hits a")
    page.click(".hits a >> nth=0")
    page.wait_for_selector("body[data-ready]")
    until(page, "page.text.slice(page.reading.start, page.reading.end) === 'Families'")
    assert page.evaluate("document.activeElement.id") == "text"
    served.go(page, HOME + "/search?q=trust")
    assert page.locator(".hits li", has_text="coding").count() == 1
    page.context.close()


def test_a_memo_on_the_document_is_kept_shown_and_undone(served: Served, browser: Browser) -> None:
    page = served.open(browser, INTERVIEW)
    page.click("button[data-do=note]")
    page.fill("#memo-text", "A frank <b>talk</b> 🙂")
    page.click("#memo button[type=submit]")
    until(page, "!document.getElementById('memo').open")
    assert page.inner_text("#note") == "A frank <b>talk</b> 🙂"
    served.kill()
    served.start()
    page.context.close()
    page = served.open(browser, INTERVIEW)
    assert page.inner_text("#note") == "A frank <b>talk</b> 🙂"
    served.go(page, HOME + "/search?q=FRANK")
    assert "anna: A frank <b>talk</b> 🙂" in page.inner_text(".hits")
    page.click(".hits a")
    page.wait_for_selector("body[data-ready]")
    page.click("button[data-do=undo]")
    until(page, "document.getElementById('note').hidden")
    page.context.close()


NASTY = "</script><script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">{{7*7}}"


def test_markup_in_names_titles_and_memos_stays_text(tmp_path: Path, browser: Browser) -> None:
    study = write_study(tmp_path / "study")
    for name in ("codebook.yml", "harbour/case.yml", "harbour/documents.yml"):
        file = study / "casestudies" / name
        text = file.read_text(encoding="utf-8")
        for word in ("Trust", "The harbour", "Interview}", "The beginning", "Trial codebook"):
            end = "}" if word.endswith("}") else ""
            text = text.replace(f": {word}", f": {json.dumps(NASTY)}{end}").replace(f'"{word}"', json.dumps(NASTY))
        assert NASTY.partition("=")[0] in text
        file.write_text(text, encoding="utf-8")
    with serving(study) as served:
        page = served.open(browser, HOME)
        owned: list[str] = []
        page.on(
            "request", lambda request: owned.append(request.url) if not request.url.startswith(served.origin) else None
        )
        served.go(page, INTERVIEW)
        page.evaluate("page.reading.set(0, 9)")
        page.evaluate("page.code(1)")
        codings(page, 1)
        page.evaluate("memo => page.send({do: 'change', id: page.codings.current.id, memo})", NASTY)
        page.wait_for_selector(".name")
        assert page.inner_text(".name").startswith("</script>")
        for path in (
            HOME,
            HOME + "/search?q=owned",
            HOME + "/search?q=%3Cimg+src",
            HOME + "/disagreements",
            "/en",
            INTERVIEW,
        ):
            served.go(page, path)
            assert page.title() != "owned"
            assert page.locator("img").count() == 0
            assert "49" not in page.content()
        page.context.close()
        assert owned == []


def test_a_document_that_is_done_takes_nothing_until_that_is_taken_back(served: Served, browser: Browser) -> None:
    page = served.open(browser, INTERVIEW)
    page.evaluate("page.reading.set(0, 9)")
    page.click("button[data-do=done]")
    until(page, "page.done")
    page.evaluate("page.code(1)")
    until(page, "!document.getElementById('wrong').hidden")
    assert stored(served.study) == []
    page.click("button[data-do=done]")
    until(page, "!page.done")
    page.evaluate("page.code(1)")
    codings(page, 1)
    page.context.close()
