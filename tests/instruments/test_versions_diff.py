"""The semantic diff: every listed difference of three versions is found, and nothing that is not listed is accused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from clustergov.instruments.check import read_questionnaire
from clustergov.instruments.questionnaire import Item, Option, Question, Questionnaire, Scale
from clustergov.instruments.versions.change import ORDER
from clustergov.instruments.versions.diff import compare
from clustergov.language import Text
from questionnaire_strategy import EXAMPLES, questionnaires, tries

DRAFTS = Path("tests", "instruments", "versions")
FILES = {
    "0.8": DRAFTS / "cluster-organisation-0.8.yml",
    "0.9": DRAFTS / "cluster-organisation-0.9.yml",
    "1.0": Path("instruments", "cluster-organisation.yml"),
}

TRIED = max(1, EXAMPLES // 6)
"""Random questionnaires per test: there are many tests here, and each changes one thing in one way."""
SB, RB = "scale-breaking", "routing-breaking"
Found = tuple[str, ...]
"""Kind and place, with “: ” between them."""

FIRST: dict[str, Found] = {
    "[language]         en": ("language: languages",),
    "[cosmetic]         country": ("cosmetic: question country",),
    "[cosmetic]         change": ("cosmetic: question change",),
    "[label]            title": ("label: title",),
    "[label]            scale change, code 3": (
        "label: scale change of question external", "label: scale change of question change",
    ),
    "[label]            external: ": ("label: question external", "cosmetic: question external"),
    "[label]            external_growth": ("label: item external_growth", "cosmetic: item external_growth"),
    "[scale-breaking]   scale priority": (
        f"{SB}: scale priority of question objective", f"{SB}: scale priority of question gap",
        "label: scale priority of question objective", "label: scale priority of question gap",
    ),
    "[scale-breaking]   scale strength": (f"{SB}: scale strength of question strength",),
    "[scale-breaking]   scale initiators": (f"{SB}: scale initiators of question initiation",),
    "[scale-breaking]   scale yesno": (f"{SB}: scale yesno of question member",),
    "[scale-breaking]   scale countries": (f"{SB}: scale countries of question country",),
    "[scale-breaking]   staff": (f"{SB}: question staff",),
    "[scale-breaking]   field": (f"{SB}: question field", "label: question field, help"),
    "[scale-breaking]   proximity": (f"{SB}: question proximity", "limits: question proximity"),
    "[scale-breaking]   experience": (
        f"{SB}: question experience", "label: question experience", "limits: question experience",
    ),
    "[scale-breaking]   funding": (
        f"{SB}: question funding", "limits: question funding", "label: question funding, help",
    ),
    "[scale-breaking]   internal_finance": (f"{SB}: item internal_finance", "cosmetic: item internal_finance"),
    "[presentation]     scale agreement": ("presentation: scale agreement of question internal",),
    "[presentation]     country": ("presentation: question country",),
    "[routing-breaking] proximity": (f"{RB}: question proximity",),
    "[routing-breaking] board": (
        f"{RB}: question board", "limits: question board", "label: question board, constraint message",
    ),
    "[routing-breaking] member": (f"{RB}: question member",),
    "[routing-breaking] strength": (f"{RB}: question strength",),
    "[routing-breaking] gap": (f"{RB}: question gap",),
    "[routing-breaking] experience": (f"{RB}: question experience",),
    "[routing-breaking] objective_purchas": (f"{RB}: item objective_purchas",),
    "[added]            legal": ("added: question legal",),
    "[added]            contact_clusters": ("added: item contact_clusters",),
    "[added]            funding_natpub": (
        "added: item funding_natpub", "added: item funding_regpub", "added: item funding_intpub",
    ),
    "[added]            construct interaction": ("added: construct interaction",),
    "[removed]          town": ("removed: question town",),
    "[removed]          external_jobs": ("removed: item external_jobs",),
    "[removed]          funding_public": ("removed: item funding_public",),
    "[renamed]          founded": ("renamed: question year",),
    "[moved]            section manager": ("moved: section manager",),
    "[moved]            experience": ("moved: question experience",),
    "[key]              performance_internal": ("key: construct performance_internal",),
    "[key]              performance_external": ("key: construct performance_external",),
    "[key]              performance: ": ("key: construct performance",),
}  # fmt: skip
"""The list at the head of draft 0.8, each with what the diff makes of it."""

SECOND: dict[str, Found] = {
    "[cosmetic]         welcome text": ("cosmetic: welcome text",),
    "[cosmetic]         initiation": ("cosmetic: question initiation",),
    "[label]            scale agreement": ("label: scale agreement of question internal",),
    "[label]            internal": ("label: question internal",),
    "[label]            contact_global": ("label: item contact_global",),
    "[label]            firms": ("label: question firms, help",),
    "[label]            section performance": ("label: section performance",),
    "[label]            closing text": ("label: closing text",),
    "[scale-breaking]   scale priority": (
        f"{SB}: scale priority of question objective", f"{SB}: scale priority of question gap",
    ),
    "[scale-breaking]   scale staffsize": (
        f"{SB}: scale staffsize of question staff", "cosmetic: scale staffsize",
    ),
    "[scale-breaking]   scale initiators": (f"{SB}: scale initiators of question initiation",),
    "[scale-breaking]   scale fields": (f"{SB}: scale fields of question field", "added: item field_other"),
    "[scale-breaking]   background": (
        f"{SB}: question background", "label: question background", "label: question background, help",
        "added: item background_priv", "added: item background_acad", "added: item background_publ",
        "added: item background_npo",
    ),
    "[presentation]     scale frequency": ("presentation: scale frequency of question contact",),
    "[presentation]     objective": ("presentation: question objective",),
    "[presentation]     internal": ("presentation: item internal_attract",),
    "[limits]           firms": ("limits: question firms",),
    "[limits]           year": ("limits: question year",),
    "[limits]           experience": ("limits: question experience",),
    "[routing-breaking] member": (f"{RB}: question member",),
    "[routing-breaking] board": (
        f"{RB}: question board", "limits: question board", "label: question board, constraint message",
    ),
    "[routing-breaking] strength": (f"{RB}: question strength",),
    "[routing-breaking] objective_purchas": (f"{RB}: item objective_purchas",),
    "[added]            website": ("added: question website",),
    "[added]            gap_global": ("added: item gap_global",),
    "[removed]          meetings": ("removed: question meetings",),
    "[removed]          objective_train": ("removed: item objective_train",),
    "[renamed]          participants": ("renamed: question firms",),
    "[renamed]          contact_capital": ("renamed: item contact_finance",),
    "[moved]            strength": ("moved: question strength",),
    "[moved]            remarks": ("moved: question remarks",),
    "[moved]            section performance": ("moved: section collaboration",),
    "[key]              performance: ": ("key: construct performance",),
    "[key]              performance_internal": ("key: construct performance_internal",),
}  # fmt: skip
"""The list at the head of draft 0.9."""


@pytest.fixture(scope="module")
def versions(root: Path) -> dict[str, Questionnaire]:
    return {name: read_questionnaire(root / file) for name, file in FILES.items()}


def listed(path: Path) -> list[str]:
    """The differences that a draft lists at its head: lines with a tag."""
    return [line[2:] for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("# [")]


def found(old: Questionnaire, new: Questionnaire) -> set[str]:
    return {f"{change.kind}: {change.place}" for change in compare(old, new)}


@pytest.mark.parametrize(
    ("step", "table"), [(("0.8", "0.9"), FIRST), (("0.9", "1.0"), SECOND)], ids=["first", "second"]
)
def test_what_is_found_is_what_is_listed(
    step: tuple[str, str], table: dict[str, Found], root: Path, versions: dict[str, Questionnaire]
) -> None:
    lines = listed(root / FILES[step[0]])
    for line in lines:
        assert sum(line.startswith(start) for start in table) == 1, line
    assert len(lines) == len(table)
    expected = {place for places in table.values() for place in places}
    assert found(versions[step[0]], versions[step[1]]) == expected


def test_a_listed_difference_is_told_with_the_kind_it_is_listed_under(versions: dict[str, Questionnaire]) -> None:
    for table in (FIRST, SECOND):
        for line, places in table.items():
            assert any(place.startswith(line[1 : line.index("]")]) for place in places), line


@pytest.mark.parametrize("version", list(FILES))
def test_a_version_does_not_differ_from_itself(version: str, versions: dict[str, Questionnaire]) -> None:
    assert compare(versions[version], versions[version]) == ()


def test_the_worst_is_told_first_and_always_in_the_same_order(versions: dict[str, Questionnaire]) -> None:
    changes = compare(versions["0.8"], versions["1.0"])
    order = [ORDER[change.kind] for change in changes]
    assert order == sorted(order)
    assert changes == compare(versions["0.8"], versions["1.0"])


@pytest.mark.parametrize("step", [("0.8", "0.9"), ("0.9", "1.0"), ("0.8", "1.0")])
def test_turned_round_what_was_added_is_removed(step: tuple[str, str], versions: dict[str, Questionnaire]) -> None:
    old, new = (versions[name] for name in step)
    there, back = found(old, new), found(new, old)
    for one, other in (("added: ", "removed: "), ("removed: ", "added: ")):
        assert {place.removeprefix(one) for place in there if place.startswith(one)} == {
            place.removeprefix(other) for place in back if place.startswith(other)
        }


# One change at a time, of a random questionnaire.


def with_questions(whole: Questionnaire, change: Callable[[Question], Question]) -> Questionnaire:
    sections = tuple(
        section.model_copy(update={"questions": tuple(change(question) for question in section.questions)})
        for section in whole.sections
    )
    return copied(whole, sections=sections)


def copied(whole: Questionnaire, **update: Any) -> Questionnaire:
    """A copy without what the original has already worked out of its parts."""
    return Questionnaire.model_validate(
        {**{name: getattr(whole, name) for name in Questionnaire.model_fields}, **update}
    )


def one_question(whole: Questionnaire, chosen: Question, **update: Any) -> Questionnaire:
    return with_questions(whole, lambda each: each.model_copy(update=update) if each.code == chosen.code else each)


def one_scale(whole: Questionnaire, name: str, *options: Option) -> Questionnaire:
    scale = whole.scales[name]
    scales = {**whole.scales, name: Scale(direction=scale.direction, options=options)}
    return copied(whole, scales=scales)


def kinds(old: Questionnaire, new: Questionnaire) -> set[str]:
    return {change.kind for change in compare(old, new)}


def told(text: Text) -> Text:
    return Text({language: f"{words} indeed" for language, words in text.items()})


@tries(TRIED)
@given(questionnaires())
def test_nothing_changed_is_nothing_told(whole: Questionnaire) -> None:
    assert compare(whole, Questionnaire.model_validate(whole.model_dump(by_alias=True))) == ()
    assert compare(whole, copied(whole, version="2")) == ()


@tries(TRIED)
@given(questionnaires(), st.data())
def test_other_words_are_a_change_of_label(whole: Questionnaire, data: st.DataObject) -> None:
    question = data.draw(st.sampled_from(whole.questions))
    changes = compare(whole, one_question(whole, question, text=told(question.text)))
    assert [(change.kind, change.place) for change in changes] == [("label", f"question {question.code}")]


@tries(TRIED)
@given(questionnaires(), st.data())
def test_another_full_stop_is_cosmetic(whole: Questionnaire, data: st.DataObject) -> None:
    question = data.draw(st.sampled_from(whole.questions))
    stopped = Text({language: f"{words}." for language, words in question.text.items()})
    changes = compare(whole, one_question(whole, question, text=stopped))
    assert [(change.kind, change.place) for change in changes] == [("cosmetic", f"question {question.code}")]


@tries(TRIED)
@given(questionnaires(), st.data())
def test_two_options_that_change_their_words_for_each_other_break_the_scale(
    whole: Questionnaire, data: st.DataObject
) -> None:
    assume(whole.scales)
    name = data.draw(st.sampled_from(sorted(whole.scales)))
    first, second, *rest = whole.scales[name].options
    assume(second.blank is None)
    plain = [[bare_of(option.text) for option in (first, second, *rest)]]
    assume(all(len(set(texts)) == len(texts) for texts in plain))
    swapped = (first.model_copy(update={"text": second.text}), second.model_copy(update={"text": first.text}), *rest)
    assert SB in kinds(whole, one_scale(whole, name, *swapped))


def bare_of(text: Text) -> str:
    return "".join(letter for letter in text.to("en").casefold() if letter.isalnum())


@tries(TRIED)
@given(questionnaires(), st.data())
def test_an_option_less_breaks_the_scale(whole: Questionnaire, data: st.DataObject) -> None:
    assume(whole.scales)
    name = data.draw(st.sampled_from(sorted(whole.scales)))
    options = whole.scales[name].options
    assume(sum(option.blank is None for option in options) > 1)
    less = one_scale(whole, name, *options[1:])
    assert SB in kinds(whole, less)
    assert SB in kinds(less, whole)


@tries(TRIED)
@given(questionnaires(), st.data())
def test_an_option_that_is_no_answer_any_more_breaks_the_scale(whole: Questionnaire, data: st.DataObject) -> None:
    assume(whole.scales)
    name = data.draw(st.sampled_from(sorted(whole.scales)))
    first, *rest = whole.scales[name].options
    assume(sum(option.blank is None for option in rest) > 0)
    assert SB in kinds(whole, one_scale(whole, name, first.model_copy(update={"blank": "not applicable"}), *rest))


@tries(TRIED)
@given(questionnaires(), st.data())
def test_a_condition_that_comes_or_goes_breaks_the_routing(whole: Questionnaire, data: st.DataObject) -> None:
    first, *others = whole.questions
    assume(others)
    variables = [variable for variable in whole.variables if variable.question.code == first.code]
    assume(variables)
    question = data.draw(st.sampled_from(others))
    own = f"answered({variables[0].name})"
    assume(question.when != own)
    other = one_question(whole, question, when=own)
    expected = {(RB, f"question {question.code}")}
    assert {(change.kind, change.place) for change in compare(whole, other)} <= expected
    if not question.when:
        assert kinds(whole, other) == kinds(other, whole) == {RB}


@tries(TRIED)
@given(questionnaires(), st.data())
def test_a_question_under_another_code_is_renamed_with_all_that_looks_at_it(
    whole: Questionnaire, data: st.DataObject
) -> None:
    question = data.draw(st.sampled_from(whole.questions))
    alike = [
        each for each in whole.questions if each.kind == question.kind and bare_of(each.text) == bare_of(question.text)
    ]
    assume(len(alike) == 1 and bare_of(question.text))
    other = renamed(whole, question.code, "fresh")
    assert [(change.kind, change.place) for change in compare(whole, other)] == [("renamed", "question fresh")]


def renamed(whole: Questionnaire, old: str, new: str) -> Questionnaire:
    """The questionnaire with a question's code replaced wherever it stands."""
    import re

    name = re.compile(rf"\b{old}(?=\b|_)")

    def change(question: Question) -> Question:
        items = tuple(item.model_copy(update={"when": name.sub(new, item.when)}) for item in question.items)
        update = {"when": name.sub(new, question.when), "items": items}
        return question.model_copy(update={**update, **({"code": new} if question.code == old else {})})

    constructs = tuple(
        each.model_copy(update={"items": tuple(name.sub(new, item) for item in each.items)})
        for each in whole.constructs
    )
    return copied(with_questions(whole, change), constructs=constructs)


