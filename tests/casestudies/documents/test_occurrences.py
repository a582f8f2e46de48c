"""Offsets of a part in a text are those that looking at every offset gives, with an index and without."""

from __future__ import annotations

import random

import pytest

from clustergov.casestudies.documents import occurrences as module
from clustergov.casestudies.documents.occurrences import occurrences


@pytest.mark.parametrize("letters", ["ab", "abc é🚰\n", "abcdefghijklmnop"])
def test_every_offset_is_found_and_no_other(letters: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_LONG", 10)
    rng = random.Random(1)
    for _ in range(15):
        text = "".join(rng.choices(letters, k=rng.randrange(20, 1500)))
        for _ in range(40):
            at = rng.randrange(len(text))
            part = rng.choice([text[at : at + rng.randrange(1, 40)], "".join(rng.choices(letters, k=12))])
            every = [place for place in range(len(text)) if text.startswith(part, place)]
            assert occurrences(part, text) == every
            assert occurrences(part, text, most=2) == every[:2]


def test_an_empty_part_and_a_part_longer_than_the_text_stand_nowhere() -> None:
    assert occurrences("", "abc") == []
    assert occurrences("abcdefghijkl", "abc") == []


def test_a_lone_surrogate_in_a_text_does_no_harm(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_LONG", 10)
    text = "abcdefgh\ud800ijklmnop" * 3
    assert [occurrences("gh\ud800ijklmnop", text) for _ in range(30)][-1] == [6, 23, 40]
