"""Page, paragraph and line of any offset."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clustergov.casestudies.documents.location import Layout, Location, paragraph_unit

BLOCKS = "Een zin die\nverder loopt.\n\n  \nTwee 🚰.\n\nDrie op de\nvolgende bladzijde."
TURNS = "I: Hoe ging het?\nR: Goed.\n\nI: En nu?\nR: Ook goed.\n"


@pytest.mark.parametrize(
    ("words", "place"),
    [
        ("Een", (None, 1, 1)),
        ("verder", (None, 1, 2)),
        ("Twee", (None, 2, 5)),
        ("Drie", (None, 3, 7)),
        ("volgende", (None, 3, 8)),
    ],
)
def test_blocks_are_paragraphs_of_a_wrapped_text(words: str, place: tuple[int | None, int, int]) -> None:
    assert Layout(BLOCKS).locate(BLOCKS.index(words)) == Location(*place)


def test_lines_are_paragraphs_of_a_transcript() -> None:
    assert (paragraph_unit(TURNS), paragraph_unit(BLOCKS), paragraph_unit("een")) == ("lines", "blocks", "blocks")
    layout = Layout(TURNS)
    assert [layout.locate(TURNS.index(words)).paragraph for words in ("I: Hoe", "R: Goed", "I: En", "R: Ook")] == [
        1,
        2,
        3,
        4,
    ]


def test_paragraphs_are_counted_on_their_page() -> None:
    page = BLOCKS.index("op de")
    layout = Layout(BLOCKS, (0, page))
    assert layout.locate(BLOCKS.index("Drie")) == Location(1, 3, 7)
    assert layout.locate(page) == Location(2, 1, 7)
    assert layout.locate(10**9) == Location(2, 1, 8)
    assert layout.locate(-5) == Location(1, 1, 1)


def test_a_page_without_text_is_counted() -> None:
    text = "een\n\ndrie"
    assert Layout(text, (0, 5, 5)).locate(5).page == 3


def test_a_place_as_a_reader_sees_it() -> None:
    assert Location(3, 2, 40).text("en") == "p. 3, ¶ 2"
    assert Location(3, 2, 40).text("nl") == "blz. 3, al. 2"
    assert Location(None, 12, 40).text("en") == "¶ 12"
    assert Location(None, 1234, 40).text("nl") == "al. 1234"


@settings(derandomize=True, deadline=None)
@given(st.text("ab .\n", max_size=60), st.lists(st.integers(0, 60), max_size=4), st.integers(-1, 70))
def test_numbers_are_never_below_one_and_never_go_back(text: str, pages: list[int], offset: int) -> None:
    starts = tuple(sorted({0, *(page for page in pages if page <= len(text))})) if pages else ()
    layout = Layout(text, starts)
    here, next_ = layout.locate(offset), layout.locate(offset + 1)
    assert min(here.paragraph, here.line, here.page or 1) >= 1
    assert (here.page or 0, here.paragraph, here.line) <= (next_.page or 0, next_.paragraph, next_.line)


def test_every_offset_of_the_real_texts_has_a_place(shared: Path) -> None:
    units = {}
    for path in sorted((shared / "sources").glob("*.txt")):
        text = path.read_text(encoding="utf-8")
        layout = Layout(text)
        units[path.name[:3]] = layout.unit
        for offset in range(0, len(text), 97):
            place = layout.locate(offset)
            assert place.line == text.count("\n", 0, offset) + 1
            assert place.paragraph == sum(start <= offset for start in layout.paragraphs)
    assert units["003"] == "blocks"  # wrapped lines, from a PDF
