"""Which question of one version is which of the other."""

from __future__ import annotations

from typing import Any

from clustergov.instruments.questionnaire import Questionnaire
from clustergov.instruments.versions.diff import compare
from clustergov.instruments.versions.matching import match
from clustergov.instruments.versions.sequence import moved


def of(*questions: dict[str, Any]) -> Questionnaire:
    section = {"code": "s", "title": {"en": "S"}, "questions": questions}
    return Questionnaire.model_validate(
        {"questionnaire": "q", "version": "1", "title": {"en": "Q"}, "languages": ["en"], "sections": [section]}
    )


def text(code: str, words: str, kind: str = "text", **more: Any) -> dict[str, Any]:
    return {"code": code, "kind": kind, "text": {"en": words}, **more}


def test_two_questions_that_change_codes_for_each_other_are_renamed() -> None:
    old = of(text("q1", "Where is your office?"), text("q2", "How many members are there?"))
    new = of(text("q2", "Where is your office?"), text("q1", "How many members are there?"))
    assert match(old, new).questions == {"q2": "q1", "q1": "q2"}
    assert {change.kind for change in compare(old, new)} == {"renamed"}


def test_numbered_questions_after_one_that_was_put_in_are_renamed_and_not_reworded() -> None:
    words = ["Where is your office?", "How many members are there?", "Which sectors do they work in?"]
    old = of(*(text(f"q{n}", each) for n, each in enumerate(words, start=1)))
    new = of(*(text(f"q{n}", each) for n, each in enumerate([words[0], "Since when?", *words[1:]], start=1)))
    assert match(old, new).questions == {"q1": "q1", "q3": "q2", "q4": "q3"}
    assert sorted((change.kind, change.place) for change in compare(old, new)) == [
        ("added", "question q2"), ("renamed", "question q3"), ("renamed", "question q4"),
    ]  # fmt: skip


def test_the_most_alike_are_matched_first() -> None:
    old = of(text("a", "How many members did you have in 2023?"), text("b", "How many members did you have in 2024?"))
    new = of(text("c", "How many members did you have in 2024 ?"), text("d", "How many members did they have in 2023?"))
    assert match(old, new).questions == {"c": "b", "d": "a"}


def test_other_words_and_another_kind_under_another_code_are_another_question() -> None:
    old = of(text("a", "How many members are there?", "number"), text("b", "Anything else?"))
    new = of(text("c", "How many members are there?"), text("d", "What is your name?"))
    assert match(old, new).questions == {}


def test_words_that_stand_twice_decide_nothing() -> None:
    old = of(text("a", "Explain."), text("b", "Explain."))
    new = of(text("b", "Explain."), text("c", "Explain."))
    assert match(old, new).questions["b"] == "b"


def test_items_that_change_codes_for_each_other_are_renamed() -> None:
    def items(*pairs: tuple[str, str]) -> Questionnaire:
        rows = [{"code": code, "text": {"en": words}} for code, words in pairs]
        return of(text("q", "How many?", "numbers", items=rows))

    old, new = items(("a", "firms"), ("b", "schools")), items(("a", "schools"), ("b", "firms"))
    assert match(old, new).variables == {"q_a": "q_b", "q_b": "q_a"}
    assert {change.kind for change in compare(old, new)} >= {"renamed"}


def test_the_fewest_are_said_to_have_moved() -> None:
    assert moved("abcdef", "fabcde") == ["f"]
    assert moved("abcdef", "abcdef") == []
    assert moved("abcd", "xbay") == ["a"] or moved("abcd", "xbay") == ["b"]
    assert len(moved("abcd", "dcba")) == 3
