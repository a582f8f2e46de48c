"""Passages that survive edits, on made-up texts with every nuisance and on five real Dutch texts."""

from __future__ import annotations

import hashlib
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clustergov.casestudies.documents.passage import anchor, digest, find, line_and_column, normalise, reanchor
from clustergov.problems import InputError

TEXT = (
    "Het begon met één pomp 🚰 en een gezin 👩‍👩‍👧 uit de straat.\n"
    "Cafe\u0301s en coo\u0308peraties deden mee.\n\n"
    "Daarna kwam het vertrouwen; zonder vertrouwen geen cluster.\n"
)
SENTENCE = "Een zin die er eerst niet stond. "


def passage_of(words: str, text: str = TEXT):  # type: ignore[no-untyped-def]
    start = text.index(words)
    return anchor(text, start, start + len(words), document="d")


def test_offsets_count_code_points_and_the_text_is_unchanged() -> None:
    before = TEXT
    passage = passage_of("👩‍👩‍👧")
    assert before == TEXT
    assert passage.end - passage.start == 5
    assert TEXT[passage.start : passage.end] == passage.exact == "👩‍👩‍👧"
    assert (passage.before + passage.exact + passage.after) in TEXT
    assert len(passage.before) == len(passage.after) == 32
    assert passage.sha256 == hashlib.sha256(TEXT.encode()).hexdigest()


@pytest.mark.parametrize("words", ["🚰", "👩‍👩‍👧", "Cafe\u0301s", "coo\u0308peraties deden mee.\n\nDaarna", "één pomp"])
@pytest.mark.parametrize("nuisance", ["\ufeff", ""])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_line_ends_and_byte_order_mark_do_not_shift_offsets(words: str, nuisance: str, ending: str) -> None:
    plain = passage_of(words)
    disguised = nuisance + TEXT.replace("\n", ending)
    assert anchor(disguised, plain.start, plain.end, document="d") == plain
    assert find(plain, disguised).status == "same"


def test_normalising_changes_nothing_else() -> None:
    odd = "a\u0301 á \u00a0 \t \f \x0b \u2028 \ufb01 x\ufeffy "
    assert normalise(odd) == odd
    assert normalise("\ufeff\ufeffa") == "\ufeffa"
    assert digest("a\r\nb") == digest("\ufeffa\nb") != digest("a\n\nb")


@pytest.mark.parametrize("words", ["🚰", "Cafe\u0301s", "vertrouwen geen"])
def test_a_sentence_before_moves_the_passage_by_its_length(words: str) -> None:
    passage = passage_of(words)
    found = find(passage, SENTENCE + TEXT)
    assert (found.status, found.start) == ("moved", passage.start + len(SENTENCE))
    moved = reanchor(passage, SENTENCE + TEXT)
    assert moved is not None
    assert (moved.exact, moved.document, moved.sha256) == (words, "d", digest(SENTENCE + TEXT))
    assert find(moved, SENTENCE + TEXT).status == "same"


def test_a_sentence_after_leaves_it_where_it_was() -> None:
    found = find(passage_of("🚰"), TEXT + SENTENCE)
    assert (found.status, found.reason) == ("same", "")


def test_of_two_equal_words_the_context_tells_which() -> None:
    second = TEXT.rindex("vertrouwen")
    passage = anchor(TEXT, second, second + len("vertrouwen"))
    edited = SENTENCE + TEXT.replace("Daarna kwam het", "Later kwam er")
    assert find(passage, edited).start == edited.rindex("vertrouwen")


def test_a_changed_passage_is_lost() -> None:
    found = find(passage_of("deden mee"), TEXT.replace("deden mee", "deden niet mee"))
    assert (found.status, found.start, found.reason) == ("lost", None, "changed")
    assert reanchor(passage_of("deden mee"), TEXT.replace("deden mee", "deden niet mee")) is None


def test_another_normal_form_is_another_text() -> None:
    assert find(passage_of("Cafe\u0301s"), unicodedata.normalize("NFC", TEXT)).reason == "changed"


