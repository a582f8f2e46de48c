"""Paragraphs as the page shows them: nothing of a text but blanks lies outside them, and each is where it says."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from clustergov.casestudies.documents.document import Document
from clustergov.casestudies.documents.passage import digest, normalise
from clustergov.casestudies.workbench.blocks import LONGEST, of_document
from clustergov.language import Text

WORDS = Text({"nl": "x", "en": "x"})
PIECES = st.sampled_from(
    [
        "Trust. ",
        "cafe\u0301 ",
        "🙂",
        "👩‍👩‍👧",
        "\n",
        "\n\n",
        "\r\n",
        " \n \n",
        "\t",
        "\u2028",
        "\x0c",
        "\ufeff",
        "end.\n",
    ]
)


def document(text: str) -> Document:
    text = normalise(text)
    return Document("c", "d", WORDS, "en", "given", WORDS, "P", text, digest(text))


@given(st.lists(PIECES, max_size=60).map("".join))
def test_each_block_stands_where_it_says_and_only_blanks_lie_between(text: str) -> None:
    shown = document(text)
    blocks = of_document(shown, "en")
    end = 0
    for block in blocks:
        assert shown.text[block.start : block.end] == block.text
        assert not shown.text[end : block.start].strip()
        assert block.text.strip()
        end = block.end
    assert not shown.text[end:].strip()


def test_a_text_without_a_blank_line_is_cut_between_words() -> None:
    text = "word " * (3 * LONGEST // 5)
    blocks = of_document(document(text), "en")
    assert len(blocks) >= 3
    assert max(len(block.text) for block in blocks) <= LONGEST
    assert all(block.text.startswith("word") for block in blocks)
    assert sum(block.text.count("word") for block in blocks) == text.count("word")


def test_a_text_that_cannot_be_cut_anywhere_is_cut_all_the_same() -> None:
    text = "🙂" * (2 * LONGEST)
    blocks = of_document(document(text), "en")
    assert "".join(block.text for block in blocks) == text


def test_paragraphs_are_named_by_their_place() -> None:
    blocks = of_document(document("One.\n\nTwo.\n\nThree."), "nl")
    assert [block.label for block in blocks] == ["al. 1", "al. 2", "al. 3"]