@tries(TRIED)
@given(questionnaires(), st.data())
def test_a_question_less_is_removed_and_one_more_is_added(whole: Questionnaire, data: st.DataObject) -> None:
    question = data.draw(st.sampled_from(whole.questions))
    sections = tuple(
        section.model_copy(update={"questions": tuple(each for each in section.questions if each != question)})
        for section in whole.sections
    )
    less = copied(whole, sections=sections)
    assert ("removed", f"question {question.code}") in {(each.kind, each.place) for each in compare(whole, less)}
    assert ("added", f"question {question.code}") in {(each.kind, each.place) for each in compare(less, whole)}


CHANGES: dict[str, tuple[str, Callable[[Question], dict[str, Any]]]] = {
    "required": ("presentation", lambda q: {"required": not q.required}),
    "random order": ("presentation", lambda q: {"random_order": not q.random_order}),
    "mark": ("cosmetic", lambda q: {"mark": "U"}),
    "source": ("cosmetic", lambda q: {"source": "elsewhere"}),
    "relevance": (RB, lambda q: {"relevance": "something foreign"}),
    "other": ("added", lambda q: {"other": True}),
    "help": ("label", lambda q: {"help": None if q.help else q.text}),
    "unit": ("label", lambda q: {"unit": None if q.unit else q.text}),
    "minimum": ("limits", lambda q: {"minimum": -7.0}),
    "maximum": ("limits", lambda q: {"maximum": 7.0}),
    "integer": ("limits", lambda q: {"integer": not q.integer}),
    "constraint": ("limits", lambda q: {"constraint": "1 > 2"}),
    "constraint message": ("label", lambda q: {"constraint_message": q.text}),
    "translation": ("language", lambda q: {"text": Text(dict(list(q.text.items())[:1]))}),
    "item's translation": (
        "language", lambda q: {"items": tuple(i.model_copy(update={"text": Text(dict(list(i.text.items())[:1]))}) for i in q.items)},
    ),
    "item's source": ("cosmetic", lambda q: {"items": tuple(i.model_copy(update={"source": "x"}) for i in q.items)}),
    "an item less": ("removed", lambda q: {"items": q.items[1:]}),
    "an item more": (
        "added", lambda q: {"items": (*q.items, Item(code="fresh", text=Text(dict.fromkeys(q.text, "fresh")))) if q.items else ()},
    ),
    "an item's words": ("label", lambda q: {"items": tuple(i.model_copy(update={"text": told(i.text)}) for i in q.items)}),
    "items turned round": ("presentation", lambda q: {"items": q.items[::-1]}),
}  # fmt: skip
"""One part of a question, the kind of change that it is, and how it is made."""


