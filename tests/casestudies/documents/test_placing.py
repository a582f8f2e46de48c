"""Passages whose own words were altered: placed where their surroundings leave no doubt, else lost."""

from __future__ import annotations

import random
import re
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


def moved(text: str, words: str, edited: str) -> tuple[str, str, int | None]:
    start = text.index(words)
    found = place(anchor(text, start, start + len(words)), edited)
    return found.status, found.reason, found.start


def test_a_short_word_with_a_few_known_ones_behind_it_is_not_the_passage() -> None:
    """Its sentence was taken out; another one has the same word before the same next word."""
    text = "De staf is groot en doet er dus veel toe. Meer leden betekent dat de prestaties beter zijn.\n\nSlot van het verhaal."
    edited = "Slot van het verhaal. Het bestuur is van groot belang voor de prestaties van de club."
    start = text.index("de prestaties")
    found = place(anchor(text, start, start + 2), edited)
    assert (found.status, found.reason) == ("lost", "elsewhere")


def test_of_a_paragraph_that_was_copied_and_then_edited_the_copy_is_not_taken() -> None:
    copied = "Wij begonnen met een klein bureau, en daarna kwam het vertrouwen van de leden erbij."
    text = f"{copied}\n\n{'Tussen de delen staat nog veel meer. ' * 6}\n\nSlot."
    for old, new in (("bureau, en daarna", "bureau, en Daarna"), ("kwam het vertrouwen", "kwam het Vertrouwen")):
        edited = "Vooraf.\n\n" + text.replace(old, new) + "\n\n" + copied
        assert moved(text, "kwam het vertrouwen", edited)[0] in ("lost", "moved", "changed")
        where = moved(text, "kwam het vertrouwen", edited)[2]
        assert where is None or where < len(copied) + 9, "the copy was taken for the passage"


def test_a_repeated_turn_is_told_apart_by_what_stands_around_it() -> None:
    turns = [f"I: En hoe ging dat?\n\nR: Antwoord nummer {number} gaat over iets anders." for number in range(30)]
    text = "\n\n".join(turns)
    edited = "Een inleiding die er eerst niet stond.\n\n" + text
    found = 0
    for number in range(1, 30):
        start = text.index(turns[number])
        placed_now = place(anchor(text, start, start + 19), edited)
        if placed_now.status != "lost":
            found += 1
            assert placed_now.start == start + len(edited) - len(text)
    assert found == 29


def test_words_of_a_passage_that_stand_as_they_were_are_never_called_changed() -> None:
    text = "Het begon klein met een loket voor mensen. De raad koos. Daarna ging het snel met het plan voor de haven."
    edited = "Een geheel nieuw begin voor mensen. De raad koos. Daarna ging alles anders, zoals men weet."
    status, _, where = moved(text, "De raad koos.", edited)
    assert (status, where) in (("moved", edited.index("De raad koos.")), ("lost", None))


def test_transcripts_edited_at_random_are_placed_where_every_character_went(shared: Path) -> None:
    """Fifty edits of a kind that transcripts meet; of each character it is known where it went.

    Words that stood twice with the same ones before or behind them nobody can tell apart once one of them is gone.
    """
    rng = random.Random(50)
    sources = [path.read_text(encoding="utf-8") for path in sorted((shared / "sources").glob("*.txt"))]
    sure = wrong = lost = 0
    for round_ in range(30):
        source = sources[round_ % len(sources)][:6000]
        words = [match.span() for match in re.finditer(r"\S+", source)]
        marks = [(source[at], at) for at in range(len(source))]
        for _ in range(50):
            at = rng.randrange(len(marks))
            put_in = [(letter, -1) for letter in rng.choice(["ß", " Σίσυφος ", "", "Ж" * 9, "\n\n¶ "])]
            marks[at : at + rng.choice([0, 0, 1, 4, 30])] = put_in
        edited = "".join(letter for letter, _ in marks)
        now = {old: place_ for place_, (_, old) in enumerate(marks) if old >= 0}
        for _ in range(30):
            first = rng.randrange(12, len(words) - 12)
            start, end = words[first][0], words[first + rng.choice([0, 2, 5, 11])][1]
            if max(source.count(source[start - 16 : end]), source.count(source[start : end + 16])) > 1:
                continue
            found = place(anchor(source, start, end), edited)
            alive = [now[old] for old in range(start, end) if old in now]
            intact = len(alive) == end - start == alive[-1] - alive[0] + 1 if alive else False
            if intact:
                sure += 1
                lost += found.status == "lost"
                # Letters that were glued to a word make it another word: one letter more is right then.
                glued = 1 if found.status == "changed" else 0
                there = (found.start or 0) - alive[0], (found.end or 0) - alive[-1] - 1
                wrong += found.status != "lost" and max(map(abs, there)) > glued
            else:
                wrong += found.status in ("same", "moved")
    assert wrong == 0
    assert lost / sure < 0.05, (lost, sure)
