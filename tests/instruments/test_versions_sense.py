"""Other words that may turn what is asked, what the diff says of them, and that no line of a crosswalk hides them."""

from __future__ import annotations

from typing import Any

import pytest

from clustergov.instruments.questionnaire import Questionnaire
from clustergov.instruments.versions.diff import compare
from clustergov.instruments.versions.proposal import propose
from clustergov.instruments.versions.sense import doubt
from clustergov.language import Text

NEGATED, COUNTED = "a negation came or went", "other figures"


@pytest.mark.parametrize(
    ("language", "old", "new", "reason"),
    [
        ("en", "The coffee is good.", "The coffee is not good.", NEGATED),
        ("en", "Do participants pay a fee?", "Do participants pay nothing?", NEGATED),
        ("en", "They don’t pay.", "They pay.", NEGATED),
        ("en", "Are you happy with it?", "Are you unhappy with it?", NEGATED),
        ("en-GB", "I disagree", "I agree", NEGATED),
        ("en", "They never pay", "They do not pay", ""),
        ("en", "Is the coffee good?", "Is the coffee nice?", ""),
        ("en", "A note on art", "A note in art", ""),
        ("en", "the last five years", "the last three years", COUNTED),
        ("en", "the last five years", "the last 5 years", ""),
        ("en", "Up to 1.5 years", "Up to 15 years", COUNTED),
        ("en", "Less: < 5", "More: > 5", COUNTED),
        ("en", "a share of 5", "a share of -5", COUNTED),
        ("nl", "De koffie is goed.", "De koffie is niet goed.", NEGATED),
        ("nl", "Het is duidelijk", "Het is onduidelijk", NEGATED),
        ("nl", "met subsidie", "zonder subsidie", NEGATED),
        ("nl", "de afgelopen vijf jaar", "de afgelopen drie jaar", COUNTED),
        ("nl", "Eén van de leden", "1 van de leden", ""),
        ("nl", "Hebt u een auto?", "Hebt u auto’s?", ""),
        ("de", "Es ist gut", "Es ist nicht gut", NEGATED),
        ("de", "eine Gebühr", "keine Gebühr", NEGATED),
        ("de", "zufrieden in den letzten zwei Jahren", "unzufrieden in den letzten 3 Jahren", f"{NEGATED}, {COUNTED}"),
        ("fr", "Le café est bon, 5 fois", "Le café n’est pas bon, 6 fois", COUNTED),
    ],
)  # fmt: skip
def test_why_two_texts_may_not_ask_the_same(language: str, old: str, new: str, reason: str) -> None:
    assert doubt(Text({language: old}), Text({language: new})) == reason
    assert doubt(Text({language: new}), Text({language: old})) == reason, "turned round, the same"
    assert doubt(Text({language: old}), Text({language: old})) == doubt(None, Text({language: new})) == ""


def test_one_language_is_enough() -> None:
    old, new = Text({"nl": "Is het goed?", "en": "Is it good?"}), Text({"nl": "Is het fijn?", "en": "Is it not good?"})
    assert doubt(old, new) == f"{NEGATED} (en)"


def of(*questions: dict[str, Any], yes: str = "yes", no: str = "no") -> Questionnaire:
    options = [{"code": "N", "text": {"en": no}}, {"code": "Y", "text": {"en": yes}}]
    scales = {"yesno": {"direction": "ascending", "options": options}}
    section = {"code": "s", "title": {"en": "S"}, "questions": questions}
    head: dict[str, Any] = {"questionnaire": "q", "version": "1", "title": {"en": "Q"}, "languages": ["en"]}
    return Questionnaire.model_validate({**head, "scales": scales, "sections": [section]})


def fee(words: str, help_text: str = "Roughly.", item: str = "to us", **more: str) -> Questionnaire:
    items = [{"code": "us", "text": {"en": item}}, {"code": "them", "text": {"en": "to them"}}]
    array = {
        "code": "fee",
        "kind": "array",
        "scale": "yesno",
        "text": {"en": words},
        "help": {"en": help_text},
        "items": items,
    }
    return of(array, **more)


@pytest.mark.parametrize(
    ("new", "filled"),
    [
        (fee("Did you pay?", item="to us all"), [True, True]),
        (fee("Did you pay something?"), [True, True]),
        (fee("Did you pay?", help_text="Not to the cent."), [True, True]),
        (fee("Did you not pay?"), [False, False]),
        (fee("Did you pay 2 times?"), [False, False]),
        (fee("Did you pay?", item="not to us"), [False, True]),
        (fee("Did you pay?", yes="yes, without doubt"), [False, False]),
    ],
)  # fmt: skip
def test_a_line_is_open_where_the_words_may_ask_something_else(new: Questionnaire, filled: list[bool]) -> None:
    steps = propose(fee("Did you pay?"), new).variables
    assert [bool(step.old) for step in steps] == filled
    for step in steps:
        reasons = NEGATED in step.note or COUNTED in step.note
        assert reasons != bool(step.old)
        assert step.note.startswith("label: ") or new.questions[0].items[0].text["en"] != "to us"


def test_of_other_words_those_that_may_ask_something_else_are_told_first() -> None:
    old = of(
        *(
            {"code": f"q{n}", "kind": "text", "text": {"en": f"{word} of the last five years"}}
            for n, word in enumerate(("Firms", "Growth"))
        )
    )
    new = of(
        {"code": "q0", "kind": "text", "text": {"en": "Companies of the last five years"}},
        {"code": "q1", "kind": "text", "text": {"en": "Growth of the last three years"}},
    )
    first, second = compare(old, new)
    assert (
        str(first)
        == "[label] question q1: “Growth of the last five years” → “Growth of the last three years”: other figures"
    )
    assert (second.kind, second.place, second.doubt) == ("label", "question q0", "")


def routed(when: str, **texts: str) -> Questionnaire:
    return of(
        {"code": "fee", "kind": "single", "scale": "yesno", "text": {"en": "Is there a fee?"}},
        {"code": "firms", "kind": "number", "text": {"en": "How many firms?"}},
        {"code": "payers", "kind": "number", "text": {"en": "How many pay?"}, "when": when},
        **texts,
    )


def test_a_condition_of_the_same_words_says_what_means_something_else() -> None:
    when = 'fee = "Y" and firms > 0'
    changes = [str(change) for change in compare(routed(when), routed(when, yes="no", no="yes"))]
    assert f"[routing-breaking] question payers: asked when {when}, and “Y” of fee means something else" in changes
    order = "other order from least to most: N “no”, Y “yes” → N “yes”, Y “no”"
    assert f"[scale-breaking] scale yesno of question fee: {order}" in changes


def test_a_condition_of_other_words_says_both() -> None:
    changes = [
        str(change) for change in compare(routed('fee = "Y"'), routed('fee = "Y" and firms > 0', yes="no", no="yes"))
    ]
    told = 'asked when fee = "Y" → when fee = "Y" and firms > 0; “Y” of fee means something else'
    assert f"[routing-breaking] question payers: {told}" in changes


def test_names_that_changed_places_are_another_question_in_a_condition() -> None:
    def asking(first: str, second: str) -> Questionnaire:
        numbers = (
            {"code": code, "kind": "number", "text": {"en": words}} for code, words in (("a", first), ("b", second))
        )
        return of(*numbers, {"code": "c", "kind": "text", "text": {"en": "Why?"}, "when": "a > 0"})

    told = [str(change) for change in compare(asking("How many firms?", "Staff?"), asking("Staff?", "How many firms?"))]
    assert "[routing-breaking] question c: asked when a > 0, and a is another question" in told
