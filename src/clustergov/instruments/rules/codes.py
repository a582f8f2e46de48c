"""Rules for codes: a form that survey software accepts, no code twice, no name that means something else."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from clustergov.instruments.questionnaire import Question, Questionnaire, Scale
from clustergov.instruments.routing import KEYWORDS
from clustergov.problems import Problem
from clustergov.yaml_file import Place, Positions

Fold = Callable[[str], str]

QUESTION_CODE = re.compile(r"[A-Za-z][A-Za-z0-9]{0,19}")
ITEM_CODE = re.compile(r"[A-Za-z0-9]{1,20}")
ANSWER_CODE = re.compile(r"[A-Za-z0-9]{1,5}")
CONSTRUCT_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_]*")

RESERVED = {"LANG", "SID", "SAVEDID", "TOKEN", "QID", "GID", "SGQ", "self", "that", "this"}
"""Question codes that LimeSurvey refuses."""


def code_problems(questionnaire: Questionnaire, positions: Positions) -> Iterator[Problem]:
    """Every code of the wrong form, reserved, or given twice."""
    # A survey in the field may have had codes that differ in case alone; our own questionnaires may not.
    fold: Fold = str if questionnaire.imported_from else str.casefold
    for name, scale in questionnaire.scales.items():
        yield from _of_scale(name, scale, positions, fold)
    sections: list[tuple[Place, str]] = [
        (("sections", i, "code"), section.code) for i, section in enumerate(questionnaire.sections)
    ]
    yield from _repeated(sections, "section", positions, fold)
    for place, code in sections:
        if not QUESTION_CODE.fullmatch(code):
            yield _form(place, "section", code, positions)
    questions = list(places(questionnaire))
    yield from _repeated(
        [((*place, "code"), question.code) for place, question in questions], "question", positions, fold
    )
    for place, question in questions:
        yield from _of_question(place, question, positions, fold)
    yield from _of_constructs(questionnaire, positions)
    yield from _variables_twice(questionnaire, positions, fold)


def places(questionnaire: Questionnaire) -> Iterator[tuple[Place, Question]]:
    """Each question with its place in the file."""
    for i, section in enumerate(questionnaire.sections):
        for j, question in enumerate(section.questions):
            yield ("sections", i, "questions", j), question


def _of_scale(name: str, scale: Scale, positions: Positions, fold: Fold) -> Iterator[Problem]:
    codes = [(("scales", name, "options", i, "code"), option.code) for i, option in enumerate(scale.options)]
    yield from _repeated(codes, "answer", positions, fold)
    for place, code in codes:
        if not ANSWER_CODE.fullmatch(code):
            fix = "Use one to five letters and digits."
            yield positions.problem(place, "answer-code", f"“{code}” is no answer code.", fix)


def _of_question(place: Place, question: Question, positions: Positions, fold: Fold) -> Iterator[Problem]:
    own = (*place, "code")
    if not QUESTION_CODE.fullmatch(question.code):
        yield _form(own, "question", question.code, positions)
    if question.code in RESERVED | KEYWORDS:
        message = f"“{question.code}” has a meaning of its own in routing or in survey software."
        yield positions.problem(own, "reserved-code", message, "Choose another code.")
    codes = [((*place, "items", k, "code"), item.code) for k, item in enumerate(question.items)]
    yield from _repeated(codes, "item", positions, fold)
    for where, code in codes:
        if not ITEM_CODE.fullmatch(code):
            message = f"“{code}” is no item code."
            yield positions.problem(where, "item-code", message, "Use one to twenty letters and digits.")
        if code == "time" or (code == "other" and question.other):
            yield positions.problem(where, "reserved-code", f"an item cannot be called “{code}” here.", "Rename it.")
        if question.comment and question.kind == "multiple" and code.casefold().endswith("comment"):
            message = f"LimeSurvey takes “{code}” for the remark beside another item."
            yield positions.problem(where, "reserved-code", message, "Let it end differently.")


def _form(place: Place, what: str, code: str, positions: Positions) -> Problem:
    message = f"“{code}” is no {what} code."
    return positions.problem(
        place, f"{what}-code", message, "Use a letter, then letters and digits, at most 20 in all."
    )


def _repeated(
    codes: Iterable[tuple[Place, str]], what: str, positions: Positions, fold: Fold = str.casefold
) -> Iterator[Problem]:
    """Codes given twice after folding, by default upper and lower case into one."""
    first: dict[str, tuple[Place, str]] = {}
    for place, code in codes:
        earlier, spelt = first.setdefault(fold(code), (place, code))
        if earlier != place:
            message = f"the {what} code “{code}” stands twice: “{spelt}” is on line {positions.of(earlier)[0]}."
            yield positions.problem(place, f"duplicate-{what}-code", message, "Rename one.")


def _of_constructs(questionnaire: Questionnaire, positions: Positions) -> Iterator[Problem]:
    codes = [(("constructs", i, "code"), construct.code) for i, construct in enumerate(questionnaire.constructs)]
    yield from _repeated(codes, "construct", positions)
    variables = {name.casefold() for name in questionnaire.by_name}
    for place, code in codes:
        if not CONSTRUCT_CODE.fullmatch(code):
            fix = "Use a letter, then letters, digits and _."
            yield positions.problem(place, "construct-code", f"“{code}” is no code of a construct.", fix)
        if code.casefold() in variables:
            message = f"the construct “{code}” has the name of a variable."
            yield positions.problem(place, "duplicate-variable", message, "Rename it.")


def _variables_twice(questionnaire: Questionnaire, positions: Positions, fold: Fold) -> Iterator[Problem]:
    """Two different codes that lead to one name, such as an item “other” beside a free answer “other”."""
    first: dict[str, tuple[str, str]] = {}
    place_of = {id(question): place for place, question in places(questionnaire)}
    for variable in questionnaire.variables:
        item = variable.item.code if variable.item else ""
        codes = (fold(variable.question.code), fold(item))
        # One code given twice is told by its own rule.
        if first.setdefault(fold(variable.name), codes) != codes:
            message = f"two answers would both be called “{variable.name}”."
            fix = "Rename the item, or drop the free answer."
            yield positions.problem(place_of[id(variable.question)], "duplicate-variable", message, fix)
