"""Every way in which a program may count is told by the names of its selections."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clustergov.casestudies.documents.passage import normalise
from clustergov.casestudies.exchange.offsets import Counting, Mark, agrees, place_marks

TEXT = "Één 🚰 kraan.\r\nCafe\u0301 en 𝔘nicode.\r\n\r\nSlot 👩‍👩‍👧 einde.\r\n"


def counted(raw: str, start: int, end: int, how: Counting) -> Mark:
    """The mark that a program which counts so would write for ``normalise(raw)[start:end]``, written independently."""
    words = normalise(raw)[start:end]

    def offset(point: int) -> int:
        before = normalise(raw)[:point]
        length = len(before.encode("utf-16-le")) // 2 if how.utf16 else len(before)
        return length + how.bom + (before.count("\n") if how.crlf == 2 else 0)

    return Mark(offset(start), offset(end) - how.inclusive, words[:100])


@pytest.mark.parametrize("bom", [False, True])
@pytest.mark.parametrize("crlf", [1, 2])
@pytest.mark.parametrize("utf16", [False, True])
@pytest.mark.parametrize("inclusive", [False, True])
def test_each_way_of_counting_is_recognised(bom, crlf, utf16, inclusive):
    raw = "\ufeff" + TEXT
    how = Counting(bom=bom, crlf=crlf, utf16=utf16, inclusive=inclusive)
    places = [(0, 3), (4, 12), (13, 22), (15, 25), (30, 34), (36, 41)]
    placed = place_marks(raw, [counted(raw, *place, how) for place in places])
    assert placed.text == normalise(raw)
    assert list(placed.places) == places
    assert placed.counting == how
    assert (placed.named, placed.agreeing) == (6, 6)
    assert placed.second < 6


@given(
    st.text(alphabet=st.sampled_from("ab\n é🚰\u0301𝔘"), min_size=3, max_size=60),
    st.booleans(),
    st.sampled_from([1, 2]),
    st.data(),
)
def test_offsets_come_back_whatever_the_text(text, bom, crlf, data):
    raw = "\ufeff" * bom + text.replace("\n", "\r\n")
    points = st.integers(0, len(text))
    places = [tuple(sorted(data.draw(st.tuples(points, points)))) for _ in range(4)]
    marks = [counted(raw, *place, Counting(crlf=crlf)) for place in places]
    placed = place_marks(raw, marks, crlf=crlf)
    assert placed.text == text
    named = [(place, mark.name) for place, mark in zip(placed.places, marks, strict=True) if mark.name.strip()]
    # Another reading may fit as well, never better; the words are then the same.
    assert all(agrees(name, text[slice(*place)]) for place, name in named)


def test_without_names_the_habit_of_the_program_counts():
    marks = [Mark(20, 24)]
    two, one = place_marks(TEXT, marks, crlf=2), place_marks(TEXT, marks, crlf=1)
    assert (two.places, one.places) == (((19, 23),), ((20, 24),))
    assert two.named == 0


def test_half_of_a_character_becomes_the_whole_one():
    raw = "ab🚰cd🚰ef"
    marks = [Mark(0, 4, "ab🚰"), Mark(4, 6, "cd"), Mark(3, 7)]
    placed = place_marks(raw, marks)
    assert placed.counting.utf16
    assert placed.places == ((0, 3), (3, 5), (2, 6))
    assert placed.split == 1  # one mark, at both ends


@pytest.mark.parametrize(
    ("name", "words", "expected"),
    [
        ("Trust", "Trust", 2),
        ("Trust came", "Trust\ncame", 2),
        ("Trust", "rust ", 0),
        ("Trust", " Trust ", 1),
        ("x" * 40, "x" * 90, 2),
        ("Trust came…", "Trust came first", 2),
        ("Trust came...", "Trust came first", 2),
        ("line:6", "Trust came first", 0),
        ("a b", "a\x0cb", 2),
    ],
)
def test_a_name_agrees_with_words(name, words, expected):
    assert agrees(name, words) == expected
