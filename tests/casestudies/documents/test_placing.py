"""Passages whose own words were altered: placed where their surroundings leave no doubt, else lost."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clustergov.casestudies.documents.passage import anchor
from clustergov.casestudies.documents.placing import Placed, place

TEXT = (
    "De gemeente begon met een klein bureau aan de haven. Daarna kwam er vertrouwen tussen de bedrijven, en dat hielp zeer. "
    "Na tien jaar werd de subsidie beëindigd en moest men zelf betalen.\nDe rest is geschiedenis.\n"
)
WORDS = "Daarna kwam er vertrouwen tussen de bedrijven"


def placed(old: str, new: str, words: str = WORDS, text: str = TEXT) -> tuple[Placed, str]:
    start = text.index(words)
    edited = text.replace(old, new)
    assert edited != text
    found = place(anchor(text, start, start + len(words)), edited)
    return found, edited[found.start : found.end] if found.start is not None else ""


@pytest.mark.parametrize(
    ("old", "new", "status", "words"),
    [
        ("De gemeente", "Onze gemeente", "moved", WORDS),
        ("geschiedenis", "bekend", "same", WORDS),
        (
            "er vertrouwen",
            "er langzaam vertrouwen",
            "changed",
            "Daarna kwam er langzaam vertrouwen tussen de bedrijven",
        ),
        ("bedrijven, en", "firma's, en", "changed", "Daarna kwam er vertrouwen tussen de firma's"),
        ("Daarna kwam", "Daarna, zei zij, kwam", "changed", "Daarna, zei zij, kwam er vertrouwen tussen de bedrijven"),
        (
            "haven. Daarna kwam er",
            "haven. Nou ja. Daarna kwam",
            "changed",
            "Daarna kwam vertrouwen tussen de bedrijven",
        ),
        (
            "bedrijven, en dat hielp zeer",
            "bedrijven hier, wat hielp",
            "changed",
            "Daarna kwam er vertrouwen tussen de bedrijven",
        ),
    ],
)
def test_an_edit_and_what_it_does(old: str, new: str, status: str, words: str) -> None:
    found, now = placed(old, new)
    if words == WORDS and now == WORDS:
        assert found.status in ("same", "moved")  # the words are there as they were
    else:
        assert (found.status, now) == (status, words)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (f" {WORDS}, en dat hielp zeer.", "", "changed"),
        (WORDS, "", "removed"),
        (WORDS, "Er was eens een heel ander verhaal over draken", "changed"),
        (TEXT, "Iets anders.", "changed"),
    ],
)
def test_what_cannot_be_placed_is_lost_and_says_why(old: str, new: str, reason: str) -> None:
    found, now = placed(old, new)
    assert (found.status, found.reason, now) == ("lost", reason, "")


def test_two_places_that_fit_are_never_guessed() -> None:
    edited = TEXT.replace("kwam er vertrouwen", "kwam er veel vertrouwen")
    start = TEXT.index(WORDS)
    found = place(anchor(TEXT, start, start + len(WORDS)), edited + edited)
    assert (found.status, found.reason) == ("lost", "ambiguous")


def test_a_passage_at_the_beginning_or_the_end_of_its_document_is_placed() -> None:
    found, now = placed("De gemeente begon", "De gemeente Frob begon", words="De gemeente begon met een klein bureau")
    assert (found.status, now) == ("changed", "De gemeente Frob begon met een klein bureau")
    found, now = placed("rest is geschiedenis", "rest is oude geschiedenis", words="De rest is geschiedenis.\n")
    assert (found.status, now.strip()) == ("changed", "De rest is oude geschiedenis.")


@settings(derandomize=True, deadline=None, max_examples=200)
@given(
    st.integers(0, len(TEXT) - 2),
    st.integers(1, 60),
    st.integers(0, len(TEXT)),
    st.text("abc é🚰.\n", max_size=20),
    st.integers(0, 12),
)
def test_a_place_lies_in_the_text_and_same_and_moved_have_the_same_words(
    start: int, length: int, at: int, put_in: str, taken_out: int
) -> None:
    passage = anchor(TEXT, start, min(len(TEXT), start + length))
    edited = TEXT[:at] + put_in + TEXT[at + taken_out :]
    found = place(passage, edited)
    if found.start is not None and found.end is not None:
        assert 0 <= found.start < found.end <= len(edited)
    if found.status in ("same", "moved"):
        assert edited[found.start : found.end] == passage.exact
    assert (found.status == "lost") == (found.start is None) == bool(found.reason)


def test_in_real_texts_the_true_place_is_found_and_no_false_one(shared: Path) -> None:
    """One word in eighty is replaced all over a text; the true new place of each sentence is known."""
    rng = random.Random(6)
    hits = misses = 0
    for path in sorted((shared / "sources").glob("*.txt")):
        text = path.read_text(encoding="utf-8")
        words = text.split(" ")
        new = [word if rng.random() > 1 / 80 else f"({word[::-1]})" for word in words]
        ends_old, ends_new, a, b = [0], [0], 0, 0
        for one, other in zip(words, new, strict=True):
            a, b = a + len(one) + 1, b + len(other) + 1
            ends_old.append(a)
            ends_new.append(b)
        edited = " ".join(new)
        for first in range(0, len(words) - 12, 12):
            passage = anchor(text, ends_old[first], ends_old[first + 12] - 1)
            found = place(passage, edited)
            if not passage.exact.strip():
                continue  # columns of blanks are no passage
            if found.status == "lost":
                misses += 1
                continue
            # A word replaced at an edge may be cut off with what it was, never more than that.
            assert abs((found.start or 0) - ends_new[first]) <= 40, (path.name, first)
            assert abs((found.end or 0) - (ends_new[first + 12] - 1)) <= 40, (path.name, first)
            hits += 1
    assert misses / (hits + misses) < 0.03, (hits, misses)


def test_blanks_around_a_word_do_not_tell_where_it_stood() -> None:
    text = "een\n\n                    plan                    \n\ntwee drie vier vijf zes zeven"
    start = text.index("plan")
    other = "acht\n\n                    plan                    \n\nnegen tien"
    found = place(anchor(text, start, start + 4), other)
    assert (found.status, found.reason) == ("lost", "elsewhere")
