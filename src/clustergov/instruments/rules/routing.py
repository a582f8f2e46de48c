"""Rules for routing: a condition parses, looks back at earlier answers only, and compares them with what they can be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from clustergov.instruments.arithmetic import Count, Number, variables_of
from clustergov.instruments.condition import Comparison, Condition, Leaf, Relation
from clustergov.instruments.questionnaire import Questionnaire, Variable
from clustergov.instruments.routing import parse
from clustergov.instruments.rules.codes import places
from clustergov.problems import InputError, Problem
from clustergov.yaml_file import Place, Positions

ORDERING = {"<", "<=", ">", ">="}


@dataclass(frozen=True, slots=True)
class Site:
    """A place at which a condition is written; `before` is the number of questions whose answers it may look at."""

    place: Place
    text: str
    before: int


def sites(questionnaire: Questionnaire) -> Iterator[Site]:
    """Every condition of a questionnaire: of questions, of items, and the constraints among answers."""
    for index, (place, question) in enumerate(places(questionnaire)):
        if question.when:
            yield Site((*place, "when"), question.when, index)
        for k, item in enumerate(question.items):
            if item.when:
                yield Site((*place, "items", k, "when"), item.when, index)
        if question.constraint:
            yield Site((*place, "constraint"), question.constraint, index + 1)


def routing_problems(questionnaire: Questionnaire, positions: Positions) -> Iterator[Problem]:
    """Every mistake in the conditions of a questionnaire, each on its own."""
    order = {question.code: index for index, question in enumerate(questionnaire.questions)}
    for site in sites(questionnaire):
        try:
            condition = parse(site.text)
        except InputError as error:
            yield from (positions.problem(site.place, each.rule, each.message, each.fix) for each in error.problems)
            continue
        for name in condition.variables:
            variable = questionnaire.by_name.get(name)
            if variable is None:
                yield _unknown(name, site, questionnaire, positions)
            elif order[variable.question.code] >= site.before:
                message = f"“{name}” is asked at the same time or later, so it is still open when this is decided."
                fix = "Look at an earlier question, or move one of the two."
                yield positions.problem(site.place, "routing-forward", message, fix)
        yield from _leaf_problems(condition, site.place, questionnaire, positions)


def _leaf_problems(
    condition: Condition, where: Place, questionnaire: Questionnaire, positions: Positions
) -> Iterator[Problem]:
    for leaf in condition.leaves:
        if not questionnaire.by_name.keys() >= set(leaf.variables):
            continue
        if isinstance(leaf, Relation):
            yield from number_problems(leaf.left, where, questionnaire, positions)
            yield from number_problems(leaf.right, where, questionnaire, positions)
        else:
            yield from _value_problems(leaf, questionnaire.by_name[leaf.variable], where, positions)


def number_problems(
    number: Number, where: Place, questionnaire: Questionnaire, positions: Positions
) -> Iterator[Problem]:
    """Variables of a computed number that hold no numbers; of unknown ones nothing is said here."""
    if isinstance(number, Count):
        return
    for name in dict.fromkeys(variables_of(number)):
        variable = questionnaire.by_name.get(name)
        if variable is not None and not _holds_numbers(variable):
            message = f"the answers of “{name}” are no numbers, so nothing can be computed with them."
            fix = f'Compare it with a code: {name} = "…", or count it: count("…", {name}).'
            yield positions.problem(where, "routing-no-number", message, fix)


def _holds_numbers(variable: Variable) -> bool:
    if variable.kind == "choice" and variable.scale is not None:
        return variable.scale.ordered and _numeric(variable.scale.codes)
    return variable.kind == "number"


def _unknown(name: str, site: Site, questionnaire: Questionnaire, positions: Positions) -> Problem:
    parts = [variable.name for variable in questionnaire.of(name)]
    known = f"; its answers are {', '.join(parts)}" if parts else ""
    coded = any(name in scale.codes for scale in questionnaire.scales.values())
    fix = f'Write "{name}" if it is a code.' if coded else "Correct its name: `code` or `code_item`."
    return positions.problem(site.place, "routing-unknown-variable", f"there is no variable “{name}”{known}.",
                             "Name one of them." if parts else fix)  # fmt: skip


def _value_problems(leaf: Leaf, variable: Variable, where: Place, positions: Positions) -> Iterator[Problem]:
    if not isinstance(leaf, Comparison):
        return
    if variable.kind == "number":
        for value in leaf.values:
            if isinstance(value, str):
                message = f"“{variable.name}” is a number and is compared with the code “{value}”."
                yield positions.problem(where, "routing-code-for-number", message, "Leave the quotation marks out.")
    elif variable.scale is not None:
        if leaf.operator in ORDERING and (not variable.scale.ordered or not _numeric(variable.scale.codes)):
            message = (
                f"the answers of “{variable.name}” are not numbers with an order, so {leaf.operator} means nothing."
            )
            yield positions.problem(where, "routing-no-order", message, 'List the codes: in ["…", "…"].')
        elif leaf.operator not in ORDERING:
            yield from _code_problems(leaf, variable, where, positions)


def _code_problems(leaf: Comparison, variable: Variable, where: Place, positions: Positions) -> Iterator[Problem]:
    scale = variable.scale
    codes = scale.codes if scale else ()
    for value in leaf.values:
        code = value if isinstance(value, str) else f"{value:g}"
        if code in codes:
            continue
        if scale and any(option.code == code for option in scale.options):
            message = f"“{code}” of “{variable.name}” is no substantive answer, and a comparison with a blank is false."
            yield positions.problem(where, "routing-blank-code", message, f"Use: not answered({variable.name}).")
        else:
            message = f"“{variable.name}” has no answer “{code}” (it has: {', '.join(codes)})."
            yield positions.problem(where, "routing-unknown-code", message, "Correct the code.")


def _numeric(codes: tuple[str, ...]) -> bool:
    return all(code.isascii() and code.isdigit() for code in codes)
