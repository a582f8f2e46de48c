"""Rules for constructs: their items exist, can be averaged together, and enough of them are asked for."""

from __future__ import annotations

from collections.abc import Iterator

from clustergov.instruments.questionnaire import Construct, Questionnaire, Variable
from clustergov.problems import Problem
from clustergov.yaml_file import Place, Positions


def construct_problems(questionnaire: Questionnaire, positions: Positions) -> Iterator[Problem]:
    """Every mistake in the scoring keys."""
    for i, construct in enumerate(questionnaire.constructs):
        place: Place = ("constructs", i)
        yield from _name_problems(place, construct, questionnaire, positions)
        yield from _range_problems(place, construct, questionnaire, positions)
        yield from _direction_problems(place, construct, questionnaire, positions)
        if not 1 <= construct.minimum_valid <= max(1, len(construct.items)):
            message = f"expected a number from 1 to {len(construct.items)}, the number of items, found "
            yield positions.problem(
                (*place, "minimum valid"), "minimum-valid", f"{message}{construct.minimum_valid}.", "Correct it."
            )


def item_range(variable: Variable) -> tuple[float, float] | None:
    """Lowest and highest value that an item's number can take; None when it has no numbers or no limits."""
    if variable.kind == "tick":
        return 0.0, 1.0
    if variable.kind == "choice" and variable.scale is not None and variable.scale.ordered:
        return 1.0, float(len(variable.scale.codes))
    question = variable.question
    if variable.kind == "number" and question.minimum is not None and question.maximum is not None:
        return question.minimum, question.maximum
    return None


def _name_problems(
    place: Place, construct: Construct, questionnaire: Questionnaire, positions: Positions
) -> Iterator[Problem]:
    if not construct.items:
        message = f"the construct “{construct.code}” has no items."
        yield positions.problem((*place, "items"), "missing-items", message, "Name its variables.")
    for k, name in enumerate(construct.items):
        if name not in questionnaire.by_name:
            message = f"there is no variable “{name}”."
            fix = "Correct its name: `code` or `code_item`."
            yield positions.problem((*place, "items", k), "unknown-variable", message, fix)
        if name in construct.items[:k]:
            message = f"the item “{name}” stands twice and would count twice."
            yield positions.problem((*place, "items", k), "duplicate-item", message, "Remove one.")
    for k, name in enumerate(construct.reversed):
        if name not in construct.items:
            message = f"“{name}” is to be reversed and is not an item of “{construct.code}”."
            yield positions.problem((*place, "reversed", k), "reversed-not-item", message, "Add it to the items.")


def _range_problems(
    place: Place, construct: Construct, questionnaire: Questionnaire, positions: Positions
) -> Iterator[Problem]:
    first: tuple[str, tuple[float, float]] | None = None
    for k, name in enumerate(construct.items):
        variable = questionnaire.by_name.get(name)
        if variable is None or (variable.kind == "choice" and variable.scale is None):
            continue
        limits = item_range(variable)
        if limits is None:
            message = f"“{name}” has no numbers within limits: it is no tick, no ordered choice and no limited number."
            yield positions.problem((*place, "items", k), "item-without-range", message, "Leave it out.")
        elif first is None:
            first = (name, limits)
        elif limits != first[1]:
            message = (
                f"“{name}” runs from {limits[0]:g} to {limits[1]:g} and “{first[0]}” from {first[1][0]:g} to"
                f" {first[1][1]:g}; their mean has no meaning."
            )
            fix = "Use items whose scales have the same length."
            yield positions.problem((*place, "items", k), "mixed-scales", message, fix)


def _direction_problems(
    place: Place, construct: Construct, questionnaire: Questionnaire, positions: Positions
) -> Iterator[Problem]:
    """Items shown from most to least among items shown from least to most: told, as it is often a slip."""
    first: tuple[str, str] | None = None
    for k, name in enumerate(construct.items):
        variable = questionnaire.by_name.get(name)
        if variable is None or variable.kind != "choice" or variable.scale is None or not variable.scale.ordered:
            continue
        direction = variable.scale.direction
        if first is None:
            first = (name, direction)
        elif direction != first[1] and (name in construct.reversed) == (first[0] in construct.reversed):
            message = f"the scale of “{name}” is {direction} and that of “{first[0]}” is {first[1]}."
            fix = "Scores turn descending scales by themselves; correct a direction that is a slip, or list a reversed item."
            yield positions.problem((*place, "items", k), "mixed-directions", message, fix, severity="warning")
