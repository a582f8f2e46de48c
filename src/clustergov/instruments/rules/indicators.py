"""Rules for indicators: a dimension that is there, and a formula that can be computed from the answers."""

from __future__ import annotations

from collections.abc import Iterator

from clustergov.instruments.arithmetic import variables_of
from clustergov.instruments.questionnaire import Questionnaire
from clustergov.instruments.routing import parse_number
from clustergov.instruments.rules.codes import CONSTRUCT_CODE
from clustergov.instruments.rules.routing import number_problems
from clustergov.problems import InputError, Problem
from clustergov.yaml_file import Place, Positions


def indicator_problems(questionnaire: Questionnaire, positions: Positions) -> Iterator[Problem]:
    """Every mistake in the indicators and their dimensions."""
    seen: set[str] = set()
    for i, indicator in enumerate(questionnaire.indicators):
        place: Place = ("indicators", i)
        if indicator.code.casefold() in seen:
            message = f"the indicator “{indicator.code}” stands twice."
            yield positions.problem((*place, "code"), "duplicate-indicator", message, "Rename one.")
        seen.add(indicator.code.casefold())
        if not CONSTRUCT_CODE.fullmatch(indicator.code):
            fix = "Use a letter, then letters, digits and _."
            message = f"“{indicator.code}” is no code of an indicator."
            yield positions.problem((*place, "code"), "indicator-code", message, fix)
        if indicator.dimension not in questionnaire.dimensions:
            known = ", ".join(questionnaire.dimensions) or "none"
            message = f"there is no dimension “{indicator.dimension}” (there are: {known})."
            fix = "Correct its name, or add it under `dimensions`."
            yield positions.problem((*place, "dimension"), "unknown-dimension", message, fix)
        yield from _formula_problems((*place, "formula"), indicator.formula, questionnaire, positions)
    used = {indicator.dimension for indicator in questionnaire.indicators}
    for name in questionnaire.dimensions:
        if name not in used:
            message = f"no indicator belongs to the dimension “{name}”."
            yield positions.problem(("dimensions", name), "unused-dimension", message, "Remove it.", severity="warning")


def _formula_problems(
    where: Place, formula: str, questionnaire: Questionnaire, positions: Positions
) -> Iterator[Problem]:
    try:
        number = parse_number(formula)
    except InputError as error:
        yield from (positions.problem(where, each.rule, each.message, each.fix) for each in error.problems)
        return
    names = tuple(dict.fromkeys(variables_of(number)))
    if not names:
        message = "the formula looks at no answer."
        yield positions.problem(where, "formula-without-variable", message, "Name a variable.")
    for name in names:
        if name not in questionnaire.by_name:
            message = f"there is no variable “{name}”."
            fix = "Correct its name: `code` or `code_item`."
            yield positions.problem(where, "unknown-variable", message, fix)
    yield from number_problems(number, where, questionnaire, positions)