@tries(TRIED)
@given(questionnaires(), st.data())
def test_a_change_of_any_part_of_a_question_is_told(whole: Questionnaire, data: st.DataObject) -> None:
    question = data.draw(st.sampled_from(whole.questions))
    for part, (kind, change) in CHANGES.items():
        other = one_question(whole, question, **change(question))
        if other != whole:
            assert kinds(whole, other) & ({kind, SB} if part == "unit" else {kind}), part


def test_there_is_a_question_for_every_part_that_can_change(versions: dict[str, Questionnaire]) -> None:
    whole = versions["1.0"]
    for part, (kind, change) in CHANGES.items():
        changed = [one_question(whole, question, **change(question)) for question in whole.questions]
        other = next(each for each in changed if each != whole)
        assert kinds(whole, other) & ({kind, SB} if part == "unit" else {kind}), part


def test_conditions_that_hold_for_the_same_answers_are_no_change_of_routing(versions: dict[str, Questionnaire]) -> None:
    whole = versions["1.0"]
    board = next(question for question in whole.questions if question.code == "board")
    for same in ('legal != "N"', 'not (legal = "N" or not answered(legal))', 'legal = "Y" and answered(legal)'):
        assert compare(whole, one_question(whole, board, when=same)) == (), same
    for other in ('not legal = "N"', 'legal = "N"', 'legal = "Y" and firms > 0', "answered(legal)"):
        assert kinds(whole, one_question(whole, board, when=other)) == {RB}, other


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ("Up to 1.5 years", "Up to 15 years", "label"),
        ("Less: < 5", "Less: > 5", "label"),
        ("-5", "5", "label"),
        ("5 %", "5", "label"),
        ("€ 5", "$ 5", "label"),
        ("Is it a firm ?", "Is it a firm?", "cosmetic"),
        ("2012-2013", "2012–2013", "cosmetic"),
        ("A co-operative", "A cooperative", "cosmetic"),
    ],
)  # fmt: skip
def test_signs_that_mean_something_are_no_punctuation(
    old: str, new: str, kind: str, versions: dict[str, Questionnaire]
) -> None:
    whole = versions["1.0"]
    texts = [copied(whole, title=Text({"nl": words, "en": words})) for words in (old, new)]
    assert kinds(*texts) == {kind}
