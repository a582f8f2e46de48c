"""Rules for what can be answered: scales, items and limits fit the kind of question."""

from __future__ import annotations

from collections.abc import Iterator

from clustergov.instruments.questionnaire import Question, Questionnaire
from clustergov.instruments.rules.codes import places
from clustergov.problems import Problem
from clustergov.yaml_file import Place, Positions

WITH_SCALE = {"single", "array", "ranking"}
WITH_ITEMS = {"multiple", "array", "ranking", "numbers", "texts"}
WITH_LIMITS = {"number", "numbers"}
WITH_OTHER = {"single", "multiple"}
OTHER_CODES = {"other", "oth", "-oth-"}
"""Codes of the option beside which a single choice has its free answer; the last is LimeSurvey's own."""


def answer_problems(questionnaire: Questionnaire, positions: Positions) -> Iterator[Problem]:
    """Scales that are unknown, missing, empty, unused or out of place; items and limits likewise."""
    for place, question in places(questionnaire):
        yield from _scale_problems(place, question, questionnaire, positions)
        yield from _item_problems(place, question, positions)
        yield from _limit_problems(place, question, positions)
        if question.other and question.kind not in WITH_OTHER:
            message = f"a free “other” answer does not exist for the kind {question.kind}."
            yield positions.problem((*place, "other"), "other-not-allowed", message, "Remove it, or add an item.")
        yield from _other_without_code(place, question, questionnaire, positions)
        yield from _odd_keys(place, question, positions)
    yield from _whole_scales(questionnaire, positions)


def _scale_problems(
    place: Place, question: Question, questionnaire: Questionnaire, positions: Positions
) -> Iterator[Problem]:
    wanted = {(*place, "scale"): question.scale}
    wanted |= {(*place, "items", k, "scale"): item.scale for k, item in enumerate(question.items)}
    for where, scale in wanted.items():
        if not scale:
            continue
        if question.kind not in WITH_SCALE:
            message = f"a question of the kind {question.kind} has no scale."
            yield positions.problem(where, "scale-not-allowed", message, "Remove it, or change the kind.")
        elif scale not in questionnaire.scales:
            known = ", ".join(questionnaire.scales) or "none"
            message = f"there is no scale “{scale}” (there are: {known})."
            yield positions.problem(where, "unknown-scale", message, "Correct its name, or add it under `scales`.")
    every_item_has_one = bool(question.items) and all(item.scale for item in question.items)
    if question.kind in WITH_SCALE and not question.scale and not every_item_has_one:
        message = f"the question “{question.code}” of the kind {question.kind} has no scale."
        yield positions.problem(place, "missing-scale", message, "Add scale: with the name of one of `scales`.")


def _other_without_code(
    place: Place, question: Question, questionnaire: Questionnaire, positions: Positions
) -> Iterator[Problem]:
    scale = questionnaire.scales.get(question.scale)
    if question.kind != "single" or not question.other or scale is None:
        return
    found = [code for code in scale.codes if code.casefold() in OTHER_CODES]
    if len(found) > 1:
        message = f"a free “other” answer is offered and {len(found)} options are for it: {', '.join(found)}."
        yield positions.problem((*place, "other"), "other-twice", message, "Keep one of these options.")
    if not found:
        message = f"a free “other” answer is offered and the scale “{question.scale}” has no option for it."
        fix = "Add an option with the code: other."
        yield positions.problem((*place, "other"), "other-without-option", message, fix)


def _item_problems(place: Place, question: Question, positions: Positions) -> Iterator[Problem]:
    if question.kind in WITH_ITEMS and not question.items:
        message = f"the question “{question.code}” of the kind {question.kind} has no items."
        yield positions.problem(place, "missing-items", message, "Add items: with a code and a text each.")
    if question.kind not in WITH_ITEMS and question.items:
        message = f"a question of the kind {question.kind} has no items."
        yield positions.problem((*place, "items"), "items-not-allowed", message, "Remove them, or change the kind.")


def _odd_keys(place: Place, question: Question, positions: Positions) -> Iterator[Problem]:
    """Keys that mean nothing for the kind of question."""
    if question.required and question.kind == "note":
        message = "a note has no answer, so it cannot be required."
        yield positions.problem((*place, "required"), "required-note", message, "Remove it, or change the kind.")
    if question.random_order and question.kind not in WITH_ITEMS | {"single"}:
        message = f"a question of the kind {question.kind} has nothing to put in an order of chance."
        yield positions.problem((*place, "random order"), "random-order-not-allowed", message, "Remove it.")
    for k, item in enumerate(question.items):
        if item.when and question.kind == "ranking":
            message = "a place in a ranking has no condition of its own."
            where = (*place, "items", k, "when")
            yield positions.problem(where, "item-condition-not-allowed", message, "Put it on the question.")


def _limit_problems(place: Place, question: Question, positions: Positions) -> Iterator[Problem]:
    if question.kind not in WITH_LIMITS:
        limits: dict[str, float | None] = {
            "minimum": question.minimum,
            "maximum": question.maximum,
            "total": question.total,
        }
        limits["integer"] = question.integer or None
        for key in (key for key, value in limits.items() if value is not None):
            message = f"a question of the kind {question.kind} has no {key}."
            yield positions.problem((*place, key), "limit-not-allowed", message, "Remove it, or change the kind.")
        return
    low, high = question.minimum, question.maximum
    if low is not None and high is not None and low > high:
        message = f"the minimum {low:g} is larger than the maximum {high:g}."
        yield positions.problem((*place, "minimum"), "minimum-above-maximum", message, "Correct one of them.")
    if question.total is not None and question.kind == "number":
        message = "one number has no total."
        yield positions.problem((*place, "total"), "limit-not-allowed", message, "Use the kind numbers.")


def _whole_scales(questionnaire: Questionnaire, positions: Positions) -> Iterator[Problem]:
    used = {question.scale for question in questionnaire.questions}
    used |= {item.scale for question in questionnaire.questions for item in question.items}
    for name, scale in questionnaire.scales.items():
        if not scale.codes:
            message = f"the scale “{name}” has no substantive option."
            yield positions.problem(("scales", name), "empty-scale", message, "Add options.")
        elif scale.ordered and len(scale.codes) < 2:
            message = f"the scale “{name}” is ordered and has one substantive option."
            fix = "Add options, or write direction: none."
            yield positions.problem(("scales", name, "direction"), "direction-of-one", message, fix)
        if name not in used:
            message = f"no question uses the scale “{name}”."
            yield positions.problem(("scales", name), "unused-scale", message, "Remove it.", severity="warning")