def test_equal_places_are_ambiguous_and_never_guessed() -> None:
    line = "Dezelfde regel staat hier steeds weer opnieuw.\n"
    text = line * 9
    start = 4 * len(line) + line.index("regel")
    passage = anchor(text, start, start + 5)
    assert find(passage, text).status == "same"
    found = find(passage, SENTENCE + text)
    assert (found.status, found.reason) == ("lost", "ambiguous")


def test_the_same_words_among_other_words_are_not_the_passage() -> None:
    passage = passage_of("mee")
    found = find(passage, "Iedereen doet tegenwoordig mee aan een loterij, en dat is een heel ander verhaal.")
    assert (found.status, found.reason) == ("lost", "elsewhere")


def test_a_long_passage_that_occurs_once_needs_no_context() -> None:
    passage = passage_of("Daarna kwam het vertrouwen; zonder vertrouwen geen cluster.")
    found = find(passage, f"Iets heel anders. {passage.exact} En nog iets.")
    assert (found.status, found.start) == ("moved", len("Iets heel anders. "))


@pytest.mark.parametrize(("start", "end"), [(-1, 3), (3, 3), (5, 2), (0, len(TEXT) + 1)])
def test_offsets_outside_the_text_are_refused(start: int, end: int) -> None:
    with pytest.raises(InputError) as caught:
        anchor(TEXT, start, end)
    assert [problem.rule for problem in caught.value.problems] == ["passage-offsets"]


def test_line_and_column_count_from_one() -> None:
    assert line_and_column(TEXT, 0) == (1, 1)
    assert line_and_column(TEXT, TEXT.index("Cafe")) == (2, 1)
    assert line_and_column(TEXT, TEXT.index("kwam")) == (4, 8)


@settings(deadline=None, derandomize=True)
@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), st.data())
def test_any_passage_of_any_text_is_found_again_in_that_text(text: str, data: st.DataObject) -> None:
    plain = normalise(text)
    if not plain:
        return
    start = data.draw(st.integers(0, len(plain) - 1))
    end = data.draw(st.integers(start + 1, len(plain)))
    passage = anchor(text, start, end)
    assert passage.exact == plain[start:end]
    assert (find(passage, text).start, find(passage, text).status) == (start, "same")


@settings(deadline=None, derandomize=True)
@given(st.text(max_size=60), st.text(max_size=60), st.integers(0, 40), st.integers(1, 30))
def test_a_found_passage_always_has_the_same_words(before: str, after: str, start: int, length: int) -> None:
    passage = anchor(TEXT, start, start + length)
    edited = normalise(before + TEXT + after)
    found = find(passage, edited)
    if found.start is not None:
        assert edited[found.start : found.end] == passage.exact


SOURCES = ("000", "001", "002", "003", "004")


@pytest.fixture(params=SOURCES)
def real_text(request: pytest.FixtureRequest, shared: Path) -> str:
    path = next((shared / "sources").glob(f"{request.param}_*.txt"))
    return path.read_bytes().decode("utf-8")


def spots(text: str) -> list[tuple[int, int]]:
    """Three passages of 60 code points: at a quarter, half and three quarters of the text."""
    return [(len(text) * quarter // 4, len(text) * quarter // 4 + 60) for quarter in (1, 2, 3)]


def test_real_text_three_passages_move_with_a_sentence_before(real_text: str) -> None:
    text = normalise(real_text)
    passages = [anchor(real_text, start, end, document="source") for start, end in spots(text)]
    edited = "\ufeff" + (SENTENCE + text).replace("\n", "\r\n")
    for passage in passages:
        found = find(passage, edited)
        assert (found.status, found.start) == ("moved", passage.start + len(SENTENCE))


def test_real_text_an_edit_in_the_middle_splits_same_moved_and_lost(real_text: str) -> None:
    text = normalise(real_text)
    first, second, third = (anchor(text, start, end) for start, end in spots(text))
    cut = second.start + 30
    edited = text[:cut] + SENTENCE + text[cut:]
    assert find(first, edited).status == "same"
    assert find(second, edited).status == "lost"
    assert (find(third, edited).status, find(third, edited).start) == ("moved", third.start + len(SENTENCE))
